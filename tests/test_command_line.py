"""The command line, as a review author, a manager and an inspector use it."""

import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest

from plantrack.access_log.log import AccessLog, Looked
from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.cli import main
from plantrack.domain.replay.rehearsal import Line
from plantrack.record.leader_lock import lead_of

J1 = resources.files("plantrack.cases").joinpath("child-j1.jsonl").read_text().splitlines()
CASE = "\n".join(J1) + "\n"


def plantrack(
    *words: str | Path, database: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run plantrack as a person would, with nothing that looks like a terminal.

    It runs in this process: starting Python each time took most of these tests' time. That it can
    be started by itself is tested once.
    """
    where = {"PLANTRACK_DATABASE": f"sqlite:///{database}"} if database else {}
    argv = ["plantrack", *map(str, words)]
    out, err = _stream(), _stream()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "environ", {"PATH": os.environ["PATH"], **where, **more})
        for name, value in {"argv": argv, "stdin": _stream(), "stdout": out, "stderr": err}.items():
            patched.setattr(sys, name, value)
        code = _exit_code()
    return subprocess.CompletedProcess(argv, code, _written(out), _written(err))


def by_itself(*words: str) -> subprocess.CompletedProcess[str]:
    """Run plantrack in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from plantrack.cli import main; main()", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8")


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def _exit_code() -> int:
    try:
        main()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(bool(left.code))
    return 0


