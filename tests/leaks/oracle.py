"""Who may see what, said again from the rules alone: what an application shows is held to it.

Nothing here asks the product. People, plans and what ties them are what the tests put there.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from leaks.telling import Canary
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import Mark

TODAY = date(2026, 3, 20)
PARTNERS = (Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD)
THIRD, OWN, ADDRESS, LEGAL = (
    Mark.THIRD_PARTY,
    Mark.AGENCY_CONFIDENTIAL,
    Mark.PROTECTED_ADDRESS,
    Mark.LEGAL_PRIVILEGE,
)
READS = {
    Duty.CHAIR: {THIRD, OWN, ADDRESS},
    Duty.SOCIAL_WORKER: {THIRD, ADDRESS, LEGAL},
    Duty.TEAM_MANAGER: {THIRD, ADDRESS, LEGAL},
    Duty.SERVICE_MANAGER: {THIRD, ADDRESS, LEGAL},
    Duty.PARTNER_PROFESSIONAL: {THIRD},
    Duty.PARTNER_LEAD: set[Mark](),
    Duty.INSPECTOR: {THIRD, OWN, ADDRESS, LEGAL},
    Duty.PRIVACY_OFFICER: {THIRD},
    Duty.ADMIN: set[Mark](),
}


class Days(NamedTuple):
    """From which day on something holds, and up to which."""

    since: date
    until: date | None = None

    @property
    def now(self) -> bool:
        """Whether it holds today, both days included."""
        return self.since <= TODAY and (self.until is None or self.until >= TODAY)


NOW, ENDED, LATER = (
    Days(TODAY - timedelta(30)),
    Days(TODAY - timedelta(30), TODAY - timedelta(1)),
    Days(TODAY + timedelta(1)),
)
LAST_DAY, FIRST_DAY = Days(TODAY - timedelta(30), TODAY), Days(TODAY)


@dataclass
class APlan:
    """A plan as it is told, and how it is kept from people."""

    name: str
    child: str
    family: str
    team: str
    agencies: frozenset[str]
    restricted_to: frozenset[str] | None = None
    adoption: bool = False


class Tie(NamedTuple):
    """What somebody is to a plan for some days: chair, worker, cover or member."""

    plan: str
    what: str
    days: Days
    sees_address: bool = False


class Permission(NamedTuple):
    """An inspector's warrant, or emergency access: for which plans, and whether it holds."""

    plans: frozenset[str]
    holds: bool
    whole_authority: bool = False


@dataclass
class Somebody:
    """A person in the role that is active, and all that ties them or keeps them away."""

    id: str
    duty: Duty
    agency: str
    granted: bool = True
    teams: dict[str, Days] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    warrants: list[Permission] = field(default_factory=list)
    glasses: list[Permission] = field(default_factory=list)
    conflicts: set[str] = field(default_factory=set)
    """Names of plans and of children."""

    def is_now(self, plan: str, *what: str) -> list[Tie]:
        """What they are to a plan today."""
        return [t for t in self.ties if t.plan == plan and t.what in what and t.days.now]


@dataclass
class Oracle:
    """Says what each person may see of some plans."""

    plans: list[APlan]
    people: list[Somebody]

    def listed_for(self, who: Somebody) -> set[str]:
        """Name the plans that stand in somebody's lists."""
        return {plan.name for plan in self.plans if self._related(who, plan) and _open(who, plan)}

    def open_to(self, who: Somebody) -> set[str]:
        """Name the plans that somebody may read, also by emergency access."""
        by_glass = {
            plan.name
            for plan in self.plans
            for glass in who.glasses
            if glass.holds and plan.name in glass.plans and plan.restricted_to is None
            if not {plan.name, plan.child} & who.conflicts
            if who.duty in (*WORKERS, Duty.PRIVACY_OFFICER)
        }
        return self.listed_for(who) | by_glass

    def _related(self, who: Somebody, plan: APlan) -> bool:
        name = plan.name
        match who.duty:
            case Duty.CHAIR:
                return bool(who.is_now(name, "chair"))
            case Duty.SOCIAL_WORKER:
                return bool(who.is_now(name, "worker", "cover"))
            case Duty.TEAM_MANAGER:
                teams = {team for team, days in who.teams.items() if days.now}
                theirs = [p for p in self.people if p.is_now(name, "worker", "cover")]
                held = {t for p in theirs for t, days in p.teams.items() if days.now}
                return bool(teams & (held | {plan.team}))
            case Duty.SERVICE_MANAGER:
                return True
            case Duty.PARTNER_PROFESSIONAL:
                return bool(who.is_now(name, "member"))
            case Duty.PARTNER_LEAD:
                return who.agency in plan.agencies
            case Duty.INSPECTOR:
                return any(_warrants(each, plan) for each in who.warrants)
        return False

    def may_read(self, who: Somebody, canary: Canary) -> bool:
        """Whether somebody may read a text of a plan that they may see."""
        if canary.mark is Mark.GENERAL or who.agency in canary.audience:
            return True
        if canary.mark is ADDRESS and any(
            tie.sees_address for tie in who.is_now(canary.plan, "member")
        ):
            return who.duty is Duty.PARTNER_PROFESSIONAL or ADDRESS in READS[who.duty]
        return canary.mark in READS[who.duty]


WORKERS = (Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER)


def _warrants(warrant: Permission, plan: APlan) -> bool:
    whole = warrant.whole_authority and plan.restricted_to is None
    return warrant.holds and (plan.name in warrant.plans or whole)


def _open(who: Somebody, plan: APlan) -> bool:
    """Whether nothing keeps somebody from a plan that they are tied to."""
    if {plan.name, plan.child} & who.conflicts:
        return False
    if plan.restricted_to is None or who.duty is Duty.INSPECTOR:
        return True
    if plan.adoption and who.duty in PARTNERS:
        return False
    return who.id in plan.restricted_to
