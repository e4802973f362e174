"""The lists keep up with the record: the same rows however, and by whomever, they were made."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from plantrack.domain.calendar import london_day
from plantrack.domain.events.entries import Entry
from plantrack.domain.words import PlanKind
from plantrack.projections import MODELS, actions, caseload, engagement
from plantrack.projections import follower as follow
from plantrack.projections.follower import Follower, retry_parked
from plantrack.projections.rebuild import check, rebuild
from plantrack.projections.store import (
    FOLLOWED,
    CannotKeep,
    NotYet,
    Overtaken,
    Reading,
    ReadModels,
    advance,
)
from plantrack.record import EntryUnreadable, Record, migrate, open_record
from plantrack.record.mapper import EntryMapper
from postgres import Postgres
from projections.following import follow_for_ever
from projections.lists import TODAY, Lists, lists
from record.writers import processes
from story import (
    CIN_J1,
    CP_J1,
    CP_K2,
    Story,
    agreed,
    decided,
    feb,
    given,
    given_in_need,
    mar,
    opened,
    rescheduled,
    retracted,
    reviewed,
    seen,
    stepped_up,
)
from test_watch_agrees import ORDINARY, Step, steps, told

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
Anew = Callable[[], AbstractContextManager[Lists]]


@pytest.fixture
def mine(url: str) -> Iterator[Lists]:
    with lists(url) as mine:
        yield mine


def busy() -> Story:
    """Tell a story of two children with two actions and two agencies each."""
    story = given(
        agreed(feb(3), due_on=feb(20)),
        agreed(feb(3), "A2", due_on=mar(6)),
        decided(feb(4), agree=("csc",)),
        seen(feb(5), words="I like it"),
    )
    story.when(agreed(feb(6), due_on=feb(27)), decided(feb(6), "D2"), plan=CP_K2)
    return story.when(reviewed(feb(9)), rescheduled(feb(20), due_on=mar(20)), seen(feb(23)))


# The same rows, however they came ----------------------------------------------------------------


@pytest.fixture
def anew(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Anew:
    """How each random history gets a database of its own."""
    nth = count(1)

    @contextmanager
    def open_one() -> Iterator[Lists]:
        with ExitStack() as stack:
            url = f"sqlite:///{tmp_path}/{next(nth)}.db"
            if database == "postgresql":
                server: Postgres = request.getfixturevalue("postgres")
                url = stack.enter_context(server.database())
            migrate(url)
            yield stack.enter_context(lists(url))

    return open_one


def two_plans_of_one_child(kind: PlanKind, chosen: list[Step]) -> list[Entry]:
    """Tell a random history twice over: on a plan and on a later plan of the same child."""
    half = len(chosen) // 2
    second = [entry._replace(plan="Q") for entry in told(kind, chosen[half:])]
    return [*told(kind, chosen[:half]), *second]


def hold_together(mine: Lists, entries: list[Entry], chance: Random) -> None:
    """Follow a history in batches of any size, and compare with what a rebuild makes of it."""
    plans: set[str] = set()
    while entries:
        size = chance.randint(1, 12)
        batch, entries = entries[:size], entries[size:]
        for entry in batch:
            mine.tell_numbered(entry)
            plans.add(entry.plan)
        if chance.random() < 0.5:
            mine.sweep_once(sorted(plans), london_day(batch[-1].recorded_at))
        if chance.random() < 0.2:
            mine.follower = mine.new_follower()
        mine.follow(chance.choice([1, 2, 7, 500]))
    live = mine.canonical()

    assert parked_plans(mine) == []
    assert check(mine.models, mine.reader()) == []
    rebuild(mine.models, mine.reader())
    assert mine.canonical() == live


HISTORIES = for_all(st.sampled_from(list(PlanKind)), steps, st.randoms(use_true_random=False))


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
@settings(ORDINARY, max_examples=10)
@HISTORIES
def test_rows_made_batch_by_batch_are_those_of_a_rebuild(
    anew: Anew, kind: PlanKind, chosen: list[Step], chance: Random
) -> None:
    with anew() as mine:
        hold_together(mine, two_plans_of_one_child(kind, chosen), chance)


@pytest.mark.soak
@settings(ORDINARY, max_examples=200, derandomize=False)
@HISTORIES
def test_rows_of_two_hundred_histories_are_those_of_a_rebuild(
    anew: Anew, kind: PlanKind, chosen: list[Step], chance: Random
) -> None:
    with anew() as mine:
        hold_together(mine, two_plans_of_one_child(kind, chosen), chance)


def test_what_a_plan_hands_on_changes_the_rows_of_the_plan_that_takes_it_over(
    mine: Lists,
) -> None:
    story = given_in_need(agreed(feb(2), due_on=feb(20)), stepped_up(mar(2), A1="carried"))
    story.when(opened(on=mar(2), follows=CIN_J1), plan=CP_J1)
    story.when(retracted(mar(3), 2), plan=CIN_J1)
    seen_rows = []
    for entry in story.entries:
        mine.tell([entry])
        mine.follow()
        seen_rows.append(mine.rows(actions.listed, today=TODAY, plan=CP_J1))
        assert check(mine.models, mine.reader()) == []

    assert [len(rows) for rows in seen_rows[-2:]] == [1, 0]


def test_a_row_altered_lost_or_added_by_hand_is_found(mine: Lists) -> None:
    mine.tell_more(busy())
    mine.follow()
    generation = mine.look(lambda reading: reading.generation)
    table = actions.TABLE
    a1 = [table.c.generation == generation, table.c.plan == CP_J1, table.c.action == "A1"]
    with mine.models.writing() as connection:
        connection.execute(update(table).where(*a1).values(what="nothing"))
        connection.execute(delete(engagement.TABLE).where(engagement.TABLE.c.number == 5))

    altered, lost = check(mine.models, mine.reader())

    assert (altered.table, altered.plan) == ("actions", CP_J1)
    assert altered.live is not None
    assert altered.rebuilt is not None
    assert (altered.live["what"], altered.rebuilt["what"]) == ("nothing", "Speak to the father")
    assert (lost.table, lost.live) == ("engagement", None)
    rebuild(mine.models, mine.reader())
    assert check(mine.models, mine.reader()) == []


# Delivered again, interrupted, restarted ---------------------------------------------------------


class Twice:
    """Delivers every entry twice."""

    def __init__(self, mine: Lists) -> None:
        self._files = mine.reader()

    def touched(self, position: int, limit: int) -> list[tuple[int, str]]:
        return [each for each in self._files.touched(position, limit) for _ in range(2)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._files, name)


def test_what_is_delivered_twice_is_counted_once(mine: Lists) -> None:
    mine.tell_more(busy())
    mine.follower = Follower(mine.models, Twice(mine))

    mine.follow(limit=2)

    assert check(mine.models, mine.reader()) == []
    assert mine.look(lambda reading: reading.position()) == mine.record.last_position()


def test_the_position_only_rises_whoever_follows(mine: Lists) -> None:
    mine.tell_more(busy())
    chance, positions = Random(7), []
    followers = [mine.new_follower() for _ in range(3)]
    while True:
        if chance.random() < 0.2:
            followers[chance.randrange(3)] = mine.new_follower()
        try:
            followers[chance.randrange(3)].catch_up(1)
        except Overtaken:
            continue
        finally:
            positions.append(mine.look(lambda reading: reading.position()))
        if positions[-1] == mine.record.last_position():
            break

    assert positions == sorted(positions)
    assert check(mine.models, mine.reader()) == []


def test_whoever_is_behind_gives_way_and_changes_nothing(mine: Lists) -> None:
    story = busy()
    mine.tell(story.entries[:4])
    ahead, behind = mine.new_follower(), mine.new_follower()
    behind.catch_up()
    mine.tell(story.entries[4:])
    while ahead.catch_up(1):
        pass
    before = mine.canonical()

    with pytest.raises(Overtaken):
        behind.catch_up()

    assert mine.canonical() == before
    assert behind.catch_up() == 0


@pytest.mark.parametrize("place", range(0, 24, 3))
def test_a_follower_that_fails_anywhere_has_written_nothing(
    mine: Lists, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    story = busy()
    mine.tell(story.entries[:4])
    mine.follow()
    before = mine.canonical(), mine.look(lambda reading: reading.position())
    mine.tell(story.entries[4:])
    calls = iter(range(1000))

    def failing(what: Any) -> Any:
        def call(*arguments: Any) -> None:
            if next(calls) == place:
                raise KeyboardInterrupt
            what(*arguments)

        return call

    for name in ("put", "take_out", "take_out_plans"):
        monkeypatch.setattr(follow, name, failing(getattr(follow, name)))
    with pytest.raises(KeyboardInterrupt):
        mine.follow()

    assert (mine.canonical(), mine.look(lambda reading: reading.position())) == before
    mine.follow()
    assert check(mine.models, mine.reader()) == []


def test_followers_in_threads_make_the_rows_right_together(mine: Lists) -> None:
    mine.tell_more(busy())
    start, given_way = Barrier(3), []

    def follow_on() -> None:
        follower = mine.new_follower()
        start.wait()
        while mine.look(lambda reading: reading.position()) < mine.record.last_position():
            try:
                follower.catch_up(1)
            except (Overtaken, CannotKeep) as why:
                given_way.append(why)

    with ThreadPoolExecutor(3) as threads:
        for each in [threads.submit(follow_on) for _ in range(3)]:
            each.result()

    assert check(mine.models, mine.reader()) == []


def test_followers_killed_at_any_moment_leave_the_rows_right(mine: Lists) -> None:
    story = busy()
    chance = Random(3)
    for round_ in range(4):
        with processes(follow_for_ever, (mine.url, 1), (mine.url, 3)) as started:
            part = len(story.entries) // 4 + 1
            for entry in story.entries[round_ * part : (round_ + 1) * part]:
                mine.tell([entry])
                time.sleep(0.002)
            if round_ == 0:
                _until_followed(mine)
            time.sleep(chance.random() * 0.2)
            assert all(each.is_alive() for each in started)
    mine.follower = mine.new_follower()
    mine.follow()

    assert check(mine.models, mine.reader()) == []


def _until_followed(mine: Lists) -> None:
    mine.models.wait_for(mine.record.last_position(), 30)


# Rebuilding ---------------------------------------------------------------------------------------


def generations(mine: Lists) -> set[int]:
    with mine.models.writing() as connection:
        found = [
            row[0]
            for model in MODELS
            for row in connection.execute(select(model.TABLE.c.generation).distinct())
        ]
    return set(found)


class Stopped(Exception):
    """Somebody stopped a rebuild."""


def test_an_interrupted_rebuild_leaves_the_lists_and_is_thrown_away_by_the_next(
    mine: Lists,
) -> None:
    mine.tell_more(busy())
    mine.follow()
    before = mine.canonical()

    def stop(_: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rebuild(mine.models, mine.reader(), stop)

    assert mine.canonical() == before
    assert len(generations(mine)) == 2
    assert rebuild(mine.models, mine.reader()) == 2
    assert mine.canonical() == before
    assert len(generations(mine)) == 1


def test_what_is_recorded_while_a_rebuild_runs_is_there_afterwards(mine: Lists) -> None:
    story = busy()
    mine.tell(story.entries[:4])
    mine.follow()

    def meanwhile(_: int) -> None:
        mine.tell(story.entries[4:])
        mine.follow()

    rebuild(mine.models, mine.reader(), meanwhile)

    assert mine.look(lambda reading: reading.position()) == mine.record.last_position()
    assert check(mine.models, mine.reader()) == []
    with pytest.raises(Overtaken):
        mine.tell_and_follow(story.when(seen(feb(27))))
    mine.follow()
    assert check(mine.models, mine.reader()) == []


def test_a_rebuild_tells_how_many_plans_it_made(mine: Lists) -> None:
    mine.tell_more(busy())
    told_of: list[int] = []

    assert rebuild(mine.models, mine.reader(), told_of.append) == sum(told_of) == 2


def test_the_live_lists_are_never_further_back_after_a_rebuild(mine: Lists) -> None:
    mine.tell_more(busy())
    mine.follow()
    with mine.models.writing() as connection:
        [(name, position)] = connection.execute(select(FOLLOWED.c.name, FOLLOWED.c.position))
        advance(connection, name, position, position + 5)

    with pytest.raises(Overtaken):
        rebuild(mine.models, mine.reader())

    assert mine.look(lambda reading: reading.position()) == position + 5


# What cannot be read ------------------------------------------------------------------------------


def poison(record: Record, plan: str) -> None:
    number = record.last_number(plan) + 1
    record.recorder.insert_events([StoredEvent(plan, number, "ChildSeen@99", b"{}")])


def test_an_entry_that_cannot_be_read_parks_its_plan_and_no_other(mine: Lists) -> None:
    story = busy()
    mine.tell_more(story)
    mine.follow()
    poison(mine.record, CP_J1)
    number = mine.record.last_number(CP_J1)
    mine.tell_more(story.when(seen(mar(2)), plan=CP_K2))
    mine.follow()

    [parked] = mine.look(lambda reading: reading.parked())

    assert (parked.plan, parked.position) == (CP_J1, mine.record.last_position())
    assert parked.why.startswith(f"Entry {number} of plan CP-J1 ('ChildSeen@99')")
    assert mine.look(caseload.one, CP_K2, TODAY)["last_face_to_face_on"] == mar(2)
    assert mine.look(caseload.one, CP_J1, TODAY)["last_entry"] == number - 1


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Plans of which no entry can be read."""
    plans: set[str] = set()
    read = EntryMapper.read

    def strictly(self: EntryMapper, plan: str, number: int, topic: str, state: bytes) -> Entry:
        if plan in plans:
            raise EntryUnreadable(StoredEvent(plan, number, topic, state), "is of the future")
        return read(self, plan, number, topic, state)

    monkeypatch.setattr(EntryMapper, "read", strictly)
    return plans


