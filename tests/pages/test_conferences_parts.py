"""What holds a conference up: too few agencies, a child not heard, an answer that is missing."""

import re

from pages.conferencing import (
    QUORATE,
    answers,
    begun,
    changed,
    drafts_of,
    filled,
    finished,
    held_on,
    last_numbers,
    name_of,
    newest,
    part_at,
    planned,
    written,
)
from pages.serving import Demo
from partnership import CHAIR, SIBLINGS
from plantrack.domain.events import DecisionMade


def test_a_conference_without_a_quorum_is_not_finished(demo: Demo) -> None:
    there = sorted(QUORATE - {"health-visiting", "police"})
    address = written(demo, there=there)
    before = last_numbers(demo)

    parts = demo.as_(CHAIR).get(address).text
    finished(demo.as_(CHAIR), address)

    assert "You cannot finish yet: only 2 agencies are recorded as present." in parts
    assert "children&#39;s social care and at least 2 others" in parts
    assert "Check and finish" not in parts
    assert last_numbers(demo) == before


def test_the_quorum_is_met_by_one_agency_more(demo: Demo) -> None:
    address = written(demo, there=("csc", "school", "police"))

    parts = demo.as_(CHAIR).get(address).text

    assert "You cannot finish yet" not in parts
    assert "Check and finish" in parts


def test_a_quorum_is_counted_for_each_child(demo: Demo) -> None:
    address = written(demo, there=("csc", "school", "health-visiting"))

    parts = demo.as_(CHAIR).get(address).text

    assert "You cannot finish yet for Perrin and Lottie: only 2 agencies" in parts


def test_a_conference_goes_ahead_without_a_quorum_for_a_reason_on_the_record(demo: Demo) -> None:
    address = written(demo, there=("csc", "school", "health-visiting"))
    client = demo.as_(CHAIR)

    blank = client.post(part_at(address, "quorum"), data={"then": "continue"})
    sent = {"went_ahead_because": "the police were called away", "then": "continue", "version": "1"}
    client.post(part_at(address, "quorum"), data=sent)
    finished(client, address)

    assert blank.status_code == 422
    assert held_on(demo, "CP-101").went_ahead_because == "the police were called away"
    assert held_on(demo, "CP-103").went_ahead_because is None


def test_a_decision_waits_until_the_child_was_heard(demo: Demo) -> None:
    address = begun(demo, planned(demo))
    client, typed = demo.as_(CHAIR), answers(demo)
    filled(demo, address, {k: v for k, v in typed.items() if k.startswith("CP-102/")})
    filled(demo, address, {"CP-101/others": typed["CP-101/others"]})
    filled(demo, address, {"CP-101/said": typed["CP-101/said"]})

    waits = client.get(address).text
    away = client.get(part_at(address, "CP-101/decision"))
    filled(demo, address, {"CP-101/seen": typed["CP-101/seen"]})
    opened = client.get(part_at(address, "CP-101/decision"))

    assert "Still missing: when Perrin was seen." in waits
    assert "Still missing: what Lottie said" not in waits
    assert away.url.path.endswith("/CP-101/anyway")
    assert opened.url.path.endswith("/CP-101/decision")


def test_a_decision_waits_for_somebody_other_than_a_parent(demo: Demo) -> None:
    address = begun(demo, planned(demo))
    typed = answers(demo)
    nobody = {"wider_family": "no", "wider_family_why": "there is nobody"}
    filled(demo, address, {f"CP-101/{part}": typed[f"CP-101/{part}"] for part in ("said", "seen")})
    filled(demo, address, {"CP-101/others": typed["CP-101/others"] | nobody})

    alone = demo.as_(CHAIR).get(address).text
    filled(demo, address, {"reports": {"report-school": "on_the_day"}})
    saved = drafts_of(demo).parts(name_of(address))["reports"]
    drafts_of(demo).save(
        name_of(address),
        "reports",
        {"report-school": ["on_the_day"], "report-school-about-b": ["CP-101"]},
        version=saved.version,
        pen="",
        done=True,
    )
    reported = demo.as_(CHAIR).get(address).text

    assert "Still missing: somebody other than a parent" in alone
    assert f"{address}/plans/CP-101/decision" not in alone
    assert f"{address}/plans/CP-101/decision" in reported


def test_deciding_all_the_same_puts_the_reason_on_the_record(demo: Demo) -> None:
    address = written(demo, SIBLINGS[:1])
    nobody = {"wider_family": "no", "wider_family_why": "there is nobody"}
    changed(demo, address, "CP-101/others", **nobody)
    sent = {"anyway_because": "the child moves tomorrow", "then": "continue"}

    locked = demo.as_(CHAIR).get(address).text
    demo.as_(CHAIR).post(part_at(address, "CP-101/anyway"), data=sent)
    finished(demo.as_(CHAIR), address)

    assert "Cannot start yet" in locked
    events = [entry.event for entry in newest(demo, "CP-101")]
    decision = [event for event in events if isinstance(event, DecisionMade)][-1]
    assert decision.note
    assert "the child moves tomorrow" in decision.note


def test_no_agency_is_left_out_of_a_decision(demo: Demo) -> None:
    address = written(demo)

    page = changed(
        demo,
        address,
        "CP-101/decision",
        **{
            "decision1-positions-school": "",
            "decision1-positions-police": "disagree",
            "decision1-positions-early-help": "not_asked",
            "decision1-positions-csc": "absent",
        },
    )

    assert page.status_code == 422
    assert page.text.count("Select where school stands") == 2
    assert page.text.count("Enter the reason that police gave") == 2
    assert page.text.count("Enter why early help was not asked") == 2
    assert "Select where children&#39;s social care stands: you said that it was there" in page.text


def test_the_second_of_two_pages_is_told_and_loses_nothing(demo: Demo) -> None:
    address = begun(demo, planned(demo, SIBLINGS[:1]), SIBLINGS[:1])
    client, at = demo.as_(CHAIR), part_at(address, "CP-101/mother")
    first = {"mother": "yes", "mother_how": "at home", "version": "0", "pen": "a", "then": "later"}
    client.post(at, data=first)

    second = first | {"mother_how": "in a letter", "pen": "b"}
    told = client.post(at, data=second)
    version = re.search(r'name="version" value="(\d+)"', told.text)

    assert told.status_code == 409
    assert "This part was saved from another page" in told.text
    assert ">at home<" in told.text
    assert 'value="in a letter"' in told.text
    assert drafts_of(demo).parts(name_of(address))["CP-101/mother"].fields["mother_how"] == (
        "at home",
    )
    assert version
    client.post(at, data=second | {"version": version[1]})
    now = drafts_of(demo).parts(name_of(address))["CP-101/mother"]
    assert now.fields["mother_how"] == ("in a letter",)


def test_what_is_not_finished_is_saved_and_marked_so(demo: Demo) -> None:
    address = begun(demo, planned(demo, SIBLINGS[:1]), SIBLINGS[:1])
    client, at = demo.as_(CHAIR), part_at(address, "CP-101/mother")

    later = client.post(at, data={"mother": "no", "mother_why": "", "then": "later"})
    kept = client.get(at).text

    assert later.url.path == address
    assert "You have finished 0 of 11 parts." in later.text
    assert re.search(r'id="mother-2"[^>]*checked', kept)
    wrong = client.post(at, data={"mother": "no", "version": "1", "then": "continue"})
    assert wrong.status_code == 422
    assert "Enter why Perrin&#39;s mother was not spoken to" in wrong.text
    assert "There is a problem" in client.get(address).text
