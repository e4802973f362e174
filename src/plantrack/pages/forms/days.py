"""Questions about time: the day on which something happened, and the time of day."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from plantrack.pages.forms.answers import Sent, Wrong
from plantrack.pages.forms.questions import Filled, Question
from plantrack.pages.wording.dates import day

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1900, 2199
NOON = 12
LAST_HOUR, LAST_MINUTE = 23, 59


@dataclass(frozen=True, kw_only=True)
class Day(Question):
    """A day, in three fields; months may be written as words.

    Whether it is too early or too late is left to the rules of the plan, which say why not.
    """

    DRAWN_BY: ClassVar[str] = "day"
    hint: str = "For example, 9 11 2026 or 9 nov 2026"

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> str | None:
        """Read the three fields as one day, as 2026-11-09."""
        parts = {part: sent.one(f"{self.name}-{part}") for part in ("day", "month", "year")}
        empty = [part for part, typed in parts.items() if not typed]
        if len(empty) == len(parts):
            self.refuse_missing(parts=tuple(parts))
            return None
        what = self.missing_name
        if empty:
            raise Wrong(self.name, f"{what} must include a {' and a '.join(empty)}", empty)
        return self._whole(parts, what)

    @property
    def missing_name(self) -> str:
        """Name the day in an error: “Enter the day …” is about “The day …”."""
        said = re.sub(r"^(Enter|Say|Give) ", "", self.missing) or "the date"
        return said[0].upper() + said[1:]

    def _whole(self, parts: dict[str, str], what: str) -> str:
        wrong = [part for part, reads in _READS.items() if reads(parts[part]) is None]
        if wrong:
            raise Wrong(self.name, f"{what} must be a real date", wrong)
        numbers = {part: reads(parts[part]) or 0 for part, reads in _READS.items()}
        try:
            return date(numbers["year"], numbers["month"], numbers["day"]).isoformat()
        except ValueError:
            raise Wrong(self.name, f"{what} must be a real date", ["day"]) from None

    def written(self, value: Any) -> Filled:
        """Write the day into its three fields."""
        on = value if isinstance(value, date) else date.fromisoformat(value)
        parts = {"day": on.day, "month": on.month, "year": on.year}
        return {f"{self.name}-{part}": [str(number)] for part, number in parts.items()}

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Word it as people write days."""
        return day(value)


def _read_day(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[0-9]{1,2}", typed) else None


def _read_month(typed: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,2}", typed):
        return int(typed) if 1 <= int(typed) <= len(MONTHS) else None
    short = typed[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else None


def _read_year(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[0-9]{4}", typed) and _possible(int(typed)) else None


def _possible(year: int) -> bool:
    return FIRST_YEAR <= year <= LAST_YEAR


_READS = {"day": _read_day, "month": _read_month, "year": _read_year}


@dataclass(frozen=True, kw_only=True)
class TimeOfDay(Question):
    """A time of day, as people write it: 2:30pm or 14:30."""

    DRAWN_BY: ClassVar[str] = "line"
    hint: str = "For example, 2:30pm. You can leave this out"
    optional: bool = True
    width: str = "5"

    def understand(self, typed: str, at_hand: dict[str, Any]) -> str:
        """Read it as 14:30."""
        found = TIME.fullmatch(typed)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        half = (found[3] or "").lower() if found else ""
        if half and not 1 <= hour <= NOON:
            hour = LAST_HOUR + 1
        elif half:
            hour = hour % NOON + (NOON if half == "pm" else 0)
        if hour > LAST_HOUR or minute > LAST_MINUTE:
            raise Wrong(self.name, "Enter a time, like 2:30pm or 14:30")
        return f"{hour:02}:{minute:02}"
