"""What tests of the access record share."""

from collections.abc import Iterator

import pytest

from access.lookings import made
from plantrack.access_log.log import AccessLog


@pytest.fixture
def log(url: str) -> Iterator[AccessLog]:
    with made(url) as log:
        yield log
