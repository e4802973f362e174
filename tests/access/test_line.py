"""Notes that wait together are written together, and fail for their own faults only."""

from collections.abc import Callable, Sequence
from threading import Event, Thread

import pytest

from plantrack.access_log.group_commit import GroupCommit, NotNow, NotThese
from record.waiting import LONG_ENOUGH, wait_until

SPOILED = "spoiled"


class Writer:
    """Holds the first write open until it is let go, and refuses rows that are spoiled."""

    def __init__(self) -> None:
        self.writes: list[list[str]] = []
        self.begun, self.go = Event(), Event()
        self.locked = False

    def __call__(self, rows: Sequence[str]) -> None:
        self.writes.append(list(rows))
        if len(self.writes) == 1:
            self.begun.set()
            assert self.go.wait(LONG_ENOUGH)
        if self.locked:
            raise NotNow
        if SPOILED in rows:
            raise NotThese


def behind_a_held_write(
    writer: Writer, asked: Sequence[str], before: Callable[[], None] = lambda: None
) -> dict[str, bool]:
    """Write "first", which is held open; have others wait behind it, and let go."""
    line = GroupCommit(writer)
    written: dict[str, bool] = {}

    def write(row: str) -> None:
        written[row] = line.write([row])

    threads = [Thread(target=write, args=(row,)) for row in ("first", *asked)]
    threads[0].start()
    assert writer.begun.wait(LONG_ENOUGH)
    for n, thread in enumerate(threads[1:], 1):
        thread.start()
        wait_until(lambda n=n: len(line._places) >= n)  # type: ignore[misc]  # n as it is now
    before()
    writer.go.set()
    for thread in threads:
        thread.join(LONG_ENOUGH)
        assert not thread.is_alive()
    return written


def test_those_who_wait_share_a_write_in_their_order() -> None:
    writer = Writer()

    assert all(behind_a_held_write(writer, ["a", "b", "c"]).values())
    assert writer.writes == [["first"], ["a", "b", "c"]]


def test_the_rows_of_one_are_not_lost_by_those_of_another() -> None:
    writer = Writer()
    written = behind_a_held_write(writer, ["a", SPOILED, "c"])

    assert written == {"first": True, "a": True, SPOILED: False, "c": True}
    assert writer.writes[2:] == [["a"], [SPOILED], ["c"]]


def test_who_waits_behind_a_write_that_cannot_be_made_need_not_try() -> None:
    writer = Writer()

    def lock() -> None:
        writer.locked = True

    written = behind_a_held_write(writer, ["a", "b"], before=lock)

    assert written == {"first": False, "a": False, "b": False}
    assert writer.writes == [["first"]]


def test_a_line_goes_on_after_an_error_of_its_own() -> None:
    rows_written: list[str] = []

    def write(rows: Sequence[str]) -> None:
        if SPOILED in rows:
            raise RuntimeError
        rows_written.extend(rows)

    line = GroupCommit(write)
    with pytest.raises(RuntimeError):
        line.write([SPOILED])

    assert line.write(["next"])
    assert rows_written == ["next"]
