"""What the documents say is so."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from make_events import PAGE, events_page
from plantrack.cli import app
from plantrack.domain.events import KINDS
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.replay.findings import FINDINGS

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
LINK = re.compile(r"\]\(([^)#]+)(#[^)]*)?\)")
TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
SHOWN_BY = {"alert-answered": ".climbs("}
"""How a specification asks about an obligation, where not by its code."""

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)
every_decision = pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
every_finding = pytest.mark.parametrize("finding", FINDINGS)


def sections(text: str) -> dict[str, str]:
    """Give each second-level section of a page by its heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


FOUND = sections((ROOT / "docs" / "findings.md").read_text())


def section(finding: str) -> str:
    [text] = [text for heading, text in FOUND.items() if heading.startswith(f"{finding} — ")]
    return text


def listed(finding: str, what: str) -> list[str]:
    """Give the names in one line of a finding's list."""
    [line] = re.findall(rf"^- {what}:((?:.|\n  )*)", section(finding), re.MULTILINE)
    return re.findall(r"`([^`]+)`", line)


def specification(finding: str) -> str:
    [pattern] = listed(finding, "Shown by")
    [path] = ROOT.glob(pattern)
    return path.read_text()


def commands() -> Iterator[str]:
    """Name every command of the program."""
    for name, command in vars(get_command(app))["commands"].items():
        yield f"plantrack {name}"
        yield from (f"plantrack {name} {sub}" for sub in vars(command).get("commands", ()))


def test_the_page_of_events_is_what_the_events_say() -> None:
    assert PAGE.read_text() == events_page(), "Run `make docs`."


def test_every_finding_has_its_section_in_order() -> None:
    wanted = [f"{number} — {says[0].upper()}{says[1:]}" for number, says in FINDINGS.items()]

    assert list(FOUND) == wanted


@every_finding
def test_the_obligations_of_a_finding_are_those_whose_rows_name_it(finding: str) -> None:
    rows = {code for code, row in BY_CODE.items() if finding in row.finding.split()}

    assert set(listed(finding, "Obligations")) == rows


@every_finding
def test_a_finding_names_kinds_of_event_that_exist(finding: str) -> None:
    named = listed(finding, "Events")

    assert named
    assert set(named) <= KINDS.keys()


@every_finding
def test_a_finding_names_commands_that_exist(finding: str) -> None:
    named = listed(finding, "Commands")

    assert named
    assert set(named) <= set(commands())


@every_finding
def test_a_specification_shows_each_obligation_of_a_finding(finding: str) -> None:
    shown = specification(finding)
    codes = listed(finding, "Obligations")
    asked = {code: SHOWN_BY.get(code, f'"{code}"') for code in codes}

    assert [code for code, text in asked.items() if text not in shown] == []


@every_document
def test_a_link_leads_somewhere(document: Path) -> None:
    targets = [target for target, _ in LINK.findall(document.read_text())]

    assert [each for each in targets if not (document.parent / each).exists()] == []


@every_document
def test_a_document_names_commands_and_targets_that_exist(document: Path) -> None:
    text = document.read_text()
    made = set(re.findall(r"`make ([a-z]+)`", text)) | set(re.findall(r"^make (\w+)$", text, re.M))
    named = set(re.findall(r"`(plantrack [a-z]+(?: (?:show|check)\b)?)", text))

    assert made <= set(TARGET.findall((ROOT / "Makefile").read_text()))
    assert {name for name in named if not any(c.startswith(name) for c in commands())} == set()


@every_document
def test_a_document_names_files_that_exist(document: Path) -> None:
    paths = re.findall(r"`((?:src|tests|docs)/[\w./*-]+)`", document.read_text())

    assert [path for path in paths if not any(ROOT.glob(path))] == []


@every_document
def test_a_document_keeps_its_lines_short_enough_to_compare(document: Path) -> None:
    lines = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.M | re.S).splitlines()
    prose = [line for line in lines if not line.startswith(("|", "#", "- [")) and "](" not in line]

    assert [line for line in prose if len(line) > 110] == []


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text()
    groups = {name for name in commands() if any(c.startswith(f"{name} ") for c in commands())}

    assert [name for name in commands() if name not in groups and f"`{name}`" not in text] == []


def test_the_readme_shows_what_the_demo_prints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = (ROOT / "README.md").read_text()
    [shown] = re.findall(
        r"<!-- output of plantrack demo --story -->\n```\w*\n(.*?)```", text, re.DOTALL
    )
    get_command(app).main(["demo", "--story"], standalone_mode=False)
    printed = "".join(capsys.readouterr()).splitlines()

    missing = [line for line in shown.splitlines() if line not in printed and line != "…"]
    assert missing == []
    assert len(shown.splitlines()) > 10


def test_every_room_of_the_house_stands_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    rooms = {
        each.name + ("/" if each.is_dir() else "")
        for where in ("", "domain", "pages")
        for each in (ROOT / "src" / "plantrack" / where).iterdir()
        if not each.name.startswith("__")
    }

    assert sorted(room for room in rooms if f"`{room}`" not in page) == []


def test_the_architecture_names_files_that_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    paths = re.findall(r"`((?!src/)[a-z_]+/[\w./]*|[a-z_]+\.py)`", page)
    places = ("", "domain", "pages")

    assert [
        path
        for path in paths
        if not any((ROOT / "src" / "plantrack" / place / path).exists() for place in places)
    ] == []


@every_decision
def test_a_decision_says_how_it_stands_why_what_and_what_follows(decision: Path) -> None:
    text = decision.read_text()

    assert text.startswith(f"# {int(decision.name[:4])}. ")
    assert "\n**Status:** " in text
    assert list(sections(text)) == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_and_all_listed() -> None:
    contents = (ROOT / "docs" / "decisions" / "README.md").read_text()

    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for path in DECISIONS:
        title = path.read_text().splitlines()[0].removeprefix("# ")
        assert (
            f"{title[: title.index('.')]}. [{title[title.index(' ') + 1 :]}]({path.name})"
            in contents
        )
