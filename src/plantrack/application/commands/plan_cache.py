"""The plans that are at hand, so that a command is checked without reading a whole history."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from plantrack import codec
from plantrack.domain.events import ENDINGS, Corrected, PlanEvent, PlanOpened, Retracted
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.refusals import NoSuchPlan
from plantrack.domain.rights.state import RightsEntry
from plantrack.record import ChildRow, CommandRow, Conflict, Record

MOST_PLANS_AT_HAND = 2_000

BEARS_ON_OTHER_PLANS = (PlanOpened, *ENDINGS, Corrected, Retracted)
"""What can make two plans of a child stand side by side, or keep them from it."""


class Draft:
    """What may be recorded but is not on the record yet: it goes there in one append."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.rows: list[ChildRow] = []
        self.commands: list[CommandRow] = []
        self.known_rights: int | None = None
        self.rights: list[RightsEntry] = []

    def look(self, known_rights: int) -> None:
        """Rest on rights as they stand; what rests on others needs an append of its own."""
        if self.known_rights not in (None, known_rights):
            raise Conflict
        self.known_rights = known_rights

    def of_plan(self, plan: str) -> list[Entry]:
        """Give the entries of one plan."""
        return [entry for entry in self.entries if entry.plan == plan]


class PlanCache:
    """The plans that were written last, as they stood when this process last looked.

    They include what was drafted, so that each command is checked against those before it.
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self.draft = Draft()
        self.clear()

    def clear(self) -> None:
        """Put every plan back on the shelf."""
        self.book = PlanBook(codec.amend, shelf=self)
        self.last_at: dict[str, datetime] = {}

    def make_room(self) -> None:
        """Put every plan back on the shelf if there are too many."""
        if len(self.book.plans) > MOST_PLANS_AT_HAND:
            self.clear()

    @contextmanager
    def drafting(self) -> Iterator[Draft]:
        """Begin a draft; it is forgotten with all that was thought of, unless it was recorded."""
        draft = self.draft = Draft()
        try:
            yield draft
        except BaseException:
            self.forget({entry.plan for entry in draft.entries})
            raise
        finally:
            self.draft = Draft()

    def events_of(self, plan: str) -> Iterator[PlanEvent]:
        """Give a plan's events to the plan book, and note when the last one was recorded."""
        entries = self.draft.of_plan(plan)
        try:
            entries = self._record.entries(plan) + entries
        except NoSuchPlan:
            if not entries:
                return
        self.last_at[plan] = entries[-1].recorded_at
        for entry in entries:
            yield entry.event

    def plans_of(self, child: str) -> list[str]:
        """Name a child's plans to the plan book."""
        return list(dict.fromkeys(self._register(child)))

    def version(self, plan: str) -> int | None:
        """Say at which entry a plan stands here; None if it is not at hand."""
        found = self.book.plans.get(plan)
        return found.version if found else None

    def forget(self, plans: Iterable[str]) -> None:
        """Put some plans back on the shelf."""
        for plan in plans:
            self.book.forget(plan)
            self.last_at.pop(plan, None)

    def forget_if_behind(self, plans: Iterable[str]) -> bool:
        """Put back the plans that another process has written since, and say whether any was."""
        behind = [
            plan
            for plan in plans
            if (at := self.version(plan)) is not None and at != self._last_number(plan)
        ]
        self.forget(behind)
        return bool(behind)

    def fetch(self, plan: str) -> None:
        """Fetch a plan with all of its child's, as each inherits from the one before."""
        if plan not in self.book.plans and (child := self._child_of(plan)):
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
            child = child_of.get(plan) or self._child_of(plan)
            if child:
                taken[child] = taken.get(child) or len(self._freshen(child))
                taken[child] += 1
                rows.append(ChildRow(child, taken[child], plan))
        return rows

    def _freshen(self, child: str) -> list[str]:
        register = self._register(child)
        self.forget_if_behind(dict.fromkeys(register))
        self.book.of_child(child)
        return register

    def _register(self, child: str) -> list[str]:
        drafted = [row.plan for row in self.draft.rows if row.child == child]
        return self._record.register(child) + drafted

    def _child_of(self, plan: str) -> str | None:
        drafted = (row.child for row in self.draft.rows if row.plan == plan)
        return next(drafted, None) or self._record.child_of(plan)

    def _last_number(self, plan: str) -> int:
        return self._record.last_number(plan) + len(self.draft.of_plan(plan))
