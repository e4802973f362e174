"""Forms for how a plan ends, and what becomes of every action that is open then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from plantrack.domain.words import (
    Category,
    ClosureReason,
    DispositionKind,
    EndedWithoutConference,
    agency,
)
from plantrack.pages.forms import (
    AtHand,
    Day,
    Each,
    Form,
    Line,
    One,
    Option,
    PersonOf,
    Pick,
    Question,
    Sent,
    WhichAgencies,
    Wrong,
    YesNo,
)
from plantrack.pages.forms.agencies import known_agencies
from plantrack.pages.forms.forms import Said
from plantrack.pages.recording.catalogue.things import decisions
from plantrack.pages.wording.dates import day

GROUP = "End of the plan"


def disposition(what: str, reason: str | None) -> dict[str, str | None]:
    """Give what becomes of an action as it is recorded."""
    return {"disposition": what, "reason": reason}


@dataclass(frozen=True, kw_only=True)
class EachOpenAction(Each):
    """What becomes of each open action: none may be passed over."""

    when: str = ""
    """A yes-or-no question on which this depends, if any."""

    def rows(self, at_hand: dict[str, Any], sent: Sent) -> list[Option]:
        """List the open actions; those that were said stay among them."""
        kept = at_hand.get("kept", {}).get(self.name, ())
        return [
            Option(
                name,
                each["what"],
                f"{each['owner']['name']}, {agency(each['owner']['agency'])}, "
                f"due on {day(each['due_on'])}",
            )
            for name, each in at_hand["actions"].items()
            if each["state"] == "open" or name in kept
        ]

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Any:
        """Read what becomes of each, where the plan ends."""
        if self.when and sent.one(self.when) != "yes":
            return {}
        return super().read(sent, at_hand)


def _actions(*only: str, when: str = "", hint: str = "") -> Question:
    return EachOpenAction(
        name="open_actions",
        asks="What becomes of each open action?",
        hint=hint,
        of=DispositionKind,
        only=only,
        missing="Select what becomes of “{row}”",
        reasons=True,
        need_reason=tuple(DispositionKind),
        reason_missing="Enter why, for “{row}”",
        shape=disposition,
        when=when,
    )


def _decision(*, optional: bool = False) -> Question:
    return Pick(
        name="decision",
        asks="Which decision ends this plan?",
        among=decisions,
        none="No decision" if optional else "",
        optional=optional,
        missing="Select which decision ends this plan",
        nothing="No decision is on this plan yet. Record the decision first, then end the plan.",
    )


LEAD: Question = PersonOf(
    name="lead",
    asks="Who leads the new plan?",
    missing="Enter the name of who leads the new plan",
)
AGENCIES: Question = WhichAgencies(
    name="agencies",
    asks="Which agencies are on the new plan?",
    among=known_agencies,
    missing="Select which agencies are on the new plan",
)


def _as_now(at_hand: AtHand) -> dict[str, Any]:
    """Begin with the people and agencies of the plan that ends."""
    return {"lead": at_hand["lead"], "chair": at_hand["chair"], "agencies": at_hand["agencies"]}


def no_chair_who_leads(said: Said) -> Iterable[Wrong]:
    """Refuse one person as both chair and lead."""
    if said.get("chair") and said.get("chair") == said.get("lead"):
        yield Wrong("chair-name", "Enter somebody else than who leads the plan")


def an_end_of_itself_or_a_decision(said: Said) -> Iterator[Wrong]:
    """Ask for one reason only why a plan ends without a review conference."""
    if said.get("without_conference") and said.get("decision"):
        yield Wrong(
            "without_conference", "Select either a decision, or why the plan ends without one"
        )


STEP_DOWN = Form(
    kind="PlanSteppedDown",
    group=GROUP,
    title="Step down to a child in need plan",
    lead="This plan ends, and a child in need plan for {child} opens on the same day.",
    begins=_as_now,
    plan_kinds=("cp",),
    questions=(
        _decision(),
        _actions(),
        LEAD,
        AGENCIES,
    ),
    when=Day(name="on", asks="On which day?", missing="Enter the day it steps down"),
    marked=False,
)
STEP_UP = Form(
    kind="PlanSteppedUp",
    group=GROUP,
    title="Step up to a child protection plan",
    lead="This plan ends, and a child protection plan for {child} opens on the same day, which is "
    "the day of the initial conference.",
    begins=_as_now,
    plan_kinds=("cin",),
    also=no_chair_who_leads,
    questions=(
        _decision(),
        One(
            name="category",
            asks="Which category of harm?",
            of=Category,
            missing="Select which category of harm",
        ),
        _actions(),
        LEAD,
        PersonOf(
            name="chair",
            asks="Who chairs the new plan's conferences?",
            missing="Enter the name of who chairs the new plan's conferences",
        ),
        AGENCIES,
    ),
    when=Day(
        name="on",
        asks="When was the initial conference?",
        missing="Enter the day of the initial conference",
    ),
    marked=False,
)
TRANSFER = Form(
    kind="PlanTransferredOut",
    group=GROUP,
    title="Pass the plan to another council",
    lead="The plan ends here only when the other council has accepted it.",
    questions=(
        Line(name="to", asks="Which council?", missing="Enter which council"),
        YesNo(
            name="accepted",
            asks="Has it accepted the plan?",
            hint="If not, this records that it was told in writing, and the plan goes on here",
            missing="Select whether it has accepted the plan",
        ),
        _actions(when="accepted", hint="You need this only if the plan was accepted"),
    ),
    when=Day(
        name="on",
        asks="When was it told, or when did it accept?",
        missing="Enter the day it was told or accepted",
    ),
    marked=False,
)
CLOSE = Form(
    kind="PlanClosed",
    group=GROUP,
    title="Close the plan",
    also=an_end_of_itself_or_a_decision,
    questions=(
        One(
            name="reason",
            asks="Why does it end?",
            of=ClosureReason,
            missing="Select why it ends",
        ),
        _decision(optional=True),
        One(
            name="without_conference",
            asks="Did it end without a review conference?",
            hint="A child protection plan ends by a review conference's decision, unless one of "
            "these is so",
            of=EndedWithoutConference,
            none="None of these",
            optional=True,
        ),
        _actions("done", "ended"),
    ),
    when=Day(name="on", asks="When did it end?", missing="Enter the day it ended"),
    marked=False,
)
ENDINGS = {
    "step-down": STEP_DOWN,
    "step-up": STEP_UP,
    "transfer": TRANSFER,
    "close": CLOSE,
}
"""By the address of its page."""
OF_THE_NEW_PLAN = frozenset({"category", "lead", "chair", "agencies"})
"""What is asked about the plan that opens, not about the one that ends."""
