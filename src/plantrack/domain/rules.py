"""What is refused, and why: one small function a rule, each named with its source.

A rule looks at where the plan stands, the event, who says it and which day it is. Rules marked
``again`` are also asked of an event as a correction would leave it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from plantrack.domain.calendar import months_after
from plantrack.domain.events import (
    ENDINGS,
    ActionAgreed,
    AgencyLeft,
    AlertAnswered,
    AssessmentFinished,
    CategoryChanged,
    ChairChanged,
    ChallengeClimbed,
    Corrected,
    DecisionMade,
    GapAnswered,
    InformationCorroborated,
    InformationDisputed,
    LeadChanged,
    MeetingHeld,
    MeetingPlanned,
    OversightRecorded,
    PlanClosed,
    PlanEvent,
    PlanOpened,
    PlanSteppedDown,
    PlanSteppedUp,
    Retracted,
    SiblingConsidered,
    SupervisionHeld,
    ends,
)
from plantrack.domain.plan import BEGINS_ITSELF, Plan
from plantrack.domain.refusals import (
    ActionsLeftOpen,
    AlreadyOnThisPlan,
    AlreadyOpened,
    CannotBePutRight,
    DayNotPossible,
    EndNotDecided,
    Incomplete,
    NoSuchPlan,
    NotForThisKind,
    NotOnThisPlan,
    OnlyTheTracker,
    OwnWork,
    PlanHasEnded,
)
from plantrack.domain.words import (
    THE_TRACKER,
    ClosureReason,
    EndedWithoutConference,
    MeetingType,
    Named,
    Person,
    PlanKind,
    Role,
    SiblingOutcome,
    day,
    listed,
    words,
)

ADULT_AT_MONTHS = 18 * 12
FIXED = frozenset({"kind", "child", "plan_kind", "follows", "to_plan"})
"""What says which plan an entry belongs to: a correction cannot change it."""


@dataclass(frozen=True)
class Saying:
    """Somebody saying something on a day, about a plan."""

    plan: Plan
    event: Any
    by: Person
    today: date


Rule = Callable[[Saying], None]
RULES: list[tuple[tuple[type[PlanEvent], ...], bool, Rule]] = []


def rule(*kinds: type[PlanEvent], again: bool = False) -> Callable[[Rule], Rule]:
    """Ask a rule of some kinds of event, or of all if none is named."""

    def put(refuse: Rule) -> Rule:
        RULES.append((kinds or (PlanEvent,), again, refuse))
        return refuse

    return put


@cache
def _rules_for(kind: Any, *, again: bool) -> tuple[Rule, ...]:
    return tuple(
        refuse
        for kinds, also_again, refuse in RULES
        if issubclass(kind, kinds) and (also_again or not again)
    )


def check(plan: Plan, event: PlanEvent, by: Person, today: date) -> None:
    """Refuse what may not be recorded now. Asked once, when an event is recorded."""
    saying = Saying(plan, event, by, today)
    kind: Any = type(event)
    for refuse in _rules_for(kind, again=False):
        refuse(saying)


@rule()
def the_plan_is_open_on_the_record(say: Saying) -> None:
    """A plan's first entry opens it, and only its first."""
    plan, event = say.plan, say.event
    if isinstance(event, PlanOpened):
        if plan.version:
            raise AlreadyOpened(plan.name)
    elif not plan.version or not (plan.now.opened or isinstance(event, Corrected | Retracted)):
        raise NoSuchPlan(plan.name)


@rule()
def the_tracker_speaks_for_itself(say: Saying) -> None:
    """Alerts are written by the tracker alone."""
    if say.event.BY_THE_TRACKER and say.by is not THE_TRACKER:
        raise OnlyTheTracker(type(say.event).__name__)


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


@rule(*ENDINGS)
def a_plan_ends_once(say: Saying) -> None:
    """A plan has one ending."""
    if say.plan.now.ended and ends(say.event):
        raise PlanHasEnded(
            f"Plan {say.plan.name} already ended on {day(say.plan.now.ended.on)}. "
            "Correct or retract that entry if it is wrong."
        )


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


@rule(DecisionMade, again=True)
def the_deciding_agency_has_a_position(say: Saying) -> None:
    """The agency that decided stands among the positions."""
    if say.event.decided_by not in say.event.positions:
        raise Incomplete(
            f"“positions” does not say where {say.event.decided_by} stands, which decided. Add it."
        )


@rule(DecisionMade)
def supervision_cannot_decide(say: Saying) -> None:
    """Supervision recommends; a decision is taken elsewhere (Norfolk 3.16)."""
    now, meeting = say.plan.now, say.event.meeting
    kind = now.held[meeting].type if meeting in now.held else now.meetings.get(meeting)
    if kind is MeetingType.SUPERVISION or (meeting and now.knows("supervision", meeting)):
        raise NotForThisKind(
            f"Meeting {meeting} is supervision, which recommends but cannot decide. "
            "Name the meeting or agency that decided."
        )


@rule(MeetingHeld, again=True)
def a_meeting_says_who_was_there(say: Saying) -> None:
    """A meeting cannot be finished while silent on who attended."""
    if not say.event.attendance:
        raise Incomplete("“attendance” is empty. Say for each agency how it took part.")


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


