"""Notes who looked at which plan while the partnership's past was recorded."""

from datetime import datetime

from plantrack.access_log.log import AccessLog, Looked
from plantrack.application.services import Services
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Subject


class Looks:
    """Looks since a moment: whoever recorded on a plan had it in front of them."""

    def __init__(self, services: Services, since: datetime) -> None:
        self._services = services
        self._since = since
        self._rows: list[Looked] = []

    def look(self, subject: Subject, plan: str) -> None:
        """Let somebody look at a plan, or be refused, as rights stand."""
        now = self._services.commands.now()
        if now < self._since:
            return
        decision, facts, _ = self._services.authoriser.decide(subject, Action.READ_PLAN, plan)
        row = Looked(
            at=now,
            request=f"past-{len(self._rows) + 1}",
            person=subject.person,
            name=subject.name,
            agency=subject.post.agency,
            role=subject.post.duty.value,
            plan=plan,
            child=facts.child if facts else None,
            what="plan",
            marks=",".join(sorted(decision.marks)),
            purpose=decision.purpose,
            shown=decision.allow,
            reason=decision.because.value,
            glass=decision.glass,
        )
        self._rows.append(row)

    def write(self) -> None:
        """Put all looks on the access record."""
        access = AccessLog(self._services.url)
        try:
            access.note(self._rows)
        finally:
            access.close()
