"""Who does something too often is asked to wait, exactly as long as needed, and nobody else is."""

import asyncio
from typing import Annotated, get_args

import pytest
from fastapi import Depends, FastAPI, Header, Request
from httpx import ASGITransport, AsyncClient, Response
from starlette.middleware import Middleware

from api.test_problems import told
from plantrack.web.cross_site import OwnHosts, OwnSite
from plantrack.web.headers import SafeHeaders
from plantrack.web.limits import HeaderLimit, LastResort, Observed
from plantrack.web.problems import tell_problems
from plantrack.web.rates import Rates, Tries, What, limited
from plantrack.web.settings import Rate, Settings, nobody

ANN, BEN = "csc ann", "school ben"
PERSONAL: list[tuple[What, int, int]] = [
    ("search", 60, 60),
    ("export", 5, 3600),
    ("break_glass", 3, 3600),
]
KEPT = 10_000


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


FEW = Settings(sign_in_rate=Rate(10, 300), sign_in_rate_of_all=Rate(100, 300))
"""Fewer sign-ins than an office needs, so that a test comes to the end of them."""


class Place:
    """A small application behind the real guards, with a route for each thing that is limited."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.clock = Clock()
        self.settings = settings or FEW
        self.app = FastAPI(middleware=guards(self.settings))
        tell_problems(self.app)
        self.app.state.settings = self.settings
        self.app.state.rates = self.rates = Rates(self.settings, self.clock)
        for what in get_args(What):
            self.app.get(f"/{what}", dependencies=[Depends(signed_in), Depends(limited(what))])(ok)

    def ask(
        self, what: What, person: str | None = ANN, at: str = "192.0.2.1", **headers: str
    ) -> Response:
        """Do something as a person, from an address."""
        sent = headers | ({"x-as": person} if person else {})

        async def get() -> Response:
            transport = ASGITransport(self.app, client=(at, 50_000))
            async with AsyncClient(transport=transport, base_url="http://plantrack") as client:
                return await client.get(f"/{what}", headers=sent)

        return asyncio.run(get())

    def many(self, times: int, what: What, person: str | None = ANN, at: str = "192.0.2.1") -> None:
        """Do something some times, each of them in time."""
        for _ in range(times):
            assert self.ask(what, person, at).status_code == 200


def guards(settings: Settings) -> list[Middleware]:
    return [
        Middleware(SafeHeaders, https=False),
        Middleware(Observed, observer=nobody),
        Middleware(LastResort),
        Middleware(HeaderLimit, settings=settings),
        Middleware(OwnHosts, hosts=settings.hosts),
        Middleware(OwnSite, origin=settings.public_origin, https=False),
    ]


async def signed_in(request: Request, x_as: Annotated[str | None, Header()] = None) -> None:
    if x_as:
        request.state.person_key = x_as


async def ok() -> str:
    return "ok"


def test_the_rates_are_those_that_were_agreed() -> None:
    settings = Settings()

    assert (settings.sign_in_rate, settings.sign_in_rate_of_all) == (
        Rate(30, 300),
        Rate(3_000, 300),
    )
    assert (settings.search_rate, settings.export_rate) == (Rate(60, 60), Rate(5, 3600))
    assert settings.break_glass_rate == Rate(3, 3600)


@pytest.mark.parametrize(("what", "most", "seconds"), PERSONAL)
def test_one_more_than_is_allowed_must_wait(what: What, most: int, seconds: int) -> None:
    here = Place()
    here.many(most, what)
    here.clock.now += seconds - 0.25

    answer = here.ask(what)

    said = told(answer, 429)
    assert answer.headers["retry-after"] == "1"
    assert f"at most {most} times in " in said["detail"]
    assert said["detail"].endswith("Try again in 1 second.")
    assert answer.headers["x-request-id"]
    here.clock.now += 0.25
    here.many(most, what)
    assert told(here.ask(what), 429)["detail"].endswith(f"Try again in {seconds} seconds.")


def test_the_wait_is_for_the_oldest_try_and_in_whole_seconds() -> None:
    here = Place(Settings(export_rate=Rate(4, 100)))
    here.many(1, "export")
    here.clock.now += 10.5
    here.many(3, "export")

    answer = here.ask("export")
    assert answer.headers["retry-after"] == "90", "89 would be too soon"
    here.clock.now += 89.5
    here.many(1, "export")
    assert here.ask("export").headers["retry-after"] == "11"


def test_waiting_as_long_as_told_is_enough() -> None:
    here = Place()
    for _ in range(5):
        here.many(1, "export")
        here.clock.now += 7.3
    here.clock.now += int(here.ask("export").headers["retry-after"])

    assert here.ask("export").status_code == 200


@pytest.mark.parametrize(("what", "most", "_"), PERSONAL)
def test_other_people_are_not_held_up(what: What, most: int, _: int) -> None:
    here = Place()
    here.many(most, what, ANN)

    told(here.ask(what, ANN), 429)
    here.many(most, what, BEN)
    told(here.ask(what, BEN), 429)
    here.many(most, what, None, "192.0.2.1")
    told(here.ask(what, None, "192.0.2.1"), 429)
    here.many(1, what, None, "192.0.2.2")


def test_a_person_is_the_same_at_every_address() -> None:
    here = Place()
    here.many(3, "break_glass", at="192.0.2.1")

    told(here.ask("break_glass", at="192.0.2.2"), 429)


def test_nobody_takes_the_place_of_an_address_by_being_called_like_it() -> None:
    here = Place()
    here.many(3, "break_glass", "192.0.2.1")

    here.many(3, "break_glass", None, "192.0.2.1")


def test_one_thing_does_not_count_for_another() -> None:
    here = Place()
    here.many(5, "export")

    told(here.ask("export"), 429)
    here.many(3, "break_glass")
    here.many(1, "search")


def test_what_was_refused_does_not_make_the_wait_longer() -> None:
    here = Place()
    here.many(5, "export")
    here.clock.now += 3599
    for _ in range(20):
        told(here.ask("export"), 429)
    here.clock.now += 1

    here.many(5, "export")


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-Forwarded-For", "198.51.100.7"), ("X-Real-IP", "198.51.100.7"), ("X-User", BEN)],
)
def test_claims_of_a_caller_do_not_give_new_tries(name: str, value: str) -> None:
    here = Place()
    here.many(10, "sign_in", None)
    here.many(3, "break_glass", ANN)

    told(here.ask("sign_in", None, **{name: value}), 429)
    told(here.ask("break_glass", ANN, **{name: value}), 429)


# Signing in ---------------------------------------------------------------------------------------


def test_an_address_signs_in_ten_times_in_five_minutes() -> None:
    here = Place()
    here.many(10, "sign_in", None, "192.0.2.1")

    said = told(here.ask("sign_in", None, "192.0.2.1"), 429)

    assert said["detail"] == (
        "From one address people may sign in at most 10 times in 5 minutes. "
        "Try again in 300 seconds."
    )
    here.many(10, "sign_in", None, "192.0.2.2")


def test_signing_in_goes_by_the_address_even_of_who_is_signed_in() -> None:
    here = Place()
    here.many(5, "sign_in", ANN)
    here.many(5, "sign_in", BEN)

    told(here.ask("sign_in", None), 429)


def test_refused_tries_to_sign_in_count_too() -> None:
    here = Place()
    here.many(10, "sign_in", None)
    here.clock.now += 299
    answer = here.ask("sign_in", None)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1", "nine of the latest ten are as old as the first"

    for _ in range(9):
        answer = here.ask("sign_in", None)
    assert answer.headers["retry-after"] == "300"
    here.clock.now += 299.9
    assert told(here.ask("sign_in", None), 429)


def test_all_together_sign_in_a_hundred_times_in_five_minutes() -> None:
    here = Place()
    for number in range(100):
        here.many(1, "sign_in", None, f"192.0.2.{number}")
        here.clock.now += 1

    answer = here.ask("sign_in", None, "198.51.100.1")

    assert "All together" in told(answer, 429)["detail"]
    assert answer.headers["retry-after"] == "200"
    here.clock.now += 199.5
    told(here.ask("sign_in", None, "198.51.100.2"), 429)
    here.clock.now += 0.5
    here.many(1, "sign_in", None, "198.51.100.3")
    told(here.ask("sign_in", None, "198.51.100.4"), 429)


def test_the_wait_is_long_enough_for_both_rates() -> None:
    here = Place()

    def come(first: int) -> list[object]:
        return [here.rates.count("sign_in", f"address {first + each}") for each in range(100)]

    come(0)
    here.clock.now += 299
    for _ in range(10):
        told(here.ask("sign_in", None), 429)
    here.clock.now += 1
    assert come(100) == [None] * 100
    here.clock.now += 1

    assert here.ask("sign_in", None).headers["retry-after"] == "299", "its own would be 298"


def test_one_address_cannot_use_up_what_all_have_together() -> None:
    here = Place()
    here.many(10, "sign_in", None, "192.0.2.1")
    for _ in range(200):
        assert here.ask("sign_in", None, "192.0.2.1").status_code == 429

    here.many(10, "sign_in", None, "192.0.2.2")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_one_connection_is_one_address(one: str, other: str, same: bool) -> None:
    here = Place()
    here.many(10, "sign_in", None, one)

    assert here.ask("sign_in", None, other).status_code == (429 if same else 200)


# Memory -------------------------------------------------------------------------------------------


def test_who_has_long_been_silent_is_forgotten() -> None:
    tries = Tries(Rate(2, 100), KEPT)
    for number in range(500):
        tries.count(f"person {number}", float(number))

    assert tries.remembered() == 100
    tries.count("person 1", 2000.0)
    assert tries.remembered() == 1


def test_who_still_counts_is_not_forgotten() -> None:
    tries = Tries(Rate(2, 100), KEPT)
    tries.count("ann", 0.0)
    tries.count("ben", 50.0)
    tries.count("ann", 60.0)

    tries.count("cas", 99.0)
    assert tries.wait("ann", 99.5) == 0.5
    tries.count("cas", 151.0)
    assert tries.remembered() == 2, "ben is forgotten, ann is not"


def test_of_too_many_the_longest_silent_is_forgotten() -> None:
    tries = Tries(Rate(1, 100), 3)
    for name in ("ann", "ben", "cas", "ann", "dee"):
        tries.count(name, 1.0)

    assert [name for name in ("ann", "ben", "cas", "dee") if tries.wait(name, 2.0)] == [
        "ann",
        "cas",
        "dee",
    ]


def test_a_flood_of_addresses_does_not_fill_the_memory() -> None:
    here = Place(Settings(most_remembered=50))

    for number in range(1000):
        here.rates.count("sign_in", f"address {number}")

    assert here.rates.limits["sign_in"].each.remembered() == 50


def test_an_application_without_counts_begins_them() -> None:
    here = Place()
    del here.app.state.rates

    here.many(3, "break_glass")
    told(here.ask("break_glass"), 429)


@pytest.mark.parametrize(("most", "seconds"), [(0, 60), (1, 0)])
def test_a_rate_that_allows_nothing_is_no_rate(most: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Rate(most, seconds)
