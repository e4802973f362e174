"""Conferences over HTTP: what lands where, once, for whom, and that nothing is lost."""

import re
import sqlite3
import threading
from contextlib import closing

import pytest

from pages.conferencing import (
    NAMES,
    begun,
    changed,
    drafts_of,
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
from partnership import CHAIR, NURSE, OTHER_CHAIR, SIBLINGS, TEAM_MANAGER
from plantrack.domain.events import ChildSeen, DecisionMade, MeetingHeld, MeetingPlanned
from plantrack.domain.words import Position
from plantrack.drafts.store import drafts_path


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


@pytest.mark.parametrize(("who", "status"), [(OTHER_CHAIR, 404), (TEAM_MANAGER, 403), (NURSE, 403)])
def test_a_draft_is_not_there_for_anybody_else(demo: Demo, who: str, status: int) -> None:
    address = written(demo, SIBLINGS[:1])
    client = demo.as_(who)

    for path in (address, f"{address}/check", part_at(address, "CP-101/said")):
        answer = client.get(path)
        assert answer.status_code == status, path
        assert "my own bed" not in answer.text
    assert client.post(f"{address}/throw-away", data={"sure": "yes"}).status_code == status
    assert drafts_of(demo).parts(name_of(address))


def test_every_opening_of_a_part_is_written_down_for_each_plan(demo: Demo) -> None:
    address = begun(demo, planned(demo))
    before = looks(demo)

    demo.as_(CHAIR).get(part_at(address, "CP-101/said"))

    now = looks(demo)
    assert {plan: now[plan] - before.get(plan, 0) for plan in SIBLINGS} == dict.fromkeys(
        SIBLINGS, 1
    )


def looks(demo: Demo) -> dict[str, int]:
    path = demo.services.url.removeprefix("sqlite:///").replace(".db", "-access.db")
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
    client, kept = demo.as_(CHAIR), drafts_path(demo.services.url)
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
    client, path = demo.as_(CHAIR), demo.services.url.removeprefix("sqlite:///")
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
