"""What several rows ask of a plan's facts."""

from collections.abc import Callable, Iterable, Iterator

from plantrack.domain.events import MeetingHeld, PlanEvent, PlanOpened
from plantrack.domain.events.entries import Fact
from plantrack.domain.obligations.clocks import EVERY, Names, Run, Runs, about_plan, first
from plantrack.domain.plans.history import AnyFact, History, first_from
from plantrack.domain.words import IN_THE_ROOM, MeetingType

CONFERENCES = frozenset(
    {
        MeetingType.INITIAL_CONFERENCE,
        MeetingType.REVIEW_CONFERENCE,
        MeetingType.TRANSFER_CONFERENCE,
    }
)
SPEAKS_TO_ACTIONS = frozenset(
    {MeetingType.REVIEW_CONFERENCE, MeetingType.CORE_GROUP, MeetingType.CIN_REVIEW}
)
HEARS_THE_CHILD = frozenset(
    {MeetingType.INITIAL_CONFERENCE, MeetingType.REVIEW_CONFERENCE, MeetingType.CIN_REVIEW}
)


def itself(event: PlanEvent, _: History) -> Iterable[str]:
    """Touch the thing that the event is about."""
    return (getattr(event, event.ABOUT or ""),)


def every(_: PlanEvent, __: History) -> Iterable[str]:
    """Touch everything that the obligation is about."""
    return (EVERY,)


def of_type(*types: MeetingType) -> Names:
    """Touch the plan as a whole where a meeting of one of some types was held."""
    return lambda event, _: ("",) if getattr(event, "type", None) in types else ()


def named_by(*kinds: type[PlanEvent]) -> Callable[[History], Iterable[str]]:
    """List the things that facts of some kinds are about."""
    return lambda history: {name for kind in kinds for name in history.names(kind)}


def until(start: type[PlanEvent], stop: type[PlanEvent]) -> Runs:
    """Run from each start to the first stop about the same thing, that day or later (R9)."""

    def runs(history: History, name: str) -> Iterator[Run]:
        for begun in history.of(start, name):
            yield Run(name, begun, first(first_from(history.of(stop, name), begun.on)))

    return runs


def precedes(one: AnyFact, other: AnyFact) -> bool:
    """Whether a fact comes before another: by day, then by entry number (R10)."""
    return one[:2] < other[:2]


def held(history: History, *types: MeetingType) -> list[Fact[MeetingHeld]]:
    """Give the meetings of some types that were held."""
    return [fact for fact in history.of(MeetingHeld) if fact.event.type in types]


def in_the_room(meeting: Fact[MeetingHeld]) -> list[str]:
    """List the agencies that were at a meeting, in person or remotely."""
    return [agency for agency, how in meeting.event.attendance.items() if how in IN_THE_ROOM]


def plan_facts(*kinds: type[PlanEvent]) -> dict[type[PlanEvent], Names]:
    """Read some kinds for the plan as a whole."""
    return dict.fromkeys((PlanOpened, *kinds), about_plan)


def thing_facts(*kinds: type[PlanEvent]) -> dict[type[PlanEvent], Names]:
    """Read some kinds for the thing that each is about."""
    return dict.fromkeys(kinds, itself)
