"""What somebody chose to change about the rules, read from a form and written as a policy file."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from plantrack.application.policies.reading import Source
from plantrack.domain.calendar import Calendar
from plantrack.domain.policy import Period, Policy, Unit
from plantrack.pages.forms import Day, Faults, Lines, Sent, Words, Wrong
from plantrack.pages.wording.rules import RULES, all_sentences

NUMBER = re.compile(r"[0-9]{1,3}")
WHY_MARK = "# Why: "
MOST_DAYS_CLOSED = 60
FROM = Day(
    name="holds_from",
    asks="From which day?",
    hint="Tomorrow or later: nothing is applied backwards. For example, 1 12 2026",
    missing="Enter the day from which the rules hold",
)
REASON = Words(
    name="reason",
    asks="Why do the rules change?",
    hint="Everybody who asks about the rules later reads this",
    missing="Enter why the rules change",
    rows=3,
)
CLOSED = Lines(
    name="closed",
    asks="On which days is the council closed, besides weekends and bank holidays?",
    hint="One day a line, for example 24 12 2026. They do not count as working days",
    optional=True,
)


class Row(NamedTuple):
    """One number of a rule, as the form shows it."""

    field: str
    group: str
    says: str
    period: Period


@dataclass(frozen=True)
class Chosen:
    """Which numbers differ from those in force, and from when on; why, where that was asked."""

    periods: Mapping[tuple[str, str], Period]
    closed: frozenset[date] | None
    holds_from: date
    reason: str

    @property
    def nothing(self) -> bool:
        """Whether nothing changes."""
        return not self.periods and self.closed is None

    def source(self, version: str) -> Source:
        """Write it as a policy file that names only what differs."""
        return Source(f"rules-{self.holds_from}.toml", "\n".join(self._lines(version)) + "\n")

    def _lines(self, version: str) -> Iterator[str]:
        yield from (f"{WHY_MARK}{line}" for line in self.reason.splitlines())
        yield f'version = "{version}"'
        yield f"holds_from = {self.holds_from}"
        if self.closed is not None:
            yield "\n[calendar]"
            yield f"closure_days = [{', '.join(map(str, sorted(self.closed)))}]"
        for code in dict.fromkeys(code for code, _ in self.periods):
            yield f"\n[obligations.{code}]"
            for (of, case), period in self.periods.items():
                if of == code:
                    yield f'{case} = "{written(period)}"'


def rows(policy: Policy) -> Iterator[Row]:
    """Give every number that can be chosen, in the order of the rules' page."""
    for group, rules in RULES.items():
        for code, sentences in rules.items():
            for case, says in sentences.items():
                if case:
                    yield Row(f"{code}-{case}", group, says, policy.terms[code].periods[case])


def as_sent(policy: Policy, closed: frozenset[date]) -> Sent:
    """Fill the form with what is in force."""
    fields = {"closed": ["\n".join(f"{d.day} {d.month} {d.year}" for d in sorted(closed))]}
    for row in rows(policy):
        fields[row.field] = [str(abs(row.period.number))]
        fields[f"{row.field}-unit"] = [row.period.unit.value]
    return Sent(fields)


def read(sent: Sent, policy: Policy, closed: frozenset[date], today: date) -> tuple[Chosen, Faults]:
    """Read what was chosen, and note everything that is wrong with it."""
    faults = Faults()
    periods = {}
    for code, case in all_sentences():
        if not case:
            continue
        try:
            period = _period(sent, f"{code}-{case}", policy.terms[code].periods[case])
        except Wrong as wrong:
            faults.add(wrong)
            continue
        if period != policy.terms[code].periods[case]:
            periods[code, case] = period
    days = _asked(lambda: _closed(sent), faults, closed)
    holds_from = _asked(lambda: _from(sent, today), faults, today)
    reason = _asked(lambda: REASON.read(sent, {}), faults, "")
    changed = days if days != closed else None
    return Chosen(periods, changed, holds_from, reason), faults


def written(period: Period) -> str:
    """Write a period as a policy does."""
    before = " before" if period.number < 0 else ""
    return f"{abs(period.number)} {period.unit.value}{before}"


def why(text: str) -> str:
    """Read back from a policy file why it was adopted; nothing where nobody said."""
    lines = (line.removeprefix(WHY_MARK) for line in text.splitlines() if line.startswith(WHY_MARK))
    return " ".join(lines)


def closed_days(sources: Mapping[str, Any]) -> frozenset[date]:
    """Give the days on which the council is closed, from the tables of a policy."""
    return frozenset(sources.get("calendar", {}).get("closure_days", ()))


def next_working_day(calendar: Calendar, after: date) -> date:
    """Give the first working day after a day."""
    return calendar.working_days_after(after, 1)


def _asked(ask: Any, faults: Faults, otherwise: Any) -> Any:
    try:
        return ask()
    except Wrong as wrong:
        faults.add(wrong)
        return otherwise


def _period(sent: Sent, field: str, was: Period) -> Period:
    typed, unit = sent.one(field), sent.one(f"{field}-unit")
    if not NUMBER.fullmatch(typed):
        raise Wrong(field, "Enter a whole number from 0 to 999")
    if unit not in {each.value for each in Unit}:
        raise Wrong(f"{field}-unit", "Select working days, days or months")
    return Period(-int(typed) if was.number < 0 else int(typed), Unit(unit))


def _from(sent: Sent, today: date) -> date:
    typed = FROM.read(sent, {})
    assert typed is not None
    day = date.fromisoformat(typed)
    if day <= today:
        tomorrow = today + timedelta(days=1)
        parts = ("day", "month", "year")
        raise Wrong(FROM.name, f"The day must be {tomorrow.day} {tomorrow:%B %Y} or later", parts)
    return day


def _closed(sent: Sent) -> frozenset[date]:
    lines = CLOSED.read(sent, {}) or []
    if len(lines) > MOST_DAYS_CLOSED:
        raise Wrong(CLOSED.name, f"Enter {MOST_DAYS_CLOSED} days or fewer")
    return frozenset(map(_day, lines))


def _day(line: str) -> date:
    parts = re.split(r"[ /.-]+", line)
    one = {f"d-{name}": [part] for name, part in zip(("day", "month", "year"), parts, strict=False)}
    try:
        read = Day(name="d", asks="", missing="Enter a day").read(Sent(one), {})
        assert read is not None
        return date.fromisoformat(read)
    except Wrong:
        said = f"“{line[:30]}” must be a day, such as 24 12 2026"
        raise Wrong(CLOSED.name, said) from None
