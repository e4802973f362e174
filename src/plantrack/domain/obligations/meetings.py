"""Meetings: held again in time, quorate, reported to, circulated (S1 S2 S8)."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from plantrack.domain.events import (
    DecisionMade,
    MeetingHeld,
    MeetingMoved,
    MeetingPlanned,
    PlanEvent,
    PlanTransferredOut,
    RecordCirculated,
    ReportSubmitted,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.clocks import EVERY, Run, Runs, chain, first
from plantrack.domain.obligations.reading import CONFERENCES, held, in_the_room, precedes
from plantrack.domain.plans.history import AnyFact, History, first_from
from plantrack.domain.words import DecisionKind, MeetingType

REPORTED_TO = frozenset({MeetingType.INITIAL_CONFERENCE, MeetingType.REVIEW_CONFERENCE})


def conference(event: PlanEvent, _: History) -> Iterable[str]:
    """Touch every conference, as a later one may be the quorate one."""
    return (EVERY,) if getattr(event, "type", None) in CONFERENCES else ()


def meeting_chain(kind: MeetingType, *, from_opening: bool = False) -> Runs:
    """Run from each meeting of a type to the next."""

    def runs(history: History, _: str) -> Iterator[Run]:
        opening = history.opening if from_opening else None
        yield from chain(history.plan, opening, held(history, kind))

    return runs


def first_meeting(kind: MeetingType) -> Runs:
    """Run from the initial conference that opened the plan to a first meeting of a type (R36)."""

    def runs(history: History, _: str) -> Iterator[Run]:
        if history.opening and history.opened:
            since = history.opened.origin.initial_conference_on or history.opening.on
            stop = first(first_from(held(history, kind), history.opening.on))
            yield Run(history.plan, history.opening, stop, since=since)

    return runs


def initial_conference(history: History, _: str) -> Iterator[Run]:
    """Run from each strategy discussion, unless a later one replaces it first (R35)."""
    no_conference: list[AnyFact] = [
        fact
        for fact in history.of(DecisionMade)
        if fact.event.decision_kind is DecisionKind.NO_CONFERENCE
    ]
    stops = sorted([*held(history, MeetingType.INITIAL_CONFERENCE), *no_conference])
    discussions = held(history, MeetingType.STRATEGY_DISCUSSION)
    for start, later in zip_longest(discussions, discussions[1:]):
        stop = first(first_from(stops, start.on))
        if later is None or (stop and precedes(stop, later)):
            yield Run(history.plan, start, stop)


def transfer_conference(history: History, _: str) -> Iterator[Run]:
    """Run from the notice of a transfer that is not accepted yet (R31)."""
    for notice in history.of(PlanTransferredOut):
        if not notice.event.accepted:
            held_then = first_from(held(history, MeetingType.TRANSFER_CONFERENCE), notice.on)
            yield Run(history.plan, notice, first(held_then))


def quorum(history: History, meeting: str) -> Iterator[Run]:
    """Run from a conference without a quorum to a quorate one of the same type (R41)."""

    def quorate(fact: Fact[MeetingHeld]) -> bool:
        return history.policies.on(fact.on).quorate(in_the_room(fact))

    for start in history.of(MeetingHeld, meeting):
        kind = start.event.type
        if kind in CONFERENCES and not quorate(start):
            again = first_from(held(history, kind), start.on)
            yield Run(meeting, start, first(fact for fact in again if quorate(fact)))


def report_to_conference(history: History, meeting: str) -> Iterator[Run]:
    """Run for each invited agency; a moved meeting moves the day (R42)."""
    for planned in history.of(MeetingPlanned, meeting):
        event = planned.event
        if event.type not in REPORTED_TO:
            continue
        for agency in dict.fromkeys(event.invited):
            reports = first_from(history.of(ReportSubmitted, meeting), planned.on)
            stop = first(r for r in reports if r.event.agency == agency)
            moves = history.of(MeetingMoved, meeting)
            last: Fact[MeetingPlanned] | Fact[MeetingMoved] = moves[-1] if moves else planned
            yield Run(
                f"{meeting}/{agency}",
                planned,
                stop,
                event.type.value,
                since=last.event.planned_for,
                because=(last.number,),
            )


def record_circulated(history: History, meeting: str) -> Iterator[Run]:
    """Run from each conference to the first circulation of its record (R44)."""
    for start in history.of(MeetingHeld, meeting):
        if start.event.type in CONFERENCES:
            yield Run(
                meeting, start, first(first_from(history.of(RecordCirculated, meeting), start.on))
            )
