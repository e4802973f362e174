"""For whom something waits: which agency owes it, and who there."""

from typing import NamedTuple

from plantrack.domain.events import (
    ActionAgreed,
    ActionReassigned,
    ChairChanged,
    ChallengeRaised,
    DecisionMade,
    InformationShared,
    LeadChanged,
    PlanOpened,
)
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.plans.history import History
from plantrack.domain.words import Named

OWNERS = frozenset(
    {
        PlanOpened,
        LeadChanged,
        ChairChanged,
        ActionAgreed,
        ActionReassigned,
        DecisionMade,
        InformationShared,
        ChallengeRaised,
    }
)
"""All kinds of event that say for whom something waits."""


class Owes(NamedTuple):
    """An agency that owes something, and the person there if one is named."""

    agency: str | None
    name: str | None


def lead(history: History) -> Named | None:
    """Say who leads the plan."""
    if changed := history.of(LeadChanged):
        return changed[-1].event.lead
    return history.opened.lead if history.opened else None


def chair(history: History) -> Named | None:
    """Say who chairs the plan's conferences."""
    if changed := history.of(ChairChanged):
        return changed[-1].event.chair
    return history.opened.chair if history.opened else None


def team(history: History) -> str | None:
    """Say which team holds the plan."""
    if named := [fact.event.team for fact in history.of(LeadChanged) if fact.event.team]:
        return named[-1]
    return history.opened.team if history.opened else None


def action_owner(history: History, action: str) -> Named | None:
    """Say who owns an action, agreed here or carried over."""
    if passed := history.of(ActionReassigned, action):
        return passed[-1].event.owner
    if before := history.carried(action):
        return before.owner
    agreed = history.of(ActionAgreed, action)
    return agreed[-1].event.owner if agreed else None


class Waiting:
    """For whom the obligations of one plan wait."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._lead = lead(history)
        self._chair = chair(history) or self._lead
        self.team = team(history)

    def waits_for(self, obligation: str, about: str) -> Owes:
        """Say for whom an obligation waits."""
        history = self._history
        match BY_CODE[obligation].owed_by:
            case "the lead practitioner":
                return _person(self._lead)
            case "the action's owner":
                return _person(action_owner(history, about))
            case "the conference chair":
                return _person(self._chair)
            case "the team manager":
                return Owes(self._lead.agency if self._lead else None, None)
            case "the agency that decided":
                made = history.of(DecisionMade, about)
                return Owes(made[-1].event.decided_by if made else None, None)
            case "the agency that holds it":
                shares = history.of(InformationShared, about.rpartition("/")[0])
                return Owes(shares[0].event.from_ if shares else None, None)
            case "the agency that was told" | "the invited agency":
                return Owes(about.rpartition("/")[2] or None, None)
            case "the agency that was challenged":
                raised = history.of(ChallengeRaised, about)
                return Owes(raised[-1].event.to_agency if raised else None, None)
        return _person(self._lead)


def _person(named: Named | None) -> Owes:
    return Owes(named.agency, named.name) if named else Owes(None, None)
