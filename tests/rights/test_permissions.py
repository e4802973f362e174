"""Who may do what, as a table kept by hand says: every address of the API, in every role (D36).

Pages are asked in ``pages.test_every_role``.
"""

import csv
from collections.abc import Callable, Iterator
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from api.desks import held, opened
from plantrack.domain.rights.words import Duty
from plantrack.record import migrate
from postgres import Postgres
from rights.people import (
    CHILDREN,
    LONG_AGO,
    OFFICER,
    PLANS,
    POSTS,
    STRANGER,
    WHO,
    WHY,
    World,
    authority,
    looked_at,
    whole_authority,
)
from rights.routes import every_route
from signin import forger as forgers

TABLE = Path(__file__).parents[2] / "docs" / "permissions.csv"
Row = dict[str, str]
_numbers = count(1)

SHOWS, DOES, LEAVES_OUT = "shows", "does", "leaves it out"
NO_SUCH_PLAN, NOT_THIS_ROLE, NOT_YOU = "no such plan", "not for this role", "not for you"
SIGN_IN, OPEN, NOTHING = "sign in first", "open to all", "-"
STATUS = {401: SIGN_IN, 404: NO_SUCH_PLAN, 403: NOT_THIS_ROLE}
DENIED = {LEAVES_OUT, NO_SUCH_PLAN, NOT_THIS_ROLE, NOT_YOU, SIGN_IN}


def rows() -> list[Row]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