@pytest.fixture
def case(tmp_path: Path) -> Path:
    file = tmp_path / "child-j1.jsonl"
    file.write_text(CASE)
    return file


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with the case of Child J1 and two entries that put others right."""
    folder = tmp_path_factory.mktemp("database")
    file, base = folder / "child-j1.jsonl", folder / "plantrack.db"
    by = json.loads(J1[-1])["by"]
    putting_right = [
        ("2020-07-06", {"kind": "Corrected", "entry": 33, "fields": {"alone": "no"}}),
        ("2020-07-08", {"kind": "Retracted", "entry": 20}),
    ]
    more = [
        {
            "plan": "CP-J1",
            "recorded_at": f"{on}T09:00:00+00:00",
            "by": by,
            "event": event | {"on": on, "reason": "wrong child"},
        }
        for on, event in putting_right
    ]
    file.write_text(CASE + "".join(json.dumps(line) + "\n" for line in more))
    assert plantrack("migrate", database=base).returncode == 0
    with Services(f"sqlite:///{base}") as services:
        demo_people.declare(services)
    done = plantrack("import", file, database=base)
    assert (done.returncode, done.stdout) == (0, "78 entries on 2 plans imported.\n"), done.stderr
    return base


def shown(database: Path, *words: str) -> dict[str, object]:
    done = plantrack("show", *words, "--json", database=database)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def told(database: Path, *words: str) -> list[dict[str, object]]:
    done = plantrack("chronology", *words, "--json", database=database)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def last_seen(database: Path, *words: str) -> object:
    seen = shown(database, "CP-J1", *words)["seen"]
    assert isinstance(seen, dict)
    return seen["last_face_to_face_on"]


def test_a_rehearsal_tells_a_person_the_day_the_child_and_what_cleared_it(case: Path) -> None:
    done = plantrack("rehearse", case)

    assert done.returncode == 0
    assert done.stderr == ""
    story = " ".join(done.stdout.split())
    assert "87 alerts would have been raised" in story
    assert "Tue 1 CIN-J1, child J1: An open action is looked at again (A2) — S1" in story
    assert "Met on 11 November 2019, 42 days late; cleared on 12 November 2019." in story
    assert "Nothing cleared it: still unmet when the plan ended." in story
    assert "\x1b" not in done.stdout


def test_a_rehearsal_as_json_is_one_object_a_line_with_the_published_names(case: Path) -> None:
    done = plantrack("rehearse", case, "--json", "--until", "2019-10-01")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["obligation"], line["about"]) for line in lines] == [
        ("action-reviewed", "A2"),
        ("sibling-considered", "P3"),
    ]
    assert lines[0] == {
        "raised_on": "2019-10-01",
        "plan": "CIN-J1",
        "obligation": "action-reviewed",
        "finding": "S1",
        "about": "A2",
        "due_on": "2019-09-30",
        "because": [7],
        "told": ["owner"],
        "policy": "england-2026.1",
        "cleared_on": None,
        "met_on": None,
        "unmet_at_closing": False,
    }


def test_a_rehearsal_leaves_refused_lines_out_and_says_so(case: Path) -> None:
    case.write_text(CASE.replace('"action": "A3"', '"action": "A 3"'))

    done = plantrack("rehearse", case, "--json")

    assert done.returncode == 1
    assert "child-j1.jsonl, line 45 (plan CP-J1): “action” must be a short name" in done.stderr
    assert len(done.stdout.splitlines()) > 300


def test_a_child_who_falls_between_two_plans_is_spoken_of(case: Path) -> None:
    case.write_text("\n".join(J1[:40]) + "\n")

    done = plantrack("rehearse", case, "--json")

    assert done.returncode == 0
    assert done.stderr.startswith("Plan CIN-J1 was stepped to another on 2020-02-10, and that plan")
    assert "never opened" in done.stderr


def test_a_councils_own_policy_changes_only_what_it_names(case: Path, tmp_path: Path) -> None:
    own = tmp_path / "council.toml"
    own.write_text(
        'version = "council-1"\nholds_from = 2020-01-01\n'
        '[obligations.gap-answered]\nperiod = "10 WD"\n'
    )

    def gap(*words: str | Path) -> tuple[str, str]:
        lines = plantrack("rehearse", case, "--json", *words).stdout.splitlines()
        [line] = [each for each in map(json.loads, lines) if each["obligation"] == "gap-answered"]
        return line["due_on"], line["policy"]

    assert gap() == ("2020-03-23", "england-2026.1")
    assert gap("--policy", own) == ("2020-03-30", "council-1")


def test_an_import_stores_nothing_unless_every_line_is_good(case: Path, tmp_path: Path) -> None:
    base = tmp_path / "plantrack.db"
    case.write_text(CASE.replace("2020-06-16", "2020-02-30"))
    plantrack("migrate", database=base)

    refused = plantrack("import", case, database=base)
    assert refused.returncode == 1
    assert "line 73 (plan CP-J1): “on” must be a date" in refused.stderr
    assert "Nothing was stored: 1 line refused, 75 entries on 2 plans good." in refused.stderr
    assert plantrack("plans", database=base).stdout == ""

    partial = plantrack("import", case, "--partial", database=base)
    assert (partial.returncode, partial.stdout) == (1, "75 entries on 2 plans imported.\n")


def test_an_import_cannot_claim_to_have_been_recorded_in_the_future(
    case: Path, tmp_path: Path
) -> None:
    base = tmp_path / "plantrack.db"
    case.write_text(CASE.replace("2020-06-30T15:00:00", "2190-06-30T15:00:00"))
    plantrack("migrate", database=base)

    done = plantrack("import", case, database=base)

    assert done.returncode == 1
    assert "line 76 (plan CP-J1): “recorded_at” is in the future." in done.stderr
    assert plantrack("plans", database=base).stdout == ""


def test_a_dry_run_stores_nothing(case: Path, tmp_path: Path) -> None:
    base = tmp_path / "plantrack.db"
    plantrack("migrate", database=base)

    done = plantrack("import", case, "--dry-run", database=base)

    assert (done.returncode, done.stdout) == (
        0,
        "76 entries on 2 plans could be imported. Nothing was stored.\n",
    )
    assert plantrack("plans", database=base).stdout == ""


def test_the_same_file_is_not_taken_in_twice(database: Path, case: Path) -> None:
    before = plantrack("plans", "--json", database=database).stdout

    again = plantrack("import", case, database=database)

    assert again.returncode == 1
    assert "Plan CIN-J1 is already on the record." in again.stderr
    assert plantrack("plans", "--json", database=database).stdout == before


def test_plans_are_listed_for_people_and_for_machines(database: Path) -> None:
    people = plantrack("plans", database=database).stdout.splitlines()
    machines = plantrack("plans", "--json", database=database).stdout.splitlines()

    assert [line.split()[:3] for line in people[1:]] == [
        ["CIN-J1", "cin", "J1"],
        ["CP-J1", "cp", "J1"],
    ]
    assert [json.loads(line)["ended"] for line in machines] == ["2020-02-10", None]


def test_a_visit_written_up_late_was_true_before_it_was_known(database: Path) -> None:
    assert last_seen(database, "--true-on", "2020-02-19") is None
    assert last_seen(database, "--true-on", "2020-02-20") == "2020-02-20"
    assert last_seen(database, "--known-at", "2020-03-11") is None
    assert last_seen(database, "--known-at", "2020-03-12T14:59") is None
    assert last_seen(database, "--known-at", "2020-03-12") == "2020-02-20"


def test_the_chronology_says_how_late_a_visit_was_written_up(database: Path) -> None:
    known = {line["entry"] for line in told(database, "CP-J1", "--known-at", "2020-03-11")}
    [visit] = [line for line in told(database, "CP-J1") if line["entry"] == 13]

    assert 13 not in known
    assert (visit["on"], visit["days_late"], visit["imported"]) == ("2020-02-20", 21, True)
    assert visit["originally_recorded_at"] == "2020-03-12T15:00:00+00:00"
    assert str(visit["recorded_at"]) > "2026"


def test_a_correction_changes_what_is_known_from_then_on_and_hides_nothing(
    database: Path,
) -> None:
    def last_alone(known_at: str) -> object:
        seen = shown(database, "CP-J1", "--known-at", known_at)["seen"]
        assert isinstance(seen, dict)
        return seen["last_alone_on"]

    assert last_alone("2020-07-05") == "2020-06-16"
    assert last_alone("2020-07-06") is None
    [visit] = [line for line in told(database, "CP-J1") if line["entry"] == 33]
    assert "face to face, alone" in str(visit["told"])
    assert "face to face, not alone" in str(visit["now_told"])
    assert visit["corrected_by"] == [37]


def test_a_retraction_counts_from_when_it_was_recorded_and_stays_readable(database: Path) -> None:
    def missed(known_at: str) -> list[object]:
        found = shown(database, "CP-J1", "--known-at", known_at)["missed_contacts"]
        assert isinstance(found, list)
        return [contact["on"] for contact in found]

    assert missed("2020-07-07") == ["2020-04-16", "2020-04-21"]
    assert missed("2020-07-08") == ["2020-04-16"]
    [contact] = [line for line in told(database, "CP-J1") if line["entry"] == 20]
    assert contact["retracted_by"] == [38]


def test_two_moments_are_compared(database: Path) -> None:
    done = plantrack(
        "compare",
        "CP-J1",
        "--from",
        "2020-03-11",
        "--to",
        "2020-03-12",
        "--json",
        database=database,
    )

    found = json.loads(done.stdout)
    assert [each["entry"] for each in found["came"]] == [13]
    changed = {change["what"]: (change["from"], change["to"]) for change in found["changed"]}
    assert changed["seen / last_face_to_face_on"] == (None, "2020-02-20")
    people = plantrack(
        "compare", "CP-J1", "--from", "2020-03-11", "--to", "2020-03-12", database=database
    ).stdout
    assert "seen / last face to face on: nothing → 20 February 2020" in people


@pytest.mark.parametrize(
    "words",
    [
        ("show", "CP-J1", "--known-at", "2020-02-09"),
        ("show", "CP-J1", "--true-on", "2020-02-09"),
        ("chronology", "CP-J1", "--known-at", "2020-02-10T15:04"),
        ("compare", "CP-J1", "--from", "2020-02-09", "--to", "2020-03-01"),
    ],
)
def test_a_moment_before_the_plan_existed_is_refused(
    words: tuple[str, ...], database: Path
) -> None:
    done = plantrack(*words, database=database)

    assert done.returncode == 4
    assert done.stdout == ""
    assert "10 February 2020" in done.stderr


def test_the_plan_is_there_from_its_first_moment(database: Path) -> None:
    assert plantrack("show", "CP-J1", "--true-on", "2020-02-10", database=database).returncode == 0
    at = ("show", "CP-J1", "--known-at", "2020-02-10T15:05")
    assert plantrack(*at, database=database).returncode == 0


def test_an_unknown_plan_is_refused(database: Path) -> None:
    done = plantrack("show", "CP-9", database=database)

    assert (done.returncode, done.stderr) == (
        4,
        "There is no plan CP-9 on the record. Open it first, or check its name.\n",
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("rehearse", "no-such-file.jsonl"), 2),
        (("rehearse",), 2),
        (("show", "CP-1", "--known-at", "yesterday"), 2),
        (("rehearse", "x.jsonl", "--until", "2020-02-30"), 2),
        (("plans", "--database", "sqlite:////no/such/folder/plantrack.db"), 3),
        (("plans", "--database", "postgresql://nobody@127.0.0.1:1/none"), 3),
        (("plans", "--database", "mysql://somewhere"), 3),
    ],
)
def test_what_cannot_be_done_ends_in_a_sentence_and_an_exit_code(
    words: tuple[str, ...], code: int
) -> None:
    done = plantrack(*words)

    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_policy_is_checked_by_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text(
        'version = "council-1"\nholds_from = 2026-01-01\n\n[obligations.child-seen]\n'
        'cp = "10 weeks"\nci = "20 WD"\n[obligations.child-sean]\n'
    )

    done = plantrack("policy", "check", file)

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "council.toml, line 5: “cp” must be a period such as “10 WD”, “42 d”, “3 m”, "
        "“2 WD before” or “same day”.",
        "council.toml, line 6: child-seen has no period “ci”. Its periods: cp, cin.",
        "council.toml, line 7: there is no obligation “child-sean”.",
    ]


def test_a_good_policy_can_be_used_and_is_shown_as_sentences(tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text('version = "council-1"\nholds_from = 2026-01-01\n')

    assert plantrack("policy", "check", file).stdout == "council.toml can be used.\n"
    shown = " ".join(plantrack("policy", "show", file).stdout.split())
    assert "Policy council-1, in force from 1 January 2026" in shown
    assert "The child is seen face to face: 10 working days (cp); 20 working days (cin)." in shown


def test_every_command_explains_itself() -> None:
    commands = ("rehearse", "import", "migrate", "schema", "plans", "show", "chronology")
    running = ("alerts", "due", "sweep", "rebuild", "doctor", "serve", "worker")
    for command in (*commands, *running, "compare", "demo", "policy", "rights", "looked"):
        done = plantrack(command, "--help")
        assert done.returncode == 0
        assert "Usage:" in done.stdout


def test_the_schema_names_every_kind() -> None:
    schema = json.loads(plantrack("schema").stdout)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "ChildSeen" in schema["discriminator"]["mapping"]


def test_the_demo_ends_with_the_rehearsal_of_child_j1() -> None:
    done = plantrack("demo", "--story")

    assert done.returncode == 0, done.stderr
    assert "76 entries on 2 plans imported." in done.stdout
    assert "87 alerts would have been raised" in " ".join(done.stdout.split())


def test_a_reader_who_stops_early_is_no_error(case: Path) -> None:
    words = (
        f"{sys.executable} -c 'from plantrack.cli import main; main()' rehearse {case} | head -1"
    )
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def swept(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the case of Child J1 with a sweep on 10 March 2020 and one of today."""
    base = copied(database, tmp_path_factory.mktemp("swept"))
    then = plantrack("sweep", "--on", "2020-03-10", database=base)
    assert then.returncode == 0, then.stderr
    assert then.stdout.startswith("Swept for 10 March 2020: 2 plans looked at, 38 alerts raised,")
    now = json.loads(plantrack("sweep", "--json", database=base).stdout)
    assert (now["failed"], now["raised"] > 0, now["cleared"] > 0) == ([], True, True)
    return base


