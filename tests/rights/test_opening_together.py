"""Whoever opens a plan may say more on it with the same command, and nothing on any other."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.desks import opened
from plantrack import codec
from plantrack.application.command_guard import writes_as
from plantrack.application.commands import NewEvent
from plantrack.domain.events import ChildDescribed
from plantrack.domain.refusals import AlreadyOpened, NoSuchPlan, NotAllowed
from plantrack.domain.rights.words import Duty
from plantrack.record import migrate
from rights.people import WHO, World, authority, ties

WORKER, CHAIR, NURSE = (
    WHO[each] for each in (Duty.SOCIAL_WORKER, Duty.CHAIR, Duty.PARTNER_PROFESSIONAL)
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A plan that people are tied to, and one that nobody is."""
    folder: Path = tmp_path_factory.mktemp("opening")
    url = f"sqlite:///{folder}/record.db"
    migrate(url)
    with authority(url) as world:
        world.open("CP-1", "J1")
        world.state(*ties("CP-1"))
        world.open("CP-2", "K2")
        yield world


def beginning(child: str) -> Any:
    """Give the opening of a plan for a child."""
    return codec.read_event(opened(child, family=f"F{child}"))


def described(on: date) -> ChildDescribed:
    """Say who a child is."""
    return ChildDescribed(on=on, given_names="Una")


def together(world: World, person: str, *said: NewEvent) -> list[str]:
    """Say things in one command, and name the plans they are on."""
    done = world.office.services.commands.carry_out(
        said, writes_as(world.subject(person)), guard=world.permit(person)
    )
    return [entry.plan for entry in done.entries]


@pytest.mark.parametrize("person", [WORKER, CHAIR])
def test_who_opens_a_plan_says_with_it_who_the_child_is(world: World, person: str) -> None:
    opening, plan = beginning(f"N{person[0]}"), f"CP-N{person[0]}"
    said = (NewEvent(plan, opening), NewEvent(plan, described(opening.on)))
    assert together(world, person, *said) == [plan, plan]


def test_what_comes_with_an_opening_opens_no_other_plan(world: World) -> None:
    opening = beginning("N3")
    with pytest.raises(NoSuchPlan):
        together(world, WORKER, NewEvent("CP-N3", opening), NewEvent("CP-2", described(opening.on)))
    assert world.office.services.record.plans_of("N3") == []


def test_who_opens_nothing_says_nothing_on_a_plan_that_is_not_theirs(world: World) -> None:
    opening = beginning("N4")
    with pytest.raises(NoSuchPlan):
        together(world, WORKER, NewEvent("CP-2", described(opening.on)), NewEvent("CP-N4", opening))


def test_an_opening_of_a_plan_that_there_is_lets_nobody_in(world: World) -> None:
    opening = beginning("N5")
    with pytest.raises(AlreadyOpened):
        together(world, WORKER, NewEvent("CP-2", opening), NewEvent("CP-2", described(opening.on)))


def test_who_may_open_no_plan_does_not_by_saying_more(world: World) -> None:
    opening = beginning("N6")
    with pytest.raises(NotAllowed):
        together(world, NURSE, NewEvent("CP-N6", opening), NewEvent("CP-N6", described(opening.on)))
