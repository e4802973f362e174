"""How long every page takes, and what it weighs: on the demonstration, and on a whole authority.

A real server answers one person after the other, in random order, over connections that stay open.
On the demonstration each page is opened as the tests open it. On the authority every page that the
routers name is opened by somebody at random who may, with a plan at random; a list is opened by
each role, as they differ. A page weighs what it and the files that it names do; a browser loads
those once.
"""

import asyncio
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from bench.addresses import LEFT_OUT, addresses, fields_of, not_measured
from bench.authority import Things, load
from bench.ground import POSTGRESQL, Goal, Store, made, stores
from bench.opening import Found, Pages, Person, Way, open_pages
from bench.serving import serving
from bench.staff import READERS
from pages import conferencing
from pages.every_page import Opened, every
from pages.serving import Demo
from partnership import CHAIR, SIBLINGS, TODAY, post_of
from plantrack.application.services import Services
from plantrack.demo.partnership import build
from plantrack.domain.rights.words import Duty
from plantrack.main import sources_of

AT_MOST, HEAVIEST = 100.0, 250.0
PLANS, QUICK_PLANS = 5_000, 250
ROUNDS, QUICK_ROUNDS = 60, 10
HEADINGS = "  p50 ms   p95 ms  of it CPU  page kB  with files"


def main(*, quick: bool = False) -> None:
    """Measure the demonstration, then the authority."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    print(f"Every page, {rounds} times each, one person after the other")
    for page, why in LEFT_OUT.items():
        print(f"  not measured: {page}: {why}")
    for page in not_measured():
        print(f"  not measured: {page}: nobody said what to draw for its address")
    _measure_demonstration(rounds)
    with stores() as both:
        for store in both:
            if quick or store.name == POSTGRESQL:
                _measure_authority(store, QUICK_PLANS if quick else PLANS, rounds)


def _measure_demonstration(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "partnership.db"
        build(path, TODAY)
        url = f"sqlite:///{path}"
        pages = _opened([*every(), *_of_a_conference(url)])
        with serving(url) as server:
            opened = asyncio.run(open_pages(server, pages, rounds))
            _report("the demonstration, SQLite", opened)


def _measure_authority(store: Store, plans: int, rounds: int) -> None:
    with made(store) as url:
        loaded = load(store, url, plans)
        steps = ", ".join(f"{step} in {took:.0f} s" for step, took in loaded.seconds.items())
        print(
            f"  {store.name}: {loaded.entries:,} entries on {loaded.plans:,} plans, "
            f"{loaded.alerts:,} alerts raised; {steps}"
        )
        with serving(url) as server:
            pages = _drawn(loaded.things)
            opened = asyncio.run(open_pages(server, pages, rounds))
            _report(f"{loaded.plans:,} plans, {store.name}", opened)


def _of_a_conference(url: str) -> Iterator[Opened]:
    """Begin two conferences, answer all that one asks, and give the pages to go on with."""
    with Services(url) as services, sources_of(services, None) as sources:
        demo = Demo("", services, sources)
        meeting, answered = conferencing.planned(demo), conferencing.planned(demo)
        new, full = (conferencing.begun(demo, each) for each in (meeting, answered))
        conferencing.filled(demo, full, conferencing.answers(demo))
    parts = [*conferencing.SHARED, *(f"{SIBLINGS[0]}/{part}" for part in conferencing.OF_A_CHILD)]
    yield Opened(CHAIR, f"/plans/{SIBLINGS[0]}/meetings/{meeting}/conference")
    for address in (new, *(conferencing.part_at(full, part) for part in parts)):
        yield Opened(CHAIR, address)
    for last in ("check", "throw-away"):
        yield Opened(CHAIR, f"{full}/{last}")


def _opened(pages_of_tests: Iterable[Opened]) -> Pages:
    """Give the pages that the tests open, each as they do."""
    pages: dict[str, list[Way]] = {}
    for each in pages_of_tests:
        if each.who and each.send is None and each.status == 200:  # noqa: PLR2004 - what HTTP calls OK
            post = post_of(each.who)
            person = {"name": each.who, "agency": post.agency, "role": post.duty.value}
            name = re.sub("/conferences/[^/]*", "/conferences/…", each.address)
            pages[f"{name} ({each.who})"] = [Way(person, partial(_as_it_is, each.address))]
    return pages


def _as_it_is(address: str, _: random.Random) -> str:
    return address


def _drawn(things: dict[Duty, list[Things]]) -> Pages:
    """Give every page, with a plan on which there is what it needs; lists for each role."""
    pages: dict[str, list[Way]] = {}
    for address in addresses():
        for duty in address.duties:
            name, agency = READERS[duty]
            person: Person = {"name": name, "agency": agency, "role": duty.value}
            page = f"{address.written} ({duty.says})" if address.differs else address.written
            if not (wanted := fields_of(address.written)):
                way = Way(person, partial(_as_it_is, address.written))
            elif able := [each for each in things[duty] if wanted <= each.keys()]:
                way = Way(person, partial(_draw, address.written, able))
            else:
                continue
            pages.setdefault(page, []).append(way)
    return pages


def _draw(written: str, things: Sequence[Things], chance: random.Random) -> str:
    """Write an address with what stands on one plan."""
    of_plan = chance.choice(things)
    return written.format_map({what: chance.choice(names) for what, names in of_plan.items()})


def _report(where: str, opened: Found) -> None:
    """Print the slowest page first, and hold all of them against the goals."""
    pages = sorted(opened.pages, key=lambda each: each.slowest, reverse=True)
    print(f"  {where + f', load {os.getloadavg()[0]:.1f}':56}{HEADINGS}")
    for page in pages:
        print(
            f"    {page.name:52.52}{page.usual:9.1f}{page.slowest:9.1f}{page.computed:11.1f}"
            f"{page.html:9.1f}{page.weight:12.1f}"
        )
    found = {page.name.partition(" (")[0] for page in pages}
    for name, why in opened.refused.items():
        if name.partition(" (")[0] not in found:
            print(f"    not opened: {name}: {why}")
    if opened.odd:
        print(
            f"    {len(opened.odd)} answers were refusals and do not count, such as {opened.odd[0]}"
        )
    heaviest = max(pages, key=lambda each: each.weight)
    print(Goal(f"every page: {pages[0].name}, p95", pages[0].slowest, at_most=AT_MOST, unit="ms"))
    print(Goal(f"every page: {heaviest.name}", heaviest.weight, at_most=HEAVIEST, unit="kB"))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
