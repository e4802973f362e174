"""An answer is lost on its way: whoever asks again is answered the same, and it is stored once."""

from pathlib import Path

import httpx
import pytest

from campaigns.lengths import quick_and_soak
from campaigns.load import open_plans
from campaigns.network import LosingNetwork, before
from campaigns.proofs import (
    everything_acknowledged_is_stored_once,
    lists_are_as_rebuilt,
)
from campaigns.site import Site, site
from campaigns.web import Web
from record.plans import seen

CREATED = 201
MOST_TRIES = 10


@pytest.mark.parametrize("commands", quick_and_soak(5, 50))
def test_a_command_whose_commit_was_not_answered_is_stored_once(
    commands: int, on_postgres: str, tmp_path: Path
) -> None:
    with (
        before(on_postgres) as between,
        site(between.url, tmp_path, servers=1, workers=0) as plantrack,
    ):
        repeat_each(commands, between, plantrack.web(), on_postgres)


@pytest.mark.parametrize("commands", quick_and_soak(5, 50))
def test_a_command_whose_answer_never_came_is_stored_once(commands: int, plantrack: Site) -> None:
    port = plantrack.addresses[0].rpartition(":")[2]
    with before(f"host=127.0.0.1 port={port}") as between, Web(between.address) as web:
        repeat_each(commands, between, web, plantrack.url)


def repeat_each(commands: int, between: LosingNetwork, web: Web, url: str) -> None:
    """Say each thing until it is answered, then once more."""
    [plan] = open_plans(url, 1)
    acknowledged: list[str] = []
    for n in range(1, commands + 1):
        note = f"lost-{n}-on-{plan}"
        between.lose_the_answer_to(note)
        first = say_until_answered(web, plan, note, after=n)
        again = web.record(plan, seen(note), n, key=note)
        assert again is not None
        assert (first.status_code, again.status_code) == (CREATED, CREATED)
        assert again.json() == first.json()
        assert again.headers["ETag"] == first.headers["ETag"] == f'"{n + 1}"'
        acknowledged.append(f"{plan} {n + 1} {note}")

    assert between.lost == commands
    everything_acknowledged_is_stored_once(url, acknowledged)
    lists_are_as_rebuilt(url)


def say_until_answered(web: Web, plan: str, note: str, after: int) -> httpx.Response:
    for _ in range(MOST_TRIES):
        answer = web.record(plan, seen(note), after, key=note)
        if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
    raise AssertionError(f"{note} was never answered.")
