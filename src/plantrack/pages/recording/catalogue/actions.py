"""Forms about what was agreed to be different for the child, and who does what (S1)."""

from collections.abc import Iterator

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import Difference, agency
from plantrack.pages.forms import (
    AtHand,
    Day,
    Form,
    One,
    PersonOf,
    Pick,
    Question,
    WhichAgencies,
    Whole,
    Words,
)
from plantrack.pages.forms.forms import Fact
from plantrack.pages.recording.catalogue.shared import AT_MEETING, HOW_KNOWN
from plantrack.pages.recording.catalogue.things import open_actions, outcomes
from plantrack.pages.wording.dates import day
from plantrack.pages.wording.sentences import say

GROUP = "Outcomes and actions"


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell what an action is, whose it is, and how often its day was moved."""
    action = at_hand["actions"][name]
    owner = action["owner"]
    yield "Action", action["what"]
    if action["outcome"]:
        yield "So that", at_hand["outcomes"].get(action["outcome"], "")
    yield "Owner", f"{owner['name']}, {agency(owner['agency'])}"
    yield "First due", day(action["first_due_on"])
    yield "Moved", _moved(action["slips"]) or "Not moved"
    if action["slips"]:
        yield "Due now", day(action["due_on"])
    looked = action["last_reviewed_on"]
    yield (
        "Last reviewed",
        f"{day(looked)}: {say(action['difference'], 'Difference')}" if looked else "Not yet",
    )


def _moved(slips: list[dict[str, str]]) -> str:
    told = [f"to {day(slip['due_on'])}, because {slip['reason'].rstrip('.')}" for slip in slips]
    return capitalised("; then ".join(told)) if told else ""


WHICH: Question = Pick(
    name="action",
    asks="Which action is this about?",
    among=open_actions,
    missing="Select which action this is about",
    nothing="There is no open action on this plan that you can record this for.",
)
OWNER: Question = PersonOf(
    name="owner", asks="Who will do it?", missing="Enter the name of who will do it"
)

FORMS = (
    Form(
        kind="OutcomeAgreed",
        group=GROUP,
        title="Add an outcome for {child}",
        names=("outcome", "O", "outcomes"),
        questions=(
            Words(
                name="what",
                asks="What should be different for {child}?",
                hint="Say it so that {child} and the family would understand it",
                missing="Enter what should be different for {child}",
            ),
        ),
        when=Day(name="on", asks="When was this agreed?", missing="Enter the day this was agreed"),
        button="Add this outcome",
    ),
    Form(
        kind="ActionAgreed",
        group=GROUP,
        title="Add an action",
        names=("action", "A", "actions"),
        questions=(
            Words(
                name="what",
                asks="What will be done?",
                hint="Say it so that {child} and the family would understand it",
                missing="Enter what will be done",
            ),
            Pick(
                name="outcome",
                asks="Which outcome for {child} is it for?",
                among=outcomes,
                none="None of these",
                optional=True,
            ),
            OWNER,
            Day(
                name="due_on",
                asks="By when?",
                missing="Enter the day it is to be done by",
            ),
            Whole(
                name="review_every_days",
                asks="How often should it be looked at again?",
                hint="In days, for example 14. If you leave this out, your procedures' rule holds",
                optional=True,
            ),
            AT_MEETING,
        ),
        when=Day(name="on", asks="When was this agreed?", missing="Enter the day this was agreed"),
        button="Add this action",
    ),
    Form(
        kind="ActionReviewed",
        group=GROUP,
        title="Review an action",
        about=facts_of,
        questions=(
            WHICH,
            One(
                name="difference",
                asks="What difference has this made for {child}?",
                of=Difference,
                missing="Select what difference this has made for {child}",
            ),
            HOW_KNOWN,
            Words(name="note", asks="What have you seen or heard?", optional=True),
            AT_MEETING,
        ),
        when=Day(
            name="on", asks="When did you review it?", missing="Enter the day you reviewed it"
        ),
        button="Record this review",
    ),
    Form(
        kind="ActionCompleted",
        group=GROUP,
        title="Record that an action is done",
        about=facts_of,
        questions=(
            WHICH,
            HOW_KNOWN,
            Words(
                name="evidence",
                asks="What shows that it is done?",
                hint="For example, what somebody saw, or a letter that came",
                optional=True,
            ),
            AT_MEETING,
        ),
        when=Day(name="on", asks="When was it done?", missing="Enter the day it was done"),
        button="Record that it is done",
    ),
    Form(
        kind="ActionRescheduled",
        group=GROUP,
        title="Give an action another day",
        lead="The first day stays on the record, and each move is counted.",
        about=facts_of,
        questions=(
            WHICH,
            Day(name="due_on", asks="By when now?", missing="Enter the day it is now due"),
            Words(
                name="reason",
                asks="Why does it need more time?",
                rows=3,
                missing="Enter why it needs more time",
            ),
            WhichAgencies(name="agreed_by", asks="Which agencies agreed to this?", optional=True),
            AT_MEETING,
        ),
        when=Day(name="on", asks="When was this agreed?", missing="Enter the day this was agreed"),
        button="Record the new day",
    ),
    Form(
        kind="ActionReassigned",
        group=GROUP,
        title="Give an action to somebody else",
        about=facts_of,
        questions=(
            WHICH,
            OWNER,
            Words(
                name="reason",
                asks="Why does it pass to them?",
                rows=3,
                missing="Enter why it passes to them",
            ),
            AT_MEETING,
        ),
        when=Day(name="on", asks="When did it pass?", missing="Enter the day it passed to them"),
        button="Record who does it now",
    ),
    Form(
        kind="ActionEnded",
        group=GROUP,
        title="End an action that will not be done",
        about=facts_of,
        questions=(
            WHICH,
            Words(
                name="reason",
                asks="Why will it not be done?",
                rows=3,
                missing="Enter why it will not be done",
            ),
            AT_MEETING,
        ),
        when=Day(name="on", asks="When was it ended?", missing="Enter the day it was ended"),
        button="End this action",
    ),
)
