"""The people of an authority: one reader a role, and whoever else the plans are tied to."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bench.append import ANN  # which also says where plantrack is
from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.state import Appointment, RightsEntry
from plantrack.domain.rights.words import Allocation, Duty, GlassGround
from plantrack.domain.words import THE_TRACKER

TEAMS = tuple(f"team-{n}" for n in range(25))
CHAIRS, WORKERS, MEMBER_OF = 60, 250, 60
"""How many chairs and workers share the plans, and on how many one nurse is named."""
DRAWN = 100
"""From among so many of their plans each reader opens some."""
EMERGENCIES = tuple(f"glass-{n}" for n in range(5))
"""Emergency accesses that nobody has reviewed."""

READERS = {
    Duty.CHAIR: ("Casey Chair", ANN.agency),
    Duty.SOCIAL_WORKER: ("Sol Worker", ANN.agency),
    Duty.TEAM_MANAGER: ("Tam Manager", ANN.agency),
    Duty.SERVICE_MANAGER: ("Sam Service", ANN.agency),
    Duty.PARTNER_PROFESSIONAL: ("Noor Nurse", "school-nursing"),
    Duty.PARTNER_LEAD: ("Lee Lead", "school"),
    Duty.INSPECTOR: ("Ira Inspector", "ofsted"),
    Duty.PRIVACY_OFFICER: ("Pat Privacy", ANN.agency),
    Duty.ADMIN: ("Ade Admin", ANN.agency),
}
"""Who opens the pages."""

A_YEAR = timedelta(365)


def team_of(number: int) -> str:
    """Name the team whose work a plan is; its worker is of that team."""
    return TEAMS[number % WORKERS % len(TEAMS)]


def tie(services: Services, plans: Sequence[str]) -> dict[Duty, Sequence[str]]:
    """Make people known, tie them to plans, and give the plans that each reader may open."""
    who = {
        duty: demo_people.make_known(services, name, Appointment(duty, agency))
        for duty, (name, agency) in READERS.items()
    }
    named = plans[:: max(1, len(plans) // MEMBER_OF)]
    _state(services, [*_shared(services, who, plans), *_others(services, who, named)])
    spread = plans[:: max(1, len(plans) // DRAWN)]
    own = {
        Duty.CHAIR: plans[::CHAIRS],
        Duty.SOCIAL_WORKER: plans[::WORKERS],
        Duty.TEAM_MANAGER: plans[:: len(TEAMS)],
        Duty.SERVICE_MANAGER: spread,
        Duty.PARTNER_PROFESSIONAL: named,
        Duty.PARTNER_LEAD: spread,
        Duty.INSPECTOR: spread,
    }
    return {duty: own.get(duty, ())[:DRAWN] for duty in READERS}


def colleagues() -> list[str]:
    """Give by what rights know the chairs and workers who open no pages."""
    return [f"p-colleague-{n}" for n in range(CHAIRS + WORKERS - 2)]


def _shared(
    services: Services, who: dict[Duty, str], plans: Sequence[str]
) -> Iterator[rights_events.RightsEvent]:
    """Share the plans among chairs and workers, and the workers among teams."""
    others = colleagues()
    chairs = [who[Duty.CHAIR], *others[: CHAIRS - 1]]
    workers = [who[Duty.SOCIAL_WORKER], *others[CHAIRS - 1 :]]
    since = services.today() - A_YEAR
    for person in others:
        yield rights_events.PersonRegistered(
            person=person, name=f"Person {person}", agency=ANN.agency
        )
    for n, person in enumerate(workers):
        yield rights_events.TeamJoined(person=person, team=team_of(n), since=since)
    yield rights_events.TeamJoined(person=who[Duty.TEAM_MANAGER], team=TEAMS[0], since=since)
    for n, plan in enumerate(plans):
        chair, worker = chairs[n % CHAIRS], workers[n % WORKERS]
        yield rights_events.Allocated(
            plan=plan, person=chair, allocation=Allocation.CHAIR, since=since
        )
        yield rights_events.Allocated(
            plan=plan, person=worker, allocation=Allocation.WORKER, since=since
        )


def _others(
    services: Services, who: dict[Duty, str], named: Sequence[str]
) -> Iterator[rights_events.RightsEvent]:
    """Name a nurse on some plans, and give the inspector a warrant over all."""
    nurse, now = who[Duty.PARTNER_PROFESSIONAL], services.commands.now()
    for plan in named:
        yield rights_events.MemberNamed(plan=plan, person=nurse, since=services.today() - A_YEAR)
    for glass, plan, person in zip(EMERGENCIES, named, colleagues(), strict=False):
        yield rights_events.GlassBroken(
            glass=glass,
            plan=plan,
            person=person,
            ground=GlassGround.OUT_OF_HOURS,
            reason="to measure",
            until=now,
            review_by=services.today() + timedelta(1),
        )
    yield rights_events.WarrantProposed(
        warrant="w-1",
        person=who[Duty.INSPECTOR],
        purpose="to measure",
        starts=now - timedelta(1),
        ends=now + timedelta(30),
        whole_authority=True,
    )
    yield rights_events.WarrantApproved(warrant="w-1")


def _state(services: Services, events: Sequence[rights_events.RightsEvent]) -> None:
    """Put all of it on the record of rights at once: stated one by one it would take minutes."""
    known, now = services.record.rights_number(), services.commands.now()
    entries = [RightsEntry(n, now, THE_TRACKER, event) for n, event in enumerate(events, known + 1)]
    services.record.append([], known_rights=known, rights=entries)
