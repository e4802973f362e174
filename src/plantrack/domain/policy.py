"""The shape of a policy: periods, quorum, ladder and agencies, in versions that hold from a day on.

Which values it has is data (``plantrack/policies``). A clock uses the version in force on the day
it starts, so a rule that changes never rewrites the past.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from plantrack.domain.calendar import Calendar, months_after


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "WD"
    DAYS = "d"
    MONTHS = "m"

    @property
    def says(self) -> str:
        """Name the unit in full."""
        return {"WD": "working days", "d": "days", "m": "months"}[self.value]


@dataclass(frozen=True)
class Period:
    """How long after its anchor something is due; a negative number counts backwards."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        if self.number == 0:
            return "the same day"
        name = self.unit.says.removesuffix("s") if abs(self.number) == 1 else self.unit.says
        return f"{abs(self.number)} {name}{' before' if self.number < 0 else ''}"

    def after(self, start: date, calendar: Calendar, *, start_counts: bool) -> date:
        """Give the due day. Where the start counts, the day of the start is day 1, not day 0."""
        if self.unit is Unit.MONTHS:
            return months_after(start, self.number)
        in_working_days = self.unit is Unit.WORKING_DAYS
        counts = start_counts and (not in_working_days or calendar.is_working(start))
        number = self.number - 1 if counts and self.number > 0 else self.number
        if in_working_days:
            return calendar.working_days_after(start, number)
        return start + timedelta(days=number)


@dataclass(frozen=True)
class Terms:
    """What a policy says of one obligation: its periods by case, anchor, force and source."""

    periods: Mapping[str, Period]
    anchor: str
    force: str
    source: str


@dataclass(frozen=True)
class Quorum:
    """Which group must be at a conference, and how many others with it."""

    needs: str
    others: int


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of a policy."""

    version: str
    holds_from: date
    terms: Mapping[str, Terms]
    quorum: Quorum
    ladder: tuple[str, ...]
    climbs: int
    counts_as: Mapping[str, str]
    start_counts: bool
    calendar: Calendar

    def group(self, agency: str) -> str:
        """Say what an agency counts as; one that is not listed is its own group."""
        return self.counts_as.get(agency, agency)

    def groups(self, agencies: Iterable[str]) -> set[str]:
        """Say which groups some agencies make up."""
        return {self.group(agency) for agency in agencies}

    def quorate(self, agencies: Iterable[str]) -> bool:
        """Whether the agencies in the room make a quorum."""
        there = self.groups(agencies)
        return self.quorum.needs in there and len(there) > self.quorum.others

    def told(self, climbs: int = 0) -> tuple[str, ...]:
        """Say who is told when an alert is raised, or when it has climbed so many times."""
        return (self.ladder[min(climbs, len(self.ladder) - 1)],)

    def anchor(self, obligation: str) -> str:
        """Say from what an obligation's period is counted."""
        return self.terms[obligation].anchor


class Policies:
    """All versions of a policy, each from its day on; the first holds for all time before."""

    def __init__(self, versions: Iterable[Policy]) -> None:
        self.versions = sorted(versions, key=lambda policy: policy.holds_from)
        self._days = [policy.holds_from for policy in self.versions]
        self.due = lru_cache(maxsize=65_536)(self._due)

    def on(self, day: date) -> Policy:
        """Give the version in force on a day."""
        if len(self.versions) == 1:
            return self.versions[0]
        return self.versions[max(0, bisect_right(self._days, day) - 1)]

    def _due(self, obligation: str, case: str, since: date, started_on: date) -> date:
        """Give the day by which something is due, by the version in force when it started."""
        policy = self.on(started_on)
        period = policy.terms[obligation].periods[case]
        return period.after(since, policy.calendar, start_counts=policy.start_counts)
