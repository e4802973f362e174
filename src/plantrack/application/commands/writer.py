"""Checks commands against all that was said before, and appends what may be recorded."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec

from plantrack.application.commands.command import (
    Answer,
    Command,
    Guard,
    NewEvent,
    Receipt,
    too_much,
)
from plantrack.application.commands.plan_cache import PlanCache
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import CommandReused, Refusal, StaleVersion
from plantrack.domain.words import Person
from plantrack.record import CannotReach, CommandRow, Conflict, Record, Repeated

MOST_TRIES = 8
BETWEEN_TRIES = 0.002

T = TypeVar("T")

_write = msgspec.json.Encoder().encode


class Drafted(NamedTuple):
    """What a command comes to once its draft is on the record."""

    entries: list[Entry]
    last: int
    """How many entries the draft had with these."""
    mark: str
    repeated: bool = False

    def recorded(self, positions: Sequence[int]) -> Receipt:
        """Say so, now that it is."""
        return Receipt(self.entries, positions[self.last - 1], self.repeated)


class CommandWriter:
    """Does one thing at a time: who calls must have the turn."""

    def __init__(self, record: Record, now: Callable[[], datetime]) -> None:
        self._record = record
        self._now = now
        self._at_hand = PlanCache(record)

    def carry_out(self, batch: Sequence[Command]) -> list[Answer]:
        """Record or refuse each of some commands, in one commit if that can be."""
        self._at_hand.make_room()
        found: Sequence[Answer | None] = [None] * len(batch)
        if len(batch) > 1:
            try:
                found = self._together(batch)
            except CannotReach as why:
                return [CannotReach(str(why)) for _ in batch]
            except Exception:  # noqa: BLE001 - whose fault it is shows when each is tried alone
                found = [None] * len(batch)
        return [
            self._alone(asked) if answer is None else answer
            for asked, answer in zip(batch, found, strict=True)
        ]

    def take_in(self, entries: Sequence[Entry]) -> tuple[list[Entry], int]:
        """Record the entries of an import, or none, and give the position of the last."""
        plans = dict.fromkeys(entry.plan for entry in entries)
        self._at_hand.forget(plans)
        return self._until_settled(lambda: self._take_in(entries), plans)

    def _together(self, batch: Sequence[Command]) -> list[Answer | None]:
        """Draft every command on top of those before it, and append the whole draft at once.

        Nobody is answered before that is done, as a refusal may rest on what was only drafted.
        Whoever is left without an answer must be tried alone.
        """
        done: dict[str, Drafted] = {}
        with self._at_hand.drafting() as draft:
            outcomes = [self._outcome(asked, done) for asked in batch]
            positions = self._append_draft() if draft.entries else []
        return [
            each.recorded(positions) if isinstance(each, Drafted) else each for each in outcomes
        ]

    def _outcome(self, asked: Command, done: dict[str, Drafted]) -> Drafted | Answer | None:
        """Draft one command of a batch, or find why not."""
        if asked.waited_too_long:
            return too_much()
        command_id = asked.command_id or ""
        try:
            if command_id in done:
                return self._as_drafted(asked, done[command_id])
            drafted = self._draft(asked)
        except Refusal as refused:
            return self._why_refused(asked, refused)
        except CannotReach:
            raise
        except Exception as wrong:  # noqa: BLE001 - raised to whoever asked, and to nobody else
            return wrong
        if command_id:
            done[command_id] = drafted
        return drafted

    def _as_drafted(self, asked: Command, before: Drafted) -> Drafted:
        """Answer a command that came twice in a batch as the first time."""
        if before.mark != asked.mark:
            raise CommandReused
        return before._replace(repeated=True)

    def _why_refused(self, asked: Command, refused: Refusal) -> Answer | None:
        """Refuse, unless another process wrote meanwhile or it was carried out before."""
        if self._at_hand.forget_if_behind(asked.plans):
            return None
        try:
            return self._as_before(asked, refused)
        except Refusal as why:
            return why

    def _alone(self, asked: Command) -> Answer:
        """Carry out one command in a commit of its own."""
        try:
            return self._in_time(asked)
        except Exception as wrong:  # noqa: BLE001 - raised to whoever asked, and to nobody else
            return wrong

    def _in_time(self, asked: Command) -> Receipt:
        if asked.waited_too_long:
            raise too_much()
        try:
            return self._until_settled(lambda: self._attempt(asked), asked.plans)
        except Repeated as before:
            return self._as_answered(before.answer)
        except Refusal as refused:
            return self._as_before(asked, refused)

    def _until_settled(self, attempt: Callable[[], T], plans: Iterable[str]) -> T:
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

    def _attempt(self, asked: Command) -> Receipt:
        with self._at_hand.drafting():
            drafted = self._draft(asked)
            return drafted.recorded(self._append_draft())

    def _draft(self, asked: Command) -> Drafted:
        """Check a command; if any of it is refused, the rest is forgotten."""
        at_hand, draft = self._at_hand, self._at_hand.draft
        if asked.guard:
            draft.look(asked.guard.look())
        for each in asked.said:
            at_hand.fetch(each.plan)
        rows = at_hand.child_rows([(each.plan, each.event) for each in asked.said])
        now = self._recorded_at(each.plan for each in asked.said)
        entries: list[Entry] = []
        try:
            for each in asked.said:
                self._allow(asked.guard, each, entries)
                entries.append(self._check(each, asked.by, now))
            follows = asked.guard.follows(entries) if asked.guard else []
        except BaseException:
            at_hand.forget({entry.plan for entry in entries})
            raise
        draft.entries += entries
        draft.rows += rows
        first = (draft.known_rights or 0) + len(draft.rights) + 1
        draft.rights += [each._replace(number=n) for n, each in enumerate(follows, first)]
        if asked.command_id:
            answer = _write([(entry.plan, entry.number) for entry in entries]).decode()
            draft.commands.append(CommandRow(asked.command_id, asked.mark, answer, now))
        at_hand.last_at.update((entry.plan, now) for entry in entries)
        return Drafted(entries, len(draft.entries), asked.mark)

    def _allow(self, guard: Guard | None, said: NewEvent, before: Sequence[Entry]) -> None:
        """Ask the guard, where there is one, whether something may be said."""
        if guard is None:
            return
        at_hand, record = self._at_hand, self._record

        def entries() -> list[Entry]:
            stored = record.entries_of([said.plan]).get(said.plan, [])
            now = [entry for entry in before if entry.plan == said.plan]
            return stored + at_hand.draft.of_plan(said.plan) + now

        guard.refuse(said, at_hand.book.plans.get(said.plan), entries)

    def _append_draft(self) -> list[int]:
        draft = self._at_hand.draft
        return self._record.append(
            draft.entries,
            commands=draft.commands,
            children=draft.rows,
            known_rights=draft.known_rights,
            rights=draft.rights,
        )

    def _check(self, said: NewEvent, by: Person, now: datetime) -> Entry:
        plan, event, last_read = said
        at = self._at_hand.version(plan)
        if at is not None and last_read is not None and at != last_read:
            raise StaleVersion(plan, last_read, at)
        number = self._at_hand.book.record(plan, event, by, now).version
        return Entry(plan, number, now, by, event)

    def _take_in(self, entries: Sequence[Entry]) -> tuple[list[Entry], int]:
        """Check an import again, now that nobody else can write in between, and append it."""
        plans = list(dict.fromkeys(entry.plan for entry in entries))
        for plan in plans:
            self._at_hand.fetch(plan)
        rows = self._at_hand.child_rows([(entry.plan, entry.event) for entry in entries])
        now = self._recorded_at(plans)
        try:
            taken = [self._check_import(entry, now) for entry in entries]
            positions = self._record.append(taken, children=rows)
        finally:
            self._at_hand.forget(plans)
        return taken, positions[-1] if positions else 0

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

    def _as_before(self, asked: Command, refused: Refusal) -> Receipt:
        """Answer as before what was carried out before; refuse anything else."""
        if asked.command_id:
            answer = self._record.answer(asked.command_id, asked.mark)
            if answer is not None:
                return self._as_answered(answer)
        raise refused

    def _as_answered(self, answer: str) -> Receipt:
        said = json.loads(answer)
        entries = [self._record.entry(plan, number) for plan, number in said]
        return Receipt(entries, self._record.position_of(*said[-1]), repeated=True)
