"""A conference that is being recorded: whom it is about, and what was written so far."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from plantrack.domain.policy import Policy
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.words import IN_THE_ROOM, agency, listed
from plantrack.drafts.drafts import Draft, Saved
from plantrack.pages.forms import AtHand, Day, Sent, Wrong

HELD_ON = Day(
    name="held_on",
    asks="When was the conference held?",
    missing="Enter the day the conference was held",
)
THERE = "there"
NOTHING = Sent()


class Child(NamedTuple):
    """One child whose plan a conference is about, as whoever records may see it."""

    plan: str
    meeting: str
    at_hand: AtHand

    @property
    def name(self) -> str:
        """Give the child's first name."""
        first = (self.at_hand["person"]["given_names"] or "").split()
        return first[0] if first else "the child"

    @property
    def full_name(self) -> str:
        """Give the child's whole name."""
        person = self.at_hand["person"]
        return " ".join(filter(None, (person["given_names"], person["family_name"])))

    @property
    def agencies(self) -> list[str]:
        """Name the agencies on the plan and those invited, one's own first."""
        own, invited = self.at_hand["own_agency"], self.at_hand["conference"]["invited"]
        return [*dict.fromkeys([own, *self.at_hand["agencies"], *invited])]


@dataclass
class Conference:
    """A draft with the plans that it is about, as they stand while it is being written."""

    draft: Draft
    children: Sequence[Child]
    saved: Mapping[str, Saved]
    subject: Subject
    policy_on: Callable[[date], Policy]
    now: datetime
    today: date
    known: dict[str, Any] = field(default_factory=dict)
    """What was read of parts already, for this request."""

    @property
    def own_agency(self) -> str:
        """Name the agency for which it is recorded."""
        return self.subject.post.agency

    @property
    def agencies(self) -> list[str]:
        """Name every agency that is on one of the plans or was invited."""
        return [*dict.fromkeys(each for child in self.children for each in child.agencies)]

    @property
    def names(self) -> str:
        """Name the children."""
        return listed([child.name for child in self.children])

    @property
    def saved_ago(self) -> str:
        """Say how long ago something of it was saved."""
        return ago(self.draft.saved_at, self.now)

    def since(self, child: Child) -> int:
        """Count what was recorded on a child's plan since this was begun."""
        began = next(each.entries for each in self.draft.plans if each.plan == child.plan)
        found: int = child.at_hand["entries"] - began
        return found

    @property
    def alone(self) -> bool:
        """Whether it is about one child."""
        return len(self.draft.plans) == 1

    def child(self, plan: str) -> Child | None:
        """Find the child of a plan."""
        return next((child for child in self.children if child.plan == plan), None)

    def sent(self, part: str, child: Child | None = None) -> Sent:
        """Give what was written in a part."""
        saved = self.saved.get(part_id(part, child))
        return Sent(saved.fields) if saved else NOTHING

    @property
    def held_on(self) -> date | None:
        """Say on which day it was held, once that was written."""
        try:
            read = HELD_ON.read(self.sent("attendance"), {})
        except Wrong:
            return None
        return date.fromisoformat(read) if read else None

    def attendance(self, child: Child) -> dict[str, str]:
        """Say how each agency of a child's plan took part, as far as it was written."""
        sent = self.sent("attendance")
        said = {name: sent.one(f"{THERE}-{name}") for name in child.agencies}
        return {name: how for name, how in said.items() if how}

    def in_the_room(self, child: Child) -> list[str]:
        """Name the agencies of a child's plan that were there."""
        return [a for a, how in self.attendance(child).items() if how in IN_THE_ROOM]

    def inquorate(self) -> list[Child]:
        """List the children for whom too few agencies were there, by the rules of the day."""
        policy = self.policy_on(self.held_on or self.today)
        return [child for child in self.children if not policy.quorate(self.in_the_room(child))]

    def needs(self) -> str:
        """Say what the procedures need for a quorum."""
        quorum = self.policy_on(self.held_on or self.today).quorum
        more = f"{quorum.others} other" + ("" if quorum.others == 1 else "s")
        return f"{agency(quorum.needs)} and at least {more} of different kinds"


class Scene(NamedTuple):
    """What a part's questions draw upon: the conference, whose part it is, and what was typed."""

    conference: Conference
    child: Child | None
    sent: Sent

    @property
    def own(self) -> Child:
        """Give the child whose part it is."""
        assert self.child is not None
        return self.child

    @property
    def children(self) -> Sequence[Child]:
        """List the children whom the part is about."""
        return [self.child] if self.child else self.conference.children

    @property
    def at_hand(self) -> AtHand:
        """Give what questions draw upon; for a part about all, every agency of their plans."""
        if self.child is not None:
            return self.child.at_hand | {"agencies": self.child.agencies}
        first = self.conference.children[0].at_hand
        return first | {"agencies": self.conference.agencies}


def part_id(part: str, child: Child | None) -> str:
    """Name a part as drafts do."""
    return f"{child.plan}/{part}" if child else part


def said_by(event_kind: str, on: date, **fields: Any) -> dict[str, Any]:
    """Write an event, without what was left out."""
    said = {"kind": event_kind, "on": on.isoformat(), **fields}
    return {name: value for name, value in said.items() if value not in (None, "", [], ())}


def written_out(lines: Iterable[str]) -> str | None:
    """Write sentences one after another; None where there is none."""
    return " ".join(each.rstrip(".") + "." for each in lines) or None


def ago(then: datetime, now: datetime) -> str:
    """Say how long ago something was, as people do."""
    minutes = int((now - then).total_seconds() // 60)
    if minutes < 1:
        return "less than a minute ago"
    units = (("day", 24 * 60), ("hour", 60), ("minute", 1))
    unit, length = next(each for each in units if minutes >= each[1])
    many = minutes // length
    return f"{many} {unit}{'' if many == 1 else 's'} ago"
