"""Emergency access: one plan, for an hour at most, told on the plan itself, and reviewed after."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from plantrack.application.command_guard import CommandGuard, facts_at_hand, refuse, writes_as
from plantrack.application.commands import NewEvent, Receipt
from plantrack.application.services import Services
from plantrack.domain.calendar import LONDON, london_day
from plantrack.domain.events import EmergencyAccessTaken
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.plan import Plan
from plantrack.domain.refusals import RightNotPossible
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Subject, authorise, context
from plantrack.domain.rights.checks import LONGEST_GLASS, Saying, check
from plantrack.domain.rights.state import RightsEntry, open_glasses
from plantrack.domain.rights.words import Duty, GlassGround
from plantrack.domain.words import THE_TRACKER

REVIEWED_WITHIN = 1
"""Within how many working days somebody else looks at an emergency access."""

CLIMBS_TO = (Duty.SERVICE_MANAGER.value, Duty.PRIVACY_OFFICER.value)


class Breaking(CommandGuard):
    """Lets one person take emergency access, and puts it on both records in one append."""

    def __init__(
        self, services: Services, subject: Subject, broken: rights_events.GlassBroken
    ) -> None:
        super().__init__(services.authoriser, subject, services.commands.now)
        self.broken = broken

    def refuse(self, said: NewEvent, plan: Plan | None, _: Callable[[], list[Entry]]) -> None:
        """Refuse emergency access to a plan that cannot be had so, as to one that there is not."""
        look, now = self._at(), self._now()
        about = context(look.rights, self._subject, facts_at_hand(plan) if plan else None)
        refuse(authorise(self._subject, Action.BREAK_GLASS, about, now), said.plan)
        check(Saying(look.rights, self.broken, self._subject.person, now, self._subject.post))

    def follows(self, entries: Sequence[Entry]) -> list[RightsEntry]:
        """Give the entry about rights that opens the plan."""
        [entry] = entries
        return [RightsEntry(0, entry.recorded_at, writes_as(self._subject), self.broken)]


def prepare(
    services: Services, subject: Subject, plan: str, ground: GlassGround, reason: str
) -> tuple[NewEvent, Breaking]:
    """Word an emergency access: what the plan's history says, and what guards it."""
    now = services.commands.now()
    until, today = now + LONGEST_GLASS, london_day(now)
    calendar = services.policies().on(today).calendar
    broken = rights_events.GlassBroken(
        glass=f"E-{secrets.token_hex(8)}",
        plan=plan,
        person=subject.person,
        ground=ground,
        reason=reason,
        until=until,
        review_by=calendar.working_days_after(today, REVIEWED_WITHIN),
    )
    told = EmergencyAccessTaken(
        on=today,
        at=_time(now),
        access=broken.glass,
        person=subject.name,
        agency=subject.post.agency,
        ground=ground.value,
        reason=reason,
        until=_time(until),
    )
    return NewEvent(plan, told), Breaking(services, subject, broken)


async def take(
    services: Services, subject: Subject, plan: str, ground: GlassGround, reason: str
) -> tuple[Receipt, rights_events.GlassBroken]:
    """Take emergency access to a plan, or refuse it."""
    said, guard = prepare(services, subject, plan, ground, reason)
    recorded = await services.commands.carry_out_soon([said], THE_TRACKER, guard=guard)
    return recorded, guard.broken


def climb_unreviewed(services: Services) -> list[str]:
    """Say on the record of rights that others were told of what nobody reviewed in time."""
    today = services.today()
    late = [
        glass.glass
        for glass in open_glasses(services.authoriser.look().rights)
        if glass.review_by < today and not glass.climbed
    ]
    return [each for each in late if _climb(services, each)]


def _climb(services: Services, glass: str) -> bool:
    climbed = rights_events.GlassReviewClimbed(glass=glass, told=CLIMBS_TO)
    try:
        services.authoriser.state([climbed], THE_TRACKER, None)
    except RightNotPossible:  # it was reviewed, or another process was quicker
        return False
    return True


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(LONDON):%H:%M}"
