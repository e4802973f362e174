"""Where rights stand: everything that the entries of their record add up to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Allocation, Duty, GlassGround, RestrictionCategory
from plantrack.domain.words import Person


class RightsEntry(NamedTuple):
    """One entry of the record of rights: its number, when, by whom, and what was said."""

    number: int
    recorded_at: datetime
    by: Person
    event: rights_events.RightsEvent


class Appointment(NamedTuple):
    """A role for an agency: what somebody is while they use plantrack."""

    duty: Duty
    agency: str


@dataclass(frozen=True)
class Known:
    """A person whom plantrack knows."""

    person: str
    name: str
    agency: str
    disabled: bool = False


class Linking(NamedTuple):
    """An identity that waits for a second person: whose it is to be, and who proposed it."""

    person: str
    proposed_by: str


@dataclass(frozen=True)
class Grant:
    """A role that a person has for an agency, once it is approved and while it lasts."""

    grant: str
    person: str
    post: Appointment
    proposed_by: str | None
    until: date | None = None
    approved: bool = False
    ended: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the role may be used on a day."""
        return self.approved and not self.ended and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Spell:
    """A time during which somebody is something: from a day to a day, both included."""

    person: str
    what: str
    since: date
    until: date | None = None
    ended: bool = False
    sees_address: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is so on a day."""
        return not self.ended and self.since <= day and (self.until is None or day <= self.until)


MEMBER = "member"


@dataclass(frozen=True)
class Restriction:
    """Who may see a plan that does not exist for anybody else."""

    category: RestrictionCategory
    review_by: date
    people: frozenset[str]


@dataclass(frozen=True)
class Conflict:
    """An interest that keeps somebody from a child or a plan."""

    conflict: str
    person: str
    child: str | None
    plan: str | None


@dataclass(frozen=True)
class Warrant:
    """What an inspector may read, from a moment to a moment."""

    warrant: str
    person: str
    purpose: str
    starts: datetime
    ends: datetime
    plans: frozenset[str]
    whole_authority: bool
    proposed_by: str | None
    approved: bool = False
    ended: bool = False

    def holds_at(self, now: datetime) -> bool:
        """Whether it may be used at a moment; its last moment is not within it."""
        return self.approved and not self.ended and self.starts <= now < self.ends


@dataclass(frozen=True)
class Glass:
    """An emergency access to one plan, and whether it was looked at afterwards."""

    glass: str
    plan: str
    person: str
    ground: GlassGround
    reason: str
    broken_at: datetime
    until: datetime
    review_by: date
    reviewed: rights_events.GlassReviewed | None = None
    climbed: bool = False

    def holds_at(self, now: datetime) -> bool:
        """Whether it opens the plan at a moment; its last moment is not within it."""
        return self.broken_at <= now < self.until


@dataclass
class Rights:
    """Who may see and do what, as the entries up to a number say."""

    number: int = 0
    demonstration: bool = False
    people: dict[str, Known] = field(default_factory=dict)
    identities: dict[tuple[str, str], str] = field(default_factory=dict)
    linking: dict[tuple[str, str], Linking] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    teams: dict[str, list[Spell]] = field(default_factory=lambda: defaultdict(list))
    on_plan: dict[str, list[Spell]] = field(default_factory=lambda: defaultdict(list))
    plans_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    restrictions: dict[str, Restriction] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    warrants: dict[str, Warrant] = field(default_factory=dict)
    glasses: dict[str, Glass] = field(default_factory=dict)
    grants_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    conflicts_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    warrants_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    glasses_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def posts_of(self, person: str, day: date) -> list[Appointment]:
        """Name the posts that somebody may use on a day, in the order granted."""
        known = self.people.get(person)
        if known is None or known.disabled:
            return []
        grants = (self.grants[each] for each in self.grants_of.get(person, ()))
        return list(dict.fromkeys(grant.post for grant in grants if grant.holds_on(day)))

    def teams_of(self, person: str, day: date) -> set[str]:
        """Name the teams that somebody belongs to on a day."""
        return {each.what for each in self.teams.get(person, ()) if each.holds_on(day)}

    def spells_on(self, plan: str) -> list[Spell]:
        """Give what anybody is or was to a plan."""
        return self.on_plan.get(plan, [])

    def workers_of(self, plan: str, day: date) -> set[str]:
        """Name the people whose work a plan is on a day."""
        of_work = (Allocation.WORKER, Allocation.COVER)
        return {s.person for s in self.spells_on(plan) if s.what in of_work and s.holds_on(day)}

    def conflicted(self, person: str, plan: str, child: str | None) -> bool:
        """Whether somebody has an interest in a plan or its child."""
        conflicts = (self.conflicts[each] for each in self.conflicts_of.get(person, ()))
        return any(c.plan == plan or (child and c.child == child) for c in conflicts)

    def learn(self, entries: Iterable[RightsEntry]) -> None:
        """Take in entries, in the order recorded; this never refuses."""
        for entry in entries:
            _EVOLVE[type(entry.event)](self, entry.event, entry)
            # Last: who reads at the same time and finds the number must find what it stands for.
            self.number = entry.number


def _declared(rights: Rights, _: Any, __: RightsEntry) -> None:
    rights.demonstration = True


def _registered(rights: Rights, event: rights_events.PersonRegistered, _: RightsEntry) -> None:
    rights.people[event.person] = Known(event.person, event.name, event.agency)


def _linked(rights: Rights, event: rights_events.IdentityLinked, entry: RightsEntry) -> None:
    identity = event.issuer, event.subject
    if entry.by.id is None:
        rights.identities[identity] = event.person
    else:
        rights.linking[identity] = Linking(event.person, entry.by.id)


def _link_approved(rights: Rights, event: rights_events.IdentityApproved, _: RightsEntry) -> None:
    identity = event.issuer, event.subject
    if waiting := rights.linking.pop(identity, None):
        rights.identities[identity] = waiting.person


def _unlinked(rights: Rights, event: rights_events.IdentityUnlinked, _: RightsEntry) -> None:
    identity = event.issuer, event.subject
    rights.linking.pop(identity, None)
    rights.identities.pop(identity, None)


def _disabled(rights: Rights, event: rights_events.PersonDisabled, _: RightsEntry) -> None:
    rights.people[event.person] = replace(rights.people[event.person], disabled=True)


def _restored(rights: Rights, event: rights_events.PersonRestored, _: RightsEntry) -> None:
    rights.people[event.person] = replace(rights.people[event.person], disabled=False)


def _proposed(rights: Rights, event: rights_events.GrantProposed, entry: RightsEntry) -> None:
    post = Appointment(event.role, event.agency or rights.people[event.person].agency)
    rights.grants[event.grant] = Grant(event.grant, event.person, post, entry.by.id, event.until)
    rights.grants_of[event.person].append(event.grant)


def _approved(rights: Rights, event: rights_events.GrantApproved, _: RightsEntry) -> None:
    rights.grants[event.grant] = replace(rights.grants[event.grant], approved=True)


def _grant_ended(rights: Rights, event: rights_events.GrantEnded, _: RightsEntry) -> None:
    rights.grants[event.grant] = replace(rights.grants[event.grant], ended=True)


def _joined(rights: Rights, event: rights_events.TeamJoined, _: RightsEntry) -> None:
    spell = Spell(event.person, event.team, event.since, event.until)
    rights.teams[event.person].append(spell)


def _left(rights: Rights, event: rights_events.TeamLeft, _: RightsEntry) -> None:
    spells = rights.teams[event.person]
    rights.teams[event.person] = _ended(spells, event.person, [event.team])


def _allocated(rights: Rights, event: rights_events.Allocated, _: RightsEntry) -> None:
    spell = Spell(event.person, event.allocation, event.since, event.until)
    _add(rights, event.plan, spell)


def _named(rights: Rights, event: rights_events.MemberNamed, _: RightsEntry) -> None:
    spell = Spell(event.person, MEMBER, event.since, event.until, sees_address=event.sees_address)
    _add(rights, event.plan, spell)


def _ended(spells: list[Spell], person: str, kinds: Iterable[str]) -> list[Spell]:
    """Give spells with those of a person that are of some kinds ended."""
    ended = set(kinds)
    return [replace(s, ended=True) if s.person == person and s.what in ended else s for s in spells]


def _add(rights: Rights, plan: str, spell: Spell) -> None:
    rights.on_plan[plan].append(spell)
    rights.plans_of[spell.person].add(plan)


def _allocation_ended(rights: Rights, event: rights_events.AllocationEnded, _: RightsEntry) -> None:
    spells = rights.on_plan[event.plan]
    rights.on_plan[event.plan] = _ended(spells, event.person, Allocation)


def _membership_ended(rights: Rights, event: rights_events.MembershipEnded, _: RightsEntry) -> None:
    spells = rights.on_plan[event.plan]
    rights.on_plan[event.plan] = _ended(spells, event.person, [MEMBER])


def _restricted(rights: Rights, event: rights_events.PlanRestricted, _: RightsEntry) -> None:
    rights.restrictions[event.plan] = Restriction(
        event.category, event.review_by, frozenset(event.people)
    )


def _kept_restricted(
    rights: Rights, event: rights_events.RestrictionReviewed, _: RightsEntry
) -> None:
    was = rights.restrictions[event.plan]
    rights.restrictions[event.plan] = replace(was, review_by=event.review_by)


def _admitted(rights: Rights, event: rights_events.PersonAdmitted, _: RightsEntry) -> None:
    was = rights.restrictions[event.plan]
    rights.restrictions[event.plan] = replace(was, people=was.people | {event.person})


def _removed(rights: Rights, event: rights_events.PersonRemoved, _: RightsEntry) -> None:
    was = rights.restrictions[event.plan]
    rights.restrictions[event.plan] = replace(was, people=was.people - {event.person})


def _lifted(rights: Rights, event: rights_events.RestrictionLifted, _: RightsEntry) -> None:
    rights.restrictions.pop(event.plan, None)


def _conflict(rights: Rights, event: rights_events.ConflictDeclared, _: RightsEntry) -> None:
    rights.conflicts[event.conflict] = Conflict(
        event.conflict, event.person, event.child, event.plan
    )
    rights.conflicts_of[event.person].append(event.conflict)


def _conflict_over(rights: Rights, event: rights_events.ConflictLifted, _: RightsEntry) -> None:
    over = rights.conflicts.pop(event.conflict)
    rights.conflicts_of[over.person].remove(event.conflict)


def _warrant(rights: Rights, event: rights_events.WarrantProposed, entry: RightsEntry) -> None:
    rights.warrants[event.warrant] = Warrant(
        event.warrant,
        event.person,
        event.purpose,
        event.starts,
        event.ends,
        frozenset(event.plans),
        event.whole_authority,
        entry.by.id,
    )
    rights.warrants_of[event.person].append(event.warrant)


def _warranted(rights: Rights, event: rights_events.WarrantApproved, _: RightsEntry) -> None:
    rights.warrants[event.warrant] = replace(rights.warrants[event.warrant], approved=True)


def _warrant_ended(rights: Rights, event: rights_events.WarrantEnded, _: RightsEntry) -> None:
    rights.warrants[event.warrant] = replace(rights.warrants[event.warrant], ended=True)


def _broken(rights: Rights, event: rights_events.GlassBroken, entry: RightsEntry) -> None:
    rights.glasses[event.glass] = Glass(
        event.glass,
        event.plan,
        event.person,
        event.ground,
        event.reason,
        entry.recorded_at,
        event.until,
        event.review_by,
    )
    rights.glasses_of[event.person].append(event.glass)


def _reviewed(rights: Rights, event: rights_events.GlassReviewed, _: RightsEntry) -> None:
    rights.glasses[event.glass] = replace(rights.glasses[event.glass], reviewed=event)


def _climbed(rights: Rights, event: rights_events.GlassReviewClimbed, _: RightsEntry) -> None:
    rights.glasses[event.glass] = replace(rights.glasses[event.glass], climbed=True)


_EVOLVE: dict[type[rights_events.RightsEvent], Any] = {
    rights_events.DemonstrationDeclared: _declared,
    rights_events.PersonRegistered: _registered,
    rights_events.IdentityLinked: _linked,
    rights_events.IdentityApproved: _link_approved,
    rights_events.IdentityUnlinked: _unlinked,
    rights_events.PersonDisabled: _disabled,
    rights_events.PersonRestored: _restored,
    rights_events.GrantProposed: _proposed,
    rights_events.GrantApproved: _approved,
    rights_events.GrantEnded: _grant_ended,
    rights_events.TeamJoined: _joined,
    rights_events.TeamLeft: _left,
    rights_events.Allocated: _allocated,
    rights_events.AllocationEnded: _allocation_ended,
    rights_events.MemberNamed: _named,
    rights_events.MembershipEnded: _membership_ended,
    rights_events.PlanRestricted: _restricted,
    rights_events.RestrictionReviewed: _kept_restricted,
    rights_events.PersonAdmitted: _admitted,
    rights_events.PersonRemoved: _removed,
    rights_events.RestrictionLifted: _lifted,
    rights_events.ConflictDeclared: _conflict,
    rights_events.ConflictLifted: _conflict_over,
    rights_events.WarrantProposed: _warrant,
    rights_events.WarrantApproved: _warranted,
    rights_events.WarrantEnded: _warrant_ended,
    rights_events.GlassBroken: _broken,
    rights_events.GlassReviewed: _reviewed,
    rights_events.GlassReviewClimbed: _climbed,
}


def open_glasses(rights: Rights) -> Iterator[Glass]:
    """Give the emergency accesses that nobody has looked at yet."""
    return (glass for glass in list(rights.glasses.values()) if glass.reviewed is None)
