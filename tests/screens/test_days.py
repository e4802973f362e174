"""Days are written in full, and of a time it is the day in London."""

from datetime import UTC, date, datetime

import pytest

from plantrack.pages.wording import dates


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (None, ""),
        ("2026-06-30", "30 June 2026"),
        (date(2026, 12, 4), "4 December 2026"),
        ("2026-06-30T22:59:59.000001Z", "30 June 2026"),
        ("2026-06-30T23:00:00Z", "1 July 2026"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "31 December 2026"),
    ],
)
def test_a_day_is_written_in_full_whether_a_day_or_a_time_was_said(
    said: date | str | None, written: str
) -> None:
    assert dates.day(said) == written
