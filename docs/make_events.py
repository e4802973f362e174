"""Writes docs/events.md from the events themselves: run `make docs` after changing one."""

import inspect
import sys
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from plantrack.codec import wire_name
from plantrack.domain.events import KINDS, PlanEvent
from plantrack.domain.obligations.catalogue import OBLIGATIONS
from plantrack.domain.words import Disposition, Named, Origin, Stance

PAGE = Path(__file__).parent / "events.md"
WIDTH = 100
INTRODUCTION = """\
# Events

<!-- Written by docs/make_events.py. Change the events in src/plantrack/domain/events, then run
`make docs`. -->

Everything that can be put on a plan, by theme. An event is one flat JSON object with its `kind`
and the fields below. It is the same object in a history file and on the record;
`plantrack schema` prints its JSON Schema. An unknown kind, an unknown field or a value of the wrong
type is refused, with a sentence that names it.

Every kind also has these fields:
"""
MARKS = {
    "id": "short name",
    "plan": "name of a plan",
    "child": "the child's number: letters and digits, at most 20",
    "agency": "agency",
    "text": "text",
    "reason": "reason, not blank",
    "number": "number",
    "days": "days, 1 to 366",
    "count": "number, 0 to 99",
    "time": "time such as 14:30",
}
PLAIN = {date: "date", bool: "true or false", int: "number", str: "text", Any: "any value"}
PARTS = (Named, Origin, Stance, Disposition)


def events_page() -> str:
    """Give the whole page."""
    parts = [INTRODUCTION, _table(PlanEvent, fields(PlanEvent))]
    for module, kinds in groupby(KINDS.values(), lambda kind: kind.__module__):
        parts.append(f"\n## {_line(sys.modules[module].__doc__)}")
        parts += [_section(kind) for kind in kinds]
    parts.append("\n## Objects within events")
    parts += [f"\n### {cls.__name__}\n\n{_line(cls.__doc__)}.\n\n{_table(cls)}" for cls in PARTS]
    return "\n".join(parts) + "\n"


def _section(kind: type[PlanEvent]) -> str:
    own = [each for each in fields(kind) if each not in fields(PlanEvent)]
    said = [f"\n### {kind.__name__}\n\n{inspect.cleandoc(kind.__doc__ or '')}"]
    if kind.BY_THE_TRACKER:
        said.append("Written by the tracker alone; offered by anybody else it is refused.")
    if kind.VERSION > 1:
        said.append(f"Stored as version {kind.VERSION}; earlier versions still load.")
    said.append(_table(kind, own))
    if rows := [f"`{row.code}`" for row in OBLIGATIONS if kind in row.reads]:
        said.append(fill(f"Read by: {', '.join(rows)}.", WIDTH, break_on_hyphens=False))
    return "\n\n".join(said)


def _table(cls: type[Any], shown: "list[Field[Any]] | tuple[Field[Any], ...] | None" = None) -> str:
    hints = get_type_hints(cls, include_extras=True)
    rows = [
        f"| `{wire_name(each.name)}` | {_says(hints[each.name])} | {_needed(each)} |"
        for each in (fields(cls) if shown is None else shown)
    ]
    return "\n".join(["| field | holds | needed |", "| --- | --- | --- |", *rows])


def _needed(each: "Field[Any]") -> str:
    return "yes" if each.default is MISSING and each.default_factory is MISSING else "no"


def _says(hint: Any) -> str:
    """Say in words what a field of some type holds."""
    if get_origin(hint) is Annotated:
        return MARKS[get_args(hint)[1]]
    if get_origin(hint) in (Union, types.UnionType):
        return _says(next(arg for arg in get_args(hint) if arg is not types.NoneType))
    if get_origin(hint) is tuple:
        return f"list: {_says(get_args(hint)[0])}"
    if get_origin(hint) is Mapping:
        key, value = (_says(arg) for arg in get_args(hint))
        return f"object: {key} → {value}"
    if is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"  # type: ignore[union-attr]  # a class
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return " · ".join(f"`{word.value}`" for word in hint)
    return PLAIN[hint]


def _line(docstring: str | None) -> str:
    return next(_lines(docstring)).removesuffix(".")


def _lines(docstring: str | None) -> Iterator[str]:
    return iter(inspect.cleandoc(docstring or "").splitlines())


if __name__ == "__main__":
    PAGE.write_text(events_page(), encoding="utf-8")
