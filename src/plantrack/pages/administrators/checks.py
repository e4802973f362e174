"""For administrators: whether all runs as it should, in words, and what to do where it does not."""

from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.routes import PageRoute
from plantrack.web.authorise import MayWatch
from plantrack.web.dependencies import AReader, AServices

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/checks")
async def show_checks(
    asker: MayWatch, request: Request, services: AServices, read: AReader, frame: AFrame
) -> Response:
    """Show when overdue things were last looked for, and how far the lists follow the record."""
    state = request.app.state
    found = await read(state.health.check)
    standing = await read(services.standing)
    every = timedelta(seconds=state.settings.sweeps_every)
    beat = standing.beat
    return frame.page(
        "admin/checks.html",
        title="Checks",
        subject=asker.subject,
        now=services.commands.now(),
        problems=list(found.problems),
        standing=standing,
        beat=beat,
        every=_in_words(every),
        next_run=beat and beat.last_sweep + every,
        late=beat is not None and services.commands.now() > beat.last_sweep + 2 * every,
        policy=(await read(partial(services.policies))).on(services.today()).version,
    )


def _in_words(every: timedelta) -> str:
    seconds = int(every.total_seconds())
    minutes, rest = divmod(seconds, 60)
    if not rest and minutes:
        return "minute" if minutes == 1 else f"{minutes} minutes"
    return "second" if seconds == 1 else f"{seconds} seconds"
