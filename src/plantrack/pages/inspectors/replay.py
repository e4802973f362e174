"""A plan as it stood on any day: what changed, what was not done, and how it stood before."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from plantrack.domain.replay.differences import Reckoned
from plantrack.domain.replay.filters import Only, Subject
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.forms import Day, Faults, Sent, Wrong
from plantrack.pages.forms.typed_days import PARTS, as_typed, typed
from plantrack.pages.inspectors.looking_back import LookBack
from plantrack.web import parameters as q
from plantrack.web.authorise import MayReadPlan

router = APIRouter(include_in_schema=False, route_class=PageRoute)

WHICH_DAY = Day(
    name="day",
    asks="Or go to a date",
    hint="For example, 3 11 2026",
    missing="Enter the date that you want to see",
)
NOT_YET = "The date must be today or in the past"
EMPTY = ""

ADay = Annotated[date | None, q.Day, Query(description="The day.")]
AClock = Annotated[str, q.one_of(*Reckoned), Query(description="By which clock.")]
ASubject = Annotated[
    str | None, q.one_of(EMPTY, *Subject), Query(alias="only", description="Only entries of this.")
]
AnAgency = Annotated[str | None, Query(max_length=100, description="Only what is this agency's.")]
ALate = Annotated[str | None, q.one_of("1"), Query(description="List what was recorded later.")]


@dataclass(frozen=True)
class Asked:
    """Which day of a plan somebody wants to see, by which clock, and what of it."""

    plan: str
    day: date | None
    clock: Reckoned
    only: Only
    late: bool
    typed: Sent

    def address(self, **other: Any) -> str:
        """Give the address under which everybody sees the same."""
        asked = replace(self, **other)
        fields = {
            "day": asked.day.isoformat() if asked.day else None,
            "clock": str(asked.clock),
            "only": asked.only.subject,
            "agency": asked.only.agency,
            "late": "1" if asked.late else None,
        }
        said = urlencode({name: each for name, each in fields.items() if each})
        return f"/plans/{asked.plan}/replay?{said}"


async def asked_for(
    plan: q.PlanName,
    sent: Annotated[Sent, Depends(typed("day"))],
    *,
    day: ADay = None,
    clock: AClock = Reckoned.KNOWN,
    only: ASubject = None,
    agency: AnAgency = None,
    late: ALate = None,
) -> Asked:
    """Read what somebody wants to see from an address."""
    wanted = Only(Subject(only) if only else None, agency or None)
    return Asked(plan, day, Reckoned(clock), wanted, late is not None, sent)


class Choice(NamedTuple):
    """The day that somebody chose, and what is wrong with how they wrote it."""

    day: date | None
    faults: Faults


@router.get("/plans/{plan}/replay")
async def show_replay(
    asker: MayReadPlan,
    asked: Annotated[Asked, Depends(asked_for)],
    reader: APlanReader,
    frame: AFrame,
) -> Response:
    """Show a plan as it stood on a day; without one, on the last day there is anything of."""
    chosen = choose(asked, reader.today)
    if asked.typed and chosen.day:
        return RedirectResponse(asked.address(day=chosen.day), 303)
    read = LookBack(reader.services, asked.plan, asked.clock, asked.only, chosen.day)
    found = await reader.plan(asker, asked.plan, "replay", replay=read)
    replay = found["replay"]
    if not chosen.day and not chosen.faults:
        return RedirectResponse(asked.address(day=date.fromisoformat(replay["last_day"])), 303)
    return frame.page(
        "inspect/replay.html",
        title=f"Plan {asked.plan} as it stood",
        subject=asker.subject,
        status=422 if chosen.faults else 404 if replay["too_early"] else 200,
        wrong=bool(chosen.faults),
        plan=found,
        replay=replay,
        asked=asked,
        subjects=list(Subject),
        faults=chosen.faults,
        question=WHICH_DAY,
        typed=asked.typed or as_typed(chosen.day, "day"),
        everything=Only(),
    )


def choose(asked: Asked, today: date) -> Choice:
    """Read the day that somebody chose, in its three fields or in the address."""
    faults, day = Faults(), asked.day
    try:
        if asked.typed:
            day = date.fromisoformat(WHICH_DAY.read(asked.typed, {}) or "")
    except Wrong as wrong:
        faults.add(wrong)
    if day and day > today:
        faults.add(Wrong("day", NOT_YET, PARTS))
    return Choice(None if faults else day, faults)
