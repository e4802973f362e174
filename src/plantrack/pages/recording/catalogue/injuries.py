"""Forms about injuries: each leads to a decision of several agencies on a medical (S9)."""

from collections.abc import Iterator

from plantrack.domain.words import Basis, MedicalOutcome
from plantrack.pages.forms import AtHand, Day, Form, Line, One, Pick, TimeOfDay, WithOwn, Words
from plantrack.pages.forms.forms import Fact
from plantrack.pages.recording.catalogue.owed import undecided_injuries
from plantrack.pages.wording.dates import day

GROUP = "Injuries"


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell what an injury is and how it was explained."""
    injury = at_hand["injuries"][name]
    yield "Injury", injury["where"]
    yield "Seen or reported", day(injury["on"])
    yield "Explained as", at_hand["explained"].get(name) or "No explanation is recorded"


FORMS = (
    Form(
        kind="InjuryNoted",
        group=GROUP,
        title="Record an injury",
        lead="If {child} is in danger now, call 999.",
        names=("injury", "N", "injuries"),
        questions=(
            Line(
                name="where",
                asks="Where on the body is it?",
                hint="For example, left forearm",
                missing="Enter where on the body it is",
            ),
            Words(
                name="explanation",
                asks="How was it explained?",
                hint="In the words of whoever explained it. Leave this out if nobody has yet",
                rows=3,
                optional=True,
            ),
            One(
                name="explanation_basis",
                asks="Who explained it, or how is that known?",
                of=Basis,
                optional=True,
            ),
            TimeOfDay(name="at", asks="At what time was it seen or reported?"),
        ),
        when=Day(
            name="on",
            asks="When was it seen or reported?",
            missing="Enter the day it was seen or reported",
        ),
        button="Record this injury",
    ),
    Form(
        kind="MedicalDecided",
        group=GROUP,
        title="Decide about a medical",
        about=facts_of,
        questions=(
            Pick(
                name="injury",
                asks="Which injury is this about?",
                among=undecided_injuries,
                missing="Select which injury this is about",
                nothing="There is no injury on this plan that waits for a decision on a medical.",
            ),
            One(
                name="outcome",
                asks="What was decided?",
                of=MedicalOutcome,
                missing="Select what was decided",
            ),
            Words(name="reason", asks="Why?", rows=3, missing="Enter why this was decided"),
            WithOwn(
                name="agencies",
                asks="Which other agencies decided this with yours?",
                hint="It takes at least one agency besides your own",
                missing="Select which other agencies decided this with yours",
            ),
        ),
        when=Day(name="on", asks="When was it decided?", missing="Enter the day it was decided"),
        button="Record this decision",
    ),
)
