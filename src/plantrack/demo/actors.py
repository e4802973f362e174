"""The people of the demonstration as rights know them, and what ties them to plans."""

from collections.abc import Iterator, Sequence
from datetime import date

from plantrack.application import demo_people
from plantrack.application.command_guard import CommandGuard, writes_as
from plantrack.application.demo_people import CAST, WINGS, known_as, make_known
from plantrack.application.services import Services
from plantrack.domain.events import AgencyJoined, ChairChanged, LeadChanged, PlanEvent, PlanOpened
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.state import MEMBER, Appointment
from plantrack.domain.rights.words import RECORDS_AS, Allocation, Duty
from plantrack.domain.words import THE_TRACKER, Named, Person

MEMBERS = {each.agency: each.name for each in CAST if each.duty is Duty.PARTNER_PROFESSIONAL} | {
    agency: name for name, agency in WINGS.items()
}
"""The partner professional of each agency."""
ALLOCATION = {Duty.CHAIR: Allocation.CHAIR, Duty.SOCIAL_WORKER: Allocation.WORKER}
DUTIES = {role: duty for duty, role in RECORDS_AS.items() if duty is not Duty.PRIVACY_OFFICER}


class Players:
    """Everybody invented, in one partnership."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._posts = {
            (each.name, each.agency): Appointment(each.duty, each.agency) for each in CAST
        } | {
            (name, agency): Appointment(Duty.PARTNER_PROFESSIONAL, agency)
            for name, agency in WINGS.items()
        }

    def enter(self, since: date) -> None:
        """Make everybody known, and put social workers and their managers into their teams."""
        demo_people.declare(self._services)
        for (name, _), post in self._posts.items():
            make_known(self._services, name, post)
        joins = [
            rights_events.TeamJoined(
                person=known_as(each.name, each.agency), team=each.team, since=since
            )
            for each in CAST
            if each.team
        ]
        self._state(joins)

    def subject(self, name: str, agency: str = "csc") -> Subject:
        """Say who somebody is while they are signed in."""
        return Subject(
            person=known_as(name, agency),
            name=name,
            post=self._posts[name, agency],
            granted=True,
            second_factor=True,
            proved_at=self._services.commands.now(),
        )

    def known(self, by: Person) -> Subject | None:
        """Say who a line's person is; nobody, if they are from a history of other people."""
        if self._posts.get((by.name, by.agency)) != Appointment(DUTIES[by.role], by.agency):
            return None
        return self.subject(by.name, by.agency)

    def permit(self, subject: Subject) -> CommandGuard:
        """Give somebody's permit to record."""
        return CommandGuard(self._services.authoriser, subject, self._services.commands.now)

    def say(self, name: str, *events: rights_events.RightsEvent) -> None:
        """Put something on the record of rights as somebody of the council."""
        subject = self.subject(name)
        for event in events:
            self._services.authoriser.state([event], writes_as(subject), subject)

    def tie(self, plan: str, event: PlanEvent, by: Subject | None) -> None:
        """Tie to a plan whoever an event brings to it, from the event's day on.

        A history of other people is tied to its chair alone.
        """
        ties = [
            tie
            for tie in _ties(plan, event)
            if by
            or (isinstance(tie, rights_events.Allocated) and tie.allocation is Allocation.CHAIR)
        ]
        if not ties:
            return
        spells = [s for s in self._services.authoriser.look().rights.spells_on(plan) if not s.ended]
        held = {(spell.person, spell.what) for spell in spells}
        kinds = {what for _, what in map(_what, ties)}
        over = [
            rights_events.AllocationEnded(plan=plan, person=spell.person, reason=event.reason)
            for spell in spells
            if isinstance(event, LeadChanged | ChairChanged) and spell.what in kinds
        ]
        self._state([*over, *(tie for tie in ties if _what(tie) not in held)])

    def _state(self, events: Sequence[rights_events.RightsEvent]) -> None:
        if events:
            self._services.authoriser.state(events, THE_TRACKER, None)


def _what(event: rights_events.RightsEvent) -> tuple[str, str]:
    if isinstance(event, rights_events.Allocated):
        return event.person, event.allocation
    return getattr(event, "person", ""), MEMBER


def _ties(plan: str, event: PlanEvent) -> Iterator[rights_events.RightsEvent]:
    match event:
        case PlanOpened():
            yield from _allocated(plan, event.chair, Duty.CHAIR, event.on)
            yield from _allocated(plan, event.lead, Duty.SOCIAL_WORKER, event.on)
            for agency in event.agencies:
                yield from _member(plan, agency, event.on)
        case LeadChanged():
            yield from _allocated(plan, event.lead, Duty.SOCIAL_WORKER, event.on)
        case ChairChanged():
            yield from _allocated(plan, event.chair, Duty.CHAIR, event.on)
        case AgencyJoined():
            yield from _member(plan, event.agency, event.on)


def _allocated(
    plan: str, named: Named | None, duty: Duty, since: date
) -> Iterator[rights_events.Allocated]:
    """Allocate a plan to whoever is named; one of the cast takes over a chair unknown there."""
    if named is None:
        return
    cast = [each for each in CAST if each.duty is duty]
    found = next((each for each in cast if each.name == named.name), None)
    if found is None and duty is Duty.CHAIR:
        found = cast[0]
    if found:
        person = known_as(found.name, found.agency)
        yield rights_events.Allocated(
            plan=plan, person=person, allocation=ALLOCATION[duty], since=since
        )


def _member(plan: str, agency: str, since: date) -> Iterator[rights_events.MemberNamed]:
    if agency in MEMBERS:
        person = known_as(MEMBERS[agency], agency)
        yield rights_events.MemberNamed(plan=plan, person=person, since=since)
