"""What must hold after every campaign, read from the record itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from typing import NamedTuple

from plantrack.application import stores
from plantrack.application.services import Services
from plantrack.domain.events import AlertCleared, AlertClimbed, AlertRaised
from plantrack.domain.events.entries import Entry
from plantrack.projections.rebuild import check
from plantrack.record import Record, migrate, open_record


class Alerted(NamedTuple):
    """What an alert is about: of these no two may be alike."""

    plan: str
    obligation: str
    about: str
    due_on: date


def make_ready(url: str) -> None:
    """Make an empty database ready, with all that is kept beside the record."""
    migrate(url)
    stores.make(url)


def entries_of_all_plans(record: Record) -> Iterator[Entry]:
    """Give every entry, plan by plan."""
    for plan in record.plans():
        yield from record.entries(plan)


def raised(url: str) -> list[tuple[Alerted, AlertRaised]]:
    """List what was raised, with the events that did."""
    with closing(open_record(url)) as record:
        return [
            (Alerted(entry.plan, event.obligation, event.about, event.due_on), event)
            for entry in entries_of_all_plans(record)
            if isinstance(event := entry.event, AlertRaised)
        ]


def each_alert_was_raised_once(url: str) -> set[Alerted]:
    """Make sure that no alert was raised twice or climbed twice to one rung, and give them all."""
    alerts = Counter(alerted for alerted, _ in raised(url))
    assert not [alerted for alerted, times in alerts.items() if times > 1]
    climbs = Counter(climbed(url))
    assert not [climb for climb, times in climbs.items() if times > 1]
    return set(alerts)


def climbed(url: str) -> list[tuple[str, str, date, tuple[str, ...]]]:
    """List the climbs: of which alert on which plan, when due, and to whom."""
    with closing(open_record(url)) as record:
        return [
            (entry.plan, event.alert, event.due_on, event.to)
            for entry in entries_of_all_plans(record)
            if isinstance(event := entry.event, AlertClimbed)
        ]


def none_was_withdrawn(url: str) -> None:
    """Make sure that no alert was cleared, as nobody did anything about any of them."""
    with closing(open_record(url)) as record:
        events = [entry.event for entry in entries_of_all_plans(record)]
    assert not [event for event in events if isinstance(event, AlertCleared)]


def everything_acknowledged_is_stored_once(url: str, acknowledged: Iterable[str]) -> None:
    """Hold the notes of who recorded (plan, number, note) against the record."""
    with closing(open_record(url)) as record:
        entries = list(entries_of_all_plans(record))
    stored = {f"{entry.plan} {entry.number} {entry.event.note}" for entry in entries}
    assert set(acknowledged) <= stored
    notes = Counter(entry.event.note for entry in entries if entry.event.note)
    assert not [note for note, times in notes.items() if times > 1]
    numbers: dict[str, list[int]] = {}
    for entry in entries:
        numbers.setdefault(entry.plan, []).append(entry.number)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def lists_are_as_rebuilt(url: str) -> None:
    """Make the lists again beside those that are live, as ``plantrack rebuild --check`` does."""
    with Services(url) as services:
        services.catch_up(services.files())
        assert check(services.models, services.files()) == []
