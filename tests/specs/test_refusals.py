"""What cannot be is refused with a sentence, and what lies just beside it is taken in."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from plantrack import codec
from plantrack.application.command_guard import SAYS
from plantrack.domain import events as e
from plantrack.domain.events import KINDS, PlanEvent
from plantrack.domain.plans.rules import every_rule
from plantrack.domain.refusals import (
    ActionsLeftOpen,
    AlreadyOnThisPlan,
    AlreadyOpened,
    CannotBePutRight,
    CommandReused,
    DayNotPossible,
    EndNotDecided,
    Incomplete,
    MomentBeforePlan,
    NoSuchPlan,
    NotAllowed,
    NotForThisKind,
    NotOnThisPlan,
    OnlyTheTracker,
    OwnWork,
    PlanHasEnded,
    PlansOverlap,
    ProveAgain,
    Refusal,
    RightNotPossible,
    StaleVersion,
    Unreadable,
)
from plantrack.domain.words import (
    THE_TRACKER,
    Category,
    ClosureReason,
    EndedWithoutConference,
    Mark,
    Person,
    PlanKind,
    Role,
    SiblingOutcome,
)
from story import (
    CHAIR,
    CIN_J1,
    CIN_REVIEW,
    CORE_GROUP,
    CP_J1,
    LEAD,
    MANAGER,
    OWNER,
    REFERRED,
    REVIEW,
    START,
    SUPERVISION,
    TEACHER,
    Story,
    agreed,
    answered,
    at,
    category,
    chair,
    challenged,
    climbed,
    closed,
    closed_without,
    considered,
    corrected,
    corroborated,
    decided,
    described,
    disputed,
    ending,
    feb,
    finished,
    gap_answered,
    given,
    given_in_need,
    held,
    injury,
    jan,
    joined,
    jun,
    lead,
    left,
    linked,
    mar,
    moved,
    opened,
    outcome,
    oversight,
    planned,
    reassigned,
    report,
    retracted,
    review_decides,
    reviewed,
    seen,
    started,
    stepped_down,
    stepped_up,
    supervised,
    supervision_asked,
    transferred,
)

Told = Callable[[], Story]
CIN, CP = PlanKind.CIN, PlanKind.CP
DEATH, LEFT_UK = EndedWithoutConference.DEATH, EndedWithoutConference.LEFT_UK
BIRTHDAY = EndedWithoutConference.EIGHTEENTH_BIRTHDAY
RECORDED_BY_THE_RECORD = {StaleVersion, CommandReused, MomentBeforePlan}
"""Refusals of the record and of those who look at it; their own tests show them."""

REFUSED_BY_RIGHTS = {NotAllowed, ProveAgain, RightNotPossible}
"""Refusals of whoever may not; tests/rights shows them, as no rule of a plan knows who asks."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One refusal: who refuses, what is refused, and what lies beside it and is taken in."""

    rule: str
    because: type[Refusal]
    refused: PlanEvent
    allowed: PlanEvent | None = None
    told: Told = given
    by: Person = MANAGER
    allowed_by: Person | None = None
    plan: str | None = None
    allowed_plan: str | None = None
    recorded: date = date(2026, 3, 2)

    def __str__(self) -> str:
        return self.rule


def two_actions() -> Story:
    return given(
        agreed(START, "A1", due_on=mar(9)), agreed(START, "A2", due_on=mar(9), owner=TEACHER)
    )


def in_need(*events: PlanEvent) -> Told:
    return lambda: given_in_need(*events)


def plan(*events: PlanEvent) -> Told:
    return lambda: given(*events)


def stepped() -> Story:
    """J1's child in need plan was stepped up on 16 February; its successor is not open yet."""
    return given_in_need(stepped_up(feb(16)))


def tracker_spoke() -> Story:
    return given().when(CLEARED, by=THE_TRACKER)


CLEARED = e.AlertCleared(on=feb(17), alert="child-seen:J1:2026-02-16", met_on=feb(17))
DIED = closed_without(feb(20), DEATH, ClosureReason.DIED)
SUPERVISED = (supervision_asked(feb(6)), supervised(feb(9), "S1", "R1"))
REVIEWED_AT = "child-seen:J1:2026-02-16"
A_DAY_LATER = decided(feb(20), "D8")
BY_LEAD, BY_CHAIR = "L Worker", "C Chair"
AN_OPENING = opened(child="L3", on=feb(16))

