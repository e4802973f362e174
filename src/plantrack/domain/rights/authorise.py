"""Who may do what: one pure decision, which is no unless something here says yes.

A plan that somebody may not see is answered as one that does not exist, whatever the reason; the
reason is for the access record and the log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from plantrack.domain.calendar import london_day
from plantrack.domain.rights.actions import MAY, STEP_UP, Action
from plantrack.domain.rights.state import (
    MEMBER,
    Appointment,
    Glass,
    Restriction,
    Rights,
    Spell,
    Warrant,
)
from plantrack.domain.rights.words import Allocation, Duty, RestrictionCategory
from plantrack.domain.words import Mark

STEP_UP_HOLDS = timedelta(minutes=5)

T = TypeVar("T")


class Because(StrEnum):
    """Why something was allowed, or was not."""

    NO_PLAN_CONCERNED = "no_plan_concerned"
    CHAIRS = "chairs"
    WORKS_ON_IT = "works_on_it"
    TEAM = "team"
    WHOLE_AUTHORITY = "whole_authority"
    MEMBER = "member"
    AGENCY = "agency"
    WARRANT = "warrant"
    GLASS = "glass"
    METADATA = "metadata"

    NOT_SIGNED_IN = "not_signed_in"
    NO_SECOND_FACTOR = "no_second_factor"
    NOT_GRANTED = "not_granted"
    NOT_IN_THIS_ROLE = "not_in_this_role"
    NO_SUCH_PLAN = "no_such_plan"
    CONFLICT = "conflict"
    RESTRICTED = "restricted"
    UNRELATED = "unrelated"
    STEP_UP = "step_up"


HIDING = frozenset({Because.NO_SUCH_PLAN, Because.CONFLICT, Because.RESTRICTED, Because.UNRELATED})
"""Reasons that nobody is told: the plan does not exist for them."""


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """What rights depend on of a plan's own entries."""

    plan: str
    child: str
    family: str | None = None
    team: str | None = None
    agencies: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    """Other plans that its entries name."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Who acts, in which post, and how they proved it."""

    person: str
    name: str
    post: Appointment
    granted: bool
    second_factor: bool
    proved_at: datetime | None = None
    """When they last proved who they are; for a machine, None."""
    session: str = ""
    purpose: str | None = None
    """What they said they look for; a warrant's or an emergency's own purpose comes first."""


