"""A conference of three siblings for tests: planned afresh, and answered part by part.

``planned(demo)`` plans one more on each plan, so that each test has its own; ``answers(...)`` gives
what is typed in every part, each child's words their own; ``begun`` and ``filled`` write a draft
without a page.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import httpx

from pages.serving import Demo
from partnership import CHAIR, SIBLINGS, player
from plantrack.application import queries
from plantrack.domain.events import MeetingHeld, MeetingPlanned
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.as_known import Moment
from plantrack.domain.words import THE_TRACKER, MeetingType
from plantrack.drafts.drafts import Drafts, OfPlan

HELD = {"day": "20", "month": "11", "year": "2026"}
NAMES = {"CP-101": "Perrin", "CP-102": "Lottie", "CP-103": "Bram"}
SHARED = ("attendance", "reports", "next")
OF_A_CHILD = ("said", "seen", "mother", "others", "injuries", "actions", "agreed", "decision")
THERE = ("csc", "school", "health-visiting", "police")
QUORATE = {"csc", "school", "health-visiting", "police"}

Answers = dict[str, dict[str, Sequence[str] | str]]
_numbers = count(100, 10)
_known: dict[tuple[str, str], dict[str, Any]] = {}


def planned(demo: Demo, plans: Sequence[str] = SIBLINGS) -> str:
    """Plan one more review conference on some plans, and give its name."""
    meeting, today = f"M{next(_numbers)}", demo.services.today()
    event = MeetingPlanned(
        on=today,
        meeting=meeting,
        type=MeetingType.REVIEW_CONFERENCE,
        planned_for=today,
        invited=("csc", "police", "school"),
    )
    demo.services.commands.record_together([(plan, event) for plan in plans], THE_TRACKER)
    return meeting


def at_hand(demo: Demo, plan: str) -> dict[str, Any]:
    """Give where a plan stands; what tests ask of it is the same all the time."""
    if (demo.address, plan) not in _known:
        moment = Moment()
        stands = queries.workspace_at(
            demo.services.commands, demo.services.policies(), plan, moment
        )
        _known[demo.address, plan] = stands
    return _known[demo.address, plan]


def agencies_of(demo: Demo, plan: str) -> list[str]:
    """Name the agencies that a conference about a plan asks about."""
    return [*dict.fromkeys(["csc", *at_hand(demo, plan)["agencies"], "police", "school"])]


def open_actions(demo: Demo, plan: str) -> list[str]:
    """Name the open actions of a plan."""
    actions = at_hand(demo, plan)["actions"].items()
    return [name for name, action in actions if action["state"] == "open"]


def answers(demo: Demo, plans: Sequence[str] = SIBLINGS, there: Sequence[str] = THERE) -> Answers:
    """Give what is typed in every part, by the name of the part."""
    every = dict.fromkeys(each for plan in plans for each in agencies_of(demo, plan))
    typed: Answers = {
        "attendance": {
            **{f"held_on-{part}": value for part, value in HELD.items()},
            **{f"there-{each}": "present" if each in there else "absent" for each in every},
            "family": ["mother/Shona Averill"],
            "family_others": "an advocate",
        },
        "reports": {f"report-{each}": "no" for each in every},
    }
    for plan in plans:
        typed |= {f"{plan}/{part}": each for part, each in of_child(demo, plan, there).items()}
    typed["next"] = {
        "next": "yes",
        "planned_for-day": "15",
        "planned_for-month": "4",
        "planned_for-year": "2027",
        **({} if len(plans) == 1 else {"about": list(plans)}),
    }
    return typed


def of_child(demo: Demo, plan: str, there: Sequence[str] = THERE) -> Answers:
    """Give what is typed in the parts about one child."""
    name = NAMES[plan]
    stands = {
        f"decision1-positions-{each}": "agree" if each in there else "absent"
        for each in agencies_of(demo, plan)
    }
    reviewed: dict[str, Sequence[str] | str] = {}
    for action in open_actions(demo, plan):
        reviewed |= {
            f"{action}-difference": "better",
            f"{action}-basis": ["observed"],
            f"{action}-now": "on",
        }
    return {
        "said": {
            "heard": "room",
            "words_room": f"I am {name} and I want my own bed",
            "how_heard_room": f"asked {name} at the table",
            "participation": "PN1",
        },
        "seen": {"contact": "no"},
        "mother": {"mother": "yes", "mother_how": f"at home, about {name}"},
        "others": {
            "father": "no",
            "father_why": f"he did not answer about {name}",
            "wider_family": "yes",
            "wider_family_how": "by telephone",
            "referrer": "no",
            "referrer_why": "they are not known",
        },
        "injuries": {"injury": "no"},
        "actions": reviewed,
        "agreed": {"anything": "no"},
        "decision": {
            "decision1-kind": "continue",
            "decision1-what": f"The plan for {name} goes on",
            "decision1-reason": f"{name} is not safe at home yet",
            "decision1-basis": ["observed", "child"],
            **stands,
        },
    }


def begun(demo: Demo, meeting: str, plans: Sequence[str] = SIBLINGS) -> str:
    """Begin a draft of the chair's as the pages do, and give its address."""
    chair = player(CHAIR)["person"]
    about = [OfPlan(plan, meeting, demo.services.record.last_number(plan)) for plan in plans]
    name = drafts_of(demo).begin(chair, "review_conference", demo.services.today(), about)
    return f"/conferences/{name}"


