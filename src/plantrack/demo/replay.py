"""Puts past histories on the record as they happened: each line by its person at its time.

Between the lines the daily sweep runs, so alerts are raised, climb and are cleared as they would
have been.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from plantrack.application.command_guard import writes_as
from plantrack.application.commands import NewEvent, Receipt
from plantrack.application.history_files import Line
from plantrack.application.plans import Plans
from plantrack.application.services import Services
from plantrack.demo.actors import Players
from plantrack.demo.viewings import Looks
from plantrack.domain.calendar import first_sweep_knowing
from plantrack.domain.events import AlertAnswered, Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.refusals import Refusal
from plantrack.domain.rights.authorise import Subject
from plantrack.projections import next_sweep
from plantrack.projections.follower import Follower
from plantrack.worker import sweep
from plantrack.worker.sweeper import six_o_clock

ONE_DAY = timedelta(days=1)

Happening = tuple[datetime, Callable[[], None]]
"""Something besides the lines that is done at a moment."""


class NotAsRehearsed(Exception):
    """A line was refused, which no line of the files is."""


class Clock:
    """A clock that stands where it was put."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class PastServices(Services):
    """Services by which the past is recorded; one follower keeps their lists up."""

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url, clock)
        self.clock = clock
        self._follower: Follower | None = None

    def __enter__(self) -> "PastServices":
        """Use them for a while."""
        return self

    def catch_up(self, files: Plans) -> None:
        """Bring the lists up to the record, remembering what was made before."""
        self._follower = self._follower or Follower(self.models, files)
        while self._follower.catch_up():
            pass


class Replay:
    """Records lines in the order of their times, and sweeps every morning in between."""

    def __init__(self, services: PastServices, players: Players, looks: Looks) -> None:
        self._services = services
        self._players = players
        self._looks = looks
        self._files = services.files()
        self._numbers: dict[tuple[str, int], int] = {}
        self._lines: dict[str, int] = {}
        self._next: date | None = None
        self._written = False

    def run(
        self,
        lines: Iterable[Line],
        happenings: Iterable[Happening] = (),
        done: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Record lines and do what happens besides, each at its time."""
        acts: list[Happening] = [
            (batch[0].recorded_at, self._act_of(batch, done)) for batch in _together(lines)
        ]
        for moment, act in sorted([*acts, *happenings], key=lambda each: each[0]):
            self.sweep_until(moment)
            self._services.clock.moment = moment
            act()
            self._written = True

    def sweep_until(self, moment: datetime) -> None:
        """Run the sweeps of all mornings up to a moment at which something may be written."""
        after = first_sweep_knowing(moment)
        day = self._next or after
        while day < after and (self._written or self._is_due(after - ONE_DAY)):
            if self._written or self._is_due(day):
                self._services.clock.moment = six_o_clock(day)
                sweep(self._services, self._files)
                self._written = False
            day += ONE_DAY
        self._next = after

    def _is_due(self, day: date) -> bool:
        with self._services.models.reading() as reading:
            return bool(next_sweep.to_sweep(reading, day, limit=1))

    def _act_of(self, batch: Sequence[Line], done: Callable[[int], None]) -> Callable[[], None]:
        def act() -> None:
            self._record(batch)
            done(len(batch))

        return act

    def _record(self, batch: Sequence[Line]) -> None:
        """Record what one person said on one plan at one time."""
        plan = batch[0].plan
        events: dict[int, PlanEvent] = {}
        for line in batch:
            number = self._lines[plan] = self._lines.get(plan, 0) + 1
            if (event := self._as_on_record(plan, line.event)) is not None:
                events[number] = event
        if not events:
            return
        subject = self._players.known(batch[0].by)
        if subject and not isinstance(batch[0].event, PlanOpened):
            self._looks.look(subject, plan)
        recorded = self._say(
            batch[0], [NewEvent(plan, event) for event in events.values()], subject
        )
        for number, entry in zip(events, recorded.entries, strict=True):
            self._numbers[plan, number] = entry.number
        for event in events.values():
            self._players.tie(plan, event, subject)

    def _say(self, line: Line, said: Sequence[NewEvent], subject: Subject | None) -> Receipt:
        """Record something by the permit of whoever says it, or as a stranger's word."""
        by = writes_as(subject) if subject else line.by
        guard = self._players.permit(subject) if subject else None
        try:
            return self._services.commands.carry_out(said, by, guard=guard)
        except Refusal as why:
            raise NotAsRehearsed(f"{line.place}: {why}") from why

    def _as_on_record(self, plan: str, event: PlanEvent) -> PlanEvent | None:
        """Point at the record's own entries and alerts: a file cannot know their names."""
        if isinstance(event, Corrected | Retracted):
            return replace(event, entry=self._numbers[plan, event.entry])
        if isinstance(event, AlertAnswered):
            alert = self._alert_like(plan, event.alert)
            return replace(event, alert=alert) if alert else None
        return event

    def _alert_like(self, plan: str, name: str) -> str | None:
        """Name the open alert of a rule about a thing; in other weeks it was due on another day."""
        like, _, due_on = name.rpartition(":")
        stated = date.fromisoformat(due_on)
        found = [
            (abs(due - stated), f"{like}:{due}")
            for rule, about, due in self._files.file(plan).open_alerts
            if f"{rule}:{about}" == like
        ]
        return min(found)[1] if found else None


def _together(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Give what one person said on one plan at one time together; an opening stands alone.

    Who opens a plan is tied to it only when it is open.
    """

    def same(line: Line) -> tuple[object, ...]:
        return line.recorded_at, line.plan, line.by, isinstance(line.event, PlanOpened)

    for _, batch in groupby(lines, same):
        yield list(batch)
