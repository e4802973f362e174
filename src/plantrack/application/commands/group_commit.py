"""The line in which commands wait, so that those who wait together share one commit.

There is no thread that serves. Whoever finds nobody leading leads: takes all who wait, has them
served, and hands on to whoever stands first by then. So a lone caller waits for no other thread.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Lock
from weakref import WeakSet

from plantrack.application.commands import command
from plantrack.application.commands.command import Answer, Command, Receipt, too_much
from plantrack.record import CannotReach

MOST_TOGETHER = 128
"""How many commands share a commit at most, so that the first of them need not wait for long."""

LOOK_EVERY = 0.1
"""How often it is looked who has waited too long in an event loop."""

INTERRUPTED = "The recording was interrupted. Look whether it is there, or try again."


class InThread:
    """The place of a caller who waits in a thread of their own."""

    __slots__ = ("answer", "asked", "gate", "leads")

    def __init__(self, asked: Command | None) -> None:
        """Take a place for a command; for None, a place to do something alone."""
        self.asked = asked
        self.answer: Answer | None = None
        self.leads = False
        self.gate = Lock()
        self.gate.acquire()


class InLoop:
    """The place of a caller who waits in an event loop."""

    __slots__ = ("answer", "asked", "future", "loop")

    def __init__(self, asked: Command, loop: asyncio.AbstractEventLoop) -> None:
        self.asked = asked
        self.answer: Answer | None = None
        self.loop = loop
        self.future: asyncio.Future[Receipt] = loop.create_future()

    def tell(self) -> None:
        """Give the caller the answer, unless they have left."""
        if self.future.done():
            return
        if isinstance(self.answer, Receipt):
            self.future.set_result(self.answer)
        else:
            self.future.set_exception(self.answer or CannotReach(INTERRUPTED))


Place = InThread | InLoop


class GroupCommit:
    """One line and at most one leader; nobody waits in it when nobody leads."""

    def __init__(
        self,
        serve: Callable[[Sequence[Command]], list[Answer]],
        afterwards: Callable[[Sequence[Answer]], None],
    ) -> None:
        """Serve under the lead; do what comes afterwards when another may lead."""
        self._serve = serve
        self._afterwards = afterwards
        self._lock = Lock()
        self._places: deque[Place] = deque()
        self._led = False
        self._watched: WeakSet[asyncio.AbstractEventLoop] = WeakSet()
        # One leads while the other still does what comes afterwards.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="recording")

    def wait(self, asked: Command) -> Receipt:
        """Wait in this thread for a command to be carried out."""
        place = InThread(asked)
        if self._come_first(place):
            self._lead()
        answer = place.answer
        if isinstance(answer, Receipt):
            return answer
        raise answer or CannotReach(INTERRUPTED)

    async def wait_soon(self, asked: Command) -> Receipt:
        """Wait in the event loop for a command to be carried out."""
        place = InLoop(asked, asyncio.get_running_loop())
        if self._join(place):
            self._lead_elsewhere()
        self._watch(place.loop)
        try:
            return await place.future
        finally:
            if place.answer is None:
                self._leave(place)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait in this thread, then lead without serving anybody."""
        place = InThread(None)
        self._come_first(place)
        self._leave(place)
        try:
            yield
        finally:
            self._hand_on()

    def _join(self, place: Place) -> bool:
        """Stand at the end of the line; true if nobody leads, so that the caller must."""
        with self._lock:
            self._places.append(place)
            nobody_led, self._led = not self._led, True
            return nobody_led

    def _leave(self, place: Place) -> bool:
        """Leave the line; false if the place is already being served."""
        with self._lock:
            if place in self._places:
                self._places.remove(place)
                return True
            return False

    def _come_first(self, place: InThread) -> bool:
        """Wait in line; true if the caller must lead now, false if the answer is there.

        Whoever is called just as they leave hands on the lead.
        """
        if self._join(place):
            return True
        try:
            self._stand(place)
        except BaseException:
            self._leave(place)
            if place.leads:
                self._hand_on()
            raise
        return place.leads

    def _stand(self, place: InThread) -> None:
        """Wait to be called or answered; whoever is being served by then waits for the answer."""
        if place.gate.acquire(timeout=command.LONGEST_WAIT):
            return
        if self._leave(place):
            raise too_much()
        place.gate.acquire()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """See to it that nobody in a loop waits in vain; a timer for each would cost too much."""
        if loop not in self._watched:
            self._watched.add(loop)
            loop.call_later(LOOK_EVERY, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Refuse who has waited too long in a loop, and look again while anybody waits there."""
        self._watched.discard(loop)
        with self._lock:
            places = [each for each in self._places if isinstance(each, InLoop)]
        for place in places:
            if place.loop is loop and place.asked.waited_too_long and self._leave(place):
                place.answer = too_much()
                place.tell()
        if places:
            self._watch(loop)

    def _lead(self) -> None:
        """Serve those who stand first, tell them, and hand on."""
        batch, answers = self._take(), list[Answer]()
        try:
            answers = self._serve([place.asked for place in batch if place.asked])
            for place, answer in zip(batch, answers, strict=True):
                place.answer = answer
        finally:
            _tell(batch)
            self._hand_on()
        self._afterwards(answers)

    def _take(self) -> list[Place]:
        """Take from the line who may share a commit."""
        batch: list[Place] = []
        with self._lock:
            while self._places and self._places[0].asked and len(batch) < MOST_TOGETHER:
                batch.append(self._places.popleft())
        return batch

    def _hand_on(self) -> None:
        """Let whoever stands first lead, or nobody if nobody waits."""
        with self._lock:
            self._led = bool(self._places)
            first = self._places[0] if self._places else None
            if isinstance(first, InThread):
                first.leads = True
                first.gate.release()
        if isinstance(first, InLoop):
            self._lead_elsewhere()

    def _lead_elsewhere(self) -> None:
        """Have one of the threads lead, as an event loop must not wait."""
        try:
            self._threads.submit(self._lead)
        except RuntimeError:  # the interpreter is ending and starts no more threads
            self._lead()


def _tell(batch: Sequence[Place]) -> None:
    """Wake everybody who was served: threads one by one, a loop once for all of its callers."""
    by_loop: dict[asyncio.AbstractEventLoop, list[InLoop]] = {}
    for place in batch:
        if isinstance(place, InThread):
            place.gate.release()
        else:
            by_loop.setdefault(place.loop, []).append(place)
    for loop, places in by_loop.items():
        with suppress(RuntimeError):  # a loop that was closed has nobody left to be told
            loop.call_soon_threadsafe(_tell_all, places)


def _tell_all(places: Sequence[InLoop]) -> None:
    for place in places:
        place.tell()
