"""For partner agencies: what waits for them, where they stand, and what they have read."""

import secrets
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from plantrack.domain.words import Position
from plantrack.pages.core.afterwards import Told, done_of, go_on, shown
from plantrack.pages.core.layout import AFrame, Frame, Place
from plantrack.pages.core.reader import APlanReader, PlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import COMMAND, ASubmission, FormSubmission, Refused, marked
from plantrack.pages.forms import AtHand, Faults, Sent
from plantrack.pages.partners.positions import REASON, STANDS, read
from plantrack.projections import awaited
from plantrack.projections.store import Reading
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayListPlans, MayRecord

router = APIRouter(include_in_schema=False, route_class=PageRoute)

SOON_IN_DAYS = 14
AGENCY = Place("Go back to what your agency needs to do", "/agency")
Sort = Annotated[str | None, q.one_of(*awaited.SORTS), Query()]
Thing = Annotated[str, q.called("id"), Path()]


@router.get("/agency")
async def show_agency(
    asker: MayListPlans,
    request: Request,
    reader: APlanReader,
    frame: AFrame,
    show: Sort = None,
    done: Told = None,
) -> Response:
    """Show what somebody's agency needs to do, on the plans that they may see."""
    return await shown(request, lambda: _show_agency(asker, reader, frame, show, done))


@router.get("/plans/{plan}/decisions/{decision}/position")
async def ask_position(
    asker: MayRecord, plan: q.PlanName, decision: Thing, submission: ASubmission, done: Told = None
) -> Response:
    """Ask where somebody's agency stands on a decision; once it has said, show what follows."""
    at_hand = await _with(submission, asker, plan, awaited.of_decision, decision)
    return _draw_position(asker, submission, at_hand, Sent(), done=done_of(done))


@router.post("/plans/{plan}/decisions/{decision}/position")
async def take_position(
    asker: MayRecord, plan: q.PlanName, decision: Thing, request: Request, submission: ASubmission
) -> Response:
    """Record where somebody's agency stands on a decision; not being able to say is no record."""
    sent = await submission.sent()
    at_hand = await _with(submission, asker, plan, awaited.of_decision, decision)
    said, faults = read(sent, at_hand, decision)
    if faults:
        return _draw_position(asker, submission, at_hand, sent, faults=faults)
    if not said:
        return _not_yet(asker, submission, at_hand)
    try:
        recorded = await submission.write(asker, plan, [marked(said, sent)], sent)
    except Refused as refused:
        return _draw_position(asker, submission, at_hand, sent, refused=refused)
    if said["position"] == Position.DISAGREE:
        number = recorded.entries[-1].number
        return RedirectResponse(f"{request.url.path}?done={plan}/{number}", 303)
    return go_on(request, AGENCY.href, recorded)


@router.get("/plans/{plan}/information/{item}/acknowledge")
async def ask_to_acknowledge(
    asker: MayRecord, plan: q.PlanName, item: Thing, submission: ASubmission
) -> Response:
    """Show what an agency was told, with the button that says that it has read it."""
    at_hand = await _with(submission, asker, plan, awaited.of_item, item)
    return _draw_item(asker, submission, at_hand)


@router.post("/plans/{plan}/information/{item}/acknowledge")
async def acknowledge(
    asker: MayRecord, plan: q.PlanName, item: Thing, request: Request, submission: ASubmission
) -> Response:
    """Record that somebody's agency has read what it was told."""
    sent = await submission.sent()
    at_hand = await _with(submission, asker, plan, awaited.of_item, item)
    said = {
        "kind": "InformationAcknowledged",
        "on": at_hand["today"],
        "item": item,
        "agency": asker.subject.post.agency,
    }
    try:
        recorded = await submission.write(asker, plan, [said], sent)
    except Refused as refused:
        return _draw_item(asker, submission, at_hand, refused)
    return go_on(request, AGENCY.href, recorded)


async def _show_agency(
    asker: Asker, reader: PlanReader, frame: Frame, show: str | None, done: str | None
) -> Response:
    agency = asker.subject.post.agency
    told = await reader.lines(
        asker, "agency", awaited.listed, agency=agency, today=reader.today, sort=show
    )
    return frame.page(
        "partners/agency.html",
        title="What your agency needs to do",
        subject=asker.subject,
        told=told,
        rows={sort: [row for row in told.rows if row["sort"] == sort] for sort in awaited.SORTS},
        show=show,
        done=done_of(done),
        soon=SOON_IN_DAYS,
        today=reader.today.isoformat(),
        command=lambda: secrets.token_urlsafe(16),
    )


ReadOne = Callable[[Reading, str, str], dict[str, Any] | None]


async def _with(
    submission: FormSubmission, asker: Asker, plan: str, read_one: ReadOne, name: str
) -> AtHand:
    """Read a plan and one thing on it, in one look."""
    reader = submission.reader

    def read() -> dict[str, Any] | None:
        with reader.services.models.reading() as reading:
            return read_one(reading, plan, name)

    at_hand = await reader.plan(asker, plan, "what waits for an agency", thing=read)
    if at_hand["thing"] is None:
        raise NoSuchPage
    return at_hand | {"own_agency": asker.subject.post.agency}


def _draw_position(
    asker: Asker,
    submission: FormSubmission,
    at_hand: AtHand,
    sent: Sent,
    *,
    faults: Faults | None = None,
    refused: Refused | None = None,
    **about: Any,
) -> Response:
    decision = at_hand["thing"]
    return submission.frame.page(
        "partners/position.html",
        title=f"Your agency's view on decision {decision['decision']}, plan {at_hand['plan']}",
        subject=asker.subject,
        status=refused.status if refused else (422 if faults else 200),
        wrong=bool(faults),
        plan=at_hand,
        decision=decision,
        own=decision["positions"].get(asker.subject.post.agency),
        stands=STANDS,
        reason=REASON,
        sent=sent,
        faults=faults or Faults(),
        refused=refused,
        command=sent.one(COMMAND) if faults else secrets.token_urlsafe(16),
        **{"done": None} | about,
    )


def _not_yet(asker: Asker, submission: FormSubmission, at_hand: AtHand) -> Response:
    return submission.frame.page(
        "partners/not_yet.html",
        title=f"Nothing was recorded, plan {at_hand['plan']}",
        subject=asker.subject,
        plan=at_hand,
        decision=at_hand["thing"],
    )


def _draw_item(
    asker: Asker, submission: FormSubmission, at_hand: AtHand, refused: Refused | None = None
) -> Response:
    item = at_hand["thing"]
    return submission.frame.page(
        "partners/item.html",
        title=f"Information {item['item']}, plan {at_hand['plan']}",
        subject=asker.subject,
        status=refused.status if refused else 200,
        plan=at_hand,
        item=item,
        own=item["told"].get(asker.subject.post.agency),
        refused=refused,
        command=secrets.token_urlsafe(16),
    )
