"""Where the access record is kept: a SQLite file of its own, or a schema of the database.

A file of its own can be locked without stopping the recording of plans, and the other way round.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import NullPool, QueuePool

from plantrack.access_log.tables import ROLE, SCHEMA

SQLITE = "sqlite:///"
WAIT_FOR_OTHERS = 0.6
WAIT_FOR_A_CONNECTION = 0.4
PATIENCE = 30
ONE_WRITER = 1
READERS = 4

CONNECTING: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 1000,
}
"""How soon a server that has gone silent is given up; a URL may say otherwise."""

AS_THE_PROGRAM = f"""
SET ROLE {ROLE};
SET lock_timeout = '{int(WAIT_FOR_OTHERS * 1000)}ms';
SET idle_in_transaction_session_timeout = '5s';
SELECT set_config('synchronous_commit', 'on', false)
WHERE current_setting('synchronous_commit') = 'off';
"""
TO_WRITE = f"{AS_THE_PROGRAM} SET statement_timeout = '900ms'"
TO_READ = f"{AS_THE_PROGRAM} SET statement_timeout = '10s'"
TO_MAKE = f"SET lock_timeout = '{PATIENCE}s'; SET synchronous_commit = on"

WRITING_FILE = ("PRAGMA synchronous=FULL",)
READING_FILE = ("PRAGMA query_only=ON",)

Options = dict[str, Any]


def access_path(path: Path) -> Path:
    """Name the file of the access record that belongs to the file of a record."""
    return path.with_name(f"{path.stem}-access{path.suffix}")


def file_of(url: str) -> Path | None:
    """Give the file of the access record; None if it is kept on a server."""
    if not url.startswith(SQLITE):
        return None
    return access_path(Path(url.removeprefix(SQLITE)))


def writing(url: str) -> Engine:
    """Connect for appending."""
    if path := file_of(url):
        return _file(path, WAIT_FOR_OTHERS, WRITING_FILE, "IMMEDIATE", _pool(ONE_WRITER))
    return _server(url, TO_WRITE, {"isolation_level": "AUTOCOMMIT", **_pool(ONE_WRITER)})


def reading(url: str) -> Engine:
    """Connect for asking; nothing can be written there."""
    if path := file_of(url):
        return _file(path, WAIT_FOR_OTHERS, READING_FILE, "DEFERRED", _pool(READERS))
    return _server(url, TO_READ, {"isolation_level": "AUTOCOMMIT", **_pool(READERS)})


def making(url: str) -> Engine:
    """Connect as the owner, once."""
    if path := file_of(url):
        return _file(path, PATIENCE, WRITING_FILE, "IMMEDIATE", {"poolclass": NullPool})
    return _server(url, TO_MAKE, {"poolclass": NullPool})


def _pool(size: int) -> Options:
    return {
        "poolclass": QueuePool,
        "pool_size": size,
        "max_overflow": 0,
        "pool_timeout": WAIT_FOR_A_CONNECTION,
    }


def _file(
    path: Path, patience: float, pragmas: tuple[str, ...], begin: str, options: Options
) -> Engine:
    # A file that is not there must not be made by looking at it.
    where = f"file:{quote(str(path))}?mode=rw"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            where, uri=True, timeout=patience, isolation_level=None, check_same_thread=False
        )
        for pragma in pragmas:
            connection.execute(pragma)
        return connection

    def begins(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    engine = create_engine(
        "sqlite://",
        creator=connect,
        execution_options={"schema_translate_map": {SCHEMA: None}},
        hide_parameters=True,
        **options,
    )
    event.listen(engine, "begin", begins)
    return engine


def _server(url: str, settings: str, options: Options) -> Engine:
    engine = create_engine(
        "postgresql+psycopg://", pool_pre_ping=True, hide_parameters=True, **options
    )
    event.listen(engine, "do_connect", _connecting(url, settings))
    return engine


def _connecting(url: str, settings: str) -> Callable[..., Any]:
    """Connect by the driver's own reading of the URL: it knows more forms than SQLAlchemy does."""

    def connect(dialect: Dialect, *_: object) -> Any:
        driver: Any = dialect.loaded_dbapi
        named = driver.conninfo.conninfo_to_dict(url)
        connection = driver.connect(**{**CONNECTING, **named}, autocommit=True)
        connection.execute(settings.encode())
        connection.autocommit = False
        return connection

    return connect
