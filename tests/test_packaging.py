"""The wheel holds what the program needs, and what is installed is what was locked."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copy, copytree
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = sorted(ROOT.glob("requirements*.txt"))
PINNED = re.compile(r"[a-z0-9-]+==\S+( ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def named(requirement: str) -> str:
    """Name the package that a requirement is for."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as an installer does, away from the tree."""
    tree, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("built")
    copytree(ROOT / "src" / "plantrack", tree / "src" / "plantrack")
    for name in ("pyproject.toml", "README.md", "THIRD_PARTY_NOTICES"):
        copy(ROOT / name, tree)
    build = f"from setuptools.build_meta import build_wheel; build_wheel({str(built)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=tree, check=True, capture_output=True)
    [wheel] = built.glob("*.whl")
    return wheel


def test_the_wheel_holds_every_module_the_policy_and_the_case(wheel: Path) -> None:
    held = set(ZipFile(wheel).namelist())
    package = ROOT / "src"
    wanted = {
        str(path.relative_to(package))
        for pattern in ("*.py", "*.toml", "*.jsonl")
        for path in (package / "plantrack").rglob(pattern)
    }

    assert wanted <= held
    assert {"plantrack/policies/england.toml", "plantrack/cases/child-j1.jsonl"} <= wanted


def test_the_wheel_holds_no_tests(wheel: Path) -> None:
    assert {name.split("/")[0].split("-")[0] for name in ZipFile(wheel).namelist()} == {"plantrack"}


def test_the_program_runs_where_only_the_wheel_is_installed(wheel: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    new = [sys.executable, "-m", "venv", "--without-pip", str(fresh)]
    subprocess.run(new, check=True, capture_output=True)
    python = fresh / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    [site] = fresh.glob("lib/python*/site-packages")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(libraries + "\n")

    done = subprocess.run(
        [str(fresh / "bin" / "plantrack"), "policy", "show"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    where = subprocess.run(
        [str(python), "-c", "import plantrack; print(plantrack.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.returncode == 0, done.stderr
    assert "action-done" in done.stdout
    assert where.stdout.startswith(str(fresh))


def test_the_version_is_the_same_everywhere(wheel: Path) -> None:
    version = PROJECT["version"]
    changes = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    assert wheel.name.startswith(f"plantrack-{version}-")
    assert changes[0] == version


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_version_has_its_hashes_and_no_address(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith("#")]
    pins = [number for number, line in enumerate(lines) if not line.startswith(" ")]

    assert pins
    assert "://" not in lock.read_text()
    for number, line in enumerate(lines):
        assert PINNED.fullmatch(line) if number in pins else HASH.fullmatch(line), line
    assert all(HASH.fullmatch(lines[number + 1]) for number in pins)


def pins(lock: str) -> dict[str, str]:
    """Give the locked version of each package."""
    lines = re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(lines)


def test_what_the_program_needs_is_locked() -> None:
    assert {named(each) for each in PROJECT["dependencies"]} <= pins("requirements.txt").keys()


def test_what_the_tests_need_is_locked() -> None:
    wanted = (ROOT / "requirements-dev.in").read_text().splitlines()
    names = {named(line) for line in wanted if line and not line.startswith(("#", "-r"))}

    assert names <= pins("requirements-dev.txt").keys()


def test_the_tests_run_with_the_versions_that_the_program_runs_with() -> None:
    runtime = pins("requirements.txt") | pins("requirements-build.txt")

    assert runtime.items() <= pins("requirements-dev.txt").items()


def test_every_dependency_is_imported_somewhere() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    unused = [
        name
        for name in map(named, PROJECT["dependencies"])
        if not re.search(rf"(\b(import|from) |PackageLoader\(.){name.replace('-', '_')}\b", source)
    ]

    assert unused == []
