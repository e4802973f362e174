"""Two clocks: what was known at a moment, and what was true on a day.

What was known at T are the entries recorded by T. What was true on D are the entries about days
up to D, whenever they were recorded. An imported entry was known when its file says it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from plantrack.domain.calendar import LONDON, end_of, london_day
from plantrack.domain.events import Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.events.entries import Amend, Entry, Fact, as_corrected, in_order
from plantrack.domain.plans.history import AnyFact
from plantrack.domain.refusals import MomentBeforePlan, Unreadable
from plantrack.domain.words import day as in_words


@dataclass(frozen=True)
class Moment:
    """A moment to look from: known by then, true by then, or both; all of it by default."""

    known_at: datetime | None = None
    true_on: date | None = None

    def today(self, now: datetime) -> date:
        """Say which day it is from there."""
        known_on = london_day(self.known_at) if self.known_at else None
        return min(day for day in (known_on, self.true_on, london_day(now)) if day)


class Seen(NamedTuple):
    """A plan as seen from a moment: its entries known by then, and how each one counts."""

    entries: list[Entry]
    counts: dict[int, PlanEvent | None]
    facts: list[AnyFact]


def see(entries: Sequence[Entry], moment: Moment, amend: Amend) -> Seen:
    """Look at a plan from a moment, or refuse a moment before the plan existed."""
    known = [e for e in entries if moment.known_at is None or e.known_at <= moment.known_at]
    if not known:
        first = entries[0].known_at.astimezone(LONDON)
        raise MomentBeforePlan(
            f"Nothing was known of plan {entries[0].plan} then: its first entry was recorded on "
            f"{in_words(first.date())} at {first:%H:%M}. Ask for a later moment."
        )
    counts = as_corrected(((entry.number, entry.event) for entry in known), amend)
    facts = sorted(
        (
            Fact(event.on, number, event)
            for number, event in counts.items()
            if event and not isinstance(event, Corrected | Retracted)
        ),
        key=in_order,
    )
    _refuse_before_opening(entries[0].plan, facts, moment)
    seen = [fact for fact in facts if moment.true_on is None or fact.on <= moment.true_on]
    return Seen(known, counts, seen)


def _refuse_before_opening(plan: str, facts: list[AnyFact], moment: Moment) -> None:
    opened = next((fact.on for fact in facts if isinstance(fact.event, PlanOpened)), None)
    if opened and moment.true_on and moment.true_on < opened:
        raise MomentBeforePlan(
            f"Plan {plan} did not exist on {in_words(moment.true_on)}: it was opened on "
            f"{in_words(opened)}. Ask for a later day."
        )


def read_moment(written: str) -> datetime:
    """Read a moment: a day means its end in London, a time without an offset is London's."""
    try:
        if len(written) == len("2020-01-31"):
            return end_of(date.fromisoformat(written))
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(
            "A moment must be a day such as 2020-03-09 or a time such as 2020-03-09T14:30."
        ) from None


def read_day(written: str) -> date:
    """Read a civil day."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Unreadable("A day must be a date such as 2020-03-09.") from None
