"""What may be said about rights: two people where it takes two, and nobody for themselves."""

import inspect
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plantrack import codec
from plantrack.domain.refusals import NotAllowed, OwnWork, Refusal, RightNotPossible, Unreadable
from plantrack.domain.rights import checks, state
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.checks import LONGEST_WARRANT, WHO, Saying, check, refuse_by_duty
from plantrack.domain.rights.events import RIGHTS_KINDS
from plantrack.domain.rights.state import Appointment, Rights, RightsEntry
from plantrack.domain.rights.words import (
    SERVICES,
    Allocation,
    Duty,
    GlassGround,
    RestrictionCategory,
)
from plantrack.domain.words import THE_TRACKER, Person, Role
from plantrack.record import rights_mapper

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
GOLDEN = Path(__file__).with_name("golden.jsonl")
ADE, SAM, ANN, BEN = "ade", "sam", "ann", "ben"
ENOUGH = "r" * 20
EVERY_KIND = pytest.mark.parametrize("kind", RIGHTS_KINDS.values(), ids=RIGHTS_KINDS)
DUTY_OF = {ADE: Duty.ADMIN, SAM: Duty.SERVICE_MANAGER, ANN: Duty.CHAIR, BEN: Duty.PARTNER_LEAD}


class RightsBook:
    """Rights as they grow: each thing is checked as somebody says it, and then taken in."""

    def __init__(self) -> None:
        self.rights = Rights()
        for person, agency in ((ADE, "csc"), (SAM, "csc"), (ANN, "csc"), (BEN, "police")):
            self.say(
                None, rights_events.PersonRegistered(person=person, name=person, agency=agency)
            )

    def say(self, by: str | None, *events: rights_events.RightsEvent, now: datetime = NOW) -> None:
        """Say something as somebody; None runs the server."""
        post = Appointment(DUTY_OF[by], self.rights.people[by].agency) if by else None
        person = Person(name="x", agency="csc", role=Role.ADMINISTRATOR, id=by)
        for event in events:
            check(Saying(self.rights, event, by, now, post))
            number = self.rights.number + 1
            self.rights.learn([RightsEntry(number, now, person, event)])


@pytest.fixture
def services() -> RightsBook:
    return RightsBook()


def grant(person: str = ANN, role: Duty = Duty.CHAIR, **more: Any) -> rights_events.GrantProposed:
    return rights_events.GrantProposed(
        **{"grant": "G1", "person": person, "role": role, "reason": "new here"} | more
    )


def warrant(person: str = ANN, **more: Any) -> rights_events.WarrantProposed:
    plain: dict[str, Any] = {
        "warrant": "W1",
        "person": person,
        "purpose": "inspection",
        "starts": NOW,
        "ends": NOW + DAY,
        "whole_authority": True,
    }
    return rights_events.WarrantProposed(**plain | more)


def restricted(review_by: date = TODAY + DAY, **more: Any) -> rights_events.PlanRestricted:
    plain: dict[str, Any] = {
        "plan": "P1",
        "category": RestrictionCategory.OTHER,
        "reason": "as ordered",
        "review_by": review_by,
    }
    return rights_events.PlanRestricted(**plain | more)


def allocated(
    person: str, what: Allocation, since: date = TODAY, **more: Any
) -> rights_events.Allocated:
    named: dict[str, Any] = {"plan": "P1", "person": person, "allocation": what, "since": since}
    return rights_events.Allocated(**named | more)


def broken(**more: Any) -> rights_events.GlassBroken:
    plain: dict[str, Any] = {
        "glass": "E1",
        "plan": "P1",
        "person": ANN,
        "ground": GlassGround.IMMEDIATE_HARM,
        "reason": ENOUGH,
        "until": NOW + HOUR,
        "review_by": TODAY + DAY,
    }
    return rights_events.GlassBroken(**plain | more)


def refused(
    services: RightsBook, by: str | None, event: rights_events.RightsEvent, why: type[Refusal]
) -> None:
    """See something refused with a sentence that says what to do, and nothing taken in."""
    before = services.rights.number
    with pytest.raises(why) as wrong:
        services.say(by, event)
    assert re.fullmatch(r".+\.( .+[.])?", str(wrong.value)), wrong.value
    assert services.rights.number == before


# Two people


