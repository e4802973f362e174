"""The tracker: what the outside holds, to say what happened and to read what was said."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import NamedTuple

from plantrack import wire
from plantrack.domain.casebook import Casebook
from plantrack.domain.entries import Entry
from plantrack.domain.events import ENDINGS, Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.refusals import NoSuchPlan, Refusal, StaleVersion
from plantrack.domain.words import Person
from plantrack.record import CannotReach, ChildRow, Command, Conflict, Record, Repeated

MOST_PLANS_AT_HAND = 2_000
MOST_TRIES = 8
LONGEST_WAIT = 2.0
BETWEEN_TRIES = 0.002

BEARS_ON_OTHER_PLANS = (PlanOpened, *ENDINGS, Corrected, Retracted)
"""What can make two plans of a child stand side by side, or keep them from it."""


def utc_now() -> datetime:
    """Give the server's time."""
    return datetime.now(UTC)


class Said(NamedTuple):
    """One thing that somebody wants recorded, and how far they had read the plan."""

    plan: str
    event: PlanEvent
    last_read: int | None = None


class PlansAtHand:
    """The plans that were written last, as they stood when this process last looked."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.clear()

    def clear(self) -> None:
        """Put every plan back on the shelf."""
        self.book = Casebook(wire.amend, shelf=self)
        self.last_at: dict[str, datetime] = {}

    def events_of(self, plan: str) -> Iterator[PlanEvent]:
        """Give a plan's events to the casebook, and note when the last one was recorded."""
        try:
            entries = self._record.entries(plan)
        except NoSuchPlan:
            return
        self.last_at[plan] = entries[-1].recorded_at
        for entry in entries:
            yield entry.event

    def plans_of(self, child: str) -> list[str]:
        """Name a child's plans to the casebook."""
        return self._record.plans_of(child)

    def version(self, plan: str) -> int | None:
        """Say at which entry a plan stands here; None if it is not at hand."""
        found = self.book.plans.get(plan)
        return found.version if found else None

    def forget(self, plans: Iterable[str]) -> None:
        """Put some plans back on the shelf."""
        for plan in plans:
            self.book.forget(plan)

    def forget_if_behind(self, plans: Iterable[str]) -> bool:
        """Put back the plans that another process has written since, and say whether any was."""
        behind = [
            plan
            for plan in plans
            if (at := self.version(plan)) is not None and at != self._record.last_number(plan)
        ]
        self.forget(behind)
        return bool(behind)

    def fetch(self, plan: str) -> None:
        """Fetch a plan with all of its child's, as each inherits from the one before."""
        if plan not in self.book.plans and (child := self._record.child_of(plan)):
            self.book.of_child(child)

    def child_rows(self, events: Sequence[tuple[str, PlanEvent]]) -> list[ChildRow]:
        """Take the next lines in the register of a child's plans, for events that bear on others.

        The register is read first and the plans after it. Whoever writes one of the child's plans
        in between takes the same line, and one of the two loses.
        """
        rows: list[ChildRow] = []
        child_of: dict[str, str] = {}
        taken: dict[str, int] = {}
        for plan, event in events:
            if isinstance(event, PlanOpened):
                child_of[plan] = event.child
            if not isinstance(event, BEARS_ON_OTHER_PLANS):
                continue
            child = child_of.get(plan) or self._record.child_of(plan)
            if child:
                taken[child] = taken.get(child) or len(self._freshen(child))
                taken[child] += 1
                rows.append(ChildRow(child, taken[child], plan))
        return rows

    def _freshen(self, child: str) -> list[str]:
        register = self._record.register(child)
        self.forget_if_behind(dict.fromkeys(register))
        self.book.of_child(child)
        return register


