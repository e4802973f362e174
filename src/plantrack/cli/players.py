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

    def speaking(self, by: Person) -> tuple[Person, Permit | None]:
        """Say as whom a line's person records and by which permit; a stranger has none."""
        if self._posts.get((by.name, by.agency)) != Post(DUTIES[by.role], by.agency):
            return by, None
        subject = self.subject(by.name, by.agency)
        return writes_as(subject), Permit(self._desk.gate, subject, self._desk.tracker.now)

    def say(self, name: str, *events: said.RightsEvent) -> None:
        """Put something on the record of rights as somebody of the council."""
        subject = self.subject(name)
        for event in events:
            self._desk.gate.state([event], writes_as(subject), subject)

    def tie(self, plan: str, event: PlanEvent) -> None:
        """Tie to a plan whoever an event brings to it, from the event's day on."""
        spells = [s for s in self._desk.gate.look().rights.spells_on(plan) if not s.ended]
        ties = list(_ties(plan, event))
        held = {(spell.person, spell.what) for spell in spells}
        self._state(
            [
                said.AllocationEnded(plan=plan, person=spell.person, reason=event.reason)
                for spell in spells
                if isinstance(event, LeadChanged | ChairChanged)
                and any(_what(tie)[1] == spell.what != MEMBER for tie in ties)
            ]
        )
        self._state([tie for tie in ties if _what(tie) not in held])

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
            yield _allocated(plan, _one(Duty.CHAIR, event.chair), Allocation.CHAIR, event.on)
            yield _allocated(plan, _one(Duty.SOCIAL_WORKER, event.lead), Allocation.WORKER, event.on)
            for agency in event.agencies:
                yield from _member(plan, agency, event.on)
        case LeadChanged():
            yield _allocated(plan, _one(Duty.SOCIAL_WORKER, event.lead), Allocation.WORKER, event.on)
        case ChairChanged():
            yield _allocated(plan, _one(Duty.CHAIR, event.chair), Allocation.CHAIR, event.on)
        case AgencyJoined():
            yield from _member(plan, event.agency, event.on)


def _one(duty: Duty, named: Named | None) -> str:
    """Say by what rights know whoever is named, or the first of the cast with the role."""
    cast = [each for each in CAST if each.duty is duty]
    found = next((each for each in cast if named and each.name == named.name), cast[0])
    return known_as(found.name, found.agency)


def _allocated(plan: str, person: str, allocation: Allocation, since: date) -> said.Allocated:
    return said.Allocated(plan=plan, person=person, allocation=allocation, since=since)


def _member(plan: str, agency: str, since: date) -> Iterator[said.MemberNamed]:
    if agency in MEMBERS:
        person = known_as(MEMBERS[agency], agency)
        yield said.MemberNamed(plan=plan, person=person, since=since)
