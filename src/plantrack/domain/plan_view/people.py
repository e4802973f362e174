"""Who is around the child: agencies that acted and that did not, the family, who was asked."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plantrack.domain.events import (
    ENDINGS,
    AgencyJoined,
    AssessmentFinished,
    AssessmentReturned,
    AssessmentStarted,
    ChallengeRaised,
    ChildSeen,
    ContactMissed,
    DecisionMade,
    InformationAcknowledged,
    InformationCorroborated,
    InformationDisputed,
    InformationShared,
    PersonLinked,
    PlanEvent,
    PositionTaken,
    ReportSubmitted,
    ServiceWithdrawn,
    SiblingConsidered,
    SourceConsulted,
    SourceNotConsulted,
    SupervisionRequested,
)
from plantrack.domain.events.entries import Entry
from plantrack.domain.events.families import SIBLINGS
from plantrack.domain.plans.history import History
from plantrack.domain.words import Role

ACTS: dict[type[PlanEvent], str] = {
    ChallengeRaised: "by_agency",
    ChildSeen: "by_agency",
    ContactMissed: "agency",
    DecisionMade: "decided_by",
    InformationAcknowledged: "agency",
    InformationCorroborated: "agency",
    InformationDisputed: "agency",
    InformationShared: "from_",
    PositionTaken: "agency",
    ReportSubmitted: "agency",
    ServiceWithdrawn: "agency",
    SupervisionRequested: "by_agency",
}
"""What an agency does itself, and the field that names it; to be invited or told is not to act."""

MOTHER, FATHER = "mother", "father"


def acted(history: History, entries: Iterable[Entry]) -> dict[str, Any]:
    """Say which of the agencies on the plan did or recorded something on it, and when last."""
    last: dict[str, date] = {}
    for kind, field in ACTS.items():
        for fact in history.of(kind):
            _note(last, getattr(fact.event, field), fact.on)
    for entry in entries:
        if entry.by.role is not Role.TRACKER and not isinstance(entry.event, ENDINGS):
            _note(last, entry.by.agency, entry.event.on)
    there = sorted(history.agencies_on(date.max))
    joined = {fact.event.agency: fact.event for fact in history.of(AgencyJoined)}
    return {
        "who": [
            {
                "agency": name,
                "last_on": last.get(name),
                "professional": joined[name].professional if name in joined else None,
                "part": joined[name].part if name in joined else None,
            }
            for name in there
        ],
        "not_yet": [name for name in there if name not in last],
    }


def _note(last: dict[str, date], agency: str, on: date) -> None:
    last[agency] = max(on, last.get(agency, on))


def around(history: History) -> dict[str, Any]:
    """Tell of the people around the child, and of the breadth of each assessment."""
    return {
        "parents": [_parent(history, relation) for relation in (MOTHER, FATHER)],
        "people": [_person(history, name) for name in sorted(history.names(PersonLinked))],
        "assessments": [
            _assessment(history, name) for name in sorted(history.names(AssessmentStarted))
        ],
    }


def _parent(history: History, relation: str) -> dict[str, Any]:
    """Say of a parent whether anybody spoke to them; an absence is a fact."""
    linked = [f.event for f in history.of(PersonLinked) if f.event.relation == relation]
    spoken = [f.on for f in history.of(SourceConsulted) if f.event.source == relation]
    reasons = [f for f in history.of(SourceNotConsulted) if f.event.source == relation]
    return {
        "relation": relation,
        "known": bool(linked),
        "name": linked[-1].name if linked else None,
        "spoken_to_on": max(spoken, default=None),
        "not_spoken_to_because": reasons[-1].event.reason if reasons and not spoken else None,
    }


def _person(history: History, name: str) -> dict[str, Any]:
    linked = history.of(PersonLinked, name)[-1]
    considered = history.of(SiblingConsidered, name)
    last = considered[-1] if considered else None
    return {
        "person": name,
        "relation": linked.event.relation,
        "name": linked.event.name,
        "involved": linked.event.involved,
        "linked_on": linked.on,
        "sibling": linked.event.relation in SIBLINGS,
        "outcome": last.event.outcome if last else None,
        "considered_on": last.on if last else None,
        "own_plan": last.event.plan if last else None,
        "reason": last.event.reason if last else None,
    }


def _assessment(history: History, name: str) -> dict[str, Any]:
    """Tell who was asked for an assessment, who was not and why, and who is still to be asked."""
    started = history.of(AssessmentStarted, name)
    finished = history.of(AssessmentFinished, name)
    returned = history.of(AssessmentReturned, name)
    return {
        "assessment": name,
        "started_on": started[0].on,
        "finished_on": finished[-1].on if finished else None,
        "authorised_by": finished[-1].event.authorised_by if finished else None,
        "returned": [{"on": f.on, "by": f.event.by, "reason": f.event.reason} for f in returned],
        "sources": list(_sources(history, name)),
    }


def _sources(history: History, name: str) -> Iterator[dict[str, Any]]:
    listed = [s for f in history.of(AssessmentStarted, name) for s in f.event.sources]
    consulted = {f.event.source: f for f in reversed(history.of(SourceConsulted, name))}
    not_consulted = {f.event.source: f for f in history.of(SourceNotConsulted, name)}
    for source in dict.fromkeys([*listed, *sorted({*consulted, *not_consulted})]):
        asked, why = consulted.get(source), not_consulted.get(source)
        yield {
            "source": source,
            "asked_on": asked.on if asked else None,
            "how": asked.event.how if asked else None,
            "why_not": why.event.reason if why and not asked else None,
        }
