"""How events, people and history lines are written as JSON, and read back strictly.

One flat JSON object is the body of a request, the ``event`` of a history line and what is stored.
The field lists of ``domain.events`` are the only source: unknown fields, wrong types and unknown
words are refused by name, with a sentence. msgspec converts; what it cannot do for dataclasses
(unknown fields, duplicate keys, sentences for people) is added here.
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from plantrack.domain.events import KINDS, PlanEvent
from plantrack.domain.redaction.clearance import EVERYTHING, clear_json
from plantrack.domain.redaction.marks import markable
from plantrack.domain.refusals import Unreadable
from plantrack.domain.rights.events import RIGHTS_KINDS, RightsEvent
from plantrack.domain.words import Person, Role

LONGEST_TEXT = 20_000
LONGEST_OBJECT = 256 * 1024
DEEPEST = 12
FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"

UNKEEPABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ue000-\ue003]"
)
"""Control characters, what is no character alone, and the four that envelopes are made of."""
CANNOT_BE_KEPT = "holds a character that cannot be kept. Type it again."
SPACED_KEY = re.compile(r'"\s+:')
PATTERNS = {
    "id": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "a short name such as A1"),
    "plan": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", "the name of a plan such as CP-0417"),
    "child": (r"[A-Za-z0-9]{1,20}", "letters and digits, at most 20"),
    "agency": (r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", "the name of an agency such as school-nursing"),
    "time": (r"([01]\d|2[0-3]):[0-5]\d", "a time such as 14:30"),
}
BOUNDS = {"number": (1, 999_999_999), "days": (1, 366), "count": (0, 99)}
SHAPES = {
    "str": "text",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a date such as 2020-03-09",
    "array": "a list",
    "object": "an object",
}

T = TypeVar("T")
Check = Callable[[Any, str], None]


def decode(line: bytes | str) -> dict[str, Any]:
    """Read one JSON object: UTF-8, no key twice, nothing that JSON does not have."""
    if len(line) > LONGEST_OBJECT:
        raise Unreadable(f"This is longer than {LONGEST_OBJECT // 1024} KiB. Shorten it.")
    try:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        raw = msgspec.json.decode(text)
    except UnicodeError:
        raise Unreadable("This is not UTF-8. Save the file as UTF-8 and try again.") from None
    except (msgspec.DecodeError, RecursionError):
        raise Unreadable("This is not one whole JSON object. It may have been cut off.") from None
    if not isinstance(raw, dict):
        raise Unreadable("This must be one JSON object, in curly brackets.")
    keys = _count_keys(raw)
    unusual = any(space in text for space in ('" ', "\n", "\t", "\r"))
    spaced = SPACED_KEY.search(text) if unusual else None
    if spaced or text.count('":') != keys:
        _refuse_duplicates(text)
    return raw


def _count_keys(raw: dict[str, Any] | list[Any], depth: int = 0) -> int:
    """Count all keys; what is nested deeper than any event is refused."""
    if depth > DEEPEST:
        raise Unreadable("This has objects in objects without end. Write it as one event.")
    inner, keys = (raw.values(), len(raw)) if isinstance(raw, dict) else (raw, 0)
    return keys + sum(_count_keys(v, depth + 1) for v in inner if v.__class__ in (dict, list))


def _refuse_duplicates(text: str) -> None:
    """Look slowly where counting ``":`` cannot tell: a text may hold it, a key may stand apart."""
    import json  # noqa: PLC0415 - needed for a doubtful line only

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise Unreadable(f"{_named(twice)} stands twice. Leave one of them out.")
        return found

    json.loads(text, object_pairs_hook=once)


def read_event(raw: object) -> PlanEvent:
    """Read an event object, or refuse it with a sentence."""
    if not isinstance(raw, dict):
        raise Unreadable("An event must be a JSON object, in curly brackets.")
    name = raw.get("kind")
    kind: Any = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        if name is None:
            raise Unreadable("The event does not say its “kind”. Name it.")
        raise Unreadable(f"There is no kind of event called {_named(name)}. Check its name.")
    without_kind = raw.copy()
    del without_kind["kind"]
    event: PlanEvent = _read(kind, without_kind, kind.__name__)
    return event


