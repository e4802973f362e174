"""Days and moments as they are asked for on the command line."""

from datetime import date

from plantrack.cli.exits import WrongUsage
from plantrack.domain.plans.as_known import Moment, read_day, read_moment
from plantrack.domain.refusals import Unreadable


def day(written: str | None) -> date | None:
    """Read a day from an option, if it was given."""
    try:
        return read_day(written) if written else None
    except Unreadable as why:
        raise WrongUsage(str(why)) from None


def moment(known_at: str | None, true_on: str | None) -> Moment:
    """Read from where to look: known by then, true by then, or both."""
    try:
        return Moment(read_moment(known_at) if known_at else None, day(true_on))
    except Unreadable as why:
        raise WrongUsage(str(why)) from None
