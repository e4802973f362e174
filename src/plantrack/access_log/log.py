"""Writes down who is about to be shown which plan, before it is shown."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, TextClause, insert, text
from sqlalchemy.engine import Row
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)

from plantrack.access_log import connections
from plantrack.access_log import make as making
from plantrack.access_log.group_commit import GroupCommit, NotNow, NotThese
from plantrack.access_log.tables import LOOKED, SCHEMA

NOT_NOW = (
    "It cannot be written down just now who looks, so nothing can be shown. Try again in a moment."
)
NOT_ASKED_NOW = "It cannot be read just now who looked. Try again in a moment."


class CannotNote(Exception):
    """It could not be written down who looks, so nothing may be shown."""

    def __init__(self) -> None:
        super().__init__(NOT_NOW)


class CannotAsk(Exception):
    """It cannot be read now who looked."""

    def __init__(self) -> None:
        super().__init__(NOT_ASKED_NOW)


class Looked(NamedTuple):
    """One plan that somebody is shown, or is refused."""

    at: datetime
    request: str
    person: str
    name: str
    agency: str
    role: str
    plan: str
    child: str | None
    what: str
    marks: str
    purpose: str | None
    shown: bool
    reason: str
    glass: str | None


_COLUMNS = ", ".join(Looked._fields)
_ONE = text(
    f"INSERT INTO {SCHEMA}.looked ({_COLUMNS})"
    f" VALUES ({', '.join(f':{name}' for name in Looked._fields)})"
)
_KINDS = {"at": "timestamptz", "shown": "boolean"}
_TYPED = ", ".join(f"{name} {_KINDS.get(name, 'text')}" for name in Looked._fields)
_MANY = text(
    f"INSERT INTO {SCHEMA}.looked ({_COLUMNS}) SELECT {_COLUMNS}"
    f" FROM ROWS FROM (json_to_recordset(CAST(:rows AS json)) AS ({_TYPED}))"
    f" WITH ORDINALITY AS looking ({_COLUMNS}, nth) ORDER BY nth"
)
"""However many rows there are, they are one statement: it commits by itself."""


class AccessLog:
    """The access record of one database; threads may share it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._writing = connections.writing(url)
        self._reading = connections.reading(url)
        self._line = GroupCommit(
            self._write_file if connections.file_of(url) else self._write_server
        )

    def make(self) -> bool:
        """Make the tables, or bring them up to date; say whether there was anything to do.

        On PostgreSQL only the database's owner can do this, and the record's tables come first.
        """
        return making.make(self._url)

    def check(self) -> None:
        """Refuse an access record that is not there or was made by another release."""
        making.check(self._url, self._reading)

    def note(self, rows: Sequence[Looked]) -> None:
        """Write down all rows in one commit that reaches the disk, or refuse.

        Where the answer of the database was lost, the rows may stand there all the same.
        """
        if rows and not self._line.write(rows):
            raise CannotNote

    def _write_file(self, rows: Sequence[Looked]) -> None:
        with _refusing(), self._writing.begin() as file:
            file.execute(insert(LOOKED), [row._asdict() for row in rows])

    def _write_server(self, rows: Sequence[Looked]) -> None:
        with _refusing(), self._writing.connect() as server:
            server.execute(*_statement(rows))

    def read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Give the rows that a query finds."""
        try:
            with self._reading.connect() as connection:
                return connection.execute(query).fetchall()
        except (SQLAlchemyError, ValueError):
            raise CannotAsk from None

    def close(self) -> None:
        """Close every connection."""
        self._writing.dispose()
        self._reading.dispose()


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell rows that cannot be written from a time at which none can."""
    try:
        yield
    except (DataError, IntegrityError, ValueError):
        raise NotThese from None
    except StatementError as wrong:
        # What is no error of the driver's came up in SQLAlchemy, while it looked at the rows.
        raise (NotNow if isinstance(wrong, DBAPIError) else NotThese) from None
    except SQLAlchemyError:
        raise NotNow from None


def _statement(rows: Sequence[Looked]) -> tuple[TextClause, dict[str, Any]]:
    if len(rows) == 1:
        return _ONE, rows[0]._asdict()
    written = [row._asdict() | {"at": row.at.isoformat()} for row in rows]
    return _MANY, {"rows": json.dumps(written)}
