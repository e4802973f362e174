"""What the tracker promises those who record, also when others record at the same time."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from plantrack.application.commands import Commands, command, plan_cache
from plantrack.domain.events import ActionReviewed, Corrected, Retracted
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import (
    AlreadyOnThisPlan,
    AlreadyOpened,
    CommandReused,
    NoSuchPlan,
    NotOnThisPlan,
    PlanHasEnded,
    PlansOverlap,
    Refusal,
    StaleVersion,
)
from plantrack.domain.words import Difference, Disposition, DispositionKind
from plantrack.record import CannotReach, Record, open_record
from record.plans import (
    ANN,
    NOW,
    agreed,
    closed,
    entry,
    opened_cin,
    opened_cp,
    reviewed,
    seen,
    stepped_up,
)

END = date(2020, 5, 20)
CARRIED = {"A1": Disposition(disposition=DispositionKind.CARRIED, reason="not done yet")}


@pytest.fixture
def another(url: str) -> Iterator[Callable[[], Commands]]:
    """Makes trackers that share nothing but the database, as two processes do."""
    with ExitStack() as stack:
        yield lambda: Commands(stack.enter_context(closing(open_record(url))))


@pytest.fixture
def commands(another: Callable[[], Commands]) -> Commands:
    return another()


@pytest.fixture
def other(another: Callable[[], Commands]) -> Commands:
    return another()


def record_of(commands: Commands) -> Record:
    return commands._record


def just_before_appending(commands: Commands, do: Callable[[], object]) -> None:
    """Let something happen between a tracker's next check and its append."""
    record: Any = record_of(commands)
    append = record.append

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        record.append = append
        do()
        return append(*args, **kwargs)

    record.append = interrupted


def test_what_is_recorded_is_numbered_dated_and_kept(commands: Commands) -> None:
    first = commands.record("P1", opened_cin(), ANN)
    second = commands.record("P1", agreed(), ANN)

    assert [first.number, second.number] == [1, 2]
    assert first.recorded_at <= second.recorded_at
    assert second.recorded_at.utcoffset() == timedelta(0)
    assert commands.entries("P1") == [first, second]
    assert commands.plans() == ["P1"]


def test_a_refused_event_leaves_nothing(commands: Commands) -> None:
    opened = commands.record("P1", opened_cin(), ANN)

    with pytest.raises(NotOnThisPlan):
        commands.record("P1", reviewed("A9"), ANN)
    with pytest.raises(NoSuchPlan):
        commands.record("P2", seen(), ANN)

    assert commands.entries("P1") == [opened]
    assert commands.record("P1", seen(), ANN).number == 2


def test_several_plans_are_recorded_together_or_not_at_all(commands: Commands) -> None:
    opened = commands.record("P1", opened_cin(), ANN)

    with pytest.raises(NotOnThisPlan):
        commands.record_together([("P1", seen()), ("P2", opened_cp()), ("P1", reviewed())], ANN)
    assert commands.entries("P1") == [opened]
    assert commands.plans() == ["P1"]

    together = commands.record_together([("P1", seen()), ("P2", opened_cp()), ("P1", seen())], ANN)
    assert [(each.plan, each.number) for each in together] == [("P1", 2), ("P2", 1), ("P1", 3)]
    assert commands.entries("P1") + commands.entries("P2") == [
        opened,
        together[0],
        together[2],
        together[1],
    ]


def test_time_does_not_run_backwards_on_a_plan(url: str) -> None:
    times = iter([NOW, NOW - timedelta(hours=3), NOW - timedelta(hours=2)])
    with closing(open_record(url)) as record:
        commands = Commands(record, now=lambda: next(times))
        commands.record("P1", opened_cin(), ANN)
        commands.record("P1", seen(), ANN)
        again = Commands(record, now=lambda: next(times))
        again.record("P1", seen(), ANN)

        assert [each.recorded_at for each in record.entries("P1")] == [NOW] * 3


def test_who_has_not_read_the_last_entry_is_told(commands: Commands) -> None:
    commands.record("P1", opened_cin(), ANN)
    commands.record("P1", seen(), ANN, last_read=1)

    with pytest.raises(StaleVersion) as stale:
        commands.record("P1", seen(), ANN, last_read=1)

    assert stale.value.now == 2
    assert commands.record("P1", seen(), ANN, last_read=2).number == 3


