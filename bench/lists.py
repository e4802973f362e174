"""The manager's lists: the 50 longest overdue, among 1,000, 10,000 and 100,000 open actions.

The tables of the lists are filled directly with generated rows: making so many actions on the
record, and then the rows of them, would take minutes and the query sees only the rows. As many
actions again are long completed. The same number of clocks run. Half of everything is overdue.
PostgreSQL's statistics are gathered, as it does by itself within a minute.

The sizes take turns, question by question. Growth is of the median, which noise moves least.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

from bench.ground import MILLI, Goal, Store, desk_of, gather_statistics, p95, stores
from bench.serving import Client, client, let_in, serving
from plantrack.application.services import Services
from plantrack.projections import actions, due, facts
from plantrack.projections.paging import Page
from plantrack.projections.store import Reading
from plantrack.projections.writing import put

SIZES = (1_000, 10_000, 100_000)
AT_MOST_P95, AT_MOST_GROWTH = 10.0, 1.3
TEAMS = [f"team-{n}" for n in range(6)]
TEAM = TEAMS[3]
ACTIONS_A_PLAN = 5
DAYS = 180
"""Things are due so many days before today, or after."""
WARMING = 5
FULL_PAGE = 50


class Question(NamedTuple):
    """One question of a manager's: asked in the process, and through HTTP."""

    name: str
    path: str
    ask: Callable[[Reading, date], Page]


QUESTIONS = (
    Question(
        "overdue actions, all",
        "/api/actions?overdue=true",
        lambda reading, today: actions.listed(reading, today=today, overdue=True),
    ),
    Question(
        "overdue actions, one team",
        f"/api/actions?overdue=true&team={TEAM}",
        lambda reading, today: actions.listed(reading, today=today, overdue=True, team=TEAM),
    ),
    Question(
        "overdue clocks, all",
        "/api/due?overdue_for=1",
        lambda reading, today: due.listed(reading, today=today, overdue_for=1),
    ),
    Question(
        "overdue clocks, one team",
        f"/api/due?overdue_for=1&team={TEAM}",
        lambda reading, today: due.listed(reading, today=today, overdue_for=1, team=TEAM),
    ),
)

Times = dict[tuple[str, int], list[float]]
"""How long each question took at each size."""


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    rounds = 40 if quick else 200
    sizes = ", ".join(f"{size:,}" for size in SIZES)
    print(f"The manager's lists: 50 lines among {sizes} open, {rounds} rounds")
    with stores() as both:
        for store in both:
            _measure(store, rounds)


def _measure(store: Store, rounds: int) -> None:
    """Ask everything at every size, in the process and then through HTTP."""
    with ExitStack() as stack:
        desks = {size: stack.enter_context(filled(store, size)) for size in SIZES}
        inside = _ask_inside(desks, rounds)
        ports = {size: stack.enter_context(serving(desks[size].url)).port for size in SIZES}
        through = asyncio.run(_ask_through_http(ports, rounds))
    _report(store.name, inside, through)


@contextmanager
def filled(store: Store, size: int) -> Iterator[Services]:
    """Make a database whose lists hold so many open actions and as many running clocks."""
    with desk_of(store) as services:
        let_in(services)
        chance, today = random.Random(size), services.today()
        with services.models.writing() as connection:
            put(connection, actions.TABLE, 1, list(_actions(size, today, chance)))
            put(connection, due.TABLE, 1, list(clocks(size, today, chance)))
            put(connection, facts.TABLE, 1, list(_facts(size)))
        gather_statistics(store, services.url)
        yield services


