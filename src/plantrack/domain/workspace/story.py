"""The story of a plan: each entry told, with its theme, its marks and what put it right."""

from collections.abc import Iterable, Mapping
from typing import Any

from plantrack.domain.calendar import london_day
from plantrack.domain.chronology import Told, chronology
from plantrack.domain.entries import Entry
from plantrack.domain.events import KINDS, Corrected, Retracted
from plantrack.domain.marks import DEFAULTS
from plantrack.domain.moments import Moment, Seen
from plantrack.domain.words import Mark

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

THEME_OF = {name: kind.__module__.rpartition(".")[2] for name, kind in KINDS.items()}


def story(seen: Seen) -> list[dict[str, Any]]:
    """Tell every entry, the newest day first, each with what was put right about it and by whom."""
    entries = {entry.number: entry for entry in seen.entries}
    told = chronology(seen, Moment())
    return [_line(each, entries) for each in reversed(told)]


def _line(told: Told, entries: Mapping[int, Entry]) -> dict[str, Any]:
    entry = entries[told.entry]
    return {
        **told.to_json(),
        "theme": THEME_OF[told.kind],
        "known_at": entry.known_at,
        "marks": marks_of(entry),
        "put_right": [_put_right(entries[n]) for n in (*told.corrected_by, *told.retracted_by)],
        "can_be_put_right": not type(entry.event).BY_THE_TRACKER and not told.retracted_by,
    }


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
    """Number the entries about one thing of a kind, such as action A4, and what put them right."""
    found = {
        entry.number
        for entry in entries
        if type(entry.event).ABOUT == what and getattr(entry.event, what) == name
    }
    puts_right = [entry for entry in entries if isinstance(entry.event, Corrected | Retracted)]
    return found | {entry.number for entry in puts_right if _of(entry) in found}


def _of(entry: Entry) -> int | None:
    event = entry.event
    return event.entry if isinstance(event, Corrected | Retracted) else None