@dataclass(frozen=True, kw_only=True)
class PlanContext:
    """A plan as it concerns one person: what ties them to it, and what keeps them from it."""

    facts: PlanFacts
    spells: tuple[Spell, ...] = ()
    teams: tuple[Spell, ...] = ()
    worker_teams: tuple[tuple[Spell, Spell], ...] = ()
    """Spells of work on the plan by somebody in a team, each with the spell in the team."""
    restriction: Restriction | None = None
    conflict: bool = False
    warrants: tuple[Warrant, ...] = ()
    glasses: tuple[Glass, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, why, and what whoever acts on it owes."""

    allow: bool
    because: Because
    marks: frozenset[Mark] = frozenset()
    """The marks whose texts may be read."""
    audit: bool = False
    """Whether an access record must be written before anything is shown."""
    step_up: bool = False
    """Whether they must first prove again who they are."""
    purpose: str | None = None
    glass: str | None = None


@dataclass(frozen=True)
class _Tie:
    because: Because
    purpose: str | None = None
    glass: str | None = None
    sees_address: bool = False


def authorise(
    subject: Subject | None, action: Action, plan: PlanContext | None, now: datetime
) -> Decision:
    """Decide whether somebody may do something, on a plan where the action is about one."""
    if subject is None:
        return _no(Because.NOT_SIGNED_IN)
    if not subject.granted:
        return _no(Because.NOT_GRANTED)
    if not subject.second_factor:
        return _no(Because.NO_SECOND_FACTOR)
    row = MAY.get(action)
    if row is None or subject.post.duty not in row.duties:
        return _no(Because.NOT_IN_THIS_ROLE)
    if row.about_a_plan:
        return _on_plan(subject, action, plan, now)
    return _stepped_up(subject, action, now, _Tie(Because.NO_PLAN_CONCERNED), frozenset())


def _on_plan(subject: Subject, action: Action, plan: PlanContext | None, now: datetime) -> Decision:
    if plan is None:
        return _no(Because.NO_SUCH_PLAN)
    if plan.conflict:
        return _no(Because.CONFLICT)
    tie = _glass(subject, plan, now) if action in MAY_BY_GLASS else None
    tie = _related(subject, plan, now) or tie
    if action is Action.BREAK_GLASS and tie is None:
        tie = _Tie(Because.UNRELATED) if plan.restriction is None else None
    if tie is None:
        return _no(Because.UNRELATED)
    if not _on_list(subject, plan, tie):
        return _no(Because.RESTRICTED)
    return _stepped_up(
        subject, action, now, tie, marks_of(subject.post.duty, sees_address=tie.sees_address)
    )


MAY_BY_GLASS = frozenset({Action.READ_PLAN})


def _related(subject: Subject, plan: PlanContext, now: datetime) -> _Tie | None:
    """Find what ties somebody to a plan in their post, at this moment."""
    day = london_day(now)
    now_is = {spell.what for spell in plan.spells if spell.holds_on(day)}
    match subject.post.duty:
        case Duty.CHAIR:
            return _Tie(Because.CHAIRS) if Allocation.CHAIR in now_is else None
        case Duty.SOCIAL_WORKER:
            works = now_is & {Allocation.WORKER, Allocation.COVER}
            return _Tie(Because.WORKS_ON_IT) if works else None
        case Duty.TEAM_MANAGER:
            teams = {spell.what for spell in plan.teams if spell.holds_on(day)}
            theirs = plan.facts.team in teams or any(
                work.holds_on(day) and team.holds_on(day) and team.what in teams
                for work, team in plan.worker_teams
            )
            return _Tie(Because.TEAM) if theirs else None
        case Duty.SERVICE_MANAGER:
            return _Tie(Because.WHOLE_AUTHORITY)
        case Duty.PARTNER_PROFESSIONAL:
            return _membership(plan, now)
        case Duty.PARTNER_LEAD:
            there = subject.post.agency in plan.facts.agencies
            return _Tie(Because.AGENCY) if there else None
        case Duty.INSPECTOR:
            return _warrant(plan, now)
        case Duty.SCHEDULER:
            return _Tie(Because.METADATA)
        case _:
            return None


def _membership(plan: PlanContext, now: datetime) -> _Tie | None:
    day = london_day(now)
    spells = [s for s in plan.spells if s.what == MEMBER and s.holds_on(day)]
    if not spells:
        return None
    return _Tie(Because.MEMBER, sees_address=any(spell.sees_address for spell in spells))


def _warrant(plan: PlanContext, now: datetime) -> _Tie | None:
    """Find a warrant that holds; a restricted plan must be named in it."""
    for warrant in plan.warrants:
        named = plan.facts.plan in warrant.plans
        whole = warrant.whole_authority and plan.restriction is None
        if warrant.holds_at(now) and (named or whole):
            return _Tie(Because.WARRANT, purpose=warrant.purpose)
    return None


def _glass(subject: Subject, plan: PlanContext, now: datetime) -> _Tie | None:
    """Find an emergency access that holds; it opens nothing in a role that could not take it."""
    if subject.post.duty not in MAY[Action.BREAK_GLASS].duties:
        return None
    for glass in plan.glasses:
        if glass.holds_at(now) and plan.restriction is None:
            return _Tie(Because.GLASS, purpose=glass.ground.value, glass=glass.glass)
    return None


def _on_list(subject: Subject, plan: PlanContext, tie: _Tie) -> bool:
    """Whether a plan is open to whoever is tied to it, or they are on its list."""
    if plan.restriction is None or tie.because in (Because.WARRANT, Because.METADATA):
        return True
    partner = subject.post.duty in (Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD)
    if partner and plan.restriction.category is RestrictionCategory.ADOPTION:
        return False
    return subject.person in plan.restriction.people


def _stepped_up(
    subject: Subject, action: Action, now: datetime, tie: _Tie, marks: frozenset[Mark]
) -> Decision:
    if action in STEP_UP and not proved_lately(subject, now):
        return Decision(allow=False, because=Because.STEP_UP, step_up=True)
    row = MAY[action]
    return Decision(
        allow=True,
        because=tie.because,
        marks=marks,
        audit=row.shows_plans,
        step_up=action in STEP_UP,
        purpose=tie.purpose,
        glass=tie.glass,
    )


def as_granted(rights: Rights, subject: Subject, now: datetime) -> Subject:
    """Say who somebody is by rights as they stand now, not as when they came in."""
    posts = rights.posts_of(subject.person, london_day(now))
    if not subject.granted or subject.post in posts:
        return subject
    return replace(subject, granted=False)


def proved_lately(subject: Subject, now: datetime) -> bool:
    """Whether somebody proved who they are so lately that they may do what needs it."""
    proved = subject.proved_at
    return proved is not None and now - proved <= STEP_UP_HOLDS


OF_THE_AUTHORITY = frozenset(
    {Mark.GENERAL, Mark.THIRD_PARTY, Mark.PROTECTED_ADDRESS, Mark.LEGAL_PRIVILEGE}
)
READS: dict[Duty, frozenset[Mark]] = {
    Duty.CHAIR: OF_THE_AUTHORITY - {Mark.LEGAL_PRIVILEGE} | {Mark.AGENCY_CONFIDENTIAL},
    Duty.SOCIAL_WORKER: OF_THE_AUTHORITY,
    Duty.TEAM_MANAGER: OF_THE_AUTHORITY,
    Duty.SERVICE_MANAGER: OF_THE_AUTHORITY,
    Duty.PARTNER_PROFESSIONAL: frozenset({Mark.GENERAL, Mark.THIRD_PARTY}),
    Duty.PARTNER_LEAD: frozenset({Mark.GENERAL}),
    Duty.INSPECTOR: frozenset(Mark),
    Duty.PRIVACY_OFFICER: frozenset({Mark.GENERAL, Mark.THIRD_PARTY}),
}
"""Which marks each role may read; who is not here reads no text at all.

The agency that a text comes from always reads it, and so do those whom it was shared with.
"""


def marks_of(duty: Duty, *, sees_address: bool = False) -> frozenset[Mark]:
    """Say which marks somebody may read in a role."""
    marks = READS.get(duty, frozenset())
    return marks | {Mark.PROTECTED_ADDRESS} if sees_address else marks


def context(rights: Rights, subject: Subject, facts: PlanFacts | None) -> PlanContext | None:
    """Gather what rights say of one person and one plan."""
    if facts is None:
        return None
    plan, person = facts.plan, subject.person
    spells = rights.spells_on(plan)
    return PlanContext(
        facts=facts,
        spells=tuple(spell for spell in spells if spell.person == person),
        teams=tuple(rights.teams.get(person, ())),
        worker_teams=tuple(
            (spell, team)
            for spell in spells
            if spell.what in (Allocation.WORKER, Allocation.COVER)
            for team in rights.teams.get(spell.person, ())
        ),
        restriction=rights.restrictions.get(plan),
        conflict=rights.conflicted(person, plan, facts.child),
        warrants=tuple(_all(rights.warrants, rights.warrants_of.get(person, ()))),
        glasses=tuple(
            g for g in _all(rights.glasses, rights.glasses_of.get(person, ())) if g.plan == plan
        ),
    )


def _all(of: dict[str, T], names: Iterable[str]) -> Iterable[T]:
    return (of[name] for name in names)


def _no(because: Because) -> Decision:
    return Decision(allow=False, because=because)
