"""How far a conference is: which parts there are, which are finished, and what holds it up."""

from collections.abc import Iterator
from typing import NamedTuple

from plantrack.pages.conferences.agreeing import AGREED
from plantrack.pages.conferences.attending import ATTENDANCE, QUORUM
from plantrack.pages.conferences.conference import Child, Conference, Scene, part_id
from plantrack.pages.conferences.deciding import ANYWAY, DECISION
from plantrack.pages.conferences.hearing import SAID, SEEN
from plantrack.pages.conferences.knowing import INJURIES, MOTHER, NOT_PARENTS, OTHERS
from plantrack.pages.conferences.meeting_again import NEXT
from plantrack.pages.conferences.parts import Part, Read
from plantrack.pages.conferences.reporting import REPORTS, reported
from plantrack.pages.conferences.reviewing import ACTIONS

COMPLETED, INCOMPLETE = "Completed", "Incomplete"
LOCKED, PROBLEM = "Cannot start yet", "There is a problem"
SHARED = {part.key: part for part in (ATTENDANCE, REPORTS, NEXT, QUORUM)}
OF_A_CHILD = {
    part.key: part
    for part in (SAID, SEEN, MOTHER, OTHERS, INJURIES, ACTIONS, AGREED, DECISION, ANYWAY)
}


class Step(NamedTuple):
    """One part of one conference, as the list has it."""

    part: Part
    child: Child | None
    status: str
    hint: str

    @property
    def id(self) -> str:
        """Name it as drafts do."""
        return part_id(self.part.key, self.child)


class Group(NamedTuple):
    """Some parts under a heading."""

    title: str
    steps: list[Step]


def groups(conference: Conference) -> Iterator[Group]:
    """Give all parts in the order in which a conference takes them."""
    yield Group("Before you start", _steps(conference, None, ATTENDANCE, REPORTS))
    for child in conference.children:
        about, for_whom = ("", "") if conference.alone else (f" about {child.name}", child.name)
        decide = f"Decide together for {for_whom}" if for_whom else "Decide together"
        yield Group(f"{child.name} first", _steps(conference, child, SAID, SEEN))
        yield Group(f"What we know{about}", _steps(conference, child, MOTHER, OTHERS, INJURIES))
        yield Group(decide, _steps(conference, child, ACTIONS, AGREED, DECISION))
    yield Group("What comes next", _steps(conference, None, NEXT))


def steps(conference: Conference) -> list[Step]:
    """Give all parts in order."""
    return [step for group in groups(conference) for step in group.steps]


def _steps(conference: Conference, child: Child | None, *parts: Part) -> list[Step]:
    found = []
    for part in parts:
        read = read_of(conference, part, child)
        begun = part_id(part.key, child) in conference.saved or not read.asked
        hint = part.hint(scene(conference, part, child), read.said) if begun else ""
        found.append(Step(part, child, _status(conference, part, child, read), hint))
    return found


def scene(conference: Conference, part: Part, child: Child | None) -> Scene:
    """Give what a part draws upon, with what was saved of it."""
    return Scene(conference, child, conference.sent(part.key, child))


def read_of(conference: Conference, part: Part, child: Child | None) -> Read:
    """Read what was saved of a part."""
    return part.read_saved(scene(conference, part, child))


def _status(conference: Conference, part: Part, child: Child | None, read: Read) -> str:
    if part is DECISION and child is not None and waits_for(conference, child):
        return LOCKED
    saved = conference.saved.get(part_id(part.key, child))
    if not read.asked or (saved and not read.faults):
        return COMPLETED
    return PROBLEM if saved and saved.done else INCOMPLETE


def waits_for(conference: Conference, child: Child) -> list[str]:
    """Say what must be heard before a decision on a child, unless it is decided all the same."""
    if not read_of(conference, ANYWAY, child).faults:
        return []
    missing = []
    if _unfinished(conference, SAID, child):
        missing.append(f"what {child.name} said")
    if _unfinished(conference, SEEN, child):
        missing.append(f"when {child.name} was seen")
    if not _heard_beyond_parents(conference, child):
        missing.append("somebody other than a parent: the family, a referrer or another agency")
    return missing


def _unfinished(conference: Conference, part: Part, child: Child) -> bool:
    saved = part_id(part.key, child) in conference.saved
    return not saved or bool(read_of(conference, part, child).faults)


def _heard_beyond_parents(conference: Conference, child: Child) -> bool:
    """Whether anybody but a parent and one's own agency told something about a child."""
    others = read_of(conference, OTHERS, child).said
    reports = read_of(conference, REPORTS, None).said
    told = reported(scene(conference, REPORTS, None), child, reports)
    return any(others.get(who) == "yes" for who in NOT_PARENTS) or bool(
        told - {conference.own_agency}
    )


class Quorum(NamedTuple):
    """How a conference stands to its quorum: who is short of it, and why it went ahead."""

    there: int
    missing: list[Child]
    because: str

    @property
    def stops(self) -> bool:
        """Whether the conference cannot be finished for it."""
        return bool(self.missing) and not self.because


def quorum(conference: Conference) -> Quorum | None:
    """Say whether enough agencies were there; None until that was written."""
    if ATTENDANCE.key not in conference.saved:
        return None
    missing = conference.inquorate()
    about = missing or conference.children
    there = max(len(conference.in_the_room(child)) for child in about)
    return Quorum(there, missing, conference.sent(QUORUM.key).one("went_ahead_because"))


def can_finish(conference: Conference) -> bool:
    """Whether every part is finished and enough agencies were there, or it is said why not."""
    stands = quorum(conference)
    all_done = all(step.status == COMPLETED for step in steps(conference))
    return all_done and stands is not None and not stands.stops
