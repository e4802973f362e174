"""Where a record is kept: ``sqlite:///plantrack.db`` or ``postgresql://…``."""

from pathlib import Path

from plantrack.record.writing import CannotReach

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")


def sqlite_path(url: str) -> Path | None:
    """Give the file that a SQLite URL names; None if it is not a SQLite URL."""
    if not url.startswith(SQLITE):
        return None
    path = url.removeprefix(SQLITE)
    if not path or path == ":memory:":
        raise CannotReach("A record needs a file. Name one, such as sqlite:///plantrack.db.")
    return Path(path)


def check(url: str) -> None:
    """Refuse a URL of no database that can keep a record, without repeating its password."""
    if not url.startswith((SQLITE, *POSTGRES)):
        raise CannotReach("The database must be sqlite:///file or postgresql://host/name.")
