"""Which of several processes on one database leads: at most one does, and its death frees the lead.

On PostgreSQL the lead is a lock of a session of its own; on SQLite it is a lock on a file beside
the record.
"""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict

from plantrack.record import database_url
from plantrack.record.application import Record
from plantrack.record.postgres import CONNECTING

LEADING = 0x6C656164
LET_GO_SOON = """
SET tcp_keepalives_idle = 5;
SET tcp_keepalives_interval = 2;
SET tcp_keepalives_count = 3;
SET statement_timeout = '5s'
"""
"""A leader whose machine has vanished must lose the lead, not keep it for hours."""

TAKE = f"SELECT pg_try_advisory_lock({LEADING})"
TAKEN = f"""
SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0
AND objid = {LEADING} AND objsubid = 1
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
TRIES, BETWEEN_TRIES = 3, 0.01


class Lead(Protocol):
    """The lead among the processes of one database."""

    def hold(self) -> bool:
        """Take the lead or make sure of it; false while somebody else has it."""

    def let_go(self) -> None:
        """Let somebody else lead."""


def lead_of(url: str) -> Lead:
    """Give the lead of a database, to be taken."""
    path = database_url.sqlite_path(url)
    return LeadOfFile(_beside(path)) if path else LeadOfServer(url)


def somebody_leads(record: Record, url: str) -> bool:
    """Say whether any process leads, this one or another."""
    path = database_url.sqlite_path(url)
    return _is_locked(_beside(path)) if path else bool(record.recorder.read(TAKEN))


class LeadOfServer:
    """A lock that lasts as long as one session does."""

    def __init__(self, url: str) -> None:
        self._connecting: dict[str, Any] = {**CONNECTING, **conninfo_to_dict(url)}
        self._session: psycopg.Connection[Any] | None = None

    def hold(self) -> bool:
        """Take the lead or make sure of it; a session that was lost has lost the lead."""
        if self._session is not None:
            try:
                self._session.execute("SELECT 1")
            except psycopg.Error:
                self.let_go()
            return self._session is not None
        with suppress(psycopg.Error):
            return self._take()
        return False

    def let_go(self) -> None:
        """End the session, and with it the lead."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _take(self) -> bool:
        session = psycopg.connect(**self._connecting, autocommit=True)
        try:
            session.execute(LET_GO_SOON.encode())
            if session.execute(TAKE.encode()).fetchone() == (True,):
                self._session = session
        finally:
            if self._session is not session:
                session.close()
        return self._session is session


class LeadOfFile:
    """A lock on a file, which ends with the process that holds it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def hold(self) -> bool:
        """Take the lead or make sure of it; whoever only looks takes it away for no time."""
        if self._file is not None:
            return True
        for _ in range(TRIES):
            file = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            if _lock(file, fcntl.LOCK_EX):
                self._file = file
                return True
            os.close(file)
            time.sleep(BETWEEN_TRIES)
        return False

    def let_go(self) -> None:
        """Close the file, and with it end the lead."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.leader")


def _is_locked(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not _lock(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


def _lock(file: int, how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
