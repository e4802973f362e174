"""The shapes of answers, for those who read /openapi.json: the lists' are their rows' own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_type_hints

import msgspec

from plantrack import codec
from plantrack.domain.events import KINDS
from plantrack.domain.plans.chronology import Told
from plantrack.domain.rights.actions import PEOPLE
from plantrack.domain.rights.events import RIGHTS_KINDS
from plantrack.domain.rights.words import OLDER_WORDS
from plantrack.projections import (
    actions,
    alerts,
    caseload,
    decisions,
    due,
    engagement,
    information,
    meetings,
)
from plantrack.projections import challenges as chains
from plantrack.web.commands import MOST_EVENTS, MOST_PLANS, Came, RecordedEntry, RecordedMeeting
from plantrack.web.lists import UpToDate
from plantrack.web.payloads import Chosen, Emergency

REF = "#/components/schemas/"
LONGEST_NAME = 200
UNKEPT = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
"""What a text may not hold, as a pattern says it; JSON in UTF-8 has no lone surrogates."""
KEPT = f"^[^{UNKEPT}]*$"
NOT_BLANK = f"^[^{UNKEPT}]*[^\\s{UNKEPT}][^{UNKEPT}]*$"
UNSET = msgspec.UNSET


class Problem(msgspec.Struct):
    """What was wrong, and what to do about it (RFC 9457); some kinds say more."""

    type: str
    title: str
    status: int
    detail: str


class Stale(msgspec.Struct):
    """Somebody else wrote first: where the plan is now, and the first entries that came between."""

    type: str
    title: str
    status: int
    detail: str
    plan: str | msgspec.UnsetType = UNSET
    now: int | msgspec.UnsetType = UNSET
    between: list[Came] | msgspec.UnsetType = UNSET
    plans: list[dict[str, Any]] | msgspec.UnsetType = UNSET


class Token(msgspec.Struct, forbid_unknown_fields=True):
    """What to send as “Authorization: Bearer” from now on."""

    token: str


class StatedRight(msgspec.Struct, forbid_unknown_fields=True):
    """What was put on the record of rights."""

    stated: str


class Ended(msgspec.Struct, forbid_unknown_fields=True):
    """The session is over."""

    ended: bool


class Session(msgspec.Struct, forbid_unknown_fields=True):
    """Who one is here, in which post (role@agency), which others one may choose, and where."""

    person: str
    name: str
    post: str
    posts: list[str]
    proved_at: datetime | None
    sessions: list[dict[str, Any]]


class People(msgspec.Struct, forbid_unknown_fields=True):
    """Everybody who is known."""

    people: list[dict[str, Any]]


class WhoHasAccess(msgspec.Struct, forbid_unknown_fields=True):
    """Who is or was tied to a plan, and whether it is restricted."""

    plan: str
    people: list[dict[str, Any]]
    restriction: dict[str, Any] | None


class LookedPage(msgspec.Struct, forbid_unknown_fields=True):
    """Who looked, the latest first; “next” goes into “after”."""

    items: list[dict[str, Any]]
    next: int | None


class Patterns(msgspec.Struct, forbid_unknown_fields=True):
    """What was unusual in who looked."""

    patterns: list[dict[str, Any]]


class EmergencyAccesses(msgspec.Struct, forbid_unknown_fields=True):
    """Emergency accesses, those that wait for a review first."""

    items: list[dict[str, Any]]


class EmergencyAccess(msgspec.Struct, forbid_unknown_fields=True):
    """Until when a plan is open, and by when somebody else looks whether that was right."""

    access: str
    plan: str
    until: datetime
    review_by: date


class Alive(msgspec.Struct, forbid_unknown_fields=True):
    """The process answers."""

    alive: bool


class Ready(msgspec.Struct, forbid_unknown_fields=True):
    """Whether people may be sent here, and what stands against it; it counts for who may watch."""

    ready: bool
    entries: int | None
    projection_lag: int | None
    behind: bool
    last_sweep: datetime | None
    leader: bool
    problems: list[str]


class Change(msgspec.Struct, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Something on the plan that differs between two moments."""

    what: str
    from_: Any
    to: Any


