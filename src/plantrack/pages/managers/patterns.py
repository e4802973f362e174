"""For managers: how alerts went over a time, to talk about in supervision."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from plantrack.domain.calendar import months_after
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader, PlanReader, Told
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.core.templating import draw
from plantrack.pages.managers.alerts import limit_of, title_for
from plantrack.pages.managers.breaches import breach
from plantrack.projections import patterns
from plantrack.projections.paging import Page, Slice
from plantrack.projections.store import Reading
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayListDue

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PERIODS = {3: "Last 3 months", 6: "Last 6 months", 12: "Last 12 months", 24: "Last 2 years"}
FIRST_PERIOD = 3
BARS = 8
"""So many rules are drawn; the table has all of them."""

Months = Annotated[int, q.whole(1, max(PERIODS)), Query()]


@router.get("/patterns")
async def show_patterns(
    asker: MayListDue, reader: APlanReader, frame: AFrame, months: Months = FIRST_PERIOD
) -> Response:
    """Show which rules and which teams alerts were about, how long they took, and what followed."""
    told, found = await _look(asker, reader, months)
    return frame.page(
        "managers/patterns.html",
        title="Patterns in alerts",
        subject=asker.subject,
        told=told,
        found=found,
        months=months,
        periods=PERIODS,
        limit=limit_of(reader),
        breach=breach,
        bars=BARS,
        too_few=patterns.TOO_FEW,
    )


@router.get("/patterns/chart.svg")
async def draw_patterns(
    asker: MayListDue, reader: APlanReader, months: Months = FIRST_PERIOD
) -> Response:
    """Draw how many alerts were raised by rule, as a picture beside the table."""
    _, found = await _look(asker, reader, months)
    drawn = draw("managers/chart.svg", found=found, lines=found.by_rule[:BARS], breach=breach)
    return Response(drawn, media_type="image/svg+xml")


async def _look(asker: Asker, reader: PlanReader, months: int) -> tuple[Told, patterns.Patterns]:
    """Count what was raised on the plans that whoever asks may see; no plan is shown."""
    title_for(asker)
    found: list[patterns.Patterns] = []

    def read(reading: Reading, *, wanted: Slice, since: date, today: date) -> Page:
        seen: Any = patterns.seen(
            reading, since=since, until=today, today=today, policies=reader.services.policies()
        )
        found.append(seen)
        return Page([], None)

    since = months_after(reader.today, -months)
    told = await reader.lines(asker, "patterns", read, since=since, today=reader.today)
    return told, found[-1]
