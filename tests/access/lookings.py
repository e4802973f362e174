"""People who look at plans, for tests of the access record."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from plantrack.access_log.connections import access_path
from plantrack.access_log.log import AccessLog, Looked
from plantrack.access_log.queries import looked
from plantrack.access_log.tables import LOOKED

NOON = datetime(2026, 4, 20, 11, 0, tzinfo=UTC)
"""Noon in London, on a Monday in summer time."""

ANN = Looked(
    at=NOON,
    request="R1",
    person="ann",
    name="Ann Ash",
    agency="social-care",
    role="social_worker",
    plan="CP-1",
    child="C1",
    what="plan",
    marks="general,third_party",
    purpose="a visit is due",
    shown=True,
    reason="allocated",
    glass=None,
)
BEN = ANN._replace(
    request="R2",
    person="ben",
    name="Ben Birch",
    agency="police",
    role="partner_professional",
    plan="CP-2",
    child="C2",
    what="chronology",
    marks="general",
    purpose=None,
    reason="member",
)
REFUSED = BEN._replace(request="R3", plan="CP-9", child=None, shown=False, reason="no-such-plan")


def later(row: Looked, **by: float) -> Looked:
    return row._replace(at=row.at + timedelta(**by))


def file_of(url: str) -> Path:
    """Name the file of the access record that belongs to a database on SQLite."""
    return access_path(Path(url.removeprefix("sqlite:///")))


def noted(log: AccessLog) -> list[Looked]:
    """Everything that was written down, oldest first."""
    return [row.looked for row in reversed(looked(log, limit=200).rows)]


def positions(log: AccessLog) -> list[int]:
    """The position of every row, in order."""
    return sorted(row.position for row in log.read(select(LOOKED.c.position)))


@contextmanager
def made(url: str) -> Iterator[AccessLog]:
    with closing(AccessLog(url)) as log:
        log.make()
        yield log