@rule(PlanOpened, again=True)
def a_category_belongs_to_child_protection(say: Saying) -> None:
    """A child protection plan has a category, a child in need plan has none (DfE 8905, 8910)."""
    opened = say.event
    if opened.plan_kind is PlanKind.CP and opened.category is None:
        raise Incomplete("A child protection plan needs a “category”: NEG, PHY, SAB, EMO or MUL.")
    if opened.plan_kind is PlanKind.CIN and opened.category is not None:
        raise NotForThisKind("A child in need plan has no “category”. Leave it out.")


@rule(PlanOpened, again=True)
def child_protection_starts_with_its_conference(say: Saying) -> None:
    """A child protection plan starts on the day of its initial conference (DfE 2885)."""
    opened = say.event
    if opened.plan_kind is PlanKind.CP and opened.origin.initial_conference_on != opened.on:
        raise DayNotPossible(
            "A child protection plan starts on the day of its initial conference: "
            "make “on” and “initial_conference_on” the same day."
        )


@rule(CategoryChanged)
def only_child_protection_changes_category(say: Saying) -> None:
    """Only a child protection plan has a category."""
    if say.plan.kind is PlanKind.CIN:
        raise NotForThisKind(
            "A child in need plan has no category to change. Check which plan you mean."
        )


@rule(AgencyLeft)
def an_agency_leaves_a_plan_it_was_on(say: Saying) -> None:
    """Only an agency on the plan can leave it."""
    if say.event.agency not in say.plan.now.agencies:
        raise NotOnThisPlan(f"Agency {say.event.agency}")


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


@rule(GapAnswered, again=True)
def a_gap_is_answered_by_something(say: Saying) -> None:
    """A gap is answered by an action or by a reason."""
    if not say.event.action and not (say.event.reason or "").strip():
        raise Incomplete("A gap is answered by an “action” or a “reason”. Give one of them.")


@rule(SiblingConsidered, again=True)
def a_sibling_without_a_plan_has_a_reason(say: Saying) -> None:
    """No plan for a sibling needs a reason."""
    event = say.event
    if event.outcome is SiblingOutcome.NO_PLAN and not (event.reason or "").strip():
        raise Incomplete("Say in “reason” why this sibling has no plan.")


@rule(ChallengeClimbed, again=True)
def a_challenge_climbs_past_stage_one(say: Saying) -> None:
    """A challenge starts at stage 1, so it climbs to stage 2 or higher."""
    if say.event.stage == 1:
        raise Incomplete("A challenge climbs to stage 2 or higher. Check “stage”.")


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


@rule(Corrected)
def a_correction_can_be_applied(say: Saying) -> None:
    """A correction leaves an event that could have been recorded itself."""
    corrected: Corrected = say.event
    target = _target(say, "corrected")
    if not corrected.fields:
        raise CannotBePutRight("“fields” is empty. Say which fields are put right, and how.")
    if fixed := sorted(FIXED & corrected.fields.keys()):
        raise CannotBePutRight(
            f"“{fixed[0]}” says which plan the entry belongs to and cannot be corrected. "
            "Retract the entry and record it again."
        )
    amended = say.plan.amend(target, corrected.fields)
    again = Saying(say.plan, amended, say.by, say.today)
    if target is say.plan.now.ended:
        again = Saying(_without_ending(say.plan), amended, say.by, say.today)
    kind: Any = type(amended)
    for refuse in _rules_for(kind, again=True):
        refuse(again)


def _without_ending(plan: Plan) -> Plan:
    """Give the plan as it would stand if it had not ended, to check a corrected ending."""
    open_again = Plan(plan.name, plan.amend, plan.inherited)
    for event in plan.counts().values():
        if event and event is not plan.now.ended:
            open_again.now.take_in(event)
    return open_again


@rule(Retracted)
def a_retraction_has_something_to_retract(say: Saying) -> None:
    """An entry can be retracted once."""
    _target(say, "retracted")


def _target(say: Saying, how: str) -> PlanEvent:
    """Find the entry that a correction or retraction is about, as it counts now."""
    number = say.event.entry
    if number not in say.plan.events:
        raise CannotBePutRight(f"Plan {say.plan.name} has no entry {number}. Check the number.")
    target = say.plan.counts()[number]
    if target is None:
        raise CannotBePutRight(
            f"Entry {number} was already retracted and cannot be {how}. Check its number."
        )
    if target.BY_THE_TRACKER:
        raise CannotBePutRight(
            f"Entry {number} is the tracker's own word and cannot be {how}. Check its number."
        )
    return target


@rule(MeetingPlanned, again=True)
def an_invitation_is_for_a_later_day(say: Saying) -> None:
    """A meeting is planned on or after the referral."""
    opened = say.plan.now.opened
    referred = opened and opened.origin.referred_on
    if referred and say.event.planned_for < referred:
        raise DayNotPossible(
            f"“planned_for” is before the referral on {day(referred)}. Check the date."
        )


def every_rule() -> Iterable[Rule]:
    """List the rules, for the tests that hold each to its docstring."""
    return (refuse for _, _, refuse in RULES)
