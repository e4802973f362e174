"""Bad input: each line of a history file broken on purpose is refused, and says why."""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from plantrack import codec
from plantrack.application import history_files
from plantrack.application.history_files import Taken
from plantrack.domain.plans.decide import PlanBook

J1 = resources.files("plantrack.cases").joinpath("child-j1.jsonl").read_text().splitlines()
EVERY_LINE = range(len(J1))
OPENING_OF_CP = 40


def taken(folder: Path, *files: bytes | list[str]) -> Taken:
    """Take in some files, given as bytes or as lines."""
    paths = []
    for number, content in enumerate(files):
        paths.append(folder / f"file-{number}.jsonl")
        raw = content if isinstance(content, bytes) else "\n".join(content).encode() + b"\n"
        paths[-1].write_bytes(raw)
    return history_files.take_in(history_files.read(paths), PlanBook(codec.amend))


def broken(at: int, change: Callable[[dict[str, Any]], None]) -> list[str]:
    """Give the history of Child J1 with one line changed."""
    raw = json.loads(J1[at])
    change(raw)
    return [*J1[:at], json.dumps(raw), *J1[at + 1 :]]


def an_unknown_kind(raw: dict[str, Any]) -> None:
    raw["event"]["kind"] = "PlanForgotten"


def an_unknown_field(raw: dict[str, Any]) -> None:
    raw["event"]["mood"] = "fine"


def a_day_that_does_not_exist(raw: dict[str, Any]) -> None:
    raw["event"]["on"] = "2020-02-30"


def a_nul_character(raw: dict[str, Any]) -> None:
    raw["event"]["note"] = "before\x00after"


def a_lone_surrogate(raw: dict[str, Any]) -> None:
    raw["event"]["note"] = "before\ud800after"


def a_million_characters(raw: dict[str, Any]) -> None:
    raw["event"]["note"] = "x" * 1_000_000


def a_long_note(raw: dict[str, Any]) -> None:
    raw["event"]["note"] = "x" * 20_001


def a_day_in_the_future(raw: dict[str, Any]) -> None:
    raw["event"]["on"] = "2020-07-02"


def a_role_nobody_has(raw: dict[str, Any]) -> None:
    raw["by"]["role"] = "tracker"


def no_recorded_time(raw: dict[str, Any]) -> None:
    raw["recorded_at"] = "2020-02-10"


Break = Callable[[dict[str, Any]], None]
BREAKS: dict[Break, str] = {
    an_unknown_kind: "There is no kind of event called “PlanForgotten”. Check its name.",
    an_unknown_field: " has no field “mood”. Leave it out.",
    a_day_that_does_not_exist: "“on” must be a date such as 2020-03-09, a day that exists.",
    a_nul_character: "“note” holds a character that cannot be kept. Type it again.",
    a_lone_surrogate: "This is not one whole JSON object. It may have been cut off.",
    a_million_characters: "This is longer than 256 KiB. Shorten it.",
    a_long_note: "“note” is longer than 20,000 characters. Shorten it.",
    a_day_in_the_future: "2 July 2020 is in the future. Record what happened once it has happened.",
    a_role_nobody_has: "“role” must be a person's: the tracker records for itself.",
    no_recorded_time: "must be a time with its offset such as 2020-02-10T16:05:00+00:00.",
}


@pytest.mark.parametrize("breaks", BREAKS, ids=lambda breaks: breaks.__name__)
def test_a_broken_line_is_refused_by_its_number_whichever_line_it_is(
    breaks: Break, tmp_path: Path
) -> None:
    for at in EVERY_LINE:
        refused = taken(tmp_path, broken(at, breaks)).refused

        assert refused[0].place.line == at + 1
        assert refused[0].why.endswith(BREAKS[breaks])


@pytest.mark.parametrize("at", EVERY_LINE)
def test_a_line_cut_off_anywhere_is_refused_and_the_others_are_not_blamed(
    at: int, tmp_path: Path
) -> None:
    lines = [*J1[:at], J1[at][: len(J1[at]) // 2]]

    found = taken(tmp_path, lines)

    assert [str(refused.place) for refused in found.refused] == [f"file-0.jsonl, line {at + 1}"]
    assert "cut off" in found.refused[0].why
    assert len(found.entries) == at


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "cp1252"])
def test_a_file_in_another_encoding_is_refused_with_what_to_do(
    encoding: str, tmp_path: Path
) -> None:
    raw = json.loads(J1[0])
    raw["event"]["note"] = "naïve — café" if encoding != "latin-1" else "naïve café"
    line = json.dumps(raw, ensure_ascii=False)

    found = taken(tmp_path, line.encode(encoding))

    assert found.entries == []
    assert "UTF-8" in found.refused[0].why or "cut off" in found.refused[0].why


