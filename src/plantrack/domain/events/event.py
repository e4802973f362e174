"""What every kind of event is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import Mark, Text, TimeOfDay, one_line


@dataclass(frozen=True, kw_only=True)
class PlanEvent:
    """Something that happened on a plan.

    ``on`` is the civil day in Europe/London on which it happened; ``at`` a time of day where that
    matters (it orders nothing); ``marks`` says of fields with free text that not every reader may
    have them. ``ABOUT`` names the field that says which thing on the plan the event is about.
    ``VERSION`` is the stored version; ``BY_THE_TRACKER`` marks kinds that only the tracker may
    record.
    """

    ABOUT: ClassVar[str | None] = None
    INTRODUCES: ClassVar[bool] = False
    VERSION: ClassVar[int] = 1
    BY_THE_TRACKER: ClassVar[bool] = False

    on: date
    at: TimeOfDay | None = None
    note: Text | None = None
    marks: Mapping[str, Mark] | None = None

    def tell(self) -> str:
        """Say, as one sentence of the chronology, what happened, from its own fields alone."""
        raise NotImplementedError

    def sentence(self) -> str:
        """Tell the event with a capital letter, its time of day and its note."""
        told = capitalised(self.tell())
        at = f" (at {self.at})" if self.at else ""
        note = f" Note: {one_line(self.note)}." if self.note else ""
        return f"{told[:-1]}{at}.{note}"
