"""What tests of signing in do again and again."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from plantrack.authentication.fetching import Line
from plantrack.authentication.oidc import Attempt, Known, SignIn
from plantrack.authentication.refusals import Reason, SignInRefused

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HERE = "http://127.0.0.1:8000"
LINE = Line()
"""One for all tests: its certificates are read once."""

T = TypeVar("T")


def wait(for_it: Coroutine[Any, Any, T]) -> T:
    """Wait for something that is asked of a provider; a browser may be using this thread."""
    with ThreadPoolExecutor(1) as another:
        return another.submit(asyncio.run, for_it).result()


def begin(
    sign_in: SignIn, name: str, now: datetime | None = None, *, step_up: bool = False
) -> Attempt:
    """Begin a sign-in at a provider."""
    back = f"{HERE}/sign-in/{name}/callback"
    return wait(sign_in.begin(name, back, step_up=step_up, now=now or datetime.now(UTC)))


def came_back(callback: str) -> dict[str, str]:
    """Read what a provider sent a browser back with."""
    return dict(parse_qsl(urlsplit(callback).query))


def finish(
    sign_in: SignIn,
    attempt: Attempt,
    callback: dict[str, str],
    now: datetime | None = None,
    came_to: str | None = None,
) -> Known:
    """Finish a sign-in."""
    path = came_to or attempt.provider
    return wait(sign_in.finish(attempt, callback, now or datetime.now(UTC), came_to=path))


def why_not(*asked: Any, **more: Any) -> Reason:
    """Say why a sign-in is refused to be finished."""
    with pytest.raises(SignInRefused) as refused:
        finish(*asked, **more)
    return refused.value.reason
