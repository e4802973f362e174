"""The domain's closed vocabularies, and the small things that events are made of.

A stored word is never changed, only added to. Agencies are data (a policy names them), not code.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

Id = Annotated[str, "id"]
"""A short name for one thing on a plan (``A1``, ``D2``): letters, digits, dots and dashes."""
PlanId = Annotated[str, "plan"]
"""The name of a plan (``CP-0417``): as an Id, up to 60 characters."""
ChildId = Annotated[str, "child"]
"""A child's number: letters and digits, at most 20 (what DfE's returns accept)."""
AgencyId = Annotated[str, "agency"]
"""The name of an agency as the policy has it (``school-nursing``)."""
Text = Annotated[str, "text"]
"""Somebody's words: at most 20,000 characters, no control characters."""
Reason = Annotated[str, "reason"]
"""Why: words that may not be blank."""
Number = Annotated[int, "number"]
"""The number of an entry or of a stage: 1 or more."""
Days = Annotated[int, "days"]
"""A number of days, 1 to 366."""
Count = Annotated[int, "count"]
"""How many, 0 to 99."""
TimeOfDay = Annotated[str, "time"]
"""A time of day as ``14:30``."""


class PlanKind(StrEnum):
    """Which kind of plan (Children Act 1989 s.17, or a conference under s.47)."""

    CIN = "cin"
    CP = "cp"

    @property
    def says(self) -> str:
        """Name the kind in full."""
        return "child in need" if self is PlanKind.CIN else "child protection"


class Category(StrEnum):
    """Category of abuse of a child protection plan (DfE CIN census 2025-26)."""

    NEGLECT = "NEG"
    PHYSICAL = "PHY"
    SEXUAL = "SAB"
    EMOTIONAL = "EMO"
    MULTIPLE = "MUL"

    @property
    def says(self) -> str:
        """Name the category in full."""
        return {
            "NEG": "neglect",
            "PHY": "physical abuse",
            "SAB": "sexual abuse",
            "EMO": "emotional abuse",
            "MUL": "multiple categories",
        }[self.value]


class ReferralSource(StrEnum):
    """Who referred the child (DfE CIN census 2025-26)."""

    FAMILY = "1A"
    ACQUAINTANCE = "1B"
    SELF = "1C"
    OTHER_INDIVIDUAL = "1D"
    SCHOOLS = "2A"
    EDUCATION_SERVICES = "2B"
    GP = "3A"
    HEALTH_VISITOR = "3B"
    SCHOOL_NURSE = "3C"
    OTHER_PRIMARY_HEALTH = "3D"
    EMERGENCY_DEPARTMENT = "3E"
    OTHER_HEALTH = "3F"
    HOUSING = "4"
    LA_SOCIAL_CARE = "5A"
    LA_OTHER = "5B"
    LA_EXTERNAL = "5C"
    LA_EARLY_HELP = "5D"
    POLICE = "6"
    OTHER_LEGAL = "7"
    OTHER = "8"
    ANONYMOUS = "9"
    UNKNOWN = "10"


class PrimaryNeed(StrEnum):
    """Why the child came to social care's attention (DfE CIN census 2025-26)."""

    NOT_STATED = "N0"
    ABUSE_NEGLECT_OR_EXPLOITATION = "N1"
    DISABILITY = "N2"
    PARENTAL_DISABILITY_OR_ILLNESS = "N3"
    FAMILY_IN_ACUTE_STRESS = "N4"
    FAMILY_DYSFUNCTION = "N5"
    SOCIALLY_UNACCEPTABLE_BEHAVIOUR = "N6"
    LOW_INCOME = "N7"
    ABSENT_PARENTING = "N8"
    OTHER_CASES = "N9"


class ClosureReason(StrEnum):
    """Why a plan ended (DfE CIN census 2025-26)."""

    ADOPTED = "RC1"
    DIED = "RC2"
    CHILD_ARRANGEMENTS_ORDER = "RC3"
    SPECIAL_GUARDIANSHIP = "RC4"
    MOVED_TO_ANOTHER_AUTHORITY = "RC5"
    ADULT_SOCIAL_CARE = "RC6"
    SERVICES_CEASED = "RC7"
    NO_FURTHER_ACTION = "RC8"
    EARLY_HELP = "RC9"

    @property
    def says(self) -> str:
        """Name the reason in words."""
        return {
            "RC1": "adopted",
            "RC2": "the child died",
            "RC3": "child arrangements order",
            "RC4": "special guardianship order",
            "RC5": "moved to another local authority",
            "RC6": "passed to adult social care",
            "RC7": "services ceased",
            "RC8": "closed after assessment with no further action",
            "RC9": "closed after assessment and passed to early help",
        }[self.value]


