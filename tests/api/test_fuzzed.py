"""A fuzzer that reads /openapi.json finds nothing that the application does otherwise."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.desks import CHAIR, following, office
from api.test_limits import served
from plantrack.domain.rights.actions import PEOPLE

ROOT = Path(__file__).parent.parent.parent
ST = Path(sys.executable).parent / "st"
CONFIG = ("--config-file", "tests/api/schemathesis.toml")


def fuzz(url: str, *options: str, role: str = "chair") -> str:
    """Let schemathesis loose on a served application in a role, and give what it found."""
    with office(url) as here, following(here.services), served(here.app) as base:
        token = here.as_somebody(CHAIR | {"name": f"Some {role}", "role": role})["Authorization"]
        sent = ["-H", f"Authorization: {token}", "--continue-on-failure", "--seed", "1"]
        done = subprocess.run(
            [str(ST), *CONFIG, "run", f"{base}/openapi.json", "-c", "all", *sent, *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        broken = {told for told in here.seen if told[2] >= 500}
    assert broken == set()
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["chair"])
def test_a_short_fuzz_finds_nothing(url: str, role: str) -> None:
    assert fuzz(url, "--phases", "examples,fuzzing,stateful", "-n", "1", role=role) == ""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_covering_every_question_finds_nothing(url: str) -> None:
    assert fuzz(url, "--phases", "coverage", "--exclude-method", "POST") == ""


ROLES = sorted(each.value for each in PEOPLE)


@pytest.mark.soak
@pytest.mark.parametrize("role", ROLES)
def test_a_long_fuzz_finds_nothing(url: str, role: str) -> None:
    phases = ("examples", "coverage", "fuzzing", "stateful")

    assert fuzz(url, "--phases", ",".join(phases), "--max-examples", "200", role=role) == ""
