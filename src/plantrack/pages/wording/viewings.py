"""Who looked and why they could, who may see a plan and why: stored words as people read them."""

from collections.abc import Mapping

TIES: Mapping[str, str] = {
    "chair": "chairs it",
    "worker": "works on it",
    "cover": "covers for the worker",
    "member": "is a member of its group",
}
"""What somebody can be to a plan."""

BECAUSE: Mapping[str, str] = {
    "no_plan_concerned": "no plan was concerned",
    "chairs": "chairs the plan",
    "works_on_it": "works on the plan",
    "team": "manages the team",
    "whole_authority": "sees the whole authority",
    "member": "is a member of the plan's group",
    "agency": "their agency is on the plan",
    "warrant": "under a warrant",
    "glass": "under emergency access",
    "metadata": "dates only, no words",
    "not_signed_in": "was not signed in",
    "no_second_factor": "gave no second proof",
    "not_granted": "had no such role any more",
    "not_in_this_role": "not for their role",
    "no_such_plan": "there is no such plan",
    "conflict": "has an interest in the child",
    "restricted": "the plan is restricted to others",
    "unrelated": "nothing ties them to the plan",
    "step_up": "had to prove again who they are",
}
"""Why somebody was shown a plan, or was refused."""

WHAT: Mapping[str, str] = {
    "workspace": "the plan's first page",
    "plan": "where the plan stands",
    "plans": "a list of plans",
    "alerts": "a list of alerts",
    "due": "a list of what is due",
    "actions": "a list of actions",
    "decisions": "a list of decisions",
    "family": "the family",
    "entry": "an entry",
    "chronology": "the history",
    "between": "what changed between two days",
    "form": "a form to write on the plan",
    "access": "who may see it",
    "emergency": "emergency access",
    "export": "the whole history, taken away",
}
"""At what somebody looked; what is not here names itself."""

GROUNDS: Mapping[str, str] = {
    "immediate_harm": "A child may come to harm now",
    "out_of_hours": "It is out of hours, and nobody who has access can be reached",
    "colleague_absent": "A colleague is away, and something must be done today",
    "court_or_police": "A court or the police need an answer now",
    "privacy_investigation": "I look into a complaint or a breach of privacy",
}
"""On which grounds somebody takes emergency access."""

CATEGORIES: Mapping[str, str] = {
    "adoption": "The child is being adopted",
    "staff_or_relative": "The family of somebody who works here",
    "protected_identity": "Somebody's identity is protected",
    "court_order": "A court has ordered it",
    "other": "Something else",
}
"""Why a plan may be seen by the people on its list only."""

ALLOCATIONS: Mapping[str, str] = {
    "chair": "Chairs the plan",
    "worker": "Works on the plan",
    "cover": "Covers for the worker",
}
"""As what a plan is allocated."""


def tie(what: str) -> str:
    """Say what somebody is to a plan."""
    return TIES.get(what, what)


def what(looked_at: str) -> str:
    """Say at what somebody looked."""
    return WHAT.get(looked_at, looked_at.replace("_", " "))


def because(reason: str) -> str:
    """Say why somebody was shown a plan, or was refused."""
    return BECAUSE.get(reason, reason.replace("_", " "))


def ground(name: str) -> str:
    """Say on which ground somebody took emergency access."""
    return GROUNDS.get(name, name.replace("_", " "))


def category(name: str) -> str:
    """Say why a plan is restricted."""
    return CATEGORIES.get(name, name.replace("_", " "))
