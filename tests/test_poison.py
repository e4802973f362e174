"""Whatever is sent instead of a value is refused with a sentence, and never repeated back."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from plantrack import codec
from plantrack.domain.events import KINDS
from plantrack.domain.refusals import CannotBePutRight, Refusal, Unreadable
from story import corrected, feb, given, seen
from test_every_kind import LATEST, SCHEMA

Path = tuple[str | int, ...]
SNIPPET = "POISON"
UNKEEPABLE = {
    "NUL": "\x00",
    "lone surrogate": "\ud800",
    "low surrogate": "\udfff",
    "bell": "\x07",
    "escape": "\x1b[2J",
    "delete": "\x7f",
    "C1 control": "\x9b",
    "bidi override": "\u202e",
    "bidi isolate": "\u2066",
    "line separator": "\u2028",
    "beginning of an envelope": "\ue000",
    "end of an envelope": "\ue003",
}
POISONED_TEXTS = {name: f"{SNIPPET}{char}{SNIPPET}" for name, char in UNKEEPABLE.items()} | {
    "a million characters": SNIPPET * (10**6 // len(SNIPPET) + 1)
}
WRONG_DAYS = [
    "0",
    "",
    "9999-12-31",
    "0001-01-01",
    "2200-01-01",
    "1899-12-31",
    "2026-02-30",
    "2026-2-3",
    "20260203",
    "2026-02-03T00:00:00Z",
    "2026-W06-2",
    "٢٠٢٦-٠٢-٠٣",
    0,
    1.5,
    True,
    {"year": 2026},
]
WRONG_NUMBERS = [True, False, 0, -1, 1.5, 1e300, "1", "1e3", 10**12, 10**30, [1], {"n": 1}]
DEPTHS = [50, 200, 400, 600, 900, 1100, 3000, 50_000, 120_000]


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Walk to every value in an event object, those in lists and inner objects too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*at, number))
    else:
        yield at, value


def objects(value: Any, at: Path = ()) -> Iterator[Path]:
    """Walk to every object in an event object."""
    if isinstance(value, dict):
        yield at
        for key, inner in value.items():
            yield from objects(inner, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from objects(inner, (*at, number))


def put(raw: dict[str, Any], path: Path, poison: Any) -> dict[str, Any]:
    """Give an event object with one value replaced."""
    changed: Any = deepcopy(raw)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = poison
    return dict(changed)


def full(kind: str) -> dict[str, Any]:
    raw: dict[str, Any] = LATEST[kind]["state"]["event"]
    return {name: value for name, value in raw.items() if value is not None}


def free(path: Path) -> bool:
    """Whether a value stands in the fields of a correction, which are read when it is applied."""
    return path[0] == "fields"


def of_format(shape: Any, name: str) -> bool:
    """Whether a field's schema says that it is a date, or a number."""
    return f'"{name}"' in json.dumps(shape)


PLACES = [(kind, path, value) for kind in KINDS for path, value in leaves(full(kind))]
TEXTS = [(k, p) for k, p, value in PLACES if isinstance(value, str) and not free(p)]
DAYS = [
    (kind, path)
    for kind, path in TEXTS
    if path[0] != "kind"
    and (
        of_format(SCHEMA[kind]["properties"][str(path[0])], "date")
        and (len(path) == 1 or str(path[-1]).endswith("_on"))
    )
]
NUMBERS = [
    (k, p) for k, p, value in PLACES if isinstance(value, int) and not isinstance(value, bool)
]
INNER = [(k, p) for k in KINDS for p in objects(full(k)) if not (p and free(p))]


def refused(raw: object, *, through_json: bool = True) -> str:
    """Check that an event is refused in whichever way it comes, and give the sentence."""
    with pytest.raises(Unreadable) as why:
        codec.read_event(raw)
    said = str(why.value)
    assert said.isprintable()
    assert said.endswith(".")
    assert len(said) < 600
    assert SNIPPET not in said
    if through_json:
        with pytest.raises(Unreadable):
            codec.read_event(codec.decode(json.dumps(raw)))
    return said