CASES = [
    # A plan is there, and open
    Case(
        rule="the_plan_is_open_on_the_record",
        because=NoSuchPlan,
        refused=seen(feb(3)),
        plan="CP-X9",
        allowed=seen(feb(3)),
        allowed_plan=CP_J1,
    ),
    Case(
        rule="the_plan_is_open_on_the_record",
        because=NoSuchPlan,
        told=plan(retracted(feb(3), 1)),
        refused=seen(feb(3)),
        allowed=retracted(feb(3), 2),
    ),
    Case(
        rule="the_plan_is_open_on_the_record",
        because=AlreadyOpened,
        refused=opened(),
        allowed=opened(child="L3"),
        allowed_plan="CP-L3",
    ),
    Case(
        rule="_check_opening",
        because=NoSuchPlan,
        refused=replace(AN_OPENING, follows="CIN-X9"),
        plan="CP-L3",
        allowed=AN_OPENING,
    ),
    Case(
        rule="the_tracker_speaks_for_itself",
        because=OnlyTheTracker,
        refused=CLEARED,
        allowed=CLEARED,
        allowed_by=THE_TRACKER,
    ),
    # Days
    Case(
        rule="nothing_is_dated_in_the_future",
        because=DayNotPossible,
        refused=seen(mar(3)),
        allowed=seen(mar(2)),
    ),
    Case(
        rule="nothing_is_dated_before_the_referral",
        because=DayNotPossible,
        refused=seen(jan(4)),
        allowed=seen(REFERRED),
    ),
    Case(
        rule="nothing_is_dated_before_the_referral",
        because=DayNotPossible,
        refused=opened(child="L3", origin={"referred_on": feb(3)}),
        plan="CP-L3",
        allowed=opened(child="L3", origin={"referred_on": feb(2)}),
    ),
    Case(
        rule="an_invitation_is_for_a_later_day",
        because=DayNotPossible,
        refused=planned(feb(9), REVIEW, planned_for=jan(4)),
        allowed=planned(feb(9), REVIEW, planned_for=REFERRED),
    ),
    Case(
        rule="nothing_is_dated_after_the_end",
        because=PlanHasEnded,
        told=plan(*ending(feb(20))),
        refused=seen(feb(21)),
        allowed=seen(feb(20)),
    ),
    Case(
        rule="nothing_is_dated_after_the_end",
        because=PlanHasEnded,
        told=plan(*ending(feb(20))),
        refused=held(feb(21), REVIEW, "M8"),
        allowed=held(feb(20), REVIEW, "M8"),
    ),
    Case(
        rule="nothing_is_dated_after_the_end",
        because=PlanHasEnded,
        told=plan(DIED),
        refused=seen(feb(21)),
        allowed=corrected(feb(21), 2, note="the day after"),
    ),
    Case(
        rule="nothing_is_dated_after_the_end",
        because=PlanHasEnded,
        told=plan(transferred(feb(20), accepted=True)),
        refused=oversight(feb(21)),
        allowed=answered(feb(21), REVIEWED_AT),
    ),
    Case(
        rule="a_plan_ends_once",
        because=PlanHasEnded,
        told=plan(*ending(feb(20))),
        refused=closed(feb(19)),
        allowed=transferred(feb(19), accepted=False),
    ),
    Case(
        rule="a_review_is_after_the_start",
        because=DayNotPossible,
        refused=held(START, REVIEW),
        allowed=held(feb(3), REVIEW),
    ),
    Case(
        rule="a_review_is_after_the_start",
        because=DayNotPossible,
        told=given_in_need,
        refused=held(jan(30), CIN_REVIEW),
        allowed=held(feb(3), CIN_REVIEW),
    ),
    Case(
        rule="child_protection_lasts_a_day",
        because=DayNotPossible,
        refused=closed_without(START, DEATH, ClosureReason.DIED),
        allowed=closed_without(feb(3), DEATH, ClosureReason.DIED),
    ),
    Case(
        rule="child_protection_lasts_a_day",
        because=DayNotPossible,
        refused=transferred(START, accepted=True),
        allowed=transferred(START, accepted=False),
    ),
    Case(
        rule="child_protection_lasts_a_day",
        because=DayNotPossible,
        told=given_in_need,
        refused=stepped_up(jan(30)),
        allowed=stepped_up(START),
    ),
    # Names
    Case(
        rule="a_new_name_is_new",
        because=AlreadyOnThisPlan,
        told=two_actions,
        refused=agreed(feb(9), "A1", due_on=mar(9)),
        allowed=agreed(feb(9), "A3", due_on=mar(9)),
    ),
    Case(
        rule="a_new_name_is_new",
        because=AlreadyOnThisPlan,
        told=plan(held(feb(9), CORE_GROUP, "M1")),
        refused=held(feb(10), CORE_GROUP, "M1"),
        allowed=held(feb(10), CORE_GROUP, "M2"),
    ),
    Case(
        rule="a_new_name_is_new",
        because=AlreadyOnThisPlan,
        told=plan(planned(feb(6), CORE_GROUP, "M1", planned_for=feb(9))),
        refused=planned(feb(6), CORE_GROUP, "M1", planned_for=feb(9)),
        allowed=held(feb(9), CORE_GROUP, "M1"),
    ),
    Case(
        rule="an_old_name_is_known",
        because=NotOnThisPlan,
        told=two_actions,
        refused=reviewed(feb(9), "A9"),
        allowed=reviewed(feb(9), "A2"),
    ),
    Case(
        rule="a_claim_is_known",
        because=NotOnThisPlan,
        told=two_actions,
        refused=corroborated(feb(9), "A9"),
        allowed=corroborated(feb(9), "A2"),
    ),
    Case(
        rule="a_claim_is_known",
        because=NotOnThisPlan,
        told=plan(injury(feb(9), "N1"), decided(feb(9), "D1")),
        refused=disputed(feb(9), "N2"),
        allowed=disputed(feb(9), "N1"),
    ),
    Case(
        rule="recommendations_are_new",
        because=AlreadyOnThisPlan,
        told=plan(*SUPERVISED, supervision_asked(feb(9), "S2")),
        refused=supervised(feb(10), "S2", "R1"),
        allowed=supervised(feb(10), "S2", "R2"),
    ),
    Case(
        rule="gaps_are_new",
        because=AlreadyOnThisPlan,
        told=plan(oversight(feb(9), "G1")),
        refused=oversight(feb(10), "G1"),
        allowed=oversight(feb(10), "G2"),
    ),
    Case(
        rule="an_outcome_is_known",
        because=NotOnThisPlan,
        told=plan(outcome(feb(9), "O1")),
        refused=agreed(feb(9), due_on=mar(9), outcome="O2"),
        allowed=agreed(feb(9), due_on=mar(9), outcome="O1"),
    ),
    Case(
        rule="what_a_decision_answers_is_known",
        because=NotOnThisPlan,
        told=plan(*SUPERVISED, challenged(feb(9), "C1")),
        refused=decided(feb(10), answers=("R1", "R2")),
        allowed=decided(feb(10), answers=("R1", "C1")),
    ),
    Case(
        rule="the_deciding_decision_is_known",
        because=NotOnThisPlan,
        told=in_need(decided(feb(19), "D9")),
        refused=closed(feb(20), "D8"),
        allowed=closed(feb(20), "D9"),
    ),
    Case(
        rule="an_agency_leaves_a_plan_it_was_on",
        because=NotOnThisPlan,
        told=plan(joined(feb(9), "housing")),
        refused=left(feb(10), "midwifery"),
        allowed=left(feb(10), "housing"),
    ),
    # What must be said
    Case(
        rule="the_deciding_agency_has_a_position",
        because=Incomplete,
        refused=decided(feb(9), agree=("school", "police"), decided_by="csc"),
        allowed=decided(feb(9), agree=("school", "csc"), decided_by="csc"),
    ),
    Case(
        rule="a_meeting_says_who_was_there",
        because=Incomplete,
        refused=held(feb(9), CORE_GROUP, present=()),
        allowed=held(feb(9), CORE_GROUP, present=("csc",)),
    ),
    Case(
        rule="a_category_belongs_to_child_protection",
        because=Incomplete,
        refused=replace(AN_OPENING, category=None),
        plan="CP-L3",
        allowed=replace(AN_OPENING, category=Category.MULTIPLE),
    ),
    Case(
        rule="a_category_belongs_to_child_protection",
        because=NotForThisKind,
        refused=opened(CIN, "L3", category=Category.NEGLECT),
        plan="CIN-L3",
        allowed=opened(CIN, "L3"),
    ),
    Case(
        rule="a_gap_is_answered_by_something",
        because=Incomplete,
        told=plan(oversight(feb(9), "G1")),
        refused=gap_answered(feb(9), reason=" "),
        allowed=gap_answered(feb(9), reason="a reason"),
    ),
    Case(
        rule="a_sibling_without_a_plan_has_a_reason",
        because=Incomplete,
        told=plan(linked(feb(9), "P1")),
        refused=considered(feb(9), "P1", reason=" "),
        allowed=considered(feb(9), "P1", SiblingOutcome.OWN_PLAN, reason=None),
    ),
    Case(
        rule="a_challenge_climbs_past_stage_one",
        because=Incomplete,
        told=plan(challenged(feb(9))),
        refused=climbed(feb(9), stage=1),
        allowed=climbed(feb(9), stage=2),
    ),
    Case(
        rule="a_mark_is_on_somebodys_words",
        because=Unreadable,
        told=plan(),
        refused=agreed(feb(9), due_on=mar(9), marks={"due_on": Mark.THIRD_PARTY}),
        allowed=agreed(feb(9), due_on=mar(9), marks={"what": Mark.THIRD_PARTY}),
    ),
    # What fits this kind of plan
    Case(
        rule="supervision_cannot_decide",
        because=NotForThisKind,
        told=plan(held(feb(9), SUPERVISION, "M1"), held(feb(9), CORE_GROUP, "M2")),
        refused=decided(feb(9), meeting="M1"),
        allowed=decided(feb(9), meeting="M2"),
    ),
    Case(
        rule="supervision_cannot_decide",
        because=NotForThisKind,
        told=plan(planned(feb(6), SUPERVISION, "M1", planned_for=feb(9))),
        refused=decided(feb(9), meeting="M1"),
        allowed=decided(feb(9), meeting=None),
    ),
    Case(
        rule="supervision_cannot_decide",
        because=NotForThisKind,
        told=plan(*SUPERVISED),
        refused=decided(feb(9), meeting="S1", answers=("R1",)),
        allowed=decided(feb(9), answers=("R1",)),
    ),
    Case(
        rule="child_protection_starts_with_its_conference",
        because=DayNotPossible,
        refused=opened(child="L3", on=feb(16), origin={"initial_conference_on": feb(13)}),
        plan="CP-L3",
        allowed=opened(child="L3", on=feb(16), origin={"initial_conference_on": feb(16)}),
    ),
    Case(
        rule="child_protection_starts_with_its_conference",
        because=DayNotPossible,
        refused=opened(child="L3", on=feb(16), origin={"initial_conference_on": None}),
        plan="CP-L3",
        allowed=opened(CIN, child="L3", on=feb(16)),
    ),
    Case(
        rule="only_child_protection_changes_category",
        because=NotForThisKind,
        told=lambda: given_in_need().when(opened(child="L3"), plan="CP-L3"),
        refused=category(feb(9)),
        allowed=category(feb(9)),
        allowed_plan="CP-L3",
    ),
    Case(
        rule="only_child_in_need_steps_up",
        because=NotForThisKind,
        told=plan(*review_decides(feb(16))),
        refused=stepped_up(feb(16), "CP-J1-2"),
        allowed=stepped_down(feb(16)),
    ),
    Case(
        rule="only_child_protection_steps_down",
        because=NotForThisKind,
        told=in_need(decided(feb(16), "D9")),
        refused=stepped_down(feb(16), "CIN-J1-2"),
        allowed=stepped_up(feb(16)),
    ),
    Case(
        rule="a_plan_steps_to_another",
        because=NotForThisKind,
        told=given_in_need,
        refused=stepped_up(feb(16), CIN_J1),
        allowed=stepped_up(feb(16), CP_J1),
    ),
    Case(
        rule="_check_succession",
        because=NotForThisKind,
        told=stepped,
        refused=opened(child="K2", on=feb(16), follows=CIN_J1),
        plan=CP_J1,
        allowed=opened(child="J1", on=feb(16), follows=CIN_J1),
    ),
    Case(
        rule="_check_succession",
        because=NotForThisKind,
        told=stepped,
        refused=opened(on=feb(16), follows=CIN_J1),
        plan="CP-J1-2",
        allowed=opened(on=feb(16), follows=CIN_J1),
        allowed_plan=CP_J1,
    ),
    Case(
        rule="_check_succession",
        because=NotForThisKind,
        told=stepped,
        refused=opened(CIN, on=feb(16)),
        plan=CP_J1,
        allowed=opened(CP, on=feb(16)),
    ),
    Case(
        rule="_check_succession",
        because=DayNotPossible,
        told=stepped,
        refused=opened(on=feb(17), follows=CIN_J1),
        plan=CP_J1,
        allowed=opened(on=feb(16), follows=CIN_J1),
    ),
    # One plan at a time
    Case(
        rule="_refuse_overlap",
        because=PlansOverlap,
        refused=opened(on=feb(16)),
        plan="CP-J1-2",
        allowed=opened(child="L3", on=feb(16)),
    ),
    Case(
        rule="_refuse_overlap",
        because=PlansOverlap,
        refused=opened(CIN, on=feb(16)),
        plan=CIN_J1,
        allowed=opened(CIN, child="L3", on=feb(16)),
    ),
    Case(
        rule="_refuse_overlap",
        because=PlansOverlap,
        told=given_in_need,
        refused=opened(CP, on=feb(16)),
        plan=CP_J1,
        allowed=opened(CP, child="L3", on=feb(16)),
    ),
    Case(
        rule="_refuse_overlap",
        because=PlansOverlap,
        told=plan(*ending(feb(20))),
        refused=opened(CIN, on=feb(19)),
        plan=CIN_J1,
        allowed=opened(CIN, on=feb(20)),
    ),
    Case(
        rule="_refuse_overlap",
        because=PlansOverlap,
        told=lambda: stepped().when(opened(on=feb(16), follows=CIN_J1), plan=CP_J1),
        refused=retracted(feb(17), 2),
        plan=CIN_J1,
        allowed=retracted(feb(17), 1),
        allowed_plan=CP_J1,
    ),
    Case(
        rule="_refuse_overlap",
        because=PlansOverlap,
        told=lambda: stepped().when(opened(on=feb(16), follows=CIN_J1), plan=CP_J1),
        refused=corrected(feb(17), 2, on="2026-02-17"),
        plan=CIN_J1,
        allowed=corrected(feb(17), 2, on="2026-02-13"),
    ),
    Case(
        rule="_refuse_after_death",
        because=DayNotPossible,
        told=plan(DIED),
        refused=opened(CIN, on=feb(23)),
        plan=CIN_J1,
        allowed=opened(CIN, child="L3", on=feb(23)),
    ),
    # How a plan ends
    Case(
        rule="child_protection_ends_by_a_review_conference",
        because=EndNotDecided,
        told=plan(*review_decides(feb(20))),
        refused=closed(feb(20), None),
        allowed=closed(feb(20), "D9"),
    ),
    Case(
        rule="child_protection_ends_by_a_review_conference",
        because=EndNotDecided,
        told=plan(held(feb(20), CORE_GROUP), decided(feb(20), "D9", meeting="M1")),
        refused=closed(feb(20), "D9"),
        allowed=closed_without(feb(20), LEFT_UK, ClosureReason.SERVICES_CEASED),
    ),
    Case(
        rule="child_protection_ends_by_a_review_conference",
        because=EndNotDecided,
        told=plan(decided(feb(19), "D1"), *review_decides(feb(20))),
        refused=replace(stepped_down(feb(20)), decision="D1"),
        allowed=stepped_down(feb(20)),
    ),
    Case(
        rule="child_protection_ends_by_a_review_conference",
        because=EndNotDecided,
        refused=closed_without(feb(20), None, ClosureReason.SERVICES_CEASED),
        allowed=closed_without(feb(20), DEATH, ClosureReason.DIED),
    ),
    Case(
        rule="_ends_by_itself",
        because=EndNotDecided,
        told=plan(described(feb(9), date(2008, 2, 20))),
        refused=closed_without(feb(19), BIRTHDAY, ClosureReason.SERVICES_CEASED),
        allowed=closed_without(feb(20), BIRTHDAY, ClosureReason.SERVICES_CEASED),
    ),
    Case(
        rule="_ends_by_itself",
        because=EndNotDecided,
        refused=closed_without(feb(20), BIRTHDAY, ClosureReason.SERVICES_CEASED),
        allowed=transferred(feb(20), accepted=True),
    ),
    Case(
        rule="every_open_action_is_disposed_of",
        because=ActionsLeftOpen,
        told=lambda: two_actions().when(*review_decides(feb(20))),
        refused=closed(feb(20), A1="ended"),
        allowed=closed(feb(20), A1="ended", A2="done"),
    ),
    Case(
        rule="every_open_action_is_disposed_of",
        because=NotOnThisPlan,
        told=lambda: two_actions().when(*review_decides(feb(20))),
        refused=closed(feb(20), A1="ended", A2="done", A3="carried"),
        allowed=closed(feb(20), A1="ended", A2="done"),
    ),
    Case(
        rule="every_open_action_is_disposed_of",
        because=ActionsLeftOpen,
        told=two_actions,
        refused=transferred(feb(20), accepted=True),
        allowed=transferred(feb(20), accepted=False),
    ),
    Case(
        rule="child_protection_ends_by_a_review_conference",
        because=EndNotDecided,
        told=plan(held(feb(19), REVIEW, "M9"), decided(feb(20), "D9", meeting="M9"), A_DAY_LATER),
        refused=closed(feb(20), "D8"),
        allowed=closed(feb(20), "D9"),
    ),
    Case(
        rule="child_protection_ends_by_a_review_conference",
        because=EndNotDecided,
        told=plan(held(feb(20), REVIEW, "M9"), decided(feb(20), "D9"), decided(feb(19), "D8")),
        refused=closed(feb(20), "D8"),
        allowed=closed(feb(20), "D9"),
    ),
    # Nobody answers for their own work
    Case(
        rule="a_chair_does_not_lead",
        because=OwnWork,
        refused=opened(child="L3", lead=chair(START, LEAD).chair, chair=chair(START, LEAD).chair),
        plan="CP-L3",
        allowed=opened(child="L3", chair=None),
    ),
    Case(
        rule="a_chair_does_not_lead",
        because=OwnWork,
        refused=lead(feb(9), CHAIR),
        allowed=lead(feb(9), OWNER),
    ),
    Case(
        rule="a_chair_does_not_lead",
        because=OwnWork,
        refused=chair(feb(9), LEAD),
        allowed=chair(feb(9), MANAGER),
    ),
    Case(
        rule="oversight_comes_from_outside_the_work",
        because=OwnWork,
        refused=oversight(feb(9)),
        by=LEAD,
        allowed=oversight(feb(9)),
        allowed_by=MANAGER,
    ),
    Case(
        rule="oversight_comes_from_outside_the_work",
        because=OwnWork,
        refused=oversight(feb(9)),
        by=CHAIR,
        allowed=oversight(feb(9)),
        allowed_by=MANAGER,
    ),
    Case(
        rule="oversight_comes_from_outside_the_work",
        because=OwnWork,
        told=plan(lead(feb(6), OWNER)),
        refused=oversight(feb(9)),
        by=OWNER,
        allowed=oversight(feb(9)),
        allowed_by=LEAD,
    ),
    Case(
        rule="oversight_comes_from_outside_the_work",
        because=OwnWork,
        refused=oversight(feb(9)),
        by=replace(MANAGER, role=Role.CHAIR),
        allowed=oversight(feb(9)),
        allowed_by=MANAGER,
    ),
    Case(
        rule="oversight_comes_from_outside_the_work",
        because=OwnWork,
        refused=oversight(feb(9)),
        by=replace(CHAIR, role=Role.SERVICE_MANAGER),
        allowed=oversight(feb(9)),
        allowed_by=replace(CHAIR, role=Role.SERVICE_MANAGER, agency="school"),
    ),
    Case(
        rule="nobody_authorises_their_own_assessment",
        because=OwnWork,
        told=plan(started(feb(3))),
        refused=finished(feb(9), authorised_by=BY_LEAD),
        allowed=finished(feb(9), authorised_by="T Manager"),
    ),
    Case(
        rule="nobody_authorises_their_own_assessment",
        because=OwnWork,
        told=plan(started(feb(3))),
        refused=finished(feb(9), authorised_by=BY_CHAIR),
        allowed=finished(feb(9), authorised_by="S Manager"),
    ),
    Case(
        rule="nobody_answers_for_their_own_work",
        because=OwnWork,
        refused=answered(feb(17), REVIEWED_AT),
        by=LEAD,
        allowed=answered(feb(17), REVIEWED_AT),
        allowed_by=TEACHER,
    ),
    Case(
        rule="nobody_answers_for_their_own_work",
        because=OwnWork,
        told=two_actions,
        refused=answered(feb(17), "action-done:A1:2026-02-16"),
        by=OWNER,
        allowed=answered(feb(17), "action-done:A2:2026-02-16"),
        allowed_by=OWNER,
    ),
    Case(
        rule="nobody_answers_for_their_own_work",
        because=OwnWork,
        told=lambda: two_actions().when(reassigned(feb(9), "A1", to=TEACHER)),
        refused=answered(feb(17), "action-reviewed:A1:2026-02-16"),
        by=TEACHER,
        allowed=answered(feb(17), "action-reviewed:A1:2026-02-16"),
        allowed_by=OWNER,
    ),
    # Putting right
    Case(
        rule="a_correction_can_be_applied",
        because=CannotBePutRight,
        told=plan(seen(feb(9))),
        refused=corrected(feb(10), 2),
        allowed=corrected(feb(10), 2, alone="yes"),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=CannotBePutRight,
        refused=corrected(feb(10), 1, child="L3"),
        allowed=corrected(feb(10), 1, family="F2"),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=CannotBePutRight,
        told=plan(seen(feb(9))),
        refused=corrected(feb(10), 2, kind="ContactMissed"),
        allowed=corrected(feb(10), 2, note="typed late"),
    ),
    Case(
        rule="_target",
        because=CannotBePutRight,
        told=plan(seen(feb(9))),
        refused=corrected(feb(10), 3, alone="yes"),
        allowed=corrected(feb(10), 2, alone="yes"),
    ),
    Case(
        rule="_target",
        because=CannotBePutRight,
        told=plan(seen(feb(9)), retracted(feb(10), 2)),
        refused=corrected(feb(10), 2, alone="yes"),
        allowed=corrected(feb(10), 3, reason="told me so"),
    ),
    Case(
        rule="a_retraction_has_something_to_retract",
        because=CannotBePutRight,
        told=plan(seen(feb(9)), retracted(feb(10), 2)),
        refused=retracted(feb(10), 2),
        allowed=retracted(feb(10), 3),
    ),
    Case(
        rule="a_retraction_has_something_to_retract",
        because=CannotBePutRight,
        told=tracker_spoke,
        refused=retracted(feb(18), 2),
        allowed=retracted(feb(18), 1),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=DayNotPossible,
        told=plan(seen(feb(9))),
        refused=corrected(feb(10), 2, on="2026-03-03"),
        allowed=corrected(feb(10), 2, on="2026-03-02"),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=Unreadable,
        told=plan(seen(feb(9))),
        refused=corrected(feb(10), 2, alone="perhaps"),
        allowed=corrected(feb(10), 2, alone="declined"),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=PlanHasEnded,
        told=plan(seen(feb(9)), *ending(feb(20))),
        refused=corrected(feb(21), 2, on="2026-02-21"),
        allowed=corrected(feb(21), 2, on="2026-02-20"),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=Incomplete,
        told=plan(held(feb(9), CORE_GROUP)),
        refused=corrected(feb(10), 2, attendance={}),
        allowed=corrected(feb(10), 2, attendance={"csc": "absent"}),
    ),
    Case(
        rule="a_correction_can_be_applied",
        because=DayNotPossible,
        refused=corrected(feb(10), 1, on="2026-02-03"),
        allowed=corrected(feb(10), 1, note="opened at noon"),
    ),
]

