"""How often anybody may do what could be misused: sign in, search, export, break the glass.

Tries are counted in this process's memory. Where several processes serve, each counts for itself,
and a restart forgets. The library ``limits`` was looked at: it goes by a clock that can be set,
starts a thread, does not count what it refuses, and keeps as many keys as come.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Literal, NamedTuple

from fastapi import Request

from plantrack.logs import logger
from plantrack.web.problems import Problem
from plantrack.web.settings import Rate, Settings

log = logger("rates")

What = Literal["sign_in", "search", "export", "break_glass"]
EVERYBODY = "everybody"
ONE_HOUSEHOLD = 64
"""How many bits of an IPv6 address tell one connection from another; the rest is free to choose."""

UNITS = ((3600, "hour", "an"), (60, "minute", "a"), (1, "second", "a"))


class Tries:
    """Remembers when each key last tried, as often as a rate looks back.

    A key is forgotten once its tries no longer count, and the longest silent one when there are
    too many.
    """

    def __init__(self, rate: Rate, most_keys: int) -> None:
        self.rate = rate
        self._most_keys = most_keys
        self._at: OrderedDict[str, deque[float]] = OrderedDict()

    def remembered(self) -> int:
        """Count the keys that are remembered."""
        return len(self._at)

    def wait(self, key: str, now: float) -> float:
        """Say how many seconds must pass until a key may try; 0 if it may now."""
        at = self._at.get(key)
        if at is None or len(at) < self.rate.most:
            return 0.0
        return max(0.0, at[0] + self.rate.seconds - now)

    def count(self, key: str, now: float) -> None:
        """Count one try of a key."""
        self._at.setdefault(key, deque(maxlen=self.rate.most)).append(now)
        self._at.move_to_end(key)
        while self._outdated(now) or len(self._at) > self._most_keys:
            self._at.popitem(last=False)

    def _outdated(self, now: float) -> bool:
        longest_silent = next(iter(self._at.values()))
        return longest_silent[-1] + self.rate.seconds <= now


class Limit(NamedTuple):
    """What is limited: for each one, perhaps for all together, and how a person is told."""

    each: Tries
    says: str
    everybody: Tries | None = None
    counts_refused: bool = False


class Refused(NamedTuple):
    """A try that came too soon."""

    says: str
    wait: int


class Rates:
    """Counts tries, and says which came too soon. Not for use by several threads."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        def tries(rate: Rate) -> Tries:
            return Tries(rate, settings.most_remembered)

        self._clock = clock
        self.limits: dict[What, Limit] = {
            "sign_in": Limit(
                tries(settings.sign_in_rate),
                "From one address people may sign in",
                everybody=tries(settings.sign_in_rate_of_all),
                counts_refused=True,
            ),
            "search": Limit(tries(settings.search_rate), "You may search"),
            "export": Limit(tries(settings.export_rate), "You may export"),
            "break_glass": Limit(tries(settings.break_glass_rate), "You may break the glass"),
        }

    def count(self, what: What, key: str) -> Refused | None:
        """Count a try, and say whether it came too soon.

        Who was refused for their own tries takes nothing from what everybody has together.
        """
        limit, now = self.limits[what], self._clock()
        too_soon = self._too_soon(limit, key, now)
        if limit.everybody and not too_soon:
            limit.everybody.count(EVERYBODY, now)
        if not too_soon or limit.counts_refused:
            limit.each.count(key, now)
        return self._too_soon(limit, key, now) if too_soon else None

    def _too_soon(self, limit: Limit, key: str, now: float) -> Refused | None:
        own = limit.each.wait(key, now)
        shared = limit.everybody.wait(EVERYBODY, now) if limit.everybody else 0.0
        wait = ceil(max(own, shared))
        if own:
            return Refused(f"{limit.says} {_often(limit.each.rate)}.", wait)
        if limit.everybody and shared:
            return Refused(f"All together may sign in {_often(limit.everybody.rate)}.", wait)
        return None


def limited(what: What) -> Callable[[Request], Awaitable[None]]:
    """Make a dependency that refuses who does something too often.

    It goes by ``request.state.person_key`` where that is set, so it comes after the dependency that
    says who is asking; otherwise, and always for signing in, by the client's address.
    """

    async def within_the_rate(request: Request) -> None:
        refused = rates_of(request).count(what, _key(what, request))
        if refused:
            log.warning("too often", what=what, request=request.state.request_id)
            soon = f"Try again in {_amount(refused.wait, 'second')}."
            raise Problem(429, f"{refused.says} {soon}", {"Retry-After": str(refused.wait)})

    return within_the_rate


def rates_of(request: Request) -> Rates:
    """Find the application's counts, or begin them."""
    state = request.app.state
    if not hasattr(state, "rates"):
        state.rates = Rates(state.settings)
    found: Rates = state.rates
    return found


def _key(what: What, request: Request) -> str:
    person: str | None = getattr(request.state, "person_key", None)
    if person is None or what == "sign_in":
        return f"address {_address(request.client.host if request.client else '')}"
    return f"person {person}"


def _address(host: str) -> str:
    """Name who shares an address: of IPv6, whoever has one has a whole network of them."""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), ONE_HOUSEHOLD), strict=False))


def _often(rate: Rate) -> str:
    seconds, unit, article = next(each for each in UNITS if rate.seconds % each[0] == 0)
    many = rate.seconds // seconds
    span = f"{article} {unit}" if many == 1 else _amount(many, unit)
    return f"at most {_amount(rate.most, 'time')} in {span}"


def _amount(many: int, of: str) -> str:
    return f"{many} {of}" if many == 1 else f"{many} {of}s"
