"""What can be done in plantrack, and which roles may do it at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from plantrack.domain.rights.words import Duty


class Action(StrEnum):
    """Something that a route does for whoever asks."""

    READ_PLAN = "read a plan"
    LIST_PLANS = "read lists of plans"
    LIST_DUE = "read what is due and what was raised"
    OPEN_PLAN = "open a plan"
    RECORD = "record on a plan"
    EXPORT = "take plans away"
    BREAK_GLASS = "take emergency access to a plan"
    SEE_WHO_HAS_ACCESS = "see who has access to a plan"
    SEE_RIGHTS = "see people, roles and relationships"
    CHANGE_RIGHTS = "change rights"
    SEE_WHO_LOOKED = "see who looked"
    SEE_PATTERNS = "see unusual patterns of looking"
    SEE_EMERGENCY_ACCESS = "see emergency accesses and their reviews"
    KEEP_RULES = "see and change the rules and the working days"
    TAKE_IN = "take in past histories"
    WATCH = "watch how the service runs"
    KEEP_SESSION = "see and end one's own session"


@dataclass(frozen=True)
class Row:
    """Which roles may do something, whether it is about a plan, and whether it shows plans."""

    duties: frozenset[Duty]
    about_a_plan: bool = False
    shows_plans: bool = False


PEOPLE_ON_PLANS = frozenset(
    {
        Duty.CHAIR,
        Duty.SOCIAL_WORKER,
        Duty.TEAM_MANAGER,
        Duty.SERVICE_MANAGER,
        Duty.PARTNER_PROFESSIONAL,
        Duty.PARTNER_LEAD,
    }
)
READERS = PEOPLE_ON_PLANS | {Duty.INSPECTOR}
CASEWORK = frozenset({Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER})
PEOPLE = frozenset(Duty) - {Duty.SCHEDULER, Duty.WITNESS, Duty.ANONYMOUS}

MAY: Mapping[Action, Row] = {
    Action.READ_PLAN: Row(READERS | {Duty.PRIVACY_OFFICER}, about_a_plan=True, shows_plans=True),
    Action.LIST_PLANS: Row(READERS, shows_plans=True),
    Action.LIST_DUE: Row(READERS | {Duty.SCHEDULER}, shows_plans=True),
    Action.OPEN_PLAN: Row(CASEWORK),
    Action.RECORD: Row(PEOPLE_ON_PLANS, about_a_plan=True),
    Action.EXPORT: Row(frozenset({Duty.SERVICE_MANAGER, Duty.INSPECTOR}), shows_plans=True),
    Action.BREAK_GLASS: Row(CASEWORK | {Duty.PRIVACY_OFFICER}, about_a_plan=True),
    Action.SEE_WHO_HAS_ACCESS: Row(
        CASEWORK | {Duty.SERVICE_MANAGER}, about_a_plan=True, shows_plans=True
    ),
    Action.SEE_RIGHTS: Row(frozenset({Duty.ADMIN, Duty.SERVICE_MANAGER, Duty.PRIVACY_OFFICER})),
    Action.CHANGE_RIGHTS: Row(PEOPLE - {Duty.INSPECTOR}),
    Action.SEE_WHO_LOOKED: Row(frozenset({Duty.PRIVACY_OFFICER, Duty.INSPECTOR})),
    Action.SEE_PATTERNS: Row(frozenset({Duty.PRIVACY_OFFICER})),
    Action.SEE_EMERGENCY_ACCESS: Row(frozenset({Duty.PRIVACY_OFFICER, Duty.SERVICE_MANAGER})),
    Action.KEEP_RULES: Row(frozenset({Duty.ADMIN})),
    Action.TAKE_IN: Row(frozenset({Duty.ADMIN})),
    Action.WATCH: Row(frozenset({Duty.ADMIN, Duty.SCHEDULER})),
    Action.KEEP_SESSION: Row(PEOPLE),
}
"""An action that is not here is nobody's; a role that is not in its row may not do it."""

STEP_UP = frozenset({Action.EXPORT, Action.BREAK_GLASS})
"""What somebody may do only within five minutes of proving who they are (ASVS V7.5.3)."""
