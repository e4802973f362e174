"""Dates worked by hand: working days, months, the day it is in London, and who knew by which sweep.

The bank holidays were taken from gov.uk's list, the weekdays from a printed calendar; nothing here
was computed by the code it tests.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.application.policies import reading as policy
from plantrack.application.policies.reading import period
from plantrack.domain.calendar import end_of, first_sweep_knowing, london_day, months_after
from plantrack.domain.policy import Period, Unit

ENGLAND = policy.working_calendar("GB", "ENG", frozenset())
FIRST, LAST = date(2018, 1, 1), date(2027, 12, 31)

LISTED = """
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19
2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25
2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
"""
BANK_HOLIDAYS = LISTED.split()

WORKING_DAYS = [
    # over a weekend, and from one
    ("2026-02-06", 1, "2026-02-09"),
    ("2026-02-07", 1, "2026-02-09"),
    ("2026-02-08", 1, "2026-02-09"),
    ("2026-02-09", -1, "2026-02-06"),
    ("2026-02-08", -1, "2026-02-06"),
    ("2026-02-07", -1, "2026-02-06"),
    ("2026-02-02", 5, "2026-02-09"),
    ("2026-02-02", 10, "2026-02-16"),
    ("2026-02-07", 10, "2026-02-20"),
    ("2026-02-02", 40, "2026-03-30"),
    ("2026-02-02", 45, "2026-04-08"),
    ("2026-02-07", 0, "2026-02-07"),
    # Easter
    ("2020-04-09", 1, "2020-04-14"),
    ("2024-03-28", 1, "2024-04-02"),
    ("2026-04-02", 1, "2026-04-07"),
    ("2026-04-02", 2, "2026-04-08"),
    ("2026-04-03", 1, "2026-04-07"),
    ("2026-04-07", -1, "2026-04-02"),
    ("2026-04-07", -5, "2026-03-27"),
    ("2026-03-16", 15, "2026-04-08"),
    # the early May bank holiday of 2020 was moved to Friday the 8th
    ("2020-05-01", 1, "2020-05-04"),
    ("2020-05-07", 1, "2020-05-11"),
    ("2020-05-11", -1, "2020-05-07"),
    ("2020-05-13", -5, "2020-05-05"),
    # the spring bank holiday of 2022 was moved to Thursday 2 June, and Friday added
    ("2022-05-27", 1, "2022-05-30"),
    ("2022-06-01", 1, "2022-06-06"),
    ("2022-06-06", -1, "2022-06-01"),
    ("2022-05-30", 5, "2022-06-08"),
    # the day of the state funeral, and the day of the coronation
    ("2022-09-16", 1, "2022-09-20"),
    ("2022-09-09", 10, "2022-09-26"),
    ("2023-05-05", 1, "2023-05-09"),
    ("2023-04-28", 5, "2023-05-09"),
    # Christmas and New Year, on each day of the week that they fell on
    ("2019-12-24", 1, "2019-12-27"),
    ("2019-12-24", 4, "2020-01-02"),
    ("2020-12-24", 1, "2020-12-29"),
    ("2020-12-24", 4, "2021-01-04"),
    ("2021-12-24", 1, "2021-12-29"),
    ("2021-12-24", 4, "2022-01-04"),
    ("2022-12-23", 1, "2022-12-28"),
    ("2022-12-23", 4, "2023-01-03"),
    ("2023-12-22", 1, "2023-12-27"),
    ("2023-12-22", 4, "2024-01-02"),
    ("2024-12-24", 1, "2024-12-27"),
    ("2024-12-24", 4, "2025-01-02"),
    ("2025-12-24", 1, "2025-12-29"),
    ("2025-12-24", 4, "2026-01-02"),
    ("2025-12-29", -2, "2025-12-23"),
    ("2026-12-24", 1, "2026-12-29"),
    # the published case, counted on paper
    ("2019-09-16", 10, "2019-09-30"),
    ("2019-10-08", 5, "2019-10-15"),
    ("2019-11-27", 20, "2019-12-27"),
    ("2020-01-20", 15, "2020-02-10"),
    ("2020-02-10", -2, "2020-02-06"),
    ("2020-02-11", 45, "2020-04-16"),
    ("2020-05-13", 10, "2020-05-28"),
    ("2020-05-13", 15, "2020-06-04"),
    ("2020-05-21", 5, "2020-05-29"),
]

MONTHS = [
    ("2018-11-30", 3, "2019-02-28"),
    ("2019-11-30", 3, "2020-02-29"),
    ("2026-01-31", 1, "2026-02-28"),
    ("2024-01-31", 1, "2024-02-29"),
    ("2024-02-29", 6, "2024-08-29"),
    ("2024-02-29", 12, "2025-02-28"),
    ("2024-02-29", 15, "2025-05-29"),
    ("2024-02-29", 24, "2026-02-28"),
    ("2024-02-29", 48, "2028-02-29"),
    ("2026-03-31", 1, "2026-04-30"),
    ("2026-05-31", 3, "2026-08-31"),
    ("2025-08-31", 6, "2026-02-28"),
    ("2025-08-29", 6, "2026-02-28"),
    ("2025-08-28", 6, "2026-02-28"),
    ("2025-12-31", 2, "2026-02-28"),
    ("2026-10-31", 1, "2026-11-30"),
    ("2026-11-15", 2, "2027-01-15"),
    ("2020-02-10", 3, "2020-05-10"),
    ("2026-02-02", 15, "2027-05-02"),
]

PERIODS = [
    ("2019-09-16", "14 d", "2019-09-30"),
    ("2019-10-28", "42 d", "2019-12-09"),
    ("2020-02-27", "42 d", "2020-04-09"),
    ("2026-02-02", "28 d", "2026-03-02"),
    ("2024-02-02", "28 d", "2024-03-01"),
    ("2026-04-03", "same day", "2026-04-03"),
    ("2026-03-09", "5 WD before", "2026-03-02"),
    ("2026-03-09", "2 WD before", "2026-03-05"),
    ("2026-02-28", "6 m", "2026-08-28"),
]

START_COUNTS = [
    ("2026-02-07", "1 WD", "2026-02-09"),  # a Saturday is no working day, so Monday is day 1
    ("2026-02-09", "1 WD", "2026-02-09"),
    ("2026-02-02", "1 WD", "2026-02-02"),
    ("2026-02-02", "10 WD", "2026-02-13"),
    ("2026-04-02", "2 WD", "2026-04-07"),
    ("2026-02-02", "28 d", "2026-03-01"),
    ("2026-02-02", "1 m", "2026-03-02"),
    ("2026-02-02", "same day", "2026-02-02"),
    ("2026-03-09", "2 WD before", "2026-03-05"),
]

LONDON_DAYS = [
    ("2026-02-10T23:59:59+00:00", "2026-02-10"),
    ("2026-02-11T00:00:00+00:00", "2026-02-11"),
    ("2026-06-30T22:59:59+00:00", "2026-06-30"),
    ("2026-06-30T23:00:00+00:00", "2026-07-01"),
    ("2026-06-30T23:30:00+00:00", "2026-07-01"),
    ("2026-03-28T23:30:00+00:00", "2026-03-28"),
    ("2026-03-29T23:30:00+00:00", "2026-03-30"),
    ("2026-10-24T23:30:00+00:00", "2026-10-25"),
    ("2026-10-25T23:30:00+00:00", "2026-10-25"),
    ("2026-02-10T01:00:00+05:00", "2026-02-09"),
    ("2026-02-10T22:00:00-05:00", "2026-02-11"),
]

SWEEPS = [
    ("2026-02-10T05:59:59+00:00", "2026-02-10"),
    ("2026-02-10T06:00:00+00:00", "2026-02-10"),
    ("2026-02-10T06:00:00.000001+00:00", "2026-02-11"),
    ("2026-02-10T06:00:01+00:00", "2026-02-11"),
    ("2026-07-10T04:59:59+00:00", "2026-07-10"),
    ("2026-07-10T05:00:00+00:00", "2026-07-10"),
    ("2026-07-10T05:00:01+00:00", "2026-07-11"),
    ("2026-03-29T05:00:00+00:00", "2026-03-29"),
    ("2026-03-29T05:00:01+00:00", "2026-03-30"),
    ("2026-10-25T06:00:00+00:00", "2026-10-25"),
    ("2026-10-25T06:00:01+00:00", "2026-10-26"),
    ("2026-06-30T23:30:00+00:00", "2026-07-01"),
    ("2020-02-10T15:00:00+00:00", "2020-02-11"),
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("holiday", BANK_HOLIDAYS)
def test_a_bank_holiday_is_no_working_day(holiday: str) -> None:
    assert not ENGLAND.is_working(day(holiday))
    assert day(holiday).weekday() < 5


def test_every_other_weekday_is_a_working_day() -> None:
    weekdays = [
        each
        for each in (date(2019, 1, 1) + timedelta(days=n) for n in range(8 * 365 + 2))
        if each.weekday() < 5
    ]

    assert weekdays[-1] == date(2026, 12, 31)
    assert [str(each) for each in weekdays if not ENGLAND.is_working(each)] == BANK_HOLIDAYS


def test_gov_uk_lists_the_same_bank_holidays() -> None:
    published = BankHolidays(use_cached_holidays=True)
    listed = published.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    known = {each["date"] for each in listed if FIRST <= each["date"] <= LAST}
    years = {each.year for each in known}
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    closed = {d for d in days if d.weekday() < 5 and not ENGLAND.is_working(d)}

    assert years == set(range(2018, 2028))
    assert closed == known


@pytest.mark.parametrize(("start", "number", "due"), WORKING_DAYS)
def test_so_many_working_days_after_or_before(start: str, number: int, due: str) -> None:
    assert ENGLAND.working_days_after(day(start), number) == day(due)


@pytest.mark.parametrize(("start", "number", "due"), MONTHS)
def test_so_many_months_after_clamped_to_the_end_of_the_month(
    start: str, number: int, due: str
) -> None:
    assert months_after(day(start), number) == day(due)


@pytest.mark.parametrize(("start", "written", "due"), PERIODS)
def test_a_period_as_a_policy_writes_it(start: str, written: str, due: str) -> None:
    assert period(written).after(day(start), ENGLAND, start_counts=False) == day(due)


@pytest.mark.parametrize(("start", "written", "due"), START_COUNTS)
def test_a_period_where_the_day_of_the_start_is_day_1(start: str, written: str, due: str) -> None:
    assert period(written).after(day(start), ENGLAND, start_counts=True) == day(due)


@pytest.mark.parametrize(("when", "expected"), LONDON_DAYS)
def test_the_day_it_is_in_london(when: str, expected: str) -> None:
    assert london_day(moment(when)) == day(expected)


@pytest.mark.parametrize(("when", "expected"), SWEEPS)
def test_the_first_sweep_that_knows_what_was_recorded(when: str, expected: str) -> None:
    assert first_sweep_knowing(moment(when)) == day(expected)


@pytest.mark.parametrize(
    ("of", "last"),
    [
        ("2026-02-10", "2026-02-10T23:59:59.999999+00:00"),
        ("2026-07-10", "2026-07-10T22:59:59.999999+00:00"),
        ("2026-03-29", "2026-03-29T22:59:59.999999+00:00"),
        ("2026-10-25", "2026-10-25T23:59:59.999999+00:00"),
    ],
)
def test_the_last_moment_of_a_day_in_london(of: str, last: str) -> None:
    assert end_of(day(of)) == moment(last)
    assert london_day(end_of(day(of))) == day(of)


def test_there_are_at_least_60_dates_worked_by_hand() -> None:
    assert len(WORKING_DAYS) + len(MONTHS) + len(PERIODS) + len(START_COUNTS) >= 60


# What holds for every day

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
counts = st.integers(1, 500)
quick = settings(max_examples=100, deadline=None)


@quick
@given(days, counts)
def test_a_working_day_due_never_falls_on_a_day_off(start: date, number: int) -> None:
    assert ENGLAND.is_working(ENGLAND.working_days_after(start, number))
    assert ENGLAND.is_working(ENGLAND.working_days_after(start, -number))


@quick
@given(days, counts)
def test_there_are_exactly_so_many_working_days_up_to_it(start: date, number: int) -> None:
    due = ENGLAND.working_days_after(start, number)
    between = (start + timedelta(days=n + 1) for n in range((due - start).days))

    assert sum(ENGLAND.is_working(each) for each in between) == number


@quick
@given(days, days, counts)
def test_a_later_start_is_never_due_earlier(one: date, other: date, number: int) -> None:
    first, second = sorted((one, other))

    for sign in (1, -1):
        assert ENGLAND.working_days_after(first, sign * number) <= ENGLAND.working_days_after(
            second, sign * number
        )
    assert months_after(first, number) <= months_after(second, number)


@quick
@given(days, counts)
def test_more_days_are_due_strictly_later(start: date, number: int) -> None:
    more, less = (ENGLAND.working_days_after(start, n) for n in (number + 1, number))

    assert less < more
    assert months_after(start, number) < months_after(start, number + 1)


@quick
@given(days, counts)
def test_counting_forth_and_back_leads_home(start: date, number: int) -> None:
    home = ENGLAND.working_days_after(ENGLAND.working_days_after(start, number), -number)

    assert home == (start if ENGLAND.is_working(start) else ENGLAND.working_days_after(start, -1))


@quick
@given(days, st.integers(0, 120))
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(start: date, number: int) -> None:
    due = months_after(start, number)

    assert (due.year * 12 + due.month) - (start.year * 12 + start.month) == number
    assert due.day == start.day or (due + timedelta(days=1)).day == 1
    assert due.day <= start.day


@quick
@given(days, st.sampled_from([Period(10, Unit.WORKING_DAYS), Period(42, Unit.DAYS)]))
def test_counting_the_start_is_due_earlier_unless_nobody_works_then(
    start: date, each: Period
) -> None:
    later = each.after(start, ENGLAND, start_counts=False)
    earlier = each.after(start, ENGLAND, start_counts=True)

    does_not_count = each.unit is Unit.WORKING_DAYS and not ENGLAND.is_working(start)
    assert earlier == later if does_not_count else earlier < later


@quick
@given(st.datetimes(datetime(2000, 1, 1), datetime(2036, 1, 1)), st.timedeltas(timedelta(0)))  # noqa: DTZ001 - made aware below
def test_who_knew_is_monotone_and_never_later_than_tomorrow(at: datetime, later: timedelta) -> None:
    one = at.replace(tzinfo=UTC)
    other = one + min(later, timedelta(days=400))

    assert first_sweep_knowing(one) <= first_sweep_knowing(other)
    assert london_day(one) <= first_sweep_knowing(one) <= london_day(one) + timedelta(days=1)


@settings(max_examples=30, deadline=None)
@given(st.sets(days, max_size=20), days, st.integers(1, 40))
def test_local_closures_only_ever_put_a_day_off(
    closed: set[date], start: date, number: int
) -> None:
    closing = policy.working_calendar("GB", "ENG", frozenset(closed))

    assert closing.working_days_after(start, number) >= ENGLAND.working_days_after(start, number)
    assert not any(closing.is_working(each) for each in closed)
