"""Many plans together: what one plan's entry owes to the child's other plans."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from plantrack.domain.calendar import london_day
from plantrack.domain.events import (
    Corrected,
    PlanClosed,
    PlanEvent,
    PlanOpened,
    PlanSteppedDown,
    PlanSteppedUp,
    Retracted,
    ends,
    successor,
)
from plantrack.domain.events.entries import Amend
from plantrack.domain.plans import rules
from plantrack.domain.plans.plan import Inherited, Plan
from plantrack.domain.refusals import DayNotPossible, NoSuchPlan, NotForThisKind, PlansOverlap
from plantrack.domain.words import ClosureReason, Person, PlanKind, day

STEPS_TO = {PlanSteppedUp: PlanKind.CP, PlanSteppedDown: PlanKind.CIN}
NEVER = date.max


class Shelf(Protocol):
    """Where plans are kept that are not in the book yet: the record, or nothing."""

    def events_of(self, plan: str) -> Iterable[PlanEvent]:
        """Give a plan's events in the order recorded; none if there is no such plan."""

    def plans_of(self, child: str) -> Iterable[str]:
        """Name a child's plans in the order recorded."""


class EmptyShelf:
    """No plans but those that are recorded in the book itself."""

    def events_of(self, _: str) -> Iterable[PlanEvent]:
        """Give no events."""
        return ()

    def plans_of(self, _: str) -> Iterable[str]:
        """Name no plans."""
        return ()


