"""What every kind of event, obligation and rule owes; a new one is held to it at once."""

import ast
import inspect
import json
import re
from collections import Counter
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from plantrack import codec
from plantrack.application.policies import reading as policy
from plantrack.domain.events import KINDS, PlanEvent
from plantrack.domain.obligations.catalogue import BY_CODE, OBLIGATIONS
from plantrack.domain.obligations.clocks import Obligation
from plantrack.domain.plans.rules import every_rule
from plantrack.domain.refusals import Unreadable
from plantrack.domain.replay.findings import FINDINGS, numbered
from plantrack.record.mapper import EntryMapper

HERE = Path(__file__).parent
ENTRIES = HERE / "golden" / "entries.jsonl"
FIELDS = HERE / "golden" / "fields.json"
EXAMPLES = HERE / "golden" / "interface_examples.jsonl"
SCHEMA = codec.schema()["$defs"]

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
every_obligation = pytest.mark.parametrize("row", BY_CODE.values(), ids=BY_CODE)


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


GOLDEN = json_lines(ENTRIES)
PUBLISHED = json_lines(EXAMPLES)
LATEST = {
    name: next(line for line in GOLDEN if line["topic"] == f"{name}@{kind.VERSION}")
    for name, kind in KINDS.items()
    if any(line["topic"] == f"{name}@{kind.VERSION}" for line in GOLDEN)
}


def full(kind: type[PlanEvent]) -> dict[str, Any]:
    """Give an event object of a kind with every field filled that its golden line fills."""
    raw: dict[str, Any] = LATEST[kind.__name__]["state"]["event"]
    return dict(raw)


def needed(kind: type[PlanEvent]) -> list[str]:
    """Name the fields that a kind cannot do without, as they are called in JSON."""
    return [
        codec.wire_name(each.name)
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    ]


def bare(kind: type[PlanEvent]) -> dict[str, Any]:
    """Give an event object of a kind with only what it cannot do without."""
    raw = full(kind)
    return {"kind": kind.__name__} | {name: raw[name] for name in needed(kind)}


def both(kind: type[PlanEvent]) -> tuple[dict[str, Any], dict[str, Any]]:
    return full(kind), bare(kind)


# What a kind says


@every_kind
def test_its_docstring_says_in_one_sentence_what_happened(kind: type[PlanEvent]) -> None:
    said = inspect.cleandoc(kind.__doc__ or "")

    assert said.endswith(".")
    assert "\n" not in said
    assert not said.startswith(kind.__name__)
    assert not re.search(r"\. [A-Z]", said)


@every_kind
def test_it_is_told_as_one_sentence_without_codes(kind: type[PlanEvent]) -> None:
    for raw in both(kind):
        told = codec.read_event({**raw, "note": None}).sentence()

        assert told.endswith(".")
        assert not told.endswith("..")
        assert "\n" not in told
        assert told[0].isupper()
        assert not re.search(r"[a-z]_[a-z]", told), told
        assert not re.search(r"\b(NEG|PHY|SAB|EMO|MUL|RC\d|PN\d|cp|cin|csc|f2f|None)\b", told), told
        assert not re.search(r"[{}\[\]<>]", told), told


@every_kind
def test_its_note_and_time_are_told_as_well(kind: type[PlanEvent]) -> None:
    told = codec.read_event(full(kind)).sentence()

    assert "(at 14:30)" in told
    assert told.endswith(" Note: written up from the visit book.")


@every_kind
def test_somebodys_lines_and_full_stops_stay_one_sentence(kind: type[PlanEvent]) -> None:
    texts = [name for name, shape in SCHEMA[kind.__name__]["properties"].items() if is_text(shape)]
    raw = full(kind) | dict.fromkeys(texts, "one thing.\nand another.")

    told = codec.read_event(raw).sentence()
    assert "\n" not in told
    assert ".." not in told


def is_text(shape: dict[str, Any]) -> bool:
    """Whether a field holds somebody's words, not a name, a day or a code."""
    inner = shape.get("anyOf", [shape])[0]
    plain: bool = inner.get("type") == "string" and not {"pattern", "format"} & inner.keys()
    return plain and "const" not in inner


@every_kind
def test_what_it_is_about_is_one_of_its_fields(kind: type[PlanEvent]) -> None:
    if kind.INTRODUCES:
        assert kind.ABOUT
    assert kind.ABOUT is None or kind.ABOUT in {each.name for each in fields(kind)}


