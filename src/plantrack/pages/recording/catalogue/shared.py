"""Questions that forms share: at which meeting, and what is taken from whoever answers."""

from plantrack.domain.words import Basis
from plantrack.pages.forms import AtHand, Many, Pick, Question
from plantrack.pages.forms.forms import Said
from plantrack.pages.recording.catalogue.things import held_meetings

AT_MEETING: Question = Pick(
    name="meeting",
    asks="Was this at a meeting?",
    among=held_meetings,
    none="No, not at a meeting",
    optional=True,
)
HOW_KNOWN: Question = Many(
    name="basis",
    asks="How do you know?",
    hint="Select all that apply. What only a parent or the family said is shown as not checked",
    of=Basis,
    missing="Select how you know",
)


def own_agency(at_hand: AtHand, _: Said) -> str:
    """Take the agency of whoever answers."""
    return str(at_hand["own_agency"])


def own_name(at_hand: AtHand) -> str:
    """Take the name of whoever answers."""
    return str(at_hand["own_name"])