def said_of(line: bytes | str) -> str:
    """Check that a line is refused, and give the sentence."""
    with pytest.raises(Unreadable) as why:
        codec.read_event(codec.decode(line))
    said = str(why.value)
    assert said.isprintable()
    assert SNIPPET not in said
    assert len(said) < 600
    return said


def test_the_corpus_reaches_every_field_of_every_kind() -> None:
    reached = {(kind, path[0]) for kind, path, _ in PLACES}
    missing = {
        (kind, name)
        for kind, shape in SCHEMA.items()
        for name in shape["properties"]
        if (kind, name) not in reached
    }

    assert {name for _, name in missing} <= {
        "disabilities",
        "late",
        "marks",
        "meeting",
        "nhs_number",
        "team",
        "upn",
        "went_ahead_because",
        "reason_checked_by",
        "plan",
        "follows",
        "open_actions",
        "action",
        "reason",
        "without_conference",
        "chair",
        "outcome",
    }
    assert len(TEXTS) > 300
    assert len(DAYS) > 60
    assert len(NUMBERS) > 5


@pytest.mark.parametrize("poison", POISONED_TEXTS.values(), ids=POISONED_TEXTS)
def test_a_text_that_cannot_be_kept_is_refused_in_every_field(poison: str) -> None:
    small = len(poison) < 1000
    for kind, path in TEXTS:
        said = refused(put(full(kind), path, poison), through_json=small)
        assert "“" in said or path[0] == "kind"


@pytest.mark.parametrize("poison", UNKEEPABLE.values(), ids=UNKEEPABLE)
def test_a_name_in_an_object_that_cannot_be_kept_is_refused(poison: str) -> None:
    for kind, path in INNER:
        raw: Any = deepcopy(full(kind))
        inner = raw
        for step in path:
            inner = inner[step]
        inner[f"{SNIPPET}{poison}"] = next(iter(inner.values()), "x")

        refused(raw)


def test_a_field_more_is_refused_in_every_object_of_every_kind() -> None:
    for kind, path in INNER:
        if path and isinstance(full(kind)[str(path[0])], dict) and len(path) == 1:
            continue  # by name: the names are whatever the plan has
        assert "“colour”" in refused(put(full(kind), (*path, "colour"), "red"))


@pytest.mark.parametrize("wrong", WRONG_DAYS, ids=repr)
def test_a_day_that_is_none_is_refused_in_every_field(wrong: object) -> None:
    for kind, path in DAYS:
        refused(put(full(kind), path, wrong))


@pytest.mark.parametrize("wrong", WRONG_NUMBERS, ids=repr)
def test_a_number_that_is_none_is_refused_in_every_field(wrong: object) -> None:
    for kind, path in NUMBERS:
        whole = type(wrong) is int
        if whole and (KINDS[kind].BY_THE_TRACKER or (wrong == 0 and "previous_cp_plans" in path)):
            continue  # a number all the same, and the tracker's own are not bounded
        refused(put(full(kind), path, wrong))


@pytest.mark.parametrize(
    "literal", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "01", "1_0"]
)
def test_what_json_does_not_have_is_refused_wherever_it_stands(literal: str) -> None:
    for kind, path, _ in PLACES:
        if free(path) and literal == "1e400":
            continue
        marked = json.dumps(put(full(kind), path, "@@"))
        said_of(marked.replace('"@@"', literal))


