"""Puts past histories on the record as they happened: each line by its person at its time.

Between the lines the daily sweep runs, so alerts are raised, climb and are cleared as they would
have been.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from plantrack.casefiles import CaseFiles
from plantrack.cli.looks import Looks
from plantrack.cli.players import Players
from plantrack.desk import Desk
from plantrack.domain.calendar import first_sweep_knowing
from plantrack.domain.events import AlertAnswered, Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.refusals import Refusal
from plantrack.domain.rights.authorise import Subject
from plantrack.histories import Line
from plantrack.permits import writes_as
from plantrack.projections import sweeps
from plantrack.projections.follow import Follower
from plantrack.tracker import Recorded, Said
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


class PastDesk(Desk):
    """A desk at which the past is recorded; its lists are followed by one follower throughout."""

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url, clock)
        self.clock = clock
        self._follower: Follower | None = None

    def __enter__(self) -> "PastDesk":
        """Use the desk for a while."""
        return self

    def catch_up(self, files: CaseFiles) -> None:
        """Bring the lists up to the record, remembering what was made before."""
        self._follower = self._follower or Follower(self.models, files)
        while self._follower.catch_up():
            pass


class Replay:
    """Records lines in the order of their times, and sweeps every morning in between."""

    def __init__(self, desk: PastDesk, players: Players, looks: Looks) -> None:
        self._desk = desk
        self._players = players
        self._looks = looks
        self._files = desk.files()
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
            self._desk.clock.moment = moment
            act()
            self._written = True

    def sweep_until(self, moment: datetime) -> None:
        """Run the sweeps of all mornings up to a moment at which something may be written."""
        after = first_sweep_knowing(moment)
        day = self._next or after
        while day < after and (self._written or self._is_due(after - ONE_DAY)):
            if self._written or self._is_due(day):
                self._desk.clock.moment = six_o_clock(day)
                sweep(self._desk, self._files)
                self._written = False
            day += ONE_DAY
        self._next = after

    def _is_due(self, day: date) -> bool:
        with self._desk.models.reading() as reading:
            return bool(sweeps.to_sweep(reading, day, limit=1))

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
        recorded = self._say(batch[0], [Said(plan, event) for event in events.values()], subject)
        for number, entry in zip(events, recorded.entries, strict=True):
            self._numbers[plan, number] = entry.number
        for event in events.values():
            self._players.tie(plan, event, subject)

    def _say(self, line: Line, said: Sequence[Said], subject: Subject | None) -> Recorded:
        """Record something by the permit of whoever says it, or as a stranger's word."""
        by = writes_as(subject) if subject else line.by
        guard = self._players.permit(subject) if subject else None
        try:
            return self._desk.tracker.carry_out(said, by, guard=guard)
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
