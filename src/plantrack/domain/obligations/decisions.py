"""Decisions, and the challenge and supervision that came before them (S2 S3 S12)."""

from collections.abc import Iterable, Iterator

from plantrack.domain.events import (
    ChallengeAnswered,
    ChallengeClimbed,
    ChallengeRaised,
    ChallengeResolved,
    DecisionMade,
    DissentAnswered,
    PlanEvent,
    PositionTaken,
    SupervisionHeld,
)
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.clocks import EVERY, Run, Runs, first
from plantrack.domain.obligations.reading import precedes
from plantrack.domain.plans.history import AnyFact, History, first_from
from plantrack.domain.words import Position

LAST_STAGE_WITH_A_LIMIT = 3


def decision_shared(*, after_challenge: bool) -> Runs:
    """Run for a decision on which fewer than two groups have a position (R45 to R48)."""

    def runs(history: History, decision: str) -> Iterator[Run]:
        for made in history.of(DecisionMade, decision):
            shared = history.shared_by(decision)
            if shared is not made and _after_challenge(history, made) is after_challenge:
                yield Run(decision, made, shared)

    return runs


def _after_challenge(history: History, made: Fact[DecisionMade]) -> bool:
    if made.event.answers:
        return True
    for raised in history.of(ChallengeRaised):
        name = raised.event.challenge
        resolved = first(history.of(ChallengeResolved, name))
        if precedes(raised, made) and not (resolved and precedes(resolved, made)):
            return True
    for session in history.of(SupervisionHeld):
        for name in session.event.recommendations:
            answered = _answered(history, name)
            if precedes(session, made) and not (answered and precedes(answered, made)):
                return True
    return False


def _answered(history: History, recommendation: str) -> AnyFact | None:
    """Give the fact by which two groups had answered a recommendation (R50)."""
    answers = (
        history.shared_by(made.event.decision)
        for made in history.of(DecisionMade)
        if recommendation in made.event.answers
    )
    return min(filter(None, answers), default=None)


def touched_by_decision(event: PlanEvent, history: History) -> Iterable[str]:
    """Touch the decision, and all others where it answers something (R46)."""
    match event:
        case DecisionMade(decision=decision, answers=answers):
            return (EVERY,) if answers else (decision,)
        case PositionTaken(decision=decision):
            return (EVERY,) if _what_it_answers(history, decision) else (decision,)
    return ()


def _what_it_answers(history: History, decision: str) -> tuple[str, ...]:
    made = first(history.of(DecisionMade, decision))
    return made.event.answers if made else ()


def dissent_answered(history: History, decision: str) -> Iterator[Run]:
    """Run for each agency that disagrees (R49)."""
    starts = history.of_any((DecisionMade, PositionTaken), decision)
    for start in starts if history.of(DecisionMade, decision) else ():
        for agency in _dissenters(start.event):
            answers = first_from(history.of(DissentAnswered, decision), start.on)
            stop = first(a for a in answers if a.event.agency == agency)
            yield Run(f"{decision}/{agency}", start, stop)


def _dissenters(event: PlanEvent) -> list[str]:
    match event:
        case DecisionMade(positions=positions):
            return [a for a, s in positions.items() if s.position is Position.DISAGREE]
        case PositionTaken(agency=agency, position=Position.DISAGREE):
            return [agency]
    return []


def recommendation_answered(history: History, recommendation: str) -> Iterator[Run]:
    """Run from the session that made a recommendation to its answer by two groups (R50)."""
    for session in history.of(SupervisionHeld):
        if recommendation in session.event.recommendations:
            answered = _answered(history, recommendation)
            yield Run(recommendation, session, answered)


def recommendations(history: History) -> Iterable[str]:
    """List what supervision recommended."""
    return {r for held in history.of(SupervisionHeld) for r in held.event.recommendations}


def touched_recommendations(event: PlanEvent, history: History) -> Iterable[str]:
    """Touch the recommendations that the event makes, or that its decision answers."""
    match event:
        case SupervisionHeld(recommendations=made):
            return tuple(made)
        case DecisionMade(answers=answers):
            return answers
        case PositionTaken(decision=decision):
            return _what_it_answers(history, decision)
    return ()


def challenge_answered(history: History, challenge: str) -> Iterator[Run]:
    """Run at each stage until it is answered; a stage that climbed is not met (R60, R69)."""
    climbs = history.of(ChallengeClimbed, challenge)
    for raised in history.of(ChallengeRaised, challenge):
        stages: list[tuple[int, AnyFact]] = [(1, raised)]
        for stage, start in stages + [(climb.event.stage, climb) for climb in climbs]:
            stop = first(first_from(_answers_at(history, challenge, stage), start.on))
            climbed = first(c for c in first_from(climbs, start.on) if c.event.stage > stage)
            if climbed is None or (stop and precedes(stop, climbed)):
                yield Run(challenge, start, stop, f"stage_{min(stage, LAST_STAGE_WITH_A_LIMIT)}")


def _answers_at(history: History, challenge: str, stage: int) -> list[AnyFact]:
    answered = [f for f in history.of(ChallengeAnswered, challenge) if f.event.stage == stage]
    return sorted([*answered, *history.of(ChallengeResolved, challenge)])
