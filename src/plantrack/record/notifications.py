"""Hearing that something was appended, on PostgreSQL: by whichever process."""

from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from plantrack.record.postgres import CONNECTING
from plantrack.record.postgres_tables import CHANNEL
from plantrack.record.writing import CannotReach


class Listening:
    """A session that listens; one that was lost is begun again at the next wait."""

    def __init__(self, url: str) -> None:
        self._connecting: dict[str, Any] = {**CONNECTING, **conninfo_to_dict(url)}
        self._session: psycopg.Connection[Any] | None = None

    def begin(self) -> None:
        """Listen from now on; what is appended later is heard at the next wait."""
        if self._session is not None:
            return
        try:
            session = psycopg.connect(**self._connecting, autocommit=True)
            try:
                session.execute(f"LISTEN {CHANNEL}".encode())
            except BaseException:
                session.close()
                raise
        except psycopg.Error as wrong:
            raise _lost(wrong) from None
        self._session = session

    def wait(self, seconds: float) -> bool:
        """Wait until something was appended, or for so long; say whether it was."""
        self.begin()
        if self._session is None:
            return False
        try:
            return any(True for _ in self._session.notifies(timeout=seconds, stop_after=1))
        except psycopg.Error as wrong:
            self.close()
            raise _lost(wrong) from None

    def close(self) -> None:
        """Listen no longer."""
        session, self._session = self._session, None
        if session is not None:
            session.close()


def _lost(wrong: psycopg.Error) -> CannotReach:
    return CannotReach(f"The database no longer says what is new ({type(wrong).__name__}).")
