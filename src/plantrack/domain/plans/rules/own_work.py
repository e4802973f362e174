"""Nobody approves, oversees or answers for their own work."""

from plantrack.domain.events import (
    AlertAnswered,
    AssessmentFinished,
    ChairChanged,
    LeadChanged,
    OversightRecorded,
    PlanOpened,
)
from plantrack.domain.plans.rules.rule import Saying, rule
from plantrack.domain.refusals import OwnWork
from plantrack.domain.words import Named, Person, Role


@rule(PlanOpened, LeadChanged, ChairChanged, again=True)
def a_chair_does_not_lead(say: Saying) -> None:
    """The conference chair neither leads nor line-manages the case (Sefton 4.6)."""
    now, event = say.plan.now, say.event
    lead, chair = getattr(event, "lead", now.lead), getattr(event, "chair", now.chair)
    if lead is not None and lead == chair:
        raise OwnWork(
            f"{lead.name} cannot be both lead practitioner and conference chair. Name another."
        )


@rule(OversightRecorded)
def oversight_comes_from_outside_the_work(say: Saying) -> None:
    """Oversight is a manager's: neither the lead's own nor the chair's (Sefton 4.6)."""
    now, by = say.plan.now, say.by
    if _is(by, now.lead):
        raise OwnWork("You lead this plan. Oversight must come from a manager.")
    if by.role is Role.CHAIR or _is(by, now.chair):
        raise OwnWork("A chair does not line-manage the case. Oversight must come from a manager.")


@rule(AssessmentFinished, again=True)
def nobody_authorises_their_own_assessment(say: Saying) -> None:
    """An assessment is authorised by somebody else than the plan's lead or chair."""
    now, name = say.plan.now, say.event.authorised_by
    if now.lead and name == now.lead.name:
        raise OwnWork(f"{name} leads this plan and cannot authorise the assessment. Ask a manager.")
    if now.chair and name == now.chair.name:
        raise OwnWork(
            f"{name} chairs this plan and cannot authorise the assessment. Ask a manager."
        )


@rule(AlertAnswered)
def nobody_answers_for_their_own_work(say: Saying) -> None:
    """An alert is answered by somebody else than the lead, or the owner of the action."""
    now, parts = say.plan.now, say.event.alert.split(":")
    owner = now.owners.get(parts[1]) if parts[0].startswith("action-") and parts[1:] else None
    if _is(say.by, now.lead) or _is(say.by, owner):
        raise OwnWork("You cannot answer an alert about your own work. Ask your manager.")


def _is(by: Person, named: Named | None) -> bool:
    return named is not None and (by.name, by.agency) == (named.name, named.agency)
