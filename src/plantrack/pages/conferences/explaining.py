"""Why a conference was refused: for which child, and in which part of it."""

from functools import partial
from typing import NamedTuple

from plantrack import codec
from plantrack.application.command_guard import CommandGuard, writes_as
from plantrack.application.commands import NewEvent
from plantrack.application.services import Services
from plantrack.domain.events import PlanEvent
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.refusals import Refusal
from plantrack.domain.rights.authorise import Subject
from plantrack.pages.conferences.progress import Step
from plantrack.pages.conferences.summary import Event
from plantrack.record import Record


class Culprit(NamedTuple):
    """What is refused of a conference: on which plan, in which part, and why."""

    plan: str
    step: Step
    sentence: str


class _Shelf:
    """The record, as a plan book reads it."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def events_of(self, plan: str) -> list[PlanEvent]:
        return [entry.event for entry in self._record.entries(plan)]

    def plans_of(self, child: str) -> list[str]:
        return self._record.plans_of(child)


def culprits(services: Services, subject: Subject, events: list[Event]) -> list[Culprit]:
    """Try what was refused once more, event by event and on no record, and say what stands out.

    Of each plan it gives the first: what comes after it may be refused for that alone.
    """
    book = PlanBook(codec.amend, _Shelf(services.record))
    permit = CommandGuard(services.authoriser, subject, services.commands.now)
    found: dict[str, Culprit] = {}
    for plan, said, step in events:
        if plan in found:
            continue
        try:
            event = codec.read_event(said)
            before = partial(services.record.entries, plan)
            permit.refuse(NewEvent(plan, event), book.find(plan), before)
            book.record(plan, event, writes_as(subject), services.commands.now())
        except Refusal as why:
            found[plan] = Culprit(plan, step, str(why))
    return [*found.values()]
