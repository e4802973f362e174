"""For administrators: past histories from a file, checked line by line before any is recorded."""

from collections.abc import Sequence
from datetime import UTC
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from plantrack.application import history_files
from plantrack.application.history_files import Refused, Taken
from plantrack.application.services import Services
from plantrack.domain.rights.authorise import proved_lately
from plantrack.logs import logger
from plantrack.pages.administrators.uploads import FIELD, AUploads, check, read_upload
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.core.submission import ASubmission
from plantrack.pages.forms import Faults, Sent, Wrong
from plantrack.web.authorise import Asker, MayTakeIn
from plantrack.web.dependencies import AReader, AServices

router = APIRouter(include_in_schema=False, route_class=PageRoute)
log = logger("imports")

Upload = Annotated[str, Path(max_length=64)]
MOST_TOLD = 200
SELECT = "Select a history file"
CHANGED = (
    "Others have recorded something since you checked the file, so other lines fit now. Nothing "
    "was imported. Look at the lines again, and decide anew."
)
SAID = {
    "all": "The file is imported. The lists follow within a few seconds.",
    "nothing": "Nothing was imported, and the file is forgotten.",
}
TEMPLATE = (
    '{"plan": "CP-0001", "recorded_at": "2026-03-02T14:00:00+00:00", "by": {"name": "Robin Ashe", '
    '"agency": "csc", "role": "chair"}, "event": {"kind": "PlanOpened", "on": "2026-03-02", '
    '"plan_kind": "cp", "child": "C0001", "family": "F0001", "team": "North", "category": '
    '"NEG", "origin": {"referred_on": "2026-02-02", "initial_conference_on": "2026-03-02"}, '
    '"lead": {"name": "Alex Wren", "agency": "csc"}, "chair": {"name": "Robin Ashe", "agency": '
    '"csc"}, "agencies": ["csc", "school", "police"]}}\n'
    '{"plan": "CP-0001", "recorded_at": "2026-03-09T09:00:00+00:00", "by": {"name": "Alex Wren", '
    '"agency": "csc", "role": "lead_practitioner"}, "event": {"kind": "ChildSeen", "on": '
    '"2026-03-06", "mode": "face_to_face", "alone": "yes", "by_agency": "csc", "where": "school"}}'
    "\n"
)
"""A history file of two lines about an invented child."""


@router.get("/imports")
async def choose_file(asker: MayTakeIn, frame: AFrame, said: str = "") -> Response:
    """Ask for a history file."""
    return _choose(frame, asker, SAID.get(said))


@router.get("/imports/template.jsonl")
async def give_template(_: MayTakeIn) -> Response:
    """Give a history file to begin with."""
    headers = {"Content-Disposition": 'attachment; filename="history-template.jsonl"'}
    return Response(TEMPLATE, media_type="application/jsonl", headers=headers)


@router.post("/imports")
async def check_file(
    asker: MayTakeIn, request: Request, uploads: AUploads, frame: AFrame
) -> Response:
    """Take a file to be checked; nothing of it is recorded yet."""
    content = await read_upload(request)
    if not content.strip():
        faults = Faults()
        faults.add(Wrong(FIELD, SELECT))
        return _choose(frame, asker, faults=faults)
    return RedirectResponse(f"/imports/{uploads.keep(asker.subject.person, content)}", 303)


@router.get("/imports/{upload}")
async def show_lines(
    asker: MayTakeIn,
    upload: Upload,
    services: AServices,
    read: AReader,
    uploads: AUploads,
    frame: AFrame,
) -> Response:
    """Show which lines of a file could be imported, and what is wrong with the others."""
    content = uploads.find(upload, asker.subject.person)
    if content is None:
        return _forgotten(frame, asker)
    taken = await read(partial(check, services, content))
    return _lines(frame, asker, taken)


@router.post("/imports/{upload}")
async def decide(
    asker: MayTakeIn,
    upload: Upload,
    services: AServices,
    read: AReader,
    uploads: AUploads,
    submission: ASubmission,
) -> Response:
    """Import the lines that were found good, or nothing."""
    sent = await submission.sent()
    content = uploads.find(upload, asker.subject.person)
    if content is None:
        return _forgotten(submission.frame, asker)
    if sent.one("which") != "good":
        uploads.forget(upload)
        return RedirectResponse("/imports?said=nothing", 303)
    if not proved_lately(asker.subject, services.commands.now()):
        return submission.prove_again(asker, sent)
    taken = await read(partial(check, services, content))
    if _found(taken) != (sent.one("good"), sent.one("bad")) or not taken.entries:
        return _lines(submission.frame, asker, taken, changed=CHANGED)
    await read(partial(_take_in, services, taken))
    uploads.forget(upload)
    log.info("history imported", person=asker.subject.person, entries=len(taken.entries))
    return RedirectResponse("/imports?said=all", 303)


def _take_in(services: Services, taken: Taken) -> None:
    """Put all good lines on the record in one append, or none of them."""
    now = services.commands.now().astimezone(UTC)
    services.commands.take_in(
        history_files.as_imported(taken.entries, now, services.record.last_number)
    )


def _found(taken: Taken) -> tuple[str, str]:
    """Say how many lines are good and which are not, as the page sends it back."""
    return str(len(taken.entries)), _numbers(taken.refused)


def _numbers(refused: Sequence[Refused]) -> str:
    return ",".join(str(each.place.line) for each in refused)


def _choose(
    frame: Frame, asker: Asker, then: str | None = None, faults: Faults | None = None
) -> Response:
    return frame.page(
        "admin/imports.html",
        title="Imports",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        faults=faults or Faults(),
        sent=Sent(),
        then=then,
    )


def _lines(frame: Frame, asker: Asker, taken: Taken, changed: str = "") -> Response:
    good, bad = _found(taken)
    return frame.page(
        "admin/import_lines.html",
        title="Lines of the file",
        subject=asker.subject,
        status=409 if changed else 200,
        changed=changed,
        refused=taken.refused[:MOST_TOLD],
        many=len(taken.refused),
        entries=len(taken.entries),
        plans=len({each.plan for each in taken.entries}),
        good=good,
        bad=bad,
    )


def _forgotten(frame: Frame, asker: Asker) -> Response:
    return frame.page(
        "system/told.html",
        title="The file is not here any more",
        subject=asker.subject,
        status=404,
        said=[
            "A file is kept for half an hour, in the memory of one server, and nowhere else. "
            "Nothing of it was imported. Choose it again."
        ],
        links=[{"text": "Choose a file", "href": "/imports"}],
    )
