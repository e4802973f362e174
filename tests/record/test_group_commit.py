"""Commands that arrive while a commit is in flight share the next one, and each stays its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from threading import Event, RLock, Thread
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import OperationalError

from plantrack.application.commands import Commands, NewEvent, Receipt, command, group_commit
from plantrack.domain.refusals import (
    AlreadyOnThisPlan,
    CommandReused,
    NotOnThisPlan,
    PlansOverlap,
    StaleVersion,
)
from plantrack.record import CannotReach, EntryUnreadable, application, open_record
from record.plans import (
    ANN,
    SUMMER,
    agreed,
    entry,
    opened_cin,
    opened_cp,
    reviewed,
    seen,
    stepped_up,
)
from record.test_appending import FAIL_AT, FailingAt, PulledThePlug
from record.test_reaching import hung_writer, on_postgres, on_sqlite
from record.waiting import (
    HELD,
    LONG_ENOUGH,
    Appends,
    Command,
    Way,
    in_a_loop,
    in_threads,
    share_a_commit,
    wait_until,
)


@pytest.fixture
def another(url: str) -> Iterator[Callable[[], Commands]]:
    """Makes trackers that share nothing but the database, as two processes do."""
    with ExitStack() as stack:
        yield lambda: Commands(stack.enter_context(closing(open_record(url))))


@pytest.fixture
def commands(another: Callable[[], Commands]) -> Commands:
    commands = another()
    for n in range(4):
        commands.record(f"P{n}", opened_cin(f"C{n}"), ANN)
    return commands


@pytest.fixture(params=[in_threads, in_a_loop])
def way(request: pytest.FixtureRequest) -> Way:
    way: Way = request.param
    return way


def answered(several: list[Command]) -> list[type | list[int]]:
    """Give the numbers of what was recorded, and the kinds of the refusals."""
    return [
        each.numbers if isinstance(each.answer, Receipt) else type(each.answer) for each in several
    ]


def is_stored_as_answered(commands: Commands, several: list[Command]) -> None:
    for each in several:
        if isinstance(each.answer, Receipt):
            for one in each.answer.entries:
                assert commands.entries(one.plan)[one.number - 1] == one
            last = each.answer.entries[-1]
            assert commands._record.position_of(last.plan, last.number) == each.answer.position


def test_commands_that_wait_share_one_commit(commands: Commands, way: Way) -> None:
    several = [Command(f"P{n % 4}", seen()) for n in range(12)]

    sizes = share_a_commit(commands, several, way)

    assert sizes == [12]
    assert answered(several) == [[n // 4 + 2] for n in range(12)]
    is_stored_as_answered(commands, several)
    assert [each.answer.repeated for each in several] == [False] * 12  # type: ignore[union-attr]


def test_no_more_share_a_commit_than_may(
    commands: Commands, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_TOGETHER", 4)
    several = [Command("P0", seen()) for _ in range(10)]

    assert share_a_commit(commands, several, way) == [4, 4, 2]
    assert answered(several) == [[n] for n in range(2, 12)]


def test_each_of_a_batch_is_refused_by_itself(commands: Commands, way: Way) -> None:
    several = [
        Command("P0", agreed("A1"), last_read=1),
        Command("P0", seen(), last_read=1),
        Command("P0", reviewed("A1"), last_read=2),
        Command("P1", seen(), reviewed("A9")),
        Command("P0", seen(), agreed("A2"), agreed("A1")),
        Command("P0", reviewed("A2")),
        Command("P0", reviewed("A1"), seen()),
        Command("P1", seen()),
    ]

    sizes = share_a_commit(commands, several, way)

    assert answered(several) == [
        [2],
        StaleVersion,
        [3],
        NotOnThisPlan,
        AlreadyOnThisPlan,
        NotOnThisPlan,
        [4, 5],
        [2],
    ]
    assert sizes == [5]
    assert several[1].answer.now == 2  # type: ignore[union-attr]  # it is the StaleVersion
    assert (len(commands.entries("P0")), len(commands.entries("P1"))) == (5, 2)


def test_a_plan_is_opened_and_written_to_in_one_batch(commands: Commands, way: Way) -> None:
    several = [
        Command("N1", opened_cin("N")),
        Command("N2", opened_cp("N")),
        Command("N1", seen(), agreed(), agreed()),
        Command("N1", stepped_up("N2", SUMMER)),
        Command("N2", opened_cp("N", on=SUMMER)),
        Command("N2", seen()),
    ]

    sizes = share_a_commit(commands, several, way)

    assert answered(several) == [[1], PlansOverlap, AlreadyOnThisPlan, [2], [1], [2]]
    assert sizes == [4]
    record = commands._record
    assert record.register("N") == ["N1", "N1", "N2"]
    assert record.child_of("N2") == "N"


def test_of_fifty_who_read_the_same_entry_in_one_batch_one_records(
    commands: Commands, way: Way
) -> None:
    several = [Command("P0", seen(), last_read=1) for _ in range(50)]

    sizes = share_a_commit(commands, several, way)

    assert sizes == [1]
    assert answered(several) == [[2], *[StaleVersion] * 49]
    assert len(commands.entries("P0")) == 2


def test_who_writes_in_another_process_spoils_a_batch_for_nobody(
    commands: Commands, another: Callable[[], Commands], way: Way
) -> None:
    other = another()
    several = [
        Command("P0", agreed("A1")),
        Command("P1", seen(), last_read=1),
        Command("P1", seen()),
        Command("P2", agreed("A1")),
        Command("P3", seen()),
    ]

    def meanwhile() -> None:
        other.record("P0", agreed("A1"), ANN)
        other.record("P1", seen(), ANN)

    sizes = share_a_commit(commands, several, way, before=meanwhile)

    assert sizes[0] == 5
    assert answered(several) == [AlreadyOnThisPlan, StaleVersion, [3], [2], [2]]
    is_stored_as_answered(commands, several)
    assert [len(commands.entries(f"P{n}")) for n in range(4)] == [2, 3, 2, 2]


def test_who_is_refused_for_an_old_look_is_tried_again_alone(
    commands: Commands, another: Callable[[], Commands], way: Way
) -> None:
    another().record("P0", agreed("A1"), ANN)
    several = [Command("P0", reviewed("A1")), Command("P1", seen())]

    assert share_a_commit(commands, several, way) == [1, 1]
    assert answered(several) == [[3], [2]]


def test_a_command_that_comes_twice_in_a_batch_is_carried_out_once(
    commands: Commands, way: Way
) -> None:
    visit = seen()
    several = [
        Command("P0", visit, command_id="a"),
        Command("P0", visit, last_read=1, command_id="a"),
        Command("P0", seen(), command_id="a"),
        Command("P1", visit, command_id="b"),
    ]

    sizes = share_a_commit(commands, several, way)

    first, again, reused, _ = (each.answer for each in several)
    assert sizes == [2]
    assert isinstance(first, Receipt)
    assert again == first._replace(repeated=True)
    assert isinstance(reused, CommandReused)
    assert commands.carry_out(several[0].said, ANN, command_id="a") == again
    assert len(commands.entries("P0")) == 2


def test_a_command_of_an_earlier_commit_is_answered_as_then(commands: Commands, way: Way) -> None:
    before = Command("P0", seen(), command_id="a")
    before.carry_out(commands)
    several = [
        Command("P1", seen(), command_id="c"),
        Command("P0", before.said[0].event, command_id="a"),
        Command("P0", before.said[0].event, last_read=1, command_id="a"),
        Command("P0", seen(), command_id="a"),
        Command("P2", seen()),
    ]

    share_a_commit(commands, several, way)

    assert isinstance(before.answer, Receipt)
    assert several[1].answer == several[2].answer == before.answer._replace(repeated=True)
    assert answered(several) == [[2], [2], [2], CommandReused, [2]]
    assert len(commands.entries("P0")) == 2


def test_an_entry_that_cannot_be_read_harms_its_own_plan_only(commands: Commands, way: Way) -> None:
    recorder: Any = commands._record.recorder
    poison = commands._record.mapper.to_stored_event(entry("P0", 2, seen()))
    recorder.insert_events([poison.__class__("P0", 2, "this:s", b"{}")])
    commands._writer._at_hand.clear()
    several = [Command("P1", seen()), Command("P0", seen()), Command("P2", seen())]

    assert share_a_commit(commands, several, way) == [2]
    assert answered(several) == [[2], EntryUnreadable, [2]]


STATEMENTS_ON_SQLITE = 8  # BEGIN, a command, a line of the register, four entries, COMMIT
ROWS_ON_POSTGRES = 6  # a command, a line of the register, four entries


def some_of_each() -> list[Command]:
    return [
        Command("N1", opened_cin("N"), seen(), command_id="a"),
        Command("P1", seen()),
        Command("P2", seen()),
    ]


@on_sqlite
@pytest.mark.parametrize("k", range(1, STATEMENTS_ON_SQLITE + 1))
def test_a_batch_of_which_a_statement_fails_on_sqlite_leaves_nothing_half_done(
    commands: Commands, k: int, way: Way
) -> None:
    file: Any = commands._record.recorder.datastore
    whole, several = file.writer, some_of_each()

    def spoil() -> None:
        file.writer = FailingAt(whole, k)

    sizes = share_a_commit(commands, several, way, before=spoil)

    assert file.writer.count > k
    file.writer = whole
    assert sizes == [4, 2, 1, 1]
    assert answered(several) == [[1, 2], [2], [2]]
    is_stored_as_answered(commands, several)


@on_postgres
@pytest.mark.parametrize("k", range(1, ROWS_ON_POSTGRES + 1))
def test_a_batch_of_which_a_row_fails_on_postgres_leaves_nothing_half_done(
    commands: Commands, url: str, k: int, way: Way
) -> None:
    several = some_of_each()

    def spoil() -> None:
        with psycopg.connect(url) as owner:
            owner.execute(FAIL_AT.format(k=k).encode())

    sizes = share_a_commit(commands, several, way, before=spoil)

    assert sizes == [4, 2, 1, 1]
    assert answered(several) == [[1, 2], [2], [2]]
    is_stored_as_answered(commands, several)


def test_where_every_append_fails_everybody_is_told_and_nothing_is_stored(
    commands: Commands, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = some_of_each()

    def fails(*_: Any, **__: Any) -> Any:
        raise PulledThePlug

    share_a_commit(
        commands,
        several,
        way,
        before=lambda: monkeypatch.setattr(commands._record.recorder, "insert_events", fails),
    )

    assert answered(several) == [PulledThePlug] * 3
    monkeypatch.undo()
    assert commands.record("N1", opened_cin("N"), ANN, command_id="a").number == 1
    assert commands.record("P1", seen(), ANN).number == 2


def test_where_the_database_stays_away_everybody_is_told_at_once(
    commands: Commands, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = some_of_each()

    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError

    def go_away() -> None:
        monkeypatch.setattr(application, "PATIENCE", 0.1)
        monkeypatch.setattr(commands._record.recorder, "insert_events", away)

    assert share_a_commit(commands, several, way, before=go_away) == [4]
    assert answered(several) == [CannotReach] * 3
    assert {str(each.answer) for each in several} == {
        "The database does not answer just now. Try again in a moment."
    }
    assert len({id(each.answer) for each in several}) == 3


def write_at_once(commands: Commands, clients: int, plans: list[str], rounds: int, way: str) -> Any:
    """Have many clients record one command after the other, and give all answers."""
    several = [
        [Command(plans[n % len(plans)], seen()) for _ in range(rounds)] for n in range(clients)
    ]
    if way == "threads":

        def work(mine: list[Command]) -> None:
            for each in mine:
                each.carry_out(commands)

        threads = [Thread(target=work, args=(mine,)) for mine in several]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONG_ENOUGH)
    else:

        async def client(mine: list[Command]) -> None:
            for each in mine:
                await each.carry_out_soon(commands)

        async def all_clients() -> None:
            await asyncio.gather(*map(client, several))

        asyncio.run(all_clients())
    return [each for mine in several for each in mine]


@pytest.mark.parametrize("how", ["threads", "loop", "both"])
@pytest.mark.parametrize(("clients", "plans"), [(16, 16), (4, 1)])
def test_many_writers_lose_no_command_and_record_none_twice(
    commands: Commands, clients: int, plans: int, how: str
) -> None:
    rounds, names = 25, [f"W{n}" for n in range(plans)]
    for name in names:
        commands.record(name, opened_cin(name), ANN)
    appends = Appends(commands)
    appends.go.set()
    if how == "both":
        other = Thread(target=write_at_once, args=(commands, clients, names, rounds, "threads"))
        other.start()
    several = write_at_once(commands, clients, names, rounds, how)
    if how == "both":
        other.join(LONG_ENOUGH)

    recorded = [each.answer.entries[0] for each in several]
    stored = [each for name in names for each in commands.entries(name)[1:]]
    told = Counter((each.plan, each.number, each.event.note) for each in recorded)
    kept = Counter((each.plan, each.number, each.event.note) for each in stored)
    assert told <= kept
    assert len(stored) == len(recorded) * (2 if how == "both" else 1)
    assert max(kept.values()) == 1
    for name in names:
        numbers = [each.number for each in commands.entries(name)]
        assert numbers == list(range(1, len(numbers) + 1))
    assert sum(appends.sizes) == len(stored)
    assert not commands._line._places
    wait_until(lambda: not commands._line._led)


def test_two_processes_that_batch_on_one_plan_lose_nothing(
    commands: Commands, another: Callable[[], Commands]
) -> None:
    other, rounds, clients = another(), 12, 3
    answers: list[Command] = []
    threads = [
        Thread(
            target=lambda who: answers.extend(write_at_once(who, clients, ["P0"], rounds, "loop")),
            args=(who,),
        )
        for who in (commands, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * LONG_ENOUGH)

    recorded = [each.numbers[0] for each in answers if isinstance(each.answer, Receipt)]
    gave_up = [each.answer for each in answers if not isinstance(each.answer, Receipt)]
    assert all(isinstance(each, CannotReach) for each in gave_up)
    assert sorted(recorded) == list(range(2, len(recorded) + 2))
    assert len(commands.entries("P0")) == len(recorded) + 1


def test_who_waits_too_long_is_told_and_never_recorded(
    commands: Commands, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST_WAIT", 0.1)
    several = [Command("P0", seen()) for _ in range(3)]

    share_a_commit_late(commands, several, way)

    assert answered(several) == [CannotReach] * 3
    assert "Too much is being recorded" in str(several[0].answer)
    assert len(commands.entries("P0")) == 1
    assert commands.record("P0", seen(), ANN).number == 2


def share_a_commit_late(commands: Commands, several: list[Command], way: Way) -> None:
    """Hold the commit before theirs open until all of them have given up."""

    def go_later(go: Callable[[], object]) -> None:
        wait_until(lambda: not commands._line._places)
        go()

    def late(commands: Commands, several: Any, go: Callable[[], object]) -> None:
        way(commands, several, Thread(target=go_later, args=(go,)).start)

    assert share_a_commit(commands, several, late) == []


def test_who_is_being_served_waits_for_the_answer_however_long(
    commands: Commands, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST_WAIT", 0.3)
    several = [Command("P0", seen()), Command("P1", seen()), Command("P2", seen())]

    assert share_a_commit(commands, several, way, before=lambda: time.sleep(0.7)) == [3]
    assert answered(several) == [[2]] * 3


def test_who_is_called_to_lead_just_as_they_leave_hands_on_the_lead(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST_WAIT", 0.1)
    group_commit = commands._line
    leave, called = group_commit._leave, list[object]()

    def called_first(place: Any) -> bool:
        if not called:
            called.append(place)
            group_commit._hand_on()
        return leave(place)

    monkeypatch.setattr(group_commit, "_leave", called_first)
    group_commit._led = True
    with pytest.raises(CannotReach):
        commands.record("P0", seen(), ANN)

    assert called
    assert commands.record("P0", seen(), ANN).number == 2


def test_a_command_that_comes_up_too_late_is_not_started(
    commands: Commands, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock has run out, but whoever waits was not quick enough to leave the line."""
    several = [Command("P0", seen()), Command("P1", seen())]
    monkeypatch.setattr(
        command.Command, "waited_too_long", property(lambda each: "P0" in each.plans)
    )

    assert share_a_commit(commands, several, way) == [1]
    assert answered(several) == [CannotReach, [2]]