def test_a_role_takes_three_different_people(services: RightsBook) -> None:
    services.say(ADE, grant())
    refused(services, ADE, rights_events.GrantApproved(grant="G1"), OwnWork)
    refused(services, ANN, rights_events.GrantApproved(grant="G1"), OwnWork)
    assert services.rights.posts_of(ANN, TODAY) == []

    services.say(SAM, rights_events.GrantApproved(grant="G1"))
    assert services.rights.posts_of(ANN, TODAY) == [Appointment(Duty.CHAIR, "csc")]


def test_nobody_proposes_a_role_for_themselves(services: RightsBook) -> None:
    refused(services, ADE, grant(ADE), OwnWork)


def test_a_warrant_takes_three_different_people(services: RightsBook) -> None:
    services.say(ADE, warrant())
    refused(services, ADE, rights_events.WarrantApproved(warrant="W1"), OwnWork)
    refused(services, ANN, rights_events.WarrantApproved(warrant="W1"), OwnWork)
    refused(services, ADE, warrant(ADE, warrant="W2"), OwnWork)

    services.say(SAM, rights_events.WarrantApproved(warrant="W1"))
    assert services.rights.warrants["W1"].holds_at(NOW)


def test_an_identity_takes_a_second_person_who_is_not_the_one_let_in(services: RightsBook) -> None:
    identity = {"issuer": "i", "subject": "s"}
    services.say(ADE, rights_events.IdentityLinked(person=ANN, **identity))
    assert services.rights.identities == {}
    refused(services, ADE, rights_events.IdentityApproved(**identity), OwnWork)
    refused(services, ANN, rights_events.IdentityApproved(**identity), OwnWork)
    refused(services, ADE, rights_events.IdentityLinked(person=BEN, **identity), RightNotPossible)

    services.say(SAM, rights_events.IdentityApproved(**identity))
    assert services.rights.identities == {("i", "s"): ANN}
    refused(services, SAM, rights_events.IdentityApproved(**identity), RightNotPossible)


def test_an_identity_that_is_unlinked_lets_nobody_in(services: RightsBook) -> None:
    identity = {"issuer": "i", "subject": "s"}
    services.say(None, rights_events.IdentityLinked(person=ANN, **identity))
    services.say(SAM, rights_events.IdentityUnlinked(**identity, reason="another's account"))

    assert services.rights.identities == {}
    refused(
        services, SAM, rights_events.IdentityUnlinked(**identity, reason="again"), RightNotPossible
    )


def test_nothing_is_approved_twice_or_after_it_ended(services: RightsBook) -> None:
    services.say(ADE, grant(), warrant(), grant(BEN, grant="G2"), warrant(BEN, warrant="W2"))
    for kind, name in (
        (rights_events.GrantApproved, "grant"),
        (rights_events.WarrantApproved, "warrant"),
    ):
        first, second = (kind(**{name: f"{name[0].upper()}{n}"}) for n in (1, 2))
        services.say(SAM, first)
        refused(services, SAM, first, RightNotPossible)
        kinds: dict[str, Any] = {
            "grant": rights_events.GrantEnded,
            "warrant": rights_events.WarrantEnded,
        }
        ended = kinds[name]
        end: Any = ended(**{name: f"{name[0].upper()}2", "reason": "no more"})
        services.say(SAM, end)
        refused(services, SAM, second, RightNotPossible)
        refused(services, SAM, end, RightNotPossible)
        refused(services, SAM, kind(**{name: "X9"}), RightNotPossible)


OF_ONESELF: list[rights_events.RightsEvent] = [
    rights_events.PersonDisabled(person=SAM, reason="x"),
    rights_events.IdentityLinked(person=SAM, issuer="i", subject="s"),
    rights_events.TeamJoined(person=SAM, team="T1", since=TODAY),
    allocated(SAM, Allocation.CHAIR),
    rights_events.MemberNamed(plan="P1", person=SAM, since=TODAY),
    rights_events.PersonRemoved(plan="P1", person=SAM, reason="x"),
]


@pytest.mark.parametrize("event", OF_ONESELF, ids=lambda each: type(each).__name__)
def test_nobody_changes_their_own_rights(
    services: RightsBook, event: rights_events.RightsEvent
) -> None:
    services.say(SAM, restricted(people=(SAM,)))

    refused(services, SAM, event, OwnWork)
    services.say(ADE, event)


