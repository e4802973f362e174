"""The child: seen, seen alone, heard, or missed (S5 S10 S11)."""

from dataclasses import dataclass

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Alone,
    Finding,
    HowMissed,
    Mode,
    Text,
    agencies,
    agency,
    one_line,
    words,
)


@dataclass(frozen=True, kw_only=True)
class ChildSeen(PlanEvent):
    """A practitioner saw or spoke with the child, and what the child said."""

    mode: Mode
    alone: Alone
    by_agency: AgencyId
    where: Text | None = None
    bedroom_seen: bool | None = None
    statutory: bool | None = None
    words: Text | None = None
    how_heard: Text | None = None

    def tell(self) -> str:
        how = {
            Mode.FACE_TO_FACE: "saw the child face to face",
            Mode.VIDEO: "saw the child over video",
            Mode.TELEPHONE: "spoke with the child by telephone",
        }[self.mode]
        company = {
            Alone.YES: ", alone",
            Alone.NO: ", not alone",
            Alone.DECLINED: ", and being seen alone was declined",
        }[self.alone]
        where = f" ({one_line(self.where)})" if self.where else ""
        visit = ", on a statutory visit" if self.statutory else ""
        bedroom = ", and saw the bedroom" if self.bedroom_seen else ""
        heard_by = f" (heard by: {words(one_line(self.how_heard))})" if self.how_heard else ""
        said = f"; the child said: “{one_line(self.words)}”" if heard(self) and self.words else ""
        return f"{agency(self.by_agency)} {how}{company}{where}{visit}{bedroom}{said}{heard_by}."


def heard(seen: ChildSeen) -> bool:
    """Whether the child's own words are there."""
    return bool(seen.words and seen.words.strip())


def face_to_face(seen: ChildSeen) -> bool:
    """Whether the child was seen in person: a screen or a telephone does not count (S11)."""
    return seen.mode is Mode.FACE_TO_FACE


def alone(seen: ChildSeen) -> bool:
    """Whether the child was seen in person and alone."""
    return face_to_face(seen) and seen.alone is Alone.YES


@dataclass(frozen=True, kw_only=True)
class ContactMissed(PlanEvent):
    """A visit or appointment did not happen."""

    with_: Text
    agency: AgencyId
    how: HowMissed
    reason_given: Text | None = None
    reason_checked_by: Text | None = None

    def tell(self) -> str:
        given = f", reason given: {one_line(self.reason_given)}" if self.reason_given else ""
        checked = (
            f", checked by {one_line(self.reason_checked_by)}" if self.reason_checked_by else ""
        )
        return (
            f"{agency(self.agency)} missed a contact with {one_line(self.with_)} "
            f"({words(self.how)}{given}{checked})."
        )


@dataclass(frozen=True, kw_only=True)
class AbsenceExplored(PlanEvent):
    """Agencies asked together what missed contacts mean."""

    finding: Finding
    agencies: tuple[AgencyId, ...] = ()

    def tell(self) -> str:
        found = {
            Finding.GENUINE: "there were genuine reasons",
            Finding.AVOIDANCE: "the family avoids services",
            Finding.NOT_KNOWN: "the reason is not known",
        }[self.finding]
        by = f" by {agencies(self.agencies)}" if self.agencies else ""
        return f"The missed contacts were explored{by}: {found}."


@dataclass(frozen=True, kw_only=True)
class ServiceWithdrawn(PlanEvent):
    """An agency stopped a service to the family."""

    ABOUT = "service"

    service: Text
    agency: AgencyId
    facts: Text | None = None

    def tell(self) -> str:
        facts = f": {one_line(self.facts)}" if self.facts else ""
        return f"{agency(self.agency)} withdrew {one_line(self.service)}{facts}."
