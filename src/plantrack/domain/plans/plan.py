"""One child's plan: what its entries add up to, as far as checking the next one needs it.

``check`` may refuse, ``evolve`` never does: history always loads, even after a rule was tightened.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Self

from plantrack.domain.events import (
    ActionAgreed,
    ActionCompleted,
    ActionEnded,
    ActionReassigned,
    AgencyJoined,
    AgencyLeft,
    ChairChanged,
    ChildDescribed,
    Corrected,
    DecisionMade,
    Ending,
    InformationShared,
    LeadChanged,
    MeetingHeld,
    MeetingPlanned,
    OversightRecorded,
    PlanEvent,
    PlanOpened,
    Retracted,
    SupervisionHeld,
    ends,
)
from plantrack.domain.events.entries import Amend, as_corrected
from plantrack.domain.words import DispositionKind, MeetingType, Named, PlanKind

BEGINS_ITSELF = (MeetingHeld, InformationShared)
"""What needs nothing before it: a meeting nobody planned, and each share of an item."""


@dataclass
class Standing:
    """Where a plan stands, for the rules of ``domain.rules`` to ask."""

    opened: PlanOpened | None = None
    ended: Ending | None = None
    lead: Named | None = None
    chair: Named | None = None
    team: str | None = None
    born_on: date | None = None
    agencies: set[str] = field(default_factory=set)
    owners: dict[str, Named] = field(default_factory=dict)
    open_actions: dict[str, None] = field(default_factory=dict)
    decisions: dict[str, DecisionMade] = field(default_factory=dict)
    meetings: dict[str, MeetingType] = field(default_factory=dict)
    held: dict[str, MeetingHeld] = field(default_factory=dict)
    things: dict[str, set[str]] = field(default_factory=dict)

    def knows(self, sort: str, name: str) -> bool:
        """Whether something of a sort (``action``, ``decision`` …) is on the plan."""
        return name in self.things.get(sort, ())

    def put(self, sort: str, *names: str) -> None:
        """Remember that things are on the plan."""
        self.things.setdefault(sort, set()).update(names)

    def take_in(self, event: PlanEvent) -> None:
        """Take in one event that counts."""
        if event.ABOUT and (event.INTRODUCES or isinstance(event, BEGINS_ITSELF)):
            self.put(event.ABOUT, getattr(event, event.ABOUT))
        match event:
            case PlanOpened():
                self.opened, self.lead, self.chair = event, event.lead, event.chair
                self.team = event.team
                self.agencies.update(event.agencies)
            case ChildDescribed(born_on=born_on):
                self.born_on = born_on or self.born_on
            case LeadChanged(lead=lead, team=team):
                self.lead, self.team = lead, team or self.team
            case ChairChanged(chair=chair):
                self.chair = chair
            case AgencyJoined(agency=agency):
                self.agencies.add(agency)
            case AgencyLeft(agency=agency):
                self.agencies.discard(agency)
            case ActionAgreed(action=action, owner=owner):
                self.owners[action] = owner
                self.open_actions[action] = None
            case ActionReassigned(action=action, owner=owner):
                self.owners[action] = owner
            case ActionCompleted(action=action) | ActionEnded(action=action):
                self.open_actions.pop(action, None)
            case DecisionMade(decision=decision):
                self.decisions[decision] = event
            case MeetingPlanned(meeting=meeting, type=kind):
                self.meetings.setdefault(meeting, kind)
            case MeetingHeld(meeting=meeting):
                self.held[meeting] = event
            case SupervisionHeld(recommendations=recommendations):
                self.put("recommendation", *recommendations)
            case OversightRecorded(gaps=gaps):
                self.put("gap", *gaps)
            case _ if ends(event):
                self.ended = event  # type: ignore[assignment]  # ends() is true of endings only


@dataclass(frozen=True)
class Inherited:
    """An open action that a plan takes over from the plan it follows."""

    action: str
    owner: Named


class Plan:
    """One plan: its name, its events in the order recorded, and where they leave it."""

    def __init__(self, name: str, amend: Amend, inherited: tuple[Inherited, ...] = ()) -> None:
        self.name = name
        self.amend = amend
        self.events: dict[int, PlanEvent] = {}
        self.inherited = inherited
        self.now = self._blank()

    @property
    def version(self) -> int:
        """The number of the last entry, 0 before the first."""
        return next(reversed(self.events), 0)

    @property
    def kind(self) -> PlanKind | None:
        """Which kind of plan it is, unless its opening was retracted."""
        return self.now.opened.plan_kind if self.now.opened else None

    def evolve(self, event: PlanEvent, number: int | None = None) -> Self:
        """Take in what has happened. Never refuses.

        Numbers rise; a history file may leave some out, because refused lines keep theirs (R11).
        """
        self.events[number or self.version + 1] = event
        if isinstance(event, Corrected | Retracted):
            self._retell()
        else:
            self.now.take_in(event)
        return self

    def counts(self) -> dict[int, PlanEvent | None]:
        """Give each entry's event as it counts now, or None where it was retracted."""
        return as_corrected(self.events.items(), self.amend)

    def carried(self) -> tuple[Inherited, ...]:
        """Say which open actions the plan's ending hands on."""
        ended = self.now.ended
        if ended is None:
            return ()
        return tuple(
            Inherited(action, self.now.owners[action])
            for action, left in ended.open_actions.items()
            if left.disposition is DispositionKind.CARRIED and action in self.now.owners
        )

    def after(self, event: PlanEvent) -> "Plan":
        """Give the plan as it would be after one more event, leaving this one as it is."""
        then = Plan(self.name, self.amend, self.inherited)
        then.events = {**self.events, self.version + 1: event}
        then._retell()
        return then

    def _retell(self) -> None:
        """Tell the whole plan again, as its entries count after a correction."""
        self.now = self._blank()
        for _, event in sorted(self.counts().items()):
            if event:
                self.now.take_in(event)

    def _blank(self) -> Standing:
        now = Standing()
        for each in self.inherited:
            now.put("action", each.action)
            now.owners[each.action] = each.owner
            now.open_actions[each.action] = None
        return now
