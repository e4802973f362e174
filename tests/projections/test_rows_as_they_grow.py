"""Rows that are made again only where something changed are those that are made from nothing."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest

from plantrack import codec
from plantrack.domain import events as e
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.alerts.sweep import sweep
from plantrack.domain.calendar import london_day
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import Refusal
from plantrack.domain.words import THE_TRACKER, PlanKind
from plantrack.projections import MODELS
from plantrack.projections.follower import Made, rows_of
from story import (
    LEAD,
    MANAGER,
    START,
    TEACHER,
    Story,
    answered,
    at,
    category,
    chair,
    corroborated,
    disputed,
    england,
    lead,
    opened,
    reassigned,
)
from test_watch_agrees import ENDINGS, MADE, PUT_RIGHT
from test_watch_agrees import Made as Making

MORE: list[Making] = [
    lambda on, n: reassigned(on, f"A{n}", TEACHER if n > 1 else LEAD),
    lambda on, n: lead(on, TEACHER if n > 1 else LEAD),
    lambda on, n: chair(on, TEACHER if n > 1 else MANAGER),
    lambda on, n: category(on),
    lambda on, n: disputed(on, f"I{n}"),
    lambda on, n: corroborated(on, f"I{n}"),
    lambda on, n: e.DifferenceStated(
        on=on, meeting=f"M{n}", agency="school", agrees=n > 1, what=None
    ),
]
LENGTH = 120


def grown(seed: int, *, put_right: bool) -> Iterator[tuple[RunningPlan, list[Entry]]]:
    """Grow a plan entry by entry, swept now and then, and give its file each time."""
    chance = Random(seed)
    story = Story("P").when(opened(chance.choice(list(PlanKind))))
    file = RunningPlan("P", story.entries, england(), codec.amend)
    entries, today = [*story.entries], START
    ways = [way for number, way in enumerate(MADE) if number not in ENDINGS] + MORE
    for _ in range(LENGTH):
        today += timedelta(days=chance.choice([0, 0, 1, 1, 2, 4]))
        on, n = today - timedelta(days=chance.choice([0, 0, 0, 1, 3])), chance.randint(1, 3)
        event = chance.choice(ways)(on, n)
        if put_right and chance.random() < 0.1:
            event = chance.choice(PUT_RIGHT)(today, chance.randint(1, 40), on)
        elif file.open_alerts and chance.random() < 0.1:
            event = answered(today, chance.choice([*file.alerts]).id)
        try:
            story.book.record("P", event, MANAGER, at(today))
        except Refusal:
            continue
        entries.append(Entry("P", len(entries) + 1, at(today), MANAGER, event))
        file.learn(entries[-1:])
        yield file, entries
        if chance.random() < 0.2:
            for act in sweep(file, london_day(at(today))):
                said = act.say(today)
                story.book.record("P", said, THE_TRACKER, at(today))
                entries.append(Entry("P", len(entries) + 1, at(today), THE_TRACKER, said))
                file.learn(entries[-1:])
                yield file, entries


def hold_together(seed: int, *, put_right: bool) -> None:
    made: Made | None = None
    for file, entries in grown(seed, put_right=put_right):
        made = rows_of(file, made)
        afresh = rows_of(RunningPlan("P", entries, england(), codec.amend))
        assert made.rows == afresh.rows, type(entries[-1].event).__name__


@pytest.mark.parametrize("seed", range(10))
def test_rows_of_a_plan_that_grows_are_those_of_the_whole_plan(seed: int) -> None:
    hold_together(seed, put_right=False)


@pytest.mark.parametrize("seed", range(10, 16))
def test_the_same_where_entries_are_put_right(seed: int) -> None:
    hold_together(seed, put_right=True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 300))
def test_the_same_for_hundreds_of_plans(seed: int) -> None:
    hold_together(seed, put_right=bool(seed % 2))


def test_every_table_gets_rows_from_these_plans() -> None:
    filled: set[str] = set()
    for seed in range(10):
        *_, (file, _) = grown(seed, put_right=False)
        filled |= {name for name, rows in rows_of(file).rows.items() if rows}

    assert filled == {model.TABLE.name for model in MODELS}
