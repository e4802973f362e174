"""For administrators and managers: who people are, and who may see and do what."""

from datetime import date
from functools import partial
from typing import Any

from fastapi import APIRouter, Request

from plantrack import codec
from plantrack.api import contract, examples
from plantrack.application.authoriser import Look
from plantrack.application.command_guard import refuse, writes_as
from plantrack.application.services import Services
from plantrack.domain.refusals import ProveAgain
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import proved_lately
from plantrack.domain.rights.checks import ON_A_PLAN, refuse_by_duty
from plantrack.domain.rights.state import Rights
from plantrack.logs import logger
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayChangeRights, MaySeeAccess, MaySeeRights
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.media import Json, answer
from plantrack.web.request_bodies import read_object
from plantrack.web.show import AShowing
from plantrack.web.sources import Sources
from plantrack.web.who import ASources

log = logger("rights")
router = APIRouter(prefix="/api", tags=["administrators"])


@router.post(
    "/rights",
    **contract.recorded("StatedRight", sends="RightsEvent", examples=examples.RIGHTS),
)
async def state_right(
    asker: MayChangeRights, request: Request, services: AServices, read: AReader, sources: ASources
) -> Json:
    """Say something about rights: who somebody is, what ties them to a plan, what keeps them."""
    event = codec.read_rights_event(await read_object(request))
    await state(asker, event, services, read, sources)
    return answer({"stated": type(event).__name__}, 201)


@router.get("/people", **contract.answers("People", contract.SIGNED_IN))
async def list_people(asker: MaySeeRights, services: AServices, read: AReader) -> Json:
    """List the people who are known, with their roles and teams; what they see on plans is not."""
    look = await read(services.authoriser.look)
    return answer({"people": [_person(look.rights, name, services) for name in look.rights.people]})


@router.get("/plans/{plan}/access", **contract.answers("WhoHasAccess", (*contract.SIGNED_IN, 404)))
async def show_access(
    asker: MaySeeAccess, plan: q.PlanName, services: AServices, read: AReader, showing: AShowing
) -> Json:
    """Show who has access to a plan, since when, and whether it is restricted."""
    access = partial(who_has_access, services, plan)
    shown = await read(lambda: showing.plan(asker, plan, "access", access))
    return answer(shown.json)


async def state(
    asker: Asker,
    event: rights_events.RightsEvent,
    services: Services,
    read: Readers,
    sources: Sources,
) -> None:
    """Put something on the record of rights as whoever asks, or refuse it."""
    refuse_by_duty(asker.subject.post.duty, type(event))
    if event.STEP_UP and not proved_lately(asker.subject, services.commands.now()):
        raise ProveAgain
    await read(partial(_state, services, asker, event))
    if isinstance(event, rights_events.PersonDisabled):
        await read(partial(sources.sessions.end_all_of, event.person))


def _state(services: Services, asker: Asker, event: rights_events.RightsEvent) -> None:
    allowed = partial(_allowed, services, asker, event)
    services.authoriser.state([event], writes_as(asker.subject), asker.subject, allowed)
    if getattr(event, "person", None) == asker.subject.person:
        # Whoever watches the log is told that somebody let themselves in, not where.
        log.warning("somebody spoke of their own rights", kind=type(event).__name__)


def _allowed(services: Services, asker: Asker, event: rights_events.RightsEvent) -> Look:
    """Refuse who may not speak of a plan as rights stand, and give the look that this rests on."""
    decision, _, look = services.authoriser.decide(asker.subject, Action.CHANGE_RIGHTS)
    refuse(decision)
    if isinstance(event, ON_A_PLAN) and not _joins(services, asker, event, look):
        # Not as one who may read it only: emergency access changes nobody's rights.
        decision, _, look = services.authoriser.decide(asker.subject, Action.RECORD, event.plan)
        refuse(decision, event.plan)
    return look


def _joins(services: Services, asker: Asker, event: rights_events.RightsEvent, look: Look) -> bool:
    """Whether a service manager puts herself on the list of a restricted plan, to see it at all."""
    oneself = (
        isinstance(event, rights_events.PersonAdmitted) and event.person == asker.subject.person
    )
    plan = getattr(event, "plan", "")
    return (
        oneself
        and plan in look.rights.restrictions
        and not _conflicted(services, asker, plan, look)
    )


def _conflicted(services: Services, asker: Asker, plan: str, look: Look) -> bool:
    facts = services.authoriser.facts([plan]).get(plan)
    return look.rights.conflicted(asker.subject.person, plan, facts.child if facts else None)


def _person(rights: Rights, name: str, services: Services) -> dict[str, Any]:
    known, today = rights.people[name], services.today()
    grants = [rights.grants[each] for each in list(rights.grants_of.get(name, ()))]
    return {
        "person": known.person,
        "name": known.name,
        "agency": known.agency,
        "disabled": known.disabled,
        "roles": [
            {
                "grant": grant.grant,
                "role": grant.post.duty.value,
                "agency": grant.post.agency,
                "until": grant.until,
                "state": _state_of(grant.approved, grant.holds_on(today)),
            }
            for grant in grants
        ],
        "teams": sorted(rights.teams_of(name, today)),
    }


def _state_of(approved: bool, holds: bool) -> str:  # noqa: FBT001 - two marks of one grant
    if not approved:
        return "proposed"
    return "holds" if holds else "ended"


def who_has_access(services: Services, plan: str) -> dict[str, Any]:
    """Tell who has or had access to a plan, and whether it is restricted."""
    rights, today = services.authoriser.look().rights, services.today()
    restriction = rights.restrictions.get(plan)
    return {
        "plan": plan,
        "people": [
            {
                "person": spell.person,
                "name": rights.people[spell.person].name,
                "agency": rights.people[spell.person].agency,
                "as": spell.what,
                "since": spell.since,
                "until": spell.until,
                "holds": spell.holds_on(today),
                "sees_address": spell.sees_address,
            }
            for spell in rights.spells_on(plan)
        ],
        "restriction": restriction
        and {
            "category": restriction.category.value,
            "review_by": restriction.review_by,
            "review_overdue": _over(restriction.review_by, today),
            "people": sorted(restriction.people),
        },
    }


def _over(day: date, today: date) -> bool:
    return day < today
