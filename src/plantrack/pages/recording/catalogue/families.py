"""Forms about the people in a child's life (S7 S14)."""

from collections.abc import Iterable, Iterator

from plantrack.domain.words import Involved, SiblingOutcome, words
from plantrack.pages.forms import AtHand, Day, Form, Line, Name, One, Option, Pick, Words, Wrong
from plantrack.pages.forms.forms import Fact, Said
from plantrack.pages.recording.catalogue.owed import siblings
from plantrack.pages.recording.catalogue.things import person_named

GROUP = "Family"
RELATIONS = (
    "mother",
    "father",
    "step_mother",
    "step_father",
    "sibling",
    "half_sibling",
    "step_sibling",
    "grandmother",
    "grandfather",
    "aunt",
    "uncle",
    "partner_of_mother",
    "partner_of_father",
    "carer",
    "friend_of_the_family",
    "other",
)
SAID = {
    "step_mother": "Stepmother",
    "step_father": "Stepfather",
    "sibling": "Brother or sister",
    "half_sibling": "Half-brother or half-sister",
    "step_sibling": "Stepbrother or stepsister",
    "partner_of_mother": "The mother's partner",
    "partner_of_father": "The father's partner",
    "other": "Somebody else",
}


def relations(_: AtHand) -> list[Option]:
    """Give how somebody may be related to the child."""
    return [Option(r, SAID.get(r) or words(r).capitalize()) for r in RELATIONS]


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Name a brother or sister."""
    yield "Brother or sister", person_named(at_hand, name)


def a_reason_for_no_plan(said: Said) -> Iterable[Wrong]:
    """Ask why a child needs no plan."""
    if said.get("outcome") == "no_plan" and not said.get("reason"):
        yield Wrong("reason", "Enter why this child needs no plan")


FORMS = (
    Form(
        kind="PersonLinked",
        group=GROUP,
        title="Add somebody in {child}'s life",
        names=("person", "P", "people"),
        questions=(
            Pick(
                name="relation",
                asks="Who are they to {child}?",
                among=relations,
                missing="Select who they are to {child}",
            ),
            Line(
                name="name",
                asks="What is their name?",
                hint="Leave this out if it is not known yet",
                optional=True,
            ),
            One(
                name="involved",
                asks="Are they involved in {child}'s life?",
                of=Involved,
                missing="Select whether they are involved in {child}'s life",
            ),
        ),
        when=Day(name="on", asks="Since when is this known?", missing="Enter the day it was known"),
        button="Add this person",
    ),
    Form(
        kind="SiblingConsidered",
        group=GROUP,
        title="Decide whether a brother or sister needs a plan",
        about=facts_of,
        also=a_reason_for_no_plan,
        questions=(
            Pick(
                name="person",
                asks="Which brother or sister?",
                among=siblings,
                missing="Select which brother or sister",
                nothing="Every brother or sister on this plan has been considered.",
            ),
            One(
                name="outcome",
                asks="What was decided?",
                of=SiblingOutcome,
                missing="Select what was decided",
            ),
            Name(
                name="plan",
                like="plan",
                asks="Which plan is theirs?",
                hint="Its reference, for example CP-0417. Leave this out if there is none yet",
                width="20",
                optional=True,
            ),
            Words(
                name="reason",
                asks="Why?",
                hint="You need to say why if they need no plan",
                rows=3,
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When was it decided?", missing="Enter the day it was decided"),
        button="Record this decision",
    ),
)
