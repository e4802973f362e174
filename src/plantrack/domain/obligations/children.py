"""The child: seen, heard, missed, and left without a service (S5 S10 S11)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from plantrack.domain.events import (
    AbsenceExplored,
    ChildSeen,
    ContactMissed,
    MeetingHeld,
    ServiceWithdrawn,
)
from plantrack.domain.events.children import face_to_face, heard
from plantrack.domain.events.entries import in_order
from plantrack.domain.obligations.clocks import Run, Runs, chain, first
from plantrack.domain.obligations.reading import HEARS_THE_CHILD, held, in_the_room, precedes
from plantrack.domain.plans.history import AnyFact, History, first_from

IN_A_ROW = 2


def child_seen(counts: Callable[[ChildSeen], bool]) -> Runs:
    """Run from the opening and from each time the child was seen so."""

    def runs(history: History, _: str) -> Iterator[Run]:
        seen = [fact for fact in history.of(ChildSeen) if counts(fact.event)]
        yield from chain(history.child, history.opening, seen, history.kind.value)

    return runs


def child_heard(history: History, _: str) -> Iterator[Run]:
    """Run from each review or conference, unless the child was heard since the one before (R53)."""
    words = [fact for fact in history.of(ChildSeen) if heard(fact.event)]
    referred_on = history.opened.origin.referred_on if history.opened else None
    meetings = held(history, *HEARS_THE_CHILD)
    for meeting in meetings:
        earlier = [before.on for before in meetings if before.on < meeting.on]
        since = earlier[-1] + timedelta(days=1) if earlier else referred_on or date.min
        yield Run(history.child, meeting, first(first_from(words, since)))


def absence_explored(history: History, _: str) -> Iterator[Run]:
    """Run once for two contacts missed in a row, until explored or the child is seen (R7, R54)."""
    seen = [fact for fact in history.of(ChildSeen) if face_to_face(fact.event)]
    ends: list[AnyFact] = sorted([*history.of(AbsenceExplored), *seen])
    missed = history.of(ContactMissed)
    in_a_row = 1
    for one, other in pairwise(missed):
        between = _between(ends, one, other)
        in_a_row = 1 if between else in_a_row + 1
        if between or in_a_row == IN_A_ROW:
            stop = between or first(first_from(ends, other.on))
            numbers = sorted((one.number, other.number))
            yield Run(history.plan, other, stop, because=tuple(numbers))


def _between(facts: list[AnyFact], one: AnyFact, other: AnyFact) -> AnyFact | None:
    place = bisect_right(facts, one[:2], key=in_order)
    return facts[place] if place < len(facts) and precedes(facts[place], other) else None


def withdrawal_reviewed(history: History, service: str) -> Iterator[Run]:
    """Run from a withdrawal to a meeting of two groups on a later day (R43)."""
    for start in history.of(ServiceWithdrawn, service):
        later = first_from(history.of(MeetingHeld), start.on + timedelta(days=1))
        yield Run(
            service,
            start,
            first(f for f in later if len(history.groups(in_the_room(f), f.on)) > 1),
        )
