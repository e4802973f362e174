"""Who looked: by child, plan, person, agency, period and outcome, in pages, newest first."""

from datetime import timedelta
from typing import Any

import pytest

from access.lookings import ANN, BEN, NOON, REFUSED, later
from plantrack.access_log.log import AccessLog, Looked
from plantrack.access_log.queries import Looker, looked, looked_summary

HOUR = timedelta(hours=1)
ANN_AT_2 = later(ANN, hours=1)._replace(plan="CP-2", child="C2", what="export", request="R4")
BEN_AT_1 = later(BEN, hours=2)._replace(plan="CP-1", child="C1", purpose="strategy meeting")
ALL = [ANN, BEN, REFUSED, ANN_AT_2, BEN_AT_1]


@pytest.fixture(autouse=True)
def five_times_looked(log: AccessLog) -> None:
    for row in ALL:
        log.note([row])


QUESTIONS: list[tuple[dict[str, Any], list[Looked]]] = [
    ({}, [BEN_AT_1, ANN_AT_2, REFUSED, BEN, ANN]),
    ({"child": "C1"}, [BEN_AT_1, ANN]),
    ({"child": "C2"}, [ANN_AT_2, BEN]),
    ({"child": "C"}, []),
    ({"plan": "CP-2"}, [ANN_AT_2, BEN]),
    ({"plan": "CP-9"}, [REFUSED]),
    ({"person": "ann"}, [ANN_AT_2, ANN]),
    ({"agency": "police"}, [BEN_AT_1, REFUSED, BEN]),
    ({"shown": False}, [REFUSED]),
    ({"shown": True, "person": "ben"}, [BEN_AT_1, BEN]),
    ({"child": "C1", "person": "ann"}, [ANN]),
    ({"since": NOON + HOUR}, [BEN_AT_1, ANN_AT_2]),
    ({"since": NOON + HOUR + timedelta(microseconds=1)}, [BEN_AT_1]),
    ({"until": NOON + HOUR}, [REFUSED, BEN, ANN]),
    ({"until": NOON + HOUR + timedelta(microseconds=1)}, [ANN_AT_2, REFUSED, BEN, ANN]),
    ({"since": NOON, "until": NOON}, []),
    ({"child": "C1", "since": NOON + HOUR}, [BEN_AT_1]),
]


def test_a_question_finds_exactly_its_rows(log: AccessLog) -> None:
    for asked, found in QUESTIONS:
        page = looked(log, **asked)

        assert [row.looked for row in page.rows] == found, asked
        assert page.next is None


def test_pages_hold_every_row_once(log: AccessLog) -> None:
    for limit in (1, 2, 4, 5, 6):
        number = -(-len(ALL) // limit)
        pages = [looked(log, limit=limit)]
        for _ in range(number - 1):
            pages.append(looked(log, after=pages[-1].next, limit=limit))

        assert [row.position for page in pages for row in page.rows] == [5, 4, 3, 2, 1]
        assert [page.next is None for page in pages] == [False] * (number - 1) + [True]


def test_rows_that_come_between_two_pages_move_nothing(log: AccessLog) -> None:
    first = looked(log, person="ben", limit=2)
    log.note([BEN, BEN])
    second = looked(log, person="ben", limit=2, after=first.next)

    assert [row.position for row in first.rows + second.rows] == [5, 3, 2]


def test_a_place_outside_the_record_is_no_error(log: AccessLog) -> None:
    assert [len(looked(log, after=after).rows) for after in (-1, 0, 10**30)] == [0, 0, 5]


def test_a_page_has_its_bounds(log: AccessLog) -> None:
    log.note([ANN] * 200)

    assert [len(looked(log, limit=limit).rows) for limit in (-1, 0, 200, 1000)] == [1, 1, 200, 200]


def test_a_summary_tells_of_each_person_who_was_last_comes_first(log: AccessLog) -> None:
    again = later(ANN, hours=-5)._replace(what="alerts", purpose="duty", glass="G1")
    moved = later(ANN, minutes=30)._replace(name="Ann Oak", agency="health", role="nurse")
    turned_away = later(BEN_AT_1, hours=1)._replace(shown=False, purpose=None)
    log.note([again, moved, turned_away])

    assert looked_summary(log, "C1") == [
        Looker(
            person="ben",
            name="Ben Birch",
            agencies=("police",),
            roles=("partner_professional",),
            first=BEN_AT_1.at,
            last=turned_away.at,
            times=1,
            refused=1,
            what=("chronology",),
            purposes=("strategy meeting",),
            glass=(),
        ),
        Looker(
            person="ann",
            name="Ann Oak",
            agencies=("health", "social-care"),
            roles=("nurse", "social_worker"),
            first=again.at,
            last=moved.at,
            times=3,
            refused=0,
            what=("alerts", "plan"),
            purposes=("a visit is due", "duty"),
            glass=("G1",),
        ),
    ]
    assert looked_summary(log, "C3") == []
