"""How a plan ends: once, decided, and with nothing left open."""

from plantrack.domain.calendar import months_after
from plantrack.domain.events import ENDINGS, PlanClosed, PlanSteppedDown, PlanSteppedUp, ends
from plantrack.domain.plans.rules.rule import Saying, rule
from plantrack.domain.refusals import (
    ActionsLeftOpen,
    DayNotPossible,
    EndNotDecided,
    NotForThisKind,
    NotOnThisPlan,
    PlanHasEnded,
)
from plantrack.domain.words import (
    ClosureReason,
    EndedWithoutConference,
    MeetingType,
    PlanKind,
    day,
    listed,
)

ADULT_AT_MONTHS = 18 * 12


@rule(*ENDINGS)
def a_plan_ends_once(say: Saying) -> None:
    """A plan has one ending."""
    if say.plan.now.ended and ends(say.event):
        raise PlanHasEnded(
            f"Plan {say.plan.name} already ended on {day(say.plan.now.ended.on)}. "
            "Correct or retract that entry if it is wrong."
        )


@rule(PlanSteppedUp)
def only_child_in_need_steps_up(say: Saying) -> None:
    """A step-up leads from child in need to child protection."""
    if say.plan.kind is not PlanKind.CIN:
        raise NotForThisKind(
            "Only a child in need plan can be stepped up. Check which plan you mean."
        )


@rule(PlanSteppedDown)
def only_child_protection_steps_down(say: Saying) -> None:
    """A step-down leads from child protection to child in need."""
    if say.plan.kind is not PlanKind.CP:
        raise NotForThisKind(
            "Only a child protection plan can be stepped down. Check which plan you mean."
        )


@rule(PlanSteppedUp, PlanSteppedDown)
def a_plan_steps_to_another(say: Saying) -> None:
    """A plan's successor is another plan."""
    if say.event.to_plan == say.plan.name:
        raise NotForThisKind("“to_plan” must name the plan that takes this one's place.")


@rule(*ENDINGS, again=True)
def child_protection_lasts_a_day(say: Saying) -> None:
    """A child protection plan does not start and end on the same day (DfE 8840)."""
    opened, event = say.plan.now.opened, say.event
    if opened is None or not ends(event):
        return
    if event.on < opened.on or (event.on == opened.on and opened.plan_kind is PlanKind.CP):
        raise DayNotPossible(
            f"The plan started on {day(opened.on)} and must end after it. Check the date."
        )


@rule(PlanClosed, PlanSteppedUp, PlanSteppedDown)
def the_deciding_decision_is_known(say: Saying) -> None:
    """An ending names a decision that is on the plan."""
    decision = say.event.decision
    if decision and decision not in say.plan.now.decisions:
        raise NotOnThisPlan(f"Decision {decision}")
    if decision and say.event.on < (decided_on := say.plan.now.decisions[decision].on):
        raise DayNotPossible(
            f"Decision {decision} was made on {day(decided_on)}, so the plan cannot have ended by "
            "it before. Check the date."
        )


@rule(PlanClosed, PlanSteppedDown)
def child_protection_ends_by_a_review_conference(say: Saying) -> None:
    """A child protection plan ends by a review conference's decision (Tees, Swindon 9.5).

    Save for the 18th birthday, death, leaving the UK, or a transfer that was accepted.
    """
    if say.plan.kind is not PlanKind.CP or _ends_by_itself(say):
        return
    now, name = say.plan.now, say.event.decision
    decision = now.decisions.get(name) if name else None
    reviews = [m for m in now.held.values() if m.type is MeetingType.REVIEW_CONFERENCE]
    if not decision or not any(
        r.meeting == decision.meeting or r.on == decision.on for r in reviews
    ):
        raise EndNotDecided(
            "A child protection plan ends by the decision of a review conference. Record the "
            "conference and its decision, and name that decision here."
        )


def _ends_by_itself(say: Saying) -> bool:
    event, born_on = say.event, say.plan.now.born_on
    if not isinstance(event, PlanClosed):
        return False
    of_age = born_on and event.on >= months_after(born_on, ADULT_AT_MONTHS)
    if event.without_conference is EndedWithoutConference.EIGHTEENTH_BIRTHDAY and not of_age:
        raise EndNotDecided(
            "The record does not show that the child is 18. Describe the child with the date "
            "of birth first."
        )
    return event.reason is ClosureReason.DIED or event.without_conference is not None


@rule(*ENDINGS)
def every_open_action_is_disposed_of(say: Saying) -> None:
    """An ending says what becomes of every open action."""
    if not ends(say.event):
        return
    now, left = say.plan.now, say.event.open_actions
    if missing := [action for action in now.open_actions if action not in left]:
        raise ActionsLeftOpen(
            f"Say in “open_actions” what becomes of {listed(missing)}: done, ended or carried, "
            "and why."
        )
    for action in left:
        if action not in now.owners:
            raise NotOnThisPlan(f"Action {action}")
