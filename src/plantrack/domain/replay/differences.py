"""The two clocks, and what each finds that was due and was not done."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from plantrack.domain.calendar import LONDON, end_of, first_sweep_knowing
from plantrack.domain.events import Corrected, Retracted
from plantrack.domain.events.entries import Amend, Entry, as_corrected
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.plans.as_known import Moment
from plantrack.domain.policy import Policies
from plantrack.domain.replay.rehearsal import Line, rehearse

ONE_DAY = timedelta(days=1)
NOON = time(12)


class Reckoned(StrEnum):
    """By which clock a day is told."""

    KNOWN = "known"
    TRUE = "true"

    def end_of(self, day: date) -> Moment:
        """Give the moment from which a day is looked at: its end, or all that is known of it."""
        return Moment(known_at=end_of(day)) if self is Reckoned.KNOWN else Moment(true_on=day)


def missed(
    plan: str,
    family: Sequence[Entry],
    policies: Policies,
    amend: Amend,
    last: date,
    clock: Reckoned = Reckoned.KNOWN,
) -> list[Line]:
    """Find what was not done on a plan, each on the day of the sweep that would have found it.

    ``family`` holds the entries of all plans of the child. A sweep knows only what was recorded
    before it, so what later entries say changes nothing of what it found.
    """
    if clock is Reckoned.TRUE:
        family = as_it_was(family, amend)
    ordered = sorted(family, key=lambda entry: entry.known_at)
    lines = rehearse(ordered, policies, amend, last)
    return [each for each in lines if each.plan == plan and each.obligation != ALERT_ANSWERED.code]


def as_it_was(family: Sequence[Entry], amend: Amend) -> list[Entry]:
    """Give entries as they count now, each as if it had been recorded on the day it is about."""
    plans: dict[str, list[Entry]] = {}
    for entry in family:
        plans.setdefault(entry.plan, []).append(entry)
    found = []
    for entries in plans.values():
        counts = as_corrected(((each.number, each.event) for each in entries), amend)
        for each in entries:
            event = counts[each.number]
            if event is None or isinstance(event, Corrected | Retracted) or event.BY_THE_TRACKER:
                continue
            then = datetime.combine(event.on, NOON, LONDON)
            found.append(Entry(each.plan, each.number, then, each.by, event))
    return sorted(found, key=lambda each: (each.event.on, each.number))


def swept_until(now: datetime) -> date:
    """Say on which day the last sweep ran."""
    return first_sweep_knowing(now) - ONE_DAY
