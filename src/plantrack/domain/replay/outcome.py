"""A rehearsal laid beside what was really raised: in both, only really, only under other rules."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from plantrack.domain.alerts.raised import ToldAlert
from plantrack.domain.obligations.wording import silence, told_to
from plantrack.domain.replay.rehearsal import Line

Start = tuple[str, str, tuple[int, ...]]
"""A rule, the thing on the plan, and the entries that started its clock: alike under any rules."""


class Found(StrEnum):
    """Where an alert was found."""

    BOTH = "both"
    REALLY = "really"
    REHEARSED = "rehearsed"


@dataclass(frozen=True)
class Passed:
    """The day on which an alert was passed on for want of an answer, and to whom."""

    on: date
    told: str


@dataclass(frozen=True)
class Raised:
    """One alert: when it was raised, what was due when, who was told, and what cleared it."""

    on: date
    due_on: date
    told: str
    passed: tuple[Passed, ...]
    cleared_on: date | None
    met_on: date | None


@dataclass(frozen=True)
class Pair:
    """What was not done, as it was really raised and as other rules would have raised it."""

    says: str
    obligation: str
    really: Raised | None
    rehearsed: Raised | None

    @property
    def first_on(self) -> date:
        """The day on which it was first raised on either side."""
        return min(each.on for each in (self.really, self.rehearsed) if each)


def pair(told: Iterable[ToldAlert], lines: Iterable[Line]) -> list[Pair]:
    """Lay alerts of the record beside those of a rehearsal, in the order first raised."""
    really: dict[Start, list[ToldAlert]] = defaultdict(list)
    rehearsed: dict[Start, list[Line]] = defaultdict(list)
    for alert in told:
        raised = alert.raised
        really[raised.obligation, raised.about, raised.because].append(alert)
    for line in lines:
        rehearsed[line.obligation, line.about, line.because].append(line)
    pairs = []
    for start in dict.fromkeys([*really, *rehearsed]):
        was, would = really[start], rehearsed[start]
        for at in range(max(len(was), len(would))):
            pairs.append(_pair(start, was[at : at + 1], would[at : at + 1]))
    return sorted(pairs, key=lambda each: (each.first_on, each.says))


def _pair(start: Start, was: Sequence[ToldAlert], would: Sequence[Line]) -> Pair:
    really = [_really(each) for each in was]
    rehearsed = [_rehearsed(each) for each in would]
    due_on = [*really, *rehearsed][0].due_on
    return Pair(
        silence(start[0], start[1], due_on),
        start[0],
        really[0] if really else None,
        rehearsed[0] if rehearsed else None,
    )


def _really(alert: ToldAlert) -> Raised:
    raised, cleared = alert.raised, alert.cleared
    return Raised(
        raised.on,
        raised.due_on,
        told_to(raised.told),
        tuple(Passed(event.on, told_to(event.to)) for _, event in alert.climbed),
        alert.cleared_on,
        cleared.met_on if cleared else None,
    )


def _rehearsed(line: Line) -> Raised:
    return Raised(
        line.raised_on,
        line.due_on,
        told_to(line.told),
        tuple(Passed(climb.raised_on, told_to(climb.told)) for climb in line.alert.climbs),
        line.cleared_on,
        line.met_on,
    )


def found_in(each: Pair) -> Found:
    """Say where an alert was found."""
    if each.really and each.rehearsed:
        return Found.BOTH
    return Found.REALLY if each.really else Found.REHEARSED
