"""What rights say of somebody and a plan now, and whether they have changed since.

Rights are kept in memory as their record's entries add up, and looked at again for every request.
Whatever was decided on them is checked once more where it takes effect: an append is refused if
the record of rights has moved on, and what was read is not shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from threading import Lock
from typing import NamedTuple

from plantrack import codec
from plantrack.domain.events.entries import Entry, as_corrected
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import (
    Decision,
    PlanFacts,
    Subject,
    as_granted,
    authorise,
    context,
)
from plantrack.domain.rights.checks import Saying, check
from plantrack.domain.rights.events import RightsEvent
from plantrack.domain.rights.facts import facts_of
from plantrack.domain.rights.state import Rights, RightsEntry
from plantrack.domain.words import Person
from plantrack.projections import facts as facts_kept
from plantrack.projections.store import ReadModels
from plantrack.record import CannotReach, EntryUnreadable, Record, RightsMoved

MOST_TRIES = 8
MOST_AT_HAND = 20_000


class Look(NamedTuple):
    """Rights as they stood at one look, and the number of the last entry that they rest on."""

    rights: Rights
    known: int


class Authoriser:
    """Knows who may see and do what, for any number of threads."""

    def __init__(self, record: Record, models: ReadModels, now: Callable[[], datetime]) -> None:
        self._record = record
        self._models = models
        self._now = now
        self._rights = Rights()
        self._turn = Lock()
        self._kept: dict[str, tuple[int, PlanFacts]] = {}

    def look(self) -> Look:
        """Look where rights stand now."""
        return self._at(self._record.rights_number())

    def still(self, look: Look) -> bool:
        """Whether rights stand as they did at a look."""
        return self._record.rights_number() == look.known

    def facts(self, plans: Sequence[str]) -> dict[str, PlanFacts]:
        """Give what rights depend on of some plans, as their entries stand now."""
        return self._find(plans, self._record.stands(plans)[1])

    def decide(
        self, subject: Subject | None, action: Action, plan: str | None = None
    ) -> tuple[Decision, PlanFacts | None, Look]:
        """Decide whether somebody may do something, on a plan or without one.

        A refusal is decided anew on facts that are read for it. Else one that is quick, as others
        have the plan at hand, would tell a plan that somebody may not see from none.
        """
        now = self._now()
        if plan is None:
            look = self.look()
            return _decide(look, subject, action, None, now), None, look
        known, numbers = self._record.stands([plan])
        look = self._at(known)
        facts = self._at_hand(plan, numbers[plan]) or self._learnt(plan, numbers[plan])
        decision = _decide(look, subject, action, facts, now)
        if not decision.allow:
            facts = self._find([plan], {}).get(plan)
            decision = _decide(look, subject, action, facts, now)
            if decision.allow and facts:
                self._keep(facts, numbers[plan])
        return decision, facts, look

    def _at(self, number: int) -> Look:
        """Bring rights to where their record is known to stand."""
        if number != self._rights.number:
            with self._turn:
                self._rights.learn(self._record.rights_after(self._rights.number))
        # The number first: what is learnt meanwhile is then found out where it takes effect.
        known = self._rights.number
        return Look(self._rights, known)

    def _find(self, plans: Sequence[str], numbers: Mapping[str, int]) -> dict[str, PlanFacts]:
        """Find facts: at hand where they are of the last entry, else in the lists or the record."""
        found = {
            plan: facts
            for plan, number in numbers.items()
            if (facts := self._at_hand(plan, number) or self._learnt(plan, number))
        }
        missing = [plan for plan in plans if plan not in found]
        if not missing:
            return found
        with self._models.reading() as reading:
            read = facts_kept.of_plans(reading, missing)
            position = reading.position()
        for plan in self._record.written_since(missing, position):
            read.pop(plan, None)
            if (facts := self._read(plan)) is not None:
                read[plan] = facts
        for plan, facts in read.items():
            self._keep(facts, numbers.get(plan, 0))
        return found | read

    def _at_hand(self, plan: str, number: int) -> PlanFacts | None:
        at, facts = self._kept.get(plan, (0, None))
        return facts if number and at == number else None

    def _learnt(self, plan: str, number: int) -> PlanFacts | None:
        """Give the facts at hand where the entries that came since change none of them."""
        at, facts = self._kept.get(plan, (0, None))
        if facts is None or not at < number:
            return None
        try:
            came = self._record.entries(plan, at)
        except EntryUnreadable:
            return None
        if any(type(entry.event) in facts_kept.READS for entry in came):
            return None
        self._keep(facts, came[-1].number if came else at)
        return facts

    def _keep(self, facts: PlanFacts, number: int) -> None:
        """Keep facts as those of an entry; they may be of a later one, and are then read again."""
        if number:
            if len(self._kept) >= MOST_AT_HAND:
                self._kept.clear()
            self._kept[facts.plan] = number, facts

    def state(
        self,
        events: Sequence[RightsEvent],
        by: Person,
        subject: Subject | None,
        allowed: Callable[[], Look] | None = None,
    ) -> None:
        """Put something on the record of rights, or refuse it; the last word is its own check.

        ``allowed`` refuses who may not say it, and gives the look that this rests on: where rights
        have changed since, it is asked again.
        """
        for _ in range(MOST_TRIES):
            look, now = allowed() if allowed else self.look(), self._now()
            entries = self.entries(look, events, by, subject, now)
            try:
                self._record.append([], known_rights=look.known, rights=entries)
            except RightsMoved:
                continue
            self.look()
            return
        raise CannotReach("Others keep changing rights. Try again in a moment.")

    def entries(
        self,
        look: Look,
        events: Iterable[RightsEvent],
        by: Person,
        subject: Subject | None,
        now: datetime,
    ) -> list[RightsEntry]:
        """Check what is said about rights as they stand, and number it."""
        person, post = (subject.person, subject.post) if subject else (None, None)
        entries: list[RightsEntry] = []
        rights = look.rights
        for number, event in enumerate(events, look.known + 1):
            if entries:
                rights = self._own(rights) if rights is look.rights else rights
                rights.learn(entries[-1:])
            check(Saying(rights, event, person, now, post))
            entries.append(RightsEntry(number, now, by, event))
        return entries

    def _own(self, rights: Rights) -> Rights:
        """Copy rights, to see what something would come to without saying it."""
        with self._turn:
            return deepcopy(rights)

    def _read(self, plan: str) -> PlanFacts | None:
        entries = self._record.entries_of([plan]).get(plan, [])
        return _facts(plan, entries)


def _decide(
    look: Look, subject: Subject | None, action: Action, facts: PlanFacts | None, now: datetime
) -> Decision:
    if subject is None:
        return authorise(None, action, None, now)
    stands = as_granted(look.rights, subject, now)
    return authorise(stands, action, context(look.rights, stands, facts), now)


def _facts(plan: str, entries: Sequence[Entry]) -> PlanFacts | None:
    counts = as_corrected(((e.number, e.event) for e in entries), codec.amend)
    return facts_of(plan, (entry.event for entry in entries), counts)
