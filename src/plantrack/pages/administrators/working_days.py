"""For administrators: the days that do not count as working days, and those that do."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.application.policies import reading as policy
from plantrack.application.services import Services
from plantrack.domain.calendar import SATURDAY, Calendar
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.routes import PageRoute
from plantrack.web import parameters as q
from plantrack.web.authorise import MayKeepRules
from plantrack.web.dependencies import AReader, AServices

router = APIRouter(include_in_schema=False, route_class=PageRoute)

FIRST_YEAR, LAST_YEAR = 2000, 2100
CLOSED = "The council is closed"
SUBSTITUTE = ("(observed)", "(substitute day)")
COUNTED = (1, 2, 5, 10, 15)
"""Of which numbers of working days from today the page says what day that is."""

Year = Annotated[int | None, q.whole(FIRST_YEAR, LAST_YEAR)]


class Off(NamedTuple):
    """A weekday that does not count."""

    on: date
    says: str


@router.get("/working-days")
async def show_working_days(
    asker: MayKeepRules, services: AServices, read: AReader, frame: AFrame, year: Year = None
) -> Response:
    """Show the bank holidays and local closure days of a year, and the next working days."""
    today = services.today()
    year = year or today.year
    calendar = (await read(services.policies)).on(date(year, 12, 31)).calendar
    return frame.page(
        "admin/working_days.html",
        title="Working days",
        subject=asker.subject,
        year=year,
        years=(FIRST_YEAR, LAST_YEAR),
        off=await read(partial(_list_off, services, calendar, year)),
        today=today,
        works=calendar.is_working(today),
        coming=[(many, calendar.working_days_after(today, many)) for many in COUNTED],
    )


def _list_off(services: Services, calendar: Calendar, year: int) -> list[Off]:
    return list(_off(calendar, year, _names(services, year)))


def _off(calendar: Calendar, year: int, names: dict[date, str]) -> Iterator[Off]:
    """Give the weekdays of a year that are no working days."""
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() < SATURDAY and not calendar.is_working(day):
            yield Off(day, names.get(day, CLOSED))
        day += timedelta(days=1)


def _names(services: Services, year: int) -> dict[date, str]:
    """Name the bank holidays of a year, in the part of the country that the rules name."""
    import holidays  # noqa: PLC0415 - slow to import, as in plantrack.policy

    part = "ENG"
    for each in services.record.adopted():
        raw: dict[str, Any] = policy.Source(each.file, each.text).parsed()
        part = raw.get("calendar", {}).get("subdivision", part)
    found = holidays.country_holidays(policy.COUNTRY, subdiv=part, years=year)
    return {day: says.replace(*SUBSTITUTE) for day, says in found.items()}
