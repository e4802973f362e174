"""Information: checked, shared and acknowledged (S6 S8)."""

from collections.abc import Iterator

from plantrack.domain.events import (
    ActionCompleted,
    DecisionMade,
    InformationAcknowledged,
    InformationCorroborated,
    InformationShared,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.clocks import Run, first
from plantrack.domain.plans.history import AnyFact, History, first_from
from plantrack.domain.words import SELF_REPORT


def self_report_checked(history: History, name: str) -> Iterator[Run]:
    """Run from what rests on a parent's word alone until somebody else's look (R52)."""
    starts = [
        *((fact, fact.event.basis) for fact in history.of(ActionCompleted, name)),
        *((fact, fact.event.basis) for fact in history.of(DecisionMade, name)),
    ]
    for start, basis in starts:
        if basis and SELF_REPORT.issuperset(basis):
            checks = first_from(history.of(InformationCorroborated, name), start.on)
            yield Run(name, start, first(c for c in checks if c.event.basis not in SELF_REPORT))


def information_shared(history: History, item: str) -> Iterator[Run]:
    """Run for each agency on the plan that a share leaves out (R7, R55)."""
    shares = history.of(InformationShared, item)
    told: dict[str, AnyFact] = {}
    left_out: set[str] = set()
    for number, share in enumerate(shares):
        here = _named_in(share)
        for agency in sorted(history.agencies_on(share.on) - here - left_out):
            left_out.add(agency)
            later = first(later for later in shares[number + 1 :] if agency in _named_in(later))
            yield Run(f"{item}/{agency}", share, told.get(agency) or later)
        told = dict.fromkeys(here, share) | told


def _named_in(share: Fact[InformationShared]) -> set[str]:
    event = share.event
    return {event.from_, *event.to, *event.withheld_from}


def information_acknowledged(history: History, item: str) -> Iterator[Run]:
    """Run for each recipient from the first share to it (R56)."""
    told: set[str] = set()
    for share in history.of(InformationShared, item):
        for agency in share.event.to:
            if agency not in told:
                told.add(agency)
                answers = first_from(history.of(InformationAcknowledged, item), share.on)
                stop = first(a for a in answers if a.event.agency == agency)
                yield Run(f"{item}/{agency}", share, stop)
