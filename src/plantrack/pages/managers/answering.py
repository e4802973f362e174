"""The form in which somebody answers an alert: two parts, and an action if they agree on one."""

from collections.abc import Mapping
from typing import Any

from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.words import agencies
from plantrack.pages.forms import AtHand, Day, Faults, PersonOf, Question, Sent, Words, Wrong
from plantrack.pages.forms.questions import next_name
from plantrack.pages.managers.breaches import SHARED

ANSWER: tuple[Question, ...] = (
    Words(
        name="going_well",
        asks="What is going well",
        hint="What people have done that helps {child}, so that they know it was seen",
        missing="Enter what is going well",
    ),
    Words(
        name="challenge",
        asks="What must be challenged or changed",
        hint="What has not been done, what that means for {child}, and what you expect",
        missing="Enter what must be challenged or changed",
    ),
)
ACTION: tuple[Question, ...] = (
    Words(name="what", asks="What will be done?", rows=3, missing="Enter what will be done"),
    PersonOf(name="owner", asks="Who will do it?", missing="Enter the name of who will do it"),
    Day(name="due_on", asks="By when?", missing="Enter the day it is to be done by"),
)
OWN_WORK = (
    "This alert is about your own work, so somebody else answers it. Ask your manager to open it."
)
ENDED = "This plan has ended, so the alert can no longer be answered. It stays on the record."
CLEARED = "What was missing has happened or no longer applies, so there is nothing left to answer."


def why_not(subject: Subject, alert: Mapping[str, Any], plan: AtHand) -> str | None:
    """Say why somebody cannot answer an alert that is still unanswered; None if they can."""
    if plan["ended_on"]:
        return ENDED
    if alert["state"] != "open":
        return CLEARED
    me = {"name": subject.name, "agency": subject.post.agency}
    action = alert["obligation"].startswith("action-")
    owner = plan["actions"].get(alert["about"], {}).get("owner") if action else None
    return OWN_WORK if me in (plan["lead"], owner) else None


def may_answer(subject: Subject) -> bool:
    """Whether alerts are answered in somebody's role at all."""
    return MAY_RECORD["AlertAnswered"].get(subject.post.duty, How.NO) is not How.NO


def read(sent: Sent, alert: Mapping[str, Any], plan: AtHand) -> tuple[list[dict[str, Any]], Faults]:
    """Read an answer, after the action that is agreed with it, and all that is wrong."""
    faults = Faults()
    answer = {
        "kind": "AlertAnswered",
        "on": plan["today"],
        "alert": alert["alert"],
        **_answers(ANSWER, sent, plan, faults),
    }
    if not _wants_action(sent):
        return [answer], faults
    name = next_name("A", plan["actions"])
    action = {
        "kind": "ActionAgreed",
        "on": plan["today"],
        "action": name,
        **_answers(ACTION, sent, plan, faults),
    }
    return [action, answer | {"action": name}], faults


def to_ask(alert: Mapping[str, Any]) -> str | None:
    """Word the action that asks those who were not asked about a decision of one agency."""
    if alert["obligation"] not in SHARED or not alert["awaiting"]:
        return None
    return f"Ask {agencies(alert['awaiting'])} where they stand on decision {alert['about']}"


def owed_by(alert: Mapping[str, Any]) -> str:
    """Say who owes what an alert is about, by the rule."""
    return BY_CODE[alert["obligation"]].owed_by


def _answers(
    questions: tuple[Question, ...], sent: Sent, plan: AtHand, faults: Faults
) -> dict[str, Any]:
    said = {}
    for question in questions:
        try:
            said[question.name] = question.read(sent, plan)
        except Wrong as wrong:
            faults.add(wrong)
    return said


def _wants_action(sent: Sent) -> bool:
    return any(
        sent.one(name) for name in sent if name == "what" or name.startswith(("owner-", "due_on-"))
    )
