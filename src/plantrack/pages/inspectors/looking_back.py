"""How a plan stood on a day, read of its record: what came, what did not, what changed by it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from plantrack import codec
from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.as_known import Seen, see
from plantrack.domain.policy import Policies
from plantrack.domain.refusals import MomentBeforePlan
from plantrack.domain.replay.differences import ONE_DAY, Reckoned, missed, swept_until
from plantrack.domain.replay.filters import EVERYTHING, Only, agencies_of
from plantrack.domain.replay.items import Stop
from plantrack.domain.replay.measures import Measure, side_by_side, standing
from plantrack.domain.replay.steps import Life


def family_of(services: Services, plan: str, entries: Sequence[Entry]) -> list[Entry]:
    """Give the entries of all plans of a plan's child; those of the plan are at hand."""
    opened = next((e.event for e in entries if isinstance(e.event, PlanOpened)), None)
    names = services.commands.plans_of(opened.child) if opened else [plan]
    return [
        entry
        for name in names
        for entry in (entries if name == plan else queries.entries_of(services.commands, name))
    ]


class LookBack:
    """Reads of a plan's record how it stood on a day, for whoever may see it."""

    def __init__(
        self, services: Services, plan: str, clock: Reckoned, only: Only, day: date | None
    ) -> None:
        self._services = services
        self._plan = plan
        self._clock = clock
        self._only = only
        self._day = day

    def __call__(self) -> dict[str, Any]:
        """Read the days there are, and the one that was chosen."""
        services, plan = self._services, self._plan
        entries = queries.entries_of(services.commands, plan)
        family = family_of(services, plan, entries)
        policies, last = services.policies(), swept_until(services.commands.now())
        found = missed(plan, family, policies, codec.amend_sealed, last, self._clock)
        life = Life(entries, found, self._clock, codec.amend_sealed)
        stops = [stop for stop in life.stops(self._only) if stop.day <= services.today()]
        return {
            "stops": _with_the_day(stops, self._day),
            "recorded_days": len(stops),
            "first_day": life.first_day,
            "last_day": stops[-1].day if stops else life.first_day,
            "agencies": _agencies(entries),
            "earlier": max((s.day for s in stops if self._day and s.day < self._day), default=None),
            "later": min((s.day for s in stops if self._day and s.day > self._day), default=None),
            **self._of_the_day(entries, life, policies),
        }

    def _of_the_day(self, entries: list[Entry], life: Life, policies: Policies) -> dict[str, Any]:
        """Tell the day, unless none was chosen or there was no plan yet."""
        day = self._day
        if day is None:
            return {"too_early": False}
        try:
            seen = life.seen(day)
        except MomentBeforePlan:
            return {"too_early": True}
        policy = policies.on(day)
        return {
            "too_early": False,
            "items": life.on(day, self._only),
            "hidden": len(life.on(day)) if self._only != EVERYTHING else 0,
            "measures": self._measures(entries, seen, policies, day),
            "late": life.late(day),
            "policy": {"version": policy.version, "holds_from": policy.holds_from},
            "checked": _checked(entries, seen),
            "over": day < self._services.today(),
        }

    def _measures(
        self, entries: list[Entry], seen: Seen, policies: Policies, day: date
    ) -> list[Measure]:
        after = standing(self._picture(policies, day), seen, day)
        try:
            moment = self._clock.end_of(day - ONE_DAY)
            earlier = see(entries, moment, codec.amend_sealed)
            before = standing(self._picture(policies, day - ONE_DAY), earlier, day - ONE_DAY)
        except MomentBeforePlan:
            before = None
        return side_by_side(before, after)

    def _picture(self, policies: Policies, day: date) -> dict[str, Any]:
        moment = self._clock.end_of(day)
        return queries.picture_at(self._services.commands, policies, self._plan, moment)


def _with_the_day(stops: list[Stop], day: date | None) -> list[Stop]:
    """Put the chosen day among those there are, though there be nothing on it."""
    if day is None or any(stop.day == day for stop in stops):
        return stops
    return sorted([*stops, Stop(day, 0)], key=lambda stop: stop.day)


def _agencies(entries: Sequence[Entry]) -> list[str]:
    people = [each for each in entries if not each.event.BY_THE_TRACKER]
    return sorted(
        {each.by.agency for each in people}.union(*(agencies_of(e.event) for e in people))
    )


def _checked(entries: Sequence[Entry], seen: Seen) -> dict[str, Any]:
    """Say how many entries there were, and which numbers are missing among them."""
    last = max(each.number for each in seen.entries)
    there = {each.number for each in entries}
    return {
        "entries": len(seen.entries),
        "last": last,
        "missing": [number for number in range(1, last + 1) if number not in there],
    }
