"""How far followers have read, as the event-sourcing library asks for it.

The library's own test cases run against this; the follower moves its position by the same
``advance``.
"""

import time
from threading import Condition, Event
from typing import Any

from eventsourcing.persistence import (
    IntegrityError,
    Tracking,
    TrackingRecorder,
    WaitInterruptedError,
)
from sqlalchemy import Connection, select

from plantrack.projections.store import FOLLOWED, Overtaken, ReadModels, advance

BETWEEN_LOOKS = 0.02


class Followed(TrackingRecorder):
    """Keeps the positions of followers in the table of our own."""

    def __init__(self, models: ReadModels, **_: Any) -> None:
        self._models = models
        self._moved = Condition()

    def insert_tracking(self, tracking: Tracking) -> None:
        """Note that a position was reached; positions only rise."""
        with self._models.writing() as connection:
            self.insert_with(connection, tracking)
        self.tell()

    def insert_with(self, connection: Connection, tracking: Tracking) -> None:
        """Note a position in the transaction that writes what was made of it."""
        before = _position(connection, tracking.application_name)
        if before is not None and before >= tracking.notification_id:
            raise IntegrityError("This position was passed before.")
        try:
            advance(connection, tracking.application_name, before, tracking.notification_id)
        except Overtaken:
            raise IntegrityError("Somebody else moved the position first.") from None

    def tell(self) -> None:
        """Wake those who wait in this process."""
        with self._moved:
            self._moved.notify_all()

    def max_tracking_id(self, application_name: str) -> int | None:
        """Give the last position; None before the first."""
        with self._models.reading() as reading:
            query = select(FOLLOWED.c.position).where(FOLLOWED.c.name == application_name)
            return next((int(row[0]) for row in reading.all(query)), None)

    def wait(
        self,
        application_name: str,
        notification_id: int | None,
        timeout: float = 1.0,
        interrupt: Event | None = None,
    ) -> None:
        """Wait until a position was reached, woken by whoever reaches it in this process."""
        give_up = time.monotonic() + timeout
        while not self.has_tracking_id(application_name, notification_id):
            if interrupt and interrupt.is_set():
                raise WaitInterruptedError
            if time.monotonic() > give_up:
                raise TimeoutError(f"Position {notification_id} was not reached in time.")
            with self._moved:
                self._moved.wait(BETWEEN_LOOKS)


def _position(connection: Connection, name: str) -> int | None:
    query = select(FOLLOWED.c.position).where(FOLLOWED.c.name == name)
    return connection.execute(query).scalar()
