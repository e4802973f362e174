"""Builds the demonstration's database: an invented partnership, with two years behind it."""

import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from plantrack import beside, emergencies, histories
from plantrack.cli import moving
from plantrack.cli.players import Players
from plantrack.cli.replay import Clock, Happening, PastDesk, Replay
from plantrack.domain.calendar import LONDON, london_day
from plantrack.domain.rights import events as said
from plantrack.domain.rights.words import GlassGround, RestrictionCategory
from plantrack.domain.words import THE_TRACKER
from plantrack.record import migrate

J1 = ("child-j1.jsonl", "child-j1-ending.jsonl")
SMALL = ("averill", "dunmore", "oakes")
"""A few families in which everything that waits for somebody can be found."""
OPENS_AT = time(9, 30)
RESTRICTED, AT_RISK, KNOWN_PRIVATELY = "CIN-106", "CP-101", "FL4104"
ON_THE_LIST = (
    ("Wyn Abbery", "csc"),
    ("Toni Marrick", "csc"),
    ("Ash Corvane", "csc"),
    ("Tess Farrow", "school"),
    ("Noor Ellery", "school-nursing"),
    ("Lior Becket", "paediatrics"),
    ("Mab Thorne", "gp"),
)

Done = Callable[[int, int], None]


def build(
    path: Path,
    today: date | None = None,
    families: Collection[str] | None = None,
    done: Done = lambda so_far, of: None,
) -> None:
    """Build the partnership, or some families of it, in a fresh file, as if it were a day.

    The case of Child J1 is always among it. Without a day it is today; with one it is that day at
    half past nine. A file is there only when it is whole.
    """
    now = datetime.combine(today, OPENS_AT, LONDON).astimezone(UTC) if today else datetime.now(UTC)
    with TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / "demo.db"
        url = f"sqlite:///{made}"
        migrate(url)
        beside.make(url)
        _fill(url, Path(folder), now, families, done)
        for each in sorted(Path(folder).glob("demo*.db*")):
            shutil.move(each, path.with_name(each.name.replace("demo", path.stem, 1)))


def _fill(
    url: str, folder: Path, now: datetime, families: Collection[str] | None, done: Done
) -> None:
    today = london_day(now)
    files = [folder / name for name in J1]
    for each in files:
        each.write_text(resources.files("plantrack.cases").joinpath(each.name).read_text("utf-8"))
    files += moving.put_into(folder, today, families)
    lines = [line for line in histories.read(files) if isinstance(line, histories.Line)]
    clock = Clock(min(line.recorded_at for line in lines) - timedelta(days=1))
    so_far = 0

    def advance(number: int) -> None:
        nonlocal so_far
        so_far += number
        done(so_far, len(lines))

    with PastDesk(url, clock) as desk:
        players = Players(desk)
        players.enter(london_day(clock()))
        replay = Replay(desk, players)
        plans = {line.plan for line in lines}
        replay.run(lines, _happenings(desk, players, plans, today), advance)
        replay.sweep_until(now)
        clock.moment = now
        desk.catch_up(desk.files())


def _happenings(
    desk: PastDesk, players: Players, plans: set[str], today: date
) -> Iterator[Happening]:
    """Give what happens besides the lines, and is there to be found by whoever signs in."""
    yield _on(today - timedelta(days=90), time(10)), lambda: _declare_interest(players)
    yield _on(today - timedelta(days=21), time(10)), lambda: _give_warrant(players, desk.clock())
    if RESTRICTED in plans:
        yield _on(today - timedelta(days=60), time(10)), lambda: _restrict(players, today)
    if AT_RISK in plans:
        yield _on(today - timedelta(days=1), time(21, 40)), lambda: _break_glass(desk, players)


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def _declare_interest(players: Players) -> None:
    person = players.subject("Mina Sorrel").person
    reason = "my sister is a neighbour of the family and I have been in their house"
    declared = said.ConflictDeclared(
        conflict="K-1", person=person, reason=reason, child=KNOWN_PRIVATELY
    )
    players.say("Mina Sorrel", declared)


def _restrict(players: Players, today: date) -> None:
    restricted = said.PlanRestricted(
        plan=RESTRICTED,
        category=RestrictionCategory.STAFF_OR_RELATIVE,
        reason="the child's mother works in the council's own front office",
        review_by=today + timedelta(days=20),
        people=tuple(players.subject(*each).person for each in ON_THE_LIST),
    )
    players.say("Ash Corvane", restricted)


def _give_warrant(players: Players, now: datetime) -> None:
    warrant = said.WarrantProposed(
        warrant="W-1",
        person=players.subject("Ira Venn", "ofsted").person,
        purpose="how well the partnership helps and protects children, across the whole authority",
        starts=now,
        ends=now + timedelta(days=180),
        whole_authority=True,
    )
    players.say("Ash Corvane", warrant)
    players.say("Pat Greeve", said.WarrantApproved(warrant="W-1"))


def _break_glass(desk: PastDesk, players: Players) -> None:
    """Let somebody of another team see a plan at night, which nobody has looked at yet."""
    subject = players.subject("Jude Castell")
    reason = "on call tonight: the grandmother rang, the boy is not home and it is late"
    told, guard = emergencies.prepare(desk, subject, AT_RISK, GlassGround.OUT_OF_HOURS, reason)
    guard.broken = replace(guard.broken, glass="E-1")
    told = told._replace(event=replace(told.event, access="E-1"))
    desk.tracker.carry_out([told], THE_TRACKER, guard=guard)
