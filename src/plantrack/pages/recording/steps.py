"""Pages in two steps: what was answered is shown once more before it is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fastapi.responses import Response

from plantrack.pages.core.submission import FormSubmission, named
from plantrack.pages.forms import AtHand, Form, Sent
from plantrack.web.authorise import Asker

STEP, CONFIRM, CHANGE = "step", "confirm", "change"

NOT_SAID = "Not said"

Row = Sequence[str]


class Check(NamedTuple):
    """What is shown before something is recorded: a table of answers, and what the button does."""

    title: str
    head: Row
    rows: Sequence[Row]
    button: str
    lead: str = ""


def answers_of(form: Form, said: Mapping[str, Any], at_hand: AtHand) -> list[tuple[str, str]]:
    """Tell every answer with its question; what was left out is left out here as well."""
    told = [
        (named(each.asks, at_hand["person"]["given_names"]), each.told(said, at_hand))
        for each in form.asked_of(at_hand)
    ]
    return [(asked, answer) for asked, answer in told if answer]


def show_check(
    submission: FormSubmission, asker: Asker, at_hand: AtHand, sent: Sent, check: Check
) -> Response:
    """Show what was answered, with a button that records it and one that goes back to change it."""
    return submission.frame.page(
        "forms/check.html",
        title=f"{named(check.title, None)}, plan {at_hand['plan']}",
        subject=asker.subject,
        plan=at_hand,
        check=check,
        kept=[(name, value) for name, value in sent.pairs() if name != STEP],
    )


def wants_change(sent: Sent) -> bool:
    """Whether somebody goes back from the check to the questions."""
    return sent.one(STEP) == CHANGE


def confirms(sent: Sent) -> bool:
    """Whether somebody has seen the check and wants it recorded."""
    return sent.one(STEP) == CONFIRM
