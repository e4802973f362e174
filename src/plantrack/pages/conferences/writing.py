"""The parts of a conference as pages: the list of them, and each with its questions."""

import secrets
from functools import partial
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.refusals import PlanHasEnded
from plantrack.drafts.drafts import NoSuchDraft, Saved, SavedElsewhere
from plantrack.pages.conferences.chairing import AChairing, Chairing, Finished
from plantrack.pages.conferences.conference import Child, Conference, Scene, part_id
from plantrack.pages.conferences.deciding import ANYWAY, DECISION
from plantrack.pages.conferences.parts import Part
from plantrack.pages.conferences.progress import (
    COMPLETED,
    OF_A_CHILD,
    SHARED,
    can_finish,
    groups,
    quorum,
    waits_for,
)
from plantrack.pages.conferences.telling import show_what_was_recorded
from plantrack.pages.conferences.wording import answered
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.templating import draw
from plantrack.pages.forms import Faults, Sent
from plantrack.pages.wording.dates import clock
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayRecord

router = APIRouter(include_in_schema=False, route_class=PageRoute)

OURS = frozenset({"version", "pen", "then"})
GONE = "What you wrote here was thrown away or put on the record from another page."


@router.get("/conferences/{name}")
async def show_parts(asker: MayRecord, name: str, here: AChairing) -> Response:
    """Show the parts of a conference, and how far each is; or what was recorded, once it was."""
    try:
        conference = await here.open(asker, name)
    except Finished as finished:
        return await show_what_was_recorded(here, asker, finished.draft)
    found = list(groups(conference))
    all_steps = [step for group in found for step in group.steps]
    return await here.page(
        asker,
        "conferences/parts.html",
        f"Record a conference, plan {conference.children[0].plan}",
        conference=conference,
        groups=found,
        done=sum(step.status == COMPLETED for step in all_steps),
        of=len(all_steps),
        quorum=quorum(conference),
        waits={c.plan: waits_for(conference, c) for c in conference.children},
        ready=can_finish(conference),
    )


@router.get("/conferences/{name}/part/{part}")
async def show_shared(asker: MayRecord, name: str, part: str, here: AChairing) -> Response:
    """Show a part that is about all children."""
    return await _show_asked(here, asker, name, None, part)


@router.get("/conferences/{name}/plans/{plan}/{part}")
async def show_of_child(
    asker: MayRecord, name: str, plan: q.PlanName, part: str, here: AChairing
) -> Response:
    """Show a part that is about one child."""
    return await _show_asked(here, asker, name, plan, part)


@router.post("/conferences/{name}/part/{part}")
async def save_shared(asker: MayRecord, name: str, part: str, here: AChairing) -> Response:
    """Save a part that is about all children."""
    return await _save(here, asker, name, None, part)


@router.post("/conferences/{name}/plans/{plan}/{part}")
async def save_of_child(
    asker: MayRecord, name: str, plan: q.PlanName, part: str, here: AChairing
) -> Response:
    """Save a part that is about one child."""
    return await _save(here, asker, name, plan, part)


@router.post("/conferences/{name}/part/{part}/so-far")
async def keep_shared(asker: MayRecord, name: str, part: str, here: AChairing) -> Response:
    """Keep what is typed in a part about all children, while it is typed."""
    return await _keep(here, asker, name, None, part)


@router.post("/conferences/{name}/plans/{plan}/{part}/so-far")
async def keep_of_child(
    asker: MayRecord, name: str, plan: q.PlanName, part: str, here: AChairing
) -> Response:
    """Keep what is typed in a part about one child, while it is typed."""
    return await _keep(here, asker, name, plan, part)


async def _show_asked(
    here: Chairing, asker: Asker, name: str, plan: str | None, key: str
) -> Response:
    try:
        conference = await here.open(asker, name)
    except Finished:
        return RedirectResponse(f"/conferences/{name}", 303)
    part, child = _part(conference, plan, key)
    if part is DECISION and child and waits_for(conference, child):
        anyway = part_id(ANYWAY.key, child)
        return RedirectResponse(f"/conferences/{name}/{_address(anyway, child)}", 303)
    saved = conference.saved.get(part_id(key, child))
    sent = conference.sent(key, child)
    if saved is None:
        sent = Sent(part.begins(Scene(conference, child, sent)))
    return await _show(here, asker, Scene(conference, child, sent), part, saved)


