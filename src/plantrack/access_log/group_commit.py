"""A line in which notes wait for one another: those that wait together share a commit."""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class NotNow(Exception):
    """Nothing can be written just now, whatever it is."""


class NotThese(Exception):
    """These rows cannot be written."""


class _Place(Generic[T]):
    def __init__(self, rows: Sequence[T]) -> None:
        self.rows = rows
        self.served = False
        self.written = False


class GroupCommit(Generic[T]):
    """Lets threads write together, in the order in which they came.

    ``write`` writes all rows or none, and raises NotNow or NotThese.
    """

    def __init__(self, write: Callable[[Sequence[T]], None]) -> None:
        self._write = write
        self._places: list[_Place[T]] = []
        self._coming = Lock()
        self._turn = Lock()

    def write(self, rows: Sequence[T]) -> bool:
        """Write all rows or none, and say whether they are written."""
        mine = _Place(rows)
        with self._coming:
            self._places.append(mine)
        with self._turn:
            if not mine.served:
                self._serve(self._all_waiting())
        return mine.written

    def _all_waiting(self) -> list[_Place[T]]:
        with self._coming:
            waiting, self._places = self._places, []
        return waiting

    def _serve(self, places: Sequence[_Place[T]]) -> None:
        """Write for all who wait; where nothing can be written, those who came since know too."""
        try:
            self._write([row for place in places for row in place.rows])
        except NotNow:
            places = [*places, *self._all_waiting()]
        except NotThese:
            if len(places) > 1:  # somebody's rows are spoiled, and the others' are not
                for place in places:
                    self._serve([place])
        else:
            for place in places:
                place.written = True
        finally:
            for place in places:
                place.served = True
