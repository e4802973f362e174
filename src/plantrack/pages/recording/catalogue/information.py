"""Forms about who holds which information and how it is known (S6 S8); sharing has its own page."""

from collections.abc import Iterator

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import Basis, agencies, agency, listed
from plantrack.pages.forms import AtHand, Day, Form, One, Pick
from plantrack.pages.forms.forms import Fact
from plantrack.pages.recording.catalogue.owed import unacknowledged
from plantrack.pages.recording.catalogue.shared import own_agency
from plantrack.pages.recording.catalogue.things import claims, names_of_all

GROUP = "Information"


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell an item, whose it is and who has it."""
    item = at_hand["information"][name]
    yield "What your agency was told", item["what"]
    if about := at_hand["items_about"].get(name):
        yield "About", capitalised(listed(about))
    yield "By", capitalised(agency(item["from"]))
    yield "Also told", agencies(item["to"])


def facts_of_claim(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell a claim."""
    yield "What was said", names_of_all(at_hand).get(name, name)


WHICH = Pick(
    name="subject",
    asks="What did you check?",
    among=claims,
    missing="Select what you checked",
    nothing="There is nothing on this plan yet that can be checked.",
)
HOW = One(
    name="basis",
    asks="How do you know?",
    hint="What a parent or the family said does not count as a check",
    of=Basis,
    missing="Select how you know",
)
CHECKED = Day(name="on", asks="When did you check it?", missing="Enter the day you checked it")

FORMS = (
    Form(
        kind="InformationAcknowledged",
        group=GROUP,
        title="Say that your agency has read what it was told",
        about=facts_of,
        questions=(
            Pick(
                name="item",
                asks="What has your agency read?",
                among=unacknowledged,
                missing="Select what your agency has read",
                nothing="Your agency has said of everything it was told that it has read it.",
            ),
        ),
        when=Day(name="on", asks="When was it read?", missing="Enter the day it was read"),
        button="Say that we have read it",
        rest={"agency": own_agency},
    ),
    Form(
        kind="InformationCorroborated",
        group=GROUP,
        title="Record that something was checked and is so",
        about=facts_of_claim,
        questions=(WHICH, HOW),
        when=CHECKED,
        button="Record that it is so",
        rest={"agency": own_agency},
    ),
    Form(
        kind="InformationDisputed",
        group=GROUP,
        title="Record that something was checked and is not so",
        about=facts_of_claim,
        questions=(WHICH, HOW),
        when=CHECKED,
        button="Record that it is not so",
        rest={"agency": own_agency},
    ),
)