A_VISIT = {
    "kind": "ChildSeen",
    "on": "2026-02-09",
    "mode": "face_to_face",
    "alone": "no",
    "by_agency": "csc",
}
AN_ACTION = {
    "kind": "ActionAgreed",
    "on": "2026-02-09",
    "action": "A1",
    "what": "Speak to the father",
    "owner": {"name": "O Owner", "agency": "csc"},
    "due_on": "2026-03-09",
}
A_CLOSING = codec.write_event(closed(feb(20), A1="ended"))
A_SHARE = {
    "kind": "InformationShared",
    "on": "2026-02-09",
    "item": "I1",
    "what": "called out at night",
    "basis": "record",
    "from": "police",
}
AN_OPENED_PLAN = codec.write_event(opened())


def without(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key != name}


UNREADABLE: list[tuple[object, dict[str, Any]]] = [
    ([], A_VISIT),
    ("ChildSeen", A_VISIT),
    (without(A_VISIT, "kind"), A_VISIT),
    (A_VISIT | {"kind": "ChildMet"}, A_VISIT),
    (A_VISIT | {"kind": None}, A_VISIT),
    (A_VISIT | {"seen_by": "csc"}, A_VISIT | {"by_agency": "police"}),
    (without(A_VISIT, "mode"), A_VISIT),
    (A_VISIT | {"mode": "letter"}, A_VISIT | {"mode": "video"}),
    (A_VISIT | {"mode": None}, A_VISIT),
    (A_VISIT | {"on": "2026-02-29"}, A_VISIT | {"on": "2024-02-29"}),
    (A_VISIT | {"on": "1899-12-31"}, A_VISIT | {"on": "1900-01-01"}),
    (A_VISIT | {"on": "2200-01-01"}, A_VISIT | {"on": "2199-12-31"}),
    (A_VISIT | {"at": "24:00"}, A_VISIT | {"at": "23:59"}),
    (A_VISIT | {"words": 7}, A_VISIT | {"words": "7"}),
    (A_VISIT | {"words": "a" * 20_001}, A_VISIT | {"words": "a" * 20_000}),
    (A_VISIT | {"by_agency": "social care"}, A_VISIT | {"by_agency": "social-care"}),
    (A_VISIT | {"bedroom_seen": "yes"}, A_VISIT | {"bedroom_seen": True}),
    (AN_ACTION | {"action": "A 1"}, AN_ACTION | {"action": "A.1"}),
    (AN_ACTION | {"action": "A" * 41}, AN_ACTION | {"action": "A" * 40}),
    (AN_ACTION | {"review_every_days": 0}, AN_ACTION | {"review_every_days": 1}),
    (AN_ACTION | {"review_every_days": 367}, AN_ACTION | {"review_every_days": 366}),
    (AN_ACTION | {"review_every_days": 7.5}, AN_ACTION | {"review_every_days": 7}),
    (AN_ACTION | {"owner": {"name": "O"}}, AN_ACTION | {"owner": {"name": "O", "agency": "csc"}}),
    (AN_ACTION | {"owner": "O"}, AN_ACTION),
    (AN_OPENED_PLAN | {"child": "J" * 21}, AN_OPENED_PLAN | {"child": "J" * 20}),
    (AN_OPENED_PLAN | {"child": "J-1"}, AN_OPENED_PLAN | {"child": "J01"}),
    (AN_OPENED_PLAN | {"category": "XXX"}, AN_OPENED_PLAN | {"category": "SAB"}),
    (AN_OPENED_PLAN | {"agencies": "csc"}, AN_OPENED_PLAN | {"agencies": ["csc"]}),
    (A_CLOSING | {"reason": "RC0"}, A_CLOSING | {"reason": "RC9"}),
    (
        A_CLOSING | {"open_actions": {"A1": {"disposition": "ended", "reason": " "}}},
        A_CLOSING | {"open_actions": {"A1": {"disposition": "ended", "reason": "done with"}}},
    ),
    (A_SHARE | {"withheld_from": {"school": ""}}, A_SHARE | {"withheld_from": {"school": "why"}}),
    (
        codec.write_event(retracted(feb(9), 1)) | {"reason": "\t"},
        codec.write_event(retracted(feb(9), 1)),
    ),
    (
        codec.write_event(corrected(feb(9), 1, note="n")) | {"entry": 0},
        codec.write_event(corrected(feb(9), 1, note="n")),
    ),
]

