"""Opening pages as people do: signed in, one after the other, in random order."""

import random
import re
import time
from asyncio import IncompleteReadError
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from statistics import median
from typing import NamedTuple

from bench.ground import MILLI, p95
from bench.serving import HTML, Answered, Client, Process, client

KILO = 1000
OPENED = frozenset({200, 303})
NAMED = re.compile(rb'<(?:link|script|img|source)\b[^>]*?(?:href|src|srcset)="(/[^"#]+)"')
"""The files that a page names; those that they name in turn are a few icons of 200 bytes each."""

Person = Mapping[str, str]


class Way(NamedTuple):
    """How a page is opened: by whom, and at which address, which is drawn."""

    person: Person
    draw: Callable[[random.Random], str]


Pages = Mapping[str, list[Way]]
"""The ways to open each page."""


class Page(NamedTuple):
    """How long a page took each time, and what it weighed at most, without its files and with.

    ``busy`` is for how long it kept a processor busy in the server, whatever else went on.
    """

    name: str
    seconds: list[float]
    busy: list[float]
    html: float
    weight: float

    @property
    def usual(self) -> float:
        """How many milliseconds it took in the middle."""
        return median(self.seconds) * MILLI

    @property
    def computed(self) -> float:
        """How many milliseconds of a processor it took in the middle."""
        return median(self.busy) * MILLI

    @property
    def slowest(self) -> float:
        """How many milliseconds all but the slowest twentieth took at most."""
        return p95(self.seconds) * MILLI


class Found(NamedTuple):
    """What was found: pages that opened, those that never did, and addresses that once did not."""

    pages: list[Page]
    refused: dict[str, str]
    odd: list[str]


class Visitors:
    """People who are signed in to one server, each over a connection of their own."""

    def __init__(self, server: Process) -> None:
        self.server = server
        self._open = AsyncExitStack()
        self._clients: dict[str, Client] = {}

    async def __aenter__(self) -> "Visitors":
        """Begin with nobody."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close every connection."""
        await self._open.aclose()

    async def ask(self, person: Person, path: str) -> tuple[float, Answered]:
        """Ask for something, and say how long the answer took."""
        for _ in range(2):
            http = await self._client(person)
            began = time.perf_counter()
            try:
                answered = await http.get(path)
            except (IncompleteReadError, ConnectionError):  # it was silent for too long
                del self._clients[person["name"]]
            else:
                return time.perf_counter() - began, answered
        raise RuntimeError(f"{path} was not answered.")

    async def _client(self, person: Person) -> Client:
        name = person["name"]
        if name not in self._clients:
            opening = client(self.server.port, person, HTML)
            self._clients[name] = await self._open.enter_async_context(opening)
        return self._clients[name]


class Measured:
    """One page while it is measured."""

    def __init__(self, name: str, ways: list[Way]) -> None:
        self.name = name
        self.ways = ways
        self.seconds: list[float] = []
        self.busy: list[float] = []
        self.heaviest = b""

    def note(self, took: float, busy: float, body: bytes) -> None:
        """Note one answer."""
        self.seconds.append(took)
        self.busy.append(busy)
        self.heaviest = max(self.heaviest, body, key=len)


async def open_pages(server: Process, pages: Pages, rounds: int) -> Found:
    """Open every page so many times, after a first time that does not count."""
    chance, refused, odd = random.Random(1), dict[str, str](), list[str]()
    async with Visitors(server) as visitors:
        measured = [
            Measured(name, await _open_ways(visitors, name, ways, refused, chance))
            for name, ways in pages.items()
        ]
        measured = [each for each in measured if each.ways]
        for _ in range(rounds):
            for each in chance.sample(measured, len(measured)):
                await _open(visitors, each, odd, chance)
        sizes: dict[str, int] = {}
        found = [await _weighed(visitors, each, sizes) for each in measured if each.seconds]
    return Found(found, refused, odd)


async def _open_ways(
    visitors: Visitors,
    name: str,
    ways: list[Way],
    refused: dict[str, str],
    chance: random.Random,
) -> list[Way]:
    """Open a page in every way for the first time; a page that opens in none is refused."""
    answers = [(await visitors.ask(way.person, way.draw(chance)))[1].status for way in ways]
    if not OPENED.intersection(answers):
        refused[name] = f"answered with {answers}"
    return [way for way, status in zip(ways, answers, strict=True) if status in OPENED]


async def _open(visitors: Visitors, page: Measured, odd: list[str], chance: random.Random) -> None:
    way = chance.choice(page.ways)
    path = way.draw(chance)
    before = visitors.server.busy()
    took, answered = await visitors.ask(way.person, path)
    if answered.status in OPENED:
        page.note(took, visitors.server.busy() - before, answered.body)
    else:
        odd.append(f"{path} as {way.person['role']}, answered with {answered.status}")


async def _weighed(visitors: Visitors, page: Measured, sizes: dict[str, int]) -> Page:
    """Weigh a page at its heaviest, with the files that it names."""
    for name in set(NAMED.findall(page.heaviest)):
        if (path := name.decode()) not in sizes:
            sizes[path] = len((await visitors.ask(page.ways[0].person, path))[1].body)
    files = sum(sizes[name.decode()] for name in set(NAMED.findall(page.heaviest)))
    html = len(page.heaviest) / KILO
    return Page(page.name, page.seconds, page.busy, html, html + files / KILO)
