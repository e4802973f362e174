"""Printing: JSON for machines, plain lines for people, nothing coloured.

Whoever has the database's address may read all that is in it, so marked texts are opened here.
"""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from plantrack.domain.calendar import LONDON
from plantrack.domain.redaction.clearance import EVERYTHING, clear
from plantrack.domain.words import day

NARROWEST, WIDEST = 60, 100


def out(text: str = "") -> None:
    """Print data."""
    try:
        print(_opened(text))
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def _opened(text: str) -> str:
    return clear(text, EVERYTHING)


def talk(text: str) -> None:
    """Say something beside the data."""
    print(text, file=sys.stderr)


def as_json(value: Any) -> str:
    """Write a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return list(value)


def width() -> int:
    """Give the width to write in."""
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 0)).columns))


def paragraph(text: str, indent: str = "", hanging: str | None = None) -> str:
    """Wrap text to the width, the first line after one indent and the others after another."""
    rest = indent if hanging is None else hanging
    return textwrap.fill(
        _opened(text),
        width(),
        initial_indent=indent,
        subsequent_indent=rest,
        break_long_words=False,
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Lay rows out in columns."""
    shown = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(cells[at]) for cells in [list(heads), *shown]) for at in range(len(heads))]
    for cells in [list(heads), *shown]:
        yield "  ".join(cell.ljust(size) for cell, size in zip(cells, widths, strict=True)).rstrip()


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return value.isoformat() if isinstance(value, date) else _opened(str(value))


def moment(at: datetime) -> str:
    """Write a moment as people in London would."""
    local = at.astimezone(LONDON)
    return f"{day(local.date())} at {local:%H:%M}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Count things in words: 1 entry, 2 entries."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@contextmanager
def progress(what: str, total: int) -> Iterator[Any]:
    """Show a progress bar on a terminal, and nothing elsewhere; yields how to advance it."""
    if not sys.stderr.isatty():
        yield lambda _=1: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps=1: bar.advance(task, steps)


def lines(items: Iterable[str]) -> None:
    """Print lines of data."""
    for item in items:
        out(item)
