"""The event-sourcing library's own test cases, run against our ways of keeping entries."""

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import ClassVar
from uuid import uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.tests import persistence as library

from plantrack.record import open_record


class OnAFreshDatabase:
    """Gives each case a recorder of its own."""

    database: ClassVar[str]
    recorder: ApplicationRecorder

    @pytest.fixture(autouse=True)
    def made(self, request: pytest.FixtureRequest) -> Iterator[None]:
        with closing(open_record(request.getfixturevalue("url"))) as record:
            self.recorder = record.recorder
            before = set(threading.enumerate())
            yield
            # A case of the library does not wait for its readers, and SQLite dies if a connection
            # is closed under one of them.
            for reader in set(threading.enumerate()) - before:
                if "read_continuously" in reader.name:
                    reader.join()

    def create_recorder(self) -> ApplicationRecorder:
        return self.recorder

    def new_originator_id(self) -> str:
        return str(uuid4())


class OnSQLite(OnAFreshDatabase):
    @pytest.fixture
    def database(self) -> str:  # type: ignore[override]  # the fixture of that name
        return "sqlite"


class OnPostgres(OnAFreshDatabase):
    @pytest.fixture
    def database(self) -> str:  # type: ignore[override]  # the fixture of that name
        return "postgresql"


class TestSQLiteEntries(OnSQLite, library.ApplicationRecorderTestCase):
    pass


class TestPostgresEntries(OnPostgres, library.ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsOnSQLite(OnSQLite, library.NonInterleavingNotificationIDsBaseCase):
    pass


class TestPositionsOnPostgres(OnPostgres, library.NonInterleavingNotificationIDsBaseCase):
    pass
