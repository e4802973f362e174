"""What needs somebody now: what is overdue, the most important first and then the longest."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from plantrack.domain.alerts.raised import ToldAlert
from plantrack.domain.events import (
    ActionAgreed,
    ChallengeRaised,
    DecisionMade,
    InformationShared,
    InjuryNoted,
    MeetingHeld,
    MeetingPlanned,
    OversightRecorded,
    PersonLinked,
    SupervisionHeld,
    SupervisionRequested,
)
from plantrack.domain.obligations.actions import agreement
from plantrack.domain.obligations.catalogue import OBLIGATIONS
from plantrack.domain.obligations.clocks import Clock, Obligation, Run
from plantrack.domain.obligations.owners import Waiting
from plantrack.domain.plans.history import History

IMPORTANCE: tuple[tuple[str, ...], ...] = (
    ("child-seen", "injury-decided", "child-seen-alone"),
    (
        "decision-shared-after-challenge",
        "challenge-answered",
        "decision-shared",
        "dissent-answered",
        "child-heard",
        "self-report-checked",
        "absence-explored",
        "withdrawal-reviewed",
    ),
    (
        "action-done",
        "action-reviewed",
        "information-shared",
        "assessment-broad",
        "sibling-considered",
        "recommendation-answered",
        "supervision-held",
    ),
    (
        "review-conference",
        "first-review-conference",
        "initial-conference",
        "first-core-group",
        "core-group",
        "cin-review",
        "transfer-conference",
        "quorum",
        "assessment-finished",
    ),
    (
        "information-acknowledged",
        "report-to-conference",
        "record-circulated",
        "action-spoken-to",
        "oversight",
        "gap-answered",
        "plan-drift",
        "repeat-plan",
    ),
)
"""Which obligations come first: what is about the child's safety now, then voices, then the rest.

It is a proposal, to be tried with chairs; the order within a group is that of the days.
"""

RANK = {code: rank for rank, codes in enumerate(IMPORTANCE) for code in codes}


class Running(NamedTuple):
    """A clock that runs, with the obligation and the run that it was made of."""

    row: Obligation
    run: Run
    clock: Clock


def needs(history: History, alerts: Iterable[ToldAlert], today: date) -> list[dict[str, Any]]:
    """List what is owed on a plan that goes on: what is due first, the rest by its day.

    Several agencies that owe the same about one thing are one line.
    """
    if history.ending:
        return []
    waiting = Waiting(history)
    told = {alert.key: alert for alert in alerts if alert.cleared is None}
    same: dict[tuple[str, str], list[Running]] = {}
    for each in running(history):
        thing, _, _ = each.clock.about.partition("/")
        same.setdefault((each.clock.obligation, thing), []).append(each)
    found = [_need(history, waiting, told, each, today) for each in same.values()]
    return sorted(found, key=_place)


def running(history: History) -> Iterator[Running]:
    """Give every clock that runs, as the picture of the plan counts them."""
    for row in OBLIGATIONS:
        if history.opening is None or history.kind not in row.plan_kinds:
            continue
        for name in sorted(set(row.everything(history))):
            for run in row.runs(history, name):
                if run.stop is None:
                    yield Running(row, run, row.clock(history, run))


def _place(need: dict[str, Any]) -> tuple[bool, int, date]:
    return not need["now"], RANK[need["obligation"]] if need["now"] else 0, need["due_on"]


def _need(
    history: History,
    waiting: Waiting,
    told: dict[tuple[str, str, date], ToldAlert],
    same: list[Running],
    today: date,
) -> dict[str, Any]:
    """Tell one thing that is owed, as far as words for it need to know."""
    clocks = [each.clock for each in same]
    first = min(same, key=lambda each: each.clock.due_on)
    clock, (thing, _, _) = first.clock, first.clock.about.partition("/")
    late = [c for c in clocks if c.due_on <= today] or clocks
    owes = [waiting.waits_for(clock.obligation, each.about) for each in late]
    alert = next((told[k] for c in clocks if (k := _key(c)) in told), None)
    return {
        "obligation": clock.obligation,
        "thing": thing,
        "parts": sorted({c.about.partition("/")[2] for c in late} - {""}),
        "what": _what(history, clock.obligation, thing),
        "started_on": clock.started_on,
        "days": (today - clock.started_on).days,
        "due_on": clock.due_on,
        "days_over": (today - clock.due_on).days,
        "now": clock.due_on <= today,
        "allowed": _allowed(history, first),
        "by_the_plan": first.run.due_on is not None,
        "agencies": sorted({each.agency for each in owes if each.agency}),
        "owner": next((each.name for each in owes if each.name), None),
        "owed_by": first.row.owed_by,
        "stage": first.run.case.removeprefix("stage_") if "stage_" in first.run.case else None,
        "alert": alert.id if alert else None,
        "alerted_on": alert.raised.on if alert else None,
        "answered": alert.answer is not None if alert else None,
    }


def _key(clock: Clock) -> tuple[str, str, date]:
    return clock.obligation, clock.about, clock.due_on


def _allowed(history: History, each: Running) -> str | None:
    """Say how long it may take, in words; None for a day that stands on the plan itself."""
    if each.row.code == "action-reviewed" and each.run.due_on:
        origin = agreement(history, each.clock.about)
        own = origin.event.review_every_days if origin else None
        return f"{own} days" if own else None
    if each.run.due_on:
        return None
    periods = history.policies.on(each.clock.started_on).terms[each.row.code].periods
    return str(periods[each.run.case])


def _what(history: History, obligation: str, thing: str) -> str | None:
    """Name the thing that something is owed about in people's own words, if it has any."""
    if obligation.startswith("action-"):
        agreed = agreement(history, thing)
        return agreed.event.what if agreed else None
    for kind, field in NAMED_BY.items():
        if found := history.of(kind, thing):
            value: str = getattr(found[-1].event, field)
            return value
    for session in history.of(SupervisionHeld):
        if thing in session.event.recommendations:
            return session.event.recommendations[thing]
    for oversight in history.of(OversightRecorded):
        if thing in oversight.event.gaps:
            return oversight.event.gaps[thing]
    return None


NAMED_BY: dict[Any, str] = {
    ActionAgreed: "what",
    DecisionMade: "what",
    ChallengeRaised: "concern",
    InformationShared: "what",
    InjuryNoted: "where",
    MeetingPlanned: "type",
    MeetingHeld: "type",
    PersonLinked: "name",
    SupervisionRequested: "why",
}
"""The field by which people know a thing of each kind."""
