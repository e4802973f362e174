"""Meetings: planned, moved, reported to, held and circulated (S1 S2 S5 S8 S13)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Attendance,
    Id,
    MeetingType,
    Participation,
    Reason,
    Text,
    agencies,
    agency,
    day,
    listed,
    one_line,
    words,
)


@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(PlanEvent):
    """A meeting was planned and agencies were invited."""

    ABOUT, INTRODUCES = "meeting", True

    meeting: Id
    type: MeetingType
    planned_for: date
    invited: tuple[AgencyId, ...] = ()

    def tell(self) -> str:
        invited = f", inviting {agencies(self.invited)}" if self.invited else ""
        return (
            f"Meeting {self.meeting} ({words(self.type)}) was planned for "
            f"{day(self.planned_for)}{invited}."
        )


@dataclass(frozen=True, kw_only=True)
class MeetingMoved(PlanEvent):
    """A planned meeting was moved to another day."""

    ABOUT = "meeting"

    meeting: Id
    planned_for: date
    reason: Reason

    def tell(self) -> str:
        to = day(self.planned_for)
        return f"Meeting {self.meeting} was moved to {to}: {one_line(self.reason)}."


@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(PlanEvent):
    """An agency sent its report to a meeting."""

    ABOUT = "meeting"

    meeting: Id
    agency: AgencyId

    def tell(self) -> str:
        return f"{agency(self.agency)} sent its report to meeting {self.meeting}."


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(PlanEvent):
    """A meeting took place, and who was there is known."""

    ABOUT = "meeting"

    meeting: Id
    type: MeetingType
    attendance: Mapping[AgencyId, Attendance]
    family_present: tuple[Text, ...] = ()
    participation: Participation | None = None
    went_ahead_because: Text | None = None

    def tell(self) -> str:
        there = [f"{agency(name)} {words(how)}" for name, how in self.attendance.items()]
        family = [one_line(member) for member in self.family_present]
        child = f"; {self.participation.says}" if self.participation else ""
        because = (
            f"; it went ahead without a quorum because: {one_line(self.went_ahead_because)}"
            if self.went_ahead_because
            else ""
        )
        return (
            f"Meeting {self.meeting} ({words(self.type)}) was held: {listed(there)}"
            f"{'; from the family ' + listed(family) if family else ''}{child}{because}."
        )


@dataclass(frozen=True, kw_only=True)
class RecordCirculated(PlanEvent):
    """The record of a meeting was sent round."""

    ABOUT = "meeting"

    meeting: Id
    to: tuple[AgencyId, ...] = ()

    def tell(self) -> str:
        return f"The record of meeting {self.meeting} was sent to {agencies(self.to) or 'nobody'}."


@dataclass(frozen=True, kw_only=True)
class DifferenceStated(PlanEvent):
    """An agency said at a meeting whether it sees things differently."""

    ABOUT = "meeting"

    meeting: Id
    agency: AgencyId
    agrees: bool
    what: Text | None = None

    def tell(self) -> str:
        how = "agrees" if self.agrees else "sees it differently"
        what = f": {one_line(self.what)}" if self.what else ""
        return f"At meeting {self.meeting} {agency(self.agency)} {how}{what}."
