"""The story of a plan: each entry told, with its theme, its marks and what put it right."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from plantrack.domain.calendar import london_day
from plantrack.domain.events import (
    KINDS,
    AlertCleared,
    AlertClimbed,
    AlertRaised,
    Corrected,
    PlanEvent,
    Retracted,
)
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.plans.as_known import Moment, Seen
from plantrack.domain.plans.chronology import Told, chronology
from plantrack.domain.redaction.marks import DEFAULTS
from plantrack.domain.words import Mark, day, listed, words

THEMES: Mapping[str, str] = {
    "children": "Seen and heard",
    "actions": "Outcomes and actions",
    "meetings": "Meetings",
    "decisions": "Decisions",
    "challenges": "Challenge between agencies",
    "information": "Information",
    "families": "Family and assessment",
    "injuries": "Injuries",
    "oversight": "Supervision and oversight",
    "alerts": "Alerts",
    "plans": "The plan itself",
    "putting_right": "Corrections",
    "emergencies": "Emergency access",
}
"""What entries are about, as people choose from."""

SHORT_NAME = re.compile("[A-Z]{1,2}[0-9]{1,3}")
"""How things on a plan are usually called: A4, D2, AS1. Others need no short name in a sentence."""

THEME_OF = {name: kind.__module__.rpartition(".")[2] for name, kind in KINDS.items()}


def story(seen: Seen) -> list[Told]:
    """Tell every entry, the newest day first."""
    return [*reversed(chronology(seen, Moment()))]


def line(told: Told, seen: Seen) -> dict[str, Any]:
    """Tell one entry with its theme, its marks, and what was put right about it, by whom and why.

    ``plainly`` says an alert without the name under which clocks know it.
    """
    entries = {entry.number: entry for entry in seen.entries}
    entry = entries[told.entry]
    return {
        **told.to_json(),
        "plainly": plainly(entry.event),
        "theme": THEME_OF[told.kind],
        "known_at": entry.known_at,
        "marks": marks_of(entry),
        "put_right": [_put_right(entries[n]) for n in (*told.corrected_by, *told.retracted_by)],
        "can_be_put_right": not type(entry.event).BY_THE_TRACKER and not told.retracted_by,
    }


def plainly(event: PlanEvent) -> str | None:
    """Tell of an alert in the words of its obligation; None for every other entry."""
    match event:
        case AlertRaised(obligation=code, about=about, due_on=due_on, told=told):
            who = listed([words(each) for each in told]) or "nobody"
            return f"Told to the {who}: “{_owed(code, about)}” was due on {day(due_on)}."
        case AlertClimbed(alert=alert, to=to):
            who = listed([words(each) for each in to]) or "nobody"
            return f"Nobody answered in time, so the {who} was told: “{_named(alert)}”."
        case AlertCleared(alert=alert, met_on=None):
            return f"No longer applies: “{_named(alert)}”."
        case AlertCleared(alert=alert, met_on=date() as met_on, days_late=late):
            days = f", {late} days late" if late else ""
            return f"Done on {day(met_on)}{days}: “{_named(alert)}”."
    return None


def _named(alert: str) -> str:
    code, _, rest = alert.partition(":")
    return _owed(code, rest.rpartition(":")[0])


def _owed(code: str, about: str) -> str:
    """Name what is owed; a thing of the plan by its short name, the plan and the child not."""
    row = BY_CODE.get(code)
    thing, _, part = about.partition("/")
    short = thing if SHORT_NAME.fullmatch(thing) else ""
    about = ", ".join(filter(None, (short, words(part))))
    says = row.says if row else words(code)
    return f"{says} ({about})" if about else says


def _put_right(by: Entry) -> dict[str, Any]:
    """Tell who corrected an entry or took it back, when and why."""
    event = by.event
    assert isinstance(event, Corrected | Retracted)
    return {
        "entry": by.number,
        "how": "Corrected" if isinstance(event, Corrected) else "Taken back",
        "on": london_day(by.known_at),
        "by": by.by.shown,
        "reason": event.reason,
    }


def marks_of(entry: Entry) -> list[str]:
    """Say in words what an entry holds that not everybody may read."""
    kind = type(entry.event).__name__
    stated = {field: mark for (of, field), mark in DEFAULTS.items() if of == kind}
    stated |= {name: Mark(mark) for name, mark in (entry.event.marks or {}).items()}
    return sorted({mark.says for mark in stated.values() if mark is not Mark.GENERAL})


def about(entries: Iterable[Entry], what: str, name: str) -> set[int]:
    """Find the numbers of the entries about one thing, such as action A4, corrections too."""
    found = {
        entry.number
        for entry in entries
        if what == type(entry.event).ABOUT and getattr(entry.event, what) == name
    }
    puts_right = [entry for entry in entries if isinstance(entry.event, Corrected | Retracted)]
    return found | {entry.number for entry in puts_right if _of(entry) in found}


def _of(entry: Entry) -> int | None:
    event = entry.event
    return event.entry if isinstance(event, Corrected | Retracted) else None
