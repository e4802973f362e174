"""Civil days: working days, months, and the day that a moment belongs to in London."""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SWEPT_AT = time(6, 0)
"""When the day's sweep runs, Europe/London (settled reading R1)."""

SATURDAY = 5


def london_day(moment: datetime) -> date:
    """Give the civil day in London of a moment: half past midnight BST is the day before in UTC."""
    return moment.astimezone(LONDON).date()


def first_sweep_knowing(moment: datetime) -> date:
    """Give the day of the first sweep that knows an entry recorded at a moment."""
    local = moment.astimezone(LONDON)
    return local.date() if local.time() <= SWEPT_AT else local.date() + timedelta(days=1)


def end_of(day: date) -> datetime:
    """Give the last moment of a civil day in London, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


def months_after(start: date, months: int) -> date:
    """Add calendar months, clamped to the last day of the target month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


class Calendar:
    """Which days are working days: Monday to Friday, less the days that are closed.

    ``closed`` gives the closed days of a year: bank holidays and local closures.
    """

    def __init__(self, closed: Callable[[int], Collection[date]]) -> None:
        self._closed = closed
        self._working: list[int] = []
        self._years = range(0)

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day."""
        days = self._days_around(day.year)
        place = bisect_left(days, day.toordinal())
        return place < len(days) and days[place] == day.toordinal()

    def working_days_after(self, day: date, number: int) -> date:
        """Give the n-th working day strictly after a day, or strictly before it if negative."""
        if number == 0:
            return day
        days = self._days_around(day.year, reach=1 + abs(number) // 200)
        if number > 0:
            place = bisect_right(days, day.toordinal()) + number - 1
        else:
            place = bisect_left(days, day.toordinal()) + number
        return date.fromordinal(days[place])

    def _days_around(self, year: int, reach: int = 1) -> list[int]:
        """Give the ordinals of all working days from some years before to some years after."""
        first, last = max(1, year - reach), min(9999, year + reach)
        if first not in self._years or last not in self._years:
            if self._years:
                first, last = min(first, self._years[0]), max(last, self._years[-1])
            self._working = [day for each in range(first, last + 1) for day in self._year(each)]
            self._years = range(first, last + 1)
        return self._working

    def _year(self, year: int) -> list[int]:
        closed = {day.toordinal() for day in self._closed(year)}
        days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
        return [day for day in days if (day - 1) % 7 < SATURDAY and day not in closed]
