"""Conferences over HTTP: what may be finished, what lands where, and that nothing is lost."""

import re
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing

import httpx
import pytest

from pages.conferencing import (
    NAMES,
    QUORATE,
    answers,
    begun,
    drafts_of,
    filled,
    finished,
    last_numbers,
    name_of,
    newest,
    part_at,
    planned,
)
from pages.serving import Demo
from partnership import CHAIR, NURSE, OTHER_CHAIR, SIBLINGS, TEAM_MANAGER
from plantrack.domain.events import ChildSeen, DecisionMade, MeetingHeld, MeetingPlanned
from plantrack.domain.words import Position
from plantrack.drafts.store import drafts_path

NOBODY_THERE: Sequence[str] = ()


def written(demo: Demo, plans: Sequence[str] = SIBLINGS, **more: Sequence[str]) -> str:
    """Write a whole conference as a draft, and give its address."""
    address = begun(demo, planned(demo, plans), plans)
    filled(demo, address, answers(demo, plans, **more))
    return address


def changed(demo: Demo, address: str, part: str, **fields: str | list[str]) -> httpx.Response:
    """Change some answers of a part that was saved, as its page does."""
    saved = drafts_of(demo).parts(name_of(address))[part]
    now = {name: list(values) for name, values in saved.fields.items()}
    now |= {name: [v] if isinstance(v, str) else v for name, v in fields.items()}
    sent = now | {"version": [str(saved.version)], "then": ["continue"]}
    return demo.as_(CHAIR).post(part_at(address, part), data=sent)


def held_on(demo: Demo, plan: str) -> MeetingHeld:
    events = [entry.event for entry in newest(demo, plan)]
    return [event for event in events if isinstance(event, MeetingHeld)][-1]


def test_each_childs_answers_land_on_that_childs_plan_alone(demo: Demo) -> None:
    address, before = written(demo), last_numbers(demo)
    changed(demo, address, "CP-102/decision", **{"decision1-kind": "step_down"})

    page = finished(demo.as_(CHAIR), address)

    assert "Conference recorded" in page.text
    for plan in SIBLINGS:
        events = [entry.event for entry in newest(demo, plan, before[plan])]
        told = " ".join(event.sentence() for event in events)
        assert f"I am {NAMES[plan]} and I want my own bed" in told
        assert f"he did not answer about {NAMES[plan]}" in told
        for other in set(SIBLINGS) - {plan}:
            assert NAMES[other] not in told
    [lottie] = [
        entry.event
        for entry in newest(demo, "CP-102", before["CP-102"])
        if isinstance(entry.event, DecisionMade)
    ]
    [bram] = [
        entry.event
        for entry in newest(demo, "CP-103", before["CP-103"])
        if isinstance(entry.event, DecisionMade)
    ]
    assert (lottie.decision_kind, bram.decision_kind) == ("step_down", "continue")
    assert bram.positions["health-visiting"].position is Position.AGREE
    assert "health-visiting" not in lottie.positions


def test_a_conference_puts_down_who_was_there_what_was_heard_and_when_to_meet(demo: Demo) -> None:
    address, before = written(demo, SIBLINGS[:1]), last_numbers(demo)

    finished(demo.as_(CHAIR), address)

    kinds = [type(entry.event) for entry in newest(demo, "CP-101", before["CP-101"])]
    assert {MeetingHeld, ChildSeen, DecisionMade, MeetingPlanned} <= set(kinds)
    held = held_on(demo, "CP-101")
    assert held.on.isoformat() == "2026-11-20"
    assert held.family_present == ("mother", "an advocate")
    assert held.attendance["early-help"] == "absent"
    assert last_numbers(demo)["CP-102"] == before["CP-102"]


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


def test_when_others_wrote_first_nothing_is_recorded_anywhere(demo: Demo) -> None:
    address = written(demo)
    client = demo.as_(CHAIR)
    check = client.get(f"{address}/check").text
    read = dict(re.findall(r'name="(last_read-[^"]+)" value="(\d+)"', check))
    planned(demo, SIBLINGS[:2])
    before = last_numbers(demo)

    refused = client.post(f"{address}/check", data=read)

    assert refused.status_code == 412
    assert last_numbers(demo) == before
    assert "On Perrin&#39;s plan" in refused.text or "On Perrin's plan" in refused.text
    assert "On Lottie" in refused.text
    assert "On Bram" not in refused.text
    assert "I am Bram and I want my own bed" in refused.text
    again = dict(re.findall(r'name="(last_read-[^"]+)" value="(\d+)"', refused.text))
    assert "Conference recorded" in client.post(f"{address}/check", data=again).text
    assert all(last_numbers(demo)[plan] > before[plan] for plan in SIBLINGS)


def test_a_refusal_names_the_child_and_the_part(demo: Demo) -> None:
    address = written(demo)
    before = last_numbers(demo)
    told = {
        "heard": "told",
        "words_told": "I am cold",
        "how_heard_told": "talked",
        "told_mode": "telephone",
        "told_alone": "yes",
        "participation": "PN7",
        "told_on-day": "1",
        "told_on-month": "1",
        "told_on-year": "2019",
    }
    changed(demo, address, "CP-102/said", **told)

    page = finished(demo.as_(CHAIR), address)

    assert page.status_code == 409
    assert re.search(r"Lottie: 1 January 2019 is before the referral", page.text)
    assert f'href="{address}/plans/CP-102/said">Go to' in page.text
    assert "Perrin:" not in page.text
    assert last_numbers(demo) == before