class EndedWithoutConference(StrEnum):
    """What ends a child protection plan without a review conference's decision."""

    EIGHTEENTH_BIRTHDAY = "eighteenth_birthday"
    DEATH = "death"
    LEFT_UK = "left_uk"


class Participation(StrEnum):
    """How the child took part in a meeting (DfE codes PN0 to PN7)."""

    UNDER_FOUR = "PN0"
    ATTENDED_AND_SPOKE = "PN1"
    ATTENDED_ADVOCATE_SPOKE = "PN2"
    ATTENDED_NON_VERBAL = "PN3"
    ATTENDED_SILENT = "PN4"
    ABSENT_ADVOCATE_BRIEFED = "PN5"
    ABSENT_SENT_VIEWS = "PN6"
    ABSENT_NO_VIEWS = "PN7"

    @property
    def says(self) -> str:
        """Say in words how the child took part."""
        return {
            "PN0": "the child is under four",
            "PN1": "the child attended and spoke",
            "PN2": "the child attended and an advocate spoke",
            "PN3": "the child attended and conveyed views without speaking",
            "PN4": "the child attended and did not contribute",
            "PN5": "the child was absent and an advocate spoke for them",
            "PN6": "the child was absent and sent their views",
            "PN7": "the child was absent and their views were not conveyed",
        }[self.value]


class Sex(StrEnum):
    """The child's sex as recorded (DfE: M, F, U not yet known)."""

    MALE = "M"
    FEMALE = "F"
    UNKNOWN = "U"


class Basis(StrEnum):
    """How a claim is known."""

    OBSERVED = "observed"
    RECORD = "record"
    PROFESSIONAL = "professional"
    CHILD = "child"
    PARENT = "parent"
    FAMILY = "family"
    ANONYMOUS = "anonymous"


SELF_REPORT = frozenset({Basis.PARENT, Basis.FAMILY})
"""What a claim may rest on without anybody outside the family having looked."""


class Mode(StrEnum):
    """How a child was seen."""

    FACE_TO_FACE = "face_to_face"
    VIDEO = "video"
    TELEPHONE = "telephone"


class Alone(StrEnum):
    """Whether a child was seen alone."""

    YES = "yes"
    NO = "no"
    DECLINED = "declined"


class Position(StrEnum):
    """Where an agency stands on a decision."""

    AGREE = "agree"
    DISAGREE = "disagree"
    ABSENT = "absent"
    NOT_ASKED = "not_asked"


TAKEN = frozenset({Position.AGREE, Position.DISAGREE})
"""The positions that an agency took itself."""


class Attendance(StrEnum):
    """How an agency took part in a meeting."""

    PRESENT = "present"
    REMOTE = "remote"
    REPORT_ONLY = "report_only"
    APOLOGIES = "apologies"
    ABSENT = "absent"


IN_THE_ROOM = frozenset({Attendance.PRESENT, Attendance.REMOTE})
"""The attendances that count for a quorum."""


class MeetingType(StrEnum):
    """What kind of meeting."""

    STRATEGY_DISCUSSION = "strategy_discussion"
    INITIAL_CONFERENCE = "initial_conference"
    REVIEW_CONFERENCE = "review_conference"
    CORE_GROUP = "core_group"
    CIN_REVIEW = "cin_review"
    SUPERVISION = "supervision"
    CASE_PROGRESSION = "case_progression"
    TRANSFER_CONFERENCE = "transfer_conference"


class DecisionKind(StrEnum):
    """What a decision is about."""

    OPEN = "open"
    CONTINUE = "continue"
    STEP_UP = "step_up"
    STEP_DOWN = "step_down"
    CLOSE = "close"
    TRANSFER = "transfer"
    WITHDRAW_SERVICE = "withdraw_service"
    NO_MEDICAL = "no_medical"
    NO_CONFERENCE = "no_conference"
    NO_FURTHER_ACTION = "no_further_action"
    OTHER = "other"


class Difference(StrEnum):
    """What difference an action has made for the child."""

    BETTER = "better"
    NONE = "none"
    WORSE = "worse"
    NOT_YET_KNOWN = "not_yet_known"


