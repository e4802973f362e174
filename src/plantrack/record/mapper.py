"""How an entry is stored: a topic such as ``ActionReviewed@2`` and one readable JSON object.

Nothing else knows the stored bytes. What is stored is read back strictly: a field, a type or a
word that this release does not know stops the reader, and a topic is never looked up by import.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Any, get_type_hints

import msgspec
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from plantrack import codec
from plantrack.domain.events import KINDS, PlanEvent
from plantrack.domain.events.entries import Entry
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


class Sealed(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The same object with its event still in bytes."""

    recorded_at: Moment
    by: dict[str, Any]
    event: msgspec.Raw
    originally_recorded_at: Moment | None = None


_read_stored = msgspec.json.Decoder(Stored).decode
_read_sealed = msgspec.json.Decoder(Sealed).decode
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
                by=write_person(entry.by),
                event=codec.write_event(entry.event),
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
        if (found := _read_as_written(plan, number, topic, state)) is not None:
            return found
        try:
            stored = _read_stored(state)
            _refuse_duplicates(state, stored)
            return Entry(
                plan,
                number,
                stored.recorded_at,
                read_person(stored.by),
                codec.read_event(_upcast(*TOPICS[topic], stored.event)),
                stored.originally_recorded_at,
            )
        except (Unreadable, ValueError, TypeError, RecursionError):
            where = StoredEvent(plan, number, topic, b"")
            raise EntryUnreadable(where, "is not written as its topic says") from None


Quick = Callable[[msgspec.Raw], tuple[PlanEvent, bytes]]
"""How an event is read at once, together with the bytes that this release would write for it."""


def _quick(name: str, kind: type[PlanEvent]) -> Quick:
    beginning = f'{{"kind":"{name}",'.encode()
    if all(f.name == codec.wire_name(f.name) for f in fields(kind)):
        read = msgspec.json.Decoder(kind).decode

        def quickly(raw: msgspec.Raw) -> tuple[PlanEvent, bytes]:
            event = read(raw)
            return event, beginning + _write_stored(event)[1:]

        return quickly
    read_mirror, renamed = msgspec.json.Decoder(_mirror(kind)).decode, _python_names(kind)

    def by_mirror(raw: msgspec.Raw) -> tuple[PlanEvent, bytes]:
        found = read_mirror(raw)
        event = object.__new__(kind)
        vars(event).update((renamed[name], value) for name, value in vars(found).items())
        return event, beginning + _write_stored(found)[1:]

    return by_mirror


def _python_names(kind: type[PlanEvent]) -> dict[str, str]:
    return {codec.wire_name(each.name): each.name for each in fields(kind)}


def _mirror(kind: type[PlanEvent]) -> type[Any]:
    """Make a class like a kind with JSON's names: msgspec renames no field of a dataclass.

    It is never called, so a name such as ``from`` does no harm.
    """
    hints = get_type_hints(kind)
    parts: dict[str, Any] = {
        "__annotations__": {name: hints[own] for name, own in _python_names(kind).items()}
    }
    for each in fields(kind):
        if each.default is not MISSING:
            parts[codec.wire_name(each.name)] = each.default
        elif each.default_factory is not MISSING:
            parts[codec.wire_name(each.name)] = field(default_factory=each.default_factory)
    plain = dataclass(init=False, repr=False, eq=False, kw_only=True)
    made: type[Any] = plain(type(kind.__name__, (), parts))
    return made


AS_WRITTEN = {f"{name}@{kind.VERSION}": _quick(name, kind) for name, kind in KINDS.items()}


def _read_as_written(plan: str, number: int, topic: str, state: bytes) -> Entry | None:
    """Read an entry in one go, if its bytes are exactly what this release would write.

    Writing it again proves that: nothing is unknown, nothing stands twice, nothing was converted.
    It takes half the time of the careful way, which reads everything else and words what is wrong.
    """
    if topic not in AS_WRITTEN:
        return None
    try:
        sealed = _read_sealed(state)
        event, written = AS_WRITTEN[topic](sealed.event)
        if written != bytes(sealed.event) or _write_stored(sealed) != state:
            return None
        by = read_person(sealed.by)
    except (Unreadable, ValueError, TypeError, RecursionError):
        return None
    return Entry(plan, number, sealed.recorded_at, by, event, sealed.originally_recorded_at)


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


def write_person(person: Person) -> dict[str, str]:
    """Write who did something that stands on the record."""
    written = {"name": person.name, "agency": person.agency, "role": person.role.value}
    return written | {"id": person.id} if person.id else written


def read_person(raw: dict[str, Any]) -> Person:
    """Read who did something that stands on the record."""
    return _person(tuple(raw.items()))


@lru_cache(maxsize=4096)
def _person(parts: tuple[tuple[str, Any], ...]) -> Person:
    """Read who recorded an entry; the rules know the tracker by identity."""
    raw = dict(parts)
    if raw.get("role") == Role.TRACKER and raw == write_person(THE_TRACKER):
        return THE_TRACKER
    return codec.read_person(raw)


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
