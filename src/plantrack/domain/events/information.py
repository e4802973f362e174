"""Who holds which information, and how it is known (S6 S8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import (
    AgencyId,
    Basis,
    Id,
    Reason,
    Text,
    agencies,
    agency,
    listed,
    one_line,
    words,
)


@dataclass(frozen=True, kw_only=True)
class InformationShared(PlanEvent):
    """An agency told others what it knows, or said why it withholds it from somebody."""

    ABOUT, INTRODUCES = "item", False

    item: Id
    about: tuple[Text, ...] = ()
    what: Text
    basis: Basis
    from_: AgencyId
    to: tuple[AgencyId, ...] = ()
    withheld_from: Mapping[AgencyId, Reason] = field(default_factory=dict)

    def tell(self) -> str:
        about = f" about {listed([one_line(who) for who in self.about])}" if self.about else ""
        held = [f"{agency(a)} ({one_line(why)})" for a, why in self.withheld_from.items()]
        withheld = f"; withheld from {listed(held)}" if held else ""
        return (
            f"{agency(self.from_)} shared {self.item}{about} with "
            f"{agencies(self.to) or 'nobody'} (known from: {words(self.basis)}): "
            f"{one_line(self.what)}{withheld}."
        )


@dataclass(frozen=True, kw_only=True)
class InformationAcknowledged(PlanEvent):
    """An agency confirmed that it has read an item."""

    ABOUT = "item"

    item: Id
    agency: AgencyId

    def tell(self) -> str:
        return f"{agency(self.agency)} acknowledged {self.item}."


@dataclass(frozen=True, kw_only=True)
class InformationCorroborated(PlanEvent):
    """Somebody checked a claim and found it so."""

    ABOUT = "subject"

    subject: Id
    basis: Basis
    agency: AgencyId

    def tell(self) -> str:
        return f"{agency(self.agency)} corroborated {self.subject} (from: {words(self.basis)})."


@dataclass(frozen=True, kw_only=True)
class InformationDisputed(PlanEvent):
    """Somebody checked a claim and found otherwise."""

    ABOUT = "subject"

    subject: Id
    basis: Basis
    agency: AgencyId

    def tell(self) -> str:
        return f"{agency(self.agency)} disputed {self.subject} (from: {words(self.basis)})."
