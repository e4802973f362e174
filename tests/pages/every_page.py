"""Every page there is, as data: who opens it, and what they send to see how it says what is wrong.

Each is held to the same in ``test_every_page.py``, and pictured by ``make screens``.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pages.conferencing import OF_A_CHILD, answers, begun, filled, finished, part_at, planned
from pages.serving import Demo
from partnership import (
    ADMIN,
    CHAIR,
    HEALTH_VISITOR,
    INSPECTOR,
    NURSE,
    ON_CALL,
    OTHER_MANAGER,
    POLICE,
    POLICE_LEAD,
    PRIVACY_OFFICER,
    SECOND_WORKER,
    SERVICE_MANAGER,
    TEACHER,
    TEAM_MANAGER,
    WORKER,
    player,
)
from plantrack.application.policies import reading as policy
from plantrack.pages.administrators import overlays


class Opened(NamedTuple):
    """A page as somebody opens it; with ``send`` as it is after they sent that."""

    who: str | None
    address: str
    send: Mapping[str, str] | None = None
    status: int = 200

    @property
    def name(self) -> str:
        """Name the page for a file: who opens it, its address, and whether something was sent."""
        plain = "".join(each if each.isalnum() else "-" for each in self.address.strip("/"))
        sent = "" if self.send is None else "-sent" + ("-wrong" if self.status > 399 else "")
        who = (self.who or "nobody").replace(" ", "-").lower()
        return f"{plain or 'start'}{sent}-{who}"[:120]


ALERT = "/alerts/CP-104/dissent-answered:D3/police:2026-10-29"
POSITION = "/plans/CP-102/decisions/D3/position"

TODAY = {"on-day": "23", "on-month": "11", "on-year": "2026"}
TOLD = {"what": "It was told", "about": "child", "basis": "record", "to": "csc", **TODAY}
TOLD_ELSEWHERE = {"to": "Upper Council", "accepted": "no", **TODAY}

RULES = {
    name: each[0]
    for name, each in overlays.as_sent(policy.load().versions[-1], frozenset()).items()
} | {
    "child-seen-cp": "2",
    "holds_from-day": "1",
    "holds_from-month": "12",
    "holds_from-year": "2026",
    "reason": "as agreed",
}
PERSON, SELF = (f"/people/{player(name)['person']}" for name in (INSPECTOR, ADMIN))
RESTRICT = "/plans/CP-101/access/restrict"
TAKE = "/plans/CP-104/emergency-access"

PAGES: dict[str, list[Opened]] = {
    "alerts": [
        Opened(TEAM_MANAGER, "/alerts"),
        Opened(TEAM_MANAGER, "/alerts?rule=dissent-answered&team=North"),
        Opened(SERVICE_MANAGER, "/alerts?ended=true"),
        Opened(OTHER_MANAGER, "/alerts"),
        Opened(TEAM_MANAGER, ALERT),
        Opened(TEAM_MANAGER, ALERT, {"what": "kept"}, 422),
        Opened(SERVICE_MANAGER, "/alerts/CIN-J1/decision-shared:D1:2019-11-20"),
    ],
    "inspectors": [
        Opened(INSPECTOR, "/inspect"),
        Opened(INSPECTOR, "/inspect?reference=nothing&kind=cp&challenged=yes"),
        Opened(INSPECTOR, "/inspect?after-day=31&after-month=2&after-year=2026", status=422),
        Opened(INSPECTOR, "/inspect/rules"),
        Opened(INSPECTOR, "/plans/CP-J1/replay?day=2020-03-06&late=1"),
        Opened(INSPECTOR, "/plans/CP-104/replay?day=2026-10-21&clock=true&only=challenge"),
        Opened(INSPECTOR, "/plans/CP-104/replay?day=2026-06-01", status=404),
        Opened(INSPECTOR, "/plans/CP-104/replay?day-day=x&day-month=1&day-year=2026", status=422),
        Opened(INSPECTOR, "/plans/CP-J1/compare?from=2020-03-09&to=2020-04-16"),
        Opened(INSPECTOR, "/plans/CP-J1/compare?from=2020-03-09", status=422),
        Opened(INSPECTOR, "/plans/CP-J1/rehearse?version=england-2026.1"),
        Opened(INSPECTOR, "/plans/CP-104/rehearse", {"version": "own", "overlay": "a ="}, 422),
    ],
    "partners": [
        Opened(NURSE, "/agency"),
        Opened(TEACHER, "/agency?show=actions"),
        Opened(HEALTH_VISITOR, "/agency"),
        Opened(NURSE, POSITION),
        Opened(NURSE, f"{POSITION}?done=CP-102/1"),
        Opened(NURSE, POSITION, {"reason": "kept"}, 422),
        Opened(NURSE, POSITION, {"position": "not_yet"}),
        Opened(NURSE, "/plans/CP-101/information/I2/acknowledge"),
    ],
    "patterns": [
        Opened(TEAM_MANAGER, "/patterns?months=6"),
        Opened(OTHER_MANAGER, "/patterns"),
    ],
    "plans": [
        Opened(CHAIR, "/plans"),
        Opened(SERVICE_MANAGER, "/plans?kind=cp&ended=no&team=North"),
        Opened(OTHER_MANAGER, "/plans"),
        Opened(CHAIR, "/plans?child=!!", status=422),
        Opened(CHAIR, "/plans/CP-105"),
        Opened(NURSE, "/plans/CP-101?recorded=3"),
        Opened(CHAIR, "/plans/CP-J1"),
        Opened(CHAIR, "/plans/CP-105/needs"),
        Opened(CHAIR, "/plans/CP-105/actions"),
        Opened(CHAIR, "/plans/CP-105/actions/A3"),
        Opened(CHAIR, "/plans/CP-101/seen"),
        Opened(CHAIR, "/plans/CP-101/meetings"),
        Opened(POLICE, "/plans/CP-101/information"),
        Opened(NURSE, "/plans/CP-105/decisions"),
        Opened(SECOND_WORKER, "/plans/CP-105/people"),
        Opened(WORKER, "/plans/CP-101/family"),
        Opened(CHAIR, "/plans/CP-105/history?page=2"),
        Opened(CHAIR, "/plans/CP-J1/history?theme=alerts"),
        Opened(CHAIR, "/plans/CP-105/entries/3"),
        Opened(CHAIR, "/meetings"),
        Opened(POLICE, "/meetings"),
    ],
    "opening": [
        Opened(CHAIR, "/plans/new"),
        Opened(CHAIR, "/plans/new", {"plan_kind": "cp", "given_names": "Una", "on-day": "31"}, 422),
        Opened(CHAIR, "/plans/new?follows=CP-J1"),
    ],
    "forms": [
        Opened(CHAIR, "/plans/CP-101/record"),
        Opened(CHAIR, "/plans/CP-101/record/action-reviewed"),
        Opened(CHAIR, "/plans/CP-101/record/action-reviewed", {"note": "kept"}, 422),
        Opened(NURSE, "/plans/CP-101/record"),
        Opened(NURSE, "/plans/CP-101/record/child-seen"),
        Opened(NURSE, "/plans/CP-101/record/child-seen", {"words": "kept", "on-day": "31"}, 422),
        Opened(WORKER, "/plans/CP-101/record/decision-made"),
        Opened(CHAIR, "/plans/CP-101/record/decision-made?meeting=M1"),
        Opened(CHAIR, "/plans/CP-101/record/decision-made", {"meeting": "M1"}, 422),
        Opened(CHAIR, "/plans/CP-102/record/action-completed?action=A2"),
        Opened(CHAIR, "/plans/CP-101/record/meeting-held"),
        Opened(CHAIR, "/plans/CP-101/record/meeting-held", {"at": "noon"}, 422),
        Opened(CHAIR, "/plans/CP-101/record/child-described"),
        Opened(TEACHER, "/plans/CP-101/record/injury-noted", {"explanation": "kept"}, 422),
        Opened(CHAIR, "/plans/CP-103/record/medical-decided"),
        Opened(TEAM_MANAGER, "/plans/CP-101/record/oversight-recorded"),
        Opened(TEAM_MANAGER, "/plans/CP-101/record/oversight-recorded", {"support": "kept"}, 422),
        Opened(NURSE, "/plans/CP-101/record/chair-changed", status=403),
        Opened(CHAIR, "/proved"),
    ],
    "ending": [
        Opened(CHAIR, "/plans/CP-101/end"),
        Opened(TEAM_MANAGER, "/plans/CP-101/end"),
        Opened(CHAIR, "/plans/CP-101/end/step-down"),
        Opened(CHAIR, "/plans/CP-101/end/close", {"on-year": "kept"}, 422),
        Opened(CHAIR, "/plans/CP-101/end/transfer", TOLD_ELSEWHERE),
        Opened(TEAM_MANAGER, "/plans/CIN-106/end/step-up"),
    ],
    "sharing": [
        Opened(POLICE, "/plans/CP-101/share"),
        Opened(POLICE, "/plans/CP-101/share", {"what": "kept"}, 422),
        Opened(POLICE, "/plans/CP-102/share", TOLD),
        Opened(POLICE, "/plans/CP-102/share", {**TOLD, "step": "confirm"}, 422),
    ],
    "correcting": [
        Opened(SERVICE_MANAGER, "/plans/CP-101/entries/3/correct"),
        Opened(SERVICE_MANAGER, "/plans/CP-101/entries/1/correct"),
        Opened(SERVICE_MANAGER, "/plans/CP-101/entries/3/correct", {"where": "kept"}, 422),
        Opened(SERVICE_MANAGER, "/plans/CP-101/entries/3/retract"),
        Opened(SERVICE_MANAGER, "/plans/CP-101/entries/3/retract", {"why_taken_back": "a slip"}),
        Opened(CHAIR, "/plans/CP-101/entries/3/correct", status=403),
    ],
    "administrators": [Opened(ADMIN, "/agencies"), Opened(SERVICE_MANAGER, "/agencies")],
    "checks": [Opened(ADMIN, "/checks")],
    "emergencies": [
        Opened(PRIVACY_OFFICER, "/emergencies"),
        Opened(SERVICE_MANAGER, "/emergencies?said=reviewed"),
        Opened(PRIVACY_OFFICER, "/emergencies/E-1/review"),
        Opened(PRIVACY_OFFICER, "/emergencies/E-1/review", {"reason": "kept"}, 422),
        Opened(ON_CALL, TAKE),
        Opened(ON_CALL, TAKE, {"reason": "kept"}, 422),
    ],
    "imports": [Opened(ADMIN, "/imports"), Opened(ADMIN, "/imports", {"history": "typed"}, 415)],
    "people": [
        Opened(ADMIN, "/people"),
        Opened(SERVICE_MANAGER, "/people?search=zebra"),
        Opened(ADMIN, "/people/new"),
        Opened(ADMIN, "/people/new", {"name": "kept"}, 422),
        Opened(ADMIN, f"{PERSON}?said=role"),
        Opened(ADMIN, SELF),
        Opened(SERVICE_MANAGER, PERSON),
        Opened(PRIVACY_OFFICER, PERSON),
        Opened(ADMIN, f"{PERSON}/role"),
        Opened(ADMIN, f"{PERSON}/warrant", {"purpose": "kept", "ends-day": "31"}, 422),
        Opened(ADMIN, f"{PERSON}/identity", {"subject": "kept"}, 422),
        Opened(SERVICE_MANAGER, f"{PERSON}/role-approve", {"grant": "g-none"}, 409),
    ],
    "privacy_officers": [
        Opened(PRIVACY_OFFICER, "/looked"),
        Opened(PRIVACY_OFFICER, "/looked?plan=CP-101&since-day=1", status=422),
        Opened(INSPECTOR, "/looked"),
        Opened(INSPECTOR, "/looked?plan=CP-101"),
        Opened(PRIVACY_OFFICER, "/looked/patterns"),
        Opened(PRIVACY_OFFICER, "/looked/patterns?since-day=x&since-month=1", status=422),
    ],
    "rules": [
        Opened(ADMIN, "/rules?adopted=true"),
        Opened(ADMIN, "/rules/change"),
        Opened(ADMIN, "/rules/preview", RULES),
        Opened(ADMIN, "/rules/preview", RULES | {"closed": "soon", "quorum-period": "x"}, 422),
    ],
    "system": [
        Opened(None, "/sign-in"),
        Opened(None, "/help"),
        Opened(None, "/privacy"),
        Opened(None, "/accessibility"),
        Opened(None, "/nothing-here", status=404),
        Opened(CHAIR, "/nothing-here", status=404),
        Opened(ON_CALL, "/plans/CP-999", status=404),
        Opened(CHAIR, "/rules", status=403),
        Opened(CHAIR, "/sign-out", status=405),
        Opened(None, "/sign-in/none/callback", status=403),
    ],
    "who_sees": [
        Opened(CHAIR, "/plans/CP-101/viewed"),
        Opened(NURSE, "/plans/CP-101/viewed"),
        Opened(INSPECTOR, "/plans/CP-101/viewed"),
        Opened(SERVICE_MANAGER, "/plans/CIN-106/access?said=admit"),
        Opened(POLICE_LEAD, "/plans/CP-104/access/member"),
        Opened(SERVICE_MANAGER, RESTRICT),
        Opened(SERVICE_MANAGER, RESTRICT, {"people": "Nobody Else"}, 422),
    ],
    "working_days": [Opened(ADMIN, "/working-days?year=2027")],
    "you": [
        Opened(CHAIR, "/you"),
        Opened(INSPECTOR, "/you"),
        Opened(INSPECTOR, "/you/role", {"post": "admin@csc", "purpose": "kept"}, 422),
    ],
}
"""By the module of pages that shows them."""


def every() -> Iterator[Opened]:
    """Give every page of every module."""
    for pages in PAGES.values():
        yield from pages


def conference_pages(demo: Demo) -> list[Opened]:
    """Give the pages of conferences. Drafts are begun for them, so their addresses come here."""
    new, short, over = (begun(demo, planned(demo)) for _ in range(3))
    filled(demo, short, answers(demo, there=("csc", "school")))
    filled(demo, over, answers(demo))
    finished(demo.as_(CHAIR), over)
    meeting = planned(demo)
    own = [f"CP-101/{part}" for part in OF_A_CHILD if part != "decision"]
    asked = ["attendance", "reports", *own, "CP-101/anyway", "next", "quorum"]
    return [
        Opened(CHAIR, f"/plans/CP-101/meetings/{meeting}/conference"),
        *(Opened(CHAIR, address) for address in (new, short, over)),
        *(Opened(CHAIR, part_at(new, part)) for part in asked),
        *(Opened(CHAIR, part_at(new, part), {"then": "continue"}, 422) for part in asked),
        Opened(CHAIR, part_at(short, "CP-101/decision")),
        Opened(CHAIR, part_at(short, "CP-101/decision"), {"decision1-what": "kept"}, 409),
        Opened(CHAIR, f"{short}/check"),
        Opened(CHAIR, f"{short}/throw-away"),
    ]
