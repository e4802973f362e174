"""The eventsourcing library as its documentation shows it.

A declarative aggregate, an application that gets and saves it, the library's own way to write
JSON, its own modules for SQLite and PostgreSQL; no cache and no snapshots, which are off unless
asked for. Whoever loses a race gets the plan again and decides again.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import IntegrityError, OperationalError
from psycopg.conninfo import conninfo_to_dict

from bench.append import ANN, DAY, OPENED, SEEN
from bench.lanes import Command, Lane, Races, threads
from plantrack import codec
from plantrack.record.database_url import sqlite_path

NAME = "eventsourcing as documented"
VISIT = {
    name: str(said) for name, said in codec.write_event(SEEN).items() if said and name != "kind"
}
BY = {"name": ANN.name, "agency": ANN.agency, "role": ANN.role.value}

SAVED_AT_ONCE = 100
"""A thousand events in one save did not come back from PostgreSQL."""


class Plan(Aggregate):
    """A plan on which visits are recorded."""

    @event("Opened")
    def __init__(self, child: str, opened_on: str, name: str, agency: str, role: str) -> None:
        self.child = child
        self.opened_on = opened_on
        self.opened_by = (name, agency, role)
        self.visits: list[tuple[str | None, ...]] = []

    def see_child(self, **visit: str) -> None:
        """Record a visit, unless it is from before the plan."""
        if visit["on"] < self.opened_on:
            raise ValueError("The visit is from before the plan.")
        self._child_seen(**visit)

    @event("ChildSeen")
    def _child_seen(
        self,
        on: str,
        mode: str,
        alone: str,
        by_agency: str,
        name: str,
        agency: str,
        role: str,
        where: str | None = None,
        words: str | None = None,
        how_heard: str | None = None,
    ) -> None:
        self.visits.append(
            (on, mode, alone, by_agency, where, words, how_heard, name, agency, role)
        )


class Plans(Application[UUID]):
    """The application that holds the plans."""

    def open_plan(self, child: str, opened_on: str, visits: int) -> UUID:
        """Open a plan with a history."""
        plan = Plan(child=child, opened_on=opened_on, **BY)
        for n in range(visits):
            plan.see_child(**VISIT, **BY)
            if n % SAVED_AT_ONCE == 0:
                self.save(plan)
        self.save(plan)
        return plan.id

    def see_child(self, plan_id: UUID, **visit: str) -> None:
        """Record a visit on a plan."""
        plan: Plan = self.repository.get(plan_id)
        plan.see_child(**visit)
        self.save(plan)


@contextmanager
def opened(url: str, lengths: Mapping[str, int]) -> Iterator[list[Lane]]:
    """Make the plans, and record visits on them."""
    with closing(Plans(env=_environment(url))) as plans:
        ids = {
            name: plans.open_plan(OPENED.child, DAY.isoformat(), length - 1)
            for name, length in lengths.items()
        }
        races = Races()

        def see_child(name: str) -> None:
            races.until_won(
                lambda: plans.see_child(ids[name], **VISIT, **BY), IntegrityError, OperationalError
            )

        @contextmanager
        def writer() -> Iterator[Command]:
            yield see_child

        yield [Lane(NAME, threads(writer, races))]


def _environment(url: str) -> dict[str, str]:
    if path := sqlite_path(url):
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)}
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts["dbname"],
        "POSTGRES_HOST": parts.get("host", ""),
        "POSTGRES_PORT": parts.get("port", "5432"),
        "POSTGRES_USER": parts["user"],
        "POSTGRES_PASSWORD": parts.get("password", ""),
    }
