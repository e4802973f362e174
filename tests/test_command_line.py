"""The command line, as a review author, a manager and an inspector use it."""

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

J1 = resources.files("plantrack.cases").joinpath("child-j1.jsonl").read_text().splitlines()
CASE = "\n".join(J1) + "\n"


def plantrack(
    *words: str | Path, database: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run plantrack as a person would, with nothing that looks like a terminal."""
    where = {"PLANTRACK_DATABASE": f"sqlite:///{database}"} if database else {}
    return subprocess.run(
        [sys.executable, "-c", "from plantrack.cli import main; main()", *map(str, words)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **where, **more},
        capture_output=True,
        text=True,
        check=False,
    )


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
    for command in (*commands, "compare", "demo", "policy"):
        done = plantrack(command, "--help")
        assert done.returncode == 0
        assert "Usage:" in done.stdout


def test_the_schema_names_every_kind() -> None:
    schema = json.loads(plantrack("schema").stdout)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "ChildSeen" in schema["discriminator"]["mapping"]


def test_the_demo_ends_with_the_rehearsal_of_child_j1() -> None:
    done = plantrack("demo")

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
