"""Measures appending and loading against the least that a database needs for the same bytes.

Run ``python bench/append.py [--quick]``. Only ratios mean anything: what is compared takes turns in
one run, on one machine, with durable commits. PostgreSQL is a server of its own, with fsync on.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import msgspec  # noqa: E402 - found by the path above
import psycopg  # noqa: E402 - found by the path above

from plantrack.application.commands import Commands  # noqa: E402 - the same
from plantrack.domain.events import KINDS, ChildSeen, PlanOpened  # noqa: E402 - the same
from plantrack.domain.events.entries import Entry  # noqa: E402 - found by the path above
from plantrack.domain.words import Alone, Mode, Named, Origin, Person, PlanKind, Role  # noqa: E402 - the same
from plantrack.record import migrate, open_record  # noqa: E402 - the same
from postgres import running  # noqa: E402 - the same

GOALS = {"sqlite": 1.6, "postgresql": 2.0, "histories": 1.3, "load": 2.5}
HISTORIES = {10: 60, 500: 4, 5_000: 1}
"""How long the plans are that are written to, and how many of each take turns."""

DAY = date(2020, 5, 4)
ANN = Person(name="Ann Archer", agency="csc", role=Role.LEAD_PRACTITIONER)
OPENED = PlanOpened(
    on=DAY,
    plan_kind=PlanKind.CIN,
    child="C1",
    origin=Origin(),
    lead=Named(name="Ben Baker", agency="csc"),
)
SEEN = ChildSeen(
    on=DAY,
    mode=Mode.FACE_TO_FACE,
    alone=Alone.YES,
    by_agency="csc",
    where="at school",
    words="I like it when my nan comes. " * 6,
    how_heard="drawing together",
)
RAW_TABLE = """
CREATE TABLE raw (
    position {position},
    originator_id text NOT NULL,
    originator_version bigint NOT NULL,
    topic text NOT NULL,
    state {bytes} NOT NULL,
    {keys} (originator_id, originator_version)
)
"""
RAW_INSERT = "INSERT INTO raw (originator_id, originator_version, topic, state) VALUES ({})"


class Lane:
    """One thing that is measured, and its times."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.do = do
        self.times: list[float] = []

    def take_turn(self) -> None:
        started = time.perf_counter()
        self.do()
        self.times.append(time.perf_counter() - started)

    @property
    def p50(self) -> float:
        return median(self.times)


def take_turns(lanes: list[Lane], rounds: int) -> None:
    """Let the lanes take turns, each round in another order."""
    for n in range(rounds):
        for lane in lanes[n % len(lanes) :] + lanes[: n % len(lanes)]:
            lane.take_turn()


def raw_sqlite(stack: ExitStack, directory: Path) -> Callable[[Entry, bytes], object]:
    """Insert into a table of the same shape on SQLite."""
    file = sqlite3.connect(directory / "raw.db", isolation_level=None)
    stack.enter_context(closing(file))
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA synchronous=FULL")
    position = "integer PRIMARY KEY AUTOINCREMENT"
    file.execute(RAW_TABLE.format(position=position, bytes="blob", keys="UNIQUE"))
    sql = RAW_INSERT.format("?, ?, ?, ?")
    return lambda entry, state: file.execute(sql, (entry.plan, entry.number, "ChildSeen@1", state))


def raw_postgres(stack: ExitStack, url: str) -> Callable[[Entry, bytes], object]:
    """Insert into a table of the same shape on PostgreSQL."""
    server = stack.enter_context(psycopg.connect(url, autocommit=True))
    position = "bigint GENERATED ALWAYS AS IDENTITY UNIQUE"
    server.execute(RAW_TABLE.format(position=position, bytes="bytea", keys="PRIMARY KEY").encode())
    sql = (RAW_INSERT.format("%b, %b, %b, %b") + " RETURNING position").encode()

    def insert(entry: Entry, state: bytes) -> object:
        values = (entry.plan, entry.number, "ChildSeen@1", state)
        return server.execute(sql, values, prepare=True).fetchone()

    return insert


def histories(commands: Commands) -> dict[int, list[str]]:
    """Make plans of each length, each of a child of its own."""
    made: dict[int, list[str]] = {}
    now = datetime.now(UTC)
    for length, plans in HISTORIES.items():
        made[length] = [f"H{length}-{n}" for n in range(plans)]
        for plan in made[length]:
            child = plan.replace("-", "x")
            opened = PlanOpened(**{**vars(OPENED), "child": child})
            entries = [Entry(plan, n, now, ANN, SEEN) for n in range(2, length + 1)]
            commands.take_in([Entry(plan, 1, now, ANN, opened), *entries])
    return made