# How a kind is written and read back


@every_kind
def test_it_comes_back_as_it_was_written(kind: type[PlanEvent]) -> None:
    for raw in both(kind):
        event = codec.read_event(raw)
        written = json.dumps(codec.write_event(event))

        assert type(event) is kind
        assert codec.read_event(codec.decode(written)) == event
        assert json.loads(written).items() >= raw.items()


@every_kind
def test_a_field_it_does_not_have_is_refused_by_name(kind: type[PlanEvent]) -> None:
    with pytest.raises(Unreadable, match="“colour”"):
        codec.read_event(full(kind) | {"colour": "red"})


@every_kind
def test_each_field_it_cannot_do_without_is_asked_for_by_name(kind: type[PlanEvent]) -> None:
    for name in needed(kind):
        without = {key: value for key, value in full(kind).items() if key != name}

        with pytest.raises(Unreadable, match=f"“{name}”"):
            codec.read_event(without)
        with pytest.raises(Unreadable):
            codec.read_event(full(kind) | {name: None})


@every_kind
def test_a_day_is_never_filled_in_for_somebody(kind: type[PlanEvent]) -> None:
    assert "on" in needed(kind)


@every_kind
def test_a_value_of_another_type_is_refused_by_the_fields_name(kind: type[PlanEvent]) -> None:
    for name in SCHEMA[kind.__name__]["properties"]:
        for wrong in (3.5, [[1]], {"a": [[1]]}):
            if name == "kind" or (name == "fields" and isinstance(wrong, dict)):
                continue
            with pytest.raises(Unreadable) as refused:
                codec.read_event(full(kind) | {name: wrong})
            assert re.search(rf"\b{name}\b|“a”", str(refused.value))


# The published schema of a kind


def accepts(shape: dict[str, Any], value: Any) -> bool:
    """Whether a schema accepts a value: as much of JSON Schema as the events use."""
    if "anyOf" in shape:
        return any(accepts(each, value) for each in shape["anyOf"])
    if "const" in shape or "enum" in shape:
        return value in shape.get("enum", [shape.get("const")])
    match shape.get("type"):
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            low, high = shape.get("minimum", value), shape.get("maximum", value)
            return type(value) is int and bool(low <= value <= high)
        case "array":
            return isinstance(value, list) and all(accepts(shape["items"], one) for one in value)
        case "object":
            return isinstance(value, dict) and accepts_object(shape, value)
        case "string":
            return isinstance(value, str) and accepts_text(shape, value)
    return not shape


def accepts_text(shape: dict[str, Any], value: str) -> bool:
    if shape.get("format") == "date" and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return False
    if "pattern" in shape and not re.search(shape["pattern"], value):
        return False
    shortest: int = shape.get("minLength", 0)
    longest: int = shape.get("maxLength", len(value))
    return shortest <= len(value) <= longest


def accepts_object(shape: dict[str, Any], value: dict[str, Any]) -> bool:
    properties, others = shape.get("properties", {}), shape.get("additionalProperties", True)
    for key, inner in value.items():
        if "propertyNames" in shape and not accepts(shape["propertyNames"], key):
            return False
        rule = properties.get(key, others)
        if rule is False or (rule is not True and not accepts(rule, inner)):
            return False
    return set(shape.get("required", ())) <= value.keys()


@every_kind
def test_the_schema_accepts_what_is_read(kind: type[PlanEvent]) -> None:
    for raw in both(kind):
        assert accepts(SCHEMA[kind.__name__], raw)


@every_kind
def test_the_schema_refuses_what_is_refused(kind: type[PlanEvent]) -> None:
    shape = SCHEMA[kind.__name__]

    assert not accepts(shape, full(kind) | {"colour": "red"})
    assert not accepts(shape, full(kind) | {"kind": "SomethingElse"})
    assert not accepts(shape, full(kind) | {"at": "24:00"})
    for name in needed(kind):
        assert not accepts(shape, {k: v for k, v in full(kind).items() if k != name})


@every_kind
def test_the_schema_lists_its_fields_and_no_others(kind: type[PlanEvent]) -> None:
    shape = SCHEMA[kind.__name__]

    assert set(shape["properties"]) == {"kind", *(codec.wire_name(f.name) for f in fields(kind))}
    assert shape["required"] == ["kind", *needed(kind)]
    assert shape["additionalProperties"] is False
    assert shape["description"].endswith(".")


