"""Putting an entry right. Nothing is edited or deleted: both versions stay on the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import Number, Reason, listed, one_line, words


@dataclass(frozen=True, kw_only=True)
class Corrected(PlanEvent):
    """Fields of an earlier entry were put right; ``fields`` replaces whole top-level fields."""

    entry: Number
    fields: Mapping[str, Any]
    reason: Reason

    def tell(self) -> str:
        names = listed([words(name) for name in self.fields])
        return f"Entry {self.entry} was corrected ({names}): {one_line(self.reason)}."


@dataclass(frozen=True, kw_only=True)
class Retracted(PlanEvent):
    """An earlier entry was taken back; it stays readable and counts for nothing."""

    entry: Number
    reason: Reason

    def tell(self) -> str:
        return f"Entry {self.entry} was retracted: {one_line(self.reason)}."
