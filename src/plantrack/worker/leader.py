"""Whether this process leads: of all that share a database, one sweeps and keeps the lists up."""

from plantrack.logs import logger
from plantrack.record.leader_lock import lead_of

log = logger("leader")


class Leader:
    """The part of this process in the lead; one thread asks for it, any may look."""

    def __init__(self, url: str) -> None:
        self._lead = lead_of(url)
        self._leads = False

    @property
    def leads(self) -> bool:
        """Whether this process led when it last looked."""
        return self._leads

    def seek(self) -> bool:
        """Take the lead, or make sure of it; say whether this process leads now."""
        was, self._leads = self._leads, self._lead.hold()
        if self._leads != was:
            log.info("this process leads" if self._leads else "this process leads no longer")
        return self._leads

    def let_go(self) -> None:
        """Let another process lead."""
        self._leads = False
        self._lead.let_go()
