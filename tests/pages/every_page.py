"""Every page there is, as data: who opens it, and what they send to see how it says what is wrong.

Each is held to the same in ``test_every_page.py``, and pictured by ``make screens``.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from partnership import CHAIR


class Opened(NamedTuple):
    """A page as somebody opens it; with ``send`` as it is after they sent that."""

    who: str | None
    address: str
    send: Mapping[str, str] | None = None
    status: int = 200

    @property
    def name(self) -> str:
        """Name the page for a file: who opens it, its address, and whether something was sent."""
        plain = "".join(each if each.isalnum() else "-" for each in self.address.strip("/"))
        sent = "" if self.send is None else "-sent" + ("-wrong" if self.status > 399 else "")
        who = (self.who or "nobody").replace(" ", "-").lower()
        return f"{plain or 'start'}{sent}-{who}"[:120]


PAGES: dict[str, list[Opened]] = {
    "plans": [Opened(CHAIR, "/plans"), Opened(CHAIR, "/plans/CP-101")],
    "forms": [
        Opened(CHAIR, "/plans/CP-101/record"),
        Opened(CHAIR, "/plans/CP-101/record/action-reviewed"),
        Opened(CHAIR, "/plans/CP-101/record/action-reviewed", {"note": "kept"}, 422),
    ],
    "system": [Opened(None, "/sign-in")],
}
"""By the module of pages that shows them."""


def every() -> Iterator[Opened]:
    """Give every page of every module."""
    for pages in PAGES.values():
        yield from pages