def read_person(raw: object) -> Person:
    """Read who recorded an entry."""
    if not isinstance(raw, dict):
        raise Unreadable("“by” must be an object with name, agency and role.")
    person: Person = _read(Person, raw, "by")
    if person.role is Role.TRACKER:
        raise Unreadable("“role” must be a person's: the tracker records for itself.")
    return person


def read_as(cls: type[T], raw: dict[str, Any]) -> T:
    """Read an object as a dataclass whose fields say what they must be."""
    found: T = _read(cls, raw, "It")
    return found


def read_plan_name(raw: object) -> str:
    """Read the name of a plan."""
    if not isinstance(raw, str):
        raise Unreadable("“plan” must be text.")
    _marked("plan")(raw, "plan")
    return raw


def _read(cls: Any, raw: dict[str, Any], path: str) -> Any:
    _checks(cls)(raw, path)
    return _convert(cls, raw)


def _convert(cls: Any, raw: dict[str, Any]) -> Any:
    renamed = _renamed(cls)
    if renamed:
        raw = {renamed.get(key, key): value for key, value in raw.items()}
    try:
        return msgspec.convert(raw, cls)
    except msgspec.ValidationError as wrong:
        raise Unreadable(_sentence(str(wrong), cls)) from None
    except UnicodeError:
        name = next(name for name, value in raw.items() if not _can_be_written(value))
        raise Unreadable(f"“{name}” {CANNOT_BE_KEPT}") from None


def _can_be_written(value: object) -> bool:
    try:
        return bool(msgspec.json.encode(value))
    except UnicodeError:
        return False


def write_event(event: PlanEvent) -> dict[str, Any]:
    """Write an event as its JSON object; ``marks`` only where some are said."""
    written = msgspec.to_builtins(event)
    if event.marks is None:
        written.pop("marks", None)
    kind: Any = type(event)
    renamed = {python: wire for wire, python in _renamed(kind).items()}
    return {"kind": kind.__name__} | {renamed.get(k, k): v for k, v in written.items()}


def read_rights_event(raw: object) -> RightsEvent:
    """Read what is said about rights, or refuse it with a sentence."""
    if not isinstance(raw, dict):
        raise Unreadable("What is said must be a JSON object, in curly brackets.")
    name = raw.get("kind")
    kind: Any = RIGHTS_KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Unreadable(
            f"There is no kind of right called {_named(name)}. Check its “kind”."
            if name is not None
            else "It does not say its “kind”. Name it."
        )
    without_kind = {key: value for key, value in raw.items() if key != "kind"}
    event: RightsEvent = _read(kind, without_kind, kind.__name__)
    return event


def write_rights_event(event: RightsEvent) -> dict[str, Any]:
    """Write what is said about rights as its JSON object."""
    written: dict[str, Any] = msgspec.to_builtins(event)
    return {"kind": type(event).__name__} | written


def amend(event: PlanEvent, replaced: Mapping[str, Any]) -> PlanEvent:
    """Replace whole top-level fields of an event, read as strictly as the event was."""
    return read_event(write_event(event) | dict(replaced))


def amend_sealed(event: PlanEvent, replaced: Mapping[str, Any]) -> PlanEvent:
    """Amend an event whose marked texts are sealed: what the envelopes hold is read as strictly."""
    raw = write_event(event) | dict(replaced)
    encoded = msgspec.json.encode(raw)
    opened = clear_json(encoded, EVERYTHING)
    amended = read_event(msgspec.json.decode(opened))
    if opened is encoded:
        return amended
    del raw["kind"]
    kept: PlanEvent = _convert(type(amended), raw)
    return kept


