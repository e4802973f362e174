"""Fifty people write on one plan at once: each is recorded, or told who came first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Barrier

import httpx
import pytest

from campaigns.lengths import quick_and_soak
from campaigns.load import open_plans
from campaigns.proofs import lists_are_as_rebuilt
from campaigns.site import Site
from campaigns.web import Web
from plantrack.record import open_record
from record.plans import seen

WRITERS = 50
CREATED, CONFLICT, STALE, UNCONDITIONAL = 201, 409, 412, 428


@pytest.mark.parametrize("rounds", quick_and_soak(3, 40))
def test_of_fifty_writers_on_one_plan_as_many_are_told_so_as_entries_are_stored(
    rounds: int, plantrack: Site
) -> None:
    [plan] = open_plans(plantrack.url, 1)
    with ThreadPoolExecutor(WRITERS) as threads, ExitStack() as stack:
        people = [stack.enter_context(Web(*plantrack.addresses)) for _ in range(WRITERS)]
        stored = entries(plantrack.url, plan)
        for round_ in range(rounds):
            said = [f"visit-{round_}-{at}" for at in range(WRITERS)]
            answers = list(threads.map(together(plan, stored), people, said))
            won = [answer for answer in answers if answer.status_code == CREATED]
            lost = [answer for answer in answers if answer.status_code != CREATED]
            assert {answer.status_code for answer in lost} <= {CONFLICT, STALE}
            assert len(won) == entries(plantrack.url, plan) - stored == 1
            stored += 1
            assert {answer.json()["now"] for answer in lost} == {stored}
            assert [each["entry"] for each in lost[0].json()["between"]] == [stored]

    lists_are_as_rebuilt(plantrack.url)


def test_a_writer_who_does_not_say_what_they_read_is_refused(plantrack: Site) -> None:
    [plan] = open_plans(plantrack.url, 1)

    answer = plantrack.web().answer("POST", f"/api/plans/{plan}/entries", json={})

    assert answer is not None
    assert answer.status_code == UNCONDITIONAL
    assert entries(plantrack.url, plan) == 1


def together(plan: str, after: int) -> Callable[[Web, str], httpx.Response]:
    """Let everybody write at the same moment, on what all have read."""
    ready = Barrier(WRITERS)

    def write(web: Web, note: str) -> httpx.Response:
        ready.wait()
        answer = web.record(plan, seen(note), after, key=note)
        assert answer is not None
        return answer

    return write


def entries(url: str, plan: str) -> int:
    with closing(open_record(url)) as record:
        return record.last_number(plan)
