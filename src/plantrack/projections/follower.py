"""How the read models keep up with the record: plans that were written to are made again.

A batch of new positions names the plans they touch. Their rows are remade from their whole files
and stored with the new position in one transaction, so nothing is counted twice however often a
batch is delivered.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Table, insert

from plantrack.domain.alerts.running import RunningPlan
from plantrack.projections import MODELS
from plantrack.projections.store import PARKED, Overtaken, ReadModels, advance, name_of
from plantrack.projections.writing import key_names, put, take_out, take_out_plans

AT_ONCE = 500
MOST_REMEMBERED = 100_000
"""How many rows are remembered, so that only what differs is written."""

Rows = dict[str, dict[tuple[Any, ...], NamedTuple]]
"""A plan's rows, by table and key."""


class Unreadable(NamedTuple):
    """A plan whose file cannot be read, and why."""

    plan: str
    why: str


class Source(Protocol):
    """What is asked of the record."""

    def last_position(self) -> int:
        """Give the position of the last entry."""

    def touched(self, position: int, limit: int) -> list[tuple[int, str]]:
        """Name the plans of the entries after a position."""

    def opened_plans(self, position: int, limit: int) -> list[tuple[int, str]]:
        """Name the plans opened after a position."""

    def concerned(self, plans: Iterable[str]) -> list[str]:
        """Name some plans, and those that take something over from them."""

    def files(self, plans: Sequence[str]) -> list[RunningPlan | Unreadable]:
        """Give plans as they stand."""


class Made(NamedTuple):
    """A plan's rows as they were made when its file was ``as_of``."""

    as_of: int
    rows: Rows
    size: int


class Follower:
    """Keeps one generation of the read models up with the record."""

    def __init__(self, models: ReadModels, source: Source, generation: int | None = None) -> None:
        self._models = models
        self._source = source
        self._generation = generation
        self._came_to: tuple[int, int] | None = None
        self._stored: OrderedDict[str, Made] = OrderedDict()
        self._rows_stored = 0

    def catch_up(self, limit: int = AT_ONCE) -> int:
        """Follow the next entries and say how many; 0 when there are none."""
        generation, before = self._came_to or self._begin()
        touched = self._source.touched(before, limit)
        if not touched:
            return 0
        plans = self._source.concerned(dict.fromkeys(plan for _, plan in touched))
        files = self._source.files(plans)
        position = touched[-1][0]
        try:
            with self._models.writing() as connection:
                advance(connection, name_of(generation), before, position)
                stored = store(connection, generation, files, position, self._stored)
        except BaseException:
            self._came_to = None
            raise
        self._remember(stored)
        self._came_to = (generation, position)
        self._models.moved(position)
        return len(touched)

    def _begin(self) -> tuple[int, int]:
        """Look where this begins; what was stored before may have been changed by others."""
        self._forget()
        with self._models.reading() as reading:
            generation = self._generation or reading.generation
            position = reading.position_of(generation)
        if position is None:
            raise Overtaken
        self._came_to = (generation, position)
        return self._came_to

    def _remember(self, stored: Mapping[str, Made]) -> None:
        for plan, made in stored.items():
            was = self._stored.pop(plan, None)
            self._stored[plan] = made
            self._rows_stored += made.size - (was.size if was else 0)
        while self._rows_stored > MOST_REMEMBERED:
            _, made = self._stored.popitem(last=False)
            self._rows_stored -= made.size

    def _forget(self) -> None:
        self._stored.clear()
        self._rows_stored = 0


def rows_of(file: RunningPlan, before: Made | None = None) -> Made:
    """Make all rows of a plan; of a table that reads nothing new, keep those made before."""
    rows: Rows = {}
    for model in MODELS:
        name, reads = model.TABLE.name, model.READS
        if before and reads is not None and not file.changed_since(before.as_of, reads):
            rows[name] = before.rows[name]
        else:
            key = _key_of(model.TABLE)
            rows[name] = {key(row): row for row in model.rows(file)}
    return Made(file.as_of, rows, sum(map(len, rows.values())))


def store(
    connection: Connection,
    generation: int,
    files: Sequence[RunningPlan | Unreadable],
    position: int,
    before: Mapping[str, Made],
) -> dict[str, Made]:
    """Store the rows of some plans in place of those before, and park what cannot be read."""
    unreadable = [file for file in files if isinstance(file, Unreadable)]
    made: dict[str, Made] = {}
    for file in files:
        if isinstance(file, RunningPlan):
            try:
                made[file.plan] = rows_of(file, before.get(file.plan))
            except Exception as wrong:  # noqa: BLE001 - one plan must not hold up all others
                why = f"Its rows could not be made ({type(wrong).__name__})."
                unreadable.append(Unreadable(file.plan, why))
    for model in MODELS:
        _replace(connection, generation, model.TABLE, made, before)
    _park(connection, generation, unreadable, position, [*made])
    return made


def retry_parked(models: ReadModels, source: Source) -> list[str]:
    """Make the rows of the parked plans that can be read again, and name these."""
    with models.reading() as reading:
        generation, position = reading.generation, reading.position()
        parked = [each.plan for each in reading.parked()]
    files = [file for file in source.files(parked) if isinstance(file, RunningPlan)]
    if files:
        with models.writing() as connection:
            advance(connection, name_of(generation), position, position)
            store(connection, generation, files, position, {})
    return [file.plan for file in files]


def _replace(
    connection: Connection,
    generation: int,
    table: Table,
    made: Mapping[str, Made],
    before: Mapping[str, Made],
) -> None:
    """Replace what differs; of a plan whose rows are not remembered, everything."""
    fresh: list[tuple[Any, ...]] = []
    gone: list[tuple[Any, ...]] = []
    unknown: list[str] = []
    for plan, (_, rows, _) in made.items():
        now = rows[table.name]
        if plan not in before:
            unknown.append(plan)
            fresh += now.values()
            continue
        was = before[plan].rows[table.name]
        if was is not now:
            gone += (key for key, row in was.items() if now.get(key) != row)
            fresh += (row for key, row in now.items() if was.get(key) != row)
    take_out_plans(connection, table, generation, unknown)
    take_out(connection, table, generation, gone)
    put(connection, table, generation, fresh)


def _park(
    connection: Connection,
    generation: int,
    unreadable: Sequence[Unreadable],
    position: int,
    readable: Sequence[str],
) -> None:
    """Note the plans that cannot be read, and take from the list those that can be again."""
    plans = [*readable, *(each.plan for each in unreadable)]
    take_out_plans(connection, PARKED, generation, plans)
    if unreadable:
        row = {"generation": generation, "position": position, "parked_at": datetime.now(UTC)}
        connection.execute(insert(PARKED), [row | each._asdict() for each in unreadable])


@cache
def _key_of(table: Table) -> Callable[[Any], tuple[Any, ...]]:
    """Say how the key of a row is found."""
    names = key_names(table)
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda row: (get(row),)
