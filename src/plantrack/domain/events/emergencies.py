"""Emergency access to the plan: who looked without a relation to it, and why."""

from dataclasses import dataclass

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import AgencyId, Id, Reason, Text, TimeOfDay, agency, one_line, words


@dataclass(frozen=True, kw_only=True)
class EmergencyAccessTaken(PlanEvent):
    """Somebody took emergency access to the plan, until a time of the day in London."""

    BY_THE_TRACKER = True

    access: Id
    person: Text
    agency: AgencyId
    ground: Id
    reason: Reason
    until: TimeOfDay

    def tell(self) -> str:
        return (
            f"{one_line(self.person)} of {agency(self.agency)} took emergency access until "
            f"{self.until} ({words(self.ground)}): {one_line(self.reason)}."
        )