def test_a_byte_order_mark_is_no_reason_to_refuse(tmp_path: Path) -> None:
    assert taken(tmp_path, b"\xef\xbb\xbf" + J1[0].encode()).refused == []


def test_a_key_that_stands_twice_is_named(tmp_path: Path) -> None:
    twice = J1[0].replace('"kind": "PlanOpened"', '"kind": "PlanOpened", "kind": "PlanOpened"')

    assert taken(tmp_path, [twice]).refused[0].why == "“kind” stands twice. Leave one of them out."


@pytest.mark.parametrize("space", ["", " ", "  ", "\t", "\r"])
def test_a_key_that_stands_twice_is_found_however_it_is_spaced(space: str, tmp_path: Path) -> None:
    said_twice = f'"note"{space}: "a", "note": "b", "kind": "PlanOpened"'
    line = J1[0].replace('"kind": "PlanOpened"', said_twice)

    assert taken(tmp_path, [line]).refused[0].why.startswith("“note” stands twice.")


def test_words_that_look_like_keys_are_no_duplicates(tmp_path: Path) -> None:
    raw = json.loads(J1[0])
    raw["event"]["note"] = 'she wrote "kind": and "on": twice'

    assert taken(tmp_path, [json.dumps(raw)]).refused == []


def test_an_entry_before_the_plan_is_refused(tmp_path: Path) -> None:
    review_first = [J1[16], *J1[:16]]
    stated = json.loads(review_first[0]) | {"recorded_at": "2019-09-01T00:00:00+00:00"}

    refused = taken(tmp_path, [json.dumps(stated), *J1[:16]]).refused

    assert str(refused[0]) == (
        "file-0.jsonl, line 1 (plan CIN-J1): There is no plan CIN-J1 on the record. "
        "Open it first, or check its name."
    )


def test_an_action_that_is_not_there_is_refused(tmp_path: Path) -> None:
    def another_action(raw: dict[str, Any]) -> None:
        raw["event"]["action"] = "A9"

    refused = taken(tmp_path, broken(16, another_action)).refused

    assert refused[0].why == "Action A9 is not on this plan. Record it first, or check its name."


def test_a_second_open_child_protection_plan_is_refused(tmp_path: Path) -> None:
    second = json.loads(J1[OPENING_OF_CP]) | {"plan": "CP-J1-AGAIN"}
    second["event"] |= {"follows": None}

    refused = taken(tmp_path, [*J1, json.dumps(second)]).refused

    assert [r.place.line for r in refused] == [len(J1) + 1]
    assert "child protection plan CP-J1" in refused[0].why


def test_two_files_are_one_history_in_the_order_recorded(tmp_path: Path) -> None:
    one, other = J1[:OPENING_OF_CP], J1[OPENING_OF_CP:]

    together = taken(tmp_path, other, one)

    assert together.refused == []
    numbered = {(e.plan, e.number, type(e.event)) for e in together.entries}
    assert numbered == {(e.plan, e.number, type(e.event)) for e in taken(tmp_path, J1).entries}


def test_a_refused_line_keeps_its_number_on_its_plan(tmp_path: Path) -> None:
    found = taken(tmp_path, broken(2, an_unknown_kind))

    assert [entry.number for entry in found.entries[:4]] == [1, 2, 4, 5]


def test_an_import_closes_the_gaps_and_corrections_follow(tmp_path: Path) -> None:
    raw = json.loads(J1[7])
    raw["event"] = {
        "kind": "Corrected",
        "on": "2019-09-23",
        "entry": 6,
        "fields": {"what": "y"},
        "reason": "z",
    }
    lines = broken(2, an_unknown_kind)
    found = taken(tmp_path, [*lines[:7], json.dumps(raw)])

    stored = history_files.as_imported(found.entries, found.entries[0].recorded_at, lambda _: 0)

    assert [entry.number for entry in stored] == list(range(1, 8))
    assert codec.write_event(stored[-1].event)["entry"] == 5
    assert all(entry.imported for entry in stored)
    assert stored[-1].originally_recorded_at == found.entries[-1].recorded_at


def test_an_import_goes_on_where_the_record_ends_and_starts_at_one(tmp_path: Path) -> None:
    too_early = json.loads(J1[16]) | {"recorded_at": "2019-09-01T00:00:00+00:00"}
    found = taken(tmp_path, [json.dumps(too_early), *J1[:3]])
    moment = found.entries[0].recorded_at

    fresh = history_files.as_imported(found.entries, moment, lambda _: 0)
    later = history_files.as_imported(found.entries, moment, lambda _: 12)

    assert [entry.number for entry in found.entries] == [2, 3, 4]
    assert [entry.number for entry in fresh] == [1, 2, 3]
    assert [entry.number for entry in later] == [13, 14, 15]
