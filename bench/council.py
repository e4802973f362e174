"""Makes a council's history to measure with: plans of about 330 entries over two years each.

Every seventh entry is written up late; every plan has actions that slip, decisions of one agency,
missed contacts, corrections and retractions, so that alerts are raised, climb and clear.

Told in full, as pages need it, a plan also says who the child is, which family and team it belongs
to and who is around the child, in words of a usual length.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

FIRST_DAY = date(2019, 1, 7)
LENGTH_DAYS = 730
EVERY = 7
BY = {"name": "lead worker", "agency": "csc", "role": "lead_practitioner"}
MANAGER = {"name": "team manager", "agency": "csc", "role": "team_manager"}
GIVEN, FAMILY = ("Perrin", "Lottie", "Bram", "Keir", "Effie"), ("Averill", "Oakes", "Quenby")
SIBLINGS = 3
"""So many children are of one family, where plans are told in full."""
TOLD = ("csc", "school", "school-nursing")
SENTENCE = "Take up the place at the parenting course, go to every session and say how it was."


class Style(NamedTuple):
    """How plans are told: over how many days, from when, with which names, and how fully."""

    days: int = LENGTH_DAYS
    first_day: date = FIRST_DAY
    opened_within: int = 365
    names_from: int = 1
    teams: tuple[str, ...] = ()
    """Whose work the plans are, in turn; without teams they are not told in full."""

    def number(self, name: str) -> int:
        """Give the number of a plan by its name."""
        return int(name.removeprefix("CIN-"))


USUAL = Style()


def history(entries: int, seed: int = 1, style: Style = USUAL) -> list[str]:
    """Give the lines of a council's history file, in the order recorded."""
    chance = random.Random(seed)
    lines: list[tuple[datetime, int, str]] = []
    plan = style.names_from - 1
    while len(lines) < entries:
        plan += 1
        lines.extend(_plan(f"CIN-{plan}", f"K{plan}", chance, len(lines), style))
    return [line for _, _, line in sorted(lines[:entries])]


def _plan(
    name: str, child: str, chance: random.Random, before: int, style: Style
) -> Iterator[tuple[datetime, int, str]]:
    """Tell one child in need plan, fortnight by fortnight."""
    opened = style.first_day + timedelta(days=chance.randrange(style.opened_within))
    events = _events(name, child, opened, chance, style)
    if style.teams:
        events = _in_full(events, style, style.number(name))
    for number, (on, by, event) in enumerate(events):
        late = chance.choice((2, 5, 9, 21)) if number % EVERY == 0 and number else 0
        if style.teams and event["kind"] == "InformationShared":
            late = 0  # or nobody could say that they read it
        recorded = datetime.combine(on + timedelta(days=late), time(15, number % 60), UTC)
        yield (
            recorded,
            before + number,
            json.dumps(
                {
                    "plan": name,
                    "recorded_at": recorded.isoformat(),
                    "by": by,
                    "event": {"on": on.isoformat(), **event},
                }
            ),
        )


Told = Iterator[tuple[date, dict[str, str], dict[str, Any]]]


def _events(name: str, child: str, opened: date, chance: random.Random, style: Style) -> Told:
    lead = {"name": "lead worker", "agency": "csc"}
    yield (
        opened,
        BY,
        {
            "kind": "PlanOpened",
            "plan_kind": "cin",
            "child": child,
            "family": f"F{child[1:]}",
            "origin": {"referred_on": opened.isoformat(), "referral_source": "2A"},
            "lead": lead,
            "agencies": ["csc", "school", "police", "school-nursing"],
        },
    )
    for fortnight in range(1, style.days // 14):
        on = opened + timedelta(days=14 * fortnight)
        for event in _fortnight(fortnight, on, chance):
            yield on, MANAGER if event["kind"] == "OversightRecorded" else BY, event


def _in_full(events: Told, style: Style, number: int) -> Told:
    """Tell whose plan it is and who is around the child, and what was agreed in a sentence."""
    for on, by, event in events:
        if event["kind"] == "PlanOpened":
            family, team = f"F{(number - 1) // SIBLINGS}", style.teams[number % len(style.teams)]
            yield on, by, {**event, "family": family, "team": team}
            names = GIVEN[number % len(GIVEN)], FAMILY[number // SIBLINGS % len(FAMILY)]
            born = (on - timedelta(days=1500 + number % 4000)).isoformat()
            said = {"given_names": names[0], "family_name": names[1], "born_on": born}
            yield on, by, {"kind": "ChildDescribed", **said}
            for relation in ("mother", "father"):
                who = {"person": f"P-{relation}", "relation": relation, "involved": "yes"}
                yield on, by, {"kind": "PersonLinked", **who, "name": f"A {relation}"}
        elif event["kind"] == "InformationShared":
            yield on, by, {**event, "what": SENTENCE, "to": TOLD}
        elif event["kind"] == "InformationAcknowledged":
            for agency in TOLD:
                yield on, by, {**event, "agency": agency}
        else:
            yield on, by, event | ({"what": SENTENCE} if "what" in event else {})


def _fortnight(n: int, on: date, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Tell what happens in one fortnight: about six entries."""
    seen = {"mode": "face_to_face", "alone": "yes" if n % 3 else "no", "by_agency": "csc"}
    words = "I like it when nan comes." if n % 4 == 0 else None
    yield {"kind": "ChildSeen", **seen, "where": "home", "words": words}
    if n % 5 == 1:
        owner = {"name": "owner", "agency": chance.choice(("csc", "school"))}
        due = (on + timedelta(days=28)).isoformat()
        yield {
            "kind": "ActionAgreed",
            "action": f"A{n}",
            "what": "x",
            "owner": owner,
            "due_on": due,
        }
    for action in range(max(1, n - n % 5 - 9), n, 5):
        if action % 5 == 1:
            yield {"kind": "ActionReviewed", "action": f"A{action}", "difference": "none"}
    if n % 5 == 0 and n > 5:  # noqa: PLR2004 - one action in five fortnights is done
        done = {"basis": ["parent" if n % 2 else "observed"], "evidence": "seen"}
        yield {"kind": "ActionCompleted", "action": f"A{n - 9}", **done}
    if n % 3 == 0:
        held = {"csc": "present", "school": "present", "police": "apologies"}
        yield {"kind": "MeetingHeld", "meeting": f"M{n}", "type": "cin_review", "attendance": held}
        stance = {"csc": {"position": "agree"}, "school": {"position": "not_asked"}}
        made = {"what": "go on", "reason": "needs", "decided_by": "csc", "positions": stance}
        yield {"kind": "DecisionMade", "decision": f"D{n}", **made}
    if n % 3 == 1 and n > 3:  # noqa: PLR2004 - positions follow decisions
        took = {"decision": f"D{n - 1}", "agency": "school", "position": "agree"}
        yield {"kind": "PositionTaken", **took}
    if n % 4 == 0:
        yield {"kind": "OversightRecorded", "support": "work seen", "challenge": "father?"}
        yield {"kind": "ContactMissed", "with": "mother", "agency": "csc", "how": "no_access"}
    share = {"item": f"I{n}", "what": "x", "basis": "record", "from": "police", "to": ["csc"]}
    yield {"kind": "InformationShared", **share}
    yield {"kind": "InformationAcknowledged", "item": f"I{n}", "agency": "csc"}
