"""Which pages there are, who may open each, and at what addresses: read from the routes themselves.

A page that somebody adds is measured without a word here, unless its address names something that
nobody can draw. Then it is named in ``LEFT_OUT`` with a reason, or ``not_measured`` tells of it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.routing import APIRoute

from bench.staff import READERS
from plantrack.domain.rights.actions import MAY
from plantrack.domain.rights.words import Duty
from plantrack.pages.site import pages_of
from plantrack.web.authorise import action_of

ON_PLANS = ("plan", "number", "action", "item", "decision", "meeting", "alert", "challenge")
DRAWN = frozenset({*ON_PLANS, "name", "day", "other_day", "person", "access"})
"""What is drawn for an address: what stands on a plan, a form, days, a person, an emergency."""

A_DRAFT = "a conference must have been begun: it is, on the demonstration"
LEFT_OUT: Mapping[str, str] = {
    "/conferences/{name}": A_DRAFT,
    "/conferences/{name}/part/{part}": A_DRAFT,
    "/conferences/{name}/plans/{plan}/{part}": A_DRAFT,
    "/conferences/{name}/check": A_DRAFT,
    "/conferences/{name}/throw-away": A_DRAFT,
    "/plans/{plan}/meetings/{meeting}/conference": A_DRAFT,
    "/sign-in": "it may be opened 30 times in five minutes, and shows only who may sign in",
    "/sign-in/{provider}/callback": "a provider of identities sends people there, and none is here",
    "/council-logo": "the invented council has none",
    "/imports/{upload}": "a file must have been sent just before",
}
"""Pages that are not measured on an authority, and why."""

ALSO_ASKED: Mapping[str, tuple[str, ...]] = {
    "/plans": ("/plans?kind=cin&ended=no",),
    "/alerts": ("/alerts?rule=action-done",),
    "/patterns": ("/patterns?months=12",),
    "/inspect": ("/inspect?kind=cin",),
    "/people/{person}/{what}": ("/people/{person}/role", "/people/{person}/team"),
    "/plans/{plan}/access/{what}": (
        "/plans/{plan}/access/member",
        "/plans/{plan}/access/allocate",
        "/plans/{plan}/access/restrict",
    ),
    "/plans/{plan}/end/{how}": ("/plans/{plan}/end/close", "/plans/{plan}/end/step-up"),
    "/plans/{plan}/history": (
        "/plans/{plan}/history?page=4",
        "/plans/{plan}/history?theme=actions",
    ),
    "/plans/{plan}/replay": (
        "/plans/{plan}/replay?day={day}",
        "/plans/{plan}/replay?day={day}&clock=true",
    ),
    "/plans/{plan}/compare": ("/plans/{plan}/compare?from={day}&to={other_day}",),
}
"""The same pages as people ask for them more closely, or what stands for a part of the address."""


class Address(NamedTuple):
    """An address of a page, with what is drawn in braces, and the roles that may ask for it.

    ``differs`` says that what it shows, and the work that it is, depends much on who asks.
    """

    written: str
    duties: tuple[Duty, ...]
    differs: bool


def routes() -> dict[str, APIRoute]:
    """Give every page that can be opened, by its address."""
    found = (route for router in pages_of(demo=True) for route in _within(router))
    return {route.path_format: route for route in found if "GET" in (route.methods or ())}


def _within(router: APIRouter) -> Iterator[APIRoute]:
    """Give the routes of a router, also those of routers that were included in it."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(inner, APIRouter):
            yield from _within(inner)


def not_measured() -> list[str]:
    """Name the pages whose addresses cannot be drawn and that nobody has left out."""
    known = LEFT_OUT.keys() | ALSO_ASKED.keys()
    return [path for path in routes() if path not in known and not _drawable(path)]


def addresses() -> list[Address]:
    """Give the addresses of every page that is measured."""
    return [
        Address(written, _duties(route), _differs(route))
        for path, route in routes().items()
        if path not in LEFT_OUT
        for written in (path, *ALSO_ASKED.get(path, ()))
        if _drawable(written)
    ]


def _differs(route: APIRoute) -> bool:
    """Whether a page is a list of plans, or of what is on them."""
    action = action_of(route)
    return action is not None and MAY[action].shows_plans and not MAY[action].about_a_plan


def fields_of(written: str) -> set[str]:
    """Say what is drawn for an address."""
    return set(re.findall(r"{(\w+)}", written))


def _drawable(written: str) -> bool:
    return fields_of(written) <= DRAWN


def _duties(route: APIRoute) -> tuple[Duty, ...]:
    """Give the roles that may open a page at all; one that names no action is open to all."""
    action = action_of(route)
    allowed = MAY[action].duties if action else frozenset(READERS)
    return tuple(duty for duty in READERS if duty in allowed)
