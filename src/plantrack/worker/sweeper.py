"""A sweep: alerts are raised, climb and are cleared, plan by plan, on what the record says.

The lists only say where to look. Each plan is read again before anything is written on it, and
what is written carries a name of its own, so two sweeps at once write it once.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from plantrack.application.commands import NewEvent
from plantrack.application.emergencies import climb_unreviewed
from plantrack.application.plans import Plans
from plantrack.application.services import Services
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.alerts.sweep import Act
from plantrack.domain.alerts.sweep import sweep as acts_of
from plantrack.domain.calendar import LONDON, SWEPT_AT
from plantrack.domain.events import AlertCleared, AlertClimbed, AlertRaised, PlanEvent
from plantrack.domain.obligations.clocks import Clock
from plantrack.domain.refusals import CommandReused, DayNotPossible, StaleVersion
from plantrack.domain.words import THE_TRACKER, day
from plantrack.logs import logger, told
from plantrack.projections import next_sweep
from plantrack.record import CannotReach

MOST_LOOKS = 5
"""How often a plan is looked at again when others keep writing on it."""
MOST_UNREACHED = 3
"""After so many plans in a row that the database did not answer for, it is given up."""
ONE_DAY = timedelta(days=1)

log = logger("sweep")


class Failed(NamedTuple):
    """A plan that could not be swept, and the type of what went wrong."""

    plan: str
    why: str


@dataclass
class Swept:
    """What a sweep did."""

    day: date
    raised: int = 0
    climbed: int = 0
    cleared: int = 0
    plans: int = 0
    failed: list[Failed] = field(default_factory=list)
    seconds: float = 0.0
    finished: bool = False
    """False where it was told to stop, as another process leads now."""
    raised_by_rule: Counter[str] = field(default_factory=Counter)

    def count(self, event: PlanEvent) -> None:
        """Count what was written."""
        match event:
            case AlertRaised(obligation=rule):
                self.raised += 1
                self.raised_by_rule[rule] += 1
            case AlertClimbed():
                self.climbed += 1
            case AlertCleared():
                self.cleared += 1


def sweep(
    services: Services,
    files: Plans,
    today: date | None = None,
    *,
    go_on: Callable[[], bool] = lambda: True,
) -> Swept:
    """Sweep the present day, or an earlier one as it would have been swept then."""
    present = services.today()
    swept = Swept(today or present)
    if swept.day > present:
        raise DayNotPossible(f"{day(swept.day)} has not come yet. Sweep today or an earlier day.")
    began = time.monotonic()
    if swept.day == present:
        _climb_unreviewed(services)
        plans, look = _ripe(services, files, present), Now(services, files)
    else:
        plans, look = services.commands.plans(), Then(services, files)
    swept.finished = _sweep_plans(services, look, plans, swept, go_on)
    swept.seconds = time.monotonic() - began
    return swept


def six_o_clock(on: date) -> datetime:
    """Give the moment at which a day's sweep looks at what people know (R1)."""
    return datetime.combine(on, SWEPT_AT, LONDON).astimezone(UTC)


def _climb_unreviewed(services: Services) -> None:
    """Say that others were told of emergency accesses that nobody reviewed in time."""
    try:
        for access in climb_unreviewed(services):
            log.warning("nobody reviewed an emergency access in time", access=access)
    except Exception as wrong:  # noqa: BLE001 - no review is worth a missed alert
        log.warning("emergency accesses could not be looked through", **told(wrong))


def _ripe(services: Services, files: Plans, today: date) -> list[str]:
    """Name the plans with something due; all plans, if the lists cannot tell."""
    try:
        services.catch_up(files)
        with services.models.reading() as reading:
            return next_sweep.to_sweep(reading, today)
    except Exception as wrong:  # noqa: BLE001 - no list is worth a missed alert
        log.warning("the lists cannot be used, so every plan is swept", **told(wrong))
        return services.commands.plans()


def _sweep_plans(
    services: Services, look: "Now", plans: Iterable[str], swept: Swept, go_on: Callable[[], bool]
) -> bool:
    unreached = 0
    for plan in plans:
        if not go_on():
            return False
        swept.plans += 1
        try:
            _sweep_plan(services, look, plan, swept)
            unreached = 0
        except Exception as wrong:  # one plan's failure never stops the next
            swept.failed.append(Failed(plan, type(wrong).__name__))
            log.warning("a plan was not swept", plan=plan, **told(wrong))
            unreached = unreached + 1 if isinstance(wrong, CannotReach) else 0
            if unreached == MOST_UNREACHED:
                raise
    return True


def _sweep_plan(services: Services, look: "Now", plan: str, swept: Swept) -> None:
    """Write what is owed on one plan, looking again whenever somebody else wrote on it."""
    for tries_left in reversed(range(MOST_LOOKS)):
        last_read, file = look.at(plan, swept.day)
        try:
            for event in _write(services, last_read, file, look.acts(file, swept.day), swept.day):
                swept.count(event)
        except StaleVersion:
            if not tries_left:
                raise
        else:
            return


def _write(
    services: Services, last_read: int, file: RunningPlan, acts: Iterable[Act], today: date
) -> Iterator[PlanEvent]:
    """Write each act as a command of its own and give what was new."""
    for act in acts:
        said = NewEvent(file.plan, act.say(today), last_read)
        try:
            done = services.commands.carry_out(
                [said], THE_TRACKER, command_id=_name(file.plan, act)
            )
        except CommandReused:  # it was done before, on another day
            continue
        last_read = done.entries[-1].number
        if not done.repeated:
            yield said.event


def _name(plan: str, act: Act) -> str:
    """Name the command that does an act: two workers, a retry and a restart give it the same."""
    return f"sweep:{sha256(json.dumps([plan, act.id]).encode()).hexdigest()}"


class Now:
    """How the present day is swept: on everything that the record holds."""

    def __init__(self, services: Services, files: Plans) -> None:
        self._services = services
        self._files = files

    def at(self, plan: str, _: date) -> tuple[int, RunningPlan]:
        """Give a plan's file, and up to which entry it was read."""
        file = self._files.file(plan)
        return file.last_number, file

    def acts(self, file: RunningPlan, today: date) -> list[Act]:
        """Say what is owed; alerts that an earlier sweep should have raised are marked late."""
        acts = acts_of(file, today)
        if any(isinstance(act.say(today), AlertRaised) for act in acts):
            return acts_of(file, today, self._overdue_before(file.plan, today))
        return acts

    def _overdue_before(self, plan: str, today: date) -> list[Clock]:
        before = today - ONE_DAY
        file = self._files.known_by(plan, six_o_clock(before))
        return [clock for clock in file.running if clock.overdue(before)]


class Then(Now):
    """How an earlier day is swept: on what people knew that morning, as if it were then."""

    def at(self, plan: str, today: date) -> tuple[int, RunningPlan]:
        """Give a plan's file as it was known then, and up to which entry it was read."""
        last_read = self._services.record.last_number(plan)
        return last_read, _without_later_sweeps(
            self._files.known_by(plan, six_o_clock(today)), today
        )


def _without_later_sweeps(file: RunningPlan, today: date) -> RunningPlan:
    """Leave out what sweeps of later days wrote, so that sweeping a day twice says it once."""
    kept = [
        entry
        for entry in file.entries.values()
        if not (entry.event.BY_THE_TRACKER and entry.event.on > today)
    ]
    if len(kept) == len(file.entries):
        return file
    return RunningPlan(file.plan, kept, file.policies, file.amend, file.history.before)