def test_fifty_writers_who_read_the_same_entry_record_one(another: Callable[[], Commands]) -> None:
    trackers = [another(), another()]
    trackers[0].record("P1", opened_cin(), ANN)
    ready, answers = Barrier(50), list[object]()

    def write(commands: Commands) -> None:
        ready.wait()
        try:
            answers.append(commands.record("P1", seen(), ANN, last_read=1))
        except StaleVersion as stale:
            answers.append(stale)

    writers = [Thread(target=write, args=(trackers[n % 2],)) for n in range(50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    recorded = [each for each in answers if isinstance(each, Entry)]
    refused = [each for each in answers if isinstance(each, StaleVersion)]
    assert trackers[0].entries("P1")[1:] == recorded
    assert (len(recorded), len(refused)) == (1, 49)
    assert {each.now for each in refused} == {2}


def test_a_tracker_sees_what_another_recorded(commands: Commands, other: Commands) -> None:
    commands.record("P1", opened_cin(), ANN)
    other.record("P1", agreed(), ANN)

    assert commands.record("P1", reviewed(), ANN).number == 3
    other.record("P1", seen(), ANN, last_read=3)
    assert commands.record("P1", seen(), ANN, last_read=4).number == 5
    with pytest.raises(AlreadyOnThisPlan):
        other.record("P1", agreed(), ANN)


def test_who_lost_a_race_is_checked_again_on_what_won(commands: Commands, other: Commands) -> None:
    commands.record("P1", opened_cin(), ANN)
    just_before_appending(commands, lambda: other.record("P1", agreed(), ANN))
    with pytest.raises(AlreadyOnThisPlan):
        commands.record("P1", agreed(), ANN)

    just_before_appending(commands, lambda: other.record("P1", seen(), ANN))
    assert commands.record("P1", seen(), ANN).number == 4

    just_before_appending(commands, lambda: other.record("P1", seen(), ANN))
    with pytest.raises(StaleVersion):
        commands.record("P1", seen(), ANN, last_read=4)
    assert len(commands.entries("P1")) == 5


def test_of_two_who_open_a_plan_for_one_child_one_wins(commands: Commands, other: Commands) -> None:
    just_before_appending(commands, lambda: other.record("P2", opened_cp("C1"), ANN))

    with pytest.raises(PlansOverlap):
        commands.record("P1", opened_cp("C1"), ANN)

    assert commands.plans() == ["P2"]


def ended_then(commands: Commands) -> None:
    """One child's plan has ended, and another one too."""
    commands.record("P1", opened_cin("C1"), ANN)
    commands.record("P1", closed(END), ANN)


@pytest.mark.parametrize(
    "reopens",
    [
        Retracted(on=END, entry=2, reason="not ended after all"),
        Corrected(on=END, entry=2, fields={"on": "2020-05-30"}, reason="ended later"),
    ],
)
def test_a_plan_is_not_reopened_while_another_is_opened(
    commands: Commands, other: Commands, reopens: Any
) -> None:
    ended_then(commands)
    just_before_appending(commands, lambda: other.record("P1", reopens, ANN))

    with pytest.raises(PlansOverlap):
        commands.record("P2", opened_cp("C1", on=END), ANN)

    assert commands.plans() == ["P1"]


def test_a_plan_is_not_opened_while_another_is_reopened(
    commands: Commands, other: Commands
) -> None:
    ended_then(commands)
    just_before_appending(commands, lambda: other.record("P2", opened_cp("C1", on=END), ANN))

    with pytest.raises(PlansOverlap):
        commands.record("P1", Retracted(on=END, entry=2, reason="not ended after all"), ANN)

    assert len(commands.entries("P1")) == 2


def test_an_old_look_at_the_childs_other_plan_does_not_count(
    commands: Commands, other: Commands
) -> None:
    commands.record("P1", opened_cin("C1"), ANN)
    other.record("P1", closed(END), ANN)
    assert commands.record("P2", opened_cp("C1", on=END), ANN).number == 1

    commands.record("P2", closed_cp := Retracted(on=END, entry=1, reason="wrong child"), ANN)
    other.record("P1", Retracted(on=END, entry=2, reason="goes on"), ANN)
    with pytest.raises(PlansOverlap):
        commands.record("P3", opened_cp("C1", on=END), ANN)
    assert closed_cp in record_of(commands).events_of("P2")


def test_a_successor_inherits_also_where_nothing_is_at_hand(
    commands: Commands, other: Commands, another: Callable[[], Commands]
) -> None:
    commands.record_together([("P1", opened_cin("C1")), ("P1", agreed())], ANN)
    commands.record("P1", stepped_up("P2", END, open_actions=CARRIED), ANN)
    other.record("P2", opened_cp("C1", on=END), ANN)
    later = ActionReviewed(on=END, action="A1", difference=Difference.NONE)

    numbers = [each.record("P2", later, ANN).number for each in (other, commands, another())]

    assert numbers == [2, 3, 4]


def test_a_step_that_failed_binds_nobody(commands: Commands) -> None:
    commands.record("P1", opened_cin("C1"), ANN)
    with pytest.raises(NoSuchPlan):
        commands.record_together([("P1", stepped_up("P2", END)), ("P9", seen())], ANN)

    assert commands.record("P2", opened_cin("C5"), ANN).number == 1


def test_a_command_is_carried_out_once(commands: Commands, other: Commands) -> None:
    opened = commands.record("P1", opened_cin(), ANN, command_id="a")
    visit = seen()
    first = commands.record("P1", visit, ANN, last_read=1, command_id="b")
    action = commands.record("P1", agreed(), ANN, command_id="c")

    for who in (commands, other):
        assert who.record("P1", opened.event, ANN, command_id="a") == opened
        assert who.record("P1", visit, ANN, last_read=1, command_id="b") == first
        assert who.record("P1", action.event, ANN, command_id="c") == action
        assert who.record("P1", visit, ANN, command_id="b") == first
        for event in (seen(), reviewed("A9")):
            with pytest.raises(CommandReused):
                who.record("P1", event, ANN, command_id="b")
    assert commands.entries("P1") == [opened, first, action]


def test_a_command_on_several_plans_is_carried_out_once(commands: Commands) -> None:
    events = [("P1", opened_cin("C1")), ("P2", opened_cp("C2")), ("P1", seen())]

    first = commands.record_together(events, ANN, command_id="m")

    assert commands.record_together(events, ANN, command_id="m") == first
    with pytest.raises(CommandReused):
        commands.record_together(events[:2], ANN, command_id="m")
    assert len(commands.entries("P1")) == 2


def history(plan: str, child: str) -> list[Entry]:
    events = (opened_cin(child), seen(), closed(END))
    return [
        Entry(plan, number, NOW - timedelta(days=9 - number), ANN, event)
        for number, event in enumerate(events, 1)
    ]


def test_an_import_is_taken_in_whole_and_never_passes_for_present_record(
    commands: Commands,
) -> None:
    said = [*history("P1", "C1"), *history("P2", "C2")]

    taken = commands.take_in(said)

    assert commands.entries("P1") + commands.entries("P2") == taken
    assert [each.originally_recorded_at for each in taken] == [each.recorded_at for each in said]
    assert min(each.recorded_at for each in taken) > max(each.recorded_at for each in said)
    assert record_of(commands).plans_of("C2") == ["P2"]
    with pytest.raises(PlanHasEnded):
        commands.record(
            "P1", seen("later").__class__(**{**vars(seen()), "on": date(2020, 5, 30)}), ANN
        )


def test_an_import_that_no_longer_fits_is_refused_whole(commands: Commands) -> None:
    commands.record("P2", opened_cin("C2"), ANN)

    for plan_2, why in [
        (history("P2", "C2"), AlreadyOpened),
        ([entry("P2", 3, seen())], StaleVersion),
        ([entry("P2", 2, reviewed())], NotOnThisPlan),
    ]:
        with pytest.raises(why):
            commands.take_in([*history("P1", "C1"), *plan_2])
        assert commands.plans() == ["P2"]

    assert [each.number for each in commands.take_in([entry("P2", 2, seen())])] == [2]
    assert commands.record("P2", seen(), ANN).number == 3


def test_an_import_is_checked_again_on_what_others_wrote(
    commands: Commands, other: Commands
) -> None:
    just_before_appending(commands, lambda: other.record("P2", opened_cp("C1"), ANN))

    with pytest.raises(PlansOverlap):
        commands.take_in([entry("P1", 1, opened_cp("C1"))])

    assert commands.plans() == ["P2"]


def test_few_plans_are_kept_at_hand(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_cache, "MOST_PLANS_AT_HAND", 3)
    for n in range(9):
        commands.record(f"P{n}", opened_cin(f"C{n}"), ANN)
        assert len(commands._writer._at_hand.book.plans) <= 4

    with pytest.raises(AlreadyOpened):
        commands.record("P0", opened_cin("C0"), ANN)


def test_who_waits_too_long_for_a_turn_is_told(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "LONGEST_WAIT", 0.05)

    with commands._line.alone(), pytest.raises(CannotReach, match="Try again"):
        commands.record("P1", opened_cin(), ANN)


def test_a_refusal_is_worded_for_a_person(commands: Commands) -> None:
    commands.record("P1", opened_cin(), ANN)
    with pytest.raises(Refusal) as refused:
        commands.record("P1", seen(), ANN, last_read=7)
    assert str(refused.value).startswith("You had read plan P1 to entry 7; it is now at entry 1.")


def test_checking_and_appending_does_not_read_the_plan_again(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.record("P1", opened_cin(), ANN)
    recorder: Any = record_of(commands).recorder
    reads: list[str] = []
    read = recorder.read

    def counted(sql: str, values: Any = ()) -> Any:
        reads.append(sql)
        return read(sql, values)

    monkeypatch.setattr(recorder, "read", counted)
    for _ in range(5):
        commands.record("P1", seen(), ANN)

    assert reads == []
    assert len(commands.entries("P1")) == 6