def copied(base: Path, folder: Path) -> Path:
    """Copy a database that no process has open."""
    for file in base.parent.glob("plantrack*.db*"):
        shutil.copy(file, folder / file.name)
    return folder / base.name


def rows(*words: str, database: Path) -> list[dict[str, object]]:
    done = plantrack(*words, "--json", database=database)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_migration_makes_the_lists_as_well_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    base = tmp_path / "plantrack.db"

    first, again = (plantrack("migrate", database=base).stdout for _ in range(2))

    assert first.splitlines()[-4:] == [
        "The lists, which are made from the record",
        "The access record, which says who looked",
        "The sessions of those who are signed in",
        "The drafts of what people are still writing",
    ]
    assert again == "Nothing to do: the database is ready.\n"


def test_a_day_that_was_swept_already_gives_nothing_new(swept: Path) -> None:
    for day in (("--on", "2020-03-10"), ()):
        [found] = rows("sweep", *day, database=swept)
        assert (found["raised"], found["climbed"], found["cleared"]) == (0, 0, 0)


@pytest.mark.parametrize(("on", "code"), [("2190-01-01", 4), ("2020-02-30", 2)])
def test_a_day_that_cannot_be_swept_is_refused(on: str, code: int, swept: Path) -> None:
    done = plantrack("sweep", "--on", on, database=swept)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.strip()


