"""An inspector's warrant: what it opens and when, and that nobody writes or reads past it (D39)."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from anyio import sleep_forever

from api.desks import NOW, seen
from plantrack import codec
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty, RestrictionCategory
from plantrack.record import migrate
from rights.people import CLERK, DAY, HOUR, INSTANT, TODAY, WHO, WHY, World, authority

INSPECTOR, SERVICE, ADMIN = (WHO[d] for d in (Duty.INSPECTOR, Duty.SERVICE_MANAGER, Duty.ADMIN))
STARTS, ENDS = NOW + HOUR, NOW + 2 * HOUR
PURPOSE = "thematic inspection of neglect"
ENTRIES = 250
LINES_AT_ONCE = 100


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """Two plans on each database."""
    with authority(url) as world:
        yield with_plans(world)


@pytest.fixture
def here(tmp_path: Any) -> Iterator[World]:
    url = f"sqlite:///{tmp_path}/record.db"
    migrate(url)
    with authority(url) as world:
        yield with_plans(world)


def with_plans(world: World) -> World:
    world.open("CP-1", "J1")
    world.open("CP-2", "K2")
    world.office.follow()
    return world


def proposed(*plans: str, **more: Any) -> rights_events.WarrantProposed:
    plain: dict[str, Any] = {
        "warrant": "W1",
        "person": INSPECTOR,
        "purpose": PURPOSE,
        "starts": STARTS,
        "ends": ENDS,
        "plans": plans,
        "whole_authority": not plans,
    }
    return rights_events.WarrantProposed(**plain | more)


APPROVED = rights_events.WarrantApproved(warrant="W1")


def sees(world: World, *plans: str) -> list[bool]:
    world.tokens.clear()
    found = []
    listed = world.ask(INSPECTOR, "GET", "/api/plans").json()["items"]
    for plan in plans or ("CP-1", "CP-2"):
        status = world.ask(INSPECTOR, "GET", f"/api/plans/{plan}").status_code
        assert status in (200, 404)
        assert (plan in {each["plan"] for each in listed}) is (status == 200)
        found.append(status == 200)
    return found


@pytest.mark.parametrize(
    ("plans", "expected"), [(("CP-1",), [True, False]), ((), [True, True])], ids=["sample", "whole"]
)
def test_it_opens_what_it_names_from_its_first_moment_to_before_its_last(
    world: World, plans: tuple[str, ...], expected: list[bool]
) -> None:
    world.state(proposed(*plans), APPROVED)
    nothing = [False, False]

    for moment, opened in (
        (STARTS - INSTANT, nothing),
        (STARTS, expected),
        (ENDS - INSTANT, expected),
        (ENDS, nothing),
    ):
        world.clock.set(moment)
        assert sees(world) == opened, moment


def test_it_takes_two_people_to_give_and_one_to_end(here: World) -> None:
    raw = codec.write_rights_event(proposed("CP-1"))
    assert here.ask(ADMIN, "POST", "/api/rights", json=raw).status_code == 201
    here.clock.set(STARTS)
    assert sees(here) == [False, False]
    assert here.say(ADMIN, "WarrantApproved", warrant="W1").status_code == 403
    assert here.say(INSPECTOR, "WarrantApproved", warrant="W1").status_code == 403
    assert here.say(SERVICE, "WarrantApproved", warrant="W1").status_code == 201
    assert sees(here) == [True, False]
    ended = here.say(WHO[Duty.PRIVACY_OFFICER], "WarrantEnded", warrant="W1", reason="done")
    assert ended.status_code == 201
    assert sees(here) == [False, False]


def test_a_restricted_plan_is_within_it_only_if_it_is_named(here: World) -> None:
    here.state(
        proposed(),
        APPROVED,
        rights_events.PlanRestricted(
            plan="CP-1",
            category=RestrictionCategory.COURT_ORDER,
            reason=WHY,
            review_by=TODAY + DAY,
            people=(INSPECTOR,),
        ),
    )
    here.clock.set(STARTS)
    assert sees(here) == [False, True]

    here.state(proposed("CP-1", warrant="W2"), rights_events.WarrantApproved(warrant="W2"))
    assert sees(here) == [True, True]


def test_an_inspector_writes_nothing(here: World) -> None:
    here.state(proposed(), APPROVED)
    here.clock.set(STARTS)
    before = here.recorded()
    reason = {"ground": "immediate_harm", "reason": WHY}
    own = {"conflict": "I1", "person": INSPECTOR, "reason": "aunt", "plan": "CP-1"}
    writes = [
        here.put(INSPECTOR, "CP-1", seen()),
        here.ask(INSPECTOR, "POST", "/api/plans", json={}),
        here.ask(INSPECTOR, "POST", "/api/meetings", json={}),
        here.ask(INSPECTOR, "POST", "/api/plans/CP-1/emergency-access", json=reason),
        here.say(INSPECTOR, "ConflictDeclared", **own),
        here.say(INSPECTOR, "WarrantApproved", warrant="W1"),
    ]

    assert [each.status_code for each in writes] == [403] * len(writes)
    assert here.recorded() == before


def test_the_past_is_replayed_within_it_and_each_look_bears_its_purpose(here: World) -> None:
    here.state(proposed("CP-1"), APPROVED)
    here.clock.set(STARTS)
    here.office.services.commands.record("CP-1", codec.read_event(seen()), CLERK)
    before = {"known_at": (NOW + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")}
    addresses = ["", "/chronology", "/meetings"]

    then = here.ask(INSPECTOR, "GET", "/api/plans/CP-1", params=before)
    assert (then.status_code, then.json()["entries"]) == (200, 1)
    assert here.ask(INSPECTOR, "GET", "/api/plans/CP-1").json()["entries"] == 2
    assert here.ask(INSPECTOR, "GET", "/api/plans/CP-2", params=before).status_code == 404
    for each in addresses:
        here.ask(INSPECTOR, "GET", f"/api/plans/CP-1{each}")
    looks = here.looks(person=INSPECTOR)
    assert [(look.plan, look.shown) for look in looks].count(("CP-1", True)) == 5
    assert {look.purpose for look in looks if look.shown} == {PURPOSE}
    [refused] = [look for look in looks if not look.shown]
    assert (refused.plan, refused.reason) == ("CP-2", "unrelated")

    here.clock.set(ENDS)
    here.tokens.clear()
    assert here.ask(INSPECTOR, "GET", "/api/plans/CP-1", params=before).status_code == 404


def test_who_looked_is_told_to_an_inspector_for_a_plan_of_the_warrant_only(here: World) -> None:
    here.state(proposed("CP-1"), APPROVED)
    here.clock.set(STARTS)

    def looked(**asked: str) -> int:
        return here.ask(INSPECTOR, "GET", "/api/looked", params=asked).status_code

    assert looked(plan="CP-1") == 200
    assert looked(plan="CP-2") == looked(plan="CP-9") == 404
    assert looked() == looked(child="J1") == looked(plan="CP-1", person=SERVICE) == 403


# Taking away


@pytest.fixture
def long(here: World) -> World:
    """A plan so long that it leaves in three parts."""
    visits = [("CP-1", codec.read_event(seen())) for _ in range(ENTRIES - 1)]
    here.office.services.commands.record_together(visits, CLERK)
    here.state(proposed("CP-1", "CP-2"), APPROVED)
    here.clock.set(STARTS)
    here.office.follow()
    return here


def exported(world: World, after_a_part: Callable[[int], object] = lambda _: None) -> list[Any]:
    """Take plans away; after each part that leaves something may happen."""
    parts: list[bytes] = []
    headers = world.proof(INSPECTOR) | {"host": "plantrack"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "https",
        "path": "/api/export",
        "raw_path": b"/api/export",
        "query_string": b"",
        "root_path": "",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("plantrack", 443),
    }

    unread = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if not unread:
            await sleep_forever()
        return unread.pop()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        elif message["body"]:
            parts.append(message["body"])
            after_a_part(len(parts))

    async def ask() -> None:
        await world.office.app(scope, receive, send)  # type: ignore[arg-type]  # plain ASGI

    world.office.client._portal.call(ask)
    return [json.loads(line) for line in b"".join(parts).splitlines()]


def entries(lines: list[Any]) -> list[tuple[str, int]]:
    return [(line["plan"], line["entry"]) for line in lines if "entry" in line]


ALL = [("CP-1", n) for n in range(1, ENTRIES + 1)] + [("CP-2", 1)]


def test_all_of_the_sample_is_taken_away_while_the_warrant_holds(long: World) -> None:
    lines = exported(long)

    assert entries(lines) == ALL
    assert lines[-1] == {"complete": True, "plans": 2}


ENDING: dict[str, Callable[[World], object]] = {
    "the warrant's time is over": lambda world: world.clock.set(ENDS),
    "it is ended early": lambda world: world.state(
        rights_events.WarrantEnded(warrant="W1", reason=WHY)
    ),
    "the inspector is disabled": lambda world: world.state(
        rights_events.PersonDisabled(person=INSPECTOR, reason=WHY)
    ),
    "the role is ended": lambda world: world.state(
        rights_events.GrantEnded(grant=f"g-{INSPECTOR}", reason=WHY)
    ),
    "the inspector is signed out": lambda world: world.office.sources.sessions.end_all_of(
        INSPECTOR
    ),
    "the plan is restricted": lambda world: world.state(
        rights_events.ConflictDeclared(conflict="I1", person=INSPECTOR, reason="aunt", plan="CP-1")
    ),
}


@pytest.mark.parametrize("part", [1, 2])
@pytest.mark.parametrize("why", ENDING)
def test_it_stops_in_the_middle_where_the_right_to_read_ends(
    long: World, why: str, part: int
) -> None:
    lines = exported(long, lambda nth: ENDING[why](long) if nth == part else None)

    assert entries(lines) == ALL[: part * LINES_AT_ONCE]
    assert "stops here" in lines[-1]["stopped"]
    assert [line for line in lines if "complete" in line] == []


def test_the_next_request_of_somebody_disabled_is_refused(long: World) -> None:
    assert long.ask(INSPECTOR, "GET", "/api/plans/CP-1").status_code == 200
    long.state(rights_events.PersonDisabled(person=INSPECTOR, reason=WHY))

    for path in ("/api/plans/CP-1", "/api/session", "/api/export", "/api/plans"):
        assert long.ask(INSPECTOR, "GET", path).status_code == 401
