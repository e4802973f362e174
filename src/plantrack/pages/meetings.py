"""Meetings to come over all plans that somebody may see, the longest overdue first."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.api.allowing import MayListPlans
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.runs.reading import CONFERENCES
from plantrack.pages.frame import AFrame
from plantrack.pages.page_routes import PageRoute
from plantrack.pages.sight import ASight
from plantrack.projections import meetings

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Row = dict[str, Any]


@router.get("/meetings")
async def list_meetings(asker: MayListPlans, sight: ASight, frame: AFrame) -> Response:
    """Show the meetings to come; one meeting about several children stands together."""
    told = await sight.lines(asker, "meetings", meetings.to_come)
    records = MAY_RECORD["MeetingHeld"].get(asker.subject.post.duty, How.NO) is not How.NO
    return frame.page(
        "plans/to_come.html",
        title="Meetings",
        subject=asker.subject,
        told=told,
        groups=together(told.rows),
        conferences=sorted(CONFERENCES),
        today=sight.today.isoformat(),
        records=records,
    )


def together(rows: list[Row]) -> list[list[Row]]:
    """Put the rows of one family, day and type side by side, in the order of the days."""

    def same(row: Row) -> tuple[str, str, str]:
        return row["on"], row["type"], row["family"] or row["plan"]

    return [list(group) for _, group in groupby(sorted(rows, key=same), key=same)]
