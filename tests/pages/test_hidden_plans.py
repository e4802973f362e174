"""What somebody may not see is on no page: no plan that is not theirs, no word kept from them."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from sqlalchemy import func, select

from pages.serving import Demo
from pages.test_every_role import FILLED, routes
from partnership import (
    CHAIR,
    HEALTH_VISITOR,
    INSPECTOR,
    KEPT_OUT,
    NURSE,
    SECOND_WORKER,
    WORKER,
    player,
)
from plantrack.access_log.tables import LOOKED
from plantrack.pages.site import OPEN

HIDDEN = {
    HEALTH_VISITOR: ("CP-104", "Keir", "Effie", "Tobin", "CIN-106"),
    KEPT_OUT: ("CP-104", "CP-101", "Keir", "Lottie", "Tobin"),
    INSPECTOR: ("CIN-106", "Tobin"),
    WORKER: ("CP-104", "Keir", "Effie"),
}
"""What stands on no page of each: plans that are not theirs, and the children's names."""

OWN = {HEALTH_VISITOR: "CP-103", KEPT_OUT: "CP-103", INSPECTOR: "CP-103", WORKER: "CP-103"}
NO_PLAN = "CP-999"
PAGES = sorted({each.path for each in routes() if "GET" in (each.methods or ())} - set(OPEN))
OF_A_PLAN = [path for path in PAGES if path.startswith("/plans/{plan}")]
KEPT_ADDRESS = "third floor at the back, number forty"
ASKED_BEFORE_IT_IS_LOOKED_AT = "/plans/{plan}/emergency-access"
"""Whoever needs a plan at once says why first: the page is the same whatever there is."""

OF_THE_REQUEST = re.compile(r'name="command" value="[^"]+"|[0-9a-f]{32}')


def addresses(plan: str) -> Iterator[str]:
    """Give the address of every page that can be named beforehand."""
    for path in PAGES:
        filled = path.replace("{plan}", plan).replace("{alert:path}", "1")
        yield re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "x"), filled)


@pytest.mark.parametrize("who", HIDDEN)
def test_no_page_names_a_plan_that_is_not_theirs(who: str, demo: Demo) -> None:
    client = demo.as_(who)
    pages = {address: client.get(address) for address in addresses(OWN[who])}

    assert sum(each.status_code == 200 for each in pages.values()) >= 5
    named = {
        (address, word)
        for address, each in pages.items()
        for word in HIDDEN[who]
        if re.search(rf"\b{word}\b", each.text)
    }
    assert named == set()


@pytest.mark.parametrize("path", OF_A_PLAN)
def test_a_plan_that_is_not_theirs_is_as_one_that_there_is_not(path: str, demo: Demo) -> None:
    def page(plan: str) -> tuple[int, str]:
        filled = path.replace("{plan}", plan).replace("{alert:path}", "1")
        address = re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "x"), filled)
        answer = demo.as_(WORKER).get(address)
        plain = OF_THE_REQUEST.sub("", answer.text)
        return answer.status_code, plain.replace(plan, "the plan")

    status, told = page("CP-104")
    assert (status, told) == page(NO_PLAN)
    assert status in ((200,) if path == ASKED_BEFORE_IT_IS_LOOKED_AT else (403, 404))


def test_a_protected_address_is_on_no_page_of_who_may_not_read_it(demo: Demo) -> None:
    entries = demo.services.record.entries("CP-105")
    [number] = [each.number for each in entries if KEPT_ADDRESS in (each.event.note or "")]
    entry = f"/plans/CP-105/entries/{number}"

    def shown_to(who: str) -> list[str]:
        pages = [demo.as_(who).get(address) for address in (entry, *addresses("CP-105"))]
        return [str(each.url) for each in pages if KEPT_ADDRESS in each.text]

    assert shown_to(NURSE) == []
    assert shown_to(SECOND_WORKER) != []


@pytest.mark.parametrize("path", OF_A_PLAN)
def test_whoever_opens_a_page_about_a_plan_is_on_the_access_record(path: str, demo: Demo) -> None:
    filled = path.replace("{plan}", "CP-101").replace("{alert:path}", "1")
    address = re.sub(r"\{(\w+)\}", lambda found: FILLED.get(found[1], "x"), filled)
    person = player(CHAIR)["person"]

    before = looks_at(demo, "CP-101", person)
    answer = demo.as_(CHAIR).get(address)
    shown = answer.status_code == HTTPStatus.OK and "Perrin" in answer.text
    assert (looks_at(demo, "CP-101", person) > before) is shown


def looks_at(demo: Demo, plan: str, person: str) -> int:
    """Count how often somebody was shown something of a plan."""
    asked = select(func.count()).where(
        LOOKED.c.plan == plan, LOOKED.c.person == person, LOOKED.c.shown.is_(True)
    )
    [row] = demo.sources.access.read(asked)
    return int(row[0])