def test_a_sweep_names_the_plan_on_which_it_failed(database: Path, tmp_path: Path) -> None:
    base = copied(database, tmp_path)
    with closing(sqlite3.connect(base)) as file, file:
        file.execute("INSERT INTO events VALUES (NULL, 'CP-J1', 39, 'ChildSeen@1', X'7B7D')")

    done = plantrack("sweep", "--on", "2020-03-10", database=base)
    listed = plantrack("plans", database=base)

    assert done.returncode == 1
    assert "Plan CP-J1 could not be swept (EntryUnreadable). The others were." in done.stderr
    assert listed.returncode == 0
    assert "Plan CP-J1 is missing here" in listed.stderr
    assert "CIN-J1" in listed.stdout


def test_alerts_are_listed_as_a_rehearsal_tells_them_and_more(swept: Path) -> None:
    found = rows("alerts", database=swept)
    every = rows("alerts", "--all", database=swept)

    published = list(Line._fields[:-1])
    assert all(list(row)[: len(published)] == published for row in every)
    assert {row["cleared_on"] for row in found} == {None}
    assert len(found) < len(every)
    first = found[0]
    assert (first["raised_on"], first["late"], first["child"]) == ("2020-03-10", True, "J1")


def test_alerts_can_be_asked_for_by_rule_plan_team_and_agency(swept: Path) -> None:
    rule = rows("alerts", "--rule", "action-done", database=swept)
    plan = rows("alerts", "--plan", "CP-J1", database=swept)

    assert {row["obligation"] for row in rule} == {"action-done"}
    assert {row["plan"] for row in plan} == {"CP-J1"}
    assert rows("alerts", "--team", "nobody", database=swept) == []
    agency = rows("alerts", "--agency", "csc", database=swept)
    assert {row["agency"] for row in agency} == {"csc"}
    people = plantrack("alerts", "--plan", "CP-J1", database=swept).stdout.splitlines()
    assert people[0].split() == ["raised", "plan", "rule", "about", "due", "told", "state"]
    assert "alert-answered" not in "".join(people)


