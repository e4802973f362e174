"""Forms about what was agreed to be different for the child, and who does what (S1)."""

from plantrack.domain.words import Basis, Difference
from plantrack.pages.asking import (
    AtHand,
    Day,
    Form,
    Many,
    One,
    Option,
    PersonOf,
    Pick,
    Whole,
    Words,
)
from plantrack.pages.asking.questions import Question

GROUP = "Outcomes and actions"


def open_actions(at_hand: AtHand) -> list[Option]:
    """Give the actions that are open, by what they are."""
    return [
        Option(name, f"{name}: {action['what']}")
        for name, action in at_hand["actions"].items()
        if action["state"] == "open"
    ]


def outcomes(at_hand: AtHand) -> list[Option]:
    """Give the outcomes of the plan."""
    return [Option(name, what) for name, what in at_hand["outcomes"].items()]


WHICH: Question = Pick(
    name="action",
    asks="Which action is this about?",
    among=open_actions,
    missing="Select which action this is about",
)
HOW_KNOWN: Question = Many(
    name="basis",
    asks="How do you know?",
    hint="Select all that apply. What only a parent or the family said is shown as not checked",
    of=Basis,
    missing="Select how you know",
)

FORMS = (
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
                optional=True,
            ),
            PersonOf(
                name="owner", asks="Who will do it?", missing="Enter the name of who will do it"
            ),
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
        ),
        when=Day(name="on", asks="When was this agreed?", missing="Enter the day this was agreed"),
        button="Add this action",
    ),
    Form(
        kind="ActionReviewed",
        group=GROUP,
        title="Review an action",
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
        ),
        when=Day(
            name="on", asks="When did you review it?", missing="Enter the day you reviewed it"
        ),
        button="Record this review",
    ),
)