class Tracker:
    """Records what people say, checked against all that was said before."""

    def __init__(self, record: Record, now: Callable[[], datetime] = utc_now) -> None:
        self._record = record
        self._now = now
        self._at_hand = PlansAtHand(record)
        self._turn = Lock()

    def record(
        self,
        plan: str,
        event: PlanEvent,
        by: Person,
        *,
        last_read: int | None = None,
        command_id: str | None = None,
    ) -> Entry:
        """Record an event on a plan, or refuse it."""
        [entry] = self._carry_out([Said(plan, event, last_read)], by, command_id)
        return entry

    def record_together(
        self,
        events: Sequence[tuple[str, PlanEvent]],
        by: Person,
        *,
        command_id: str | None = None,
    ) -> list[Entry]:
        """Record events on several plans: all of them, or none."""
        return self._carry_out([Said(plan, event) for plan, event in events], by, command_id)

    def take_in(self, entries: Sequence[Entry]) -> list[Entry]:
        """Record the entries of an import that was checked: all of them, or none.

        They are recorded now; the time that their file states is kept beside.
        """
        plans = dict.fromkeys(entry.plan for entry in entries)
        with self._its_turn():
            self._at_hand.forget(plans)
            return self._until_settled(lambda: self._take_in(entries), plans)

    def entries(self, plan: str) -> list[Entry]:
        """Give one plan's whole history, in the order recorded."""
        return self._record.entries(plan)

    def plans(self) -> list[str]:
        """Name all plans in the order opened."""
        return self._record.plans()

    def plans_of(self, child: str) -> list[str]:
        """Name a child's plans in the order opened."""
        return self._record.plans_of(child)

    def now(self) -> datetime:
        """Give the server's time."""
        return self._now()

    @contextmanager
    def _its_turn(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=LONGEST_WAIT):
            raise CannotReach("Too much is being recorded just now. Try again in a moment.")
        try:
            yield
        finally:
            self._turn.release()

    def _carry_out(self, said: Sequence[Said], by: Person, command_id: str | None) -> list[Entry]:
        """Record what was said, or answer as before what was said before."""
        plans = dict.fromkeys(each.plan for each in said)
        mark = _fingerprint(said, by) if command_id else ""
        with self._its_turn():
            try:
                return self._until_settled(lambda: self._attempt(said, by, command_id, mark), plans)
            except Repeated as before:
                return self._as_answered(before.answer)
            except Refusal:
                if command_id and (answer := self._record.answer(command_id, mark)) is not None:
                    return self._as_answered(answer)
                raise

    def _until_settled(
        self, attempt: Callable[[], list[Entry]], plans: Iterable[str]
    ) -> list[Entry]:
        """Try again on what others wrote meanwhile; refuse only what they leave refused."""
        for tried in range(MOST_TRIES):
            try:
                return attempt()
            except Conflict:
                self._at_hand.forget(plans)
                time.sleep(BETWEEN_TRIES * tried)
            except Refusal:
                if not self._at_hand.forget_if_behind(plans):
                    raise
        raise CannotReach("Others keep writing on the same plan. Try again in a moment.")

    def _attempt(
        self, said: Sequence[Said], by: Person, command_id: str | None, mark: str
    ) -> list[Entry]:
        """Check and append; what was only thought of is forgotten if that fails."""
        rows = self._prepare(said)
        now = self._recorded_at(each.plan for each in said)
        entries: list[Entry] = []
        try:
            for each in said:
                entries.append(self._check(each, by, now))
            answer = json.dumps([(entry.plan, entry.number) for entry in entries])
            command = Command(command_id, mark, answer, now) if command_id else None
            self._record.append(entries, command=command, children=rows)
        except BaseException:
            self._at_hand.forget(entry.plan for entry in entries)
            raise
        self._at_hand.last_at.update((entry.plan, now) for entry in entries)
        return entries

    def _prepare(self, said: Sequence[Said]) -> list[ChildRow]:
        """Have the plans at hand that the check will look at."""
        if len(self._at_hand.book.plans) > MOST_PLANS_AT_HAND:
            self._at_hand.clear()
        for each in said:
            self._at_hand.fetch(each.plan)
        return self._at_hand.child_rows([(each.plan, each.event) for each in said])

    def _check(self, said: Said, by: Person, now: datetime) -> Entry:
        plan, event, last_read = said
        at = self._at_hand.version(plan)
        if at is not None and last_read is not None and at != last_read:
            raise StaleVersion(plan, last_read, at)
        number = self._at_hand.book.record(plan, event, by, now).version
        return Entry(plan, number, now, by, event)

    def _take_in(self, entries: Sequence[Entry]) -> list[Entry]:
        """Check an import again, now that nobody else can write in between, and append it."""
        plans = list(dict.fromkeys(entry.plan for entry in entries))
        for plan in plans:
            self._at_hand.fetch(plan)
        rows = self._at_hand.child_rows([(entry.plan, entry.event) for entry in entries])
        now = self._recorded_at(plans)
        try:
            taken = [self._check_import(entry, now) for entry in entries]
            self._record.append(taken, children=rows)
        finally:
            self._at_hand.forget(plans)
        return taken

    def _check_import(self, entry: Entry, now: datetime) -> Entry:
        found = self._at_hand.book.record(entry.plan, entry.event, entry.by, entry.known_at)
        if found.version != entry.number:
            raise StaleVersion(entry.plan, entry.number - 1, found.version - 1)
        return entry._replace(recorded_at=now, originally_recorded_at=entry.known_at)

    def _recorded_at(self, plans: Iterable[str]) -> datetime:
        """Give the server's time, but never one before a plan's last entry."""
        last_at = self._at_hand.last_at
        before = (last_at[plan] for plan in plans if plan in last_at)
        return max([self._now().astimezone(UTC), *before])

    def _as_answered(self, answer: str) -> list[Entry]:
        return [self._record.entry(plan, number) for plan, number in json.loads(answer)]


def _fingerprint(said: Sequence[Said], by: Person) -> str:
    """Tell whether a command is the same as before: who says what, on which plans."""
    what = [[each.plan, wire.write_event(each.event)] for each in said]
    return sha256(json.dumps([what, by.name, by.agency, by.role]).encode()).hexdigest()
