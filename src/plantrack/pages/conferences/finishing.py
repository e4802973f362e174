"""Finishing a conference: check every answer, put it on all plans at once, or throw it away."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec
from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from plantrack.domain.refusals import ProveAgain, Refusal
from plantrack.pages.conferences.chairing import AChairing, Chairing, Finished
from plantrack.pages.conferences.conference import Conference
from plantrack.pages.conferences.explaining import Culprit, culprits
from plantrack.pages.conferences.progress import can_finish, groups, quorum, read_of, scene
from plantrack.pages.conferences.summary import events
from plantrack.pages.conferences.telling import what_was_put
from plantrack.pages.conferences.wording import answered
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.forms import Sent
from plantrack.web.authorise import Asker, MayRecord
from plantrack.web.commands import read_meeting
from plantrack.web.media import encode
from plantrack.web.problems import STATUS, Problem

router = APIRouter(include_in_schema=False, route_class=PageRoute)

LONGEST_NUMBER = 9


class Told(NamedTuple):
    """Why a conference was not put on the record."""

    sentence: str
    status: int
    culprits: Sequence[Culprit] = ()
    came: Sequence[dict[str, Any]] = ()
    """What others recorded meanwhile, by plan."""


@router.get("/conferences/{name}/check")
async def check(asker: MayRecord, name: str, here: AChairing) -> Response:
    """Show every answer once more, with a way to change each."""
    try:
        conference = await here.open(asker, name)
    except Finished:
        return RedirectResponse(f"/conferences/{name}", 303)
    return await _show(here, asker, conference)


@router.post("/conferences/{name}/check")
async def finish(asker: MayRecord, name: str, here: AChairing) -> Response:
    """Put a conference on all its plans, or on none."""
    sent = await here.sent()
    try:
        conference = await here.open(asker, name)
    except Finished:
        return RedirectResponse(f"/conferences/{name}", 303)
    sending = conference.draft.sending
    if sending is None and not can_finish(conference):
        return RedirectResponse(f"/conferences/{name}", 303)
    refused = await _put(here, asker, conference, sending or _sending(conference, sent))
    if refused is not None:
        return await _show(here, asker, conference, refused)
    return RedirectResponse(f"/conferences/{name}", 303)


@router.get("/conferences/{name}/throw-away")
async def ask_to_throw_away(asker: MayRecord, name: str, here: AChairing) -> Response:
    """Ask whether everything that was written is to go."""
    try:
        conference = await here.open(asker, name)
    except Finished:
        return RedirectResponse(f"/conferences/{name}", 303)
    return await here.page(
        asker,
        "conferences/throw_away.html",
        f"Throw away a draft, plan {conference.children[0].plan}",
        conference=conference,
    )


@router.post("/conferences/{name}/throw-away")
async def throw_away(asker: MayRecord, name: str, here: AChairing) -> Response:
    """Throw away everything that was written."""
    draft = await here.draft(asker, name)
    if draft.finished is not None:
        return RedirectResponse(f"/conferences/{name}", 303)
    await here.read(partial(here.drafts.throw_away, name))
    return RedirectResponse(f"/plans/{draft.plans[0].plan}/meetings", 303)


def _sending(conference: Conference, sent: Sent) -> dict[str, Any]:
    """Write down what is to be recorded, upon the entries that were last read."""
    plans: dict[str, dict[str, Any]] = {}
    for child in conference.children:
        last_read = sent.one(f"last_read-{child.plan}")
        read = last_read.isdecimal() and len(last_read) <= LONGEST_NUMBER
        plans[child.plan] = {"last_read": int(last_read) if read else None, "events": []}
    for event in events(conference):
        plans[event.plan]["events"].append(event.said)
    return {"plans": plans}


async def _put(
    here: Chairing, asker: Asker, conference: Conference, sending: dict[str, Any]
) -> Told | None:
    """Record everything as one command, and close the draft; say why if it was refused.

    What is sent is kept first. Whoever sends again after the server died in between sends the same
    under the same name, and it is recorded once.
    """
    name = conference.draft.draft
    await here.read(partial(here.drafts.note_sending, name, sending))
    here.sender.keyed(f"conference-{name}")
    try:
        recorded = await here.sender.write(asker, read_meeting(sending))
    except (Refusal, Problem) as wrong:
        await here.read(partial(here.drafts.note_sending, name, None))
        if isinstance(wrong, ProveAgain):
            raise
        return await _why(here, asker, conference, wrong)
    await here.read(partial(here.drafts.finish, name, what_was_put(sending, recorded)))
    return None


async def _why(
    here: Chairing, asker: Asker, conference: Conference, wrong: Refusal | Problem
) -> Told:
    """Say why a conference was refused: what others recorded, or which part of which child's."""
    if isinstance(wrong, Problem):
        one = [wrong.members] if "between" in wrong.members else []
        came = msgspec.json.decode(encode(one or wrong.members.get("plans", [])))
        return Told(str(wrong), wrong.status, came=came)
    found = await here.read(
        partial(culprits, here.reader.services, asker.subject, events(conference))
    )
    status = next(STATUS[kind] for kind in type(wrong).__mro__ if kind in STATUS)
    return Told(str(wrong), status, culprits=found)


async def _show(
    here: Chairing, asker: Asker, conference: Conference, refused: Told | None = None
) -> Response:
    """Show every answer; what others recorded meanwhile has been read once the page is there."""
    if refused is not None and refused.came:
        conference = await here.conference(asker, conference.draft)
    rows = [
        (group, [(step, _answers(conference, step)) for step in group.steps])
        for group in groups(conference)
    ]
    return await here.page(
        asker,
        "conferences/check.html",
        f"Check your answers, plan {conference.children[0].plan}",
        conference=conference,
        rows=rows,
        refused=refused,
        quorum=quorum(conference),
        ready=can_finish(conference),
        status=refused.status if refused else 200,
    )


def _answers(conference: Conference, step: Any) -> list[Any]:
    own = scene(conference, step.part, step.child)
    return list(answered(step.part, own, read_of(conference, step.part, step.child).said))
