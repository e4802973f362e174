"""The answer to a commit is lost: whoever asked still gets it, and nothing is recorded twice."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from plantrack.application.commands import Commands
from plantrack.record import open_record
from record.plans import ANN, opened_cin, opened_cp, seen
from record.proxy import Network, network

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

COMMANDS = 10


@pytest.fixture
def between(url: str) -> Iterator[Network]:
    with network(url) as between:
        yield between


@pytest.fixture
def commands(between: Network) -> Iterator[Commands]:
    with closing(open_record(between.url)) as record:
        commands = Commands(record)
        commands.record("P1", opened_cin(), ANN)
        yield commands


@pytest.mark.parametrize("identified", [True, False])
def test_a_command_whose_answer_was_lost_is_answered_and_stored_once(
    commands: Commands, between: Network, *, identified: bool
) -> None:
    answers = []
    for n in range(COMMANDS):
        visit, command_id = seen(), f"c{n}" if identified else None
        between.lose_the_next_answer()
        answer = commands.record("P1", visit, ANN, command_id=command_id)
        answers.append(answer)
        if identified:
            assert commands.record("P1", visit, ANN, command_id=command_id) == answer

    assert between.lost == COMMANDS
    assert commands.entries("P1")[1:] == answers


def test_a_command_on_several_plans_is_answered_and_stored_once(
    commands: Commands, between: Network
) -> None:
    commands.record("P2", opened_cp(), ANN)
    between.lose_the_next_answer()

    answer = commands.record_together([("P1", seen()), ("P2", seen())], ANN, command_id="m")

    assert between.lost == 1
    assert [commands.entries("P1")[1], commands.entries("P2")[1]] == answer
    assert (len(commands.entries("P1")), len(commands.entries("P2"))) == (2, 2)


def test_a_reader_whose_connection_was_lost_reads_again(
    commands: Commands, between: Network
) -> None:
    before = commands.entries("P1")
    between.lose_the_next_answer()

    assert commands.entries("P1") == before
    assert between.lost == 1
