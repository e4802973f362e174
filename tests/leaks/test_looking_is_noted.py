"""Whoever is shown a plan is written down, once for each plan, or is shown nothing: D44."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import Response
from sqlalchemy import select

from access.lookings import file_of
from api.desks import Office
from leaks.oracle import READS, Oracle, Somebody
from leaks.telling import CANARY
from leaks.test_nobody_reads_more import on_sqlite
from leaks.walking import EXPORT, FAMILY, OF_A_PLAN, PLAN, SHOW_PLANS, Asked, Walk
from leaks.worlds import World, world
from plantrack.access_log.log import Looked
from plantrack.access_log.tables import LOOKED
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import THE_TRACKER, Mark
from plantrack.web.authorise import MayKeepSession
from plantrack.web.dependencies import AServices

COMPARE = "/api/plans/{plan}/compare"
TELL_OF_LOOKING = {"/api/looked", "/api/emergency-access"}
"""They tell who looked, to privacy officers; they show nothing that stands on a plan."""


def rows_of(here: Office) -> dict[str, list[Looked]]:
    """Give what was written down, by request."""
    found: dict[str, list[Looked]] = {}
    for row in here.sources.access.read(select(LOOKED).order_by(LOOKED.c.position)):
        looked = Looked._make(row[1:])
        found.setdefault(looked.request, []).append(looked)
    return found


def shown_in(asked: Asked) -> set[str]:
    """Name the plans that an answer shows."""
    if asked.answer.status_code != HTTPStatus.OK:
        return set()
    if asked.plan:
        return {asked.plan}
    if asked.template == EXPORT:
        return set(PLAN.findall(asked.answer.text.replace('"another plan"', "")))
    return {row["plan"] for row in asked.answer.json()["items"]}


def test_each_answer_has_a_row_for_each_plan_that_it_shows(url: str) -> None:
    with world(url, seed=4, people=6) as made:
        walks = [Walk(made, who, random.Random(4)) for who in made.oracle.people]
        asked = [(walk.who, each) for walk in walks for each in walk.everything()]
        rows = rows_of(made.here)

    for who, each in asked:
        noted = rows.get(each.answer.headers["x-request-id"], [])
        shown = [row.plan for row in noted if row.shown]
        if each.template != EXPORT or each.plan:
            assert sorted(shown) == sorted(shown_in(each)), each
        refused = each.plan and each.answer.status_code == HTTPStatus.NOT_FOUND
        assert [row.plan for row in noted if not row.shown] == ([each.plan] if refused else [])
        for row in noted:
            assert_well_told(row, who, made.oracle)
    assert len(rows) > len(asked) / 2


def assert_well_told(row: Looked, who: Somebody, oracle: Oracle) -> None:
    """A row says who, as what, which plan of which child, what for, and which marks."""
    plan = next(each for each in oracle.plans if each.name == row.plan)
    assert (row.person, row.role, row.agency) == (who.id, who.duty.value, who.agency)
    assert (row.child, bool(row.what), bool(row.reason)) == (plan.child, True, True)
    purposes = {"to test", "a sample", "immediate_harm"}
    assert row.purpose in purposes
    if row.shown:
        address = any(tie.sees_address for tie in who.is_now(row.plan, "member"))
        marks = READS[who.duty] | {Mark.GENERAL} | ({Mark.PROTECTED_ADDRESS} if address else set())
        assert set(row.marks.split(",")) == {str(mark) for mark in marks}


@contextmanager
def somebody_who_sees(made: World, duty: Duty) -> Iterator[Walk]:
    """Find somebody of a role who sees plans."""
    who = next(p for p in made.oracle.people if p.duty is duty and p.granted)
    yield Walk(made, who, random.Random(1))


@on_sqlite
def test_it_is_noted_once_when_rights_move_meanwhile(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(url, seed=5, people=20) as made, somebody_who_sees(made, Duty.SERVICE_MANAGER) as w:
        authoriser, number = made.here.services.authoriser, 0
        still = authoriser.still

        def moved(look: Any) -> bool:
            nonlocal number
            number += 1
            if number % 2:
                new = rights_events.PersonRegistered(person=f"p{number}", name="N", agency="csc")
                authoriser.state([new], THE_TRACKER, None)
            return still(look)

        monkeypatch.setattr(authoriser, "still", moved)
        plan = sorted(w.open)[0]
        asked = [*w.ask_all([(OF_A_PLAN[0], plan, {})]), *w.ask_all([("/api/plans", "", {})])]
        rows = rows_of(made.here)

    assert number > len(asked)
    for each in asked:
        noted = [row.plan for row in rows[each.answer.headers["x-request-id"]]]
        assert sorted(noted) == sorted(shown_in(each))


@on_sqlite
def test_who_loses_the_right_meanwhile_is_shown_nothing_and_is_noted_as_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world(url, seed=5, people=20) as made, somebody_who_sees(made, Duty.SERVICE_MANAGER) as w:
        authoriser, plan = made.here.services.authoriser, sorted(w.open)[0]
        still = authoriser.still

        def conflicted(look: Any) -> bool:
            monkeypatch.setattr(authoriser, "still", still)
            new = rights_events.ConflictDeclared(
                conflict="C", person=w.who.id, reason="kin", plan=plan
            )
            authoriser.state([new], THE_TRACKER, None)
            return still(look)

        monkeypatch.setattr(authoriser, "still", conflicted)
        [asked] = w.ask_all([(OF_A_PLAN[0], plan, {})])
        rows = rows_of(made.here)[asked.answer.headers["x-request-id"]]

    assert asked.answer.status_code == HTTPStatus.NOT_FOUND
    assert not asked.canaries
    assert [row.shown for row in rows] == [True, False]


@on_sqlite
def test_what_did_not_change_is_noted_too(url: str) -> None:
    with world(url, seed=5, people=20) as made, somebody_who_sees(made, Duty.SERVICE_MANAGER) as w:
        plan, client = sorted(w.open)[0], made.here.client
        headers = made.tokens[w.who.id] | {"If-None-Match": "*"}
        unchanged = client.get(f"/api/plans/{plan}", headers=headers)
        head = client.request("HEAD", f"/api/plans/{plan}", headers=headers)
        rows = rows_of(made.here)

    assert (unchanged.status_code, head.status_code) == (304, 405)
    assert [row.plan for row in rows[unchanged.headers["x-request-id"]]] == [plan]
    assert head.headers["x-request-id"] not in rows


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else keeps everybody off the access record."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield
    else:
        with psycopg.connect(url) as other_session:
            other_session.execute("LOCK TABLE access_record.looked IN ACCESS EXCLUSIVE MODE")
            yield


def test_nothing_is_shown_while_it_cannot_be_noted_but_all_can_be_recorded(url: str) -> None:
    with world(url, seed=5, people=20) as made, somebody_who_sees(made, Duty.SERVICE_MANAGER) as w:
        plan = sorted(w.open)[0]
        asks = {COMPARE: {"from": "2026-03-19T12:00"}, FAMILY: {"family": made.name(plan).family}}
        wanted = [
            (route, plan if "{plan}" in route else "", asks.get(route, {}))
            for route in sorted(SHOW_PLANS)
        ]
        with locked(url):
            dark = [*w.ask_all(wanted)]
            entry, stale = record(made, w, plan)
        light = [*w.ask_all(wanted)]

    for each in dark:
        answer = each.answer
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, each
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
        assert not each.canaries
        assert not PLAN.findall(each.told)
    assert entry.status_code == HTTPStatus.CREATED
    assert stale.status_code == HTTPStatus.PRECONDITION_FAILED
    assert stale.json()["between"] == []
    assert [each for each in light if each.answer.status_code != HTTPStatus.OK] == []


def record(made: World, walk: Walk, plan: str) -> tuple[Response, Response]:
    """Put something on a plan, and once more upon what is not its last entry any more."""
    headers = made.tokens[walk.who.id]
    last = made.here.services.record.last_number(plan)
    event = {"kind": "OversightRecorded", "on": "2026-03-19", "support": "s", "challenge": "c"}
    path = f"/api/plans/{plan}/entries"
    headers = headers | {"If-Match": f'"{last}"'}
    first, second = (made.here.client.post(path, json=event, headers=headers) for _ in range(2))
    return first, second


@on_sqlite
def test_who_looked_at_a_child_is_listed_with_those_who_were_refused(url: str) -> None:
    with world(url, seed=6, people=30) as made:
        people = [p for p in made.oracle.people if p.granted]
        officers = [p for p in people if p.duty is Duty.PRIVACY_OFFICER]
        plan, privacy = next(
            (plan, officer)
            for plan in made.oracle.plans
            for officer in officers
            if not {plan.name, plan.child} & officer.conflicts
        )
        looked = []
        for who in people:
            walk = Walk(made, who, random.Random(1))
            [asked] = walk.ask_all([(OF_A_PLAN[0], plan.name, {})])
            if asked.answer.status_code != HTTPStatus.FORBIDDEN:
                looked.append((who.id, asked.answer.status_code == HTTPStatus.OK))
        told = made.here.client.get(
            "/api/looked",
            params={"child": plan.child, "limit": 200},
            headers=made.tokens[privacy.id],
        ).json()["items"]

    assert sorted((row["person"], row["shown"]) for row in told) == sorted(looked)
    assert {shown for _, shown in looked} == {True, False}


# A route that shows plans and does not say so


def tell_unnoted(made: World, walk: Walk) -> list[str]:
    """Name the routes that answer with something of a plan and write nobody down."""
    found = []
    plan = sorted(walk.open)[0]
    for route in routes_of(made.here.app):
        path = route.format(plan=plan, family=made.name(plan).family, provider="P")
        answer = made.here.client.get(path, headers=made.tokens[walk.who.id])
        names = [name for name in PLAN.findall(answer.text) if name not in path]
        holds = names or CANARY.findall(answer.text)
        if holds and answer.headers["x-request-id"] not in rows_of(made.here):
            found.append(route)
    return found


def routes_of(app: FastAPI) -> list[str]:
    routes = [*app.routes, *app.state.routes]
    return sorted(
        {r.path for r in routes if isinstance(r, APIRoute) and "GET" in (r.methods or ())}
    )


async def unnoted(_: MayKeepSession, services: AServices) -> list[str]:
    """Show plans behind everybody's back."""
    return list(services.record.plans())


@on_sqlite
def test_no_route_shows_anything_of_a_plan_unnoted_and_one_that_did_would_be_found(
    url: str,
) -> None:
    with world(url, seed=5, people=20) as made, somebody_who_sees(made, Duty.SERVICE_MANAGER) as w:
        before = tell_unnoted(made, w)
        made.here.app.get("/api/unnoted")(unnoted)
        after = tell_unnoted(made, w)

    assert set(before) <= TELL_OF_LOOKING
    assert set(after) - set(before) == {"/api/unnoted"}