def test_what_is_owed_is_listed_up_to_a_day(database: Path) -> None:
    everything = rows("due", database=database)
    by_then = rows("due", "--on", "2020-03-01", database=database)

    assert 0 < len(by_then) < len(everything)
    assert all(str(row["due_on"]) <= "2020-03-01" for row in by_then)
    assert [row["due_on"] for row in everything] == sorted(str(r["due_on"]) for r in everything)
    assert plantrack("due", "--on", "soon", database=database).returncode == 2


def test_lists_that_cannot_be_brought_up_say_so_and_the_record_answers(
    database: Path, tmp_path: Path
) -> None:
    base = copied(database, tmp_path)
    with closing(sqlite3.connect(tmp_path / "plantrack-lists.db")) as lists, lists:
        lists.execute("UPDATE followed SET position = 0")
        lists.execute("ALTER TABLE caseload RENAME TO gone")

    done = plantrack("plans", database=base)

    assert "could not be brought up to date" in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["plan", "CIN-J1", "CP-J1"]


def test_lists_that_were_altered_are_found_and_made_again(swept: Path, tmp_path: Path) -> None:
    base = copied(swept, tmp_path)
    assert plantrack("rebuild", "--check", database=base).returncode == 0
    with closing(sqlite3.connect(tmp_path / "plantrack-lists.db")) as lists, lists:
        lists.execute("UPDATE caseload SET lead_name = 'Somebody' WHERE plan = 'CP-J1'")
        lists.execute("DELETE FROM alerts WHERE plan = 'CIN-J1' AND obligation = 'action-done'")

    checked = plantrack("rebuild", "--check", database=base)

    assert checked.returncode == 1
    assert "caseload, plan CP-J1: lead_name should be otherwise." in checked.stdout
    assert "alerts, plan CIN-J1: a row is missing." in checked.stdout
    made = plantrack("rebuild", database=base)
    assert (made.returncode, made.stdout) == (0, "The lists were made again, from 2 plans.\n")
    assert plantrack("rebuild", "--check", database=base).returncode == 0