@cache
def _renamed(cls: Any) -> dict[str, str]:
    """Give the fields whose JSON name is a Python keyword (``with`` is ``with_``)."""
    return {f.name[:-1]: f.name for f in fields(cls) if f.name.endswith("_")}


def wire_name(name: str) -> str:
    """Give the JSON name of a field."""
    return name.removesuffix("_")


@cache
def _checks(cls: Any) -> Check:
    """Compile what msgspec does not ask of a dataclass: names, and rules for texts and numbers."""
    hints = get_type_hints(cls, include_extras=True)
    known = {wire_name(f.name): _check(hints[f.name]) for f in fields(cls)}
    each = [(name, check) for name, check in known.items() if check]

    def check(raw: Any, path: str) -> None:
        if not isinstance(raw, dict):
            return
        if not raw.keys() <= known.keys():
            strange = next(name for name in raw if name not in known)
            raise Unreadable(f"{path} has no field {_named(strange)}. Leave it out.")
        for name, rule in each:
            value = raw.get(name)
            if value is not None:
                rule(value, name)

    return check


def _check(hint: Any) -> Check | None:
    """Compile the rule for one field's type, if it has any."""
    if get_origin(hint) is Annotated:
        return _marked(get_args(hint)[1])
    if get_origin(hint) in (Union, types.UnionType):
        [inner] = [arg for arg in get_args(hint) if arg is not type(None)]
        return _check(inner)
    if hint is date:
        return _day
    if get_origin(hint) is tuple:
        item = _check(get_args(hint)[0])
        return item and _each(item)
    if get_origin(hint) is Mapping:
        return _entries(*(_check(arg) for arg in get_args(hint)))
    plain: Any = hint
    return _checks(plain) if is_dataclass(hint) else None


def _marked(mark: str) -> Check:
    if mark in BOUNDS:
        low, high = BOUNDS[mark]

        def number(value: Any, name: str) -> None:
            if value.__class__ is int and not low <= value <= high:
                raise Unreadable(f"“{name}” must be a whole number from {low} to {high}.")

        return number
    if mark in PATTERNS:
        pattern, like = re.compile(PATTERNS[mark][0]), PATTERNS[mark][1]

        def short(value: Any, name: str) -> None:
            if value.__class__ is str and not pattern.fullmatch(value):
                raise Unreadable(f"“{name}” must be {like}.")

        return short
    return _reason if mark == "reason" else _text


def _text(value: Any, name: str) -> None:
    if value.__class__ is not str:
        return
    if len(value) > LONGEST_TEXT:
        raise Unreadable(f"“{name}” is longer than {LONGEST_TEXT:,} characters. Shorten it.")
    if not value.isprintable() and UNKEEPABLE.search(value):
        raise Unreadable(f"“{name}” {CANNOT_BE_KEPT}")


def _reason(value: Any, name: str) -> None:
    _text(value, name)
    if value.__class__ is str and not value.strip():
        raise Unreadable(f"“{name}” is blank. Say why.")


def _day(value: Any, name: str) -> None:
    is_day = value.__class__ is str and len(value) == len(FIRST_DAY)
    if is_day and not FIRST_DAY <= value <= LAST_DAY:
        raise Unreadable(f"“{name}” must be a date between 1900 and 2199.")


def _each(item: Check) -> Check:
    def check(value: Any, name: str) -> None:
        if value.__class__ in (list, tuple):
            for one in value:
                item(one, name)

    return check


def _entries(key: Check | None, item: Check | None) -> Check:
    def check(value: Any, name: str) -> None:
        if value.__class__ is not dict:
            return
        for one, worth in value.items():
            (key or _text)(one, name)
            if item:
                item(worth, name)

    return check


def _named(name: object) -> str:
    """Repeat a name that somebody typed, if it is one that can be shown."""
    shown = str(name)
    return f"“{shown}”" if re.fullmatch(r"[\w.-]{1,40}", shown) else "with that name"