def test_the_schema_names_every_kind_once() -> None:
    whole = codec.schema()

    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert [each["$ref"] for each in whole["oneOf"]] == [f"#/$defs/{name}" for name in KINDS]
    assert whole["discriminator"]["propertyName"] == "kind"
    assert whole["discriminator"]["mapping"] == {name: f"#/$defs/{name}" for name in KINDS}
    assert json.loads(json.dumps(whole)) == whole


@pytest.mark.parametrize("raw", PUBLISHED, ids=lambda raw: raw["kind"])
def test_the_published_example_is_read_and_keeps_every_field(raw: dict[str, Any]) -> None:
    written = json.loads(json.dumps(codec.write_event(codec.read_event(raw))))

    assert written.items() >= raw.items()
    assert accepts(SCHEMA[raw["kind"]], raw)


def test_every_kind_that_people_record_has_a_published_example() -> None:
    people = {name for name, kind in KINDS.items() if not kind.BY_THE_TRACKER}

    assert Counter(raw["kind"] for raw in PUBLISHED) == Counter(people)


# What was stored long ago


@pytest.mark.parametrize("line", GOLDEN, ids=lambda line: line["topic"])
def test_an_entry_stored_long_ago_is_still_read(line: dict[str, Any]) -> None:
    state = json.dumps(line["state"]).encode()
    kind, version = line["topic"].split("@")

    entry = EntryMapper().read(line["plan"], line["number"], line["topic"], state)

    assert (entry.plan, entry.number) == (line["plan"], line["number"])
    assert entry.recorded_at.isoformat() == "2020-03-24T15:05:00+00:00"
    assert type(entry.event) is KINDS[kind]
    if int(version) == KINDS[kind].VERSION:
        assert json.loads(json.dumps(codec.write_event(entry.event))) == line["state"]["event"]


def test_an_entry_of_a_reviews_first_version_still_says_what_it_said() -> None:
    line = next(line for line in GOLDEN if line["topic"] == "ActionReviewed@1")
    entry = EntryMapper().read("P", 1, line["topic"], json.dumps(line["state"]).encode())

    assert line["state"]["event"]["difference_made"] == "none"
    assert "no difference" in entry.event.sentence()


def test_every_version_ever_stored_has_a_golden_entry_and_golden_fields() -> None:
    ever = {
        f"{name}@{version}"
        for name, kind in KINDS.items()
        for version in range(1, kind.VERSION + 1)
    }

    assert ever == {line["topic"] for line in GOLDEN}, "append a stored line; never edit one"
    assert ever == set(json.loads(FIELDS.read_text()))


def shape_of(shape: dict[str, Any]) -> Any:
    """Say shortly what a field holds: its type and its words, not its limits."""
    if "anyOf" in shape:
        return [shape_of(shape["anyOf"][0]), "or null"]
    if "enum" in shape:
        return "one of: " + ", ".join(shape["enum"])
    if shape.get("type") == "array":
        return {"list of": shape_of(shape["items"])}
    if "properties" in shape:
        return fingerprint(shape)
    if shape.get("type") == "object":
        return {"by name": shape_of(shape["additionalProperties"])}
    if shape.get("type") == "string":
        return shape.get("format") or ("name" if "pattern" in shape else "text")
    return shape.get("type", "anything")


def fingerprint(shape: dict[str, Any]) -> dict[str, Any]:
    """Say shortly which fields a kind has, and which it cannot do without."""
    properties = {k: v for k, v in shape["properties"].items() if k != "kind"}
    return {
        f"{name}{' (needed)' if name in shape['required'] else ''}": shape_of(each)
        for name, each in properties.items()
    }


@every_kind
def test_its_fields_do_not_change_without_a_new_version(kind: type[PlanEvent]) -> None:
    stored = json.loads(FIELDS.read_text())[f"{kind.__name__}@{kind.VERSION}"]

    assert fingerprint(SCHEMA[kind.__name__]) == stored, (
        "A stored kind keeps its fields. Raise VERSION, write an upcaster, and append to "
        "golden/fields.json and golden/entries.jsonl; only a new optional field or a new word "
        "may be put into the version that is there."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.pop("where"),
        lambda p: p.update(place=p.pop("where")),
        lambda p: p.update(alone={"type": "boolean"}),
        lambda p: p["mode"]["enum"].remove("video"),
    ],
    ids=["dropped", "renamed", "another type", "a word less"],
)
def test_a_changed_field_changes_the_fingerprint(change: Any) -> None:
    shape = json.loads(json.dumps(SCHEMA["ChildSeen"]))
    change(shape["properties"])

    assert fingerprint(shape) != fingerprint(SCHEMA["ChildSeen"])