def test_the_doctor_looks_at_everything_and_says_what_to_do(swept: Path, tmp_path: Path) -> None:
    base = copied(swept, tmp_path)
    alone = plantrack("doctor", database=base)
    lead = lead_of(f"sqlite:///{base}")
    assert lead.hold()
    well = plantrack("doctor", "--json", database=base)
    lead.let_go()

    assert alone.returncode == 1
    assert "PROBLEM leader: no process leads. Start plantrack worker." in alone.stdout
    assert (well.returncode, len(well.stdout.splitlines())) == (0, 13), well.stdout
    assert {json.loads(line)["well"] for line in well.stdout.splitlines()} == {True}
    nowhere = plantrack("doctor", database=tmp_path / "none.db")
    assert nowhere.returncode == 3
    assert "run plantrack migrate" in nowhere.stdout


def council(folder: Path, holds_from: str, version: str = "council-1") -> Path:
    file = folder / "council.toml"
    file.write_text(
        f'version = "{version}"\nholds_from = {holds_from}\n'
        '[obligations.child-seen]\ncp = "1 WD"\n'
        '[obligations.oversight]\ncp = "120 m"\n'
    )
    return file


def test_a_policy_is_tried_on_the_plans_before_it_is_adopted(swept: Path, tmp_path: Path) -> None:
    file = council(tmp_path, "2030-01-01")

    found = {row["rule"]: row for row in rows("policy", "preview", str(file), database=swept)}
    people = plantrack("policy", "preview", file, database=swept).stdout

    assert (found["oversight"]["now"], found["oversight"]["then"]) == (2, 1)
    assert (found["oversight"]["more"], found["oversight"]["fewer"]) == (0, 1)
    assert found["child-seen"]["now"] == found["child-seen"]["then"] == 1
    assert people.startswith("Had council-1 been in force all along, alerts today: +0 and -1.")
    assert "CP-J1" not in people


