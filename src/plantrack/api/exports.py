"""Taking plans away: whole histories, line by line, for as long as whoever asks may read them."""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from plantrack import codec
from plantrack.access_log.log import CannotNote
from plantrack.api import contract
from plantrack.application.command_guard import refuse
from plantrack.application.services import Services
from plantrack.authentication.refusals import CannotSignIn
from plantrack.domain.events.entries import Entry
from plantrack.domain.redaction.marks import sealed
from plantrack.domain.refusals import NoSuchPlan, NotAllowed, ProveAgain
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Subject, authorise, context
from plantrack.domain.rights.scope import scope_of
from plantrack.logs import logger
from plantrack.projections import facts as facts_kept
from plantrack.projections.store import CannotKeep
from plantrack.record import CannotReach
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayExport
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.media import encode
from plantrack.web.show import AShowing, Showing
from plantrack.web.sources import Sources
from plantrack.web.who import ASources, Given, cookie_of, person_of

router = APIRouter(prefix="/api", tags=["exports"])
log = logger("rights")

LINES_AT_ONCE = 100
"""After how many lines it is looked again whether whoever reads still may."""

STOPS = (NoSuchPlan, NotAllowed, ProveAgain, CannotNote, CannotReach, CannotKeep, CannotSignIn)
STOPPED = "You may not read this any more, so it stops here. What came before is not complete."


@router.get(
    "/export",
    **contract.a_download("The histories of plans, a JSON object a line."),
)
async def export_plans(
    asker: MayExport,
    request: Request,
    given: Given,
    services: AServices,
    sources: ASources,
    read: AReader,
    showing: AShowing,
    plan: q.OnPlan = None,
) -> StreamingResponse:
    """Take away the whole history of one plan, or of all that one may read, a line an entry.

    The last line says “complete”, or that it stopped because the right to read ended.
    """
    again = partial(_again, sources, services, cookie_of(request, given) or "")
    reader = Asker(asker.subject, Action.READ_PLAN)
    plans = await read(partial(_asked_for, services, reader, plan))
    made_for = _made_for(asker.subject, request.state.request_id, services)
    lines = Lines(services, showing, again, plans).told(read, made_for)
    begun = await anext(lines)
    return StreamingResponse(
        _following(begun, lines),
        media_type="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="plans.jsonl"'},
    )


class Lines:
    """The lines of an export; every hundred lines it is asked again whether they may leave."""

    def __init__(
        self, services: Services, showing: Showing, again: Callable[[], Asker], plans: list[str]
    ) -> None:
        self._services = services
        self._showing = showing
        self._again = again
        self._plans = plans

    async def told(self, read: Readers, made_for: bytes) -> AsyncIterator[bytes]:
        """Give the lines, some at a time; what goes wrong before the first of them is raised."""
        told, before = 0, made_for
        for plan in self._plans:
            parts = self._parts(plan)
            try:
                while (part := await read(partial(next, parts, None))) is not None:
                    yield before + part
                    before = b""
            except STOPS as refused:
                if before:
                    raise
                log.warning("export stopped", why=type(refused).__name__)
                yield encode({"stopped": STOPPED}) + b"\n"
                return
            told += 1
        yield before + encode({"complete": True, "plans": told}) + b"\n"

    def _parts(self, plan: str) -> Iterator[bytes]:
        """Give the lines of one plan: written down once, and decided on again for each part."""
        asker = self._again()
        record = self._services.record
        entries: list[Entry] = []
        for first in range(0, max(1, record.last_number(plan)), LINES_AT_ONCE):
            if first:
                asker = self._again()

            def part(first: int = first) -> list[dict[str, Any]]:
                if not entries:
                    entries.extend(sealed(record.entries(plan)))
                return [_line(entry) for entry in entries[first : first + LINES_AT_ONCE]]

            shown = self._showing.plan(asker, plan, "export", part, note=not first)
            yield b"".join(line + b"\n" for line in shown.lines)


async def _following(begun: bytes, lines: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield begun
    async for each in lines:
        yield each


def _made_for(subject: Subject, request: str, services: Services) -> bytes:
    """Say in the first line for whom this was made: a copy that turns up elsewhere tells whose."""
    told = {
        "made_for": subject.name,
        "agency": subject.post.agency,
        "role": subject.post.duty.value,
        "at": services.commands.now(),
        "request": request,
    }
    return encode(told) + b"\n"


def _again(sources: Sources, services: Services, cookie: str) -> Asker:
    """Say who asks as rights stand by now, or refuse who may not read any more."""
    session = sources.sessions.find(cookie)
    subject = person_of(session, services) if session else None
    # Proving again who one is, is for beginning: a long download may take longer than it holds.
    refuse(authorise(subject, Action.LIST_PLANS, None, services.commands.now()))
    assert subject is not None
    return Asker(subject, Action.READ_PLAN)


def _asked_for(services: Services, asker: Asker, plan: str | None) -> list[str]:
    """Name the plans to take away; one that is hidden is refused, and noted, where it is shown."""
    return [plan] if plan is not None else _in_scope(services, asker)


def _in_scope(services: Services, asker: Asker) -> list[str]:
    """Name the plans that somebody may read, in order."""
    look = services.authoriser.look()
    scope = scope_of(look.rights, asker.subject, services.commands.now())
    with services.models.reading(partial(facts_kept.within, scope)) as reading:
        plans = facts_kept.names(reading)
    facts = services.authoriser.facts(plans)
    now = services.commands.now()
    return [
        plan
        for plan in plans
        if authorise(
            asker.subject, asker.action, context(look.rights, asker.subject, facts.get(plan)), now
        ).allow
    ]


def _line(entry: Entry) -> dict[str, Any]:
    """Write an entry as a line of a history file."""
    return {
        "plan": entry.plan,
        "entry": entry.number,
        "recorded_at": entry.recorded_at,
        "originally_recorded_at": entry.originally_recorded_at,
        "by": entry.by.shown,
        "event": codec.write_event(entry.event),
    }
