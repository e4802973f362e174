"""A plan's facts, arranged so that each obligation finds those it reads."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import NamedTuple, TypeVar, cast

from plantrack.domain.events import (
    ENDINGS,
    ActionAgreed,
    ActionRescheduled,
    AgencyJoined,
    AgencyLeft,
    DecisionMade,
    Ending,
    PlanEvent,
    PlanOpened,
    PositionTaken,
    ends,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.policy import Policies
from plantrack.domain.words import TAKEN, Named, PlanKind

Kind = type[PlanEvent]
E = TypeVar("E", bound=PlanEvent)
AnyFact = Fact[PlanEvent]


class DueDay(NamedTuple):
    """A day on which a carried action was due, and what had already met it on the plan before."""

    due_on: date
    met_by: AnyFact | None


class Carried(NamedTuple):
    """An action that came over from the plan before, with the due days it had (R27)."""

    action: str
    agreed: Fact[ActionAgreed]
    owner: Named
    moves: tuple[Fact[ActionRescheduled], ...]
    done: tuple[DueDay, ...]
    reviewed: tuple[DueDay, ...]
    closed: AnyFact | None


class Before(NamedTuple):
    """What a plan owes to other plans: carried actions, and an earlier child protection plan."""

    carried: tuple[Carried, ...] = ()
    cp_plan: bool = False


NOTHING_BEFORE = Before()


class History:
    """One plan's facts in order: by day, then by entry number."""

    def __init__(self, plan: str, policies: Policies, before: Before = NOTHING_BEFORE) -> None:
        self.plan = plan
        self.policies = policies
        self.before = before
        self.opening: Fact[PlanOpened] | None = None
        self.ending: Fact[Ending] | None = None
        self.kind = PlanKind.CIN
        self.child = ""
        self._facts: dict[tuple[Kind, str | None], list[AnyFact]] = {}
        self._endings: list[Fact[Ending]] = []

    def add(self, fact: AnyFact) -> None:
        """Put a fact in its place."""
        for facts in self._places(fact):
            if facts and facts[-1] > fact:
                insort(facts, fact)
            else:
                facts.append(fact)
        self._note_bounds(fact)

    def remove(self, fact: AnyFact) -> None:
        """Take out a fact that no longer counts so."""
        for facts in self._places(fact):
            facts.remove(fact)
        self._note_bounds(fact)

    def _places(self, fact: AnyFact) -> Iterable[list[AnyFact]]:
        event = fact.event
        kind = type(event)
        yield self._facts.setdefault((kind, None), [])
        if kind.ABOUT:
            yield self._facts.setdefault((kind, getattr(event, kind.ABOUT)), [])
        if ends(event):
            yield cast("list[AnyFact]", self._endings)

    def _note_bounds(self, fact: AnyFact) -> None:
        """Keep what begins and ends the plan at hand, if the fact is one of these."""
        if isinstance(fact.event, PlanOpened):
            self.opening = next(iter(self.of(PlanOpened)), None)
            self.kind = self.opened.plan_kind if self.opened else PlanKind.CIN
            self.child = self.opened.child if self.opened else ""
        elif isinstance(fact.event, ENDINGS):
            self.ending = next(iter(self._endings), None)

    def of(self, kind: type[E], name: str | None = None) -> Sequence[Fact[E]]:
        """Give the facts of a kind, or those about one thing."""
        return cast("Sequence[Fact[E]]", self._facts.get((kind, name), ()))

    def of_any(self, kinds: Iterable[Kind], name: str | None = None) -> list[AnyFact]:
        """Give the facts of several kinds in order."""
        several = [facts for kind in kinds if (facts := self._facts.get((kind, name)))]
        return sorted(chain.from_iterable(several)) if several[1:] else [*chain(*several)]

    def names(self, kind: Kind) -> set[str]:
        """Name the things that facts of a kind are about."""
        return {name for of, name in self._facts if of is kind and name is not None}

    @property
    def opened(self) -> PlanOpened | None:
        """Give the event that opened the plan, unless it was retracted."""
        return self.opening.event if self.opening else None

    def agencies_on(self, day: date) -> set[str]:
        """Say which agencies are on the plan at the end of a day."""
        there = set(self.opened.agencies) if self.opened else set()
        for fact in self.of_any((AgencyJoined, AgencyLeft)):
            match fact.event:
                case AgencyJoined(agency=agency) if fact.on <= day:
                    there.add(agency)
                case AgencyLeft(agency=agency) if fact.on <= day:
                    there.discard(agency)
        return there

    def groups(self, agencies: Iterable[str], day: date) -> set[str]:
        """Say which groups some agencies make up, by the policy of a day."""
        return self.policies.on(day).groups(agencies)

    def shared_by(self, decision: str) -> AnyFact | None:
        """Give the fact by which a second group of agencies took a position on a decision."""
        for made in self.of(DecisionMade, decision):
            taken = [a for a, stance in made.event.positions.items() if stance.position in TAKEN]
            groups = self.groups(taken, made.on)
            if len(groups) > 1:
                return made
            for later in first_from(self.of(PositionTaken, decision), made.on):
                if later.event.position in TAKEN:
                    groups |= self.groups((later.event.agency,), made.on)
                    if len(groups) > 1:
                        return later
        return None

    def carried(self, action: str) -> Carried | None:
        """Find what was carried over of an action."""
        return next((each for each in self.before.carried if each.action == action), None)


def first_from(facts: Sequence[Fact[E]], day: date) -> Sequence[Fact[E]]:
    """Give the facts from a day on; they come in order."""
    return facts[bisect_left(facts, (day,)) :]
