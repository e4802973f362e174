"""How the command line ends when something cannot be done: one sentence and an exit code."""

import os
import sys
from enum import IntEnum


class Exit(IntEnum):
    """What an exit code means."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    UNREACHABLE = 3
    REFUSED = 4


class WrongUsage(Exception):
    """An option that cannot be used as it was given."""


def leave(wrong: Exception) -> Exit:
    """Say on standard error what is wrong, and give the exit code.

    What nobody expected gets a sentence too; with PLANTRACK_TRACEBACK set it is raised, for the
    engineer who looks into it.
    """
    from plantrack.access_log.log import CannotAsk
    from plantrack.access_log.make import CannotOpen
    from plantrack.application.history_files import CannotRead
    from plantrack.application.policies.reading import BadPolicy
    from plantrack.authentication.refusals import CannotSignIn
    from plantrack.domain.refusals import Refusal
    from plantrack.projections.store import CannotKeep
    from plantrack.record import CannotReach, EntryUnreadable

    codes: dict[type[Exception], Exit] = {
        CannotReach: Exit.UNREACHABLE,
        CannotKeep: Exit.UNREACHABLE,
        CannotOpen: Exit.UNREACHABLE,
        CannotAsk: Exit.UNREACHABLE,
        CannotSignIn: Exit.UNREACHABLE,
        CannotRead: Exit.USAGE,
        WrongUsage: Exit.USAGE,
        BadPolicy: Exit.USAGE,
        EntryUnreadable: Exit.PROBLEMS,
        Refusal: Exit.REFUSED,
    }
    for kind, code in codes.items():
        if isinstance(wrong, kind):
            print(wrong, file=sys.stderr)
            return code
    if os.environ.get("PLANTRACK_TRACEBACK"):
        raise wrong
    print(
        f"This should not have happened ({type(wrong).__name__}). Nothing was half stored. Run it "
        "again with PLANTRACK_TRACEBACK=1 and send what it prints to those who look after it.",
        file=sys.stderr,
    )
    return Exit.PROBLEMS
