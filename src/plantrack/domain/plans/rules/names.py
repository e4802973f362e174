"""Names: a new thing has a new one, an old thing has one that the plan knows."""

from plantrack.domain.events import (
    ActionAgreed,
    AgencyLeft,
    DecisionMade,
    InformationCorroborated,
    InformationDisputed,
    MeetingHeld,
    OversightRecorded,
    PlanEvent,
    SupervisionHeld,
)
from plantrack.domain.plans.plan import BEGINS_ITSELF
from plantrack.domain.plans.rules.rule import Saying, rule
from plantrack.domain.refusals import AlreadyOnThisPlan, NotOnThisPlan
from plantrack.domain.words import words


@rule()
def a_new_name_is_new(say: Saying) -> None:
    """Each thing on a plan has a name of its own."""
    event, now = say.event, say.plan.now
    if isinstance(event, MeetingHeld) and event.meeting in now.held:
        raise AlreadyOnThisPlan(f"Meeting {event.meeting}")
    if event.INTRODUCES and now.knows(event.ABOUT, name := getattr(event, event.ABOUT)):
        raise AlreadyOnThisPlan(f"{words(event.ABOUT).capitalize()} {name}")


@rule()
def an_old_name_is_known(say: Saying) -> None:
    """What an event is about must be on the plan."""
    event = say.event
    free = isinstance(event, BEGINS_ITSELF)
    if event.ABOUT in (None, "service", "subject") or event.INTRODUCES or free:
        return
    name = getattr(event, event.ABOUT)
    if not say.plan.now.knows(event.ABOUT, name) and not _named_by_meeting_only(event):
        raise NotOnThisPlan(f"{words(event.ABOUT).capitalize()} {name}")


def _named_by_meeting_only(event: PlanEvent) -> bool:
    """Whether an event may be written down before the meeting that it belongs to."""
    return type(event).__name__ == "DifferenceStated"


@rule(InformationCorroborated, InformationDisputed)
def a_claim_is_known(say: Saying) -> None:
    """Only a claim that is on the plan can be checked."""
    now, subject = say.plan.now, say.event.subject
    if not any(now.knows(sort, subject) for sort in ("action", "decision", "item", "injury")):
        raise NotOnThisPlan(f"Claim {subject}")


@rule(SupervisionHeld)
def recommendations_are_new(say: Saying) -> None:
    """Each recommendation has a name of its own."""
    for name in say.event.recommendations:
        if say.plan.now.knows("recommendation", name):
            raise AlreadyOnThisPlan(f"Recommendation {name}")


@rule(OversightRecorded)
def gaps_are_new(say: Saying) -> None:
    """Each gap has a name of its own."""
    for name in say.event.gaps:
        if say.plan.now.knows("gap", name):
            raise AlreadyOnThisPlan(f"Gap {name}")


@rule(ActionAgreed)
def an_outcome_is_known(say: Saying) -> None:
    """An action may serve an outcome that is on the plan."""
    if say.event.outcome and not say.plan.now.knows("outcome", say.event.outcome):
        raise NotOnThisPlan(f"Outcome {say.event.outcome}")


@rule(DecisionMade)
def what_a_decision_answers_is_known(say: Saying) -> None:
    """A decision answers recommendations and challenges that are on the plan."""
    for name in say.event.answers:
        if not any(say.plan.now.knows(sort, name) for sort in ("recommendation", "challenge")):
            raise NotOnThisPlan(f"Recommendation or challenge {name}")


@rule(AgencyLeft)
def an_agency_leaves_a_plan_it_was_on(say: Saying) -> None:
    """Only an agency on the plan can leave it."""
    if say.event.agency not in say.plan.now.agencies:
        raise NotOnThisPlan(f"Agency {say.event.agency}")