MISSING_FIELD = re.compile(r"missing required field `(\w+)`")
EXPECTED = re.compile(r"Expected `([\w| ]+)`")
PLACE = re.compile(r"`\$\.(\w+)")


def _sentence(wrong: str, cls: type[Any]) -> str:
    """Word msgspec's complaint for the person who typed the value."""
    place = PLACE.search(wrong)
    name = f"“{wire_name(place[1])}”" if place else "This"
    if missing := MISSING_FIELD.search(wrong):
        inside = f" in {name}" if place else ""
        return f"{cls.__name__} needs “{wire_name(missing[1])}”{inside}."
    if "date" in wrong:
        return f"{name} must be {SHAPES['date']}, a day that exists."
    if "enum" in wrong and place:
        return f"{name} must be one of: {', '.join(_allowed(cls, place[1]))}."
    if expected := EXPECTED.search(wrong):
        kinds = [part.strip() for part in expected[1].split("|")]
        shapes = [SHAPES.get(kind, kind) for kind in kinds if kind != "null"]
        return f"{name} must be {' or '.join(shapes)}."
    return f"{name} cannot be read."


def _allowed(cls: type[Any], name: str) -> list[str]:
    """List the words that a field allows, wherever in its type they stand."""

    def enums(hint: Any) -> list[type[StrEnum]]:
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            return [hint]
        if is_dataclass(hint):
            return [e for inner in get_type_hints(hint).values() for e in enums(inner)]
        return [e for arg in get_args(hint) for e in enums(arg)]

    return [word.value for enum in enums(get_type_hints(cls)[name]) for word in enum]


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the event object, discriminated by ``kind``."""
    kinds = {name: object_schema(kind, name) for name, kind in KINDS.items()}
    for name, kind in KINDS.items():
        marks = kinds[name]["properties"]["marks"]["anyOf"][0]
        marks["propertyNames"] = {"enum": markable(kind)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "plantrack event",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {name: f"#/$defs/{name}" for name in kinds},
        },
        "$defs": kinds,
    }


def object_schema(cls: type[Any], kind: str | None = None) -> dict[str, Any]:
    """Give the JSON Schema of a dataclass; of an event with its kind."""
    hints = get_type_hints(cls, include_extras=True)
    properties = {wire_name(f.name): _schema_of(hints[f.name]) for f in fields(cls)}
    needed = [
        wire_name(f.name)
        for f in fields(cls)
        if f.default is MISSING and f.default_factory is MISSING
    ]
    if kind:
        properties, needed = {"kind": {"const": kind}} | properties, ["kind", *needed]
    return {
        "type": "object",
        "description": (cls.__doc__ or "").split("\n")[0],
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }


def _schema_of(hint: Any) -> dict[str, Any]:
    if get_origin(hint) is Annotated:
        return _marked_schema(get_args(hint)[1])
    if get_origin(hint) in (Union, types.UnionType):
        [inner] = [arg for arg in get_args(hint) if arg is not type(None)]
        return {"anyOf": [_schema_of(inner), {"type": "null"}]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _schema_of(get_args(hint)[0])}
    if get_origin(hint) is Mapping:
        key, value = (_schema_of(arg) for arg in get_args(hint))
        return {"type": "object", "propertyNames": key, "additionalProperties": value}
    if is_dataclass(hint) and isinstance(hint, type):
        return object_schema(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [word.value for word in hint]}
    plain: dict[Any, dict[str, Any]] = {
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "format": "date-time"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        str: {"type": "string"},
    }
    return plain.get(hint, {})


def _marked_schema(mark: str) -> dict[str, Any]:
    if mark in BOUNDS:
        low, high = BOUNDS[mark]
        return {"type": "integer", "minimum": low, "maximum": high}
    if mark in PATTERNS:
        return {"type": "string", "pattern": f"^{PATTERNS[mark][0]}$"}
    shortest = {"minLength": 1} if mark == "reason" else {}
    return {"type": "string", "maxLength": LONGEST_TEXT} | shortest
