"""``plantrack serve`` and ``plantrack worker``: what runs until it is stopped."""

from plantrack import main
from plantrack.access_log.log import CannotNote
from plantrack.application.council import BadCouncil
from plantrack.authentication.providers import BadProviders
from plantrack.authentication.refusals import CannotSignIn
from plantrack.cli.exits import Exit
from plantrack.cli.printing import talk
from plantrack.domain.refusals import Unreadable
from plantrack.record import CannotReach


def serve(database: str, asked: main.Serving) -> Exit:
    """Serve the web API until told to stop."""
    try:
        main.serve(database, asked, say=talk)
    except (BadProviders, BadCouncil) as wrong:
        raise Unreadable(str(wrong)) from None
    except (CannotNote, CannotSignIn) as wrong:
        raise CannotReach(str(wrong)) from None
    return Exit.DONE


def work(database: str, every: float) -> Exit:
    """Sweep and keep the lists up until told to stop."""
    main.work(database, every, say=talk)
    return Exit.DONE
