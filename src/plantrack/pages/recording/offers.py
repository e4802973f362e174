"""What a page offers to do: only what its reader may do in their role, and what has a form."""

from typing import Any
from urllib.parse import urlencode

from plantrack.domain.rights.actions import MAY, Action
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.pages.forms import AtHand
from plantrack.pages.recording.catalogue import FORMS, ON_OTHER_PAGES
from plantrack.pages.recording.new_entry import dashed, endings_for, may
from plantrack.pages.wording.needs import Line

FOR_WHO_OWES = frozenset({"InformationAcknowledged", "ReportSubmitted"})
"""What only the agency that owes it can say, unless somebody speaks for all."""


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
        return bool(endings_for(self._subject.post.duty, self._plan))

    def may(self, kind: str, agency: str | None = None) -> bool:
        """Whether to offer the form of a kind; ``agency`` is the one that it speaks for."""
        form, post = FORMS.get(kind), self._subject.post
        if not self.goes_on or not may(post.duty, kind, self._plan):
            return False
        if form is not None and self._plan["kind"] not in form.plan_kinds:
            return False
        return self._how(kind) is not How.OWN or agency in (None, post.agency)

    @property
    def opens(self) -> bool:
        """Whether they may open plans."""
        return self._subject.post.duty in MAY[Action.OPEN_PLAN].duties

    def answer_to(self, line: Line) -> str:
        """Give the address where something that is owed is answered: a form, or where it stands.

        Nobody is led to a form in which they would speak for another agency.
        """
        plan = self._plan["plan"]
        if line.kind is None or not self.may(line.kind) or not self._is_theirs(line):
            return f"/plans/{plan}/{line.part}"
        return self.form(line.kind, **line.fields)

    def _is_theirs(self, line: Line) -> bool:
        """Whether it is for the reader's agency to say: what it owes, or a view others lack."""
        owes = self._subject.post.agency in line.agencies
        if line.kind == "PositionTaken":
            return not owes
        speaks_for_itself = line.kind in FOR_WHO_OWES and self._how(line.kind) is How.OWN
        return owes or not speaks_for_itself

    def form(self, kind: str, **fields: Any) -> str:
        """Give the address of a form, with what is known filled in."""
        asked = f"?{urlencode(fields, doseq=True)}" if fields else ""
        own = ON_OTHER_PAGES.get(kind, "/plans/{plan}/record/" + dashed(kind))
        return own.replace("{plan}", self._plan["plan"]) + asked

    def _how(self, kind: str) -> How:
        return MAY_RECORD[kind].get(self._subject.post.duty, How.NO)
