"""How an entry is stored: a topic such as ``ActionReviewed@2`` and one readable JSON object.

Nothing else knows the stored bytes. What is stored is read back strictly: a field, a type or a
word that this release does not know stops the reader, and a topic is never looked up by import.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any

import msgspec
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from plantrack import wire
from plantrack.domain.entries import Entry
from plantrack.domain.events import KINDS
from plantrack.domain.refusals import Unreadable
from plantrack.domain.words import THE_TRACKER, Person, Role

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
RawEvent = dict[str, Any]
Upcaster = Callable[[RawEvent], RawEvent]


def _difference_made_is_called_difference(event: RawEvent) -> RawEvent:
    """Rename the answer of a review, which version 1 called ``difference_made``."""
    if "difference" in event:
        raise Unreadable("Version 1 has no field “difference”.")
    return {("difference" if name == "difference_made" else name): v for name, v in event.items()}


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {
    ("ActionReviewed", 1): _difference_made_is_called_difference,
}
"""How an event of a kind and an older version is turned into the next version."""

TOPICS = {
    f"{name}@{version}": (name, version)
    for name, kind in KINDS.items()
    for version in range(1, kind.VERSION + 1)
}
"""Every topic that may stand on the record."""


class EntryUnreadable(MapperDeserialisationError):
    """A stored entry that this release cannot read: says where it stands, never what it says."""

    def __init__(self, stored: StoredEvent, why: str) -> None:
        self.plan, self.number = str(stored.originator_id), stored.originator_version
        self.topic = stored.topic
        super().__init__(f"Entry {self.number} of plan {self.plan} ({self.topic!r:.99}) {why}.")


class Stored(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The JSON object that is stored for an entry."""

    recorded_at: Moment
    by: dict[str, Any]
    event: RawEvent
    originally_recorded_at: Moment | None = None


_read_stored = msgspec.json.Decoder(Stored).decode
_write_stored = msgspec.json.Encoder().encode


class EntryMapper(Mapper[str]):
    """Turns entries into stored bytes and back."""

    def __init__(self) -> None:
        """Take no transcoder, compressor or cipher from the environment: the form is ours."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """Write an entry."""
        entry: Entry = domain_event
        kind = type(entry.event)
        state = _write_stored(
            Stored(
                recorded_at=entry.recorded_at.astimezone(UTC),
                by=_write_person(entry.by),
                event=wire.write_event(entry.event),
                originally_recorded_at=entry.originally_recorded_at,
            )
        )
        return StoredEvent(entry.plan, entry.number, f"{kind.__name__}@{kind.VERSION}", state)

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        """Read an entry, or say which one cannot be read."""
        plan, topic = str(stored_event.originator_id), stored_event.topic
        return self.read(plan, stored_event.originator_version, topic, stored_event.state)

    def read(self, plan: str, number: int, topic: str, state: bytes) -> Entry:
        """Read an entry from its columns."""
        if topic not in TOPICS:
            raise EntryUnreadable(StoredEvent(plan, number, topic, b""), _why_foreign(topic))
        try:
            stored = _read_stored(state)
            _refuse_duplicates(state, stored)
            return Entry(
                plan,
                number,
                stored.recorded_at,
                _read_person(stored.by),
                wire.read_event(_upcast(*TOPICS[topic], stored.event)),
                stored.originally_recorded_at,
            )
        except (Unreadable, ValueError, TypeError, RecursionError):
            where = StoredEvent(plan, number, topic, b"")
            raise EntryUnreadable(where, "is not written as its topic says") from None


def _why_foreign(topic: str) -> str:
    """Tell a version of the future from a topic that never was ours."""
    kind, _, version = topic.partition("@")
    if kind in KINDS and version.isdecimal() and int(version) > KINDS[kind].VERSION:
        return "was written by a newer release. Run that release, or a later one"
    return "has a topic that does not belong on the record"


def _upcast(name: str, version: int, event: RawEvent) -> RawEvent:
    if event.get("kind") != name:
        raise Unreadable("The kind and the topic differ.")
    for older in range(version, KINDS[name].VERSION):
        event = UPCASTERS[name, older](event)
    return event


def _write_person(person: Person) -> dict[str, str]:
    return {"name": person.name, "agency": person.agency, "role": person.role.value}


def _read_person(raw: dict[str, Any]) -> Person:
    return _person(tuple(raw.items()))


@lru_cache(maxsize=4096)
def _person(parts: tuple[tuple[str, Any], ...]) -> Person:
    """Read who recorded an entry; the rules know the tracker by identity."""
    raw = dict(parts)
    if raw.get("role") == Role.TRACKER and raw == _write_person(THE_TRACKER):
        return THE_TRACKER
    return wire.read_person(raw)


def _refuse_duplicates(state: bytes, stored: Stored) -> None:
    """Refuse an object that says one thing twice, of which a JSON reader keeps the last.

    What comes out the same when it is written again holds nothing twice.
    """
    if _write_stored(stored) != state:
        json.loads(state, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("Something stands twice.")
    return found
