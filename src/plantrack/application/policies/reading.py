"""Reads policy files (TOML) and says exactly where one is wrong.

An overlay file names only what differs from the file below it. Problems come with file and line;
TOML libraries do not keep the line of a value, so it is looked up in the text.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from plantrack.domain.calendar import Calendar
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.policy import Period, Policies, Policy, Quorum, Terms, Unit

ENGLAND = "england.toml"
COUNTRY = "GB"
SUBDIVISIONS = ("ENG", "WLS", "SCT", "NIR")
MOST = 20
"""More others at a quorum, or more climbs, is a slip of the pen."""
FORCES = ("statute", "working-together", "local", "brief", "plan")
WORDS_OF_AN_OBLIGATION = ("force", "source", "anchor")
PERIOD = re.compile(r"(?P<number>\d{1,3}) (?P<unit>WD|d|m)(?P<before> before)?")
SHAPE: dict[str, type | tuple[type, ...]] = {
    "version": str,
    "holds_from": date,
    "start_counts": bool,
    "calendar": dict,
    "quorum": dict,
    "alerts": dict,
    "agencies": dict,
    "obligations": dict,
}
PARTS: dict[str, dict[str, type]] = {
    "calendar": {"country": str, "subdivision": str, "closure_days": list},
    "quorum": {"needs": str, "others": int},
    "alerts": {"ladder": list, "climbs": int},
}


@dataclass(frozen=True)
class Problem:
    """Something that is wrong in a policy file, and where."""

    file: str
    line: int
    wrong: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.wrong}"


class BadPolicy(Exception):
    """A policy file that cannot be used."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Source:
    """The text of one policy file."""

    name: str
    text: str

    @classmethod
    def england(cls) -> "Source":
        """Give the default policy that comes with plantrack."""
        return cls(ENGLAND, resources.files("plantrack.policies").joinpath(ENGLAND).read_text())

    @classmethod
    def at(cls, path: Path) -> "Source":
        """Read a policy file."""
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeError) as wrong:
            reason = "it is not UTF-8 text" if isinstance(wrong, UnicodeError) else wrong.strerror
            raise BadPolicy([Problem(path.name, 1, f"cannot be read: {reason}.")]) from None

    def parsed(self) -> dict[str, Any]:
        """Parse the text, or say in which line it stops being TOML."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as wrong:
            line = re.search(r"line (\d+)", str(wrong))
            number = int(line[1]) if line else len(self.text.splitlines()) or 1
            said = re.sub(r" \(at .*\)", "", str(wrong))
            raise BadPolicy([Problem(self.name, number, f"this is not TOML: {said}.")]) from None

    def line_of(self, *path: str) -> int:
        """Find the line on which a value stands, or its table, or the first line."""
        table, found = "", 1
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[([^\]]+)\]", line):
                table = header[1].replace('"', "").strip()
                if table == ".".join(path):
                    return number
            elif key := re.match(r'\s*"?([\w-]+)"?\s*=', line):
                where = [*table.split("."), key[1]] if table else [key[1]]
                if where == list(path):
                    return number
            if table and table == ".".join(path[:-1]) and found == 1:
                found = number
        return found


def load(*overlays: Path) -> Policies:
    """Read the default policy and the overlays on it, each version holding from its day on."""
    return read(Source.england(), *(Source.at(path) for path in overlays))


def read(*sources: Source) -> Policies:
    """Make policies of texts, each laid over the one before."""
    merged: dict[str, Any] = {}
    versions: list[Policy] = []
    for source in sources:
        raw = source.parsed()
        problems = sorted(_problems(source, raw, merged), key=lambda problem: problem.line)
        if problems:
            raise BadPolicy(problems)
        merged = _overlay(merged, raw)
        version = _policy(merged)
        versions = [v for v in versions if v.holds_from < version.holds_from] + [version]
    return Policies(versions)


def check(path: Path) -> list[Problem]:
    """List what is wrong in a policy file laid over the default."""
    try:
        load(path)
    except BadPolicy as bad:
        return bad.problems
    return []


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one table over another; only what is named changes."""
    merged = dict(below)
    for key, value in above.items():
        known = merged.get(key)
        both = isinstance(known, Mapping) and isinstance(value, Mapping)
        merged[key] = _overlay(known, value) if both else value  # type: ignore[arg-type]  # both are
    return merged


def _policy(raw: Mapping[str, Any]) -> Policy:
    calendar = raw["calendar"]
    return Policy(
        version=raw["version"],
        holds_from=raw["holds_from"],
        terms={code: _terms(code, row) for code, row in raw["obligations"].items()},
        quorum=Quorum(**raw["quorum"]),
        ladder=tuple(raw["alerts"]["ladder"]),
        climbs=raw["alerts"]["climbs"],
        counts_as=raw["agencies"],
        start_counts=raw["start_counts"],
        calendar=working_calendar(
            calendar["country"], calendar["subdivision"], frozenset(calendar["closure_days"])
        ),
    )


def _terms(code: str, row: Mapping[str, Any]) -> Terms:
    periods = {k: period(v) for k, v in row.items() if k not in WORDS_OF_AN_OBLIGATION}
    anchor = row.get("anchor", BY_CODE[code].anchors[0])
    return Terms(periods, anchor, row.get("force", ""), row.get("source", ""))


