"""A sign-in that was begun is taken once, whoever else is there, and what is over is swept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from plantrack.authentication.oidc import Attempt
from plantrack.authentication.sessions import Sessions
from plantrack.authentication.store import Store
from plantrack.authentication.tables import ATTEMPTS, SESSIONS
from signin.flows import NOW
from signin.people import (
    ATTEMPT_LASTS,
    BEN,
    IDLE,
    INSTANT,
    Clock,
    attempt,
    rows,
    start,
)


def test_an_attempt_is_taken_once_and_as_it_was_kept(sessions: Sessions) -> None:
    council = sessions.begin_attempt(attempt("council"))
    police = sessions.begin_attempt(attempt("police"))

    assert sessions.take_attempt(police) == attempt("police")
    assert sessions.take_attempt(police) is None
    assert sessions.take_attempt(council) == attempt("council")
    assert sessions.take_attempt("another") is None


@pytest.mark.parametrize(("after", "there"), [(-INSTANT, True), (timedelta(), False)])
def test_an_attempt_lasts_ten_minutes(
    sessions: Sessions, clock: Clock, after: timedelta, there: bool
) -> None:
    handle = sessions.begin_attempt(attempt())

    clock.go(ATTEMPT_LASTS + after)

    assert (sessions.take_attempt(handle) is not None) == there


def test_of_two_who_take_an_attempt_at_once_one_gets_it(sessions: Sessions) -> None:
    for _ in range(10):
        handle = sessions.begin_attempt(attempt())
        together = Barrier(2)

        def take(_: int, handle: str = handle, together: Barrier = together) -> Attempt | None:
            together.wait()
            return sessions.take_attempt(handle)

        with ThreadPoolExecutor(2) as two:
            taken = list(two.map(take, range(2)))

        assert sorted(each is None for each in taken) == [False, True]


def test_of_two_who_renew_at_once_one_gets_a_cookie(sessions: Sessions) -> None:
    for _ in range(10):
        cookie = start(sessions)
        together = Barrier(2)

        def renew(_: int, cookie: str = cookie, together: Barrier = together) -> str | None:
            together.wait()
            return sessions.renew(cookie, auth_time=NOW)

        with ThreadPoolExecutor(2) as two:
            renewed = list(two.map(renew, range(2)))

        assert sorted(each is None for each in renewed) == [False, True]


def test_many_threads_use_sessions_at_once(sessions: Sessions, clock: Clock) -> None:
    cookies = [start(sessions, f"person {n}") for n in range(8)]
    clock.go(timedelta(minutes=2))

    with ThreadPoolExecutor(8) as eight:
        found = list(eight.map(sessions.find, cookies * 4))

    assert [each.person for each in found if each] == [f"person {n}" for n in range(8)] * 4


def test_what_is_over_is_swept(sessions: Sessions, store: Store, clock: Clock) -> None:
    def left() -> list[int]:
        return [len(rows(store, SESSIONS)), len(rows(store, ATTEMPTS))]

    start(sessions)
    sessions.begin_attempt(attempt())
    clock.go(ATTEMPT_LASTS - INSTANT)
    assert sessions.sweep() == 0
    clock.go(INSTANT)
    assert sessions.sweep() == 1
    alive = start(sessions, "Ben", BEN)
    clock.go(IDLE - ATTEMPT_LASTS - INSTANT)
    assert sessions.sweep() == 0
    assert left() == [2, 0]
    clock.go(INSTANT)
    assert sessions.sweep() == 1
    assert left() == [1, 0]
    assert sessions.find(alive)
    clock.go(IDLE)
    sessions.begin_attempt(attempt(begun_at=clock.now))
    assert left() == [0, 1]
