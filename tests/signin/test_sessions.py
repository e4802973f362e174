"""Sessions live on the server, end when they should, and their cookies stand nowhere."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from plantrack.authentication.sessions import Sessions
from plantrack.authentication.store import Store
from plantrack.authentication.tables import ATTEMPTS, KEYS, SESSIONS
from signin.flows import NOW
from signin.people import ABSOLUTE, ADA, BEN, IDLE, INSTANT, Clock, attempt, rows, start


def test_a_session_says_who_is_signed_in(sessions: Sessions) -> None:
    ada = sessions.start("Ada", ADA, "chair", auth_time=NOW, mfa=True)
    ben = sessions.start("Ben", BEN, "inspector", auth_time=NOW, mfa=False)
    assert sessions.choose_role(ben, "inspector", "inspection 7")

    hers, his = sessions.find(ada), sessions.find(ben)

    assert hers
    assert his
    assert (hers.person, hers.role, hers.identity, hers.mfa, hers.purpose) == (
        *("Ada", "chair", ADA, True, None),
    )
    assert (his.person, his.role, his.identity, his.mfa, his.purpose) == (
        *("Ben", "inspector", BEN, False, "inspection 7"),
    )
    assert hers.auth_time == hers.started_at == hers.seen_at == NOW


@pytest.mark.parametrize("cookie", ["", "another", "é\udc80", "x" * 10_000])
def test_a_cookie_that_was_not_given_is_nobodys(sessions: Sessions, cookie: str) -> None:
    start(sessions)

    assert sessions.find(cookie) is None
    assert sessions.renew(cookie, auth_time=NOW) is None
    assert not sessions.choose_role(cookie, "chair")
    sessions.end(cookie)
    assert sessions.sessions_of("Ada")


def test_cookies_are_long_and_different_and_only_their_hash_is_kept(
    sessions: Sessions, store: Store
) -> None:
    cookies = {start(sessions) for _ in range(5)}
    handles = {sessions.begin_attempt(attempt()) for _ in range(5)}
    [ben] = {start(sessions, "Ben", BEN)}
    new = sessions.renew(ben, auth_time=NOW)

    kept = f"{rows(store, SESSIONS)}{rows(store, ATTEMPTS)}"

    assert len(cookies | handles) == 10
    assert new
    assert all(len(each) >= 43 for each in cookies | handles | {new})
    assert not [each for each in cookies | handles | {ben, new} if each in kept]


def test_an_idle_session_ends_after_half_an_hour(sessions: Sessions, clock: Clock) -> None:
    cookie = start(sessions)

    clock.go(IDLE - INSTANT)
    assert sessions.find(cookie)
    clock.go(IDLE - INSTANT)
    assert sessions.find(cookie)
    clock.go(IDLE)
    assert sessions.find(cookie) is None
    assert not sessions.choose_role(cookie, "inspector")
    assert sessions.renew(cookie, auth_time=clock.now) is None
    assert sessions.sessions_of("Ada") == []


def test_a_session_in_use_ends_after_ten_hours(sessions: Sessions, clock: Clock) -> None:
    cookie = start(sessions)
    while clock.now < NOW + ABSOLUTE - IDLE:
        clock.go(IDLE - INSTANT)
        assert sessions.find(cookie)

    clock.now = NOW + ABSOLUTE - INSTANT
    renewed = sessions.renew(cookie, auth_time=clock.now)
    assert renewed
    assert sessions.find(renewed)
    clock.now = NOW + ABSOLUTE
    assert sessions.find(renewed) is None


def test_limits_can_be_set(kept_at: str, clock: Clock) -> None:
    sessions = Sessions(
        kept_at, now=clock, idle=timedelta(minutes=1), absolute=timedelta(minutes=1)
    )
    cookie = start(sessions)

    clock.go(timedelta(minutes=1) - INSTANT)
    assert sessions.find(cookie)
    clock.go(INSTANT)
    assert sessions.find(cookie) is None
    sessions.close()


def test_that_a_session_is_in_use_is_noted_once_a_minute(sessions: Sessions, clock: Clock) -> None:
    cookie = start(sessions)

    def seen_at() -> datetime:
        assert sessions.find(cookie)
        [session] = sessions.sessions_of("Ada")
        return session.seen_at

    clock.go(timedelta(minutes=1) - INSTANT)
    assert seen_at() == NOW
    clock.go(INSTANT)
    assert seen_at() == clock.now


def test_proving_oneself_again_gives_a_new_cookie_and_kills_the_old(
    sessions: Sessions, clock: Clock
) -> None:
    old, other = start(sessions), start(sessions)
    clock.go(timedelta(minutes=5))

    new = sessions.renew(old, auth_time=clock.now)

    assert new
    found = sessions.find(new)
    assert found
    assert (found.person, found.auth_time, found.started_at) == ("Ada", clock.now, NOW)
    assert sessions.find(old) is None
    assert sessions.renew(old, auth_time=clock.now) is None
    assert sessions.find(other)


def test_a_session_is_in_one_role_at_a_time(sessions: Sessions) -> None:
    one, two = start(sessions), start(sessions)

    assert sessions.choose_role(one, "inspector")

    roles = [found.role for each in (one, two) if (found := sessions.find(each))]
    assert roles == ["inspector", "chair"]


def test_signing_out_ends_one_session(sessions: Sessions) -> None:
    one, two = start(sessions), start(sessions)

    sessions.end(one)

    assert sessions.find(one) is None
    assert sessions.find(two)


def test_a_person_can_be_signed_out_everywhere(sessions: Sessions, clock: Clock) -> None:
    adas = [start(sessions), start(sessions)]
    bens = start(sessions, "Ben", BEN)
    clock.go(timedelta(minutes=1))
    adas.append(start(sessions))

    listed = sessions.sessions_of("Ada")
    assert [each.started_at for each in listed] == [clock.now, NOW, NOW]
    assert sessions.end_all_of("Ada") == 3

    assert [sessions.find(each) for each in adas] == [None, None, None]
    assert sessions.sessions_of("Ada") == []
    assert sessions.find(bens)


def test_processes_that_start_together_share_one_key(store: Store, kept_at: str) -> None:
    with store.writing() as connection:
        connection.execute(delete(KEYS))
    everybody = [Sessions(kept_at) for _ in range(8)]
    try:
        with ThreadPoolExecutor(8) as threads:
            keys = set(threads.map(lambda each: each.key("positions"), everybody))
        assert len(keys) == 1
        assert everybody[0].key("another") not in keys
    finally:
        for each in everybody:
            each.close()
