"""Reads history files: JSON Lines, one entry a line, in the order recorded.

Several files are one history, ordered by the time each line states. A line that cannot be taken in
is reported with its file, line number, plan and reason, and keeps its number on its plan.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from plantrack import codec
from plantrack.domain.calendar import london_day
from plantrack.domain.events import Corrected, PlanEvent, PlanSteppedDown, PlanSteppedUp, Retracted
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.refusals import DayNotPossible, Refusal, Unreadable
from plantrack.domain.words import Person

PARTS = frozenset({"plan", "recorded_at", "by", "event"})
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Place(NamedTuple):
    """Where a line stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}"


class Line(NamedTuple):
    """One line that could be read."""

    place: Place
    plan: str
    recorded_at: datetime
    by: Person
    event: PlanEvent


@dataclass(frozen=True)
class Refused:
    """One line that was refused, and why."""

    place: Place
    plan: str | None
    why: str

    def __str__(self) -> str:
        plan = f" (plan {self.plan})" if self.plan else ""
        return f"{self.place}{plan}: {self.why}"


@dataclass(frozen=True)
class Unread:
    """A line that could not be read, with what could be made out of it."""

    refused: Refused
    recorded_at: datetime | None


class CannotRead(Exception):
    """A file that cannot be opened."""


@dataclass
class Taken:
    """What was taken in of some files: entries in order, and the lines refused."""

    entries: list[Entry]
    refused: list[Refused]
    last_recorded_on: date | None


def read(paths: Iterable[Path]) -> Iterator[Line | Unread]:
    """Read files as one history, in the order recorded."""
    lines = list(chain.from_iterable(_read_file(path) for path in paths))
    stated = [_stated_at(line) for line in lines]
    order = sorted(range(len(lines)), key=lambda at: stated[at] or datetime.min.replace(tzinfo=UTC))
    return (lines[at] for at in order)


def _stated_at(line: Line | Unread) -> datetime | None:
    return line.recorded_at


def _read_file(path: Path) -> Iterator[Line | Unread]:
    try:
        content = path.read_bytes().removeprefix(BYTE_ORDER_MARK)
    except OSError as wrong:
        raise CannotRead(f"{path} cannot be read: {wrong.strerror}.") from None
    people: dict[tuple[Any, ...], Person] = {}
    before: datetime | None = None
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip():
            read = _read_line(Place(path.name, number), line, people, before)
            before = read.recorded_at or before
            yield read


def _read_line(
    place: Place, line: bytes, people: dict[tuple[Any, ...], Person], before: datetime | None
) -> Line | Unread:
    """Read one line; one that cannot be read stands where the line before it stood."""
    plan, recorded_at = None, before
    try:
        raw = codec.decode(line)
        plan = _plan(raw)
        recorded_at = _recorded_at(raw)
        _check_parts(raw)
        return Line(
            place, plan, recorded_at, _person(raw["by"], people), codec.read_event(raw["event"])
        )
    except Unreadable as why:
        return Unread(Refused(place, plan, str(why)), recorded_at)


def _plan(raw: dict[str, Any]) -> str:
    if "plan" not in raw:
        raise Unreadable("The line needs “plan”.")
    return codec.read_plan_name(raw["plan"])


def _recorded_at(raw: dict[str, Any]) -> datetime:
    wrong = "“recorded_at” must be a time with its offset such as 2020-02-10T16:05:00+00:00."
    stated = raw.get("recorded_at")
    if not isinstance(stated, str):
        raise Unreadable(wrong)
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        raise Unreadable(wrong) from None
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Unreadable(wrong)
    return moment.astimezone(UTC)


def _check_parts(raw: dict[str, Any]) -> None:
    if missing := sorted(PARTS - raw.keys()):
        raise Unreadable(f"The line needs “{missing[0]}”.")
    if raw.keys() - PARTS:
        raise Unreadable(
            "The line has a part besides plan, recorded_at, by and event. Leave it out."
        )


def _person(raw: Any, people: dict[tuple[Any, ...], Person]) -> Person:
    try:
        key = tuple(raw.items())
        if key not in people:
            people[key] = codec.read_person(raw)
        return people[key]
    except (AttributeError, TypeError):
        return codec.read_person(raw)


Lines = Iterator[Line | Unread]


def take_in(lines: Lines, plan_book: PlanBook, not_after: datetime | None = None) -> Taken:
    """Check lines in order, each against what the lines before it left.

    Where the present matters (an import), no line may say that it was recorded after it.
    """
    taken = Taken([], [], None)
    numbers: dict[str, int] = {}
    for line in lines:
        if line.recorded_at:
            day = london_day(line.recorded_at)
            taken.last_recorded_on = max(taken.last_recorded_on or day, day)
        plan = line.refused.plan if isinstance(line, Unread) else line.plan
        if plan:
            numbers[plan] = _number(plan, numbers, plan_book)
        if isinstance(line, Unread):
            taken.refused.append(line.refused)
            continue
        try:
            if not_after and line.recorded_at > not_after:
                raise DayNotPossible("“recorded_at” is in the future. Check the time.")
            number = numbers[line.plan]
            plan_book.record(line.plan, line.event, line.by, line.recorded_at, number)
        except Refusal as why:
            taken.refused.append(Refused(line.place, line.plan, str(why)))
        else:
            taken.entries.append(Entry(line.plan, number, line.recorded_at, line.by, line.event))
    return taken


def _number(plan: str, numbers: dict[str, int], plan_book: PlanBook) -> int:
    """Give the number of a plan's next line: refused ones have theirs too (R11)."""
    if plan not in numbers:
        known = plan_book.find(plan)
        return known.version + 1 if known else 1
    return numbers[plan] + 1


def never_taken_up(entries: Iterable[Entry]) -> list[Entry]:
    """Give the steps to a plan that was never opened: the child would fall out of sight."""
    entries = list(entries)
    plans = {entry.plan for entry in entries}
    return [
        entry
        for entry in entries
        if isinstance(entry.event, PlanSteppedUp | PlanSteppedDown)
        and entry.event.to_plan not in plans
    ]


def as_imported(
    entries: Iterable[Entry], recorded_at: datetime, last_number: Callable[[str], int]
) -> list[Entry]:
    """Mark entries as imported, keep both times, and close the gaps that refused lines left.

    A plan goes on from its last number on the record. Corrections and retractions follow the
    entries that they are about to their new numbers.
    """
    moved: dict[tuple[str, int], int] = {}
    last: dict[str, int] = {}
    imported = []
    for entry in entries:
        plan = entry.plan
        last[plan] = moved[plan, entry.number] = (
            last[plan] if plan in last else last_number(plan)
        ) + 1
        event = entry.event
        if isinstance(event, Corrected | Retracted):
            target = moved.get((plan, event.entry), event.entry)
            event = codec.amend(event, {"entry": target})
        imported.append(Entry(plan, last[plan], recorded_at, entry.by, event, entry.recorded_at))
    return imported