# Obligations


@every_obligation
def test_an_obligation_says_what_it_asks_who_owes_it_and_why(row: Obligation) -> None:
    assert row.says[0].isupper()
    assert not row.says.endswith(".")
    assert row.owed_by
    assert numbered(row.finding)
    assert set(numbered(row.finding)) <= set(FINDINGS)


@every_obligation
def test_the_default_policy_has_its_terms_with_force_and_source(row: Obligation) -> None:
    [england] = policy.load().versions
    terms = england.terms[row.code]

    assert terms.source
    assert terms.force in policy.FORCES
    assert terms.anchor in row.anchors
    assert terms.periods or row.code == "action-done"


def test_the_default_policy_has_terms_for_nothing_else() -> None:
    assert set(policy.load().versions[0].terms) == set(BY_CODE)


@every_obligation
def test_an_obligation_reads_only_kinds_that_exist(row: Obligation) -> None:
    assert set(row.reads) <= set(KINDS.values())
    assert row.reads or row.code == "alert-answered"
    assert row.plan_kinds


def test_codes_are_unique_and_plain() -> None:
    codes = [row.code for row in OBLIGATIONS] + ["alert-answered"]

    assert len(codes) == len(set(codes)) == len(BY_CODE) == 36
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def codes_in(path: Path) -> set[str]:
    """Give the obligation codes that a specification names in its code, comments left out."""
    tree = ast.parse(path.read_text())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in BY_CODE
    }


@pytest.mark.parametrize("finding", FINDINGS)
def test_each_finding_has_one_specification_naming_each_of_its_obligations(finding: str) -> None:
    [spec] = (HERE / "specs").glob(f"test_s{int(finding[1:]):02d}_*.py")
    owed = {row.code for row in BY_CODE.values() if finding in numbered(row.finding)}

    assert owed
    assert owed <= codes_in(spec)


def test_every_finding_is_answered_by_an_obligation() -> None:
    answered = {finding for row in BY_CODE.values() for finding in numbered(row.finding)}

    assert answered == set(FINDINGS)


# Rules


@pytest.mark.parametrize("rule", list(every_rule()), ids=lambda rule: rule.__name__)
def test_a_rule_says_in_its_docstring_what_it_holds(rule: Any) -> None:
    said = inspect.cleandoc(rule.__doc__ or "").split("\n")[0]

    assert said.endswith((".", ")"))
    assert said[0].isupper()
    assert " " in rule.__name__.replace("_", " ")


# The tests themselves


def test_every_test_asserts_something() -> None:
    silent = []
    for path in sorted((HERE / "specs").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                said = ast.unparse(node)
                if not re.search(r"\bassert |pytest\.raises|\.refuses\(|hold_to_the_manner", said):
                    silent.append(f"{path.name}: {node.name}")

    assert silent == []


def test_a_visit_tells_what_an_inspector_looks_for() -> None:
    raw = {"kind": "ChildSeen", "on": "2026-02-10", "mode": "face_to_face", "alone": "yes"}
    plain = codec.read_event(raw | {"by_agency": "csc"}).sentence()
    full = {"statutory": True, "bedroom_seen": True, "words": "I like it", "how_heard": "drew"}
    told = codec.read_event(raw | {"by_agency": "csc"} | full).sentence()

    assert plain == "Children's social care saw the child face to face, alone."
    assert "alone, on a statutory visit, and saw the bedroom; the child said: “I like it”" in told
    assert told.endswith("(heard by: drew).")


def test_a_plan_that_was_taken_over_says_from_whom() -> None:
    lines = [json.loads(line) for line in EXAMPLES.read_text().splitlines()]
    opened = next(line for line in lines if line["kind"] == "PlanOpened")
    moved = opened | {"origin": opened["origin"] | {"transferred_from": "Leeds"}}

    assert "taken over from Leeds" in codec.read_event(moved).sentence()
    assert "taken over" not in codec.read_event(opened).sentence()