class Comparison(msgspec.Struct, forbid_unknown_fields=True):
    """What came onto the record between two moments, and what that changed."""

    plan: str
    came: list[Told]
    changed: list[Change]


class PlanPicture(msgspec.Struct):
    """Where a plan stands: everything that its entries add up to."""

    plan: str
    kind: str | None
    child: str | None
    seen: dict[str, Any]
    outcomes: dict[str, str]
    actions: dict[str, dict[str, Any]]
    meetings: dict[str, dict[str, Any]]
    decisions: dict[str, dict[str, Any]]
    challenges: dict[str, dict[str, Any]]
    recommendations: dict[str, dict[str, Any]]
    gaps: dict[str, dict[str, Any]]
    information: dict[str, dict[str, Any]]
    missed_contacts: list[dict[str, Any]]
    withdrawn_services: dict[str, date]
    injuries: dict[str, dict[str, Any]]
    assessments: dict[str, dict[str, Any]]
    people: dict[str, dict[str, Any]]
    owed: list[dict[str, Any]]
    unmet_at_closing: list[dict[str, Any]]
    entries: int
    family: str | msgspec.UnsetType | None = UNSET
    category: str | msgspec.UnsetType | None = UNSET
    opened_on: date | msgspec.UnsetType = UNSET
    follows: str | msgspec.UnsetType | None = UNSET
    ended_on: date | msgspec.UnsetType | None = UNSET
    ended_by: str | msgspec.UnsetType | None = UNSET
    lead: dict[str, str] | msgspec.UnsetType = UNSET
    chair: dict[str, str] | msgspec.UnsetType | None = UNSET
    agencies: list[str] | msgspec.UnsetType = UNSET


OTHERS = (
    Problem,
    Stale,
    Token,
    StatedRight,
    Ended,
    Session,
    People,
    WhoHasAccess,
    LookedPage,
    Patterns,
    EmergencyAccesses,
    EmergencyAccess,
    Alive,
    Ready,
    Comparison,
    PlanPicture,
    RecordedEntry,
    RecordedMeeting,
    UpToDate,
    Told,
)

AS_OF_TODAY: Mapping[str, dict[str, Any]] = {
    "CaseloadPage": {"days_on_plan": int, "overdue_actions": int},
    "AlertPage": {"days_open": int},
    "ActionPage": {"overdue": bool, "days_overdue": int},
    "DuePage": {"days_overdue": int},
    "FamilyPage": {"days_on_plan": int, "overdue_actions": int, "people": list[dict[str, Any]]},
}
"""What a list adds to its rows when it is asked for."""

ROWS: Mapping[str, Any] = {
    "CaseloadPage": caseload.Row,
    "AlertPage": alerts.Row,
    "DuePage": due.Row,
    "ActionPage": actions.Row,
    "DecisionPage": decisions.Row,
    "InformationPage": information.Row,
    "EngagementPage": engagement.Row,
    "ChallengePage": chains.Row,
    "MeetingPage": meetings.Row,
    "FamilyPage": caseload.Row,
}


def components() -> dict[str, Any]:
    """Give every schema that /openapi.json refers to."""
    rows = {page: _line(page, row) for page, row in ROWS.items()}
    _, shapes = msgspec.json.schema_components(
        [*OTHERS, *rows.values()], ref_template=REF + "{name}"
    )
    pages = {name: _page(_name_of_line(name), row.__doc__) for name, row in rows.items()}
    pages["ChronologyPage"] = _page("Told", Told.__doc__)
    return dict(sorted((shapes | pages | _events()).items()))