ROWS = rows()
BY_ADDRESS = {key: list(each) for key, each in groupby(ROWS, key=itemgetter("method", "address"))}
OF_A_DEMONSTRATION = {
    ("POST", "/api/demo/sign-in"),
    ("GET", "/openapi.json"),
}
GLASS = ("POST", "/api/plans/{plan}/emergency-access")
"""It opens plans, so it is asked last."""
EVERY = pytest.mark.parametrize(
    "key", [*(k for k in BY_ADDRESS if k not in {*OF_A_DEMONSTRATION, GLASS}), GLASS], ids=" ".join
)
SAMPLE = [
    ("POST", "/api/plans/{plan}/entries"),
    ("GET", "/api/alerts"),
    ("GET", "/api/export"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = f"sqlite:///{tmp_path_factory.mktemp('permissions')}/record.db"
    migrate(url)
    with forgers.running() as forger, whole_authority(url, forger=forger) as world:
        yield world


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = f"sqlite:///{tmp_path_factory.mktemp('demonstration')}/record.db"
    migrate(url)
    with authority(url, demo=True) as world:
        yield world


def test_the_table_has_every_address_and_no_other(world: World, demonstration: World) -> None:
    assert len(BY_ADDRESS) == len(list(groupby(ROWS, key=itemgetter("method", "address"))))
    assert set(BY_ADDRESS) == every_route(demonstration.office.app)
    assert set(BY_ADDRESS) - OF_A_DEMONSTRATION == every_route(world.office.app)


def test_every_address_has_a_row_for_each_role_and_words_that_are_explained() -> None:
    roles = [duty.value.replace("_", " ") for duty in Duty]
    explained = " ".join(TABLE.read_text(encoding="utf-8").splitlines()[:8])

    for key, each in BY_ADDRESS.items():
        assert [row["role"] for row in each] == roles, key
        assert len({row["what it does"] for row in each}) == 1, key
    for word in {row[column] for row in ROWS for column in PLANS}:
        assert f"{word}: " in explained


@EVERY
def test_everybody_is_answered_as_the_table_says(world: World, key: tuple[str, str]) -> None:
    assert differences(world, key) == []


@pytest.mark.parametrize("key", sorted(OF_A_DEMONSTRATION), ids=" ".join)
def test_in_a_demonstration_they_are_answered_so_too(
    demonstration: World, key: tuple[str, str]
) -> None:
    assert differences(demonstration, key) == []


def test_on_a_server_people_are_answered_so_too(postgres: Postgres) -> None:
    with postgres.database() as url:
        migrate(url)
        with forgers.running() as forger, whole_authority(url, forger=forger) as world:
            assert [each for key in SAMPLE for each in differences(world, key)] == []


def differences(world: World, key: tuple[str, str]) -> list[str]:
    """Ask as everybody about every plan, and say where the answer is another than the table's."""
    found: list[str] = []
    for row in BY_ADDRESS[key]:
        duty = Duty(row["role"].replace(" ", "_"))
        wanted = {column: row[column] for column in PLANS if row[column] != NOTHING}
        denied = key[0] == "POST" and set(wanted.values()) <= DENIED
        before = world.listed() if denied else {}
        answers: dict[str, Response] = {}
        for column, word in wanted.items():
            got = answered(world, key, duty, column, answers)
            if got != word:
                found.append(f"{key} {duty} {column}: {got}, not {word}")
        assert not denied or world.listed() == before, (key, duty)
    return found


def answered(
    world: World, key: tuple[str, str], duty: Duty, column: str, before: dict[str, Response]
) -> str:
    """Ask one thing, and say in the table's words what came of it; a list is asked for once."""
    plan = PLANS[column]
    if key in READ_ONCE and before:
        return told(world, key, before["list"], plan, column)
    stored = world.recorded()
    before["list"] = answer = ask(world, key, duty, plan, column)
    word = told(world, key, answer, plan, column)
    if key[0] == "POST" and word in DENIED:
        assert world.recorded() == stored, (key, duty, column)
    return word


def told(world: World, key: tuple[str, str], answer: Response, plan: str, column: str) -> str:
    if "demo" in key[1] or key[1] in PUBLIC:
        nobody = ask(world, key, Duty.ANONYMOUS, plan, column)
        return OPEN if answer.status_code == nobody.status_code != 401 else "not open to all"
    if answer.status_code in STATUS:
        word = STATUS[answer.status_code]
        return NOT_YOU if word == NOT_THIS_ROLE and "interest" in answer.text else word
    assert answer.is_success or answer.is_redirect, (key, column, answer.text)
    if key[0] == "POST":
        return DOES
    if key[1] in LISTS:
        return SHOWS if plan in {item["plan"] for item in answer.json()["items"]} else LEAVES_OUT
    return SHOWS


PUBLIC = {"/healthz", "/readyz", "/sign-in", "/sign-in/{provider}/callback", "/openapi.json"}
LISTS = {
    "/api/plans",
    "/api/alerts",
    "/api/due",
    "/api/actions",
    "/api/decisions",
    "/api/emergency-access",
}


READ_ONCE = {("GET", address) for address in LISTS}


def ask(world: World, key: tuple[str, str], duty: Duty, plan: str, column: str) -> Response:
    """Make the request of an address about one plan, as somebody in a role."""
    method, address = key
    person = WHO.get(duty)
    path = address.format(plan=plan, family=looked_at(plan), provider="council")
    sent = SENDS[address](world, duty, plan, column) if address in SENDS else {}
    if method == "GET" and address in LISTS and address != "/api/emergency-access":
        sent = {"params": {"limit": 200}}
    answer = world.ask(person, method, path, **sent)
    if address in ("/api/session/end", "/sign-out"):
        world.tokens.clear()
    return answer


def opening(_: World, duty: Duty, __: str, column: str) -> dict[str, Any]:
    child = CHILDREN["CP-C"] if column == "conflict" else f"N{next(_numbers)}"
    return {"json": opened(child, family=f"F-{child}")}


def entry(world: World, duty: Duty, plan: str, _: str) -> dict[str, Any]:
    event = {
        "kind": "InformationShared",
        "on": "2026-02-20",
        "item": f"I{next(_numbers)}",
        "about": ["mother"],
        "what": "called out twice at night",
        "basis": "record",
        "from": agency_of(duty),
        "to": ["school"],
    }
    last = world.office.services.record.last_number(plan)
    return {"json": event, "headers": {"If-Match": f'"{last}"'}}


def meeting(world: World, _: Duty, plan: str, __: str) -> dict[str, Any]:
    event = held(meeting=f"M{next(_numbers)}")
    last = world.office.services.record.last_number(plan)
    return {"json": {"plans": {plan: {"last_read": last, "events": [event]}}}}


def agency_of(duty: Duty) -> str:
    return POSTS[WHO[duty]].agency if duty in WHO else "csc"


def naming(_: World, duty: Duty, plan: str, __: str) -> dict[str, Any]:
    person = OFFICER if duty is Duty.PARTNER_LEAD else STRANGER
    return {
        "json": {
            "kind": "MemberNamed",
            "plan": plan,
            "person": person,
            "since": LONG_AGO.isoformat(),
        }
    }


def own_post(_: World, duty: Duty, __: str, ___: str) -> dict[str, Any]:
    return {"json": {"post": f"{duty.value}@{agency_of(duty)}"}}


SENDS: dict[str, Callable[[World, Duty, str, str], dict[str, Any]]] = {
    "/api/plans": opening,
    "/api/plans/{plan}/entries": entry,
    "/api/meetings": meeting,
    "/api/rights": naming,
    "/api/session/post": own_post,
    "/api/plans/{plan}/emergency-access": lambda *_: {
        "json": {"ground": "immediate_harm", "reason": WHY}
    },
    "/api/plans/{plan}/compare": lambda *_: {"params": {"from": "2026-03-19T09:30:00Z"}},
    "/api/export": lambda _, __, plan, ___: {"params": {"plan": plan}},
    "/api/looked": lambda _, __, plan, ___: {"params": {"plan": plan}},
    "/api/demo/sign-in": lambda *_: {"json": {"name": "N", "agency": "csc", "role": "admin"}},
    "/demo/sign-in": lambda *_: {"data": {"person": "nobody", "post": "admin@csc"}},
}
