"""A plan's life day by day, on either of two clocks, with what was not done told as entries.

By the clock of what was known, a day holds what was recorded on it, as it was known by its end.
By the clock of what was true, it holds what happened on it, whenever that was recorded. Nothing
that is recorded after a day changes what was known by its end.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from plantrack.domain.calendar import london_day
from plantrack.domain.events import AlertRaised, Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.events.entries import Amend, Entry, as_corrected
from plantrack.domain.obligations.wording import not_done, on_an_alert, silence, told_to
from plantrack.domain.plans.as_known import Moment, Seen, see
from plantrack.domain.plans.chronology import Told, chronology
from plantrack.domain.plans.titles import title_of
from plantrack.domain.replay.differences import Reckoned
from plantrack.domain.replay.filters import EVERYTHING, Only
from plantrack.domain.replay.items import Ground, Item, Late, Stop
from plantrack.domain.replay.rehearsal import Line
from plantrack.domain.words import Role


class Life:
    """Everything that happened on a plan, and what did not, by one of the two clocks."""

    def __init__(
        self, entries: Sequence[Entry], missed: Iterable[Line], clock: Reckoned, amend: Amend
    ) -> None:
        self.clock = clock
        self._entries = entries
        self._amend = amend
        self._counts = as_corrected(((each.number, each.event) for each in entries), amend)
        self._missed = list(missed)
        self._said = {each.number: each.event for each in entries}

    @cached_property
    def first_day(self) -> date:
        """The first day on which there was a plan to look at."""
        opened = [e.on for e in self._counts.values() if isinstance(e, PlanOpened)]
        if self.clock is Reckoned.TRUE and opened:
            return opened[0]
        return min(london_day(each.known_at) for each in self._entries)

    def day_of(self, entry: Entry) -> date:
        """Say on which day an entry stands; what happened before the plan stands on its first."""
        if self.clock is Reckoned.KNOWN:
            return london_day(entry.known_at)
        return max(self.first_day, (self._counts[entry.number] or entry.event).on)

    def stops(self, only: Only = EVERYTHING) -> list[Stop]:
        """Give the days on which there is something to see, each with how much."""
        raised = {(self.day_of(e), _key(e.event)) for e in self._entries if _is_alert(e)}
        days = Counter(self.day_of(e) for e in self._entries if self._wanted(e, only))
        days.update(
            each.raised_on
            for each in self._missed
            if only.rule(each.obligation, each.about)
            and (each.raised_on, (each.obligation, each.about, each.due_on)) not in raised
        )
        return [Stop(day, number) for day, number in sorted(days.items())]

    def seen(self, day: date) -> Seen:
        """Look at the plan from the end of a day, or refuse one before it existed."""
        return see(self._entries, self.clock.end_of(day), self._amend)

    def on(self, day: date, only: Only = EVERYTHING) -> list[Item]:
        """Tell what a day held: the last first, and what was not done after it."""
        missed = {_key_of(each): each for each in self._missed if each.raised_on == day}
        seen = self.seen(day)
        here = [each for each in seen.entries if self.day_of(each) == day]
        told = self._told(seen, here, missed.values())
        items = []
        for entry in here:
            expected = missed.pop(_key(entry.event), None) is not None
            if self._wanted(entry, only):
                items.append(self._item(told, entry, expected=expected))
        items.sort(key=_recorded, reverse=True)
        silent = [
            _silence(each, told)
            for each in missed.values()
            if only.rule(each.obligation, each.about)
        ]
        return [*items, *silent]

    def came_between(self, earlier: date, later: date) -> list[Item]:
        """Tell what was recorded after one day and by the end of another, the last first."""
        seen = self.seen(later)
        came = [each for each in seen.entries if earlier < self.day_of(each) <= later]
        told = self._told(seen, came)
        return [self._item(told, each, expected=True) for each in reversed(came)]

    def late(self, day: date) -> Late:
        """Tell what was recorded after a day about what came before its end."""
        describe, put_right = [], []
        for entry in self._entries:
            if london_day(entry.known_at) <= day or entry.event.BY_THE_TRACKER:
                continue
            event = self._counts[entry.number] or entry.event
            if isinstance(event, Corrected | Retracted):
                put_right += [entry] if self._was_about(event.entry, day) else []
            elif event.on <= day:
                describe.append(entry)
        if not describe and not put_right:
            return Late([], [])
        told = self._told(see(self._entries, Moment(), self._amend), [*describe, *put_right])
        return Late(*([self._item(told, each) for each in some] for some in (describe, put_right)))

    def _was_about(self, number: int, day: date) -> bool:
        """Whether an entry is about a day up to one, as it was said or as it counts now."""
        now = self._counts[number]
        return self._said[number].on <= day or (now is not None and now.on <= day)

    def _told(
        self, seen: Seen, entries: Sequence[Entry], missed: Iterable[Line] = ()
    ) -> dict[int, Told]:
        """Tell some entries, and those that they put right or rest on."""
        wanted = {each.number for each in entries}
        for event in (each.event for each in entries):
            wanted.update([event.entry] if isinstance(event, Corrected | Retracted) else ())
            wanted.update(event.because if isinstance(event, AlertRaised) else ())
        wanted.update(number for each in missed for number in each.because)
        some = [each for each in seen.entries if each.number in wanted]
        told = chronology(Seen(some, seen.counts, []), Moment())
        return {each.entry: each for each in told}

    def _wanted(self, entry: Entry, only: Only) -> bool:
        event = entry.event
        while isinstance(event, Corrected | Retracted):
            if only.by(entry.by.agency):
                return True
            event = self._said[event.entry]
        return only.event(event, entry.by.agency)

    def _item(self, told: Mapping[int, Told], entry: Entry, *, expected: bool = False) -> Item:
        this, event = told[entry.number], entry.event
        raised = isinstance(event, AlertRaised)
        say = None if raised else on_an_alert(event) or this.told
        return Item(
            entry=entry.number,
            title=_title(event, expected=expected),
            told=say,
            on=this.on,
            silence=expected,
            more=_more(event, told),
            by=None if this.by.role is Role.TRACKER else this.by,
            recorded_at=entry.known_at,
            imported_at=entry.recorded_at if entry.imported else None,
            days_late=this.days_late,
            now_told=this.now_told,
            corrected_by=this.corrected_by,
            retracted_by=this.retracted_by,
            because=_grounds(event.because, told) if isinstance(event, AlertRaised) else (),
        )


def _recorded(item: Item) -> tuple[bool, datetime | None, bool, int]:
    return item.recorded_at is not None, item.recorded_at, item.silence, item.entry or 0


def _is_alert(entry: Entry) -> bool:
    return isinstance(entry.event, AlertRaised)


def _key(event: PlanEvent) -> tuple[str, str, date]:
    """Name what an alert is about, or nothing for what is none."""
    if isinstance(event, AlertRaised):
        return event.obligation, event.about, event.due_on
    return "", "", date.min


def _key_of(line: Line) -> tuple[str, str, date]:
    return line.obligation, line.about, line.due_on


def _silence(line: Line, told: Mapping[int, Told]) -> Item:
    """Tell what was not done and of which the record itself says nothing on that day."""
    return Item(
        entry=None,
        title=silence(*_key_of(line)),
        told=None,
        on=line.raised_on,
        silence=True,
        because=_grounds(line.because, told),
    )


def _title(event: PlanEvent, *, expected: bool) -> str:
    """Call an alert by what was not done; one that was not to be expected is called an alert."""
    if isinstance(event, AlertRaised):
        if expected:
            return silence(*_key(event))
        return f"An alert was raised: {not_done(*_key(event))}"
    return title_of(event)


def _more(event: PlanEvent, told: Mapping[int, Told]) -> str | None:
    """Say whom an alert told, or what an entry that was put right had said and says now."""
    if isinstance(event, AlertRaised):
        late = ", late, as plantrack had not looked in time" if event.late else ""
        return f"An alert was sent to {told_to(event.told)}{late}."
    if isinstance(event, Corrected | Retracted) and event.entry in told:
        about = told[event.entry]
        now = f" It now reads: {about.now_told}" if about.now_told and _stands(about) else ""
        return f"It said: {about.told}{now}"
    return None


def _stands(told: Told) -> bool:
    return not told.retracted_by


def _grounds(numbers: Iterable[int], told: Mapping[int, Told]) -> tuple[Ground, ...]:
    found = (told[number] for number in numbers if number in told)
    return tuple(Ground(each.entry, each.now_told or each.told) for each in found)