class HowMissed(StrEnum):
    """How a contact was missed."""

    NO_ACCESS = "no_access"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    DID_NOT_ATTEND = "did_not_attend"


class Finding(StrEnum):
    """What exploring an absence found."""

    GENUINE = "genuine"
    AVOIDANCE = "avoidance"
    NOT_KNOWN = "not_known"


class Involved(StrEnum):
    """Whether a person is involved in the child's life."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


class SiblingOutcome(StrEnum):
    """What was decided for a sibling."""

    OWN_PLAN = "own_plan"
    NO_PLAN = "no_plan"


class MedicalOutcome(StrEnum):
    """What was decided about a child protection medical."""

    HELD = "held"
    ARRANGED = "arranged"
    NOT_NEEDED = "not_needed"


class DispositionKind(StrEnum):
    """What becomes of an open action when its plan ends."""

    DONE = "done"
    ENDED = "ended"
    CARRIED = "carried"


class Mark(StrEnum):
    """What a text holds that not every reader of a plan may have."""

    GENERAL = "general"
    THIRD_PARTY = "third_party"
    AGENCY_CONFIDENTIAL = "agency_confidential"
    PROTECTED_ADDRESS = "protected_address"
    LEGAL_PRIVILEGE = "legal_privilege"

    @property
    def says(self) -> str:
        """Name in words what the text holds."""
        return {
            "general": "general information",
            "third_party": "third-party information",
            "agency_confidential": "confidential to agencies",
            "protected_address": "protected address",
            "legal_privilege": "legal advice",
        }[self.value]


class Role(StrEnum):
    """In which role somebody recorded an entry."""

    CHAIR = "chair"
    LEAD_PRACTITIONER = "lead_practitioner"
    PRACTITIONER = "practitioner"
    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"
    PARTNER = "partner"
    SAFEGUARDING_PARTNER = "safeguarding_partner"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"
    TRACKER = "tracker"


@dataclass(frozen=True)
class By:
    """By whom something was recorded, without what plantrack knows them by."""

    name: str
    agency: str
    role: Role

    def __str__(self) -> str:
        return f"{self.name} ({agency(self.agency)}, {words(self.role)})"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody acting in a role for an agency; ``id`` is by what the record of rights knows them.

    An entry from a history file or from before there were rights has no ``id``.
    """

    name: Text
    agency: AgencyId
    role: Role
    id: Id | None = None

    @property
    def shown(self) -> "By":
        """Give who it was as everybody may read it."""
        return By(self.name, self.agency, self.role)

    def __str__(self) -> str:
        return str(self.shown)


THE_TRACKER = Person(name="plantrack", agency="plantrack", role=Role.TRACKER)
"""The system's own word: what no person said."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A named person of an agency, as an event mentions them."""

    name: Text
    agency: AgencyId

    def __str__(self) -> str:
        return f"{self.name} ({agency(self.agency)})"


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How a plan came about."""

    referred_on: date | None = None
    referral_source: ReferralSource | None = None
    primary_need: PrimaryNeed | None = None
    strategy_discussion_on: date | None = None
    section_47_on: date | None = None
    initial_conference_on: date | None = None
    previous_cp_plans: Count | None = None
    transferred_from: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Stance:
    """One agency's position on a decision, and why."""

    position: Position
    reason: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Disposition:
    """What becomes of one open action when its plan ends, and why."""

    disposition: DispositionKind
    reason: Reason


AGENCY_NAMES = {
    "csc": "children's social care",
    "gp": "the GP",
    "health-visiting": "the health visitor",
    "school-nursing": "the school nurse",
}


def agency(name: str) -> str:
    """Name an agency for a reader."""
    return AGENCY_NAMES.get(name) or words(name)


def agencies(names: "tuple[str, ...] | list[str]") -> str:
    """Name several agencies for a reader."""
    return listed([agency(name) for name in names])


def listed(things: "list[str] | tuple[str, ...]") -> str:
    """Join things as English does: ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(things[:-1]), *things[-1:])))


def words(code: str) -> str:
    """Turn a stored word into plain ones: ``face_to_face`` is ``face to face``."""
    return code.replace("_", " ").replace("-", " ")


def day(on: date) -> str:
    """Write a day as people do: 3 March 2020."""
    return f"{on.day} {on:%B %Y}"


def one_line(text: str) -> str:
    """Put somebody's words on one line, without a final full stop."""
    return " ".join(text.split()).rstrip(".")
