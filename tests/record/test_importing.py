"""An import is all or nothing, whatever happens to the process, and no rule hides it later."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from threading import Barrier, Thread

import pytest

from bench.council import history
from plantrack import codec
from plantrack.application import history_files
from plantrack.application.commands import Commands
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.plans.rules import rule
from plantrack.domain.refusals import PlansOverlap, Refusal
from plantrack.record import open_record

J1 = resources.files("plantrack.cases").joinpath("child-j1.jsonl").read_text()
ENTRIES = 800


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("council") / "history.jsonl"
    file.write_text("\n".join(history(ENTRIES)) + "\n")
    return file


def importing(file: Path, url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from plantrack.cli import main; main()", "import", str(file)],
        env=os.environ | {"PLANTRACK_DATABASE": url, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def stored(url: str) -> int:
    with open_record(url) as record:
        return sum(len(record.entries(plan)) for plan in record.plans())


@pytest.mark.parametrize(
    "database", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
def test_an_import_that_is_killed_leaves_all_or_nothing(council: Path, url: str) -> None:
    started = time.monotonic()
    assert importing(council, url).wait() == 1  # one line in the file is refused, so none is kept
    whole = time.monotonic() - started
    good = council.with_name("good.jsonl")
    taken = history_files.take_in(history_files.read([council]), PlanBook(codec.amend))
    bad = {refused.place.line for refused in taken.refused}
    lines = council.read_text().splitlines()
    good.write_text("\n".join(line for at, line in enumerate(lines, 1) if at not in bad) + "\n")
    assert stored(url) == 0

    found = set()
    for part in (0.1, 0.6, 0.8, 0.95, 1.05):
        process = importing(good, url)
        time.sleep(whole * part)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found.add(stored(url))

    assert found <= {0, len(taken.entries)}
    assert 0 in found
    importing(good, url).wait()
    assert stored(url) == len(taken.entries)


def j1_entries(folder: Path) -> list[Entry]:
    file = folder / "child-j1.jsonl"
    file.write_text(J1)
    taken = history_files.take_in(history_files.read([file]), PlanBook(codec.amend))
    return history_files.as_imported(taken.entries, datetime.now(UTC), lambda _: 0)


def test_a_rule_tightened_later_changes_nothing_told_before(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_record(url) as record:
        Commands(record).take_in(j1_entries(tmp_path))
    told = [entry.event.sentence() for entry in j1_entries(tmp_path)]

    def refuse_everything(_: rule.Saying) -> None:
        raise Refusal("From now on nothing is right.")

    rule.rules_for.cache_clear()
    monkeypatch.setattr(rule, "RULES", [((object,), True, refuse_everything)])
    try:
        with open_record(url) as record:
            commands = Commands(record)
            again = [e for plan in commands.plans() for e in commands.entries(plan)]
            assert sorted(e.event.sentence() for e in again) == sorted(told)
            with pytest.raises(Refusal, match="From now on"):
                commands.record("CP-J1", again[-1].event, again[-1].by)
    finally:
        rule.rules_for.cache_clear()


def test_two_imports_of_one_child_at_once_leave_one_open_plan(url: str, tmp_path: Path) -> None:
    """Both were checked before either was stored; the second is checked again when it is."""
    opening = J1.splitlines()[40].replace('"follows": "CIN-J1"', '"follows": null')
    answers: list[str] = []
    ready = Barrier(2)

    def take_in(plan: str) -> None:
        file = tmp_path / f"{plan}.jsonl"
        file.write_text(opening.replace('"plan": "CP-J1"', f'"plan": "{plan}"'))
        with open_record(url) as record:
            taken = history_files.take_in(history_files.read([file]), PlanBook(codec.amend, record))
            entries = history_files.as_imported(
                taken.entries, datetime.now(UTC), record.last_number
            )
            ready.wait()
            try:
                Commands(record).take_in(entries)
                answers.append("stored")
            except PlansOverlap:
                answers.append("refused")

    writers = [Thread(target=take_in, args=(plan,)) for plan in ("CP-1", "CP-2")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(answers) == ["refused", "stored"]
    with open_record(url) as record:
        assert len(record.plans()) == 1
