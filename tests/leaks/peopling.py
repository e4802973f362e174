"""People around plans, made by chance: their roles, ties, warrants, emergencies and conflicts."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.desks import NOW as MOMENT
from api.desks import Office
from leaks.oracle import (
    ENDED,
    FIRST_DAY,
    LAST_DAY,
    LATER,
    NOW,
    APlan,
    Oracle,
    Permission,
    Somebody,
    Tie,
)
from leaks.telling import AGENCIES
from plantrack.authentication.identity import Identity
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import Allocation, Duty, GlassGround, RestrictionCategory
from plantrack.domain.words import THE_TRACKER
from plantrack.web.who import written

BEFORE = MOMENT - timedelta(days=1)
A_MOMENT_AGO = MOMENT - timedelta(minutes=20)
Rounds = Iterator[list[rights_events.RightsEvent]]
DUTIES = (
    *(Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER, Duty.SERVICE_MANAGER) * 2,
    *(Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD, Duty.INSPECTOR) * 3,
    Duty.PRIVACY_OFFICER,
    Duty.ADMIN,
)
BREAK_GLASS = (Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER, Duty.PRIVACY_OFFICER)
SPELLS = (NOW, NOW, LAST_DAY, FIRST_DAY, ENDED, LATER)
TIES = {
    Duty.CHAIR: ("chair",),
    Duty.SOCIAL_WORKER: ("worker", "cover"),
    Duty.PARTNER_PROFESSIONAL: ("member",),
}


def somebody(n: int, chance: random.Random, plans: Sequence[APlan]) -> Somebody:
    """Make somebody up by chance, with what ties them to plans and what keeps them away."""
    duty = chance.choice(DUTIES)
    partner = duty in (Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD)
    agency = chance.choice(AGENCIES[1:] if partner else ("csc",))
    agency = "ofsted" if duty is Duty.INSPECTOR else agency
    who = Somebody(f"person-{n:03}-{chance.randrange(10**6)}", duty, agency)
    who.granted = chance.random() > 0.04
    if duty in (Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER):
        who.teams = {t: chance.choice(SPELLS) for t in chance.sample(("T0", "T1", "T2"), 1)}
    for plan in plans:
        for what in TIES.get(duty, ()):
            if chance.random() < 0.4:
                sees = what == "member" and chance.random() < 0.4
                who.ties.append(Tie(plan.name, what, chance.choice(SPELLS), sees))
        if chance.random() < 0.08:
            who.conflicts.add(chance.choice((plan.name, plan.child)))
    if duty is Duty.INSPECTOR:
        sample = frozenset(p.name for p in plans if chance.random() < 0.5)
        whole = not sample or chance.random() < 0.3
        who.warrants = [Permission(frozenset() if whole else sample, chance.random() < 0.8, whole)]
    elif duty in BREAK_GLASS and chance.random() < 0.3:
        who.glasses = [Permission(frozenset({chance.choice(plans).name}), chance.random() < 0.7)]
    return who


def restrict(oracle: Oracle, chance: random.Random) -> None:
    """Keep three plans to the people on a list."""
    for plan in oracle.plans[2:5]:
        plan.restricted_to = frozenset(p.id for p in oracle.people if chance.random() < 0.4)
        plan.adoption = chance.random() < 0.5


def before_today(oracle: Oracle) -> Rounds:
    """Say who people are and what ties them to plans, as it was said the day before."""
    people = oracle.people
    yield [
        rights_events.PersonRegistered(person=p.id, name=f"Name {p.id}", agency=p.agency)
        for p in people
    ]
    yield [
        rights_events.GrantProposed(
            grant=f"g-{p.id}", person=p.id, role=p.duty, reason="works here"
        )
        for p in people
    ]
    yield [rights_events.GrantApproved(grant=f"g-{p.id}") for p in people]
    yield [
        rights_events.GrantEnded(grant=f"g-{p.id}", reason="left") for p in people if not p.granted
    ]
    yield [each for p in people for each in _tied(p)]
    yield [each for p in people for each in _warranted(p)]
    yield [rights_events.WarrantApproved(warrant=f"w-{p.id}") for p in people if p.warrants]
    yield [_broken(p, BEFORE) for p in people if p.glasses and not p.glasses[0].holds]


def today(oracle: Oracle) -> Rounds:
    """Say what is new today: plans are restricted, warrants ended, emergencies come up."""
    yield [_restricted(plan) for plan in oracle.plans if plan.restricted_to is not None]
    yield [
        rights_events.WarrantEnded(warrant=f"w-{p.id}", reason="over")
        for p in oracle.people
        if p.warrants and not p.warrants[0].holds
    ]
    yield [_broken(p, A_MOMENT_AGO) for p in oracle.people if p.glasses and p.glasses[0].holds]


def state(here: Office, rounds: Rounds) -> None:
    """Put on the record of rights what is said in each round."""
    for events in rounds:
        if events:
            here.services.authoriser.state(events, THE_TRACKER, None)


def sign_in(here: Office, who: Somebody) -> dict[str, str]:
    """Begin a session of somebody in their role, and give the header that says so."""
    post = written(Appointment(who.duty, who.agency))
    identity = Identity("https://nowhere.example", who.id)
    token = here.sources.sessions.start(who.id, identity, post, auth_time=MOMENT, mfa=True)
    here.sources.sessions.choose_role(token, post, "to test")
    return {"Authorization": f"Bearer {token}"}


def _tied(who: Somebody) -> Iterator[rights_events.RightsEvent]:
    for team, days in who.teams.items():
        yield rights_events.TeamJoined(person=who.id, team=team, since=days.since, until=days.until)
    for plan, what, days, sees in who.ties:
        named: dict[str, Any] = {
            "plan": plan,
            "person": who.id,
            "since": days.since,
            "until": days.until,
        }
        if what == "member":
            yield rights_events.MemberNamed(**named, sees_address=sees)
        else:
            yield rights_events.Allocated(**named, allocation=Allocation(what))
    for n, about in enumerate(sorted(who.conflicts)):
        of: dict[str, Any] = {"plan" if about.startswith("PL") else "child": about}
        yield rights_events.ConflictDeclared(
            conflict=f"c{n}-{who.id}", person=who.id, reason="a niece", **of
        )


def _warranted(who: Somebody) -> Iterator[rights_events.RightsEvent]:
    for warrant in who.warrants:
        yield rights_events.WarrantProposed(
            warrant=f"w-{who.id}",
            person=who.id,
            purpose="a sample",
            starts=BEFORE - timedelta(days=1),
            ends=MOMENT + timedelta(days=1),
            plans=tuple(sorted(warrant.plans)),
            whole_authority=warrant.whole_authority,
        )


def _broken(who: Somebody, at: datetime) -> rights_events.RightsEvent:
    [glass] = who.glasses
    [plan] = glass.plans
    return rights_events.GlassBroken(
        glass=f"e-{who.id}",
        plan=plan,
        person=who.id,
        ground=GlassGround.IMMEDIATE_HARM,
        reason="the child is in danger this evening",
        until=at + timedelta(minutes=60),
        review_by=MOMENT.date() + timedelta(days=1),
    )


def _restricted(plan: APlan) -> rights_events.RightsEvent:
    category = RestrictionCategory.ADOPTION if plan.adoption else RestrictionCategory.COURT_ORDER
    return rights_events.PlanRestricted(
        plan=plan.name,
        category=category,
        reason="the court said so",
        review_by=MOMENT.date() + timedelta(days=30),
        people=tuple(sorted(plan.restricted_to or ())),
    )
