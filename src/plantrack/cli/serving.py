"""``plantrack serve`` and ``plantrack worker``: what runs until it is stopped."""

from plantrack import main
from plantrack.cli.leaving import Exit
from plantrack.cli.printing import talk


def serve(database: str, host: str, port: int, every: float, *, worker: bool) -> Exit:
    """Serve the web API until told to stop."""
    main.serve(database, host, port, every, worker=worker, say=talk)
    return Exit.DONE


def work(database: str, every: float) -> Exit:
    """Sweep and keep the lists up until told to stop."""
    main.work(database, every, say=talk)
    return Exit.DONE
