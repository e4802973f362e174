"""Plans' files as they stand on the record, kept at hand and brought up to date when asked for.

Their marked texts are sealed, and so is all that is made of them: rows, alerts, sentences.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from plantrack import codec
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import InformationShared
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.succession import taken_over
from plantrack.domain.policy import Policies
from plantrack.domain.redaction.marks import reaches_back, sealed
from plantrack.domain.refusals import Refusal
from plantrack.projections.follower import Unreadable
from plantrack.record import EntryUnreadable, Record

MOST_ENTRIES_AT_HAND = 60_000
ENOUGH_TO_READ_TOGETHER = 3


class Plans:
    """The files of plans, for one thread that reads them over and over."""

    def __init__(self, record: Record, policies: Callable[[], Policies]) -> None:
        self._record = record
        self._in_force = policies
        self._policies: Policies | None = None
        self._at_hand: OrderedDict[str, RunningPlan] = OrderedDict()
        self._entries_at_hand = 0
        self._just_read: set[str] = set()
        self._siblings: dict[str, list[str]] = {}

    def file(self, plan: str) -> RunningPlan:
        """Give a plan's file as it stands, or refuse a plan that there is not."""
        self._heed_policies()
        self._look_again()
        return self._file(plan)

    def files(self, plans: Sequence[str]) -> list[RunningPlan | Unreadable]:
        """Give plans as they stand; one that cannot be read does not stop the others."""
        self._heed_policies()
        self._look_again()
        self._read_together(plans)
        return [self._if_readable(plan) for plan in plans]

    def known_by(self, plan: str, moment: datetime) -> RunningPlan:
        """Give a plan's file with what people knew at a moment, and all that the tracker said."""
        self._heed_policies()
        self._look_again()
        return self._known_by(plan, moment)

    def concerned(self, plans: Iterable[str]) -> list[str]:
        """Name some plans, and the later plans of the same children."""
        self._look_again()
        concerned: dict[str, None] = {}
        for plan in plans:
            concerned[plan] = None
            siblings = self._of_same_child(plan)
            concerned.update(dict.fromkeys(siblings[siblings.index(plan) :]))
        return list(concerned)

    def last_position(self) -> int:
        """Give the position of the last entry."""
        return self._record.last_position()

    def touched(self, position: int, limit: int) -> list[tuple[int, str]]:
        """Name the plans of the entries after a position."""
        return self._record.touched(position, limit)

    def opened_plans(self, position: int, limit: int) -> list[tuple[int, str]]:
        """Name the plans opened after a position."""
        return self._record.opened_plans(position, limit)

    def _heed_policies(self) -> None:
        """Put all files back when another policy was adopted."""
        policies = self._in_force()
        if policies is not self._policies:
            self._policies = policies
            self._at_hand.clear()
            self._entries_at_hand = 0

    def _look_again(self) -> None:
        """Take nothing for granted that was read for an earlier question."""
        self._just_read.clear()
        self._siblings.clear()

    def _read_together(self, plans: Sequence[str]) -> None:
        """Read the files that are not at hand, by one query where all can be read."""
        missing = [plan for plan in plans if plan not in self._at_hand]
        if len(missing) < ENOUGH_TO_READ_TOGETHER:
            return
        try:
            found = self._record.entries_of(missing)
        except EntryUnreadable:
            return
        for plan, entries in found.items():
            self._keep(plan, self._made(plan, entries))
        self._just_read.update(found)

    def _file(self, plan: str) -> RunningPlan:
        found = self._at_hand.get(plan)
        try:
            if found is None:
                found = self._made(plan, self._record.entries(plan))
            elif plan not in self._just_read:
                found = self._learned(found)
            self._just_read.add(plan)
            earlier = [self._file(each).hands_on for each in self._earlier(plan)]
            found.learn_before(taken_over(plan, earlier))
        except BaseException:
            self._put_back(plan)
            raise
        self._keep(plan, found)
        return found

    def _made(self, plan: str, entries: Sequence[Entry]) -> RunningPlan:
        return RunningPlan(plan, sealed(entries), self._in_force_now, codec.amend_sealed)

    def _learned(self, file: RunningPlan) -> RunningPlan:
        """Take in what is new; make the file again where that may change who reads what is old."""
        new = self._record.entries(file.plan, file.last_number)
        shared = file.history.names(InformationShared) if new else set()
        if any(reaches_back(entry, shared) for entry in new):
            self._put_back(file.plan)
            return self._made(file.plan, self._record.entries(file.plan))
        if new:
            file.learn(sealed(new))
            self._entries_at_hand += len(new)
        return file

    @property
    def _in_force_now(self) -> Policies:
        return self._policies or self._in_force()

    def _keep(self, plan: str, file: RunningPlan) -> None:
        """Keep a file at hand, and put back those that were not asked for the longest."""
        if plan not in self._at_hand:
            self._entries_at_hand += len(file.entries)
        self._at_hand[plan] = file
        self._at_hand.move_to_end(plan)
        while self._entries_at_hand > MOST_ENTRIES_AT_HAND and len(self._at_hand) > 1:
            self._put_back(next(iter(self._at_hand)))

    def _put_back(self, plan: str) -> None:
        if file := self._at_hand.pop(plan, None):
            self._entries_at_hand -= len(file.entries)

    def _if_readable(self, plan: str) -> RunningPlan | Unreadable:
        try:
            return self._file(plan)
        except EntryUnreadable as why:
            return Unreadable(plan, str(why))
        except Refusal as why:
            return Unreadable(plan, f"Its entries do not fit together ({type(why).__name__}).")

    def _known_by(self, plan: str, moment: datetime) -> RunningPlan:
        entries = [e for e in sealed(self._record.entries(plan)) if _knew(e, moment)]
        earlier = [self._known_by(each, moment).hands_on for each in self._earlier(plan)]
        before = taken_over(plan, earlier)
        return RunningPlan(plan, entries, self._in_force_now, codec.amend_sealed, before)

    def _earlier(self, plan: str) -> list[str]:
        siblings = self._of_same_child(plan)
        return siblings[: siblings.index(plan)]

    def _of_same_child(self, plan: str) -> list[str]:
        if plan not in self._siblings:
            child = self._record.child_of(plan)
            plans = self._record.plans_of(child) if child else []
            self._siblings[plan] = plans if plan in plans else [*plans, plan]
        return self._siblings[plan]


def _knew(entry: Entry, moment: datetime) -> bool:
    return entry.event.BY_THE_TRACKER or entry.known_at <= moment
