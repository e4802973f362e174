"""Writing: what a person says on one plan or several, and how that is answered."""

import secrets
from base64 import b32encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request

from plantrack import codec
from plantrack.access_log.log import CannotNote
from plantrack.application.command_guard import INTEREST, CommandGuard, refuse, writes_as
from plantrack.application.commands import NewEvent, Receipt
from plantrack.domain.events import MeetingHeld, PlanEvent, PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.redaction.marks import sealed
from plantrack.domain.refusals import Incomplete, NotAllowed, PlansOverlap, StaleVersion, Unreadable
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Because, Subject
from plantrack.domain.words import By
from plantrack.record import Record
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.media import Json, answer, etag
from plantrack.web.position_tokens import Positions
from plantrack.web.problems import STATUS, Problem
from plantrack.web.request_bodies import read_object
from plantrack.web.show import AShowing, Showing

MOST_BETWEEN = 20
MOST_PLANS = 50
MOST_EVENTS = 200
NOT_FOR_THIS_CHILD = (
    "A plan cannot be opened for this child as things stand. Ask a service manager, who can "
    "see why."
)


CANNOT_BE_FOLLOWED = frozenset({Because.NO_SUCH_PLAN, Because.RESTRICTED, Because.CONFLICT})
"""Why a new plan cannot take another's place; who is merely not tied to it may open the next."""


class Came(msgspec.Struct, forbid_unknown_fields=True):
    """An entry that came between what somebody had read and what they wrote."""

    entry: int
    on: date
    recorded_at: datetime
    by: By
    told: str


class RecordedEntry(msgspec.Struct, forbid_unknown_fields=True):
    """What was put on a plan; ``position`` is its place on the record, for “at_least”."""

    plan: str
    entry: int
    position: str
    recorded_at: datetime
    told: str


class NumberedEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One entry that was put on a plan together with others."""

    entry: int
    told: str


class RecordedMeeting(msgspec.Struct, forbid_unknown_fields=True):
    """What was put on each plan; its last entry is what to write next upon."""

    plans: dict[str, list[NumberedEntry]]
    position: str
    recorded_at: datetime


class CommandSender:
    """One person writing."""

    def __init__(
        self,
        request: Request,
        services: AServices,
        reader: AReader,
        showing: AShowing,
        key: q.Key = None,
    ) -> None:
        self._request = request
        self._services = services
        self._reader = reader
        self._showing: Showing = showing
        self._key: str | None = key
        self._positions: Positions = request.app.state.positions

    async def object(self) -> dict[str, Any]:
        """Read the object that was sent."""
        return await read_object(self._request)

    async def event(self) -> PlanEvent:
        """Read the event that was sent."""
        return codec.read_event(await self.object())

    async def opening(self) -> PlanOpened:
        """Read the opening that was sent."""
        event = await self.event()
        if not isinstance(event, PlanOpened):
            raise Unreadable("A new plan begins with its “PlanOpened”. Open it first.")
        return event

    def new_name(self, asker: Asker, opened: PlanOpened) -> str:
        """Name a new plan: the same for a repeat of the same command."""
        by_chance = secrets.token_bytes(32)
        command = self._command_id(asker.subject)
        digest = sha256(command.encode()).digest() if command else by_chance
        return f"{opened.plan_kind.value.upper()}-{b32encode(digest)[:10].decode()}"

    def keyed(self, key: str | None) -> None:
        """Name the command as the page does that it was sent from."""
        self._key = key or None

    async def write(self, asker: Asker, said: Sequence[NewEvent]) -> Receipt:
        """Record what was said, all of it or nothing."""
        services, subject = self._services, asker.subject
        await self._reader(lambda: self._refuse_unseen(asker, said))
        try:
            return await services.commands.carry_out_soon(
                said,
                writes_as(subject),
                command_id=self._command_id(subject),
                guard=CommandGuard(services.authoriser, subject, services.commands.now),
            )
        except StaleVersion as stale:
            last_read = {each.plan: each.last_read for each in said if each.last_read is not None}
            came = await self._reader(lambda: self._what_came_between(asker, last_read))
            raise _somebody_wrote_first(stale, came) from None
        except PlansOverlap:
            await self._reader(lambda: self._refuse_unspoken(asker, said))
            raise

    def tell_entry(self, recorded: Receipt, headers: Mapping[str, str] | None = None) -> Json:
        """Answer with the one entry that was recorded."""
        [entry] = recorded.entries
        told = RecordedEntry(
            plan=entry.plan,
            entry=entry.number,
            position=self._position(recorded),
            recorded_at=entry.recorded_at,
            told=entry.event.sentence(),
        )
        return answer(told, 201, {"ETag": etag(entry.number)} | dict(headers or {}))

    def tell_meeting(self, recorded: Receipt) -> Json:
        """Answer with the entries that were recorded on each plan."""
        plans: dict[str, list[NumberedEntry]] = {}
        for entry in recorded.entries:
            told = NumberedEntry(entry.number, entry.event.sentence())
            plans.setdefault(entry.plan, []).append(told)
        at = recorded.entries[0].recorded_at
        told_of = RecordedMeeting(plans, self._position(recorded), at)
        return answer(told_of, 201)

    def _position(self, recorded: Receipt) -> str:
        """Seal where something was recorded, so that a repeat is answered to the byte."""
        last = recorded.entries[-1]
        return self._positions.write(recorded.position, f"{last.plan}/{last.number}")

    def _command_id(self, subject: Subject) -> str | None:
        """Name the command: no two people's keys meet, and a key says nothing about a person."""
        if self._key is None:
            return None
        whose = msgspec.json.encode([subject.person, self._key])
        return f"http:{sha256(whose).hexdigest()}"

    def _refuse_unseen(self, asker: Asker, said: Sequence[NewEvent]) -> None:
        """Refuse a plan that somebody may not see before anything is read for it.

        How long a refusal takes would else tell a plan that they may not see from none.
        """
        begins: dict[str, PlanEvent] = {}
        for each in said:
            begins.setdefault(each.plan, each.event)
        for plan, event in begins.items():
            if not isinstance(event, PlanOpened):
                self._showing.refuse_unseen(asker, Action.RECORD, plan, "record")
        opened = {s.plan: s.event.follows for s in said if isinstance(s.event, PlanOpened)}
        for before in dict.fromkeys(opened.values()):
            if before is not None and before not in opened:
                decision, _, _ = self._services.authoriser.decide(
                    asker.subject, Action.READ_PLAN, before
                )
                if decision.because in CANNOT_BE_FOLLOWED:
                    refuse(decision, before)
        self._refuse_beside_unseen(asker, said)

    def _refuse_beside_unseen(self, asker: Asker, said: Sequence[NewEvent]) -> None:
        """Refuse a new plan for a child who has one that is kept from whoever opens it.

        It could take over what the hidden plan left open, and would not be kept from anybody.
        """
        for plan in self._plans_of_children(said):
            decision, _, _ = self._services.authoriser.decide(asker.subject, Action.READ_PLAN, plan)
            if decision.because is Because.CONFLICT:
                raise NotAllowed(INTEREST)
            if decision.because is Because.RESTRICTED:
                raise PlansOverlap(NOT_FOR_THIS_CHILD)

    def _refuse_unspoken(self, asker: Asker, said: Sequence[NewEvent]) -> None:
        """Say nothing of a child's other plan to somebody who may not see it."""
        for plan in self._plans_of_children(said):
            decision, _, _ = self._services.authoriser.decide(asker.subject, Action.READ_PLAN, plan)
            if not decision.allow:
                raise PlansOverlap(NOT_FOR_THIS_CHILD)

    def _plans_of_children(self, said: Sequence[NewEvent]) -> list[str]:
        """Name the plans that there are already of the children for whom plans are opened."""
        children = dict.fromkeys(s.event.child for s in said if isinstance(s.event, PlanOpened))
        return [plan for child in children for plan in self._services.record.plans_of(child)]

    def _what_came_between(
        self, asker: Asker, last_read: Mapping[str, int]
    ) -> list[dict[str, Any]]:
        """Tell of each plan that moved on which entries the person has not seen."""
        return [
            told
            for plan, number in last_read.items()
            for told in [self._since(asker, plan, number)]
            if told["now"] != number
        ]

    def _since(self, asker: Asker, plan: str, number: int) -> dict[str, Any]:
        record = self._services.record
        now = record.last_number(plan)
        came = partial(_came_after, record, plan, number)
        try:
            asked = Asker(asker.subject, Action.READ_PLAN)
            shown: Any = self._showing.plan(asked, plan, "between", came).json
        except CannotNote:
            shown = []
        return {"plan": plan, "now": now, "between": shown}


