"""Where people's own words stand in an event: in which fields, however deep, typed or as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

NAMES = frozenset({("PersonLinked", "relation"), ("AlertAnswered", "alert")})
"""Texts by which clocks and alerts find each other: changed, they would find nothing."""
WORDS = ("text", "reason")

OnText = Callable[[str], str]
Change = Callable[[Any, OnText], Any]
"""How each text in a value is changed by a function."""


class Part(NamedTuple):
    """A field with free text: its name in Python, and how each text in it is changed."""

    attribute: str
    change: Change


@cache
def parts(kind: Any) -> dict[str, Part]:
    """Find the fields of a kind that hold free text, by their names in JSON."""
    hints = get_type_hints(kind, include_extras=True)
    found: dict[str, Part] = {}
    for each in fields(kind):
        name, change = each.name.removesuffix("_"), _change(hints[each.name])
        if change and not _names_something(kind, name):
            found[name] = Part(each.name, change)
    return found


def _names_something(kind: Any, name: str) -> bool:
    """Whether a text is a name by which something is found; so are all that the tracker writes."""
    if getattr(kind, "BY_THE_TRACKER", False):
        return name != "note"
    return name == getattr(kind, "ABOUT", None) or (kind.__name__, name) in NAMES


def _change(hint: Any) -> Change | None:
    """Say how the texts in a field of some type are changed, if it has any."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _text if inner[1] in WORDS else None
    if origin in (Union, UnionType):
        [one] = [each for each in inner if each is not NoneType]
        return _change(one)
    if origin in (tuple, Mapping):
        one = _change(inner[-1] if origin is Mapping else inner[0])
        return partial(_by_name if origin is Mapping else _each, one) if one else None
    plain: Any = hint
    return partial(_object, plain) if is_dataclass(hint) and parts(plain) else None


def _text(value: Any, on_text: OnText) -> Any:
    return on_text(value) if isinstance(value, str) else value


def _each(one: Change, value: Any, on_text: OnText) -> Any:
    if not isinstance(value, list | tuple):
        return value
    return type(value)(one(each, on_text) for each in value)


def _by_name(one: Change, value: Any, on_text: OnText) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {name: one(each, on_text) for name, each in value.items()}


def _object(cls: Any, value: Any, on_text: OnText) -> Any:
    """Change the texts in an object of an event."""
    if isinstance(value, Mapping):
        held = parts(cls)
        return {
            name: held[name].change(each, on_text) if name in held else each
            for name, each in value.items()
        }
    if not isinstance(value, cls):
        return value
    changed = {
        part.attribute: part.change(getattr(value, part.attribute), on_text)
        for part in parts(cls).values()
    }
    return replace(value, **changed)
