"""What requests draw on besides the record: who is known, who is signed in, who looked."""

from dataclasses import dataclass

from plantrack.access_log.log import AccessLog
from plantrack.authentication.issuers import Issuers
from plantrack.authentication.oidc import SignIn
from plantrack.authentication.providers import Provider
from plantrack.authentication.sessions import Sessions
from plantrack.authentication.tokens import MachineTokens
from plantrack.drafts.drafts import Drafts

SCOPE = "plantrack"
"""What an access token must allow for a machine to come in."""


@dataclass(frozen=True)
class Sources:
    """The access record, the sessions, the providers at which people sign in, and their drafts."""

    access: AccessLog
    sessions: Sessions
    providers: tuple[Provider, ...] = ()
    issuers: Issuers | None = None
    drafts: Drafts | None = None
    """What people are still writing; None where no drafts are kept."""

    @property
    def sign_in(self) -> SignIn | None:
        """Sign people in; None where no provider is trusted."""
        return SignIn(self.issuers) if self.issuers else None

    @property
    def machines(self) -> MachineTokens | None:
        """Read the tokens of machines; None where no provider is trusted."""
        return MachineTokens(self.issuers) if self.issuers else None
