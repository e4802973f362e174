"""How long a campaign runs in the ordinary tests, and how long under `make soak`."""

from typing import Any

import pytest


def quick_and_soak(quick: Any, soak: Any) -> list[Any]:
    """Give the length of a campaign, and the length that only `make soak` has time for."""
    return [pytest.param(quick, id="quick"), pytest.param(soak, marks=pytest.mark.soak, id="soak")]


def soak_only(soak: Any) -> list[Any]:
    """Give the length of a campaign that the ordinary tests have no time or no machine for."""
    return [pytest.param(soak, marks=pytest.mark.soak, id="soak")]
