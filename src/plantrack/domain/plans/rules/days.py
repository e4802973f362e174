"""Days that cannot be right."""

from plantrack.domain.events import (
    AlertAnswered,
    Corrected,
    MeetingHeld,
    MeetingPlanned,
    PlanOpened,
    Retracted,
)
from plantrack.domain.plans.rules.rule import Saying, rule
from plantrack.domain.refusals import DayNotPossible, PlanHasEnded
from plantrack.domain.words import MeetingType, PlanKind, day


@rule(again=True)
def nothing_is_dated_in_the_future(say: Saying) -> None:
    """What happened happened by today."""
    if say.event.on > say.today:
        raise DayNotPossible(
            f"{day(say.event.on)} is in the future. Record what happened once it has happened."
        )


@rule(again=True)
def nothing_is_dated_before_the_referral(say: Saying) -> None:
    """A plan's history starts with the referral (DfE 1105, 4015)."""
    opened = say.event if isinstance(say.event, PlanOpened) else say.plan.now.opened
    referred = opened and opened.origin.referred_on
    if referred and say.event.on < referred:
        raise DayNotPossible(
            f"{day(say.event.on)} is before the referral on {day(referred)}. Check the date."
        )


@rule(again=True)
def nothing_is_dated_after_the_end(say: Saying) -> None:
    """A plan that has ended takes nothing later, except what puts right or answers (DfE 8565)."""
    ended, event = say.plan.now.ended, say.event
    if ended is None or event.BY_THE_TRACKER:
        return
    if isinstance(event, Corrected | Retracted | AlertAnswered) or event is ended:
        return
    if event.on > ended.on:
        raise PlanHasEnded(
            f"Plan {say.plan.name} ended on {day(ended.on)}, so nothing can be dated "
            f"{day(event.on)} on it. Record it on the child's present plan."
        )


@rule(MeetingHeld, again=True)
def a_review_is_after_the_start(say: Saying) -> None:
    """A review conference is held after the plan's start, a child in need review not before it.

    DfE 8841 speaks of child protection; a child in need plan may be opened at its first review.
    """
    opened, event = say.plan.now.opened, say.event
    if opened is None:
        return
    too_early = event.type is MeetingType.REVIEW_CONFERENCE and event.on <= opened.on
    if too_early or (event.type is MeetingType.CIN_REVIEW and event.on < opened.on):
        raise DayNotPossible(
            f"A review must be after the plan's start on {day(opened.on)}. Check the date."
        )


@rule(MeetingPlanned, again=True)
def an_invitation_is_for_a_later_day(say: Saying) -> None:
    """A meeting is planned on or after the referral."""
    opened = say.plan.now.opened
    referred = opened and opened.origin.referred_on
    if referred and say.event.planned_for < referred:
        raise DayNotPossible(
            f"“planned_for” is before the referral on {day(referred)}. Check the date."
        )


@rule(PlanOpened, again=True)
def child_protection_starts_with_its_conference(say: Saying) -> None:
    """A child protection plan starts on the day of its initial conference (DfE 2885)."""
    opened = say.event
    if opened.plan_kind is PlanKind.CP and opened.origin.initial_conference_on != opened.on:
        raise DayNotPossible(
            "A child protection plan starts on the day of its initial conference: "
            "make “on” and “initial_conference_on” the same day."
        )