def test_true_is_no_text_and_no_word_in_any_field() -> None:
    for kind, path in TEXTS:
        for wrong in (True, 0, 1.5, ["a"], {"a": "b"}):
            refused(put(full(kind), path, wrong))


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_stands_twice_is_refused_in_every_object(kind: str) -> None:
    for path in objects(full(kind)):
        inner: Any = full(kind)
        for step in path:
            inner = inner[step]
        for key in inner:
            marked = put(full(kind), (*path, "@@"), 1)
            line = json.dumps(marked).replace('"@@": 1', f'"{key}": {json.dumps(inner[key])}')

            said = said_of(line)
            assert "twice" in said
            assert str(key) in said


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_deep_nesting_is_refused_wherever_it_stands(depth: int, left: str, right: str) -> None:
    nest = f"{left * depth}1{right * depth}"

    said_of(nest)
    for kind in ("ChildSeen", "PlanOpened", "DecisionMade", "Corrected"):
        for path, _ in leaves(full(kind)):
            if not free(path):
                said_of(json.dumps(put(full(kind), path, "@@")).replace('"@@"', nest))


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_deep_nesting_in_a_correction_is_refused_when_it_is_applied(
    depth: int, left: str, right: str
) -> None:
    nest = f"{left * depth}1{right * depth}"
    line = json.dumps(put(full("Corrected"), ("fields",), {"words": "@@"})).replace('"@@"', nest)
    story = given(seen(feb(9)))

    def apply() -> None:
        event = codec.read_event(codec.decode(line))
        story.when(codec.amend(event, {"on": "2026-02-10", "entry": 2, "reason": "typed"}))

    with pytest.raises(Refusal) as why:
        apply()
    assert str(why.value).isprintable()
    assert story.number() == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"words": f"{SNIPPET}\x00"},
        {"words": f"{SNIPPET}\u202e"},
        {"words": SNIPPET * 10**5},
        {"words": True},
        {"on": "9999-12-31"},
        {"on": "0"},
        {"mode": SNIPPET},
        {f"{SNIPPET}\x00": "x"},
        {"colour": "red"},
        {"alone": None},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_correction_takes_no_poison_in(fields: dict[str, Any]) -> None:
    story = given(seen(feb(9)))

    said = story.refuses(corrected(feb(10), 2, **fields), because=Unreadable)
    assert said.isprintable()
    assert SNIPPET not in said
    assert len(said) < 600


def test_a_correction_of_nothing_is_refused() -> None:
    given(seen(feb(9))).refuses(corrected(feb(10), 2), because=CannotBePutRight)
    assert codec.read_event(full("Corrected")).sentence()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b" ",
        b"\x00",
        b"\xff\xfe{\x00}\x00",
        b'{"kind":"ChildSeen"',
        b'{"kind":"ChildSeen"}{"kind":"ChildSeen"}',
        b'{"kind":"ChildSeen",}',
        b"{'kind':'ChildSeen'}",
        b'{"kind":"POISON\xc3\x28"}',
        b'{"kind":"\\ud800POISON"}',
        b'{"kind":"ChildSeen\nPOISON"}',
        b"null",
        b"[]",
        b'"POISON"',
        b"3",
        b'{"kind":["POISON"]}',
        b'{"kind":{"POISON":1}}',
        b'{"kind":"' + b"POISON" * 200_000 + b'"}',
        b'{"POISON' + b"A" * 300_000 + b'":1}',
        b"[" * 500_000,
        b'{"a":' * 60_000,
        b'{"kind":"ChildSeen","__class__":"os.system","POISON":1}',
    ],
    ids=lambda line: repr(line[:24]),
)
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    said_of(line)


@pytest.mark.parametrize("raw", [None, 3, "POISON", [], True, {}, {1: 2}, {"kind": None}])
def test_what_is_no_object_at_all_is_refused(raw: object) -> None:
    refused(raw, through_json=not isinstance(raw, dict) or all(isinstance(k, str) for k in raw))


@pytest.mark.parametrize(
    "by",
    [
        None,
        [],
        {},
        {"name": f"{SNIPPET}\x00", "agency": "csc", "role": "chair"},
        {"name": "A", "agency": "c s c", "role": "chair"},
        {"name": "A", "agency": "csc", "role": SNIPPET},
        {"name": "A", "agency": "csc", "role": "tracker"},
        {"name": "A", "agency": "csc", "role": "chair", "colour": "red"},
        {"name": True, "agency": "csc", "role": "chair"},
    ],
    ids=repr,
)
def test_a_person_is_read_as_strictly_as_an_event(by: object) -> None:
    with pytest.raises(Unreadable) as why:
        codec.read_person(by)
    assert SNIPPET not in str(why.value)


def test_what_people_do_write_is_kept_to_the_letter() -> None:
    written = "Zoë said:\n“I am fine”\t😀 ‏— 日本語 ½"
    event = codec.read_event(put(full("ChildSeen"), ("words",), written))

    assert codec.write_event(event)["words"] == written
