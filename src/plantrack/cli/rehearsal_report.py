"""A rehearsal told for people: a summary by finding, then the calendar of what was raised."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from plantrack.cli.printing import counted, paragraph
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED, BY_CODE
from plantrack.domain.replay.findings import FINDINGS, numbered
from plantrack.domain.replay.rehearsal import Line
from plantrack.domain.replay.watch import Alert
from plantrack.domain.words import day, listed, words

LONGEST_REASON = 110


def tell(lines: Sequence[Line], entries: Sequence[Entry], last: date) -> Iterator[str]:
    """Tell what would have been raised on some plans, sweep by sweep, up to a last day."""
    alerts = [line for line in lines if line.obligation != ALERT_ANSWERED.code]
    yield from _opening(alerts, entries, last)
    if alerts:
        yield from _by_finding(alerts)
        yield from _calendar(alerts, entries)


def _opening(alerts: Sequence[Line], entries: Sequence[Entry], last: date) -> Iterator[str]:
    plans = sorted({entry.plan for entry in entries})
    tellings = sum(len(line.alert.climbs) for line in alerts)
    span = f", {day(entries[0].event.on)} to {day(entries[-1].event.on)}" if entries else ""
    yield paragraph(
        f"{counted(len(entries), 'entry', 'entries')} on {listed(plans) or 'no plan'}{span}. "
        f"With a sweep each morning up to {day(last)}, {counted(len(alerts), 'alert')} would have "
        f"been raised. For want of an answer they would have been passed on "
        f"{counted(tellings, 'time')}."
    )
    yield ""


def _by_finding(alerts: Sequence[Line]) -> Iterator[str]:
    yield "BY FINDING"
    yield ""
    heads = ("", "", "raised", "met later", "unmet at end", "no longer owed", "still open")
    rows: list[tuple[str, ...]] = [heads]
    for finding, should in FINDINGS.items():
        mine = [line for line in alerts if finding in numbered(line.finding)]
        if mine:
            counts = [sum(1 for line in mine if _fate(line) == fate) for fate in FATES]
            rows.append((finding, should, *(str(n) for n in (len(mine), *counts))))
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    for row in rows:
        words_ = [cell.ljust(size) for cell, size in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(size) for cell, size in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join((*words_, *numbers)).rstrip()
    yield ""


FATES = ("met", "unmet", "gone", "open")


def _fate(line: Line) -> str:
    if line.met_on:
        return "met"
    if line.unmet_at_closing:
        return "unmet"
    return "gone" if line.cleared_on else "open"


def _calendar(alerts: Sequence[Line], entries: Sequence[Entry]) -> Iterator[str]:
    yield "DAY BY DAY"
    said = {(entry.plan, entry.number): entry for entry in entries}
    children = {e.plan: e.event.child for e in entries if isinstance(e.event, PlanOpened)}
    for month, raised in groupby(alerts, lambda line: f"{line.raised_on:%B %Y}"):
        yield ""
        yield month
        for line in raised:
            yield ""
            yield from _entry(line, said, children.get(line.plan, ""))


def _entry(line: Line, said: dict[tuple[str, int], Entry], child: str) -> Iterator[str]:
    row = BY_CODE[line.obligation]
    about = f" ({_about(line)})" if line.about not in (line.plan, child) else ""
    when = f"{line.raised_on:%a} {line.raised_on.day}".ljust(8)
    head = f"{line.plan}, child {child}: {row.says}{about} — {_findings(line)}"
    yield paragraph(head, f"  {when}", " " * 10)
    yield paragraph(
        f"Owed by {row.owed_by}, due {day(line.due_on)}. {_since(line, said)}", " " * 10
    )
    yield paragraph(_told(line.alert), " " * 10)
    yield paragraph(_end(line), " " * 10)


def _about(line: Line) -> str:
    return line.about.replace("/", ", ").replace("_", " ")


def _findings(line: Line) -> str:
    return listed(numbered(line.finding))


def _since(line: Line, said: dict[tuple[str, int], Entry]) -> str:
    reasons = []
    for number in line.because:
        if entry := said.get((line.plan, number)):
            sentence = entry.event.sentence()
            short = sentence if len(sentence) <= LONGEST_REASON else _cut(sentence)
            reasons.append(f"Because of entry {number}, {day(entry.event.on)}: {short}")
    return " ".join(reasons)


def _cut(sentence: str) -> str:
    return sentence[:LONGEST_REASON].rsplit(" ", 1)[0] + " …"


def _told(alert: Alert) -> str:
    first = f"Told: {_people(alert.told)}."
    if not alert.climbs:
        return first
    climbs = [f"{_people(climb.told)} on {day(climb.raised_on)}" for climb in alert.climbs]
    return f"{first} Nobody answered, so then: {listed(climbs)}."


PEOPLE = {"owner": "whoever owes it"}


def _people(told: Iterable[str]) -> str:
    return listed([PEOPLE.get(who) or f"the {words(who)}" for who in told])


def _end(line: Line) -> str:
    if line.met_on:
        late = (line.met_on - line.due_on).days
        how = f", {counted(late, 'day')} late" if late > 0 else ", in time but recorded late"
        cleared = day(line.cleared_on) if line.cleared_on else ""
        return f"Met on {day(line.met_on)}{how}; cleared on {cleared}."
    if line.unmet_at_closing:
        return "Nothing cleared it: still unmet when the plan ended."
    if line.cleared_on:
        return f"No longer owed from {day(line.cleared_on)}: its date or its cause was changed."
    return "Nothing cleared it."