def _facts(size: int) -> Iterator[facts.Row]:
    """Say of each plan what rights ask of it."""
    for n in range(2 * size // ACTIONS_A_PLAN + 1):
        for agency in (facts.NO_AGENCY, "csc"):
            yield facts.Row(f"CIN-{n}", agency, f"K{n}", None, TEAMS[n % len(TEAMS)], [])


def _actions(size: int, today: date, chance: random.Random) -> Iterator[actions.Row]:
    """Make open actions, and as many that were completed long ago."""
    for n in range(2 * size):
        is_open = n % 2 == 0
        due_on = today + timedelta(chance.randrange(-DAYS, DAYS) - (0 if is_open else 2 * DAYS))
        agreed_on = due_on - timedelta(28)
        slip = {"on": due_on - timedelta(7), "due_on": due_on, "reason": "no places until May"}
        met = {"meeting": "M1", "on": due_on - timedelta(14), "type": "cin_review"}
        yield actions.Row(
            plan=f"CIN-{n // ACTIONS_A_PLAN}",
            action=f"A{n % ACTIONS_A_PLAN}",
            child=f"K{n // ACTIONS_A_PLAN}",
            kind="cin",
            team=TEAMS[n // ACTIONS_A_PLAN % len(TEAMS)],
            what="Take up the place at the parenting course and go to every session",
            outcome=None,
            agency="csc",
            name="owner",
            agreed_on=agreed_on,
            first_due_on=due_on - timedelta(14),
            due_on=due_on,
            slips=[slip],
            times_slipped=1,
            carried=False,
            state=actions.OPEN if is_open else actions.COMPLETED,
            left_as=None,
            reviews=1,
            last_reviewed_on=due_on - timedelta(7),
            difference="some",
            done_on=None if is_open else due_on,
            meetings=[{**met, "reviewed": True, "spoken_to_on": due_on - timedelta(14)}],
            times_passed_over=0,
        )


def clocks(size: int, today: date, chance: random.Random) -> Iterator[due.Row]:
    """Make running clocks."""
    for n in range(size):
        due_on = today + timedelta(chance.randrange(-DAYS, DAYS))
        yield due.Row(
            plan=f"CIN-{n // ACTIONS_A_PLAN}",
            obligation="action-done",
            about=f"A{n % ACTIONS_A_PLAN}",
            due_on=due_on,
            child=f"K{n // ACTIONS_A_PLAN}",
            kind="cin",
            team=TEAMS[n // ACTIONS_A_PLAN % len(TEAMS)],
            agency="csc",
            name="owner",
            says="an action is done by the day it is due",
            owed_by="its owner",
            finding="drift",
            started_on=due_on - timedelta(28),
            policy="england-1",
            because=[1, 2],
            alert=None,
            unmet_at_closing=False,
        )


def _ask_inside(desks: dict[int, Services], rounds: int) -> Times:
    """Ask through the queries themselves."""
    times: Times = {}
    for _ in range(rounds + WARMING):
        for question in QUESTIONS:
            for size, services in desks.items():
                began = time.perf_counter()
                with services.models.reading() as reading:
                    page = question.ask(reading, services.today())
                times.setdefault((question.name, size), []).append(time.perf_counter() - began)
                _refuse_short(page, question)
    return _warm(times)


def _refuse_short(page: Page, question: Question) -> None:
    if len(page.rows) != FULL_PAGE:
        raise RuntimeError(f"{question.name}: a page of {len(page.rows)} lines says little")


async def _ask_through_http(ports: dict[int, int], rounds: int) -> Times:
    """Ask a server for each size, one question at a time."""
    times: Times = {}
    async with AsyncExitStack() as stack:
        clients = {
            size: await stack.enter_async_context(client(port)) for size, port in ports.items()
        }
        for _ in range(rounds + WARMING):
            for question in QUESTIONS:
                for size, http in clients.items():
                    times.setdefault((question.name, size), []).append(await _ask(http, question))
    return _warm(times)


async def _ask(http: Client, question: Question) -> float:
    began = time.perf_counter()
    answered = await http.get(question.path)
    took = time.perf_counter() - began
    if answered.status != 200:  # noqa: PLR2004 - what HTTP calls OK
        raise RuntimeError(f"{question.path} was answered with {answered!r:.300}")
    return took


def _warm(times: Times) -> Times:
    return {of: took[WARMING:] for of, took in times.items()}


def _report(name: str, inside: Times, through: Times) -> None:
    """Print what each question took, and hold it against the goals."""
    columns = "".join(f"{size:>22,}" for size in SIZES)
    print(f"  {name + ', p50 and p95 in ms':44}{columns}{'growth':>9}")
    for where, times in (("in the process", inside), ("through HTTP", through)):
        for question in QUESTIONS:
            print(
                f"    {question.name + ', ' + where:42}{_cells(times, question.name)}"
                f"{_growth(times, question.name):9.2f}"
            )
    for question in QUESTIONS:
        slowest = p95(through[question.name, SIZES[-1]]) * MILLI
        what = f"{name}: {question.name}, HTTP, {SIZES[-1]:,}"
        print(Goal(f"{what}: p95", slowest, at_most=AT_MOST_P95, unit="ms"))
        print(Goal(f"{what}: growth", _growth(through, question.name), at_most=AT_MOST_GROWTH))


def _cells(times: Times, question: str) -> str:
    took: list[Any] = [times[question, size] for size in SIZES]
    return "".join(f"{median(t) * MILLI:13.2f} {p95(t) * MILLI:8.2f}" for t in took)


def _growth(times: Times, question: str) -> float:
    return median(times[question, SIZES[-1]]) / median(times[question, SIZES[0]])


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
