"""Which plans somebody may see in lists: the same decision as for one plan, said of all of them."""

from dataclasses import dataclass
from datetime import datetime

from plantrack.domain.calendar import london_day
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.state import MEMBER, Rights, Spell, Warrant
from plantrack.domain.rights.words import Allocation, Duty, RestrictionCategory


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Plans by what makes them visible to somebody, less those that are kept from them."""

    everything: bool = False
    plans: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    agency: str | None = None
    without: frozenset[str] = frozenset()
    without_children: frozenset[str] = frozenset()


EVERYTHING = Scope(everything=True)
NOTHING = Scope()

BY_ALLOCATION = {
    Duty.CHAIR: frozenset({Allocation.CHAIR.value}),
    Duty.SOCIAL_WORKER: frozenset({Allocation.WORKER.value, Allocation.COVER.value}),
    Duty.PARTNER_PROFESSIONAL: frozenset({MEMBER}),
}


def scope_of(rights: Rights, subject: Subject, now: datetime) -> Scope:
    """Say which plans somebody may see in lists, in their post at a moment."""
    duty, day = subject.post.duty, london_day(now)
    if duty is Duty.SCHEDULER:
        return EVERYTHING
    without, children = _kept_from(rights, subject, now)
    if duty is Duty.SERVICE_MANAGER:
        return Scope(everything=True, without=without, without_children=children)
    if duty is Duty.PARTNER_LEAD:
        return Scope(agency=subject.post.agency, without=without, without_children=children)
    if duty is Duty.TEAM_MANAGER:
        teams = frozenset(rights.teams_of(subject.person, day))
        plans = _worked_by(rights, teams, now)
        return Scope(plans=plans, teams=teams, without=without, without_children=children)
    if duty is Duty.INSPECTOR:
        warrants = _warrants(rights, subject, now)
        named = frozenset().union(*(warrant.plans for warrant in warrants))
        return Scope(
            everything=any(warrant.whole_authority for warrant in warrants),
            plans=named,
            without=without,
            without_children=children,
        )
    held = BY_ALLOCATION.get(duty, frozenset())
    plans = frozenset(
        plan
        for plan in set(rights.plans_of.get(subject.person, ()))
        if any(_is(s, subject.person, held) and s.holds_on(day) for s in rights.spells_on(plan))
    )
    return Scope(plans=plans, without=without, without_children=children)


def _is(spell: Spell, person: str, held: frozenset[str]) -> bool:
    return spell.person == person and spell.what in held


def _worked_by(rights: Rights, teams: frozenset[str], now: datetime) -> frozenset[str]:
    """Name the plans on which somebody of some teams works."""
    day = london_day(now)
    workers = [
        person
        for person, spells in list(rights.teams.items())
        if any(spell.what in teams and spell.holds_on(day) for spell in spells)
    ]
    return frozenset(
        plan
        for worker in workers
        for plan in set(rights.plans_of.get(worker, ()))
        if worker in rights.workers_of(plan, day)
    )


def _warrants(rights: Rights, subject: Subject, now: datetime) -> list[Warrant]:
    names = rights.warrants_of.get(subject.person, ())
    return [w for w in (rights.warrants[name] for name in names) if w.holds_at(now)]


def _kept_from(
    rights: Rights, subject: Subject, now: datetime
) -> tuple[frozenset[str], frozenset[str]]:
    """Name the plans and the children that are kept from somebody, whatever ties them."""
    duty = subject.post.duty
    partner = duty in (Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD)
    named = frozenset[str]()
    if duty is Duty.INSPECTOR:
        named = named.union(*(w.plans for w in _warrants(rights, subject, now)))
    restricted = {
        plan
        for plan, restriction in list(rights.restrictions.items())
        if plan not in named
        and (
            duty is Duty.INSPECTOR
            or subject.person not in restriction.people
            or (partner and restriction.category is RestrictionCategory.ADOPTION)
        )
    }
    names = list(rights.conflicts_of.get(subject.person, ()))
    conflicts = [rights.conflicts[name] for name in names]
    plans = {each.plan for each in conflicts if each.plan}
    return frozenset(restricted | plans), frozenset(c.child for c in conflicts if c.child)
