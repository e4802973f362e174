"""Corrections and retractions that can be applied."""

from typing import Any

from plantrack.domain.events import Corrected, PlanEvent, Retracted
from plantrack.domain.plans.plan import Plan
from plantrack.domain.plans.rules.rule import Saying, rule, rules_for
from plantrack.domain.refusals import CannotBePutRight, NotOnThisPlan

FREE_NAMES = frozenset({"item", "meeting", "service", "subject"})
"""What an event may name before anything else does."""
FIXED = frozenset({"kind", "child", "plan_kind", "follows", "to_plan"})
"""What says which plan an entry belongs to: a correction cannot change it."""


@rule(Corrected)
def a_correction_can_be_applied(say: Saying) -> None:
    """A correction leaves an event that could have been recorded itself."""
    corrected: Corrected = say.event
    target = _target(say, "corrected")
    if not corrected.fields:
        raise CannotBePutRight("“fields” is empty. Say which fields are put right, and how.")
    if fixed := sorted(FIXED & corrected.fields.keys()):
        raise CannotBePutRight(
            f"“{fixed[0]}” says which plan the entry belongs to and cannot be corrected. "
            "Retract the entry and record it again."
        )
    amended = say.plan.amend(target, corrected.fields)
    _check_name(say.plan, target, amended)
    again = Saying(say.plan, amended, say.by, say.today)
    if target is say.plan.now.ended:
        again = Saying(_without_ending(say.plan), amended, say.by, say.today)
    kind: Any = type(amended)
    for refuse in rules_for(kind, again=True):
        refuse(again)


def _check_name(plan: Plan, target: PlanEvent, amended: PlanEvent) -> None:
    """Let an entry point at another thing on the plan, but not rename what others speak of."""
    about = target.ABOUT
    if about is None or (name := getattr(amended, about)) == getattr(target, about):
        return
    if target.INTRODUCES:
        raise CannotBePutRight(
            f"“{about}” is a name that other entries use and cannot be corrected. Retract the "
            "entry and record it again."
        )
    if about not in FREE_NAMES and not plan.now.knows(about, name):
        raise NotOnThisPlan(f"{about.capitalize()} {name}")


def _without_ending(plan: Plan) -> Plan:
    """Give the plan as it would stand if it had not ended, to check a corrected ending."""
    open_again = Plan(plan.name, plan.amend, plan.inherited)
    for event in plan.counts().values():
        if event and event is not plan.now.ended:
            open_again.now.take_in(event)
    return open_again


@rule(Retracted)
def a_retraction_has_something_to_retract(say: Saying) -> None:
    """An entry can be retracted once."""
    _target(say, "retracted")


def _target(say: Saying, how: str) -> PlanEvent:
    """Find the entry that a correction or retraction is about, as it counts now."""
    number = say.event.entry
    if number not in say.plan.events:
        raise CannotBePutRight(f"Plan {say.plan.name} has no entry {number}. Check the number.")
    target = say.plan.counts()[number]
    if target is None:
        raise CannotBePutRight(
            f"Entry {number} was already retracted and cannot be {how}. Check its number."
        )
    if target.BY_THE_TRACKER:
        raise CannotBePutRight(
            f"Entry {number} is the tracker's own word and cannot be {how}. Check its number."
        )
    return target
