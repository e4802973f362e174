"""A plan as it stands at a moment: everything that its facts add up to, for a person to read."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plantrack.domain.events import (
    ActionAgreed,
    ActionCompleted,
    ActionEnded,
    ActionReassigned,
    ActionRescheduled,
    ActionReviewed,
    AssessmentFinished,
    AssessmentStarted,
    CategoryChanged,
    ChairChanged,
    ChallengeClimbed,
    ChallengeRaised,
    ChallengeResolved,
    ChildSeen,
    ContactMissed,
    DecisionMade,
    GapAnswered,
    InformationAcknowledged,
    InformationShared,
    InjuryNoted,
    LeadChanged,
    MedicalDecided,
    MeetingHeld,
    MeetingMoved,
    MeetingPlanned,
    OutcomeAgreed,
    OversightRecorded,
    PersonLinked,
    PositionTaken,
    ServiceWithdrawn,
    SiblingConsidered,
    SourceConsulted,
    SourceNotConsulted,
    SupervisionHeld,
)
from plantrack.domain.events.children import alone, face_to_face, heard
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.catalogue import BY_CODE, OBLIGATIONS
from plantrack.domain.obligations.clocks import Clock, clocks
from plantrack.domain.plans.as_known import Seen
from plantrack.domain.plans.history import Before, Carried, History
from plantrack.domain.policy import Policies

Picture = dict[str, Any]


def picture(plan: str, seen: Seen, before: Before, policies: Policies, today: date) -> Picture:
    """Give everything that stands on a plan, from what was seen of it."""
    history = History(plan, policies, before)
    for fact in seen.facts:
        history.add(fact)
    return {
        "plan": plan,
        **_plan(history),
        "seen": _seen(history),
        "outcomes": {f.event.outcome: f.event.what for f in history.of(OutcomeAgreed)},
        "actions": {a: _action(history, a) for a in sorted(history.names(ActionAgreed))}
        | {c.action: _carried(history, c) for c in before.carried},
        "meetings": {m: _meeting(history, m) for m in _meetings(history)},
        "decisions": {f.event.decision: _decision(history, f) for f in history.of(DecisionMade)},
        "challenges": {
            f.event.challenge: _challenge(history, f) for f in history.of(ChallengeRaised)
        },
        "recommendations": _recommendations(history),
        "gaps": _gaps(history),
        "information": {item: _item(history, item) for item in _items(history)},
        "missed_contacts": [_missed(f) for f in history.of(ContactMissed)],
        "withdrawn_services": {f.event.service: f.on for f in history.of(ServiceWithdrawn)},
        "injuries": {f.event.injury: _injury(history, f) for f in history.of(InjuryNoted)},
        "assessments": {
            f.event.assessment: _assessment(history, f) for f in history.of(AssessmentStarted)
        },
        "people": {f.event.person: _person(history, f) for f in history.of(PersonLinked)},
        "owed": [_clock(clock, today) for clock in _owed(history)],
        "unmet_at_closing": [_clock(clock, today) for clock in _unmet(history)],
        "entries": len(seen.entries),
    }


def _plan(history: History) -> Picture:
    opened, ending = history.opened, history.ending
    if opened is None:
        return {"kind": None, "child": None}
    category = [*history.of(CategoryChanged)][-1:]
    lead, chair = [*history.of(LeadChanged)][-1:], [*history.of(ChairChanged)][-1:]
    return {
        "kind": opened.plan_kind,
        "child": opened.child,
        "family": opened.family,
        "category": category[0].event.category if category else opened.category,
        "opened_on": opened.on,
        "follows": opened.follows,
        "ended_on": ending and ending.on,
        "ended_by": type(ending.event).__name__ if ending else None,
        "lead": lead[0].event.lead if lead else opened.lead,
        "chair": chair[0].event.chair if chair else opened.chair,
        "agencies": sorted(history.agencies_on(date.max)),
    }


def _seen(history: History) -> Picture:
    visits = history.of(ChildSeen)
    words = [f for f in visits if heard(f.event)][-1:]
    return {
        "last_contact_on": _last(visits),
        "last_face_to_face_on": _last(f for f in visits if face_to_face(f.event)),
        "last_alone_on": _last(f for f in visits if alone(f.event)),
        "last_heard_on": _last(words),
        "last_words": words[0].event.words if words else None,
    }


def _last(facts: Iterable[Fact[Any]]) -> date | None:
    return max((fact.on for fact in facts), default=None)


def _action(history: History, action: str) -> Picture:
    agreed = history.of(ActionAgreed, action)[0].event
    return {
        "what": agreed.what,
        "outcome": agreed.outcome,
        "owner": agreed.owner,
        "first_due_on": agreed.due_on,
        "due_on": agreed.due_on,
        "carried": False,
    } | _since(history, action)


def _carried(history: History, carried: Carried) -> Picture:
    """Describe an action from the plan before: it keeps its first due day and its slips."""
    agreed = carried.agreed.event
    return {
        "what": agreed.what,
        "outcome": agreed.outcome,
        "owner": carried.owner,
        "first_due_on": agreed.due_on,
        "due_on": carried.done[-1].due_on if carried.done else agreed.due_on,
        "carried": True,
    } | _since(history, carried.action, carried.moves)


def _since(
    history: History, action: str, before: tuple[Fact[ActionRescheduled], ...] = ()
) -> Picture:
    """Say what happened to an action after it was agreed, on a plan before and on this one."""
    moved = [*before, *history.of(ActionRescheduled, action)]
    reviews = history.of(ActionReviewed, action)
    owners = history.of(ActionReassigned, action)
    done = [*history.of(ActionCompleted, action), *history.of(ActionEnded, action)]
    return {
        "slips": [{"on": f.on, "due_on": f.event.due_on, "reason": f.event.reason} for f in moved],
        "reviews": len(reviews),
        "last_reviewed_on": _last(reviews),
        "difference": reviews[-1].event.difference if reviews else None,
        "state": {ActionCompleted: "completed", ActionEnded: "ended"}[type(done[0].event)]
        if done
        else "open",
        "done_on": done[0].on if done else None,
        **({"due_on": moved[-1].event.due_on} if moved else {}),
        **({"owner": owners[-1].event.owner} if owners else {}),
    }


def _meetings(history: History) -> list[str]:
    return sorted(history.names(MeetingPlanned) | history.names(MeetingHeld))


def _meeting(history: History, meeting: str) -> Picture:
    planned, held = history.of(MeetingPlanned, meeting), history.of(MeetingHeld, meeting)
    moved = history.of(MeetingMoved, meeting)
    due = (
        moved[-1].event.planned_for if moved else planned[0].event.planned_for if planned else None
    )
    return {
        "type": held[0].event.type if held else planned[0].event.type,
        "planned_for": due,
        "moved": len(moved),
        "held_on": held[0].on if held else None,
        "attendance": dict(held[0].event.attendance) if held else None,
    }


def _decision(history: History, made: Fact[DecisionMade]) -> Picture:
    """Describe a decision; that it stayed within one agency is worked out, never typed (S2)."""
    event = made.event
    later = {f.event.agency: f.event.position for f in history.of(PositionTaken, event.decision)}
    return {
        "on": made.on,
        "what": event.what,
        "decided_by": event.decided_by,
        "positions": {a: s.position for a, s in event.positions.items()} | later,
        "single_agency": history.shared_by(event.decision) is None,
    }


def _challenge(history: History, raised: Fact[ChallengeRaised]) -> Picture:
    name = raised.event.challenge
    stages = [f.event.stage for f in history.of(ChallengeClimbed, name)]
    return {
        "raised_on": raised.on,
        "by_agency": raised.event.by_agency,
        "to_agency": raised.event.to_agency,
        "concern": raised.event.concern,
        "stage": max(stages, default=1),
        "resolved_on": _last(history.of(ChallengeResolved, name)),
    }


def _recommendations(history: History) -> Picture:
    return {
        name: {
            "what": what,
            "answered_by": [
                f.event.decision for f in history.of(DecisionMade) if name in f.event.answers
            ],
        }
        for session in history.of(SupervisionHeld)
        for name, what in session.event.recommendations.items()
    }


def _gaps(history: History) -> Picture:
    return {
        gap: {"what": what, "answered_on": _last(history.of(GapAnswered, gap))}
        for oversight in history.of(OversightRecorded)
        for gap, what in oversight.event.gaps.items()
    }


def _items(history: History) -> list[str]:
    return sorted(history.names(InformationShared))


def _item(history: History, item: str) -> Picture:
    shares = [f.event for f in history.of(InformationShared, item)]
    return {
        "what": shares[-1].what,
        "from": shares[0].from_,
        "to": sorted({agency for share in shares for agency in share.to}),
        "withheld_from": {a: why for share in shares for a, why in share.withheld_from.items()},
        "acknowledged_by": sorted(
            {f.event.agency for f in history.of(InformationAcknowledged, item)}
        ),
    }


def _missed(fact: Fact[ContactMissed]) -> Picture:
    return {"on": fact.on, "with": fact.event.with_, "how": fact.event.how}


def _injury(history: History, noted: Fact[InjuryNoted]) -> Picture:
    decided = history.of(MedicalDecided, noted.event.injury)
    return {
        "on": noted.on,
        "where": noted.event.where,
        "medical": decided[-1].event.outcome if decided else None,
    }


def _assessment(history: History, started: Fact[AssessmentStarted]) -> Picture:
    name = started.event.assessment
    asked = {f.event.source for f in history.of(SourceConsulted, name)}
    reasons = {f.event.source for f in history.of(SourceNotConsulted, name)}
    return {
        "started_on": started.on,
        "finished_on": _last(history.of(AssessmentFinished, name)),
        "consulted": sorted(asked),
        "open_sources": [s for s in started.event.sources if s not in asked | reasons],
    }


def _person(history: History, linked: Fact[PersonLinked]) -> Picture:
    considered = history.of(SiblingConsidered, linked.event.person)
    return {
        "relation": linked.event.relation,
        "involved": linked.event.involved,
        "considered": considered[-1].event.outcome if considered else None,
    }


def _owed(history: History) -> list[Clock]:
    """List the running clocks, the longest overdue first; an ended plan owes nothing new."""
    if history.ending:
        return []
    running = clocks(history, OBLIGATIONS, running_only=True)
    unmet = (clock for clock in running if clock.met_on is None)
    return sorted(unmet, key=lambda clock: clock.due_on)


def _unmet(history: History) -> list[Clock]:
    """List what was overdue when the plan ended: it stays visible (R21)."""
    ending = history.ending
    if ending is None:
        return []
    unmet = (
        clock
        for clock in clocks(history, OBLIGATIONS, running_only=True)
        if clock.due_on < ending.on
        and clock.started_on <= ending.on
        and (clock.met_on is None or clock.met_on > ending.on)
    )
    return sorted(unmet, key=lambda clock: clock.due_on)


def _clock(clock: Clock, today: date) -> Picture:
    return {
        "obligation": clock.obligation,
        "about": clock.about,
        "says": BY_CODE[clock.obligation].says,
        "owed_by": BY_CODE[clock.obligation].owed_by,
        "due_on": clock.due_on,
        "overdue": clock.overdue(today),
        "because": list(clock.because),
    }


def changes(before: Picture, after: Picture) -> list[dict[str, Any]]:
    """List what differs between two pictures, by the path to it."""
    return [
        {"what": " / ".join(path), "from": old, "to": new}
        for path, old, new in _differences(before, after, ())
    ]


def _differences(
    old: Any, new: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _differences(old.get(key), new.get(key), (*path, str(key)))
    elif path in (("owed",), ("unmet_at_closing",)):
        yield from _differences(_by_clock(old), _by_clock(new), path)
    elif old != new:
        yield path, old, new


def _by_clock(owed: list[Picture] | None) -> Picture:
    return {f"{o['obligation']} {o['about']} due {o['due_on']}": o["overdue"] for o in owed or ()}
