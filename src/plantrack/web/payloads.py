"""What people send besides events: who signs in, why it is urgent, in which role to go on."""

from dataclasses import dataclass

from plantrack.domain.rights.words import GlassGround
from plantrack.domain.words import AgencyId, Reason


@dataclass(frozen=True, kw_only=True)
class SignsIn:
    """Who signs in to a demonstration."""

    name: Reason
    agency: AgencyId
    role: Reason


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """Why somebody must see a plan at once."""

    ground: GlassGround
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The post to go on in, as role@agency, and what for, if it is for something that has a name.

    The purpose stands in the access record, so it is no place for what is on a plan.
    """

    post: Reason
    purpose: Reason | None = None