class PlanBook:
    """Plans by name and by child, so that one command can be checked against all it touches."""

    def __init__(self, amend: Amend, shelf: Shelf | None = None) -> None:
        self.amend = amend
        self.plans: dict[str, Plan] = {}
        self._shelf = shelf or EmptyShelf()
        self._of_child: dict[str, list[str]] = {}
        self._stepped_to: dict[str, str] = {}

    def find(self, name: str) -> Plan | None:
        """Find a plan, on the shelf if need be."""
        if name not in self.plans:
            for event in self._shelf.events_of(name):
                plan = self.plans.get(name) or Plan(name, self.amend, self._inherited(name, event))
                self.evolve(plan, event)
        return self.plans.get(name)

    def plan(self, name: str) -> Plan:
        """Find a plan, or say that there is none."""
        if (found := self.find(name)) is None:
            raise NoSuchPlan(name)
        return found

    def forget(self, name: str) -> None:
        """Take a plan out of the book, to be found again on the shelf."""
        self.plans.pop(name, None)
        for plans in self._of_child.values():
            if name in plans:
                plans.remove(name)
        for after in [to for to, before in self._stepped_to.items() if before == name]:
            del self._stepped_to[after]

    def of_child(self, child: str) -> list[Plan]:
        """List a child's plans in the order they were recorded."""
        names = dict.fromkeys([*self._shelf.plans_of(child), *self._of_child.get(child, ())])
        return [plan for name in names if (plan := self.find(name))]

    def record(
        self,
        name: str,
        event: PlanEvent,
        by: Person,
        recorded_at: datetime,
        number: int | None = None,
    ) -> Plan:
        """Take in an event that somebody records on a plan, or refuse it."""
        plan = self.find(name) or Plan(name, self.amend, self._inherited(name, event))
        rules.check(plan, event, by, london_day(recorded_at))
        if isinstance(event, PlanOpened):
            self._check_opening(plan, event)
        elif isinstance(event, Corrected | Retracted):
            self._check_putting_right(plan, event)
        return self.evolve(plan, event, number)

    def evolve(self, plan: Plan, event: PlanEvent, number: int | None = None) -> Plan:
        """Take in what has happened on a plan. Never refuses."""
        plan.evolve(event, number)
        if isinstance(event, PlanOpened) and plan.name not in self.plans:
            self.plans[plan.name] = plan
            self._of_child.setdefault(event.child, []).append(plan.name)
        elif isinstance(event, PlanSteppedUp | PlanSteppedDown):
            self._stepped_to[event.to_plan] = plan.name
        return plan

    def _before(self, name: str, opened: PlanOpened) -> Plan | None:
        """Find the plan that a new one takes the place of."""
        before = self._stepped_to.get(name) or opened.follows
        return self.find(before) if before else None

    def _inherited(self, name: str, event: PlanEvent) -> tuple[Inherited, ...]:
        before = self._before(name, event) if isinstance(event, PlanOpened) else None
        return before.carried() if before and successor(before.now.ended) == name else ()

    def _check_opening(self, plan: Plan, opened: PlanOpened) -> None:
        """Refuse a plan that does not fit the child's other plans."""
        if opened.follows and self.find(opened.follows) is None:
            raise NoSuchPlan(opened.follows)
        if before := self._before(plan.name, opened):
            self._check_succession(before, plan.name, opened)
        for other in self.of_child(opened.child):
            _refuse_after_death(other, opened)
            _refuse_overlap(other, opened.plan_kind, opened.on, NEVER)

    def _check_succession(self, before: Plan, name: str, opened: PlanOpened) -> None:
        """Refuse a successor of another child, kind or day than its plan was stepped to."""
        if before.now.opened and before.now.opened.child != opened.child:
            raise NotForThisKind(
                f"Plan {before.name} is another child's. Leave it out: one plan is one child."
            )
        step = before.now.ended
        if not isinstance(step, PlanSteppedUp | PlanSteppedDown):
            return
        if step.to_plan != name:
            raise NotForThisKind(
                f"Plan {before.name} was stepped to plan {step.to_plan}. Check the name."
            )
        if STEPS_TO[type(step)] is not opened.plan_kind:
            raise NotForThisKind(
                f"Plan {before.name} was stepped to another kind of plan. Check “plan_kind”."
            )
        if step.on != opened.on:
            raise DayNotPossible(
                f"Plan {before.name} was stepped to this one on {day(step.on)}: "
                "both must have the same day."
            )

    def _check_putting_right(self, plan: Plan, event: Corrected | Retracted) -> None:
        """Refuse to reopen or move a plan so that it stands beside another of the child."""
        target = plan.counts()[event.entry]
        if target is None or not (isinstance(target, PlanOpened) or _touches_end(target)):
            return
        after = plan.after(event)
        opened, ended = after.now.opened, after.now.ended
        if opened is None:
            return
        for other in self.of_child(opened.child):
            if other is not plan:
                _refuse_overlap(other, opened.plan_kind, opened.on, ended.on if ended else NEVER)


def _touches_end(target: PlanEvent) -> bool:
    return ends(target) or isinstance(target, Corrected | Retracted)


def _refuse_after_death(other: Plan, opened: PlanOpened) -> None:
    """Nothing is dated after a child's death (DfE 8920)."""
    ended = other.now.ended
    died = isinstance(ended, PlanClosed) and ended.reason is ClosureReason.DIED
    if ended and died and opened.on > ended.on:
        raise DayNotPossible(
            f"Plan {other.name} says that the child died on or before {day(ended.on)}. "
            "Check the child and the date."
        )


def _refuse_overlap(other: Plan, kind: PlanKind, start: date, end: date) -> None:
    """Refuse two plans of a child side by side, where one of them is child protection.

    They may touch on the hand-over day (DfE 8935, 8940, 4001, 4016, 4017).
    """
    opened, ended = other.now.opened, other.now.ended
    if opened is None or PlanKind.CP not in (kind, opened.plan_kind):
        return
    if start < (ended.on if ended else NEVER) and opened.on < end:
        stands = f"until {day(ended.on)}" if ended else "and is open"
        raise PlansOverlap(
            f"The child has {opened.plan_kind.says} plan {other.name}, which stands from "
            f"{day(opened.on)} {stands}. End it first, or check the dates."
        )
