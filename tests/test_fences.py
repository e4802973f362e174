"""The import contracts hold and each of them bites, and so do the style and type checks."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


def run(tool: str, *options: str, where: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / tool), *options],
        cwd=where,
        env={"PYTHONPATH": "src", "PATH": f"{BIN}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def lint_imports(where: Path) -> str:
    """Name the contracts that are broken."""
    done = run("lint-imports", "--config", "pyproject.toml", "--no-cache", "--no-logo", where=where)
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert bool(broken) == bool(done.returncode), done.stdout
    return "\n".join(broken)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src" / "plantrack", tmp_path / "src" / "plantrack")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold() -> None:
    assert lint_imports(ROOT) == ""


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("domain/plans/plan.py", "from plantrack import codec", "Layers"),
        ("codec.py", "from plantrack import record", "Layers"),
        ("projections/due.py", "from plantrack import record", "Layers"),
        ("record/application.py", "from plantrack import drafts", "Layers"),
        ("logs.py", "from plantrack import record", "Layers"),
        ("access_log/log.py", "from plantrack import application", "Layers"),
        ("authentication/sessions.py", "from plantrack import access_log", "Layers"),
        ("drafts/drafts.py", "from plantrack import authentication", "Layers"),
        ("application/queries.py", "from plantrack import web", "Layers"),
        ("application/emergencies.py", "from plantrack import api", "Layers"),
        ("application/history_files.py", "from plantrack import cli", "Layers"),
        ("web/show.py", "from plantrack import worker", "Layers"),
        ("web/lists.py", "from plantrack import api", "Layers"),
        ("worker/worker.py", "from plantrack import web", "Layers"),
        ("health.py", "from plantrack import main", "Layers"),
        ("api/managers.py", "from plantrack import pages", "Layers"),
        ("pages/site.py", "from plantrack import main", "Layers"),
        ("main.py", "from plantrack import demo", "Layers"),
        ("demo/replay.py", "from plantrack import cli", "Layers"),
        ("domain/words.py", "import msgspec", "The domain knows no library"),
        ("domain/calendar.py", "import holidays", "The domain knows no library"),
        ("application/commands/bus.py", "import psycopg", "Only the record"),
        ("worker/leader.py", "import psycopg", "Only the record"),
        ("codec.py", "from eventsourcing.persistence import Mapper", "Only the record"),
        ("domain/words.py", "from plantrack.domain import plans", "No package's modules"),
    ],
)
def test_a_forbidden_import_is_caught(copy: Path, module: str, line: str, contract: str) -> None:
    trespasser = copy / "src" / "plantrack" / module
    trespasser.write_text(f"{trespasser.read_text()}\n{line}\n")

    assert contract in lint_imports(copy)


def test_a_new_module_must_find_its_layer(copy: Path) -> None:
    (copy / "src" / "plantrack" / "somewhere.py").write_text('"""Has no layer."""\n')

    assert "Layers" in lint_imports(copy)


def imported(module: Path) -> set[str]:
    """Name the top-level packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def test_the_domain_needs_nothing_but_the_standard_library() -> None:
    modules = (ROOT / "src" / "plantrack" / "domain").rglob("*.py")
    strange = {name for module in modules for name in imported(module)}

    assert strange - sys.stdlib_module_names == {"plantrack"}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("import os", "F401"),
        ("print('found')", "T201"),
        ("from datetime import datetime\n\nNOW = datetime.now()", "DTZ005"),
    ],
)
def test_a_careless_line_is_caught(copy: Path, line: str, rule: str) -> None:
    (copy / "src" / "plantrack" / "careless.py").write_text(f'"""Careless."""\n\n{line}\n')

    done = run("ruff", "check", "--no-cache", "src/plantrack/careless.py", where=copy)

    assert done.returncode == 1
    assert rule in done.stdout


def test_a_wrong_type_is_caught(copy: Path) -> None:
    careless = copy / "careless.py"
    careless.write_text("def days(number) -> int:\n    return str(number)\n")

    done = run("mypy", "--cache-dir", str(copy / "cache"), "careless.py", where=copy)

    assert done.returncode == 1
    assert "[no-untyped-def]" in done.stdout
    assert "[return-value]" in done.stdout
