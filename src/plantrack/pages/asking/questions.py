"""Questions whose answer is typed: words, days, times, numbers and people."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from plantrack import wire
from plantrack.pages.asking.answers import Sent, Wrong

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1900, 2199
NOON = 12
LAST_HOUR, LAST_MINUTE = 23, 59


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a form; its answer becomes the field ``name`` of what is recorded.

    ``asks`` and ``hint`` may say {child}, for the child's first name. ``missing`` is what the page
    says when an answer is needed and there is none.
    """

    DRAWN_BY: ClassVar[str]

    name: str
    asks: str
    hint: str = ""
    optional: bool = False
    missing: str = ""

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Any:
        """Read the answer; None for one that may be left out."""
        typed = sent.one(self.name)
        if not typed:
            self.refuse_missing()
            return None
        return self.understand(typed, at_hand)

    def refuse_missing(self, **wrong: Any) -> None:
        """Refuse that nothing was answered, where something must be."""
        if not self.optional:
            raise Wrong(self.name, self.missing, **wrong)

    def understand(self, typed: str, at_hand: dict[str, Any]) -> Any:
        """Read what was typed."""
        if wire.UNKEEPABLE.search(typed):
            raise Wrong(self.name, f"“{self.label}” {wire.CANNOT_BE_KEPT}")
        if len(typed) > wire.LONGEST_TEXT:
            raise Wrong(self.name, f"“{self.label}” must be {wire.LONGEST_TEXT:,} letters or fewer")
        return typed

    @property
    def label(self) -> str:
        """Give the question without its question mark, to name it."""
        return self.asks.rstrip("?").replace("{child}", "the child")


@dataclass(frozen=True, kw_only=True)
class Line(Question):
    """A few words on one line."""

    DRAWN_BY: ClassVar[str] = "line"
    width: str = ""
    """A width class of GOV.UK inputs, such as “10” characters; nothing: the whole column."""


@dataclass(frozen=True, kw_only=True)
class Words(Question):
    """As many words as somebody needs."""

    DRAWN_BY: ClassVar[str] = "words"
    rows: int = 5


@dataclass(frozen=True, kw_only=True)
class Lines(Question):
    """Several things, one a line; ``prefix`` names each: R1, R2 and so on."""

    DRAWN_BY: ClassVar[str] = "words"
    rows: int = 4
    prefix: str | None = None
    taken: str = ""
    """Where what is at hand holds the names that are taken."""

    def understand(self, typed: str, at_hand: dict[str, Any]) -> Any:
        """Read a list, or names for each line."""
        super().understand(typed, at_hand)
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if self.prefix is None:
            return lines
        taken, named = {**at_hand.get(self.taken, {})}, {}
        for line in lines:
            name = next_name(self.prefix, taken)
            taken[name] = named[name] = line
        return named


@dataclass(frozen=True, kw_only=True)
class Day(Question):
    """A day, in three fields; months may be written as words.

    ``earliest`` and ``latest`` are left to the rules of the plan, which say why not.
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


@dataclass(frozen=True, kw_only=True)
class Whole(Question):
    """A whole number between two bounds."""

    DRAWN_BY: ClassVar[str] = "line"
    width: str = "3"
    low: int = 1
    high: int = 366

    def understand(self, typed: str, at_hand: dict[str, Any]) -> int:
        """Read the number."""
        if not re.fullmatch(r"[0-9]{1,9}", typed) or not self.low <= int(typed) <= self.high:
            what = self.label
            raise Wrong(
                self.name, f"“{what}” must be a whole number from {self.low} to {self.high}"
            )
        return int(typed)


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Yes or no; nothing, where it may be left out."""

    DRAWN_BY: ClassVar[str] = "yes_no"

    def understand(self, typed: str, at_hand: dict[str, Any]) -> bool:
        """Read yes as true."""
        if typed not in ("yes", "no"):
            raise Wrong(self.name, self.missing or "Select yes or no")
        return typed == "yes"


@dataclass(frozen=True, kw_only=True)
class PersonOf(Question):
    """A named person and their agency, which is one on the plan."""

    DRAWN_BY: ClassVar[str] = "person_of"

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> dict[str, str] | None:
        """Read both."""
        name, agency = sent.one(f"{self.name}-name"), sent.one(f"{self.name}-agency")
        if not name and not agency:
            if not self.optional:
                raise Wrong(f"{self.name}-name", self.missing)
            return None
        if not name:
            raise Wrong(f"{self.name}-name", "Enter the name of the person")
        if not agency:
            raise Wrong(f"{self.name}-agency", "Select the person's agency")
        return {"name": self.understand(name, at_hand), "agency": agency}


def next_name(prefix: str, taken: dict[str, Any]) -> str:
    """Give the next short name of a kind that is not on the plan yet, such as A5."""
    numbers = [
        int(name[len(prefix) :])
        for name in taken
        if name.startswith(prefix) and name[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1}"
