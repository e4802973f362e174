"""What was typed by somebody who must sign in or prove again who they are: kept on a page."""

from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from plantrack.domain.rights.authorise import Subject
from plantrack.pages.core.layout import Frame
from plantrack.pages.forms.answers import Sent

PROVED = "/proved"


class Asks(NamedTuple):
    """What the page asks for, and where that is done."""

    title: str
    why: str
    link: str
    address: str


PROVE = Asks(
    "Prove again who you are",
    "What you asked for needs a proof of who you are that is not older than five minutes.",
    "Prove who you are",
    f"/sign-in?{urlencode({'step_up': 'true', 'then': PROVED})}",
)
SIGN_IN = Asks(
    "Sign in again",
    "You were signed out while you were writing, so this is not recorded yet.",
    "Sign in",
    f"/sign-in?{urlencode({'then': PROVED})}",
)


def again(request: Request, sent: Sent, subject: Subject | None) -> Response:
    """Show the page on which what was typed waits to be sent once more."""
    asks = PROVE if subject else SIGN_IN
    return Frame(request).page(
        "forms/prove_again.html",
        title=asks.title,
        subject=subject,
        status=401,
        sent=sent,
        asks=asks,
        to=request.url.path,
    )
