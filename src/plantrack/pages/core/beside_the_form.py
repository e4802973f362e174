"""What forms draw upon besides where a plan stands: what waits for an answer, and names for it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from plantrack import codec
from plantrack.application import queries
from plantrack.application.commands import Commands
from plantrack.domain.events import (
    AgencyJoined,
    AlertAnswered,
    ChallengeAnswered,
    ChildDescribed,
    DecisionMade,
    DissentAnswered,
    InformationShared,
    InjuryNoted,
    LeadChanged,
    MeetingHeld,
    MeetingPlanned,
    PersonLinked,
    PlanEvent,
    PlanOpened,
    PositionTaken,
    RecordCirculated,
    ReportSubmitted,
    ServiceWithdrawn,
    SupervisionHeld,
    SupervisionRequested,
)
from plantrack.domain.plans.as_known import Moment, see
from plantrack.domain.words import Position

Found = dict[str, Any]
Events = dict[type[PlanEvent], list[Any]]


def besides(commands: Commands, plan: str) -> Found:
    """Give what waits on a plan for somebody to say something, as all that is known now has it."""
    entries = queries.entries_of(commands, plan)
    events: Events = defaultdict(list)
    for fact in see(entries, Moment(), codec.amend_sealed).facts:
        events[type(fact.event)].append(fact.event)
    return {
        "supervisions": _supervisions(events),
        "dissents": _dissents(events),
        "deciding": {e.decision: _deciding(e) for e in events[DecisionMade]},
        "meeting_papers": _meeting_papers(events),
        "answered_stages": _answered_stages(events),
        "explained": {e.injury: e.explanation for e in events[InjuryNoted]},
        "linked": {
            e.person: {"name": e.name, "relation": e.relation} for e in events[PersonLinked]
        },
        "items_about": {e.item: list(e.about) for e in events[InformationShared]},
        "described": _whole(events[ChildDescribed]),
        "opened": _whole(events[PlanOpened]),
        "team": _team(events),
        "professionals": {e.agency: e.professional for e in events[AgencyJoined]},
        "withdrawn": [e.service for e in events[ServiceWithdrawn]],
        "answered_alerts": [e.alert for e in events[AlertAnswered]],
    }


def _supervisions(events: Events) -> Found:
    held = {e.supervision for e in events[SupervisionHeld]}
    return {
        e.supervision: {
            "by_agency": e.by_agency,
            "why": e.why,
            "on": e.on,
            "held": e.supervision in held,
        }
        for e in events[SupervisionRequested]
    }


def _dissents(events: Events) -> list[Found]:
    """List who disagrees with a decision and has not been answered."""
    answered = {(e.decision, e.agency) for e in events[DissentAnswered]}
    stands: dict[tuple[str, str], tuple[Position, str | None]] = {}
    for made in events[DecisionMade]:
        for agency, stance in made.positions.items():
            stands[made.decision, agency] = (stance.position, stance.reason)
    for taken in events[PositionTaken]:
        stands[taken.decision, taken.agency] = (taken.position, taken.reason)
    return [
        {"decision": decision, "agency": agency, "reason": reason}
        for (decision, agency), (position, reason) in stands.items()
        if position is Position.DISAGREE and (decision, agency) not in answered
    ]


def _deciding(made: DecisionMade) -> Found:
    return {
        "on": made.on,
        "kind": made.decision_kind,
        "reason": made.reason,
        "meeting": made.meeting,
        "by": made.decided_by,
    }


def _meeting_papers(events: Events) -> Found:
    """Say of each meeting who was invited, who has reported, and whether its record went round."""
    meetings = {e.meeting for kind in (MeetingPlanned, MeetingHeld) for e in events[kind]}
    invited = {e.meeting: list(e.invited) for e in events[MeetingPlanned]}
    sent = {e.meeting for e in events[RecordCirculated]}
    return {
        meeting: {
            "invited": invited.get(meeting, []),
            "reported": [e.agency for e in events[ReportSubmitted] if e.meeting == meeting],
            "circulated": meeting in sent,
        }
        for meeting in sorted(meetings)
    }


def _answered_stages(events: Events) -> Found:
    stages: Found = defaultdict(list)
    for answered in events[ChallengeAnswered]:
        stages[answered.challenge].append(answered.stage)
    return dict(stages)


def _whole(events: Sequence[PlanEvent]) -> Found:
    """Give the last event of a kind as it was said; nothing, if there is none."""
    return codec.write_event(events[-1]) if events else {}


def _team(events: Events) -> str | None:
    named = [e.team for e in (*events[PlanOpened], *events[LeadChanged]) if e.team]
    return named[-1] if named else None
