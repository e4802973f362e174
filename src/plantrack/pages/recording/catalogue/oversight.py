"""Forms about supervision across agencies, and managers who support and challenge (S3 S4)."""

from collections.abc import Iterable, Iterator

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency
from plantrack.pages.forms import (
    AtHand,
    Day,
    Form,
    Lines,
    Many,
    Option,
    Pick,
    WithOwn,
    Words,
    Wrong,
)
from plantrack.pages.forms.forms import Fact, Said
from plantrack.pages.recording.catalogue.owed import open_gaps, supervisions
from plantrack.pages.recording.catalogue.shared import own_agency
from plantrack.pages.recording.catalogue.things import every_action
from plantrack.pages.wording.dates import day

GROUP = "Supervision and oversight"


def earlier_plans(_: AtHand) -> list[Option]:
    """Give what oversight may be about besides this plan."""
    return [Option("previous-plans", "{child}'s earlier plans")]


def facts_of_supervision(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell who asked for supervision, and why."""
    asked = at_hand["supervisions"][name]
    yield "Asked for by", f"{capitalised(agency(asked['by_agency']))}, on {day(asked['on'])}"
    yield "Why", asked["why"]


def facts_of_gap(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell what a manager found missing."""
    yield "The gap", at_hand["gaps"][name]["what"]


def an_action_or_a_reason(said: Said) -> Iterable[Wrong]:
    """Ask for one of the two that answer a gap."""
    if not said.get("action") and not said.get("reason"):
        yield Wrong("reason", "Select an action above, or enter why the gap needs none")


FORMS = (
    Form(
        kind="SupervisionRequested",
        group=GROUP,
        title="Ask for supervision across agencies",
        names=("supervision", "S", "supervisions"),
        questions=(
            Words(
                name="why",
                asks="What do you want to talk about?",
                hint="Say what worries you about {child}, and what you have tried",
                missing="Enter what you want to talk about",
            ),
        ),
        when=Day(name="on", asks="When did you ask?", missing="Enter the day you asked"),
        button="Ask for supervision",
        rest={"by_agency": own_agency},
    ),
    Form(
        kind="SupervisionHeld",
        group=GROUP,
        title="Record supervision across agencies",
        lead="Supervision recommends. Whoever decides must then answer what it recommends.",
        about=facts_of_supervision,
        questions=(
            Pick(
                name="supervision",
                asks="Which supervision was it?",
                among=supervisions,
                missing="Select which supervision it was",
                nothing="Nobody waits for supervision on this plan.",
            ),
            WithOwn(
                name="agencies",
                asks="Which other agencies took part?",
                missing="Select which other agencies took part",
            ),
            Words(
                name="challenge",
                asks="What was challenged?",
                rows=3,
                optional=True,
            ),
            Lines(
                name="recommendations",
                asks="What does it recommend?",
                hint="One recommendation a line",
                prefix="R",
                taken="recommendations",
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When was it held?", missing="Enter the day it was held"),
        button="Record this supervision",
    ),
    Form(
        kind="OversightRecorded",
        group=GROUP,
        title="Record oversight of this plan",
        questions=(
            Words(
                name="support",
                asks="What has been done well?",
                hint="Say what you support, and why",
                missing="Enter what has been done well",
            ),
            Words(
                name="challenge",
                asks="What do you challenge?",
                hint="Say what is not good enough for {child} yet",
                missing="Enter what you challenge",
            ),
            Lines(
                name="gaps",
                asks="What is missing?",
                hint="One gap a line. Each must then be answered by an action or a reason",
                prefix="G",
                taken="gaps",
                optional=True,
            ),
            Many(
                name="regarding",
                asks="Did you also look at anything else?",
                among=earlier_plans,
                optional=True,
            ),
        ),
        when=Day(
            name="on", asks="When did you look at it?", missing="Enter the day you looked at it"
        ),
        button="Record this oversight",
    ),
    Form(
        kind="GapAnswered",
        group=GROUP,
        title="Answer a gap that a manager found",
        about=facts_of_gap,
        also=an_action_or_a_reason,
        questions=(
            Pick(
                name="gap",
                asks="Which gap do you answer?",
                among=open_gaps,
                missing="Select which gap you answer",
                nothing="Every gap that a manager found on this plan is answered.",
            ),
            Pick(
                name="action",
                asks="Which action answers it?",
                hint="If there is none yet, add the action to the plan first",
                among=every_action,
                none="No action",
                optional=True,
            ),
            Words(
                name="reason",
                asks="If no action answers it, why not?",
                rows=3,
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When did you answer?", missing="Enter the day you answered"),
        button="Answer this gap",
    ),
)
