"""The words of rights: who somebody is in plantrack, and what ties them to a plan."""

from enum import StrEnum

from plantrack.domain.words import Role


class Duty(StrEnum):
    """In which of the twelve roles somebody uses plantrack; one is active in a session."""

    CHAIR = "chair"
    SOCIAL_WORKER = "social_worker"
    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"
    PARTNER_PROFESSIONAL = "partner_professional"
    PARTNER_LEAD = "partner_lead"
    INSPECTOR = "inspector"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"
    SCHEDULER = "scheduler"
    WITNESS = "witness"
    ANONYMOUS = "anonymous"

    @property
    def says(self) -> str:
        """Name the role in words."""
        return DUTY_SAYS.get(self, self.value.replace("_", " "))


DUTY_SAYS = {
    Duty.CHAIR: "conference chair",
    Duty.SERVICE_MANAGER: "service manager or head of safeguarding",
    Duty.ADMIN: "administrator",
    Duty.SCHEDULER: "the scheduling service",
    Duty.WITNESS: "a witness service",
    Duty.ANONYMOUS: "somebody who did not sign in",
}

SERVICES = frozenset({Duty.SCHEDULER, Duty.WITNESS})
"""Roles of machines: no person has them."""

RECORDS_AS = {
    Duty.CHAIR: Role.CHAIR,
    Duty.SOCIAL_WORKER: Role.LEAD_PRACTITIONER,
    Duty.TEAM_MANAGER: Role.TEAM_MANAGER,
    Duty.SERVICE_MANAGER: Role.SERVICE_MANAGER,
    Duty.PARTNER_PROFESSIONAL: Role.PARTNER,
    Duty.PARTNER_LEAD: Role.SAFEGUARDING_PARTNER,
    Duty.INSPECTOR: Role.INSPECTOR,
    Duty.PRIVACY_OFFICER: Role.ADMINISTRATOR,
    Duty.ADMIN: Role.ADMINISTRATOR,
}
"""As whom an entry names somebody of a role; the entry's words are older than the roles."""


class Allocation(StrEnum):
    """What somebody is to a plan that they were allocated."""

    CHAIR = "chair"
    WORKER = "worker"
    COVER = "cover"


class RestrictionCategory(StrEnum):
    """Why a plan may be seen by the people on its list only."""

    ADOPTION = "adoption"
    STAFF_OR_RELATIVE = "staff_or_relative"
    PROTECTED_IDENTITY = "protected_identity"
    COURT_ORDER = "court_order"
    OTHER = "other"


class GlassGround(StrEnum):
    """Why somebody must see a plan at once that they have no relation to."""

    IMMEDIATE_HARM = "immediate_harm"
    OUT_OF_HOURS = "out_of_hours"
    COLLEAGUE_ABSENT = "colleague_absent"
    COURT_OR_POLICE = "court_or_police"
    PRIVACY_INVESTIGATION = "privacy_investigation"


OLDER_WORDS: dict[str, Duty] = {
    Role.LEAD_PRACTITIONER: Duty.SOCIAL_WORKER,
    Role.PRACTITIONER: Duty.SOCIAL_WORKER,
    Role.PARTNER: Duty.PARTNER_PROFESSIONAL,
    Role.SAFEGUARDING_PARTNER: Duty.PARTNER_LEAD,
    Role.ADMINISTRATOR: Duty.ADMIN,
}
"""The roles that entries name and that rights call otherwise."""