every_case = pytest.mark.parametrize("case", CASES, ids=str)


def refuse(case: Case) -> Refusal:
    """Try the refused event of a case, and give the refusal."""
    story = case.told()
    moment = max(at(case.recorded), story.entries[-1].recorded_at)
    with pytest.raises(Refusal) as refused:
        story.book.record(case.plan or story.plan, case.refused, case.by, moment)
    return refused.value


@every_case
def test_what_cannot_be_is_refused(case: Case) -> None:
    case.told().refuses(
        case.refused, because=case.because, by=case.by, plan=case.plan, recorded=case.recorded
    )


@every_case
def test_it_is_this_rule_that_refuses_it(case: Case) -> None:
    frames, frame = [], refuse(case).__traceback__
    while frame:
        frames.append(frame.tb_frame.f_code.co_name)
        frame = frame.tb_next

    assert case.rule in frames


@every_case
def test_what_lies_just_beside_it_is_taken_in(case: Case) -> None:
    assert case.allowed is not None
    story, plan = case.told(), case.allowed_plan or case.plan
    before = story.number(plan)

    story.when(case.allowed, by=case.allowed_by or case.by, plan=plan, recorded=case.recorded)

    assert story.number(plan) == before + 1
    found = story.book.find(plan or story.plan)
    assert found is not None
    assert found.version == before + 1