def parked_plans(mine: Lists) -> list[str]:
    return [each.plan for each in mine.look(lambda reading: reading.parked())]


def test_a_parked_plan_that_can_be_read_again_is_made_at_its_next_entry(
    mine: Lists, unreadable: set[str]
) -> None:
    story = busy()
    unreadable.add(CP_J1)
    mine.tell_more(story)
    mine.follow()
    assert parked_plans(mine) == [CP_J1]

    unreadable.clear()
    mine.tell_more(story.when(seen(mar(3))))
    mine.follow()

    assert parked_plans(mine) == []
    assert check(mine.models, mine.reader()) == []


def test_a_parked_plan_that_can_be_read_again_is_made_when_it_is_tried_again(
    mine: Lists, unreadable: set[str]
) -> None:
    unreadable.add(CP_J1)
    mine.tell_more(busy())
    mine.follow()
    assert retry_parked(mine.models, mine.reader()) == []
    assert parked_plans(mine) == [CP_J1]

    unreadable.clear()

    assert retry_parked(mine.models, mine.reader()) == [CP_J1]
    assert parked_plans(mine) == []
    assert check(mine.models, mine.reader()) == []


def test_a_rebuild_parks_what_it_cannot_read_and_keeps_its_rows(
    mine: Lists, unreadable: set[str]
) -> None:
    mine.tell_more(busy())
    mine.follow()
    before = mine.look(caseload.one, CP_K2, TODAY)
    assert before is not None
    unreadable.add(CP_K2)

    assert check(mine.models, mine.reader()) == []
    rebuild(mine.models, mine.reader())

    assert parked_plans(mine) == [CP_K2]
    assert mine.look(caseload.one, CP_J1, TODAY) is not None
    assert mine.look(caseload.one, CP_K2, TODAY) == before


