"""Each page names an action, and lets in those roles that may do it: asked of the whole site."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from pages.serving import Demo
from partnership import (
    ADMIN,
    CHAIR,
    INSPECTOR,
    NURSE,
    POLICE_LEAD,
    PRIVACY_OFFICER,
    SERVICE_MANAGER,
    TEAM_MANAGER,
    WORKER,
    player,
    post_of,
)
from plantrack.domain.rights.actions import MAY
from plantrack.domain.rights.checks import WHO
from plantrack.domain.rights.events import GrantProposed, MemberNamed
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.rights.words import Duty
from plantrack.pages.conferences.chairing import MUST_RECORD
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.site import OPEN, pages_of
from plantrack.web.authorise import action_of

EVERYBODY = (
    CHAIR,
    WORKER,
    TEAM_MANAGER,
    SERVICE_MANAGER,
    NURSE,
    POLICE_LEAD,
    INSPECTOR,
    PRIVACY_OFFICER,
    ADMIN,
)
FILLED = {
    "plan": "CP-101",
    "action": "A1",
    "number": "1",
    "name": "action-reviewed",
    "decision": "D1",
    "meeting": "M11",
    "item": "I2",
    "challenge": "C1",
    "person": player(NURSE)["person"],
    "access": "E-1",
    "what": "role",
    "provider": "none",
}
CHAIRS = {
    duty
    for duty in MAY_RECORD["MeetingHeld"]
    if all(MAY_RECORD[kind][duty] is How.YES for kind in MUST_RECORD)
}
OF_A_CONFERENCE = (
    "/conferences/{name}",
    "/conferences/{name}/check",
    "/conferences/{name}/part/{part}",
    "/conferences/{name}/plans/{plan}/{part}",
    "/conferences/{name}/throw-away",
    "/plans/{plan}/meetings/{meeting}/conference",
)
OF_A_KIND = {
    "/people/{person}/{what}": WHO[GrantProposed],
    "/people/new": WHO[GrantProposed],
    "/plans/{plan}/access/{what}": WHO[MemberNamed],
    "/plans/{plan}/record/{name}": {
        duty for duty, how in MAY_RECORD["ActionReviewed"].items() if how is not How.NO
    },
    **dict.fromkeys(OF_A_CONFERENCE, CHAIRS),
}
"""Pages that are for some of those who may do it at all: for whoever may say that very thing."""

OF_AN_AUTHOR = {
    "/plans/{plan}/entries/{number}/correct",
    "/plans/{plan}/entries/{number}/retract",
}
"""Pages that are, of those who may, for whoever wrote the entry or answers for it."""

ALLOWED = {200, 303, 404, 409, 422}
"""What whoever may open a page is answered; 404 where the plan or the thing is not theirs."""


def routes() -> Iterator[APIRoute]:
    """Give every route of a page; a demonstration has one more, which lets anybody in."""
    for router in pages_of(demo=False):
        yield from (each for each in router.routes if isinstance(each, APIRoute))


SHOWN = sorted({e.path: e for e in routes() if "GET" in (e.methods or ()) and action_of(e)}.items())


def test_every_page_names_an_action_or_is_open() -> None:
    without = {each.path for each in routes() if action_of(each) is None}

    assert without == OPEN
    assert all(isinstance(each, PageRoute) for each in routes())
    assert all(MAY[action].duties for each in routes() if (action := action_of(each)))


@pytest.mark.parametrize(("path", "route"), SHOWN, ids=[path for path, _ in SHOWN])
def test_a_page_lets_in_whoever_may(demo: Demo, path: str, route: APIRoute) -> None:
    action = action_of(route)
    assert action is not None
    found, wanted = {}, {}
    for name in EVERYBODY:
        duty = post_of(name).duty
        answer = demo.as_(name).get(address(path), follow_redirects=False)
        found[duty] = "let in" if answer.status_code in ALLOWED else answer.status_code
        if answer.status_code == 403:
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
        wanted[duty] = "let in" if duty in OF_A_KIND.get(path, MAY[action].duties) else 403
        if path in OF_AN_AUTHOR and wanted[duty] == "let in":
            del found[duty], wanted[duty]
    assert found == wanted


def test_whoever_did_not_sign_in_is_sent_to_the_sign_in_page(demo: Demo) -> None:
    client = demo.as_(CHAIR)
    for path, _ in SHOWN:
        cookie = {"Cookie": ""}
        answer = client.get(address(path), headers=cookie, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in"), path


def test_somebody_in_each_role_is_asked() -> None:
    machines = {Duty.SCHEDULER, Duty.WITNESS, Duty.ANONYMOUS}

    assert {post_of(name).duty for name in EVERYBODY} == set(Duty) - machines


def address(path: str) -> str:
    """Fill in an address; what is not known names nothing, and is then answered 404."""
    filled = path.replace("/access/{what}", "/access/member")
    for name, value in FILLED.items():
        filled = filled.replace("{" + name + "}", value)
    while "{" in filled:
        before, _, rest = filled.partition("{")
        filled = before + "1" + rest.partition("}")[2]
    return filled
