"""How an entry of the record of rights is stored: a topic with its version, and readable JSON."""

from collections.abc import Sequence
from datetime import UTC

import msgspec

from plantrack import codec
from plantrack.domain.refusals import Unreadable
from plantrack.domain.rights.state import RightsEntry
from plantrack.record.mapper import Moment, read_person, write_person
from plantrack.record.writing import CannotReach, Stated

VERSION = "@1"


class Stored(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON object that is stored for an entry about rights."""

    recorded_at: Moment
    by: dict[str, str]
    event: dict[str, object]


def write(entries: Sequence[RightsEntry], known: int) -> Stated:
    """Write entries that follow the last one known."""
    return Stated(
        known,
        [type(entry.event).__name__ + VERSION for entry in entries],
        [
            msgspec.json.encode(
                Stored(
                    entry.recorded_at.astimezone(UTC),
                    write_person(entry.by),
                    codec.write_rights_event(entry.event),
                )
            )
            for entry in entries
        ],
    )


def read(number: int, topic: str, state: bytes) -> RightsEntry:
    """Read an entry; one that cannot be read stops everybody, as nobody knows who may see what."""
    try:
        stored = msgspec.json.decode(state, type=Stored)
        event = codec.read_rights_event(stored.event)
        by = read_person(stored.by)
    except (Unreadable, ValueError, TypeError, RecursionError):
        raise _unreadable(number) from None
    if topic != type(event).__name__ + VERSION:
        raise _unreadable(number)
    return RightsEntry(number, stored.recorded_at, by, event)


def _unreadable(number: int) -> CannotReach:
    return CannotReach(
        f"Entry {number} of the record of rights cannot be read by this release, so nobody can "
        "tell who may see what. Run the release that wrote it, or a later one."
    )
