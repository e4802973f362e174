"""What a sweep of one plan has to say: alerts to raise, to climb and to clear, each from a day on.

The same acts say when the plan must be swept next, so that a sweep reads only what is due.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from plantrack.domain.alerts.climbing import next_climb
from plantrack.domain.alerts.raised import ToldAlert
from plantrack.domain.alerts.running import Key, RunningPlan
from plantrack.domain.events import AlertCleared, AlertClimbed, AlertRaised, PlanEvent
from plantrack.domain.obligations.clocks import Clock

ONE_DAY = timedelta(days=1)


class Act(NamedTuple):
    """Something that a sweep of a day, or of any day after it, must put on the plan."""

    name: tuple[object, ...]
    from_day: date
    say: Callable[[date], PlanEvent]

    @property
    def id(self) -> str:
        """Name the act, so that nobody does it twice: two workers and a retry agree on it."""
        return ":".join(map(str, self.name))


def acts(file: RunningPlan) -> Iterator[Act]:
    """Give what sweeps owe the plan, as it stands now."""
    yield from _on_open_alerts(file)
    times = _times_raised(file)
    for key, clocks in file.running_by_key.items():
        if key not in file.open_alerts:
            yield _raise(file, clocks, times[key] + 1)


def _on_open_alerts(file: RunningPlan) -> Iterator[Act]:
    times = _times_raised(file) if file.open_alerts else Counter()
    for key, alert in file.open_alerts.items():
        if key not in file.running_by_key:
            yield _clear(file, alert, file.clocks_of(key), times[key])
        else:
            yield from _climb(file, alert, times[key])


def _times_raised(file: RunningPlan) -> Counter[Key]:
    return Counter(alert.key for alert in file.alerts)


def sweep(file: RunningPlan, today: date, overdue_before: Iterable[Clock] = ()) -> list[Act]:
    """Give what a sweep of this day must say, what is due longest first.

    ``overdue_before`` are the clocks that a sweep of the day before would already have found
    overdue: an alert on one of them is marked late.
    """
    late = {(clock.obligation, clock.about, clock.due_on) for clock in overdue_before}
    ripe = (_marked(act, late) for act in acts(file) if act.from_day <= today)
    return sorted(ripe, key=lambda act: (act.from_day, act.id))


def next_sweep(file: RunningPlan) -> date | None:
    """Give the first day on which a sweep has something to say, if nothing else happens."""
    days = [act.from_day for act in _on_open_alerts(file)]
    days += [due_on + ONE_DAY for _, _, due_on in file.running_by_key.keys() - file.open_alerts]
    return min(days, default=None)


def _marked(act: Act, late: set[Key]) -> Act:
    event = act.say(act.from_day)
    if isinstance(event, AlertRaised) and (event.obligation, event.about, event.due_on) in late:
        return act._replace(say=lambda today: _late(act.say(today)))
    return act


def _late(event: PlanEvent) -> PlanEvent:
    return type(event)(**{**vars(event), "late": True})


def _raise(file: RunningPlan, clocks: list[Clock], nth: int) -> Act:
    """Raise one alert for all clocks of the same name and day (R34), perhaps again (R5)."""
    clock = clocks[0]
    key = (clock.obligation, clock.about, clock.due_on)

    def say(today: date) -> AlertRaised:
        policy = file.policies.on(clock.started_on)
        because = tuple(sorted({number for each in clocks for number in each.because}))
        return AlertRaised(
            on=today,
            obligation=clock.obligation,
            about=clock.about,
            due_on=clock.due_on,
            because=because,
            policy=policy.version,
            told=policy.told(),
        )

    return Act(("raised", *key, nth), clock.due_on + ONE_DAY, say)


def _clear(file: RunningPlan, alert: ToldAlert, clocks: list[Clock], nth: int) -> Act:
    """Clear an alert whose clock no longer runs: met where every clock of its name is (R34)."""
    met = [clock for clock in clocks if clock.met_on is not None]
    last = max(met, key=lambda clock: clock.met_on or date.min) if met else None
    if len(met) != len(clocks):
        last = None
    due_on = alert.raised.due_on

    def say(today: date) -> AlertCleared:
        met_on = last.met_on if last else None
        return AlertCleared(
            on=today,
            alert=alert.id,
            by_entry=_own(file, last),
            met_on=met_on,
            days_late=max(0, (met_on - due_on).days) if met_on else None,
        )

    return Act(("cleared", *alert.key, nth), alert.raised.on, say)


def _own(file: RunningPlan, clock: Clock | None) -> int | None:
    """Give the number of the entry that met a clock, if it stands on this plan."""
    if clock is None or clock.met_by is None:
        return None
    event = file.counts.get(clock.met_by)
    return clock.met_by if event is not None and event.on == clock.met_on else None


def _climb(file: RunningPlan, alert: ToldAlert, nth: int) -> Iterator[Act]:
    """Tell the next people of an alert that nobody answered in time (R59)."""
    climbed, ending = len(alert.climbed), file.history.ending
    climb = next_climb(file.policies, alert.unanswered_since, climbed, ending and ending.on)
    if alert.answer or climb is None:
        return

    def say(today: date) -> AlertClimbed:
        due_on, to, policy = climb
        return AlertClimbed(on=today, alert=alert.id, due_on=due_on, to=to, policy=policy)

    yield Act(("climbed", *alert.key, nth, climbed + 1), climb.due_on + ONE_DAY, say)
