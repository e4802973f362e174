"""Every page there is, as data: who opens it, and what they send to see how it says what is wrong.

Each is held to the same in ``test_every_page.py``, and pictured by ``make screens``.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from partnership import (
    CHAIR,
    HEALTH_VISITOR,
    INSPECTOR,
    NURSE,
    OTHER_MANAGER,
    POLICE,
    SECOND_WORKER,
    SERVICE_MANAGER,
    TEACHER,
    TEAM_MANAGER,
    WORKER,
)


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
    "system": [Opened(None, "/sign-in")],
}
"""By the module of pages that shows them."""


def every() -> Iterator[Opened]:
    """Give every page of every module."""
    for pages in PAGES.values():
        yield from pages
