"""Plans on which something comes due every day."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from campaigns.proofs import Alerted
from plantrack.application.commands import Commands
from plantrack.application.services import Services
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import ActionAgreed
from plantrack.record import open_record
from record.plans import ANN, BEN, opened_cp


class Clock:
    """A clock that somebody sets."""

    def __init__(self, on: date, at: time = time(9, 30)) -> None:
        self.now = datetime.combine(on, at, UTC)

    def __call__(self) -> datetime:
        return self.now


_names = count(1)


def open_plans(
    url: str, plans: int, on: date, days: int, now: Callable[[], datetime] | None = None
) -> list[str]:
    """Open plans, each with an action due on each of some days after, and name them."""
    names = [f"CP-D{next(_names)}" for _ in range(plans)]
    with closing(open_record(url)) as record:
        commands = Commands(record, now or Clock(on))
        for plan in names:
            commands.record(plan, opened_cp(plan.replace("-", ""), on), ANN)
            actions = [(plan, _action(n, on, on + timedelta(days=n))) for n in range(1, days + 1)]
            commands.record_together(actions, ANN)
    return names


def expected(url: str, plans: Sequence[str], today: date) -> set[Alerted]:
    """Say which alerts there must be on some plans once a day was swept."""
    with Services(url) as services:
        files = [each for each in services.files().files(plans) if isinstance(each, RunningPlan)]
    return {
        Alerted(file.plan, clock.obligation, clock.about, clock.due_on)
        for file in files
        for clock in file.running
        if clock.overdue(today)
    }


def _action(number: int, on: date, due_on: date) -> ActionAgreed:
    return ActionAgreed(
        on=on, action=f"A{number}", what=f"Mend part {number}", owner=BEN, due_on=due_on
    )