@pytest.mark.parametrize(("wrong", "right"), UNREADABLE)
def test_what_is_written_wrongly_is_refused_and_the_like_written_rightly_is_read(
    wrong: object, right: dict[str, Any]
) -> None:
    written = json.loads(json.dumps(codec.write_event(codec.read_event(right))))

    assert written.items() >= json.loads(json.dumps(right)).items()
    with pytest.raises(Unreadable):
        codec.read_event(wrong)


def unreadable_sentences() -> list[str]:
    said = []
    for wrong, _ in UNREADABLE:
        try:
            codec.read_event(wrong)
        except Unreadable as why:
            said.append(str(why))
    return said


TELLS_WHAT_TO_DO = re.compile(
    r"\b(Add|Ask|Check|Choose|Close|Correct|Describe|End|Give|Leave|Look|Make|make|Name|name|Open|Read"
    r"|Record|Retract|Save|Say|Shorten|Sign|Type|Use|Write)\b|\bmust\b|\bneeds\b"
)


def hold_to_the_manner(said: str) -> None:
    """Hold a sentence to what every refusal owes to the person who reads it."""
    assert said.endswith(".")
    assert said[0].isupper() or said[0] in "“0123456789"
    assert "\n" not in said
    names = {kind.__name__ for kind in Refusal.__subclasses__()} | {"None", "True", "False"}
    assert not names & set(re.findall(r"\w+", said))
    assert TELLS_WHAT_TO_DO.search(said), f"does not say what to do: {said}"


