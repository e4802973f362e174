"""Replay: a plan of 5,000 entries as it was known at a day, next to the same by hand.

By hand is: select the plan's entries, decode each into the type of its event, leave out those that
came later, and fold what is left as a command does (``Plan``). The chronology tells every entry;
the picture says all that stands on the plan, and what is owed on it. The plan is sixteen council
plans' entries on one plan, and the day is in the second year of it.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench import council
from bench.by_hand import Selecting, read_plan, selecting
from bench.ground import MILLI, Goal, Store, desk_of, read_entries, stores
from plantrack import codec
from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.catalogue import OBLIGATIONS
from plantrack.domain.obligations.clocks import clocks
from plantrack.domain.plans.as_known import Moment, see
from plantrack.domain.plans.history import History
from plantrack.domain.plans.plan import Plan

PLAN, ENTRIES, USUAL = "CIN-1", 5_000, 330
AT_MOST = 2.0
KNOWN_AT = datetime(2020, 9, 30, tzinfo=UTC)
NAMES = ("action", "meeting", "decision", "item")
"""The fields that name things: each of the sixteen plans keeps its own."""
BY_HAND = "by hand"
GOALS = ("chronology", "picture")


def main(*, quick: bool = False) -> None:
    """Measure both databases, a round each in turn."""
    rounds, seconds = (3, 10.0) if quick else (11, 30.0)
    entries = read_entries(long_plan())[:ENTRIES]
    known = sum(entry.known_at <= KNOWN_AT for entry in entries)
    print(f"Replay of a plan of {len(entries):,} entries at a day when {known:,} were known")
    with stores() as both:
        for store in both:
            _measure(store, entries, rounds, seconds)


def long_plan() -> list[str]:
    """Put the lines of council plans on one plan, from when it was opened."""
    lines = [json.loads(line) for line in council.history(ENTRIES + 6 * USUAL)]
    [opened] = [line for line in lines if line["plan"] == PLAN and _opens(line)]
    after = [line for line in lines if line["event"]["on"] >= opened["event"]["on"]]
    later = [_onto(line) for line in after if not _opens(line)]
    return [json.dumps(line) for line in [opened, *later]]


def _opens(line: dict[str, Any]) -> bool:
    return bool(line["event"]["kind"] == "PlanOpened")


def _onto(line: dict[str, Any]) -> dict[str, Any]:
    """Put a line on the one plan, with the things it names kept apart from those of the others."""
    own = {name: f"{line['event'][name]}-{line['plan']}" for name in NAMES if name in line["event"]}
    return {**line, "plan": PLAN, "event": {**line["event"], **own}}


def _measure(store: Store, entries: list[Entry], rounds: int, seconds: float) -> None:
    """Let what is shown and what is done by hand take turns, one round at least."""
    with desk_of(store) as services, selecting(services.url) as select:
        services.commands.take_in(entries)
        ways = _ways(services, select)
        times: dict[str, list[float]] = {name: [] for name in ways}
        began = time.perf_counter()
        while len(times[BY_HAND]) < rounds and time.perf_counter() < began + seconds:
            for name, do in ways.items():
                times[name].append(_seconds(do))
    print(f"  {store.name}, p50 in ms: " + ", ".join(f"{n} {_ms(t)}" for n, t in times.items()))
    for name in GOALS:
        pairs = zip(times[name], times[BY_HAND], strict=True)
        ratio = median(ours / hand for ours, hand in pairs)
        print(Goal(f"{store.name}: {name} ÷ {BY_HAND}", ratio, at_most=AT_MOST))


def _ways(services: Services, select: Selecting) -> dict[str, Callable[[], object]]:
    """Give what takes turns: by hand, both views, and the parts that the picture is made of."""
    moment, policies = Moment(known_at=KNOWN_AT), services.policies()
    seen = see(services.commands.entries(PLAN), moment, codec.amend)
    history = History(PLAN, policies)
    for fact in seen.facts:
        history.add(fact)
    return {
        BY_HAND: lambda: _by_hand(select),
        "chronology": lambda: queries.chronology_at(services.commands, PLAN, moment),
        "picture": lambda: queries.picture_at(services.commands, policies, PLAN, moment),
        "of which reading": lambda: services.commands.entries(PLAN),
        "seeing": lambda: see(list(seen.entries), moment, codec.amend),
        "clocks": lambda: list(clocks(history, OBLIGATIONS)),
    }


def _by_hand(select: Selecting) -> Plan:
    plan = Plan(PLAN, codec.amend)
    for number, event in read_plan(select, PLAN, KNOWN_AT):
        plan.evolve(event, number)
    return plan


def _ms(times: list[float]) -> str:
    return f"{median(times) * MILLI:.1f}"


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