def measure_append(
    commands: Commands, raw: Callable[[Entry, bytes], object], rounds: int
) -> dict[str, Lane]:
    """Record on plans of each length, and insert the same bytes by hand, in turns."""
    made, numbers = histories(commands), count(1)
    state = commands._record.mapper.to_stored_event(commands.record("H10-0", SEEN, ANN)).state
    for _ in range(sum(length * plans for length, plans in HISTORIES.items())):
        raw(Entry("RAW", next(numbers), datetime.now(UTC), ANN, SEEN), state)

    def by_hand() -> object:
        return raw(Entry("RAW", next(numbers), datetime.now(UTC), ANN, SEEN), state)

    def on(plans: list[str]) -> Callable[[], object]:
        turn = cycle(plans)
        return lambda: commands.record(next(turn), SEEN, ANN)

    def identified(plans: list[str]) -> Callable[[], object]:
        turn = cycle(plans)
        return lambda: commands.record(next(turn), SEEN, ANN, command_id=f"c{next(numbers)}")

    lanes = {"raw": Lane(by_hand), "with a command id": Lane(identified(made[500]))}
    lanes |= {str(length): Lane(on(plans)) for length, plans in made.items()}
    take_turns(list(lanes.values()), 3 * len(made[10]))
    for lane in lanes.values():
        lane.times.clear()
    take_turns(list(lanes.values()), rounds)
    return lanes


def measure_load(
    commands: Commands, select: Callable[[str], list[tuple[str, bytes]]], rounds: int
) -> float:
    """Load the longest plan, and select and decode it by hand, in turns."""

    def by_hand() -> list[Any]:
        loaded = []
        for topic, state in select("H5000-0"):
            event = msgspec.json.decode(state)["event"]
            kind = event.pop("kind")
            loaded.append(msgspec.convert(event, KINDS[kind]))
            assert topic
        return loaded

    hand, ours = Lane(by_hand), Lane(lambda: commands.entries("H5000-0"))
    take_turns([hand, ours], rounds)
    return ours.p50 / hand.p50


def report(name: str, lanes: dict[str, Lane], load: float) -> None:
    """Print one database's ratios, and whether each goal is met."""
    raw = lanes.pop("raw").p50
    print(f"{name}: raw insert p50 {raw * 1e6:.0f} us")
    for length, lane in lanes.items():
        say(
            f"append at {length}" if length.isdecimal() else f"append {length}",
            lane.p50 / raw,
            GOALS[name] if length.isdecimal() else None,
        )
    p50s = [lane.p50 for length, lane in lanes.items() if length.isdecimal()]
    say("longest / shortest history", max(p50s) / min(p50s), GOALS["histories"])
    say("load of 5,000 / by hand", load, GOALS["load"])


def say(what: str, ratio: float, goal: float | None) -> None:
    """Print one ratio beside its goal."""
    verdict = "" if goal is None else f"  goal {goal}  {'met' if ratio <= goal else 'MISSED'}"
    print(f"  {what:28} {ratio:5.2f}{verdict}")


def run(name: str, url: str, stack: ExitStack, directory: Path, rounds: int) -> None:
    """Measure one database."""
    migrate(url)
    commands = Commands(stack.enter_context(closing(open_record(url))))
    sqlite = name == "sqlite"
    raw = raw_sqlite(stack, directory) if sqlite else raw_postgres(stack, url)
    lanes = measure_append(commands, raw, rounds)
    sql = "SELECT topic, state FROM events WHERE originator_id = {} ORDER BY originator_version"
    if sqlite:
        file = stack.enter_context(closing(sqlite3.connect(url.removeprefix("sqlite:///"))))

        def select(plan: str) -> list[tuple[str, bytes]]:
            return file.execute(sql.format("?"), (plan,)).fetchall()
    else:
        server = stack.enter_context(psycopg.connect(url, autocommit=True))

        def select(plan: str) -> list[tuple[str, bytes]]:
            cursor = server.cursor(binary=True)
            return cursor.execute(sql.format("%s").encode(), (plan,), prepare=True).fetchall()

    report(name, lanes, measure_load(commands, select, max(9, rounds // 60)))


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    rounds = 300 if quick else 1500
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        run("sqlite", f"sqlite:///{directory}/record.db", stack, directory, rounds)
        url = stack.enter_context(stack.enter_context(running(durable=True)).database())
        run("postgresql", url, stack, directory, rounds)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
