"""What is unusual in who looked, on both sides of each threshold, by London's clock."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from access.lookings import ANN, BEN, NOON, REFUSED, later
from plantrack.access_log.log import AccessLog, Looked
from plantrack.access_log.patterns import PATTERNS, Pattern, patterns, unusual
from plantrack.access_log.unusual import Thresholds

MONDAY = date(2026, 4, 20)
ONE_DAY = timedelta(days=1)


def children(number: int, row: Looked = ANN, every: timedelta = timedelta(0)) -> list[Looked]:
    """One person looks at different children."""
    return [row._replace(child=f"C{n}", at=row.at + n * every) for n in range(number)]


def found(code: str, rows: Sequence[Looked], **limits: object) -> list[Pattern]:
    all_found = unusual(rows, Thresholds(**limits))  # type: ignore[arg-type]  # of many kinds
    return [each for each in all_found if each.code == code]


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


SLOWLY = timedelta(minutes=5)


@pytest.mark.parametrize(("number", "times"), [(29, 0), (30, 1), (31, 1)])
def test_many_children_in_a_day(number: int, times: int) -> None:
    rows = children(number, later(ANN, hours=-4), timedelta(minutes=10))
    many = found("many-children-in-a-day", rows)

    assert [each.count for each in many] == [number] * times
    assert not found("many-children-in-a-rush", rows)


def test_a_child_looked_at_often_is_one_child() -> None:
    assert not found("many-children-in-a-day", children(29) * 3)


def test_two_people_are_not_added_together() -> None:
    rows = children(15) + [row._replace(child=f"D{row.child}") for row in children(15, BEN)]

    assert not found("many-children-in-a-day", rows)
    assert len(found("many-children-in-a-day", rows + children(30, BEN))) == 1


@pytest.mark.parametrize(
    ("moment", "times"),
    [
        ("2026-04-20T23:59:59.999999+01:00", 1),  # summer time: this is 22:59 UTC
        ("2026-04-21T00:00:00+01:00", 0),
        ("2026-01-20T23:59:59.999999+00:00", 1),
        ("2026-01-21T00:00:00+00:00", 0),
    ],
)
def test_a_day_ends_at_midnight_in_london(moment: str, times: int) -> None:
    last = ANN._replace(at=at(moment), child="LAST")
    day = date.fromisoformat(moment[:10]) - (ONE_DAY if not times else timedelta(0))
    rest = [row._replace(at=at(f"{day}T12:00:00+00:00")) for row in children(29)]

    assert len(found("many-children-in-a-day", [*rest, last])) == times


@pytest.mark.parametrize(("number", "times"), [(9, 0), (10, 1)])
def test_many_children_in_a_rush(number: int, times: int) -> None:
    rush = found("many-children-in-a-rush", children(number, every=timedelta(seconds=20)))

    assert [each.count for each in rush] == [number] * times


@pytest.mark.parametrize(
    ("after", "times"),
    [(timedelta(minutes=10) - timedelta(microseconds=1), 1), (timedelta(minutes=10), 0)],
)
def test_a_rush_is_shorter_than_ten_minutes(after: timedelta, times: int) -> None:
    last = ANN._replace(at=ANN.at + after, child="LAST")

    assert len(found("many-children-in-a-rush", [*children(9), last])) == times


def test_rushes_that_overlap_are_told_once_and_others_each() -> None:
    long = children(40, every=timedelta(seconds=50))
    afterwards = [later(row, hours=2) for row in children(11)]
    [first, second] = found("many-children-in-a-rush", long + afterwards)

    assert (first.count, first.since, first.until) == (12, long[0].at, long[-1].at)
    assert (second.count, second.since) == (11, afterwards[0].at)


def test_a_rush_over_midnight_is_one() -> None:
    start = ANN._replace(at=at("2026-04-20T23:57:00+01:00"))
    [rush] = found("many-children-in-a-rush", children(10, start, timedelta(seconds=50)))

    assert rush.on == MONDAY


@pytest.mark.parametrize(("number", "times"), [(4, 0), (5, 1)])
def test_many_refusals_in_a_day(number: int, times: int) -> None:
    rows = [REFUSED] * number + [BEN] * 9 + [REFUSED._replace(person="ann")] * 4

    refusals = found("many-refusals-in-a-day", rows)
    assert [(each.person, each.count) for each in refusals] == [("ben", number)] * times


@pytest.mark.parametrize(("number", "times"), [(9, 0), (10, 1)])
def test_many_people_at_one_child(number: int, times: int) -> None:
    rows = [ANN._replace(person=f"P{n}") for n in range(number)] * 2
    others = [BEN._replace(person=f"Q{n}") for n in range(9)]

    many = found("many-people-at-one-child", rows + others)
    assert [(each.child, each.person, each.count) for each in many] == [("C1", None, 10)] * times


@pytest.mark.parametrize(("number", "times"), [(2, 0), (3, 1)])
def test_several_children_in_a_night(number: int, times: int) -> None:
    rows = children(number, ANN._replace(at=at("2026-04-20T23:00:00+01:00")), timedelta(hours=2))

    nights = found("many-children-at-night", rows)
    assert [(each.count, each.on) for each in nights] == [(number, MONDAY)] * times


@pytest.mark.parametrize(
    ("moment", "times"),
    [
        ("2026-04-20T21:59:59.999999+01:00", 0),
        ("2026-04-20T22:00:00+01:00", 1),
        ("2026-04-21T05:59:59.999999+01:00", 1),
        ("2026-04-21T06:00:00+01:00", 0),
        ("2026-01-20T21:59:59+00:00", 0),
        ("2026-01-20T22:00:00+00:00", 1),
        ("2026-01-21T05:59:59+00:00", 1),
        ("2026-01-21T06:00:00+00:00", 0),
        ("2026-03-29T05:59:59+01:00", 1),  # the night in which clocks go forward
        ("2026-03-29T06:00:00+01:00", 0),
        ("2026-10-25T05:59:59+00:00", 1),  # and back
        ("2026-10-25T06:00:00+00:00", 0),
    ],
)
def test_a_night_goes_by_the_clock_in_london(moment: str, times: int) -> None:
    rows = children(3, ANN._replace(at=at(moment)))

    assert len(found("many-children-at-night", rows)) == times


def test_two_nights_are_not_added_together() -> None:
    night = ANN._replace(at=at("2026-04-21T02:00:00+01:00"))
    next_night = night._replace(at=at("2026-04-21T22:30:00+01:00"), child="C9")

    assert not found("many-children-at-night", [*children(2, night), next_night])


def test_reading_under_broken_glass_is_always_listed() -> None:
    broken = ANN._replace(glass="G1")
    rows = [broken, later(broken, minutes=1), broken._replace(child="C2"), BEN]
    rows.append(broken._replace(shown=False, glass="G2"))

    under = found("under-broken-glass", rows)
    assert [(each.person, each.child, each.count) for each in under] == [
        ("ann", "C1", 2),
        ("ann", "C2", 1),
    ]


def test_what_was_not_shown_counts_for_refusals_only() -> None:
    rows = [row._replace(shown=False, glass="G1") for row in children(40)]
    people = [ANN._replace(person=f"P{n}", shown=False) for n in range(20)]

    assert {each.code for each in unusual(rows + people)} == {"many-refusals-in-a-day"}


def test_lists_can_be_left_out_of_what_is_counted() -> None:
    rows = [row._replace(what="alerts") for row in children(30)]

    assert len(unusual(rows)) == 2
    assert not unusual(rows, Thresholds(not_counted=frozenset({"alerts"})))
    assert unusual(rows, Thresholds(not_counted=frozenset({"due"})))


def test_a_plan_whose_child_is_not_known_counts_as_one() -> None:
    rows = [ANN._replace(child=None, plan=f"CP-{n}") for n in range(10)]

    assert found("many-children-in-a-rush", rows)[0].child is None
    assert not found("many-children-in-a-rush", rows[:9] * 2)
    assert not found("many-people-at-one-child", [ANN._replace(child=None)] * 20)


def test_a_pattern_says_who_what_and_when() -> None:
    rows = children(10, later(ANN, minutes=-3), timedelta(seconds=20))
    [pattern] = unusual(rows)

    assert pattern == Pattern(
        code="many-children-in-a-rush",
        person="ann",
        name="Ann Ash",
        agency="social-care",
        child=None,
        count=10,
        since=rows[0].at,
        until=NOON,
        sentence="Ann Ash (social-care) looked at 10 different children within 10 minutes on"
        " 20 April 2026, from 11:57; 10 are unusual.",
        on=MONDAY,
    )


SENTENCES = {
    "many-children-in-a-day": "Ann Ash (social-care) looked at 2 different children on"
    " 20 April 2026; 2 in one day are unusual.",
    "many-refusals-in-a-day": "Ben Birch (police) was refused once on 20 April 2026;"
    " 1 in one day are unusual.",
    "many-people-at-one-child": "2 different people looked at child C1 on 20 April 2026;"
    " 2 in one day are unusual.",
    "many-children-at-night": "Ann Ash (social-care) looked at 2 different children in the night"
    " after 20 April 2026, between 12:00 and 06:00; 2 in one night are unusual.",
    "under-broken-glass": "Ann Ash (social-care) looked at child C1 under broken glass on"
    " 20 April 2026, once; this is always listed.",
}


def test_every_kind_is_looked_at_here() -> None:
    assert {kind.code for kind in PATTERNS} == {"many-children-in-a-rush", *SENTENCES}


@pytest.mark.parametrize("code", SENTENCES)
def test_each_kind_has_its_sentence(code: str) -> None:
    rows = [
        ANN._replace(glass="G1"),
        ANN._replace(child="C2"),
        BEN._replace(child="C1"),
        REFUSED,
    ]
    few = Thresholds(
        children_in_a_day=2,
        refusals_in_a_day=1,
        people_in_a_day=2,
        children_in_a_night=2,
        night_from=datetime(2026, 1, 1, 12, tzinfo=UTC).time(),
    )

    assert [each.sentence for each in unusual(rows, few) if each.code == code] == [SENTENCES[code]]


def test_a_period_is_of_days_in_london(log: AccessLog) -> None:
    first, last = ANN._replace(glass="G1"), ANN._replace(glass="G2")
    rows = [
        first._replace(at=at("2026-04-19T23:59:59+01:00"), glass="before"),
        first._replace(at=at("2026-04-20T00:00:00+01:00")),
        last._replace(at=at("2026-04-21T23:59:59+01:00"), child="C2"),
        last._replace(at=at("2026-04-22T00:00:00+01:00"), glass="behind"),
    ]
    log.note(rows)

    period = patterns(log, MONDAY, MONDAY + ONE_DAY)
    assert [(each.code, each.child, each.on) for each in period] == [
        ("under-broken-glass", "C1", MONDAY),
        ("under-broken-glass", "C2", MONDAY + ONE_DAY),
    ]
    assert period == [each for each in unusual(rows) if each.on in (MONDAY, MONDAY + ONE_DAY)]


def test_a_night_belongs_to_its_evening_and_is_told_once(log: AccessLog) -> None:
    log.note(children(3, ANN._replace(at=at("2026-04-21T05:30:00+01:00"))))

    assert [each.count for each in patterns(log, MONDAY, MONDAY)] == [3]
    assert patterns(log, MONDAY + ONE_DAY, MONDAY + ONE_DAY) == []
    assert patterns(log, MONDAY - ONE_DAY, MONDAY - ONE_DAY) == []
