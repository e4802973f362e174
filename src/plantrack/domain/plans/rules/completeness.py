"""What an event must say to be worth recording."""

from plantrack.domain.events import (
    ChallengeClimbed,
    DecisionMade,
    GapAnswered,
    MeetingHeld,
    SiblingConsidered,
)
from plantrack.domain.plans.rules.rule import Saying, rule
from plantrack.domain.redaction.marks import markable
from plantrack.domain.refusals import Incomplete, NotForThisKind, Unreadable
from plantrack.domain.words import MeetingType, SiblingOutcome, listed


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


@rule(again=True)
def a_mark_is_on_somebodys_words(say: Saying) -> None:
    """A mark names a field of its event that holds free text."""
    marks = say.event.marks
    if marks and not marks.keys() <= (names := dict.fromkeys(markable(type(say.event)))).keys():
        raise Unreadable(
            f"“marks” can name only fields that hold free text; here {listed([*names])}. "
            "Check the names in it."
        )
