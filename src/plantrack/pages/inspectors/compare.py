"""A plan on two days: what came onto the record between them, and what it changed, in words."""

from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.plan_view.as_of import changes
from plantrack.domain.replay.differences import Reckoned
from plantrack.domain.replay.steps import Life
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.forms import Day, Faults, Sent, Wrong
from plantrack.pages.forms.typed_days import PARTS, as_typed, typed
from plantrack.pages.inspectors.changed import in_words
from plantrack.web import parameters as q
from plantrack.web.authorise import MayReadPlan

router = APIRouter(include_in_schema=False, route_class=PageRoute)

FROM = Day(
    name="from",
    asks="The earlier day",
    hint="For example, 27 3 2026",
    missing="Enter the earlier day",
)
TO = Day(
    name="to", asks="The later day", hint="For example, 27 9 2026", missing="Enter the later day"
)
NOT_YET = "The later day must be today or in the past"
UPSIDE_DOWN = "The later day must be after the earlier day"

SHOWN = 50
"""How many entries a page shows of those that came; a long time may have hundreds."""

ADay = Annotated[date | None, q.Day]


@router.get("/plans/{plan}/compare")
async def compare_days(
    asker: MayReadPlan,
    plan: q.PlanName,
    typed_from: Annotated[Sent, Depends(typed("from"))],
    typed_to: Annotated[Sent, Depends(typed("to"))],
    reader: APlanReader,
    frame: AFrame,
    from_: Annotated[ADay, Query(alias="from")] = None,
    to: ADay = None,
    page: Annotated[int, q.whole(1, 999)] = 1,
) -> Response:
    """Show what the record of a plan gained between the ends of two days."""
    sent = Sent({**as_typed(from_, "from"), **as_typed(to, "to"), **typed_from, **typed_to})
    days, faults = read_days(sent, reader.today)
    if days and (typed_from or typed_to):
        return RedirectResponse(f"/plans/{plan}/compare?from={days[0]}&to={days[1]}", 303)
    found = await reader.plan(
        asker, plan, "compare", compared=partial(_read, reader.services, plan, days)
    )
    return frame.page(
        "inspect/compare.html",
        title=f"Plan {plan} on two days",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        plan=found,
        compared=found["compared"],
        days=days,
        changed=in_words(found["compared"]["changed"], plan),
        faults=faults,
        questions=(FROM, TO),
        typed=sent,
        page=page,
        shown=SHOWN,
    )


def read_days(sent: Sent, today: date) -> tuple[tuple[date, date] | None, Faults]:
    """Read the two days, and what is wrong with them; nothing is, before anything is typed."""
    faults, days = Faults(), []
    for question in (FROM, TO) if sent else ():
        try:
            days.append(date.fromisoformat(question.read(sent, {}) or ""))
        except Wrong as wrong:
            faults.add(wrong)
    if faults or not days:
        return None, faults
    if days[1] > today:
        faults.add(Wrong("to", NOT_YET, PARTS))
    elif days[1] <= days[0]:
        faults.add(Wrong("to", UPSIDE_DOWN, PARTS))
    return None if faults else (days[0], days[1]), faults


def _read(services: Services, plan: str, days: tuple[date, date] | None) -> dict[str, Any]:
    """Read what came between two days, and what it changed."""
    entries = queries.entries_of(services.commands, plan)
    life = Life(entries, (), Reckoned.KNOWN, codec.amend_sealed)
    first = life.first_day
    if days is None or days[0] < first:
        return {"first_day": first, "too_early": days is not None, "came": [], "changed": []}
    policies, clock = services.policies(), Reckoned.KNOWN
    was, now = (
        queries.picture_at(services.commands, policies, plan, clock.end_of(d)) for d in days
    )
    return {
        "first_day": first,
        "too_early": False,
        "came": life.came_between(*days),
        "changed": changes(was, now),
    }
