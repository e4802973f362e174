"""What alerts say to people: what was not done, the rule behind it, for whom it waits."""

from collections.abc import Mapping
from typing import Any

from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.policy import Period, Policies
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import agencies, agency, words

BREACHES: Mapping[str, str] = {
    "action-done": "Action not done",
    "action-reviewed": "Action not reviewed",
    "action-spoken-to": "Action passed over at a meeting",
    "initial-conference": "Initial conference not held",
    "first-core-group": "First core group not held",
    "core-group": "Core group not held",
    "first-review-conference": "First review conference not held",
    "review-conference": "Review conference not held",
    "cin-review": "Child in need review not held",
    "assessment-finished": "Assessment not finished",
    "transfer-conference": "Transfer conference not held",
    "quorum": "Conference with too few agencies not held again",
    "report-to-conference": "Report to a conference not sent",
    "record-circulated": "Record of a conference not sent round",
    "decision-shared": "Decision made by one agency",
    "decision-shared-after-challenge": "Decision made by one agency after a challenge",
    "dissent-answered": "Disagreement not answered",
    "supervision-held": "Supervision asked for but not held",
    "recommendation-answered": "Recommendation not decided on by two agencies",
    "oversight": "Plan not looked at by a manager",
    "gap-answered": "Gap that a manager named not answered",
    "child-seen": "Child not seen",
    "child-seen-alone": "Child not seen alone",
    "child-heard": "Child\N{RIGHT SINGLE QUOTATION MARK}s own words not recorded",
    "self-report-checked": "Parent\N{RIGHT SINGLE QUOTATION MARK}s word not checked",
    "assessment-broad": "Somebody not asked for an assessment",
    "information-shared": "Information not given to every agency",
    "information-acknowledged": "Information not acknowledged",
    "injury-decided": "Medical for an injury not decided on",
    "absence-explored": "Missed contacts not looked into",
    "withdrawal-reviewed": "No meeting after a service was withdrawn",
    "challenge-answered": "Challenge not answered",
    "sibling-considered": "Sibling not considered",
    "plan-drift": "Plan has gone on for a long time",
    "repeat-plan": "Child on a plan again and nobody asked why",
    "alert-answered": "Alert not answered",
}
"""What is missing, in a few words, by the obligation that was not met."""

TOLD = {
    "owner": "whoever it waits for",
    "lead_practitioner": "the lead practitioner",
    "team_manager": "the team manager",
    "service_manager": "the service manager",
    "safeguarding_partners": "the safeguarding partners",
}
SHARED = frozenset({"decision-shared", "decision-shared-after-challenge"})
"""Alerts about a decision on which one agency stands alone."""


def breach(rule: str) -> str:
    """Say in a few words what was not done."""
    return BREACHES.get(rule) or words(rule)


def told(whom: str) -> str:
    """Name somebody on the ladder of those who are told."""
    return TOLD.get(whom) or words(whom)


def subject(row: Mapping[str, Any]) -> str | None:
    """Say what an alert is about, where its rule alone does not."""
    if row["what"]:
        return f"“{row['what']}”"
    if row["raised_by"]:
        return f"Raised by {agency(row['raised_by'])}"
    if row["obligation"] == "assessment-broad":
        return f"Not asked: {words(row['about'].rpartition('/')[2])}"
    return None


def waits_for(row: Mapping[str, Any], duty: Duty) -> str:
    """Say for whom an alert waits, as whoever reads it would say it."""
    if row["awaiting"]:
        return _begun(f"{agencies(row['awaiting'])} to give a view")
    if BY_CODE[row["obligation"]].owed_by == "the team manager":
        return "You" if duty is Duty.TEAM_MANAGER else "The team manager"
    if row["name"] and row["agency"]:
        return f"{row['name']}, {agency(row['agency'])}"
    return _begun(agency(row["agency"])) if row["agency"] else "Nobody is named"


def rule_in_a_sentence(row: Mapping[str, Any], policies: Policies) -> str:
    """Say what should have happened and by when, by the version of the policy that was quoted."""
    says = BY_CODE[row["obligation"]].says
    quoted = next((each for each in policies.versions if each.version == row["policy"]), None)
    terms = quoted.terms.get(row["obligation"]) if quoted else None
    if terms is None:
        return f"{says}."
    if not terms.periods:
        return f"{says}."
    own = terms.periods.get(row["kind"]) or terms.periods.get("period")
    if own is not None:
        return f"{says}, {_by(own)}."
    every = [f"{_by(period)} ({words(case)})" for case, period in terms.periods.items()]
    return f"{says}: {', '.join(every)}."


def limit(period: Period) -> str:
    """Write a period as it stands before a word: 5 working day."""
    return f"{period.number} {period.unit.says.removesuffix('s')}"


def _by(period: Period) -> str:
    if period.number == 0:
        return "on the same day"
    if period.number < 0:
        return f"at least {period}"
    return f"within {period}"


def _begun(said: str) -> str:
    return said[0].upper() + said[1:]
