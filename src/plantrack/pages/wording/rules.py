"""Each rule of a policy as a sentence with its number in it, for people who choose the number."""

import re
from collections.abc import Mapping

from plantrack.domain.policy import Period

ALERT = "Raise an alert when "
DAY = "period"
"""The only case of a rule that has one number."""

BRIEF = "Child J1 brief: "
Sentences = Mapping[str, str]
"""A sentence for each number that a rule has; the empty name for a rule without one."""

RULES: Mapping[str, Mapping[str, Sentences]] = {
    "Actions": {
        "action-done": {"": ALERT + "an action is not done by its date."},
        "action-reviewed": {DAY: ALERT + "an action has not been reviewed for {period}."},
        "action-spoken-to": {
            DAY: ALERT + "a review or core group does not speak to every open action {within}."
        },
        "self-report-checked": {
            DAY: ALERT + "what rests only on a parent's word is not checked {within}."
        },
    },
    "Seeing and hearing the child": {
        "child-seen": {
            "cp": ALERT + "a child on a child protection plan has not been seen face to face for "
            "{period}.",
            "cin": ALERT + "a child on a child in need plan has not been seen face to face for "
            "{period}.",
        },
        "child-seen-alone": {
            "cp": ALERT + "a child on a child protection plan has not been seen alone for "
            "{period}.",
            "cin": ALERT + "a child on a child in need plan has not been seen alone for {period}.",
        },
        "child-heard": {
            DAY: ALERT + "a review is held and the child's own words since the last one are not "
            "there {within}."
        },
        "absence-explored": {
            DAY: ALERT + "two contacts missed in a row are not explored {within}."
        },
    },
    "Conferences and meetings": {
        "initial-conference": {
            DAY: ALERT + "no conference follows a strategy discussion {within}."
        },
        "first-core-group": {DAY: ALERT + "no core group follows the initial conference {within}."},
        "core-group": {DAY: ALERT + "the core group has not met for {period}."},
        "first-review-conference": {
            DAY: ALERT + "no review conference follows the initial conference {within}."
        },
        "review-conference": {DAY: ALERT + "no review conference has been held for {period}."},
        "cin-review": {DAY: ALERT + "a child in need plan has not been reviewed for {period}."},
        "transfer-conference": {
            DAY: ALERT + "no transfer conference follows the notice of a move {within}."
        },
        "quorum": {DAY: ALERT + "a conference without a quorum does not meet again {within}."},
        "report-to-conference": {
            "initial_conference": ALERT + "an invited agency has not sent its report {before} an "
            "initial conference.",
            "review_conference": ALERT + "an invited agency has not sent its report {before} a "
            "review conference.",
        },
        "record-circulated": {
            DAY: ALERT + "the record of a conference is not sent round {within}."
        },
    },
    "Decisions and challenge": {
        "decision-shared": {
            DAY: ALERT + "no second agency takes a position on one agency's decision {within}."
        },
        "decision-shared-after-challenge": {
            DAY: ALERT + "one agency decides after a challenge or supervision, and no second "
            "agency takes a position {within}."
        },
        "dissent-answered": {
            DAY: ALERT + "an agency that disagrees has no written answer {within}."
        },
        "challenge-answered": {
            "stage_1": ALERT + "a challenge is not answered at the first stage {within}.",
            "stage_2": ALERT + "a challenge is not answered at the second stage {within}.",
            "stage_3": ALERT + "a challenge is not answered at the third stage {within}.",
        },
        "supervision-held": {
            DAY: ALERT + "supervision across agencies that was asked for does not take place "
            "{within}."
        },
        "recommendation-answered": {
            DAY: ALERT + "a recommendation of supervision does not reach a decision by two "
            "agencies {within}."
        },
        "injury-decided": {
            DAY: ALERT + "two agencies have not decided on a medical for an injury {within}."
        },
    },
    "Information and assessment": {
        "information-shared": {
            DAY: ALERT + "an agency on the plan has neither the information nor a reason why not "
            "{within}."
        },
        "information-acknowledged": {
            DAY: ALERT + "a recipient has not acknowledged information {within}."
        },
        "assessment-finished": {DAY: ALERT + "an assessment is not finished {within}."},
        "assessment-broad": {
            DAY: ALERT + "a source of a finished assessment is neither consulted nor left out "
            "with a reason {within}."
        },
        "sibling-considered": {
            DAY: ALERT + "it is not decided whether a sibling needs a plan {within}."
        },
    },
    "The plan as a whole": {
        "oversight": {
            "cp": ALERT + "no manager has looked at a child protection plan for {period}.",
            "cin": ALERT + "no manager has looked at a child in need plan for {period}.",
        },
        "gap-answered": {
            DAY: ALERT + "a gap that a manager named has no action and no reason {within}."
        },
        "withdrawal-reviewed": {
            DAY: ALERT + "no meeting of agencies follows the withdrawal of a service {within}."
        },
        "plan-drift": {
            "first": ALERT + "a child protection plan has lasted {period}.",
            "again": "Raise an alert again when a child protection plan has lasted {period}.",
        },
        "repeat-plan": {
            DAY: ALERT + "a child is on a plan again and no manager has asked why {within}."
        },
        "alert-answered": {DAY: "Tell the next people up when an alert is not answered {within}."},
    },
}
"""Every rule, by what it is about."""

FORCES: Mapping[str, str] = {
    "statute": "The law",
    "working-together": "Statutory guidance",
    "local": "Local procedure",
    "brief": "Asked for by the learning brief on Child J1",
    "plan": "Stated on each plan",
}
"""What each legal force is called."""


def sentence(says: str, period: Period | None) -> str:
    """Put a rule's number into its sentence."""
    if period is None:
        return says
    unit = period.unit.says.removesuffix("s") if abs(period.number) == 1 else period.unit.says
    amount = f"{abs(period.number)} {unit}"
    none = period.number == 0
    return says.format(
        period=amount,
        within="on the same day" if none else f"within {amount}",
        before="on the day of" if none else f"{amount} before",
    )


def label(says: str) -> str:
    """Give a rule's sentence with a gap for its number, to stand above the field."""
    for place, gap in (("{period}", "…"), ("{within}", "within …"), ("{before}", "… before")):
        says = says.replace(place, gap)
    return says.removesuffix(".")


def source(written: str) -> str:
    """Name where a rule comes from, without the marks of the tables that it was read in."""
    plain = re.sub(r"\bT\d+\b[:;]? ?", "", written).removeprefix(BRIEF)
    return re.sub(r"\bWD\b", "working days", plain).rstrip("; ")


def all_sentences() -> dict[tuple[str, str], str]:
    """Give every sentence by rule and number."""
    return {
        (code, case): says
        for rules in RULES.values()
        for code, sentences in rules.items()
        for case, says in sentences.items()
    }
