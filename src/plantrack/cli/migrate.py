"""``plantrack migrate`` and ``plantrack schema``."""

import json

from plantrack import codec
from plantrack.cli.exits import Exit
from plantrack.cli.printing import out


def migrate(database: str) -> Exit:
    """Make the database and the lists ready, and say what was done."""
    for done in make_ready(database) or ["Nothing to do: the database is ready."]:
        out(done)
    return Exit.DONE


def make_ready(database: str) -> list[str]:
    """Make the tables of the record and of the lists, where they are not there yet."""
    from plantrack.application import stores
    from plantrack.record import migrate as run

    return [*run(database), *stores.make(database)]


def print_schema() -> Exit:
    """Print the JSON Schema of the event object."""
    out(json.dumps(codec.schema(), indent=2, ensure_ascii=False))
    return Exit.DONE
