"""A local authority of many plans, with the people who work on them, as pages show it.

Some hundred plans are made in earnest and told again under other names, each of another child.
The record takes them unchecked and a sweep raises what is overdue, as on the morning after a
council took over its old files. All lists are made at once after it, as no list needs to be looked
at to sweep a day that is over: made before, they would have to be made again of every plan.
"""

import random
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from typing import NamedTuple, TypeVar

from bench import council
from bench.ground import Store, gather_statistics, read_entries
from bench.staff import EMERGENCIES, TEAMS, colleagues, team_of, tie
from plantrack import codec
from plantrack.access_log.log import AccessLog, Looked
from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.domain.events import AlertRaised, PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.rights.authorise import Because
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.rights.words import Duty
from plantrack.pages.recording.catalogue import FORMS
from plantrack.pages.recording.new_entry import dashed
from plantrack.projections.rebuild import rebuild
from plantrack.record import ChildRow
from plantrack.worker import sweep

DAYS, OPENED_WITHIN, WRITTEN_UP_WITHIN = 336, 14, 22
"""How long each plan goes on; what is written up late must not be recorded tomorrow."""
IN_EARNEST, AT_ONCE, ENTRIES_AT_ONCE = 250, 25, 5_000
LOOKS_A_PLAN, LOOKS_AT_ONCE = 10, 1_000
"""How often people looked at a plan in the week before."""

T = TypeVar("T")
Things = dict[str, list[str]]
"""What stands on a plan, by the word that addresses use: its name, its actions, its alerts."""

ANYWHERE: Things = {"person": list(colleagues()), "access": list(EMERGENCIES)}
"""What is on no plan."""


class Loaded(NamedTuple):
    """What was put on a record, how long each step took, and what each reader may open."""

    plans: int
    entries: int
    alerts: int
    seconds: dict[str, float]
    things: dict[Duty, list[Things]]


def load(store: Store, url: str, plans: int) -> Loaded:
    """Fill a new database."""
    took: dict[str, float] = {}
    with Services(url) as services:
        demo_people.declare(services)
        names = _timed(took, "appended", lambda: _append(services, plans))
        own = _timed(took, "people tied", lambda: tie(services, names))
        _timed(took, "looks noted", lambda: _look(services, names))
        yesterday = services.today() - timedelta(1)
        swept = _timed(took, "swept", lambda: sweep(services, services.files(), yesterday))
        _timed(took, "lists made", lambda: rebuild(services.models, services.files()))
        _timed(took, "swept again", lambda: sweep(services, services.files()))
        services.catch_up(services.files())
        gather_statistics(store, url)
        things = {
            duty: [_things(services, plan, duty) | ANYWHERE for plan in some] or [ANYWHERE]
            for duty, some in own.items()
        }
        return Loaded(len(names), services.record.count(), swept.raised, took, things)


def _timed(took: dict[str, float], what: str, do: Callable[[], T]) -> T:
    began = perf_counter()
    done = do()
    took[what] = perf_counter() - began
    return done


def _append(services: Services, plans: int) -> list[str]:
    """Append so many plans, some at once, and give their names."""
    in_earnest = _in_earnest(min(plans, IN_EARNEST), services.today())
    names: list[str] = []
    while len(names) < plans:
        numbers = range(len(names), min(len(names) + AT_ONCE, plans))
        told = [_again(in_earnest[number % len(in_earnest)], number) for number in numbers]
        children = [ChildRow(_opened(plan).child, 1, plan[0].plan) for plan in told]
        services.record.append([entry for plan in told for entry in plan], children=children)
        names += (plan[0].plan for plan in told)
    return names


def _in_earnest(how_many: int, today: date) -> list[list[Entry]]:
    """Make plans that go on until today, and read them as an import does, some at once."""
    first = today - timedelta(DAYS + OPENED_WITHIN + WRITTEN_UP_WITHIN)
    plans: dict[str, list[Entry]] = {}
    while len(plans) < how_many:
        style = council.Style(DAYS, first, OPENED_WITHIN, len(plans) + 1, TEAMS)
        for entry in read_entries(council.history(ENTRIES_AT_ONCE, len(plans), style)):
            plans.setdefault(entry.plan, []).append(entry)
    return list(plans.values())[:how_many]


def _look(services: Services, plans: Sequence[str]) -> None:
    """Note that people looked at plans in the last week, during the day."""
    chance, now, people = random.Random(1), services.commands.now(), colleagues()
    with closing(AccessLog(services.url)) as access:
        for at in range(0, LOOKS_A_PLAN * len(plans), LOOKS_AT_ONCE):
            access.note(
                [
                    _looked(plans[n % len(plans)], n, chance.choice(people), now)
                    for n in range(at, min(at + LOOKS_AT_ONCE, LOOKS_A_PLAN * len(plans)))
                ]
            )


def _looked(plan: str, nth: int, person: str, now: datetime) -> Looked:
    midday = datetime.combine(now.date() - timedelta(1 + nth % 7), time(12), UTC)
    return Looked(
        at=midday + timedelta(minutes=nth % 480 - 240),
        request=f"{nth:032x}",
        person=person,
        name=f"Person {person}",
        agency="csc",
        role=Duty.SOCIAL_WORKER.value,
        plan=plan,
        child=plan.replace("CIN-", "K"),
        what="workspace",
        marks="",
        purpose=None,
        shown=True,
        reason=Because.WORKS_ON_IT.value,
        glass=None,
    )


def _again(plan: list[Entry], number: int) -> list[Entry]:
    """Tell a plan under another name, as that of another child."""
    name, family = f"CIN-{number}", f"F{number // council.SIBLINGS}"
    child = {"child": f"K{number}", "family": family, "team": team_of(number)}
    opening = plan[0]._replace(plan=name, event=codec.amend(_opened(plan), child))
    return [opening, *(entry._replace(plan=name) for entry in plan[1:])]


def _opened(plan: list[Entry]) -> PlanOpened:
    assert isinstance(plan[0].event, PlanOpened)
    return plan[0].event


def _things(services: Services, plan: str, duty: Duty) -> Things:
    """Name what stands on a plan, and the forms that a role may fill in there."""
    entries = services.record.entries(plan)
    days = sorted(entry.event.on.isoformat() for entry in entries)
    half = len(days) // 2
    found = {
        "plan": [plan],
        "name": [
            dashed(kind) for kind in FORMS if MAY_RECORD[kind].get(duty, How.NO) is not How.NO
        ],
        "number": [str(entry.number) for entry in entries],
        "day": days[:half],
        "other_day": days[half:],
    }
    for entry in entries:
        event = entry.event
        if isinstance(event, AlertRaised):
            name = f"{event.obligation}:{event.about}:{event.due_on}"
            found.setdefault("alert", []).append(name)
        elif what := event.ABOUT:
            found.setdefault(what, []).append(getattr(event, what))
    return {what: names for what, names in found.items() if names}
