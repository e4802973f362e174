"""What changed between two pictures of a plan, in words: a table for paths, and for values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.wording import not_done
from plantrack.domain.words import Category, PlanKind, agency, day, listed, words
from plantrack.pages.wording.sentences import say

NOTHING = "Nothing yet"

GROUPS: Mapping[str, str] = {
    "actions": "Actions",
    "outcomes": "What should be different for the child",
    "seen": "The child, seen and heard",
    "meetings": "Meetings",
    "decisions": "Decisions",
    "challenges": "Challenges",
    "recommendations": "Recommendations",
    "gaps": "Gaps that managers named",
    "information": "Information",
    "missed_contacts": "Contacts that were missed",
    "withdrawn_services": "Services that were withdrawn",
    "injuries": "Injuries",
    "assessments": "Assessments",
    "people": "People",
    "owed": "What is owed",
    "unmet_at_closing": "Not done when the plan ended",
}
THE_PLAN = "The plan"
THINGS: Mapping[str, str] = {
    "actions": "Action",
    "outcomes": "Outcome",
    "meetings": "Meeting",
    "decisions": "Decision",
    "challenges": "Challenge",
    "recommendations": "Recommendation",
    "gaps": "Gap",
    "information": "Information",
    "withdrawn_services": "Service",
    "injuries": "Injury",
    "assessments": "Assessment",
    "people": "Person",
}
FIELDS: Mapping[str, str] = {
    "due_on": "due on",
    "first_due_on": "first due on",
    "slips": "moved to a later day",
    "reviews": "how often reviewed",
    "last_reviewed_on": "last reviewed",
    "difference": "what difference it makes",
    "state": "where it stands",
    "done_on": "closed on",
    "owner": "whose it is",
    "what": "what it is",
    "planned_for": "planned for",
    "moved": "how often moved",
    "held_on": "held on",
    "attendance": "who was there",
    "positions": "where agencies stand",
    "single_agency": "decided by one agency alone",
    "stage": "stage reached",
    "resolved_on": "settled on",
    "answered_by": "decisions that answer it",
    "answered_on": "answered on",
    "withheld_from": "held back from",
    "acknowledged_by": "acknowledged by",
    "to": "given to",
    "from": "from",
    "medical": "medical",
    "finished_on": "finished on",
    "consulted": "sources asked",
    "open_sources": "sources not asked yet",
    "involved": "involved in the child's life",
    "considered": "whether they need a plan",
    "last_contact_on": "last contact of any kind",
    "last_face_to_face_on": "last seen face to face",
    "last_alone_on": "last seen alone",
    "last_heard_on": "last heard in own words",
    "last_words": "what the child last said",
    "ended_by": "how it ended",
    "lead": "who leads",
    "chair": "who chairs",
    "follows": "follows plan",
}
SAID_AS: Mapping[str, str] = {
    "difference": "Difference",
    "attendance": "Attendance",
    "positions": "Position",
    "medical": "MedicalOutcome",
    "involved": "Involved",
    "considered": "SiblingOutcome",
    "how": "HowMissed",
    "type": "MeetingType",
}
"""Fields that hold a word of a kind, and the kind."""
AGENCIES = frozenset(
    {"agencies", "to", "from", "acknowledged_by", "by_agency", "to_agency", "decided_by", "agency"}
)
BY_AGENCY = frozenset({"attendance", "positions", "withheld_from"})
LEFT_OUT = frozenset({"entries", "plan"})
OWED = re.compile(r"(?P<code>\S+) (?P<about>.*) due (?P<due>[0-9-]{10})")
A_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CODE = re.compile(r"[a-z]+(_[a-z]+)+")


class Changed(NamedTuple):
    """One thing that changed, what it was before and what it is after."""

    what: str
    before: str
    after: str


def in_words(changes: Sequence[Mapping[str, Any]], plan: str) -> dict[str, list[Changed]]:
    """Word changes, group by group in a fixed order; a path that nobody worded is still read."""
    found: dict[str, list[Changed]] = {}
    for each in changes:
        path = each["what"].split(" / ")
        if path[0] not in LEFT_OUT:
            group = GROUPS.get(path[0], THE_PLAN)
            found.setdefault(group, []).extend(_worded(path, each["from"], each["to"], plan))
    order = [THE_PLAN, *GROUPS.values()]
    return {group: found[group] for group in order if found.get(group)}


def _worded(path: list[str], old: Any, new: Any, plan: str) -> Iterator[Changed]:
    if path[0] in ("owed", "unmet_at_closing"):
        yield _owed(" / ".join(path[1:]), old, new, plan)
    elif len(path) > 1 and path[0] in THINGS and old is None and isinstance(new, dict):
        yield Changed(_label(path), NOTHING, value("", new))
    else:
        yield Changed(_label(path), value(path[-1], old), value(path[-1], new))


def _label(path: list[str]) -> str:
    """Say what a path leads to: “Action A2, due on”."""
    if len(path) == 1 or path[0] not in THINGS:
        return capitalised(_field(path[-1]))
    thing, rest = f"{THINGS[path[0]]} {path[1]}", path[2:]
    if rest and path[-2] in BY_AGENCY:
        return f"{thing}, {_field(path[-2])}: {agency(path[-1])}"
    return f"{thing}, {_field(rest[-1])}" if rest else thing


def _field(name: str) -> str:
    return FIELDS.get(name) or words(name)


def _owed(clock: str, old: Any, new: Any, plan: str) -> Changed:
    """Say how something that is owed stood: not owed, due, or overdue."""
    found = OWED.fullmatch(clock)
    if found is None:
        return Changed(clock, value("", old), value("", new))
    code, about, due = found["code"], found["about"], date.fromisoformat(found["due"])
    rule = BY_CODE[code].says if code in BY_CODE else words(code)
    thing = f" ({about.replace('/', ', ')})" if about != plan else ""
    if True in (old, new):
        rule, thing = capitalised(not_done(code, about, due)), ""
    stands = {False: f"Due by {day(due)}", True: "Overdue"}
    was, now = stands.get(old, "Not owed yet"), stands.get(new, "No longer owed")
    return Changed(f"{rule}{thing}", was, now)


def value(field: str, given: Any) -> str:
    """Word a value of a field: dates, agencies and words of a kind as people read them."""
    if given is None or given in ("", [], {}):
        return NOTHING
    if isinstance(given, bool):
        return "Yes" if given else "No"
    if isinstance(given, dict):
        return _object(field, given)
    if isinstance(given, list):
        return listed([value(field, each) for each in given])
    if isinstance(given, str):
        return _text(field, given)
    return str(given)


def _object(field: str, given: Mapping[str, Any]) -> str:
    if set(given) == {"name", "agency"}:
        return f"{given['name']}, {agency(given['agency'])}"
    if field in BY_AGENCY:
        return "; ".join(f"{agency(name)}: {value(field, each)}" for name, each in given.items())
    said = ((name, each) for name, each in given.items() if each not in (None, "", [], {}, False))
    return "; ".join(f"{_field(name)}: {value(name, each)}" for name, each in said)


def _text(field: str, given: str) -> str:
    if A_DAY.fullmatch(given):
        return day(date.fromisoformat(given))
    if field in SAID_AS:
        return say(given, SAID_AS[field])
    if field in AGENCIES:
        return agency(given)
    if field == "kind":
        return PlanKind(given).says
    if field == "category":
        return Category(given).says
    if field == "ended_by":
        return re.sub(r"(?<=[a-z])([A-Z])", lambda up: f" {up[1].lower()}", given)
    return words(given) if CODE.fullmatch(given) else given
