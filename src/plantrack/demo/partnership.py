"""Builds the demonstration's database: an invented partnership, with two years behind it."""

import shutil
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from plantrack.application import history_files, stores
from plantrack.demo import dates
from plantrack.demo.actors import Players
from plantrack.demo.replay import Clock, PastServices, Replay
from plantrack.demo.scenes import Extras
from plantrack.demo.viewings import Looks
from plantrack.domain.calendar import LONDON, london_day
from plantrack.record import migrate

J1 = ("child-j1.jsonl", "child-j1-ending.jsonl")
SMALL = ("averill", "dunmore", "oakes")
"""A few families in which everything that waits for somebody can be found."""
OPENS_AT = time(9, 30)
LOOKS_ARE_KEPT_FROM = timedelta(days=30)
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
    with TemporaryDirectory(dir=path.parent) as folder, TemporaryDirectory() as histories_:
        made = Path(folder) / path.name
        url = f"sqlite:///{made}"
        migrate(url)
        stores.make(url)
        _fill(url, Path(histories_), now, families, done)
        for each in sorted(Path(folder).iterdir(), key=lambda file: file == made):
            shutil.move(each, path.with_name(each.name))


def _fill(
    url: str, folder: Path, now: datetime, families: Collection[str] | None, done: Done
) -> None:
    today = london_day(now)
    files = [folder / name for name in J1]
    for each in files:
        each.write_text(resources.files("plantrack.cases").joinpath(each.name).read_text("utf-8"))
    files += dates.put_into(folder, today, families)
    lines = [line for line in history_files.read(files) if isinstance(line, history_files.Line)]
    clock = Clock(min(line.recorded_at for line in lines) - timedelta(days=1))
    so_far = 0

    def advance(number: int) -> None:
        nonlocal so_far
        so_far += number
        done(so_far, len(lines))

    with PastServices(url, clock) as services:
        players = Players(services)
        players.enter(london_day(clock()))
        looks = Looks(services, now - LOOKS_ARE_KEPT_FROM)
        cast = Extras(services, players, looks, today)
        replay = Replay(services, players, looks)
        replay.run(lines, cast.happenings({line.plan for line in lines}), advance)
        replay.sweep_until(now)
        clock.moment = now
        services.catch_up(services.files())
        looks.write()
