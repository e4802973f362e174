"""Reading without holding up the event loop: a few threads, and no more."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from plantrack.application.services import Services

T = TypeVar("T")


class Readers:
    """Some threads that wait for the database in place of the event loop."""

    def __init__(self, how_many: int) -> None:
        self._how_many = how_many
        self._limit: CapacityLimiter | None = None

    async def __call__(self, read: Callable[[], T]) -> T:
        """Do something that waits for the database."""
        if self._limit is None:
            self._limit = CapacityLimiter(self._how_many)
        return await to_thread.run_sync(read, limiter=self._limit)


async def services(request: Request) -> Services:
    """Find the services that the application was made over."""
    found: Services = request.app.state.services
    return found


async def reader(request: Request) -> Readers:
    """Find the threads that read."""
    found: Readers = request.app.state.readers
    return found


AServices = Annotated[Services, Depends(services)]
AReader = Annotated[Readers, Depends(reader)]
