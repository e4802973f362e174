"""Who may record what: the table kept by hand is the one in force, and each word of it holds."""

import csv
import inspect
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from api.desks import NOW, agreed, decided, held, opened, seen
from plantrack import codec
from plantrack.domain.events import KINDS
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import NotAllowed, OwnWork, Refusal
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.checks import WHO as MAY_SAY
from plantrack.domain.rights.events import RIGHTS_KINDS, RightsEvent
from plantrack.domain.rights.recording import COLUMNS, MAY_RECORD, How
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import Allocation, Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.record import migrate
from rights.people import CLERK, LONG_AGO, WHO, WHY, World, authority, ties
from test_every_kind import full

TABLE = Path(__file__).parents[2] / "docs" / "who-may-record.csv"
CP, CIN = "CP-1", "CIN-1"
CHAIR, WORKER, TEAM, SERVICE, NURSE, POLICE = (WHO[duty] for duty in COLUMNS)
_n = count(1)


def rows() -> list[dict[str, str]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def table(record: str) -> dict[str, dict[Duty, str]]:
    return {
        row["kind"]: {duty: row[duty.value.replace("_", " ")] for duty in Duty}
        for row in rows()
        if row["record"] == record
    }


def in_force() -> dict[str, dict[Duty, str]]:
    return {
        name: {duty: MAY_RECORD.get(name, {}).get(duty, How.NO).value for duty in Duty}
        for name in KINDS
    }


def rights_in_force() -> dict[str, dict[Duty, str]]:
    return {
        name: {duty: "yes" if duty in MAY_SAY.get(kind, ()) else "no" for duty in Duty}
        for name, kind in RIGHTS_KINDS.items()
    }


# The table


def test_the_table_kept_by_hand_is_the_one_in_force() -> None:
    assert table("plan") == in_force()
    assert table("rights") == rights_in_force()
    assert set(MAY_RECORD) == set(KINDS)
    assert set(MAY_SAY) == set(RIGHTS_KINDS.values())


def test_a_new_kind_needs_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgotten(RightsEvent):
        """Something new."""

    monkeypatch.setitem(RIGHTS_KINDS, "Forgotten", Forgotten)
    monkeypatch.setitem(KINDS, "Overlooked", KINDS["ChildSeen"])

    assert rights_in_force().keys() - table("rights").keys() == {"Forgotten"}
    assert in_force().keys() - table("plan").keys() == {"Overlooked"}


def test_every_row_says_in_a_sentence_what_the_kind_is() -> None:
    for row in rows():
        assert row["what it says"].endswith("."), row
        assert "`" not in row["what it says"], row
        kind = (KINDS | RIGHTS_KINDS)[row["kind"]]
        assert inspect.getdoc(kind)


# What it comes to


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = f"sqlite:///{tmp_path_factory.mktemp('recording')}/record.db"
    migrate(url)
    with authority(url) as world:
        world.open(CP, "J1", agencies=["csc", "school-nursing", "police"])
        world.open(CIN, "K2", plan_kind="cin", **NOT_CP)
        for plan in (CP, CIN):
            world.state(*ties(plan))
            world.record(WORKER, plan, agreed("A1"), agreed("A2") | {"owner": OF_THE_NURSES})
        world.state(rights_events.TeamJoined(person=TEAM, team="T1", since=LONG_AGO))
        yield world


OF_THE_NURSES = {"name": "N Nurse", "agency": "school-nursing"}
WE_DISAGREE = {"csc": {"position": "disagree", "reason": "no"}}
NOT_CP: dict[str, Any] = {"category": None, "chair": None, "origin": {}}
NOT_YOURS = "is not for a"


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_for_a_role_is_refused_with_what_to_do(world: World, kind: str) -> None:
    before = world.recorded()
    for duty, how in table("plan")[kind].items():
        if duty in COLUMNS and how == "no":
            with pytest.raises(NotAllowed, match=rf"{NOT_YOURS} .* Ask somebody on the plan"):
                world.record(WHO[duty], CP, full(KINDS[kind]))
    assert world.recorded() == before


def own(kind: str, agency: str) -> dict[str, Any]:
    """Give something that an agency says or did."""
    name = f"{kind[:1]}{next(_n)}"
    each: Mapping[str, dict[str, Any]] = {
        "ChildSeen": seen(by_agency=agency),
        "InformationShared": {
            "on": "2026-02-20",
            "item": name,
            "about": ["mother"],
            "what": "called out twice at night",
            "basis": "record",
            "from": agency,
            "to": ["csc" if agency != "csc" else "police"],
        },
        "ChallengeRaised": {
            "on": "2026-02-20",
            "challenge": name,
            "by_agency": agency,
            "to_agency": "csc" if agency != "csc" else "police",
            "about": "D1",
            "concern": "too soon",
        },
        "DecisionMade": decided(
            decision=name, decided_by=agency, positions={agency: {"position": "agree"}}
        ),
    }
    return {"kind": kind} | each[kind]


@pytest.mark.parametrize("person", [NURSE, POLICE])
@pytest.mark.parametrize("kind", ["ChildSeen", "InformationShared", "DecisionMade"])
def test_an_agency_records_its_own_and_no_other_agencys(
    world: World, person: str, kind: str
) -> None:
    mine, other = ("school-nursing", "police") if person == NURSE else ("police", "school-nursing")

    world.record(person, CP, own(kind, mine))
    for theirs in (other, "csc"):
        with pytest.raises(NotAllowed, match="that agency records"):
            world.record(person, CP, own(kind, theirs))


def test_an_agency_says_how_its_own_actions_went_and_no_others(world: World) -> None:
    raw = {k: v for k, v in full(KINDS["ActionReviewed"]).items() if k not in ("at", "note")}
    mine, theirs = (raw | {"on": "2026-02-20", "action": each} for each in ("A2", "A1"))
    world.record(NURSE, CP, mine)
    for person, action in ((NURSE, theirs), (POLICE, mine), (POLICE, theirs)):
        with pytest.raises(NotAllowed, match="that agency records"):
            world.record(person, CP, action)
    world.record(WORKER, CP, mine, theirs)
    with pytest.raises(NotAllowed):
        world.record(NURSE, CP, raw | {"action": "A99"})


# Nobody speaks for another (S2)


@pytest.mark.parametrize("person", [CHAIR, WORKER, NURSE, POLICE])
def test_outside_a_meeting_nobody_says_where_another_agency_stands(
    world: World, person: str
) -> None:
    mine = world.subject(person).post.agency
    for other in {"csc", "police", "school-nursing"} - {mine}:
        for stance in ("agree", "disagree"):
            positions = {
                mine: {"position": "agree"},
                other: {"position": stance, "reason": "they said so"},
            }
            event = own("DecisionMade", mine) | {"positions": positions}
            with pytest.raises(NotAllowed, match="no other agency"):
                world.record(person, CP, event)
        not_asked = own("DecisionMade", mine)
        not_asked["positions"][other] = {"position": "not_asked"}
        world.record(person, CP, not_asked)


def test_at_a_meeting_the_chair_says_where_each_agency_stood(world: World) -> None:
    there = dict.fromkeys(("csc", "police", "school-nursing"), "present")
    meeting = held(meeting=f"M{next(_n)}", attendance=there)
    event = own("DecisionMade", "csc") | {"on": meeting["on"], "meeting": meeting["meeting"]}
    event["positions"] = {each: {"position": "agree"} for each in there}

    world.record(CHAIR, CP, meeting, event)


def taken(decision: str, agency: str, position: str = "agree") -> dict[str, Any]:
    return {
        "kind": "PositionTaken",
        "on": "2026-02-20",
        "decision": decision,
        "agency": agency,
        "position": position,
        "reason": "we were there",
    }


@pytest.fixture(scope="module")
def both(world: World) -> Appointment:
    """A nurse who also works for the police: one human with two posts."""
    world.state(
        rights_events.GrantProposed(
            grant="g-both",
            person=NURSE,
            role=Duty.PARTNER_PROFESSIONAL,
            agency="police",
            reason=WHY,
        ),
        rights_events.GrantApproved(grant="g-both"),
    )
    return Appointment(Duty.PARTNER_PROFESSIONAL, "police")


def test_one_human_is_one_voice_on_a_decision_for_whomever_they_act(
    world: World, both: Appointment
) -> None:
    first, second = own("DecisionMade", "csc"), own("DecisionMade", "csc")
    world.record(WORKER, CP, first, second)
    world.record(NURSE, CP, taken(first["decision"], "school-nursing"))

    with pytest.raises(OwnWork, match="Somebody else must speak for"):
        world.record(NURSE, CP, taken(first["decision"], "police"), post=both)
    world.record(NURSE, CP, taken(second["decision"], "police"), post=both)
    with pytest.raises(OwnWork):
        world.record(NURSE, CP, taken(second["decision"], "school-nursing"))
    world.record(POLICE, CP, taken(first["decision"], "police"))
    world.record(NURSE, CP, taken(first["decision"], "school-nursing", "disagree"))


def test_who_decided_alone_for_one_agency_has_had_their_voice(
    world: World, both: Appointment
) -> None:
    decision = own("DecisionMade", "school-nursing")
    world.record(NURSE, CP, decision)

    with pytest.raises(OwnWork):
        world.record(NURSE, CP, taken(decision["decision"], "police"), post=both)
    world.record(POLICE, CP, taken(decision["decision"], "police"))


# Putting right


def put_right(entry: Entry, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "Corrected",
        "on": "2026-02-20",
        "entry": entry.number,
        "fields": fields,
        "reason": "mistyped",
    }


def taken_back(entry: Entry) -> dict[str, Any]:
    return {"kind": "Retracted", "on": "2026-02-20", "entry": entry.number, "reason": "mistaken"}


def test_only_who_recorded_an_entry_puts_it_right_or_a_service_manager(world: World) -> None:
    [mine] = world.record(WORKER, CP, seen(where="home")).entries
    for other in (CHAIR, TEAM, NURSE, POLICE):
        for event in (put_right(mine, where="school"), taken_back(mine)):
            with pytest.raises(NotAllowed, match=r"recorded by somebody else\. Ask them"):
                world.record(other, CP, event)

    world.record(WORKER, CP, put_right(mine, where="school"))
    world.record(SERVICE, CP, put_right(mine, where="gp"))
    world.record(WORKER, CP, taken_back(mine))


def test_an_entry_of_the_import_is_put_right_by_a_service_manager_only(world: World) -> None:
    [theirs] = world.office.services.commands.record_together(
        [(CP, codec.read_event(seen(where="home")))], CLERK
    )
    for person in (WORKER, CHAIR, NURSE):
        with pytest.raises(NotAllowed):
            world.record(person, CP, put_right(theirs, where="school"))
    world.record(SERVICE, CP, put_right(theirs, where="school"))


def test_a_correction_gives_nobody_another_agencys_voice(world: World, both: Appointment) -> None:
    decision, other = own("DecisionMade", "csc"), own("DecisionMade", "csc")
    [made, _] = world.record(WORKER, CP, decision, other).entries
    [voice] = world.record(NURSE, CP, taken(decision["decision"], "school-nursing")).entries
    [spoken] = world.record(NURSE, CP, taken(other["decision"], "police"), post=both).entries
    [visit] = world.record(NURSE, CP, own("ChildSeen", "school-nursing")).entries
    all_agree = {each: {"position": "agree"} for each in ("csc", "police")}
    refused = [
        (NURSE, put_right(voice, agency="csc"), None),
        (NURSE, put_right(voice, agency="police"), both),
        (NURSE, put_right(spoken, decision=decision["decision"]), both),
        (NURSE, put_right(visit, by_agency="police"), None),
        (WORKER, put_right(made, positions=all_agree), None),
        (SERVICE, put_right(voice, position="disagree"), None),
        (SERVICE, put_right(made, positions=all_agree), None),
        (SERVICE, put_right(visit, by_agency="police"), None),
    ]
    before = world.recorded()
    for person, event, post in refused:
        with pytest.raises((NotAllowed, OwnWork)):
            world.record(person, CP, event, post=post)
    assert world.recorded() == before

    world.record(NURSE, CP, put_right(voice, position="disagree"))
    world.record(
        WORKER, CP, put_right(made, positions={"csc": {"position": "disagree", "reason": "no"}})
    )
    world.record(NURSE, CP, put_right(visit, where="school"))


def test_a_correction_of_a_correction_gives_no_voice_either(world: World) -> None:
    decision = own("DecisionMade", "csc")
    [made] = world.record(WORKER, CP, decision).entries
    [once] = world.record(WORKER, CP, put_right(made, what="Visit less often")).entries
    all_agree = {each: {"position": "agree"} for each in ("csc", "police")}

    with pytest.raises(Refusal):
        world.record(WORKER, CP, put_right(once, fields={"positions": all_agree}))


@pytest.mark.parametrize(
    "fields",
    [{"positions": 7}, {"positions": {"police": 7}}, {"decided_by": 7}, {"meeting": []}, {}],
)
def test_a_correction_that_is_nonsense_is_refused_as_such(
    world: World, fields: dict[str, Any]
) -> None:
    [made] = world.record(WORKER, CP, own("DecisionMade", "csc")).entries

    with pytest.raises(Refusal):
        world.record(WORKER, CP, put_right(made, **fields))


# Own work


def test_nobody_answers_or_resolves_their_own_challenge(world: World) -> None:
    raised = own("ChallengeRaised", "police")
    raised["about"] = "the visits"
    world.record(POLICE, CP, raised)
    name = raised["challenge"]
    answer = {
        "kind": "ChallengeAnswered",
        "on": "2026-02-21",
        "challenge": name,
        "stage": 1,
        "answer": "we visit weekly now",
    }
    resolved = {
        "kind": "ChallengeResolved",
        "on": "2026-02-22",
        "challenge": name,
        "outcome": "weekly visits",
        "agencies": ["csc", "police"],
    }

    for event in (answer, resolved):
        with pytest.raises(OwnWork, match="You raised this challenge"):
            world.record(POLICE, CP, event)
    world.record(WORKER, CP, answer)
    world.record(CHAIR, CP, resolved)


OVERSIGHT = {
    "kind": "OversightRecorded",
    "on": "2026-02-20",
    "support": "keep the visits up",
    "challenge": "what is different for the child?",
}


def test_nobody_oversees_their_own_casework(world: World) -> None:
    world.record(TEAM, CP, OVERSIGHT)
    covering = rights_events.Allocated(
        plan=CP, person=TEAM, allocation=Allocation.COVER, since=NOW.date(), until=NOW.date()
    )
    world.state(covering)

    finished = full(KINDS["AssessmentFinished"]) | {"on": "2026-02-20"}
    for event in (OVERSIGHT, finished):
        with pytest.raises(OwnWork, match="your own casework"):
            world.record(TEAM, CP, event)
    world.record(SERVICE, CP, OVERSIGHT)
    world.record(TEAM, CIN, OVERSIGHT)
    world.state(rights_events.AllocationEnded(plan=CP, person=TEAM, reason=WHY))
    world.record(TEAM, CP, OVERSIGHT)


def test_a_manager_ends_a_child_in_need_plan_but_no_child_protection_plan(world: World) -> None:
    left = {each: {"disposition": "ended", "reason": "no more"} for each in ("A1", "A2")}
    closed = {
        "kind": "PlanClosed",
        "on": "2026-03-19",
        "reason": "RC7",
        "open_actions": left,
    }

    with pytest.raises(NotAllowed, match="Ask the chair"):
        world.record(TEAM, CP, closed)
    world.open("CIN-2", "L3", plan_kind="cin", **NOT_CP)
    world.record(TEAM, "CIN-2", closed | {"open_actions": {}})


def test_an_import_needs_no_permit(world: World) -> None:
    event = codec.read_event(opened("M4", family="F4"))
    [taken_in] = world.office.services.commands.take_in(
        [Entry("CP-OLD", 1, NOW, THE_TRACKER, event)]
    )

    assert world.office.services.record.entries("CP-OLD") == [taken_in]
    with pytest.raises(Refusal):
        world.record(WORKER, "CP-OLD", seen())