async def _show(
    here: Chairing,
    asker: Asker,
    scene: Scene,
    part: Part,
    saved: Saved | None,
    **about: Any,
) -> Response:
    """Show a part with what was typed in it."""
    child, conference = scene.child, scene.conference
    own = part_id(part.key, child)
    at = child.plan if child else conference.children[0].plan
    title = part.title.replace("{child}", "the child")
    return await here.page(
        asker,
        "conferences/part.html",
        f"{capitalised(title)}, plan {at}",
        wrong=bool(about.get("faults")),
        conference=conference,
        part=part,
        child=child,
        sections=list(part.sections(scene)),
        sent=scene.sent,
        at_hand=scene.at_hand,
        last=saved,
        pen=secrets.token_urlsafe(12),
        to=f"/conferences/{conference.draft.draft}/{_address(own, child)}",
        waits=waits_for(conference, child) if child and part is ANYWAY else [],
        **{"faults": Faults(), **about},
    )


async def _save(here: Chairing, asker: Asker, name: str, plan: str | None, key: str) -> Response:
    """Save what was sent, whatever is wrong with it, and go on, or say what is wrong."""
    sent = await here.sent()
    then = sent.one("then")
    try:
        conference = await here.open(asker, name)
    except Finished:
        return RedirectResponse(f"/conferences/{name}", 303)
    part, child = _part(conference, plan, key)
    typed = Sent({field: sent[field] for field in sent if field not in OURS})
    if then == "another":
        typed = _with_another(part, Scene(conference, child, typed))
    scene = Scene(conference, child, typed)
    faults = part.read(scene).faults
    try:
        saved = await _put_down(here, name, part_id(key, child), sent, typed, done=then != "later")
    except SavedElsewhere as elsewhere:
        return await _show_both(here, asker, scene, part, elsewhere.saved)
    if then == "another":
        return await _show(here, asker, scene, part, saved)
    if then != "later" and faults:
        return await _show(here, asker, scene, part, saved, faults=faults, status=422)
    return RedirectResponse(f"/conferences/{name}", 303)


async def _keep(here: Chairing, asker: Asker, name: str, plan: str | None, key: str) -> Response:
    """Keep what is typed so far; a part that another page saved meanwhile is left as it is."""
    sent = await here.sent()
    try:
        conference = await here.open(asker, name)
        part, child = _part(conference, plan, key)
        typed = Sent({field: sent[field] for field in sent if field not in OURS})
        saved = await _put_down(here, name, part_id(part.key, child), sent, typed, done=None)
    except (Finished, SavedElsewhere):
        return HTMLResponse(_told("Not saved yet: another page saved this part. Save to see it."))
    return HTMLResponse(_told(f"Saved at {clock(saved.saved_at)}"))


def _told(sentence: str) -> str:
    return draw("conferences/saved.html", sentence=sentence)


async def _put_down(
    here: Chairing, name: str, part: str, sent: Sent, typed: Sent, *, done: bool | None
) -> Saved:
    version = sent.one("version")
    number = int(version) if version.isdecimal() and len(version) < 9 else 0  # noqa: PLR2004 - no number is longer
    pen = sent.one("pen")[:40]
    save = partial(here.drafts.save, name, part, dict(typed), version=number, pen=pen, done=done)
    try:
        return await here.read(save)
    except NoSuchDraft:
        raise PlanHasEnded(GONE) from None


async def _show_both(
    here: Chairing, asker: Asker, scene: Scene, part: Part, saved: Saved
) -> Response:
    """Show what was typed beside what another page saved meanwhile; nothing is lost."""
    theirs = scene._replace(sent=Sent(saved.fields))
    read = part.read(theirs)
    return await _show(
        here,
        asker,
        scene,
        part,
        saved,
        elsewhere=list(answered(part, theirs, read.said)),
        status=409,
    )


def _with_another(part: Part, scene: Scene) -> Sent:
    """Ask for one more of several alike."""
    asked = sum(
        part.grows != "" and question.name.endswith(("-what",))
        for section in part.sections(scene)
        for question in section.questions
    )
    return scene.sent.beside(slots=str(asked + 1))


def _part(conference: Conference, plan: str | None, key: str) -> tuple[Part, Child | None]:
    """Find the part that an address names."""
    child = conference.child(plan) if plan else None
    part = (OF_A_CHILD if plan else SHARED).get(key)
    if part is None or (plan and child is None):
        raise NoSuchPage
    return part, child


def _address(own: str, child: Child | None) -> str:
    return f"plans/{own}" if child else f"part/{own}"
