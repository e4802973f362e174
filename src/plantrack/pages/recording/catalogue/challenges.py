"""Forms about challenge between agencies, stage by stage (S12)."""

from collections.abc import Iterator

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency
from plantrack.pages.forms import (
    AtHand,
    Day,
    Form,
    Many,
    Pick,
    Question,
    WhichAgencies,
    Words,
    YesNo,
)
from plantrack.pages.forms.agencies import others_on_the_plan
from plantrack.pages.forms.forms import Fact, Said
from plantrack.pages.recording.catalogue.owed import (
    open_challenges,
    unanswered_challenges,
    what_can_be_challenged,
)
from plantrack.pages.recording.catalogue.shared import own_agency
from plantrack.pages.recording.catalogue.things import every_action
from plantrack.pages.wording.dates import day

GROUP = "Challenge between agencies"


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell who challenged whom, when, and how far it has come."""
    found = at_hand["challenges"][name]
    yield "Concern", found["concern"]
    yield "From", capitalised(agency(found["by_agency"]))
    yield "To", capitalised(agency(found["to_agency"]))
    yield "Raised on", day(found["raised_on"])
    yield "Stage", str(found["stage"])


def present_stage(at_hand: AtHand, said: Said) -> int:
    """Give the stage at which a challenge is."""
    return int(at_hand["challenges"][said["challenge"]]["stage"])


def next_stage(at_hand: AtHand, said: Said) -> int:
    """Give the stage to which a challenge climbs."""
    return present_stage(at_hand, said) + 1


WHICH: Question = Pick(
    name="challenge",
    asks="Which challenge is this about?",
    among=open_challenges,
    missing="Select which challenge this is about",
    nothing="There is no open challenge on this plan.",
)

FORMS = (
    Form(
        kind="ChallengeRaised",
        group=GROUP,
        title="Challenge another agency",
        names=("challenge", "C", "challenges"),
        questions=(
            Pick(
                name="to_agency",
                asks="Which agency do you challenge?",
                among=others_on_the_plan,
                missing="Select which agency you challenge",
                nothing="There is no other agency on this plan.",
            ),
            Pick(
                name="about",
                asks="Is it about a decision or an action?",
                among=what_can_be_challenged,
                none="No, about something else",
                optional=True,
            ),
            Words(
                name="concern",
                asks="What is your concern?",
                hint="Say what it means for {child}, and what you want to happen",
                missing="Enter what your concern is",
            ),
        ),
        when=Day(name="on", asks="When did you raise it?", missing="Enter the day you raised it"),
        button="Send this challenge",
        rest={"by_agency": own_agency},
    ),
    Form(
        kind="ChallengeAnswered",
        group=GROUP,
        title="Answer a challenge",
        about=facts_of,
        questions=(
            Pick(
                name="challenge",
                asks="Which challenge do you answer?",
                among=unanswered_challenges,
                missing="Select which challenge you answer",
                nothing="No challenge on this plan waits for an answer.",
            ),
            Words(name="answer", asks="What do you answer?", missing="Enter what you answer"),
            YesNo(
                name="settled",
                asks="Is it settled with this answer?",
                missing="Select whether it is settled with this answer",
            ),
        ),
        when=Day(name="on", asks="When did you answer?", missing="Enter the day you answered"),
        button="Send this answer",
        rest={"stage": present_stage},
    ),
    Form(
        kind="ChallengeClimbed",
        group=GROUP,
        title="Take a challenge to the next stage",
        lead="More senior people of both agencies are then asked to answer.",
        about=facts_of,
        questions=(WHICH,),
        when=Day(
            name="on",
            asks="When did you take it further?",
            missing="Enter the day you took it further",
        ),
        button="Take it to the next stage",
        rest={"stage": next_stage},
    ),
    Form(
        kind="ChallengeResolved",
        group=GROUP,
        title="Record how a challenge ended",
        about=facts_of,
        questions=(
            WHICH,
            Words(name="outcome", asks="How did it end?", missing="Enter how it ended"),
            WhichAgencies(
                name="agencies",
                asks="Which agencies decided that?",
                missing="Select which agencies decided that",
            ),
            Many(
                name="actions",
                asks="Which actions came of it?",
                among=every_action,
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When did it end?", missing="Enter the day it ended"),
        button="Record how it ended",
    ),
)
