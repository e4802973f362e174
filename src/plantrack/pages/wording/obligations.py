"""How everything that can be owed on a plan is asked for: one row for each obligation."""

from collections.abc import Mapping
from typing import NamedTuple


class Asks(NamedTuple):
    """How one obligation is asked for: what to do, why, and the form or the part of the plan.

    The words in curly brackets are filled in by ``wording.needs``. ``by`` is the field of the
    form's address that says which thing it is about.
    """

    asks: str
    why: str
    kind: str | None
    by: str | None
    part: str


ASKS: Mapping[str, Asks] = {
    "action-done": Asks(
        "Finish action {thing}: {what}",
        "Its first date and every new one stay on the plan.",
        None,
        None,
        "actions/{thing}",
    ),
    "action-reviewed": Asks(
        "Review action {thing}: {what}",
        "Not reviewed for {days}. {every}",
        "ActionReviewed",
        "action",
        "actions/{thing}",
    ),
    "action-spoken-to": Asks(
        "Say what became of action {thing}: {what}",
        "The meeting on {since} passed over it.",
        "ActionReviewed",
        "action",
        "actions/{thing}",
    ),
    "initial-conference": Asks(
        "Hold the initial conference",
        "The strategy discussion was on {since}, {days} ago. {within}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "first-core-group": Asks(
        "Hold the first core group",
        "The plan was opened on {since}, {days} ago. {within}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "core-group": Asks(
        "Hold the next core group",
        "The last one was on {since}, {days} ago. {every}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "first-review-conference": Asks(
        "Hold the first review conference",
        "The plan was opened on {since}, {days} ago. {within}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "review-conference": Asks(
        "Hold the next review conference",
        "The last one was on {since}, {days} ago. {every}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "cin-review": Asks(
        "Review this plan together",
        "Not reviewed since {since}, {days} ago. {every}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "assessment-finished": Asks(
        "Finish the assessment",
        "It was started on {since}, {days} ago. {within}",
        "AssessmentFinished",
        "assessment",
        "people",
    ),
    "transfer-conference": Asks(
        "Hold the transfer conference",
        "The other council was told on {since}. {within}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "quorum": Asks(
        "Hold the conference again with enough agencies",
        "The one on {since} had no quorum. {within}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "report-to-conference": Asks(
        "Send the report to the {kind}",
        "Nothing has come yet from {who}.",
        "ReportSubmitted",
        "meeting",
        "meetings",
    ),
    "record-circulated": Asks(
        "Send round the record of the {kind}",
        "It was held on {since}, {days} ago. {within}",
        "RecordCirculated",
        "meeting",
        "meetings",
    ),
    "decision-shared": Asks(
        "Get a second agency's view on the decision of {since}: {what}",
        "It stayed within one agency.",
        "PositionTaken",
        "decision",
        "decisions#{thing}",
    ),
    "decision-shared-after-challenge": Asks(
        "Get a second agency's view on the decision of {since}: {what}",
        "It stayed within one agency although others had challenged or advised before.",
        "PositionTaken",
        "decision",
        "decisions#{thing}",
    ),
    "dissent-answered": Asks(
        "Answer the disagreement of {who} with the decision: {what}",
        "No written answer for {days}. {within}",
        "DissentAnswered",
        "decision",
        "decisions#{thing}",
    ),
    "supervision-held": Asks(
        "Hold the supervision that was asked for: {what}",
        "It was asked for on {since}, {days} ago. {within}",
        "SupervisionHeld",
        "supervision",
        "decisions",
    ),
    "recommendation-answered": Asks(
        "Decide on recommendation {thing}: {what}",
        "Supervision made it on {since}, {days} ago. {within}",
        "DecisionMade",
        "answers",
        "decisions",
    ),
    "oversight": Asks(
        "Look at this plan as its manager",
        "No manager has supported and challenged for {days}. {every}",
        "OversightRecorded",
        None,
        "decisions",
    ),
    "gap-answered": Asks(
        "Answer the gap: {what}",
        "A manager named it on {since}, {days} ago. {within}",
        "GapAnswered",
        "gap",
        "decisions",
    ),
    "child-seen": Asks(
        "See {child} face to face",
        "Not seen face to face for {days}. {every}",
        "ChildSeen",
        None,
        "seen",
    ),
    "child-seen-alone": Asks(
        "See {child} alone",
        "Not seen alone for {days}. {every}",
        "ChildSeen",
        None,
        "seen",
    ),
    "child-heard": Asks(
        "Ask {child}, and write down the answer",
        "The meeting on {since} had no new words of {child}'s own.",
        "ChildSeen",
        None,
        "seen",
    ),
    "self-report-checked": Asks(
        "Check what so far rests on a parent's word: {what}",
        "Nobody else has confirmed it for {days}. {within}",
        "InformationCorroborated",
        "subject",
        "information",
    ),
    "assessment-broad": Asks(
        "Ask {sources} for the assessment, or say why not",
        "The assessment was finished on {since} without that.",
        "SourceConsulted",
        "assessment",
        "people",
    ),
    "information-shared": Asks(
        "Tell {who} what was shared on {since}, or say why not",
        "They have neither the information nor a reason.",
        None,
        None,
        "information#{thing}",
    ),
    "information-acknowledged": Asks(
        "Confirm that the information of {since} was read",
        "Nobody has confirmed it yet at {who}.",
        "InformationAcknowledged",
        "item",
        "information#{thing}",
    ),
    "injury-decided": Asks(
        "Decide together on a medical for the injury: {what}",
        "It was noted on {since}. Two agencies decide together. {within}",
        "MedicalDecided",
        "injury",
        "history",
    ),
    "absence-explored": Asks(
        "Find out together why contacts were missed",
        "Two in a row were missed, the last on {since}. {within}",
        "AbsenceExplored",
        None,
        "seen",
    ),
    "withdrawal-reviewed": Asks(
        "Meet about the service that stopped: {thing}",
        "It stopped on {since}, {days} ago. {within}",
        "MeetingPlanned",
        None,
        "meetings",
    ),
    "challenge-answered": Asks(
        "Answer the challenge: {what}",
        "It is at stage {stage} since {since}. {within}",
        "ChallengeAnswered",
        "challenge",
        "decisions#{thing}",
    ),
    "sibling-considered": Asks(
        "Decide whether {sibling} needs a plan",
        "Linked on {since}, {days} ago. {within}",
        "SiblingConsidered",
        "person",
        "people",
    ),
    "plan-drift": Asks(
        "Ask whether this plan still helps",
        "It was opened on {since}, {days} ago, and has not ended.",
        "MeetingPlanned",
        None,
        "decisions",
    ),
    "repeat-plan": Asks(
        "Ask why {child} is on a plan again",
        "There was a child protection plan before this one.",
        "OversightRecorded",
        None,
        "decisions",
    ),
}
"""One row for every obligation that runs on a plan."""