def _line(page: str, row: Any) -> Any:
    hints = get_type_hints(row) | AS_OF_TODAY.get(page, {})
    line = msgspec.defstruct(_name_of_line(page), list(hints.items()), forbid_unknown_fields=True)
    line.__doc__ = row.__doc__
    return line


def _name_of_line(page: str) -> str:
    return page.removesuffix("Page") + "Line"


def _page(line: str, says: str | None) -> dict[str, Any]:
    properties = {
        "items": {"type": "array", "items": {"$ref": REF + line}},
        "next": {"type": ["string", "null"]},
        "up_to_date": {"$ref": REF + "UpToDate"},
    }
    return {
        "type": "object",
        "description": (says or "").split("\n")[0],
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _events() -> dict[str, Any]:
    """Give the schemas of what people may say, and of a meeting about several children."""
    schemas = codec.schema()["$defs"].items()
    said = {name: _with_patterns(schema) for name, schema in schemas if not _ours(name)}
    one_of = [{"$ref": REF + name} for name in said]
    mapping = {name: REF + name for name in said}
    number = codec.BOUNDS["number"]
    part = {
        "type": "object",
        "properties": {
            "last_read": {"type": "integer", "minimum": number[0], "maximum": number[1]},
            "events": {
                "type": "array",
                "description": "Exactly one of them is the “MeetingHeld”.",
                "minItems": 1,
                "maxItems": MOST_EVENTS,
                "items": {"$ref": REF + "Event"},
            },
        },
        "required": ["last_read", "events"],
        "additionalProperties": False,
    }
    plans = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": MOST_PLANS,
        "propertyNames": {"pattern": f"^{codec.PATTERNS['plan'][0]}$"},
        "additionalProperties": part,
    }
    return said | {
        "Event": {"oneOf": one_of, "discriminator": {"propertyName": "kind", "mapping": mapping}},
        "Meeting": {
            "type": "object",
            "description": "What one meeting said of several children, plan by plan.",
            "properties": {"plans": plans},
            "required": ["plans"],
            "additionalProperties": False,
        },
        "SignIn": _person(),
        **_about_rights(),
    }


def _about_rights() -> dict[str, Any]:
    """Give the schemas of what is said about rights, of emergencies and of posts."""
    kinds = {
        name: _with_patterns(codec.object_schema(kind, name))
        for name, kind in RIGHTS_KINDS.items()
        if not kind.BY_THE_TRACKER
    }
    one_of = [{"$ref": REF + name} for name in kinds]
    mapping = {name: REF + name for name in kinds}
    either = {"oneOf": one_of, "discriminator": {"propertyName": "kind", "mapping": mapping}}
    return kinds | {
        "RightsEvent": either,
        "Emergency": _with_patterns(codec.object_schema(Emergency)),
        "Chosen": _with_patterns(codec.object_schema(Chosen)),
    }


def _with_patterns(schema: Any) -> Any:
    """Say of each text which characters it may hold, as the codec refuses the others."""
    if isinstance(schema, list):
        return [_with_patterns(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if schema == {"type": "string"} or schema.get("maxLength") == codec.LONGEST_TEXT:
        return schema | {"pattern": NOT_BLANK if "minLength" in schema else KEPT}
    return {name: _with_patterns(each) for name, each in schema.items()}


def _person() -> dict[str, Any]:
    """Give the schema of who signs in, with the bounds that events have."""
    agency = f"^{codec.PATTERNS['agency'][0]}$"
    roles = sorted({*OLDER_WORDS, *map(str, PEOPLE)})
    properties = {
        "name": {"type": "string", "maxLength": LONGEST_NAME, "pattern": NOT_BLANK},
        "agency": {"type": "string", "pattern": agency},
        "role": {"enum": roles},
    }
    return {
        "type": "object",
        "description": "Somebody acting in a role for an agency.",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _ours(kind: str) -> bool:
    return KINDS[kind].BY_THE_TRACKER
