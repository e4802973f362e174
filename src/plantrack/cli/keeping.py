"""``plantrack migrate`` and ``plantrack schema``."""

import json

from plantrack import wire
from plantrack.cli.leaving import Exit
from plantrack.cli.printing import out


def migrate(database: str) -> Exit:
    """Make the database ready, and say what was done."""
    from plantrack.record import migrate as run

    for done in run(database) or ["Nothing to do: the database is ready."]:
        out(done)
    return Exit.DONE


def print_schema() -> Exit:
    """Print the JSON Schema of the event object."""
    out(json.dumps(wire.schema(), indent=2, ensure_ascii=False))
    return Exit.DONE
