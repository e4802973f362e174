"""Brothers and sisters, assessments and injuries (S7 S9 S14)."""

from collections.abc import Iterator

from plantrack.domain.events import (
    AssessmentFinished,
    AssessmentStarted,
    InjuryNoted,
    MedicalDecided,
    PersonLinked,
    SiblingConsidered,
    SourceConsulted,
    SourceNotConsulted,
)
from plantrack.domain.events.families import SIBLINGS
from plantrack.domain.obligations.clocks import Run, first
from plantrack.domain.obligations.reading import until
from plantrack.domain.plans.history import History, first_from


def sibling_considered(history: History, person: str) -> Iterator[Run]:
    """Run from a sibling's link (R57)."""
    for start in history.of(PersonLinked, person):
        if start.event.relation in SIBLINGS:
            yield Run(
                person, start, first(first_from(history.of(SiblingConsidered, person), start.on))
            )


def assessment_finished(history: History, assessment: str) -> Iterator[Run]:
    """Run from the start of an assessment, or from the referral where the policy says so (R39)."""
    for run in until(AssessmentStarted, AssessmentFinished)(history, assessment):
        anchor = history.policies.on(run.start.on).anchor("assessment-finished")
        referred_on = history.opened.origin.referred_on if history.opened else None
        yield run._replace(since=referred_on if anchor == "referral" else None)


def assessment_broad(history: History, assessment: str) -> Iterator[Run]:
    """Run for each listed source that a finished assessment leaves open (R40)."""
    asked = sorted(
        [
            *((f[:2], f, f.event.source) for f in history.of(SourceConsulted, assessment)),
            *((f[:2], f, f.event.source) for f in history.of(SourceNotConsulted, assessment)),
        ]
    )
    listed = [s for f in history.of(AssessmentStarted, assessment) for s in f.event.sources]
    for finished in history.of(AssessmentFinished, assessment):
        for source in dict.fromkeys(listed):
            stop = next((f for _, f, about in asked if about == source), None)
            yield Run(f"{assessment}/{source}", finished, stop)


def injury_decided(history: History, injury: str) -> Iterator[Run]:
    """Run from an injury to a decision by two groups (R51)."""
    for start in history.of(InjuryNoted, injury):
        decided = first_from(history.of(MedicalDecided, injury), start.on)
        yield Run(
            injury,
            start,
            first(d for d in decided if len(history.groups(d.event.agencies, d.on)) > 1),
        )
