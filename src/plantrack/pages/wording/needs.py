"""What needs somebody, in sentences: what to do, why, since when and whose it is."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from plantrack.domain.words import agencies, agency, listed, words
from plantrack.pages.wording.dates import day, how_many_days
from plantrack.pages.wording.obligations import ASKS

PART_IS = {"assessment-broad": "source", "dissent-answered": "agency"}
"""The field of the form that says which part of a thing is owed: one source, one agency."""

SAME_DAY = "the same day"


class Line(NamedTuple):
    """One thing that is needed, as it stands on a page."""

    text: str
    why: str
    kind: str | None
    fields: Mapping[str, str]
    part: str
    agencies: list[str]
    alert: str | None


def worded(need: Mapping[str, Any], child: str) -> Line:
    """Say one thing that is owed: what to do, why, since when and for whom it waits."""
    row, filled = ASKS[need["obligation"]], _filled(need, child)
    fields = {row.by: need["thing"]} if row.by else {}
    part = PART_IS.get(need["obligation"])
    if part and len(need["parts"]) == 1:
        fields[part] = need["parts"][0]
    if need["obligation"] == "challenge-answered" and need["stage"]:
        fields["stage"] = need["stage"]
    why = [row.why.format_map(filled).strip(), _due(need), _whose(need), _alerted(need)]
    return Line(
        text=row.asks.format_map(filled).removesuffix(": "),
        why=" ".join(filter(None, why)),
        kind=row.kind,
        fields=fields,
        part=row.part.format_map(filled),
        agencies=need["agencies"],
        alert=need["alert"],
    )


def _filled(need: Mapping[str, Any], child: str) -> dict[str, str]:
    what = need["what"] or ""
    return {
        "child": child,
        "thing": need["thing"],
        "what": what.rstrip("."),
        "kind": words(what) or "meeting",
        "who": agencies(need["parts"]),
        "sources": listed([_source(each) for each in need["parts"]]),
        "sibling": what or "a brother or sister",
        "days": how_many_days(need["days"]),
        "since": day(need["started_on"]),
        "every": _rule(need, "every"),
        "within": _rule(need, "within"),
        "stage": need["stage"] or "1",
    }


def _rule(need: Mapping[str, Any], how: str) -> str:
    """Say the period that holds, and who says so; nothing for a day that was agreed."""
    allowed = need["allowed"]
    if allowed is None:
        return ""
    says = "The plan says" if need["by_the_plan"] else "Your procedures say"
    if allowed == SAME_DAY:
        return f"{says} on {allowed}."
    one = {"1 month": "month", "1 day": "day"}.get(allowed) if how == "every" else None
    return f"{says} {how} {one or allowed}."


def _source(source: str) -> str:
    said = words(source)
    return said if source in ("history", "child") else f"the {said}"


def _due(need: Mapping[str, Any]) -> str:
    over = need["days_over"]
    if over > 0:
        return f"It was due on {day(need['due_on'])}, {how_many_days(over)} ago."
    return "It is due today." if over == 0 else f"It is due on {day(need['due_on'])}."


def _whose(need: Mapping[str, Any]) -> str:
    if need["owner"] and len(need["agencies"]) == 1:
        return f"Waiting for {need['owner']}, {agency(need['agencies'][0])}."
    who = agencies(need["agencies"])
    return f"Waiting for {who}." if who else ""


def _alerted(need: Mapping[str, Any]) -> str:
    if need["alerted_on"] is None:
        return ""
    then = "they have answered" if need["answered"] else "nobody has answered yet"
    return f"Managers were told on {day(need['alerted_on'])}; {then}."
