"""What docs/security.md and docs/asvs.csv say is so, as far as it can be looked up."""

import csv
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from plantrack.authentication.sessions import ABSOLUTE, ATTEMPT_LASTS, IDLE
from plantrack.domain.rights.authorise import READS, STEP_UP_HOLDS
from plantrack.domain.rights.checks import LONGEST_GLASS, LONGEST_RESTRICTION, LONGEST_WARRANT
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import Mark
from plantrack.web.settings import Rate, Settings

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text()
LIMITS = "Sessions and limits"
HOLDS = {"yes", "partly", "no", "not ours"}
ITEM = re.compile(r"V\d+\.\d+\.\d+\b")
MARKS = (
    Mark.GENERAL,
    Mark.THIRD_PARTY,
    Mark.AGENCY_CONFIDENTIAL,
    Mark.PROTECTED_ADDRESS,
    Mark.LEGAL_PRIVILEGE,
)


class Item(NamedTuple):
    """A row of docs/asvs.csv."""

    id: str
    level: str
    asks: str
    holds: str
    how: str
    tested_by: str


with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
    HEAD, *LINES = csv.reader(file)
ITEMS = [Item(*line) for line in LINES]


def part(heading: str) -> str:
    """Give what stands below a second-level heading."""
    [found] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def table(heading: str) -> dict[str, list[str]]:
    """Give the first table below a heading, by its first column."""
    lines = re.findall(r"^\| (.+) \|$", part(heading), re.MULTILINE)
    rows = [line.split(" | ") for line in lines]
    return {name: cells for name, *cells in rows}


def often(rate: Rate) -> tuple[str, str]:
    """Give the numbers of a rate as they are written: how many times, and in how many minutes."""
    return str(rate.most), str(rate.seconds // 60)


def test_every_item_stands_once_with_a_level_and_a_known_word() -> None:
    assert tuple(HEAD) == Item._fields
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert [item.id for item in ITEMS if not ITEM.fullmatch(item.id)] == []
    assert {item.level for item in ITEMS} <= {"1", "2", "3"}
    assert {item.holds for item in ITEMS} <= HOLDS
    assert [item.id for item in ITEMS if not item.asks or not item.how] == []


def test_every_test_that_an_item_names_is_there() -> None:
    named = {path for item in ITEMS for path in item.tested_by.split()}

    assert {path for path in named if not (ROOT / path).is_file()} == set()


def test_what_does_not_hold_is_named_as_such_and_nothing_else_is() -> None:
    lacking = {item.id for item in ITEMS if item.holds in {"partly", "no"}}

    assert set(ITEM.findall(part("What does not hold"))) == lacking


def test_what_does_not_apply_has_no_row() -> None:
    named = set(ITEM.findall(part("What does not apply")))

    assert named & {item.id for item in ITEMS} == set()


@pytest.mark.parametrize("duty", READS, ids=str)
def test_the_table_of_marks_is_the_one_in_force(duty: Duty) -> None:
    told = table("Marks")

    assert told[duty] == ["yes" if mark in READS[duty] else "no" for mark in MARKS]
    assert told.keys() - {"role", "---"} == set(READS)


def test_the_numbers_are_those_in_force() -> None:
    limits = {what: re.findall(r"[\d,]+", how) for what, (how, *_) in table(LIMITS).items()}
    settings = Settings()

    assert limits["session without use"] == [f"{IDLE.seconds // 60}"]
    assert limits["session at most"] == [f"{ABSOLUTE.seconds // 3600}"]
    assert limits["a sign-in that was begun"] == [f"{ATTEMPT_LASTS.seconds // 60}"]
    assert limits["fresh proof"] == [f"{STEP_UP_HOLDS.seconds // 60}"]
    assert limits["signing in, from one address"] == list(often(settings.sign_in_rate))
    assert limits["signing in, all together"] == list(often(settings.sign_in_rate_of_all))
    assert limits["searching, and asking who looked"] == [str(settings.search_rate.most)]
    assert limits["exporting"] == [str(settings.export_rate.most)]
    assert limits["emergency access"] == [str(settings.break_glass_rate.most)]
    assert limits["body of a request"][0] == f"{settings.most_body_bytes:,}"
    assert f"within {LONGEST_RESTRICTION.days} days" in " ".join(TEXT.split())
    assert f"for {LONGEST_WARRANT.days} days at most" in " ".join(TEXT.split())
    assert f"for {LONGEST_GLASS.seconds // 60} minutes" in " ".join(TEXT.split())