@every_case
def test_a_refusal_is_a_sentence_that_says_what_to_do(case: Case) -> None:
    hold_to_the_manner(str(refuse(case)))


@pytest.mark.parametrize("number", range(len(UNREADABLE)))
def test_so_is_the_refusal_of_what_cannot_be_read(number: int) -> None:
    hold_to_the_manner(unreadable_sentences()[number])


@pytest.mark.parametrize(
    "refusal",
    [
        StaleVersion("CP-J1", 3, 5),
        CommandReused(),
        ProveAgain(),
        *(NotAllowed(said) for said in SAYS.values()),
    ],
    ids=str,
)
def test_so_are_the_refusals_of_the_record(refusal: Refusal) -> None:
    hold_to_the_manner(str(refusal))


def test_every_sort_of_refusal_is_shown_here() -> None:
    shown = {case.because for case in CASES} | {Unreadable}

    of_plans = {each for each in Refusal.__subclasses__() if each.__module__ == Refusal.__module__}
    assert shown == of_plans - RECORDED_BY_THE_RECORD - REFUSED_BY_RIGHTS


def test_every_rule_is_shown_here() -> None:
    shown = {case.rule for case in CASES}

    assert {rule.__name__ for rule in every_rule()} - shown == set()


# What is about many kinds at once

