"""Hooks for schemathesis: values within the bounds that a schema cannot state.

A day lies between 1900 and 2199. To a schema 34.0 is a whole number; here it is refused, as
nothing is taken for what it is not. And a key that is fit for use stands for one command only.
"""

import re
from datetime import date, datetime
from itertools import count
from typing import Any

import schemathesis
from hypothesis import strategies as st

EARLIEST, LATEST = date(2019, 1, 1), date(2026, 3, 20)
DAYS = st.dates(EARLIEST, LATEST)
TIMES = st.datetimes(datetime(2019, 1, 1), datetime(2026, 3, 20))  # noqa: DTZ001 - written with Z

schemathesis.openapi.format("date", DAYS.map(date.isoformat))
schemathesis.openapi.format("date-time", TIMES.map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z"))


USED = count()


@schemathesis.hook
def map_headers(_: Any, headers: Any) -> Any:
    """Use no key for two commands."""
    key = (headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch("[!-~]{1,180}", key):
        headers["Idempotency-Key"] = f"{key}{next(USED)}"
    return headers


@schemathesis.hook
def map_body(_: Any, body: Any) -> Any:
    """Write whole numbers as such."""
    return as_whole(body)


def as_whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: as_whole(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
