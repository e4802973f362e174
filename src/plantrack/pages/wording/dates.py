"""Days and times as people write them: 4 December 2026, 9:32am."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NOON = 12


def read_day(on: date | str) -> date:
    """Read a day that may be written as JSON has it; of a time, the day in London."""
    if isinstance(on, datetime) or (isinstance(on, str) and "T" in on):
        return read_time(on).date()
    return on if isinstance(on, date) else date.fromisoformat(on)


def read_time(at: datetime | str) -> datetime:
    """Read a time that may be written as JSON has it, as London's clocks show it."""
    read = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return read.astimezone(LONDON)


def day(on: date | str | None) -> str:
    """Write a day in full: 4 December 2026."""
    if on is None:
        return ""
    read = read_day(on)
    return f"{read.day} {read:%B %Y}"


def clock(at: datetime | str) -> str:
    """Write the time of day: 9:32am, 6am."""
    read = read_time(at)
    half = "am" if read.hour < NOON else "pm"
    minutes = f":{read.minute:02}" if read.minute else ""
    return f"{read.hour % NOON or NOON}{minutes}{half}"


def moment(at: datetime | str | None) -> str:
    """Write a day and its time: 4 December 2026 at 9:32am."""
    if at is None:
        return ""
    read = read_time(at)
    return f"{day(read)} at {clock(read)}"


def how_many_days(days: int) -> str:
    """Count days in words: 1 day, 2 days."""
    return f"{days:,} day" if days == 1 else f"{days:,} days"


def days_between(earlier: date | str, later: date | str) -> int:
    """Count the days from one day to another."""
    return (read_day(later) - read_day(earlier)).days