# Waiting, and a database that fails ---------------------------------------------------------------


def test_who_waits_for_a_position_is_woken_when_it_is_reached(mine: Lists) -> None:
    mine.tell_more(busy())
    position = mine.record.last_position()
    with pytest.raises(NotYet):
        mine.models.wait_for(position, 0.02)

    with ThreadPoolExecutor(2) as threads, closing(ReadModels(mine.url)) as elsewhere:
        here = threads.submit(mine.models.wait_for, position, 20)
        there = threads.submit(elsewhere.wait_for, position, 20)
        time.sleep(0.05)
        assert not here.done()
        mine.follow()
        here.result(timeout=5)
        there.result(timeout=5)


def test_tables_are_made_once_and_lists_of_another_release_are_refused(bare_url: str) -> None:
    with closing(ReadModels(bare_url)) as models:
        with pytest.raises(CannotKeep, match="run plantrack migrate"):
            models.check()
        assert models.make() is True
        models.check()
        assert models.make() is False


@on_postgres
def test_lists_are_read_and_written_by_a_role_that_owns_nothing(mine: Lists) -> None:
    with mine.models.writing() as connection:
        assert connection.execute(select(func.current_user())).scalar() == "plantrack_app"


@on_postgres
def test_a_server_that_went_away_costs_one_exception(mine: Lists, postgres: Postgres) -> None:
    mine.tell_more(busy())
    mine.follow()
    cut_off = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'plantrack' AND pid <> pg_backend_pid()"
        " AND datname LIKE 'plantrack_test_%' AND application_name = ''"
    )

    def cut_off_and_look(reading: Reading) -> int:
        postgres.execute(cut_off)
        return reading.position()

    with pytest.raises(CannotKeep, match="cannot be read just now"):
        mine.look(cut_off_and_look)

    assert mine.look(caseload.one, CP_J1, TODAY) is not None
    postgres.execute(cut_off)
    mine.tell_and_follow(busy().when(seen(mar(9))))
    assert check(mine.models, mine.reader()) == []


def test_a_database_that_cannot_be_reached_is_said_in_words(tmp_path: Any) -> None:
    for url in (f"sqlite:///{tmp_path}/none/record.db", f"postgresql:///?host={tmp_path}&dbname=x"):
        with closing(ReadModels(url)) as models:
            with pytest.raises(CannotKeep, match="cannot be read"):
                models.check()
            with pytest.raises(CannotKeep, match="cannot be made"):
                models.make()


def test_the_record_may_be_opened_twice_and_followed_by_either(mine: Lists) -> None:
    mine.tell_more(busy())
    with open_record(mine.url) as record, closing(ReadModels(mine.url)) as models:
        other = Lists(mine.url, record, models)
        other.follow()

    found = mine.rows(caseload.listed, today=TODAY)
    assert [row["plan"] for row in found] == [CP_J1, CP_K2]