def test_a_service_manager_on_call_puts_herself_on_a_list(services: RightsBook) -> None:
    services.say(SAM, restricted())
    services.say(SAM, rights_events.PersonAdmitted(plan="P1", person=SAM, reason="on call"))

    assert services.rights.restrictions["P1"].people == {SAM}


def test_nobody_lifts_their_own_interest_or_reviews_their_own_emergency(
    services: RightsBook,
) -> None:
    services.say(
        SAM, rights_events.ConflictDeclared(conflict="I1", person=SAM, reason="aunt", child="J1")
    )
    services.say(None, broken(person=SAM))

    for event in (
        rights_events.ConflictLifted(conflict="I1", reason="no aunt"),
        rights_events.GlassReviewed(glass="E1", justified=True, reason="it was right"),
    ):
        refused(services, SAM, event, OwnWork)
        services.say(ADE, event)
        refused(services, ADE, event, RightNotPossible)


def test_anybody_declares_their_own_interest_and_managers_others(services: RightsBook) -> None:
    def declared(person: str, name: str) -> rights_events.ConflictDeclared:
        return rights_events.ConflictDeclared(
            conflict=name, person=person, reason="cousin", plan="P1"
        )

    services.say(BEN, declared(BEN, "I1"))
    refused(services, BEN, declared(ANN, "I2"), NotAllowed)
    refused(services, ANN, declared(BEN, "I2"), NotAllowed)
    services.say(SAM, declared(ANN, "I2"))
    refused(services, SAM, declared(ADE, "I2"), RightNotPossible)
    for both in ({"child": "J1", "plan": "P1"}, {}):
        event = rights_events.ConflictDeclared(conflict="I3", person=SAM, reason="x", **both)
        refused(services, SAM, event, RightNotPossible)


# Days and moments


@pytest.mark.parametrize(
    ("days", "allowed"), [(-1, False), (0, False), (1, True), (90, True), (91, False)]
)
def test_a_restriction_is_reviewed_within_90_days(
    services: RightsBook, days: int, allowed: bool
) -> None:
    review_by = TODAY + timedelta(days=days)
    again = rights_events.RestrictionReviewed(plan="P2", reason="stays", review_by=review_by)
    services.say(SAM, restricted(plan="P2"))
    if allowed:
        services.say(SAM, restricted(review_by), again)
        assert services.rights.restrictions["P2"].review_by == review_by
    else:
        refused(services, SAM, restricted(review_by), RightNotPossible)
        refused(services, SAM, again, RightNotPossible)


INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({"starts": NOW, "ends": NOW + LONGEST_WARRANT}, True),
        ({"starts": NOW, "ends": NOW + LONGEST_WARRANT + INSTANT}, False),
        ({"starts": NOW, "ends": NOW}, False),
        ({"starts": NOW - DAY, "ends": NOW}, False),
        ({"starts": NOW - DAY, "ends": NOW + INSTANT}, True),
        ({"starts": NOW.replace(tzinfo=None)}, False),
        ({"ends": (NOW + DAY).replace(tzinfo=None)}, False),
        ({"whole_authority": False}, False),
        ({"plans": ("P1",)}, False),
        ({"plans": ("P1",), "whole_authority": False}, True),
    ],
)
def test_a_warrant_says_how_long_and_over_what(
    services: RightsBook, fields: dict[str, Any], allowed: bool
) -> None:
    event = warrant(**fields)
    if allowed:
        services.say(ADE, event)
    else:
        refused(services, ADE, event, RightNotPossible)


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({}, True),
        ({"reason": "r" * 19}, False),
        ({"reason": " " * 30}, False),
        ({"reason": "r" + " " * 30 + "r" * 17}, False),
        ({"until": NOW + HOUR + INSTANT}, False),
        ({"until": NOW}, False),
        ({"until": NOW + INSTANT}, True),
    ],
)
def test_emergency_access_has_a_reason_and_lasts_an_hour_at_most(
    services: RightsBook, fields: dict[str, Any], allowed: bool
) -> None:
    if allowed:
        services.say(ANN, broken(**fields))
    else:
        refused(services, ANN, broken(**fields), RightNotPossible)