ASender = Annotated[CommandSender, Depends()]


def read_meeting(raw: dict[str, Any]) -> list[NewEvent]:
    """Read what is said of several children at one meeting."""
    plans = raw.get("plans")
    if raw.keys() != {"plans"} or not isinstance(plans, dict):
        raise Unreadable("Send one object with “plans”, and in it an object for each plan.")
    if not 1 <= len(plans) <= MOST_PLANS:
        raise Unreadable(f"A meeting is about 1 to {MOST_PLANS} plans. Send them in parts.")
    said = [each for name, part in plans.items() for each in _read_part(name, part)]
    meetings = {(e.type, e.on) for _, e, _ in said if isinstance(e, MeetingHeld)}
    if len(meetings) != 1:
        raise Incomplete("One meeting has one type and one day on every plan. Make them the same.")
    return said


def _read_part(name: str, part: object) -> list[NewEvent]:
    """Read what is said on one plan; only its first event can tell whether somebody was first."""
    plan = codec.read_plan_name(name)
    if not isinstance(part, dict) or not part.keys() <= {"last_read", "events"}:
        raise Unreadable(f"Plan {plan} needs an object with “last_read” and “events”, no more.")
    if part.get("last_read") is None:
        raise Problem(428, f"Say in “last_read” which entry of plan {plan} you read last.")
    last_read, raw = part["last_read"], part.get("events")
    if type(last_read) is not int or not 1 <= last_read <= codec.BOUNDS["number"][1]:
        raise Unreadable("“last_read” must be the number of an entry.")
    if not isinstance(raw, list) or not 1 <= len(raw) <= MOST_EVENTS:
        raise Unreadable(f"“events” must be a list of 1 to {MOST_EVENTS} events.")
    events = [codec.read_event(each) for each in raw]
    if sum(isinstance(event, MeetingHeld) for event in events) != 1:
        raise Incomplete(f"Plan {plan} needs exactly one “MeetingHeld” among its events.")
    return [NewEvent(plan, event, None if at else last_read) for at, event in enumerate(events)]


def _came_after(record: Record, plan: str, number: int) -> list[Came]:
    came = [entry for entry in sealed(record.entries(plan)) if entry.number > number]
    return [_came(entry) for entry in came[:MOST_BETWEEN]]


def _came(entry: Entry) -> Came:
    event, by = entry.event, entry.by.shown
    return Came(entry.number, event.on, entry.recorded_at, by, event.sentence())


def _somebody_wrote_first(stale: StaleVersion, came: list[dict[str, Any]]) -> Problem:
    members = came[0] if len(came) == 1 else {"plans": came}
    return Problem(STATUS[StaleVersion], str(stale), kind=StaleVersion, **members)
