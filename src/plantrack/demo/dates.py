"""Moves history files to other days: by whole weeks, so that each day stays the day that it was."""

import re
from collections.abc import Collection
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

LAST_DAY = date(2026, 11, 20)
"""The last day on which the files of the partnership say that anything was recorded."""
WEEK = 7

_DAY = re.compile(r'(?<=[":])\d{4}-\d{2}-\d{2}(?=["T])')


def weeks_to(today: date) -> int:
    """Say by how many weeks to move, so that the last day lies within the week before a day."""
    return (today - timedelta(days=1) - LAST_DAY).days // WEEK


def moved(history: str, weeks: int) -> str:
    """Move every day that a history file states, also those in the names of alerts."""
    by = timedelta(weeks=weeks)
    return _DAY.sub(lambda found: (date.fromisoformat(found[0]) + by).isoformat(), history)


def put_into(folder: Path, today: date, families: Collection[str] | None = None) -> list[Path]:
    """Write the partnership's files, or those of some families, moved to end just before a day."""
    weeks, written = weeks_to(today), []
    histories = resources.files("plantrack.cases").joinpath("partnership")
    for each in sorted(histories.iterdir(), key=lambda file: file.name):
        family = each.name.removesuffix(".jsonl").partition("-")[2]
        if families is None or family in families:
            path = folder / each.name
            path.write_text(moved(each.read_text("utf-8"), weeks), "utf-8")
            written.append(path)
    return written