@pytest.mark.parametrize(("until", "allowed"), [(-1, False), (0, True), (1, True)])
def test_what_is_over_already_is_not_given(services: RightsBook, until: int, allowed: bool) -> None:
    last = TODAY + timedelta(days=until)
    since = TODAY - 9 * DAY
    events: list[Callable[[], rights_events.RightsEvent]] = [
        lambda: grant(until=last),
        lambda: rights_events.TeamJoined(person=ANN, team="T1", since=since, until=last),
        lambda: allocated(ANN, Allocation.CHAIR, since, until=last),
        lambda: rights_events.MemberNamed(plan="P1", person=ANN, since=since, until=last),
    ]
    for event in events:
        if allowed:
            services.say(ADE, event())
        else:
            refused(services, ADE, event(), RightNotPossible)


def test_until_does_not_lie_before_since(services: RightsBook) -> None:
    late = TODAY + 2 * DAY
    refused(
        services, SAM, allocated(ANN, Allocation.CHAIR, late, until=late - DAY), RightNotPossible
    )
    services.say(SAM, allocated(ANN, Allocation.CHAIR, late, until=late))


# The chair is nobody else


@pytest.mark.parametrize("work", [Allocation.WORKER, Allocation.COVER])
@pytest.mark.parametrize("since", [TODAY, TODAY + DAY, TODAY - 30 * DAY])
def test_a_chair_does_not_work_on_the_plan_today_or_later(
    services: RightsBook, work: Allocation, since: date
) -> None:
    services.say(SAM, allocated(ANN, Allocation.CHAIR, since))
    refused(services, SAM, allocated(ANN, work, since), OwnWork)
    services.say(SAM, allocated(ANN, work, since, plan="P2"))
    refused(services, SAM, allocated(ANN, Allocation.CHAIR, since, plan="P2"), OwnWork)
    services.say(SAM, rights_events.AllocationEnded(plan="P1", person=ANN, reason="moves"))
    services.say(SAM, allocated(ANN, work, since))


def test_one_after_the_other_they_may_be_both(services: RightsBook) -> None:
    services.say(SAM, allocated(ANN, Allocation.CHAIR, TODAY, until=TODAY + DAY))

    refused(services, SAM, allocated(ANN, Allocation.WORKER, TODAY + DAY), OwnWork)
    services.say(SAM, allocated(ANN, Allocation.WORKER, TODAY + 2 * DAY))


def test_a_chair_does_not_manage_the_worker_whoever_comes_first(services: RightsBook) -> None:
    services.say(ADE, grant(ANN, Duty.TEAM_MANAGER))
    services.say(SAM, rights_events.GrantApproved(grant="G1"))
    for person, team in ((ANN, "T1"), (BEN, "T1"), (ADE, "T2")):
        services.say(None, rights_events.TeamJoined(person=person, team=team, since=TODAY))

    services.say(SAM, allocated(BEN, Allocation.WORKER))
    refused(services, SAM, allocated(ANN, Allocation.CHAIR), OwnWork)
    services.say(SAM, allocated(ANN, Allocation.CHAIR, plan="P2"))
    refused(services, SAM, allocated(BEN, Allocation.COVER, plan="P2"), OwnWork)
    services.say(SAM, allocated(ADE, Allocation.WORKER, plan="P2"))


# Names


TWICE: list[tuple[list[rights_events.RightsEvent], rights_events.RightsEvent]] = [
    ([], rights_events.PersonRegistered(person=ANN, name="A", agency="csc")),
    (
        [rights_events.IdentityLinked(person=ANN, issuer="i", subject="s")],
        rights_events.IdentityLinked(person=BEN, issuer="i", subject="s"),
    ),
    ([grant()], grant(BEN)),
    ([warrant()], warrant(BEN)),
    ([restricted()], restricted()),
    ([], rights_events.PersonRestored(person=ANN, reason="x")),
    (
        [rights_events.PersonDisabled(person=ANN, reason="x")],
        rights_events.PersonDisabled(person=ANN, reason="x"),
    ),
    ([], grant(role=Duty.ANONYMOUS)),
    ([], rights_events.GrantEnded(grant="G9", reason="x")),
    ([], rights_events.TeamLeft(person=ANN, team="T1")),
    ([], rights_events.AllocationEnded(plan="P1", person=ANN, reason="x")),
    ([], rights_events.MembershipEnded(plan="P1", person=ANN, reason="x")),
    ([], rights_events.RestrictionLifted(plan="P1", reason="x")),
    ([], rights_events.PersonAdmitted(plan="P1", person=ANN, reason="x")),
    ([restricted()], rights_events.PersonRemoved(plan="P1", person=ANN, reason="x")),
    ([restricted(people=(ANN,))], rights_events.PersonAdmitted(plan="P1", person=ANN, reason="x")),
    ([], restricted(people=("zed",))),
    ([], rights_events.ConflictLifted(conflict="I9", reason="x")),
    ([], rights_events.GlassReviewed(glass="E9", justified=True, reason="x")),
    ([], rights_events.GlassReviewClimbed(glass="E9")),
]


