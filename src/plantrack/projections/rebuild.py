"""Making the read models again from nothing, beside those that are live."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Table, insert, literal, select, update

from plantrack.projections import MODELS
from plantrack.projections.follower import Follower, Source, store
from plantrack.projections.store import (
    KEPT,
    PARKED,
    Overtaken,
    Reading,
    ReadModels,
    advance,
    followed,
    forget,
    forget_all_but,
    name_of,
    take_position,
)

PLANS_AT_ONCE = 100
ROUNDS = 10


class Difference(NamedTuple):
    """A row that a rebuild made otherwise than it stands, or that only one of the two has."""

    table: str
    plan: str
    live: dict[str, Any] | None
    rebuilt: dict[str, Any] | None


def rebuild(
    models: ReadModels, source: Source, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Make every row again beside the live ones, then switch; give the number of plans."""
    generation, plans = _build(models, source, progress)
    follower = Follower(models, source, generation)
    for _ in range(ROUNDS):
        while follower.catch_up():
            pass
        if (old := _switch(models, generation)) is not None:
            _throw_away(models, old)
            return plans
    raise Overtaken


def _switch(models: ReadModels, generation: int) -> int | None:
    """Make a generation live and give the one that was; None if that is further on.

    Whoever follows the old one finds its position gone, and begins again with the new one.
    """
    with models.writing() as connection:
        old: int = connection.execute(select(KEPT.c.live).with_for_update()).scalar_one()
        was, now = take_position(connection, old), followed(connection, generation)
        if now is None:
            raise Overtaken
        if was > now:
            connection.rollback()
            return None
        connection.execute(update(KEPT).values(live=generation))
    return old


def check(
    models: ReadModels, source: Source, progress: Callable[[int], None] = lambda _: None
) -> list[Difference]:
    """Make every row again and say where the live ones differ; the live ones stay.

    While others write, a row may be ahead of its position; such a comparison is made again.
    """
    generation, _ = _build(models, source, progress)
    followers = Follower(models, source), Follower(models, source, generation)
    try:
        for _ in range(ROUNDS):
            while any(follower.catch_up() for follower in followers):
                pass
            with models.reading() as reading:
                position = reading.position()
                level = position == reading.position_of(generation)
                found = [
                    each for table in _tables() for each in _differ(reading, generation, table)
                ]
            if level and (not found or position == source.last_position()):
                return found
        return found
    finally:
        _throw_away(models, generation)


def _build(models: ReadModels, source: Source, progress: Callable[[int], None]) -> tuple[int, int]:
    """Fill a new generation, batch by batch, and bring it up to the record."""
    position = source.last_position()
    generation = _begin(models, position)
    made: set[str] = set()
    at = 0
    while batch := source.opened_plans(at, PLANS_AT_ONCE):
        at = batch[-1][0]
        plans = [plan for plan in dict.fromkeys(plan for _, plan in batch) if plan not in made]
        files = source.files(plans)
        with models.writing() as connection:
            advance(connection, name_of(generation), position, position)
            store(connection, generation, files, position, {})
        made.update(plans)
        progress(len(plans))
    _keep_parked(models, generation)
    return generation, len(made)


def _keep_parked(models: ReadModels, generation: int) -> None:
    """Take over the rows of plans that cannot be read: an old row is better than a plan gone."""
    with models.writing() as connection:
        live = connection.execute(select(KEPT.c.live)).scalar_one()
        parked = select(PARKED.c.plan).where(PARKED.c.generation == generation)
        for table in _tables():
            columns = [column for column in table.c if column.name != "generation"]
            old = select(literal(generation), *columns).where(
                table.c.generation == live, table.c.plan.in_(parked)
            )
            names = ["generation", *(column.name for column in columns)]
            connection.execute(insert(table).from_select(names, old))


def _begin(models: ReadModels, position: int) -> int:
    """Begin the next generation, and throw away those that somebody began and never finished."""
    with models.writing() as connection:
        kept = connection.execute(select(KEPT.c.live, KEPT.c.newest).with_for_update()).one()
        forget_all_but(connection, kept.live)
        generation: int = kept.newest + 1
        connection.execute(update(KEPT).values(newest=generation))
        advance(connection, name_of(generation), None, position)
    return generation


def _throw_away(models: ReadModels, generation: int) -> None:
    with models.writing() as connection:
        forget(connection, generation)


def _tables() -> list[Table]:
    return [model.TABLE for model in MODELS]


def _differ(reading: Reading, generation: int, table: Table) -> Iterator[Difference]:
    live = _rows(reading, reading.generation, table)
    rebuilt = _rows(reading, generation, table)
    for key in sorted(live.keys() | rebuilt.keys(), key=str):
        was, now = live.get(key), rebuilt.get(key)
        if was != now:
            plan = (was or now or {})["plan"]
            yield Difference(table.name, plan, was, now)


def _rows(reading: Reading, generation: int, table: Table) -> dict[Any, dict[str, Any]]:
    keys = [column.name for column in table.primary_key if column.name != "generation"]
    found = reading.all(select(table).where(table.c.generation == generation))
    rows = [dict(row._mapping) for row in found]
    for row in rows:
        del row["generation"]
    return {tuple(row[key] for key in keys): row for row in rows}
