"""The command line: data on standard output, talk on standard error.

Exit codes: 0 done, 1 problems found, 2 wrong usage, 3 the database cannot be reached, 4 refused.
"""

import sys

from plantrack.cli.commands import app
from plantrack.cli.exits import leave

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # text streams
    try:
        app(standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as wrong:  # noqa: BLE001 - what is known gets a sentence, the rest goes on
        sys.exit(leave(wrong))