@pytest.mark.parametrize("who", [OTHER_CHAIR, NURSE, TEAM_MANAGER])
def test_a_draft_is_not_there_for_anybody_else(demo: Demo, who: str) -> None:
    address = written(demo, SIBLINGS[:1])

    for path in (address, f"{address}/check", part_at(address, "CP-101/said")):
        answer = demo.as_(who).get(path)
        assert answer.status_code in (403, 404), path
        assert "my own bed" not in answer.text
    gone = demo.as_(who).post(f"{address}/throw-away", data={"sure": "yes"})
    assert gone.status_code in (403, 404)
    assert drafts_of(demo).parts(name_of(address))


def test_another_chair_is_told_that_there_is_nothing(demo: Demo) -> None:
    address = written(demo, SIBLINGS[:1])

    assert demo.as_(OTHER_CHAIR).get(address).status_code == 404


def test_every_opening_of_a_part_is_written_down_for_each_plan(demo: Demo) -> None:
    address = begun(demo, planned(demo))
    before = looks(demo)

    demo.as_(CHAIR).get(part_at(address, "CP-101/said"))

    now = looks(demo)
    assert {plan: now[plan] - before.get(plan, 0) for plan in SIBLINGS} == dict.fromkeys(
        SIBLINGS, 1
    )


def looks(demo: Demo) -> dict[str, int]:
    path = demo.desk.url.removeprefix("sqlite:///").replace(".db", "-access.db")
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT plan, count(*) FROM looked WHERE what = 'conference' GROUP BY plan"
        )
        return dict(found.fetchall())


def test_two_who_finish_at_once_record_it_once(demo: Demo) -> None:
    address, before = written(demo, SIBLINGS[:2]), last_numbers(demo)
    client = demo.as_(CHAIR)
    page = client.get(f"{address}/check").text
    sent = dict(re.findall(r'name="(last_read-[^"]+)" value="(\d+)"', page))
    together, told = threading.Barrier(2), []

    def send() -> None:
        together.wait()
        told.append(client.post(f"{address}/check", data=sent).text)

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert all("Conference recorded" in page for page in told)
    for plan in SIBLINGS[:2]:
        events = [entry.event for entry in newest(demo, plan, before[plan])]
        assert sum(isinstance(event, MeetingHeld) for event in events) == 1
    assert "Conference recorded" in finished(client, address).text


def test_a_server_that_dies_after_recording_records_it_once(demo: Demo) -> None:
    address, before = written(demo, SIBLINGS[:2]), last_numbers(demo)
    client, kept = demo.as_(CHAIR), drafts_path(demo.desk.url)
    with closing(sqlite3.connect(kept, isolation_level=None)) as connection:
        connection.execute(
            "CREATE TRIGGER dies BEFORE UPDATE OF finished ON drafts "
            "BEGIN SELECT RAISE(ABORT, 'as if it died'); END"
        )
        died = finished(client, address)
        after = last_numbers(demo)
        connection.execute("DROP TRIGGER dies")

    again = client.post(f"{address}/check", data={"again": "yes"})

    assert died.status_code == 503
    assert after["CP-101"] > before["CP-101"]
    assert "Conference recorded" in again.text
    assert last_numbers(demo) == after


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


def test_a_conference_that_was_begun_is_found_again(demo: Demo) -> None:
    meeting = planned(demo)
    address = begun(demo, meeting)

    for plan in SIBLINGS:
        again = demo.as_(CHAIR).post(
            f"/plans/{plan}/meetings/{meeting}/conference", data={"a": "b"}
        )
        assert again.url.path == address


def test_only_those_who_meet_on_the_same_day_are_offered_together(demo: Demo) -> None:
    two, alone = planned(demo, SIBLINGS[:2]), planned(demo, SIBLINGS[2:])
    client = demo.as_(CHAIR)

    offered = client.get(f"/plans/CP-101/meetings/{two}/conference").text
    nobody = client.get(f"/plans/CP-101/meetings/{alone}/conference")

    assert "Lottie, plan CP-102" in offered
    assert nobody.status_code == 404


def test_a_draft_that_is_thrown_away_leaves_nothing_on_any_plan(demo: Demo) -> None:
    address, before = written(demo), last_numbers(demo)
    client = demo.as_(CHAIR)

    asked = client.get(f"{address}/throw-away").text
    gone = client.post(f"{address}/throw-away", data={"sure": "yes"})

    assert "Are you sure you want to throw this draft away?" in asked
    assert gone.url.path == "/plans/CP-101/meetings"
    assert client.get(address).status_code == 404
    assert drafts_of(demo).parts(name_of(address)) == {}
    assert last_numbers(demo) == before


def test_a_session_that_ends_soon_says_when(demo: Demo) -> None:
    address = written(demo, SIBLINGS[:1])
    client, path = demo.as_(CHAIR), demo.desk.url.removeprefix("sqlite:///")
    calm = client.get(address).text
    sessions = path.replace(".db", "-sessions.db")
    with closing(sqlite3.connect(sessions, isolation_level=None)) as connection:
        before = connection.execute("SELECT cookie_hash, started_at FROM sessions").fetchall()
        connection.execute("UPDATE sessions SET started_at = '2026-11-22T23:45:00.000000+00:00'")
        soon = client.get(address).text
        for cookie, started in before:
            connection.execute(
                "UPDATE sessions SET started_at = ? WHERE cookie_hash = ?", (started, cookie)
            )

    assert "If you do nothing here for 30 minutes, you are signed out." in calm
    assert "You will be signed out at 9:45am" in soon
