"""Why a conference was refused: for which child, and in which part of it."""

from typing import NamedTuple

from plantrack import wire
from plantrack.desk import Desk
from plantrack.domain.casebook import Casebook
from plantrack.domain.events import PlanEvent
from plantrack.domain.refusals import Refusal
from plantrack.domain.rights.authorise import Subject
from plantrack.pages.conferences.progress import Step
from plantrack.pages.conferences.putting import Event
from plantrack.permits import Permit, writes_as
from plantrack.record import Record
from plantrack.tracker import Said


class Culprit(NamedTuple):
    """What is refused of a conference: on which plan, in which part, and why."""

    plan: str
    step: Step
    sentence: str


class _Shelf:
    """The record, as a casebook reads it."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def events_of(self, plan: str) -> list[PlanEvent]:
        return [entry.event for entry in self._record.entries(plan)]

    def plans_of(self, child: str) -> list[str]:
        return self._record.plans_of(child)


def culprits(desk: Desk, subject: Subject, events: list[Event]) -> list[Culprit]:
    """Try what was refused once more, event by event and on no record, and say what stands out.

    Of each plan it gives the first: what comes after it may be refused for that alone.
    """
    book = Casebook(wire.amend, _Shelf(desk.record))
    permit = Permit(desk.gate, subject, desk.tracker.now)
    found: dict[str, Culprit] = {}
    for plan, said, step in events:
        if plan in found:
            continue
        try:
            event = wire.read_event(said)
            permit.refuse(Said(plan, event), book.find(plan), lambda p=plan: desk.record.entries(p))  # type: ignore[misc]  # a plan is a string
            book.record(plan, event, writes_as(subject), desk.tracker.now())
        except Refusal as why:
            found[plan] = Culprit(plan, step, str(why))
    return [*found.values()]
