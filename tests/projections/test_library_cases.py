"""The event-sourcing library's own test cases, run against our way of noting positions."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any, ClassVar
from unittest import mock

import pytest
from eventsourcing.persistence import Tracking
from eventsourcing.popo import POPOFactory
from eventsourcing.tests import persistence as library
from eventsourcing.tests import projection
from eventsourcing.utils import get_topic
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, update

from plantrack.projections.store import ReadModels
from plantrack.projections.tracking import Followed

COUNTS = Table(
    "counts",
    MetaData(),
    Column("what", String(20), primary_key=True),
    Column("number", Integer, nullable=False),
)
CREATED, LATER = "created", "later"


class Counts(Followed, projection.EventCountersView):
    """Counts events in the transaction that notes the position."""

    of_this_case: ClassVar[ReadModels]

    def __init__(self) -> None:
        super().__init__(self.of_this_case)
        with self._models.engine.begin() as connection:
            COUNTS.create(connection, checkfirst=True)
            for what in {CREATED, LATER} - {row[0] for row in connection.execute(select(COUNTS))}:
                connection.execute(insert(COUNTS).values(what=what, number=0))

    def get_created_event_counter(self) -> int:
        return self._count(CREATED)

    def get_subsequent_event_counter(self) -> int:
        return self._count(LATER)

    def incr_created_event_counter(self, tracking: Tracking) -> None:
        self._increase(CREATED, tracking)

    def incr_subsequent_event_counter(self, tracking: Tracking) -> None:
        self._increase(LATER, tracking)

    def _count(self, what: str) -> int:
        with self._models.reading() as reading:
            [row] = reading.all(select(COUNTS.c.number).where(COUNTS.c.what == what))
            return int(row[0])

    def _increase(self, what: str, tracking: Tracking) -> None:
        with self._models.writing() as connection:
            one_more = update(COUNTS).where(COUNTS.c.what == what)
            connection.execute(one_more.values(number=COUNTS.c.number + 1))
            self.insert_with(connection, tracking)
        self.tell()


class EventsInMemory(POPOFactory):
    """Keeps the library's own events in memory, and the positions with us."""

    def tracking_recorder(self, tracking_recorder_class: Any = None) -> Any:
        return tracking_recorder_class()


class OnAFreshDatabase:
    """Gives each case read models of its own."""

    models: ReadModels

    @pytest.fixture(autouse=True)
    def made(self, request: pytest.FixtureRequest) -> Iterator[None]:
        with closing(ReadModels(request.getfixturevalue("url"))) as self.models:
            self.models.make()
            with mock.patch.object(Counts, "of_this_case", self.models, create=True):
                yield


class OnSQLite(OnAFreshDatabase):
    @pytest.fixture
    def database(self) -> str:
        return "sqlite"


class OnPostgres(OnAFreshDatabase):
    @pytest.fixture
    def database(self) -> str:
        return "postgresql"

    @pytest.fixture(autouse=True)
    def may_make_a_table_of_its_own(self, made: None) -> None:
        with self.models.engine.begin() as connection:
            connection.exec_driver_sql("RESET ROLE")
            COUNTS.create(connection, checkfirst=True)
            connection.exec_driver_sql("GRANT ALL ON counts TO plantrack_app")
            connection.exec_driver_sql("SET ROLE plantrack_app")


class Positions(OnAFreshDatabase):
    def create_recorder(self) -> Followed:
        return Followed(self.models)


class Counters(OnAFreshDatabase):
    def construct_event_counters_view(self) -> Counts:
        return Counts()


class TestPositionsOnSQLite(OnSQLite, Positions, library.TrackingRecorderTestCase):
    pass


class TestPositionsOnPostgres(OnPostgres, Positions, library.TrackingRecorderTestCase):
    pass


class TestCountersOnSQLite(OnSQLite, Counters, projection.EventCountersViewTestCase):
    pass


class TestCountersOnPostgres(OnPostgres, Counters, projection.EventCountersViewTestCase):
    pass


class TestProjectionOnSQLite(OnSQLite, projection.AggregateEventCountersProjectionTestCase):
    view_class = Counts
    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": get_topic(EventsInMemory)}


class TestProjectionOnPostgres(OnPostgres, projection.AggregateEventCountersProjectionTestCase):
    view_class = Counts
    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": get_topic(EventsInMemory)}
