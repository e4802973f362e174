"""The people of the demonstration as rights know them, and what ties them to plans."""

from collections.abc import Iterator, Sequence
from datetime import date

from plantrack import demonstration
from plantrack.demonstration import CAST, WINGS, known_as, make_known
from plantrack.desk import Desk
from plantrack.domain.events import (
    AgencyJoined,
    ChairChanged,
    LeadChanged,
    PlanEvent,
    PlanOpened,
)
from plantrack.domain.rights import events as said
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.state import MEMBER, Post
from plantrack.domain.rights.words import RECORDS_AS, Allocation, Duty
from plantrack.domain.words import THE_TRACKER, Named, Person
from plantrack.permits import Permit, writes_as

MEMBERS = {each.agency: each.name for each in CAST if each.duty is Duty.PARTNER_PROFESSIONAL} | {
    agency: name for name, agency in WINGS.items()
}
"""The partner professional of each agency."""
ALLOCATION = {Duty.CHAIR: Allocation.CHAIR, Duty.SOCIAL_WORKER: Allocation.WORKER}
DUTIES = {role: duty for duty, role in RECORDS_AS.items() if duty is not Duty.PRIVACY_OFFICER}


class Players:
    """Everybody invented, on one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._posts = {(each.name, each.agency): Post(each.duty, each.agency) for each in CAST} | {
            (name, agency): Post(Duty.PARTNER_PROFESSIONAL, agency)
            for name, agency in WINGS.items()
        }

    def enter(self, since: date) -> None:
        """Make everybody known, and put social workers and their managers into their teams."""
        demonstration.declare(self._desk)
        for (name, _), post in self._posts.items():
            make_known(self._desk, name, post)
        joins = [
            said.TeamJoined(person=known_as(each.name, each.agency), team=each.team, since=since)
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
            proved_at=self._desk.tracker.now(),
        )

    def known(self, by: Person) -> Subject | None:
        """Say who a line's person is; nobody, if they are from a history of other people."""
        if self._posts.get((by.name, by.agency)) != Post(DUTIES[by.role], by.agency):
            return None
        return self.subject(by.name, by.agency)

    def permit(self, subject: Subject) -> Permit:
        """Give somebody's permit to record."""
        return Permit(self._desk.gate, subject, self._desk.tracker.now)

    def say(self, name: str, *events: said.RightsEvent) -> None:
        """Put something on the record of rights as somebody of the council."""
        subject = self.subject(name)
        for event in events:
            self._desk.gate.state([event], writes_as(subject), subject)

    def tie(self, plan: str, event: PlanEvent, by: Subject | None) -> None:
        """Tie to a plan whoever an event brings to it, from the event's day on.

        A history of other people is tied to its chair alone.
        """
        ties = [
            tie
            for tie in _ties(plan, event)
            if by or (isinstance(tie, said.Allocated) and tie.allocation is Allocation.CHAIR)
        ]
        if not ties:
            return
        spells = [s for s in self._desk.gate.look().rights.spells_on(plan) if not s.ended]
        held = {(spell.person, spell.what) for spell in spells}
        kinds = {what for _, what in map(_what, ties)}
        over = [
            said.AllocationEnded(plan=plan, person=spell.person, reason=event.reason)
            for spell in spells
            if isinstance(event, LeadChanged | ChairChanged) and spell.what in kinds
        ]
        self._state([*over, *(tie for tie in ties if _what(tie) not in held)])

    def _state(self, events: Sequence[said.RightsEvent]) -> None:
        if events:
            self._desk.gate.state(events, THE_TRACKER, None)


def _what(event: said.RightsEvent) -> tuple[str, str]:
    if isinstance(event, said.Allocated):
        return event.person, event.allocation
    return getattr(event, "person", ""), MEMBER


def _ties(plan: str, event: PlanEvent) -> Iterator[said.RightsEvent]:
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


def _allocated(plan: str, named: Named | None, duty: Duty, since: date) -> Iterator[said.Allocated]:
    """Allocate a plan to whoever is named; one of the cast takes over a chair unknown there."""
    if named is None:
        return
    cast = [each for each in CAST if each.duty is duty]
    found = next((each for each in cast if each.name == named.name), None)
    if found is None and duty is Duty.CHAIR:
        found = cast[0]
    if found:
        person = known_as(found.name, found.agency)
        yield said.Allocated(plan=plan, person=person, allocation=ALLOCATION[duty], since=since)


def _member(plan: str, agency: str, since: date) -> Iterator[said.MemberNamed]:
    if agency in MEMBERS:
        person = known_as(MEMBERS[agency], agency)
        yield said.MemberNamed(plan=plan, person=person, since=since)
