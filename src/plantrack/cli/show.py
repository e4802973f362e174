"""``plantrack show``, ``chronology`` and ``compare``: plans as they are and were."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from plantrack.application import queries
from plantrack.application.commands import Commands
from plantrack.application.policies.in_force import laid_over
from plantrack.application.policies.reading import Source
from plantrack.cli import parameters
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, counted, lines, moment, out, paragraph
from plantrack.domain.plan_view.as_of import Picture, changes
from plantrack.domain.plans.as_known import Moment
from plantrack.domain.plans.chronology import Told
from plantrack.domain.words import Category, PlanKind, day, listed, words
from plantrack.record import open_record


def show_plan(
    database: str,
    plan: str,
    known_at: str | None,
    true_on: str | None,
    overlays: Sequence[Path],
    *,
    json: bool,
) -> Exit:
    """Show where a plan stands."""
    files = [Source.at(path) for path in overlays]
    at = parameters.moment(known_at, true_on)
    with open_record(database) as record:
        policies = laid_over(record, files)
        shown = queries.picture_at(Commands(record), policies, plan, at)
    if json:
        out(as_json(shown))
    else:
        lines(_picture(shown, at))
    return Exit.DONE


def tell_chronology(
    database: str, plan: str, known_at: str | None, true_on: str | None, *, json: bool
) -> Exit:
    """Tell a plan's entries."""
    at = parameters.moment(known_at, true_on)
    with open_record(database) as record:
        told = queries.chronology_at(Commands(record), plan, at)
    if json:
        lines(as_json(each.to_json()) for each in told)
    else:
        lines(line for each in told for line in _told(each))
    return Exit.DONE


def compare_moments(
    database: str,
    plan: str,
    moments: tuple[str, str],
    true_on: str | None,
    overlays: Sequence[Path],
    *,
    json: bool,
) -> Exit:
    """Say what differs between two moments."""
    files = [Source.at(path) for path in overlays]
    earlier, later = (parameters.moment(written, true_on) for written in moments)
    with open_record(database) as record:
        policies = laid_over(record, files)
        commands = Commands(record)
        before = queries.picture_at(commands, policies, plan, earlier)
        after = queries.picture_at(commands, policies, plan, later)
        known = {told.entry for told in queries.chronology_at(commands, plan, earlier)}
        told = queries.chronology_at(commands, plan, later)
    came = [each for each in told if each.entry not in known]
    changed = changes(before, after)
    if json:
        out(as_json({"plan": plan, "came": [e.to_json() for e in came], "changed": changed}))
    else:
        lines(_compared(came, changed))
    return Exit.DONE


def _told(told: Told) -> Iterator[str]:
    """Tell one entry: what happened, who recorded it when, and what was put right."""
    late = f", {counted(told.days_late, 'day')} late" if told.days_late else ""
    known = told.originally_recorded_at or told.recorded_at
    imported = f"; imported on {moment(told.recorded_at)}" if told.imported else ""
    number = f"{told.entry}.".ljust(5)
    yield paragraph(f"{day(told.on)}: {told.told}", number, "     ")
    yield paragraph(f"Recorded by {told.by} on {moment(known)}{late}{imported}.", "     ")
    if told.now_told:
        by = listed([str(number) for number in told.corrected_by])
        yield paragraph(f"Corrected by entry {by}; it now reads: {told.now_told}", "     ")
    if told.retracted_by:
        yield paragraph(
            f"Retracted by entry {told.retracted_by[0]}: it counts for nothing.", "     "
        )


def _compared(came: Sequence[Told], changed: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield f"{counted(len(came), 'entry', 'entries')} came onto the record between the two."
    for each in came:
        yield ""
        yield from _told(each)
    yield ""
    yield "What changed:" if changed else "Nothing that stands on the plan changed."
    for change in changed:
        was, now = _value(change["from"]), _value(change["to"])
        yield paragraph(f"{words(change['what'])}: {was} → {now}", "  ", "    ")


def _value(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        said = [f"{_label(str(name))}{_value(one)}" for name, one in value.items() if one]
        return ", ".join(said) or "nothing"
    if isinstance(value, list | tuple):
        return listed([_value(one) for one in value]) or "none"
    return day(value) if isinstance(value, date) else str(value).replace("_", " ")


def _label(name: str) -> str:
    return "" if name in ("what", "where") else f"{name.replace('_', ' ')} "


def _picture(shown: Picture, at: Moment) -> Iterator[str]:
    """Write a plan's picture for a reader: what stands, what is owed, what is not known."""
    kind = PlanKind(shown["kind"]).says if shown["kind"] else "retracted"
    yield f"Plan {shown['plan']}: {kind} plan for child {shown['child']}"
    if at.known_at:
        yield f"As it was known on {moment(at.known_at)}"
    if at.true_on:
        yield f"As it was true on {day(at.true_on)}"
    yield ""
    if shown["category"]:
        yield f"  Category: {Category(shown['category']).says}"
    for name in ("opened_on", "ended_on", "follows", "lead", "chair", "agencies"):
        if shown.get(name):
            yield paragraph(f"{words(name).capitalize()}: {_value(shown[name])}", "  ", "    ")
    yield ""
    yield "The child"
    for name, value in shown["seen"].items():
        yield paragraph(
            f"{words(name).capitalize()}: {_value(value) if value else 'not known'}", "  "
        )
    for part in PARTS:
        if shown[part]:
            yield ""
            yield words(part).capitalize()
            for name, value in _named(shown[part]):
                yield paragraph(f"{name}{_value(value)}", "  ", "    ")
    yield ""
    if shown["unmet_at_closing"]:
        yield "Unmet when the plan ended"
        yield from _clocks(shown, "unmet_at_closing")
    else:
        yield "Owed now" if shown["owed"] else "Nothing is owed."
        yield from _clocks(shown, "owed")


def _clocks(shown: Picture, which: str) -> Iterator[str]:
    for owed in shown[which]:
        how = "OVERDUE since" if owed["overdue"] else "due"
        about = "" if owed["about"] in (shown["plan"], shown["child"]) else f" ({owed['about']})"
        yield paragraph(f"{how} {day(owed['due_on'])}: {owed['says']}{about}", "  ", "    ")


PARTS = (
    "outcomes",
    "actions",
    "meetings",
    "decisions",
    "challenges",
    "recommendations",
    "gaps",
    "information",
    "missed_contacts",
    "withdrawn_services",
    "injuries",
    "assessments",
    "people",
)


def _named(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        yield from ((f"{name}: ", value) for name, value in part.items())
    else:
        yield from (("", value) for value in part)