def period(written: str) -> Period:
    """Read a period as a policy writes it."""
    if written == "same day":
        return Period(0, Unit.DAYS)
    match = PERIOD.fullmatch(written)
    if match is None or (match["before"] and match["unit"] == "m"):
        raise ValueError(written)
    number = int(match["number"])
    return Period(-number if match["before"] else number, Unit(match["unit"]))


@cache
def working_calendar(country: str, subdivision: str, closure_days: frozenset[date]) -> Calendar:
    """Make the calendar of a policy: bank holidays from the ``holidays`` package, and closures."""
    import holidays  # noqa: PLC0415 - slow to import, and needed only where days are counted

    def closed(year: int) -> Collection[date]:
        return {
            *holidays.country_holidays(country, subdiv=subdivision, years=year),
            *(day for day in closure_days if day.year == year),
        }

    return Calendar(closed)


def _problems(
    source: Source, raw: Mapping[str, Any], below: Mapping[str, Any]
) -> Iterator[Problem]:
    """Say what is wrong in one file, given what it is laid over."""

    def at(wrong: str, *path: str) -> Problem:
        return Problem(source.name, source.line_of(*path), wrong)

    for key, value in raw.items():
        if key not in SHAPE:
            yield at(f"there is no setting “{key}”. Known: {', '.join(SHAPE)}.", key)
        elif not _is(value, SHAPE[key]):
            yield at(f"“{key}” must be {_shape(SHAPE[key])}.", key)
    if not raw.get("version") or raw.get("version") == below.get("version"):
        yield at("“version” must name this version, differently from the one below it.", "version")
    for part, known in PARTS.items():
        for key, value in _table(raw, part).items():
            if key not in known:
                yield at(f"[{part}] has no setting “{key}”.", part, key)
            elif not _is(value, known[key]):
                yield at(f"“{key}” must be {_shape(known[key])}.", part, key)
    yield from _wrong_lists(raw, at)
    for agency, group in _table(raw, "agencies").items():
        if not isinstance(group, str) or not group:
            yield at(f"“{agency}” must name the group it counts as.", "agencies", agency)
    for code, row in _table(raw, "obligations").items():
        yield from _wrong_row(code, row, _table(below, "obligations").get(code, {}), at)


def _wrong_lists(raw: Mapping[str, Any], at: Any) -> Iterator[Problem]:
    calendar = _table(raw, "calendar")
    if calendar.get("country", COUNTRY) != COUNTRY:
        yield at(f"“country” must be {COUNTRY}.", "calendar", "country")
    if calendar.get("subdivision", SUBDIVISIONS[0]) not in SUBDIVISIONS:
        known = ", ".join(SUBDIVISIONS)
        yield at(f"“subdivision” must be one of: {known}.", "calendar", "subdivision")
    for each in _listed(raw, "calendar", "closure_days"):
        if not _is(each, date):
            wrong = "“closure_days” must be a list of dates."
            yield at(wrong, "calendar", "closure_days")
    ladder = _table(raw, "alerts").get("ladder")
    if isinstance(ladder, list) and (not ladder or not all(isinstance(r, str) for r in ladder)):
        yield at("“ladder” must list the roles that are told.", "alerts", "ladder")
    for path in (("quorum", "others"), ("alerts", "climbs")):
        number = _table(raw, path[0]).get(path[1])
        if isinstance(number, int) and not 0 <= number <= MOST:
            yield at(f"“{path[1]}” must be a number from 0 to 20.", *path)


def _wrong_row(code: str, row: Any, below: Mapping[str, Any], at: Any) -> Iterator[Problem]:
    where = ("obligations", code)
    if code not in BY_CODE:
        yield at(f"there is no obligation “{code}”.", *where)
        return
    if not isinstance(row, Mapping):
        yield at(f"“{code}” must be a table.", *where)
        return
    for key, value in row.items():
        if key == "force":
            if value not in FORCES:
                yield at(f"“force” must be one of: {', '.join(FORCES)}.", *where, key)
        elif key == "anchor":
            if value not in BY_CODE[code].anchors:
                known = ", ".join(BY_CODE[code].anchors)
                yield at(f"“anchor” of {code} must be one of: {known}.", *where, key)
        elif key == "source":
            if not isinstance(value, str):
                yield at("“source” must be text.", *where, key)
        elif below and key not in below:
            known = ", ".join(k for k in below if k not in WORDS_OF_AN_OBLIGATION) or "none"
            yield at(f"{code} has no period “{key}”. Its periods: {known}.", *where, key)
        elif not _is_period(value):
            wrong = "must be a period such as “10 WD”, “42 d”, “3 m”, “2 WD before” or “same day”."
            yield at(f"“{key}” {wrong}", *where, key)


def _is_period(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(period(value))
    except ValueError:
        return False


def _is(value: object, kind: Any) -> bool:
    exact = type(value) if kind in (int, bool, date) else None
    return exact is kind if exact else isinstance(value, kind)


def _shape(kind: Any) -> str:
    return {
        str: "text in quotation marks",
        date: "a date such as 2026-04-01",
        bool: "true or false",
        int: "a whole number",
        list: "a list",
        dict: "a table",
    }[kind]


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = raw.get(name, {})
    return part if isinstance(part, Mapping) else {}


def _listed(raw: Mapping[str, Any], *path: str) -> list[Any]:
    found = _table(raw, path[0]).get(path[1], [])
    return found if isinstance(found, list) else []
