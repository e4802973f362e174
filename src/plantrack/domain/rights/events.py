"""What is said about rights: each is an entry of a record of its own, and is never changed.

A right that was wrong is ended, not rewritten. Days are civil days in London, both included;
times are UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from plantrack.domain.rights.words import Allocation, Duty, GlassGround, RestrictionCategory
from plantrack.domain.words import AgencyId, ChildId, Id, PlanId, Reason, Text


@dataclass(frozen=True, kw_only=True)
class RightsEvent:
    """Something that changes who may see or do what."""

    BY_THE_TRACKER: ClassVar[bool] = False
    STEP_UP: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class DemonstrationDeclared(RightsEvent):
    """A database holds invented people only, so anybody may sign in as any of them."""

    BY_THE_TRACKER = True


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(RightsEvent):
    """Somebody of an agency was made known."""

    person: Id
    name: Reason
    agency: AgencyId


@dataclass(frozen=True, kw_only=True)
class IdentityLinked(RightsEvent):
    """A person is the one whom an identity provider knows by this subject.

    It holds when a second person has approved it: whoever is linked is let in as that person.
    """

    STEP_UP = True

    person: Id
    issuer: Reason
    subject: Reason


@dataclass(frozen=True, kw_only=True)
class IdentityApproved(RightsEvent):
    """A second person approved that somebody is the one whom a provider knows by a subject."""

    STEP_UP = True

    issuer: Reason
    subject: Reason


@dataclass(frozen=True, kw_only=True)
class IdentityUnlinked(RightsEvent):
    """Whoever a provider knows by this subject is let in as nobody any more."""

    issuer: Reason
    subject: Reason
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class PersonDisabled(RightsEvent):
    """A person may not use plantrack any more, from this moment on."""

    person: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class PersonRestored(RightsEvent):
    """A person who was disabled may use plantrack again."""

    STEP_UP = True

    person: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class GrantProposed(RightsEvent):
    """Somebody proposed that a person have a role; it holds when somebody else approves it.

    The role is for the person's own agency, unless another is named: one human who works for two
    agencies is one person with two roles.
    """

    STEP_UP = True

    grant: Id
    person: Id
    role: Duty
    reason: Reason
    agency: AgencyId | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class GrantApproved(RightsEvent):
    """A second person approved that somebody have a role."""

    STEP_UP = True

    grant: Id


@dataclass(frozen=True, kw_only=True)
class GrantEnded(RightsEvent):
    """A person has a role no more."""

    grant: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class TeamJoined(RightsEvent):
    """A person belongs to a team."""

    STEP_UP = True

    person: Id
    team: Id
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class TeamLeft(RightsEvent):
    """A person belongs to a team no more."""

    person: Id
    team: Id


@dataclass(frozen=True, kw_only=True)
class Allocated(RightsEvent):
    """A plan was allocated to its chair, its worker or somebody who covers."""

    plan: PlanId
    person: Id
    allocation: Allocation
    since: date
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class AllocationEnded(RightsEvent):
    """A plan is allocated to somebody no more."""

    plan: PlanId
    person: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class MemberNamed(RightsEvent):
    """Somebody of an agency was named a member of a plan's core group or conference."""

    plan: PlanId
    person: Id
    since: date
    until: date | None = None
    sees_address: bool = False


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(RightsEvent):
    """Somebody is a member of a plan's group no more."""

    plan: PlanId
    person: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class PlanRestricted(RightsEvent):
    """From now on a plan exists for the people on its list only."""

    STEP_UP = True

    plan: PlanId
    category: RestrictionCategory
    reason: Reason
    review_by: date
    people: tuple[Id, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RestrictionReviewed(RightsEvent):
    """It was looked at whether a plan must stay restricted, and it stays."""

    STEP_UP = True

    plan: PlanId
    reason: Reason
    review_by: date


@dataclass(frozen=True, kw_only=True)
class PersonAdmitted(RightsEvent):
    """Somebody was put on the list of a restricted plan."""

    STEP_UP = True

    plan: PlanId
    person: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class PersonRemoved(RightsEvent):
    """Somebody was taken off the list of a restricted plan."""

    plan: PlanId
    person: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class RestrictionLifted(RightsEvent):
    """A plan is restricted no more."""

    STEP_UP = True

    plan: PlanId
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class ConflictDeclared(RightsEvent):
    """Somebody has an interest in a child or a plan, and so may not see it."""

    conflict: Id
    person: Id
    reason: Reason
    child: ChildId | None = None
    plan: PlanId | None = None


@dataclass(frozen=True, kw_only=True)
class ConflictLifted(RightsEvent):
    """A conflict of interest was found to be over, or never to have been."""

    STEP_UP = True

    conflict: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class WarrantProposed(RightsEvent):
    """It was proposed that an inspector read some plans, or the whole authority's, for a time.

    A restricted plan is within it only if the warrant names that plan.
    """

    warrant: Id
    person: Id
    purpose: Reason
    starts: datetime
    ends: datetime
    plans: tuple[PlanId, ...] = ()
    whole_authority: bool = False


@dataclass(frozen=True, kw_only=True)
class WarrantApproved(RightsEvent):
    """A second person approved a warrant, which then holds between its times."""

    STEP_UP = True

    warrant: Id


@dataclass(frozen=True, kw_only=True)
class WarrantEnded(RightsEvent):
    """A warrant was ended before its time."""

    warrant: Id
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class GlassBroken(RightsEvent):
    """Somebody took emergency access to one plan, for an hour at most."""

    BY_THE_TRACKER = True

    glass: Id
    plan: PlanId
    person: Id
    ground: GlassGround
    reason: Reason
    until: datetime
    review_by: date


@dataclass(frozen=True, kw_only=True)
class GlassReviewed(RightsEvent):
    """It was looked at whether an emergency access was right."""

    glass: Id
    justified: bool
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class GlassReviewClimbed(RightsEvent):
    """Nobody reviewed an emergency access within a working day, so others were told."""

    BY_THE_TRACKER = True

    glass: Id
    told: tuple[Text, ...] = ()


def _kinds(of: type[Any]) -> dict[str, type[RightsEvent]]:
    return {each.__name__: each for each in of.__subclasses__()}


RIGHTS_KINDS = _kinds(RightsEvent)
"""Every kind of event of the rights' record by its name."""
