"""How rules are kept and asked.

A rule looks at where the plan stands, the event, who says it and which day it is. Rules marked
``again`` are also asked of an event as a correction would leave it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from plantrack.domain.events import PlanEvent
from plantrack.domain.plans.plan import Plan
from plantrack.domain.words import Person


@dataclass(frozen=True)
class Saying:
    """Somebody saying something on a day, about a plan."""

    plan: Plan
    event: Any
    by: Person
    today: date


Rule = Callable[[Saying], None]
RULES: list[tuple[tuple[type[PlanEvent], ...], bool, Rule]] = []


def rule(*kinds: type[PlanEvent], again: bool = False) -> Callable[[Rule], Rule]:
    """Ask a rule of some kinds of event, or of all if none is named."""

    def put(refuse: Rule) -> Rule:
        RULES.append((kinds or (PlanEvent,), again, refuse))
        return refuse

    return put


@cache
def rules_for(kind: Any, *, again: bool) -> tuple[Rule, ...]:
    """Give the rules to ask of a kind of event, newly said or put right."""
    return tuple(
        refuse
        for kinds, also_again, refuse in RULES
        if issubclass(kind, kinds) and (also_again or not again)
    )


def check(plan: Plan, event: PlanEvent, by: Person, today: date) -> None:
    """Refuse what may not be recorded now. Asked once, when an event is recorded."""
    saying = Saying(plan, event, by, today)
    kind: Any = type(event)
    for refuse in rules_for(kind, again=False):
        refuse(saying)


def every_rule() -> Iterable[Rule]:
    """List the rules, for the tests that hold each to its docstring."""
    return (refuse for _, _, refuse in RULES)