def test_a_caller_who_leaves_is_not_recorded_unless_it_was_begun(commands: Commands) -> None:
    appends = Appends(commands)

    async def leave() -> Sequence[object]:
        begun = asyncio.create_task(commands.carry_out_soon([NewEvent("P0", seen())], ANN))
        while not appends.begun.is_set():
            await asyncio.sleep(0.001)
        waits = asyncio.create_task(commands.carry_out_soon([NewEvent("P1", seen())], ANN))
        stays = asyncio.create_task(commands.carry_out_soon([NewEvent("P2", seen())], ANN))
        while len(commands._line._places) < 2:
            await asyncio.sleep(0.001)
        begun.cancel()
        waits.cancel()
        await asyncio.sleep(0)
        appends.go.set()
        return await asyncio.gather(begun, waits, stays, return_exceptions=True)

    gone, gone_too, stayed = asyncio.run(leave())

    assert isinstance(gone, asyncio.CancelledError)
    assert isinstance(gone_too, asyncio.CancelledError)
    assert isinstance(stayed, Receipt)
    assert [len(commands.entries(f"P{n}")) for n in range(3)] == [2, 1, 2]


def test_an_import_takes_its_turn_alone(commands: Commands, way: Way) -> None:
    """What waits before an import is recorded before it, and what comes after waits for it."""
    before, several = Command("P0", seen()), [Command("P0", seen()), Command("P1", seen())]
    imported = Thread(target=commands.take_in, args=([entry("P0", 3, agreed("A1"))],))

    def import_between(commands: Commands, several: Any, go: Callable[[], object]) -> None:
        def after() -> None:
            imported.start()
            wait_until(lambda: len(commands._line._places) == 2)
            way(commands, several, go)

        in_threads(commands, [before], after)

    sizes = share_a_commit(commands, several, import_between)

    imported.join(LONG_ENOUGH)
    assert sizes == [1, 1, 2]
    assert answered([before, *several]) == [[2], [4], [2]]


