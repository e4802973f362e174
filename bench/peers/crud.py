"""Rows that are changed in place, with audit tables beside: SQLAlchemy's ORM and Continuum.

A plan is a row that says when the child was last seen; a visit is a row of its own. Continuum
writes, in the same transaction, what each changed row now says and which transaction changed it,
as its documentation shows. The plan's row is locked where the database can lock one; a counter on
it finds out who came second where it cannot.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ForeignKey, create_engine, insert, literal, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    configure_mappers,
    mapped_column,
    sessionmaker,
)
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy_continuum import (  # type: ignore[import-untyped]
    Operation,
    make_versioned,
    version_class,
    versioning_manager,
)

from bench.append import ANN, DAY, OPENED, SEEN
from bench.lanes import Command, Lane, Races, threads
from plantrack.domain.words import Alone
from plantrack.record.database_url import sqlite_path

NAME = "CRUD with audit tables"
MOST_CONNECTIONS = 16

make_versioned(user_cls=None)


class Base(DeclarativeBase):
    """What all tables belong to."""


class Plan(Base):
    """A plan, and when its child was last seen."""

    __versioned__: dict[str, Any] = {}  # noqa: RUF012 - Continuum's own way to ask for audit rows
    __tablename__ = "plans"

    name: Mapped[str] = mapped_column(primary_key=True)
    child: Mapped[str]
    opened_on: Mapped[date]
    last_seen_on: Mapped[date | None]
    last_seen_alone_on: Mapped[date | None]
    times_seen: Mapped[int]
    changes: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": changes}  # noqa: RUF012 - SQLAlchemy's own way


class Visit(Base):
    """A visit to a child, and what the child said."""

    __versioned__: dict[str, Any] = {}  # noqa: RUF012 - Continuum's own way to ask for audit rows
    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(ForeignKey("plans.name"), index=True)
    on: Mapped[date]
    mode: Mapped[str]
    alone: Mapped[str]
    by_agency: Mapped[str]
    where: Mapped[str | None]
    words: Mapped[str | None]
    how_heard: Mapped[str | None]
    recorded_at: Mapped[datetime] = mapped_column(sqlalchemy.DateTime(timezone=True))
    recorded_by: Mapped[str]
    agency: Mapped[str]
    role: Mapped[str]


configure_mappers()


@contextmanager
def opened(url: str, lengths: Mapping[str, int]) -> Iterator[list[Lane]]:
    """Make the plans with their visits, and record visits on them."""
    engine = _engine(url)
    try:
        Base.metadata.create_all(engine)
        sessions, races = sessionmaker(engine), Races()
        for name, length in lengths.items():
            _open_plan(sessions, name, length - 1)

        def see_child(name: str) -> None:
            races.until_won(lambda: _see_child(sessions, name), StaleDataError, OperationalError)

        @contextmanager
        def writer() -> Iterator[Command]:
            yield see_child

        yield [Lane(NAME, threads(writer, races))]
    finally:
        engine.dispose()


def _engine(url: str) -> sqlalchemy.Engine:
    if sqlite_path(url):
        connecting = {"timeout": 60}
        engine = create_engine(url, pool_size=MOST_CONNECTIONS, connect_args=connecting)
        sqlalchemy.event.listen(engine, "connect", _make_durable)
        return engine
    scheme, rest = url.split("://", 1)
    return create_engine(f"{scheme}+psycopg://{rest}", pool_size=MOST_CONNECTIONS)


def _make_durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _open_plan(sessions: sessionmaker[Session], name: str, visits: int) -> None:
    """Write a plan with its visits and what Continuum keeps of them, the visits in one go."""
    with sessions.begin() as session:
        session.add(
            Plan(
                name=name,
                child=OPENED.child,
                opened_on=DAY,
                last_seen_on=DAY,
                last_seen_alone_on=DAY,
                times_seen=visits,
            )
        )
        session.flush()
        session.execute(insert(Visit), [_visit(name)] * visits)
        audited = version_class(Visit).__table__
        transaction = versioning_manager.unit_of_work(session).current_transaction.id
        kept = (*Visit.__table__.columns, literal(transaction), literal(Operation.INSERT))
        columns = [*Visit.__table__.columns.keys(), "transaction_id", "operation_type"]
        visited = select(*kept).where(Visit.plan == name)
        session.execute(insert(audited).from_select(columns, visited))


def _see_child(sessions: sessionmaker[Session], name: str) -> None:
    """Record a visit, unless it is from before the plan."""
    with sessions.begin() as session:
        plan = session.get_one(Plan, name, with_for_update=True)
        visit = Visit(**_visit(name))
        if visit.on < plan.opened_on:
            raise ValueError("The visit is from before the plan.")
        session.add(visit)
        plan.times_seen += 1
        plan.last_seen_on = visit.on
        if visit.alone == Alone.YES:
            plan.last_seen_alone_on = visit.on


def _visit(plan: str) -> dict[str, Any]:
    return {
        "plan": plan,
        "on": SEEN.on,
        "mode": SEEN.mode.value,
        "alone": SEEN.alone.value,
        "by_agency": SEEN.by_agency,
        "where": SEEN.where,
        "words": SEEN.words,
        "how_heard": SEEN.how_heard,
        "recorded_at": datetime.now(UTC),
        "recorded_by": ANN.name,
        "agency": ANN.agency,
        "role": ANN.role.value,
    }
