"""What every lane is asked to do: to record, on a plan with a history, that a child was seen.

A plan is one entry that opens it and visits from then on, so that every lane holds the same
history and writes the same bytes. Plans stand for a council's two years, of about 330 entries
each; others are very short or very long.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from bench.append import ANN, SEEN
from bench.lanes import Shape
from plantrack.domain.events.entries import Entry
from plantrack.record.mapper import EntryMapper

USUAL, SHORT, LONG = 330, 10, 5_000
TOPIC = "ChildSeen@1"
STATE = EntryMapper().to_stored_event(Entry("P", 2, datetime.now(UTC), ANN, SEEN)).state
"""The bytes of one visit as plantrack stores them."""

ONE, FOUR, SIXTEEN = "1 writer", "4 writers", "16 writers"
FOUR_ON_ONE = "4 writers on one plan"
AT_SHORT, AT_LONG = f"1 writer, {SHORT} entries", f"1 writer, {LONG:,} entries"


class Workload(NamedTuple):
    """The names of the plans of each length."""

    usual: list[str]
    shared: str
    short: list[str]
    long: str

    def lengths(self) -> Mapping[str, int]:
        """Say how long each plan's history is."""
        usual = dict.fromkeys([*self.usual, self.shared], USUAL)
        return {**usual, **dict.fromkeys(self.short, SHORT), self.long: LONG}

    def shapes(self) -> list[Shape]:
        """Say who writes on which plans."""
        return [
            Shape(ONE, 1, self.usual),
            Shape(FOUR, 4, self.usual),
            Shape(SIXTEEN, 16, self.usual),
            Shape(FOUR_ON_ONE, 4, [self.shared]),
            Shape(AT_SHORT, 1, self.short),
            Shape(AT_LONG, 1, [self.long]),
        ]


def workload(*, quick: bool) -> Workload:
    """Name the plans: so many short ones that they stay short while they are written on."""
    usual, short = (16, 100) if quick else (64, 400)
    return Workload(
        [f"U{n}" for n in range(usual)], "SHARED", [f"S{n}" for n in range(short)], "LONG"
    )
