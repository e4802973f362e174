"""What is kept beside the record: the lists, the access record, the sessions and the drafts."""

from collections.abc import Callable

from plantrack.access_log.log import AccessLog
from plantrack.application import services  # noqa: F401 - so that every table of the lists is known
from plantrack.authentication.store import Store
from plantrack.drafts.drafts import Drafts
from plantrack.projections.store import ReadModels

Kept = ReadModels | AccessLog | Store | Drafts
SAYS: tuple[tuple[Callable[[str], Kept], str], ...] = (
    (ReadModels, "The lists, which are made from the record"),
    (AccessLog, "The access record, which says who looked"),
    (Store, "The sessions of those who are signed in"),
    (Drafts, "The drafts of what people are still writing"),
)


def make(url: str) -> list[str]:
    """Make the tables that are not there yet, and say which."""
    made = []
    for kind, says in SAYS:
        kept = kind(url)
        try:
            if kept.make():
                made.append(says)
        finally:
            kept.close()
    return made
