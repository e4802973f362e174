"""What a page offers to do: only what its reader may do in their role, and what has a form."""

from typing import Any
from urllib.parse import urlencode

from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.words import PlanKind
from plantrack.pages.asking import AtHand
from plantrack.pages.recording import dashed
from plantrack.pages.said import FORMS

ENDS = ("PlanSteppedUp", "PlanSteppedDown", "PlanTransferredOut", "PlanClosed")


class Offers:
    """What somebody may do on one plan; nothing new is offered on a plan that has ended."""

    def __init__(self, subject: Subject, plan: AtHand) -> None:
        self._subject = subject
        self._plan = plan

    @property
    def records(self) -> bool:
        """Whether they may record anything at all."""
        return any(self._how(kind) is not How.NO for kind in MAY_RECORD)

    @property
    def goes_on(self) -> bool:
        """Whether the plan goes on."""
        return self._plan["ended_on"] is None

    @property
    def ends(self) -> bool:
        """Whether they may end the plan."""
        return self.goes_on and any(self.allows(kind) for kind in ENDS)

    def allows(self, kind: str) -> bool:
        """Whether their role may record a kind on this plan, whether or not it has a form."""
        how = self._how(kind)
        return how is not How.NO and (how is not How.CIN or self._plan["kind"] == PlanKind.CIN)

    def may(self, kind: str, agency: str | None = None) -> bool:
        """Whether to offer the form of a kind; ``agency`` is the one that it speaks for."""
        if not self.goes_on or kind not in FORMS or not self.allows(kind):
            return False
        own = self._how(kind) is How.OWN
        return not own or agency in (None, self._subject.post.agency)

    def form(self, kind: str, **fields: Any) -> str:
        """Give the address of a form, with what is known filled in."""
        asked = f"?{urlencode(fields, doseq=True)}" if fields else ""
        return f"/plans/{self._plan['plan']}/record/{dashed(kind)}{asked}"

    def _how(self, kind: str) -> How:
        return MAY_RECORD[kind].get(self._subject.post.duty, How.NO)