def test_a_policy_is_adopted_from_a_day_on_and_says_what_it_changes(
    swept: Path, tmp_path: Path
) -> None:
    base, by = copied(swept, tmp_path), ("--by", "Ann Archer")
    past = plantrack("policy", "adopt", council(tmp_path, "2020-01-01"), *by, database=base)
    used = council(tmp_path, "2030-01-01", "england-2026.1")
    assert plantrack("policy", "adopt", used, *by, database=base).returncode == 1
    done = plantrack("policy", "adopt", council(tmp_path, "2030-01-01"), *by, database=base)
    later = council(tmp_path, "2031-01-01", "council-2")
    second = plantrack("policy", "adopt", later, *by, database=base)
    again = council(tmp_path, "2032-01-01", "council-1")
    reused = plantrack("policy", "adopt", again, *by, database=base)

    assert past.returncode == 4
    assert "must not rewrite the past" in past.stderr
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("council-1 was adopted by Ann Archer")
    assert "The child is seen face to face (cp): 10 working days → 1 working day." in done.stdout
    assert (second.returncode, "No period changes" in second.stdout) == (0, True)
    assert (reused.returncode, "already" in reused.stderr) == (4, True)
    shown = plantrack("policy", "show", database=base).stdout
    assert "Policy council-2, in force from 1 January 2031" in shown
    assert "council" not in plantrack("policy", "show", database=tmp_path / "none.db").stdout


def test_a_policy_that_cannot_be_used_is_not_adopted(swept: Path, tmp_path: Path) -> None:
    file = tmp_path / "council.toml"
    file.write_text('version = "council-1"\nholds_from = 2030-01-01\nladder = 3\n')

    done = plantrack("policy", "adopt", file, "--by", "Ann Archer", database=swept)

    assert done.returncode == 1
    assert done.stdout.startswith("council.toml, line 3: there is no setting “ladder”.")
    assert plantrack("policy", "adopt", file, database=swept).returncode == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_nothing_is_served_where_others_could_reach_it(host: str, database: Path) -> None:
    done = plantrack("serve", "--host", host, database=database)

    assert done.returncode == 4
    assert "can be reached by others" in done.stderr
    assert "127.0.0.1" in done.stderr