@pytest.mark.parametrize(("before", "event"), TWICE)
def test_what_cannot_be_so_is_refused(
    services: RightsBook, before: list[rights_events.RightsEvent], event: rights_events.RightsEvent
) -> None:
    services.say(None, *before)

    refused(services, None, event, RightNotPossible)


def test_nobody_unknown_is_named(services: RightsBook) -> None:
    for line in golden():
        event = codec.read_rights_event(line["event"])
        if hasattr(event, "person") and not isinstance(event, rights_events.PersonRegistered):
            stranger = codec.read_rights_event(line["event"] | {"person": "zed"})
            refused(services, None, stranger, RightNotPossible)


def test_a_lead_names_members_of_their_own_agency_only(services: RightsBook) -> None:
    services.say(None, rights_events.PersonRegistered(person="pc", name="PC", agency="police"))

    services.say(BEN, rights_events.MemberNamed(plan="P1", person="pc", since=TODAY))
    refused(
        services, BEN, rights_events.MemberNamed(plan="P1", person=ADE, since=TODAY), NotAllowed
    )
    services.say(ANN, rights_events.MemberNamed(plan="P1", person=ADE, since=TODAY))
    end = rights_events.MembershipEnded(plan="P1", person=ADE, reason="x")
    refused(services, BEN, end, NotAllowed)
    services.say(ANN, end)


# Every kind


def golden() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@EVERY_KIND
def test_it_says_in_its_docstring_what_happened(kind: type[rights_events.RightsEvent]) -> None:
    first = (inspect.getdoc(kind) or "").split("\n")[0]

    assert first.endswith(".")
    assert not first.startswith(kind.__name__)


@EVERY_KIND
def test_it_has_a_row_and_is_learnt(kind: type[rights_events.RightsEvent]) -> None:
    assert kind in WHO
    assert kind in state._EVOLVE
    assert (kind in checks._RULES) is (kind is not rights_events.DemonstrationDeclared)
    assert not WHO[kind] & (SERVICES | {Duty.ANONYMOUS, Duty.INSPECTOR})
    assert not (kind.BY_THE_TRACKER and WHO[kind])


@EVERY_KIND
def test_it_is_refused_to_every_role_without_a_yes(kind: type[rights_events.RightsEvent]) -> None:
    for duty in Duty:
        if duty in WHO[kind]:
            refuse_by_duty(duty, kind)
        else:
            with pytest.raises(NotAllowed, match=r"Ask somebody who may\."):
                refuse_by_duty(duty, kind)


def test_each_kind_is_stored_as_it_always_was_and_read_back() -> None:
    assert [line["topic"] for line in golden()] == [f"{name}@1" for name in RIGHTS_KINDS]
    for number, line in enumerate(golden(), 1):
        event = codec.read_rights_event(line["event"])
        entry = RightsEntry(number, NOW, THE_TRACKER, event)
        stored = rights_mapper.write([entry], number - 1)

        assert json.loads(stored.states[0])["event"] == line["event"]
        assert stored.states[0].decode() == line["stored"]
        assert rights_mapper.read(number, stored.topics[0], stored.states[0]) == entry


@EVERY_KIND
def test_a_field_it_does_not_have_is_refused_by_name(kind: type[rights_events.RightsEvent]) -> None:
    raw = next(each["event"] for each in golden() if each["event"]["kind"] == kind.__name__)

    with pytest.raises(Unreadable, match="“colour”"):
        codec.read_rights_event(raw | {"colour": "red"})


def test_the_stored_lines_can_be_learnt_one_after_the_other() -> None:
    rights = Rights()
    for number, line in enumerate(golden(), 1):
        event = codec.read_rights_event(line["event"])
        rights.learn([RightsEntry(number, NOW, THE_TRACKER, event)])

    assert rights.number == len(RIGHTS_KINDS)
    assert rights.demonstration