def filled(demo: Demo, address: str, typed: Answers) -> None:
    """Save some parts of a draft as if they were typed and sent."""
    drafts = drafts_of(demo)
    for part, fields in typed.items():
        written = {k: [v] if isinstance(v, str) else list(v) for k, v in fields.items()}
        drafts.save(name_of(address), part, written, version=0, pen="", done=True)


def drafts_of(demo: Demo) -> Drafts:
    """Give the place of drafts."""
    assert demo.sources.drafts
    return demo.sources.drafts


def name_of(address: str) -> str:
    """Give the name of a draft by its address."""
    return address.rpartition("/")[2]


def part_at(address: str, part: str) -> str:
    """Give the address of a part."""
    return f"{address}/{'plans' if '/' in part else 'part'}/{part}"


def finished(client: httpx.Client, address: str) -> httpx.Response:
    """Finish as the last page does, upon what it has read."""
    page = client.get(f"{address}/check").text
    fields = dict(re.findall(r'name="(last_read-[^"]+)" value="(\d+)"', page))
    return client.post(f"{address}/check", data=fields or {"again": "yes"})


def newest(demo: Demo, plan: str, after: int = 0) -> list[Entry]:
    """Give the entries of a plan after one."""
    return [entry for entry in demo.services.record.entries(plan) if entry.number > after]


def last_numbers(demo: Demo, plans: Sequence[str] = SIBLINGS) -> Mapping[str, int]:
    """Say which is the last entry of each plan."""
    return {plan: demo.services.record.last_number(plan) for plan in plans}


def written(demo: Demo, plans: Sequence[str] = SIBLINGS, **more: Sequence[str]) -> str:
    """Write a whole conference as a draft, and give its address."""
    address = begun(demo, planned(demo, plans), plans)
    filled(demo, address, answers(demo, plans, **more))
    return address


def changed(demo: Demo, address: str, part: str, **fields: str | list[str]) -> httpx.Response:
    """Change some answers of a part that was saved, as its page does."""
    saved = drafts_of(demo).parts(name_of(address))[part]
    now = {name: list(values) for name, values in saved.fields.items()}
    now |= {name: [v] if isinstance(v, str) else v for name, v in fields.items()}
    sent = now | {"version": [str(saved.version)], "then": ["continue"]}
    return demo.as_(CHAIR).post(part_at(address, part), data=sent)


def held_on(demo: Demo, plan: str) -> MeetingHeld:
    events = [entry.event for entry in newest(demo, plan)]
    return [event for event in events if isinstance(event, MeetingHeld)][-1]