def test_a_port_that_is_taken_is_refused(swept: Path, tmp_path: Path) -> None:
    base = copied(swept, tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = plantrack("serve", "--port", str(port), database=base)

    assert done.returncode == 4
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr


# Who may see what, and who looked ----------------------------------------------------------------


SEEN_AS_RIGHTS = [
    {"kind": "PersonRegistered", "person": "p-ann", "name": "Ann Archer", "agency": "csc"},
    {"kind": "PersonRegistered", "person": "p-ben", "name": "Ben Baker", "agency": "school"},
    {"kind": "TeamJoined", "person": "p-ann", "team": "T1", "since": "2026-02-02"},
]


def rights_file(folder: Path, *said: object) -> Path:
    file = folder / "rights.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in said))
    return file


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    base = tmp_path / "plantrack.db"
    assert plantrack("migrate", database=base).returncode == 0
    return base


def test_who_may_see_what_is_added_from_a_file_and_listed(migrated: Path, tmp_path: Path) -> None:
    file = rights_file(tmp_path, *SEEN_AS_RIGHTS)

    done = plantrack("rights", "add", file, database=migrated)
    people = plantrack("rights", "list", database=migrated).stdout.splitlines()
    listed = rows("rights", "list", database=migrated)

    assert (done.returncode, done.stdout) == (
        0,
        "3 entries were added to the record of rights.\n",
    )
    assert [each["number"] for each in listed] == [1, 2, 3]
    for each, said in zip(listed, SEEN_AS_RIGHTS, strict=True):
        event, by = each["event"], each["by"]
        assert isinstance(event, dict)
        assert isinstance(by, dict)
        assert event.items() >= said.items()
        assert by["role"] == "tracker"
    assert len(people) == 3
    assert people[2].endswith("TeamJoined (person: p-ann, team: T1, since: 2026-02-02)")


NO_RIGHTS: list[tuple[object, str]] = [
    ({"kind": "PersonRegistered", "person": "p-ann"}, "“name”"),
    ({"kind": "Nonsense"}, "“kind”"),
    ("not an object", "JSON object"),
    ({"kind": "DemonstrationDeclared"}, "Leave it out"),
    (SEEN_AS_RIGHTS[0], "known already"),
    ({"kind": "TeamJoined", "person": "p-cy", "team": "T1", "since": "2026-02-02"}, "Register"),
]


@pytest.mark.parametrize(("wrong", "says"), NO_RIGHTS, ids=[says for _, says in NO_RIGHTS])
def test_what_cannot_be_said_about_rights_is_refused_by_its_line(
    migrated: Path, tmp_path: Path, wrong: object, says: str
) -> None:
    file = rights_file(tmp_path, *SEEN_AS_RIGHTS[:2], wrong, SEEN_AS_RIGHTS[2])

    done = plantrack("rights", "add", file, database=migrated)

    assert (done.returncode, done.stdout) == (4, "")
    told = " ".join(done.stderr.split())
    assert f"{file}, line 3:" in told
    assert says in told
    assert told.endswith("2 entries before it were added.")
    assert len(rows("rights", "list", database=migrated)) == 2


def test_a_file_about_rights_that_is_not_there_is_named(migrated: Path, tmp_path: Path) -> None:
    done = plantrack("rights", "add", tmp_path / "none.jsonl", database=migrated)

    assert done.returncode == 4
    assert "none.jsonl cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


LOOKED = Looked(
    at=datetime(2026, 3, 20, 9, 30, tzinfo=UTC),
    request="0" * 32,
    person="p-ann",
    name="Ann Archer",
    agency="csc",
    role="social_worker",
    plan="CP-J1",
    child="J1",
    what="chronology",
    marks="general",
    purpose=None,
    shown=True,
    reason="allowed",
    glass=None,
)


def test_who_looked_is_listed_the_latest_first_and_by_child_plan_or_person(migrated: Path) -> None:
    log = AccessLog(f"sqlite:///{migrated}")
    ben = LOOKED._replace(person="p-ben", name="Ben Baker", plan="CP-K2", child="K2", shown=False)
    try:
        log.note([LOOKED])
        log.note([ben._replace(reason="no_relation")])
    finally:
        log.close()

    people = plantrack("looked", database=migrated).stdout.splitlines()
    assert len(people) == 2
    assert "Ben Baker (csc, social worker) was refused (no relation) CP-K2: chronology" in people[0]
    assert "Ann Archer (csc, social worker) saw CP-J1: chronology" in people[1]
    found = rows("looked", database=migrated)
    assert [each["person"] for each in found] == ["p-ben", "p-ann"]
    assert set(found[0]) == set(Looked._fields)
    for option in (("--child", "J1"), ("--plan", "CP-J1"), ("--person", "p-ann")):
        [only] = rows("looked", *option, database=migrated)
        assert only["plan"] == "CP-J1"
    assert plantrack("looked", "--child", "X9", database=migrated).stdout == ""
    [looker] = rows("looked", "--child", "K2", "--by-person", database=migrated)
    assert (looker["person"], looker["times"], looker["refused"]) == ("p-ben", 0, 1)
    whose = plantrack("looked", "--by-person", database=migrated)
    assert (whose.returncode, "--child" in whose.stderr) == (2, True)


@pytest.mark.parametrize("command", [("rights", "list"), ("looked",)])
def test_what_is_asked_of_a_database_that_is_not_there_is_told_without_a_traceback(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    done = plantrack(*command, database=tmp_path / "none.db")

    assert done.returncode == 3
    assert "plantrack migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_served_that_nobody_could_sign_in_to(migrated: Path) -> None:
    done = plantrack("serve", "--port", "0", database=migrated)

    assert done.returncode == 4
    assert "Nobody could sign in here" in done.stderr
    assert "--providers" in done.stderr


def test_it_is_started_by_itself_and_says_how_it_ended() -> None:
    told, refused = by_itself("--help"), by_itself("no-such-command")

    assert (told.returncode, told.stderr) == (0, "")
    assert "rehearse" in told.stdout
    assert (refused.returncode, refused.stdout) == (2, "")
