"""The record: every entry of every plan, appended and never altered."""

from plantrack.record.application import Record, open_record
from plantrack.record.mapper import EntryUnreadable
from plantrack.record.migrations import migrate
from plantrack.record.writing import (
    AdoptedPolicy,
    CannotReach,
    ChildRow,
    CommandRow,
    Conflict,
    Repeated,
    RightsMoved,
)

__all__ = [
    "AdoptedPolicy",
    "CannotReach",
    "ChildRow",
    "CommandRow",
    "Conflict",
    "EntryUnreadable",
    "Record",
    "Repeated",
    "RightsMoved",
    "migrate",
    "open_record",
]