def test_a_leader_who_is_interrupted_leaves_nobody_waiting(commands: Commands, way: Way) -> None:
    class Interrupted(BaseException):
        """Somebody pressed Ctrl-C."""

    several = [Command("P0", seen()), Command("P1", seen())]

    def interrupt() -> None:
        raise Interrupted

    share_a_commit(commands, several, way, before=interrupt)

    leader = Interrupted if way is in_threads else CannotReach
    assert answered(several) == [leader, CannotReach]
    assert len(commands.entries("P0")) == len(commands.entries("P1")) == 1
    assert commands.record("P0", seen(), ANN).number == 2


def test_listeners_are_told_of_every_commit(commands: Commands, way: Way) -> None:
    told: list[int] = []
    commands.after_commit.append(told.append)
    several = [Command("P0", seen()), Command("P0", reviewed("A9")), Command("P1", seen())]

    share_a_commit(commands, several, way)
    wait_until(lambda: len(told) == 3)

    record = commands._record
    held = [record.position_of(HELD, 1), record.position_of(HELD, 2)]
    assert sorted(told) == [*held, record.last_position()]
    commands.take_in([entry("P2", 2, seen())])
    assert told[3:] == [record.last_position()]
    with pytest.raises(NotOnThisPlan):
        commands.record("P0", reviewed("A9"), ANN)
    assert len(told) == 4