KNOWN_BY_NAME = [
    moved(feb(9), "M9", planned_for=mar(9)),
    report(feb(9), "school", "M9"),
    reassigned(feb(9), "A9"),
    finished(feb(9), "AS9"),
    gap_answered(feb(9), "G9"),
    considered(feb(9), "P9"),
    climbed(feb(9), "C9"),
    supervised(feb(9), "S9"),
]


@pytest.mark.parametrize("event", KNOWN_BY_NAME, ids=lambda event: type(event).__name__)
def test_what_an_event_is_about_must_be_on_this_plan_and_not_on_a_siblings(
    event: PlanEvent,
) -> None:
    story = given().when(
        planned(feb(9), CORE_GROUP, "M9", planned_for=feb(16)),
        agreed(feb(9), "A9", due_on=mar(9)),
        started(feb(9), "AS9"),
        oversight(feb(9), "G9"),
        linked(feb(9), "P9"),
        challenged(feb(9), "C9"),
        supervision_asked(feb(9), "S9"),
        plan="CP-K2",
    )

    said = story.refuses(event, because=NotOnThisPlan)
    assert getattr(event, event.ABOUT or "") in said
    story.when(event, plan="CP-K2")


def test_the_tracker_alone_writes_down_alerts_and_emergency_access() -> None:
    assert {name for name, kind in KINDS.items() if kind.BY_THE_TRACKER} == {
        "AlertRaised",
        "AlertClimbed",
        "AlertCleared",
        "EmergencyAccessTaken",
    }


