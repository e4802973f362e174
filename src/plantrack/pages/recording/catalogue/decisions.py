"""Forms about decisions, and where each agency stands on them (S2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import Basis, DecisionKind, Position, agency
from plantrack.pages.forms import (
    AtHand,
    Both,
    Day,
    EachAgency,
    Form,
    FromAddress,
    Many,
    One,
    Option,
    Pick,
    Sent,
    WhichAgency,
    Words,
    Wrong,
    YesNo,
)
from plantrack.pages.forms.agencies import named
from plantrack.pages.forms.forms import Fact, Said
from plantrack.pages.recording.catalogue.meetings import facts_of as facts_of_meeting
from plantrack.pages.recording.catalogue.owed import dissents, to_be_answered, undecided_by_us
from plantrack.pages.recording.catalogue.shared import own_agency
from plantrack.pages.recording.catalogue.things import held_meetings
from plantrack.pages.wording.dates import day
from plantrack.pages.wording.sentences import say

GROUP = "Decisions"


def stance(position: str, reason: str | None) -> dict[str, str | None]:
    """Give an agency's position as it is recorded."""
    return {"position": position, "reason": reason}


@dataclass(frozen=True, kw_only=True)
class Positions(EachAgency):
    """Each agency's position: at a meeting of all of them, outside one of one's own alone.

    Those that are not asked here are recorded as not asked, and are asked then.
    """

    def rows(self, at_hand: dict[str, Any], sent: Sent) -> list[Option]:
        """List the agencies that whoever decides may speak for."""
        own = str(at_hand["own_agency"])
        if not sent.one("meeting"):
            return named([own])
        every = (*super().rows(at_hand, sent), *named([own]))
        return list({each.value: each for each in every}.values())

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Mapping[str, Any]:
        """Read the positions that were asked, and leave the others to be asked."""
        said = super().read(sent, at_hand)
        kept = at_hand.get("kept", {}).get(self.name) or {}
        others = () if kept else (each for each in at_hand["agencies"] if each not in said)
        return {**dict.fromkeys(others, stance("not_asked", None)), **kept, **said}


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell a decision, why it was taken and where each agency stands."""
    decision, more = at_hand["decisions"][name], at_hand["deciding"].get(name, {})
    yield "Decision", decision["what"]
    yield "Why", more.get("reason") or "No reason is recorded"
    yield "Decided by", f"{capitalised(agency(decision['decided_by']))}, on {day(decision['on'])}"
    for each, position in decision["positions"].items():
        yield capitalised(agency(each)), say(position, "Position")


def facts_of_dissent(at_hand: AtHand, both: str) -> Iterator[Fact]:
    """Tell a decision, and why an agency disagrees with it."""
    name, _, who = both.partition("/")
    found = [e for e in at_hand["dissents"] if (e["decision"], e["agency"]) == (name, who)]
    yield "Decision", at_hand["decisions"][name]["what"]
    yield "Disagrees", capitalised(agency(who))
    yield "Its reason", (found and found[0]["reason"]) or "It gave no reason"


def a_reason_to_disagree(said: Said) -> Iterable[Wrong]:
    """Ask why, where an agency disagrees."""
    if said.get("position") == "disagree" and not said.get("reason"):
        yield Wrong("reason", "Enter why your agency disagrees")


def the_deciding_agency_stands(said: Said) -> Iterable[Wrong]:
    """Ask where the agency stands that decided, if it is not among those asked."""
    positions, decided_by = said.get("positions"), said.get("decided_by")
    if positions is not None and decided_by and decided_by not in positions:
        yield Wrong("decided_by", "Select an agency that is on the plan")


FORMS = (
    Form(
        kind="DecisionMade",
        group=GROUP,
        title="Record a decision",
        about=facts_of_meeting,
        names=("decision", "D", "decisions"),
        also=the_deciding_agency_stands,
        questions=(
            FromAddress(
                name="meeting",
                asks="At which meeting was it decided?",
                among=held_meetings,
                optional=True,
            ),
            Words(name="what", asks="What was decided?", missing="Enter what was decided"),
            One(
                name="decision_kind",
                asks="What kind of decision is it?",
                of=DecisionKind,
                missing="Select what kind of decision it is",
            ),
            Words(name="reason", asks="Why?", missing="Enter why this was decided"),
            Many(
                name="basis",
                asks="How is what it rests on known?",
                hint="Select all that apply. What only a parent or the family said is shown as "
                "not checked",
                of=Basis,
                missing="Select how what it rests on is known",
            ),
            WhichAgency(
                name="decided_by",
                asks="Which agency decided?",
                missing="Select which agency decided",
            ),
            Positions(
                name="positions",
                asks="Where does each agency stand?",
                of=Position,
                missing="Select the position of {row}",
                reasons=True,
                need_reason=("disagree",),
                shape=stance,
            ),
            Many(
                name="answers",
                asks="Does it answer a recommendation or a challenge?",
                hint="Select all that apply",
                among=to_be_answered,
                optional=True,
            ),
            YesNo(
                name="departs",
                asks="Does it go another way than was recommended?",
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When was it decided?", missing="Enter the day it was decided"),
        button="Record this decision",
    ),
    Form(
        kind="PositionTaken",
        group=GROUP,
        title="Say whether your agency agrees with a decision",
        about=facts_of,
        also=a_reason_to_disagree,
        questions=(
            Pick(
                name="decision",
                asks="Which decision is this about?",
                among=undecided_by_us,
                missing="Select which decision this is about",
                nothing="Your agency has said where it stands on every decision of this plan.",
            ),
            One(
                name="position",
                asks="Does your agency agree?",
                hint="If you cannot say yet, leave this page. The decision goes on waiting for you",
                of=Position,
                only=("agree", "disagree"),
                missing="Select whether your agency agrees",
            ),
            Words(
                name="reason",
                asks="Why?",
                hint="You need to say why if your agency disagrees",
                rows=3,
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When did you decide this?", missing="Enter the day you decided"),
        button="Record what your agency says",
        rest={"agency": own_agency},
    ),
    Form(
        kind="DissentAnswered",
        group=GROUP,
        title="Answer an agency that disagrees",
        about=facts_of_dissent,
        questions=(
            Both(
                name="dissent",
                spread=("decision", "agency"),
                asks="Whom do you answer?",
                among=dissents,
                missing="Select whom you answer",
                nothing="No agency waits for an answer to its disagreement on this plan.",
            ),
            Words(
                name="answer",
                asks="What do you answer?",
                hint="Say what you make of its reason, and what follows",
                missing="Enter what you answer",
            ),
        ),
        when=Day(name="on", asks="When did you answer?", missing="Enter the day you answered"),
        button="Send this answer",
    ),
)
