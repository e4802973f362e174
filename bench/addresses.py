"""Which pages there are, who may open each, and at what addresses: read from the routes themselves.

A page that somebody adds is measured without a word here, unless its address names something that
nobody can draw. Then it is named in ``LEFT_OUT`` with a reason, or ``not_measured`` tells of it.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from fastapi.routing import APIRoute

from bench.staff import READERS
from plantrack.api.allowing import action_of
from plantrack.domain.rights.actions import MAY
from plantrack.domain.rights.words import Duty
from plantrack.pages.site import pages_of

OF_PLAN = (
    "plan",
    "number",
    "action",
    "item",
    "decision",
    "meeting",
    "alert",
    "person",
    "challenge",
)
DRAWN = frozenset({*OF_PLAN, "name", "day", "other_day"})
"""What is drawn for an address, from what stands on a plan."""

LEFT_OUT: Mapping[str, str] = {
    "/sign-in": "it may be opened 30 times in five minutes, and shows only who may sign in",
    "/sign-in/{provider}/callback": "a provider of identities sends people there, and none is here",
    "/council-logo": "the invented council has none",
}
"""Pages that are not measured, and why."""

NARROWED: Mapping[str, tuple[str, ...]] = {
    "/plans": ("?kind=cin&ended=no",),
    "/alerts": ("?rule=action-done",),
    "/patterns": ("?months=12",),
    "/inspect": ("?kind=cin",),
    "/plans/{plan}/history": ("?page=4", "?theme=actions"),
    "/plans/{plan}/replay": ("?day={day}", "?day={day}&clock=true"),
    "/plans/{plan}/compare": ("?from={day}&to={other_day}",),
}
"""The same pages as people ask for them more closely."""


class Address(NamedTuple):
    """An address of a page, with what is drawn in braces, and the roles that may ask for it."""

    written: str
    duties: tuple[Duty, ...]

    @property
    def of_plan(self) -> bool:
        """Whether the page is about one plan."""
        return "{plan}" in self.written


def routes() -> dict[str, APIRoute]:
    """Give every page that can be opened, by its address."""
    found = (route for router in pages_of(demo=True) for route in router.routes)
    return {
        route.path_format: route
        for route in found
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    }


def not_measured() -> list[str]:
    """Name the pages whose addresses cannot be drawn and that nobody has left out."""
    return [path for path, route in routes().items() if path not in LEFT_OUT and _unknown(route)]


def addresses() -> list[Address]:
    """Give the addresses of every page that is measured."""
    return [
        Address(path + narrowed, _duties(route))
        for path, route in routes().items()
        if path not in LEFT_OUT and not _unknown(route)
        for narrowed in ("", *NARROWED.get(path, ()))
    ]


def fields_of(written: str) -> set[str]:
    """Say what is drawn for an address."""
    return set(re.findall(r"{(\w+)}", written))


def _unknown(route: APIRoute) -> set[str]:
    return fields_of(route.path_format) - DRAWN


def _duties(route: APIRoute) -> tuple[Duty, ...]:
    """Give the roles that may open a page at all; one that names no action is open to all."""
    action = action_of(route)
    allowed = MAY[action].duties if action else frozenset(READERS)
    return tuple(duty for duty in READERS if duty in allowed)
