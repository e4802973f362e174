"""For whoever reads a plan: who may see it and who looked; for some, changing who may."""

from functools import partial
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path
from fastapi.responses import Response

from plantrack.api import privacy
from plantrack.api.administrators import who_has_access
from plantrack.application.services import Services
from plantrack.domain.rights.actions import MAY, Action
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader, PlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.forms import AtHand
from plantrack.pages.rights.access_forms import FORMS
from plantrack.pages.rights.registered import name_of
from plantrack.pages.rights.submission import ARightsSubmission, RightsForm
from plantrack.pages.wording import viewings
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayChangeRights, MayReadPlan, MaySeeAccess
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.who import ASources

router = APIRouter(include_in_schema=False, route_class=PageRoute)

FORM = "plans/access_form.html"
What = Annotated[str, Path(max_length=30)]


@router.get("/plans/{plan}/viewed")
async def show_viewed(
    asker: MayReadPlan,
    plan: q.PlanName,
    services: AServices,
    sources: ASources,
    read: AReader,
    reader: APlanReader,
    frame: AFrame,
    after: privacy.After = None,
) -> Response:
    """Show who may see a plan and who looked at it, as far as one's role lets one know."""
    seeing, looks = Action.SEE_WHO_HAS_ACCESS, Action.SEE_WHO_LOOKED
    decided, _, _ = await read(partial(services.authoriser.decide, asker.subject, seeing, plan))
    more = {"access": partial(who_has_access, services, plan)} if decided.allow else {}
    at_hand = await reader.plan(asker, plan, "who may see it", **more)
    looked = None
    if asker.subject.post.duty in MAY[looks].duties:
        told = await privacy.list_looked(
            Asker(asker.subject, looks), sources, services, read, plan=plan, after=after, limit=50
        )
        looked = msgspec.json.decode(told.body)
    return frame.page(
        "plans/viewed.html",
        title=f"Who has viewed plan {plan}",
        subject=asker.subject,
        plan=at_hand,
        access=at_hand.get("access"),
        looked=looked,
        may=_may(asker),
        viewings=viewings,
    )


@router.get("/plans/{plan}/access")
async def show_access(
    asker: MaySeeAccess,
    plan: q.PlanName,
    services: AServices,
    read: AReader,
    reader: APlanReader,
    frame: AFrame,
    said: str = "",
) -> Response:
    """Show who may see a plan, and what can be changed about that."""
    more = {"access": partial(who_has_access, services, plan)}
    at_hand = await reader.plan(asker, plan, "who may see it", **more)
    form = FORMS.get(said)
    return frame.page(
        "plans/access.html",
        title=f"Who may see plan {plan}",
        subject=asker.subject,
        plan=at_hand,
        access=at_hand["access"],
        may=_may(asker),
        listed=await read(partial(_listed, services, plan)),
        then=form.then if form else None,
        viewings=viewings,
    )


@router.get("/plans/{plan}/access/{what}")
async def ask(
    asker: MayChangeRights,
    plan: q.PlanName,
    what: What,
    services: AServices,
    read: AReader,
    reader: APlanReader,
    writer: ARightsSubmission,
) -> Response:
    """Ask who shall see a plan, or see it no more."""
    form = _form(what, asker)
    at_hand = await _at_hand(asker, plan, services, read, reader)
    sent = writer.submission.asked()
    given = {name: sent.one(name) for name in form.given}
    about = _about(plan, given, at_hand)
    return writer.show(asker, form, at_hand, sent, template=FORM, plan=at_hand, **about)


@router.post("/plans/{plan}/access/{what}")
async def say(
    asker: MayChangeRights,
    plan: q.PlanName,
    what: What,
    services: AServices,
    read: AReader,
    reader: APlanReader,
    writer: ARightsSubmission,
) -> Response:
    """Record who shall see a plan, or say what is wrong with it."""
    form = _form(what, asker)
    at_hand = await _at_hand(asker, plan, services, read, reader)
    sent = await writer.submission.sent()
    about = _about(plan, {name: sent.one(name) for name in form.given}, at_hand)
    sees = asker.subject.post.duty in MAY[Action.SEE_WHO_HAS_ACCESS].duties
    to = f"/plans/{plan}/access?said={what}" if sees else f"/plans/{plan}/people"
    fixed = {"plan": plan}
    about |= {"template": FORM, "plan": at_hand}
    return await writer.say(asker, form, at_hand, sent, to, fixed, **about)


def _form(what: str, asker: Asker) -> RightsForm:
    form = FORMS.get(what)
    if form is None:
        raise NoSuchPage
    form.refuse(asker.subject.post.duty)
    return form


def _may(asker: Asker) -> dict[str, bool]:
    return {name: each.may(asker.subject.post.duty) for name, each in FORMS.items()}


async def _at_hand(
    asker: Asker, plan: str, services: Services, read: Readers, reader: PlanReader
) -> AtHand:
    """Give what the forms draw upon: who only reads a plan changes nobody's rights to it."""
    recorder = Asker(asker.subject, Action.RECORD)
    found = await reader.plan(recorder, plan, "who may see it")
    people = await read(partial(_people, services))
    return found | {"people": people, "names": {name: called for name, called, _ in people}}


def _listed(services: Services, plan: str) -> list[dict[str, str]]:
    """Name the people on the list of a restricted plan."""
    rights = services.authoriser.look().rights
    restriction = rights.restrictions.get(plan)
    people = sorted(restriction.people) if restriction else []
    return [{"person": each, "name": name_of(rights, each)} for each in people]


def _people(services: Services) -> list[tuple[str, str, str]]:
    """List everybody who could see a plan."""
    rights, today = services.authoriser.look().rights, services.today()
    return [
        (known.person, known.name, known.agency)
        for known in list(rights.people.values())
        if rights.posts_of(known.person, today)
    ]


def _about(plan: str, given: dict[str, str], at_hand: AtHand) -> dict[str, Any]:
    person = at_hand["names"].get(given.get("person", ""))
    return {
        "given": given,
        "facts": [("Who", person)] if person else [],
        "back": f"/plans/{plan}/access",
    }
