"""The published case: what would have been raised, when, and what cleared it, line by line."""

import json
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from plantrack import codec
from plantrack.application.history_files import Taken, read, take_in
from plantrack.application.policies import reading as policy
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.replay.findings import FINDINGS, numbered
from plantrack.domain.replay.rehearsal import last_sweep, rehearse

EXPECTED = Path(__file__).parent / "golden" / "child-j1.expected.jsonl"


@pytest.fixture(scope="module")
def taken() -> Taken:
    with resources.as_file(resources.files("plantrack.cases") / "child-j1.jsonl") as history:
        return take_in(read([history]), PlanBook(codec.amend))


@pytest.fixture(scope="module")
def lines(taken: Taken) -> list[dict[str, Any]]:
    assert taken.last_recorded_on is not None
    last = last_sweep(taken.last_recorded_on)
    return [line.to_json() for line in rehearse(taken.entries, policy.load(), codec.amend, last)]


def expected() -> list[dict[str, Any]]:
    return [json.loads(line) for line in EXPECTED.read_text().splitlines()]


def test_no_line_of_the_history_is_refused(taken: Taken) -> None:
    assert taken.refused == []
    assert len(taken.entries) == 76


def test_every_line_is_as_worked_out_and_in_its_place(lines: list[dict[str, Any]]) -> None:
    given = [{field: line[field] for field in want} for line, want in zip(lines, expected())]  # noqa: B905 - lengths are compared next

    assert given == expected()
    assert len(lines) == len(expected()) == 342


def test_written_out_they_are_the_same_bytes(lines: list[dict[str, Any]]) -> None:
    fields = expected()[0].keys()
    written = "".join(
        json.dumps({name: line[name] for name in line if name in fields}) + "\n" for line in lines
    )

    assert written.encode() == EXPECTED.read_bytes()


def test_each_line_also_says_who_was_told_and_under_which_policy(
    lines: list[dict[str, Any]],
) -> None:
    assert list(lines[0]) == [
        "raised_on",
        "plan",
        "obligation",
        "finding",
        "about",
        "due_on",
        "because",
        "told",
        "policy",
        "cleared_on",
        "met_on",
        "unmet_at_closing",
    ]
    assert {line["policy"] for line in lines} == {"england-2026.1"}
    assert all(line["told"] for line in lines)


def test_the_case_touches_every_finding_but_drift(lines: list[dict[str, Any]]) -> None:
    touched = {finding for line in lines for finding in numbered(line["finding"])}

    assert set(FINDINGS) - touched == {"S13"}


def test_stopping_at_any_day_says_what_had_been_said_by_then(
    taken: Taken, lines: list[dict[str, Any]]
) -> None:
    assert taken.last_recorded_on is not None
    last = last_sweep(taken.last_recorded_on)
    for back in (1, 30, 100, 200):
        until = last - timedelta(days=back)
        said = rehearse(taken.entries, policy.load(), codec.amend, until)
        before = [line for line in lines if line["raised_on"] <= until.isoformat()]
        keys = ("raised_on", "plan", "obligation", "about", "due_on", "because")
        assert [[line.to_json()[key] for key in keys] for line in said] == [
            [line[key] for key in keys] for line in before
        ]
