"""Meetings to come over all plans that somebody may see, the longest overdue first."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.domain.obligations.reading import CONFERENCES
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader
from plantrack.pages.core.routes import PageRoute
from plantrack.projections import meetings
from plantrack.web.authorise import MayListPlans

router = APIRouter(include_in_schema=False, route_class=PageRoute)

Row = dict[str, Any]


@router.get("/meetings")
async def list_meetings(asker: MayListPlans, reader: APlanReader, frame: AFrame) -> Response:
    """Show the meetings to come; one meeting about several children stands together."""
    told = await reader.lines(asker, "meetings", meetings.to_come)
    records = MAY_RECORD["MeetingHeld"].get(asker.subject.post.duty, How.NO) is not How.NO
    return frame.page(
        "plans/to_come.html",
        title="Meetings",
        subject=asker.subject,
        told=told,
        groups=together(told.rows),
        conferences=sorted(CONFERENCES),
        today=reader.today.isoformat(),
        records=records,
    )


def together(rows: list[Row]) -> list[list[Row]]:
    """Put the rows of one family, day and type side by side, in the order of the days."""

    def same(row: Row) -> tuple[str, str, str]:
        return row["on"], row["type"], row["family"] or row["plan"]

    return [list(group) for _, group in groupby(sorted(rows, key=same), key=same)]
