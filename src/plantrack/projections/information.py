"""Every item of information: who holds it, who was told, who was not, and who acknowledged it."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import (
    InformationAcknowledged,
    InformationCorroborated,
    InformationDisputed,
    InformationShared,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.clocks import Run
from plantrack.domain.obligations.information import information_acknowledged, information_shared
from plantrack.domain.obligations.owners import team as team_of
from plantrack.projections.paging import FIRST, Page, Slice, holding, page, where
from plantrack.projections.store import Reading
from plantrack.projections.tables import COMMON, Kinds, table

ORDER = ("on", "plan", "item")
ABOUT = (InformationShared, InformationAcknowledged, InformationCorroborated, InformationDisputed)
READS: Kinds = frozenset({*COMMON, *ABOUT})


class Row(NamedTuple):
    """One item of information.

    ``told`` has the agencies that it was shared with and the days on which each was told and
    acknowledged it; ``not_told`` those on the plan that have neither it nor a reason why not;
    ``waiting`` whoever is in ``not_told`` or ``not_acknowledged``.
    """

    plan: str
    item: str
    on: date
    child: str
    kind: str
    team: str | None
    what: str
    about: list[str]
    basis: str
    holder: str
    told: dict[str, dict[str, Any]]
    withheld_from: dict[str, str]
    not_told: list[str]
    not_acknowledged: list[str]
    waiting: list[str]
    everybody_has_it: bool
    corroborated: list[dict[str, Any]]
    disputed: list[dict[str, Any]]


TABLE = table(
    "information",
    Row,
    keys=("plan", "item"),
    indexes=[ORDER, ("everybody_has_it", *ORDER), ("team", *ORDER)],
)


def rows(file: RunningPlan) -> Iterator[Row]:
    """Make a row for each item that was shared on a plan."""
    held_by = team_of(file.history)
    for item in file.names(InformationShared):
        yield file.kept_about(
            "information", item, ABOUT, COMMON, partial(_row, file, item, held_by)
        )


def _row(file: RunningPlan, item: str, held_by: str | None) -> Row:
    history = file.history
    shares = history.of(InformationShared, item)
    first, last = shares[0], shares[-1].event
    recipients = list(information_acknowledged(history, item))
    told = {
        _agency(run): {"on": run.start.on, "acknowledged_on": run.stop.on if run.stop else None}
        for run in recipients
    }
    not_told = _unmet(information_shared(history, item))
    not_acknowledged = _unmet(recipients)
    waiting = sorted({*not_told, *not_acknowledged})
    return Row(
        plan=file.plan,
        item=item,
        on=first.on,
        child=file.child,
        kind=file.kind.value,
        team=held_by,
        what=last.what,
        about=list(last.about),
        basis=last.basis.value,
        holder=first.event.from_,
        told=told,
        withheld_from={
            agency: why
            for share in shares
            for agency, why in share.event.withheld_from.items()
            if agency not in told
        },
        not_told=not_told,
        not_acknowledged=not_acknowledged,
        waiting=waiting,
        everybody_has_it=not waiting,
        corroborated=[_checked(fact) for fact in history.of(InformationCorroborated, item)],
        disputed=[_checked(fact) for fact in history.of(InformationDisputed, item)],
    )


def _agency(run: Run) -> str:
    return run.about.partition("/")[2]


def _unmet(runs: Iterable[Run]) -> list[str]:
    return sorted({_agency(run) for run in runs if run.stop is None})


def _checked(fact: Fact[InformationCorroborated] | Fact[InformationDisputed]) -> dict[str, Any]:
    return {"on": fact.on, "agency": fact.event.agency, "basis": fact.event.basis.value}


def listed(
    reading: Reading,
    *,
    plan: str | None = None,
    child: str | None = None,
    team: str | None = None,
    holder: str | None = None,
    waiting: str | None = None,
    everybody_has_it: bool | None = None,
    wanted: Slice = FIRST,
) -> Page:
    """List items, the newest first; ``waiting`` is an agency that has to be told or to confirm."""
    only = where(TABLE, plan=plan, child=child, team=team, holder=holder)
    only += where(TABLE, everybody_has_it=everybody_has_it)
    only += holding(TABLE.c.waiting, waiting)
    return page(reading, TABLE, only, ORDER, wanted, newest_first=True)
