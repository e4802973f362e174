"""Whoever asks is given what the rules say is theirs, and no more: D37, by an oracle of its own."""

import random
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec
import pytest
from fastapi.routing import APIRoute

from leaks.telling import CANARY
from leaks.walking import OF_A_PLAN, SHOW_PLANS, Asked, Walk
from leaks.worlds import World, world
from plantrack.application import queries
from plantrack.domain.plans.as_known import Moment
from plantrack.domain.redaction.clearance import EVERYTHING, clear_json
from plantrack.domain.rights.actions import MAY
from plantrack.domain.rights.words import Duty
from plantrack.web.authorise import action_of

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
NO_PLANS = (Duty.ADMIN,)
SEES_ACCESS = (Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER, Duty.SERVICE_MANAGER)
EXPORTS = (Duty.SERVICE_MANAGER, Duty.INSPECTOR)


@on_sqlite
def test_two_hundred_pairs_of_person_and_plan_show_nothing_foreign(url: str) -> None:
    with world(url, seed=1, people=27) as made:
        hold_to_the_oracle(made, 1)


@pytest.mark.soak
@on_sqlite
def test_five_hundred_pairs_of_person_and_plan_show_nothing_foreign(url: str) -> None:
    with world(url, seed=1, people=63) as made:
        hold_to_the_oracle(made, 1)


@pytest.mark.soak
@on_postgres
def test_some_people_see_the_same_on_postgresql(url: str) -> None:
    with world(url, seed=2, people=7) as made:
        hold_to_the_oracle(made, 2)


@pytest.mark.soak
@on_sqlite
@pytest.mark.parametrize("seed", range(10, 20))
def test_five_thousand_pairs_show_nothing_foreign(url: str, seed: int) -> None:
    with world(url, seed=seed, people=63) as made:
        hold_to_the_oracle(made, seed)


def hold_to_the_oracle(made: World, seed: int) -> None:
    """Let everybody walk through everything, and hold each answer to the oracle."""
    chance = random.Random(seed)
    whole = {plan.name: everything_on(made, plan.name) for plan in made.oracle.plans}
    asked = 0
    for who in made.oracle.people:
        walk = Walk(made, who, chance)
        for each in walk.everything():
            assert each.answer.status_code in statuses(walk, each), (who, each)
            assert walk.leaks(each) == [], (who, each.template, each.plan)
            refuse_over_hiding(walk, each, whole)
            asked += 1
    assert asked > len(made.oracle.people) * 20


def statuses(walk: Walk, asked: Asked) -> set[int]:
    """Say how a request may be answered."""
    if not walk.who.granted:
        return {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    duty, readers = walk.who.duty, asked.template in OF_A_PLAN or asked.template == "/api/export"
    allowed = duty not in NO_PLANS
    if duty is Duty.PRIVACY_OFFICER and (not readers or asked.template == "/api/export"):
        allowed = False
    if asked.template.endswith("/access") and duty not in SEES_ACCESS:
        allowed = False
    if asked.template == "/api/export" and duty not in EXPORTS:
        allowed = False
    if not allowed:
        return {HTTPStatus.FORBIDDEN}
    if asked.plan and (asked.plan not in walk.open or by_glass_only(walk, asked)):
        return {HTTPStatus.NOT_FOUND}
    families = {walk.world.name(plan).family for plan in walk.listed}
    if asked.template == "/api/families/{family}" and family_of(asked) not in families:
        return {HTTPStatus.NOT_FOUND}
    return {HTTPStatus.OK}


def by_glass_only(walk: Walk, asked: Asked) -> bool:
    """Whether it is emergency access only, which opens a plan to be read and no more."""
    return asked.plan not in walk.listed and asked.template.endswith("/access")


def family_of(asked: Asked) -> str:
    return asked.answer.request.url.path.rpartition("/")[2]


def everything_on(made: World, plan: str) -> dict[str, set[str]]:
    """Name the canaries that a plan's picture and chronology hold for who may read all."""
    services = made.here.services
    picture: Any = queries.picture_at(services.commands, services.policies(), plan, Moment())
    told = queries.chronology_at(services.commands, plan, Moment())
    return {
        route: canaries_of(value)
        for route, value in (
            ("/api/plans/{plan}", picture),
            ("/api/plans/{plan}/chronology", told),
        )
    }


def canaries_of(value: Any) -> set[str]:
    encoded = clear_json(msgspec.json.encode(value, enc_hook=dict), EVERYTHING)
    return set(CANARY.findall(encoded.decode()))


def refuse_over_hiding(walk: Walk, asked: Asked, whole: dict[str, dict[str, set[str]]]) -> None:
    """Hold what is shown to all that ought to be: plans in the list, texts on the plan."""
    if asked.answer.status_code != HTTPStatus.OK:
        return
    if asked.template == "/api/plans" and asked.parameters == {"limit": 200}:
        assert {row["plan"] for row in asked.answer.json()["items"]} == walk.listed
    here = whole.get(asked.plan, {}).get(asked.template)
    if here is not None and asked.parameters in ({}, {"limit": 200}):
        canaries = walk.world.canaries
        theirs = {c for c in here if walk.world.oracle.may_read(walk.who, canaries[c])}
        apart = [canaries[each] for each in asked.canaries ^ theirs]
        assert apart == [], (walk.who, asked.plan)


@on_sqlite
def test_the_walk_goes_by_every_route_that_shows_plans(url: str) -> None:
    with world(url, seed=3, people=1) as made:
        routes: Iterator[APIRoute] = made.here.app.state.routes
        showing = {
            each.path
            for each in routes
            for action in [action_of(each)]
            if action and MAY[action].shows_plans and each.methods == {"GET"}
        }

        paths = [each.path for each in made.here.app.state.routes]

    assert showing == SHOW_PLANS
    held = {part for path in paths for part in path.split("/") if part.startswith("{")}
    assert held == {"{plan}", "{family}"}