def test_today_is_the_day_in_london() -> None:
    half_past_midnight = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)

    given().when(seen(date(2026, 7, 1)), recorded=half_past_midnight)
    given().refuses(seen(date(2026, 7, 1)), because=DayNotPossible, recorded=jun(30))


def test_a_refused_entry_leaves_its_name_free() -> None:
    story = given()
    story.refuses(held(feb(9), CORE_GROUP, "M1", present=()), because=Incomplete)

    story.when(held(feb(9), CORE_GROUP, "M1"))
    assert story.number() == 2


def test_an_alert_of_an_action_that_was_reassigned_is_its_new_owners_own_work() -> None:
    story = two_actions().when(reassigned(feb(9), "A1", to=TEACHER))

    story.refuses(answered(feb(17), "action-done:A1:2026-02-16"), because=OwnWork, by=TEACHER)
    story.when(answered(feb(17), "action-done:A1:2026-02-16"), by=OWNER)
    assert story.number() == 5


def test_an_action_that_is_done_or_ended_needs_no_disposition() -> None:
    story = two_actions().when(e.ActionEnded(on=feb(9), action="A2", reason="not needed"))

    story.when(*ending(feb(20), A1="ended"))
    assert story.alerts("action-done", until=mar(30)) == []


def test_a_plan_does_not_end_before_the_conference_that_decided_it() -> None:
    story = given(*review_decides(feb(20)))

    story.refuses(closed(feb(19)), because=DayNotPossible)
    story.when(closed(feb(20)))
    assert story.number() == 4