def test_a_listener_who_fails_harms_nobody(commands: Commands) -> None:
    told: list[int] = []

    def fails(_: int) -> None:
        raise RuntimeError

    commands.after_commit += [fails, told.append]

    assert commands.record("P0", seen(), ANN).number == 2
    assert told == [commands._record.last_position()]


def test_a_listener_may_hold_what_a_writer_holds(commands: Commands) -> None:
    """No listener is called under the lead: it may wait for somebody who waits in line."""
    lock, holds, told = RLock(), Event(), list[int]()

    def listener(position: int) -> None:
        with lock:
            told.append(position)

    def hold_and_record() -> None:
        with lock:
            holds.set()
            wait_until(lambda: len(commands.entries("P0")) > 1)
            commands.record("P1", seen(), ANN)

    commands.after_commit.append(listener)
    other = Thread(target=hold_and_record)
    other.start()
    assert holds.wait(LONG_ENOUGH)
    started = time.monotonic()
    asyncio.run(commands.carry_out_soon([NewEvent("P0", seen())], ANN))
    other.join(LONG_ENOUGH)

    assert time.monotonic() - started < 1
    wait_until(lambda: len(told) == 2)


def test_a_hung_writer_holds_nobody_up_for_long_however_many_wait(
    commands: Commands, url: str
) -> None:
    several = [Command(f"P{n % 4}", seen()) for n in range(16)]
    spent: list[float] = []

    def in_a_thread(mine: Command) -> None:
        started = time.monotonic()
        mine.carry_out(commands)
        spent.append(time.monotonic() - started)

    async def in_the_loop(mine: Command) -> None:
        started = time.monotonic()
        await mine.carry_out_soon(commands)
        spent.append(time.monotonic() - started)

    async def all_in_the_loop() -> None:
        await asyncio.gather(*map(in_the_loop, several[8:]))

    with hung_writer(url):
        threads = [Thread(target=in_a_thread, args=(each,)) for each in several[:8]]
        for thread in threads:
            thread.start()
        time.sleep(0.7)
        asyncio.run(all_in_the_loop())
        for thread in threads:
            thread.join(LONG_ENOUGH)

    assert answered(several) == [CannotReach] * 16
    assert len(spent) == 16
    assert max(spent) < 5
    assert commands.record("P0", seen(), ANN).number == 2
    assert [len(commands.entries(f"P{n}")) for n in range(4)] == [2, 1, 1, 1]


def test_what_was_repeated_is_known_by_its_answer(commands: Commands) -> None:
    said = [NewEvent("P0", seen()), NewEvent("P1", seen()), NewEvent("P0", seen())]

    first = commands.carry_out(said, ANN, command_id="m")
    again = asyncio.run(commands.carry_out_soon(said, ANN, command_id="m"))

    assert [(each.plan, each.number) for each in first.entries] == [("P0", 2), ("P1", 2), ("P0", 3)]
    assert first.position == commands._record.last_position()
    assert (first.repeated, again.repeated) == (False, True)
    assert again == first._replace(repeated=True)


def test_a_command_says_something(commands: Commands) -> None:
    with pytest.raises(ValueError, match="at least one"):
        commands.carry_out([], ANN)
    assert commands.record_together([], ANN) == []
