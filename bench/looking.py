"""One look at one plan: whether somebody may, and one row that says that they looked.

A council's plans are on the record, with some thousand entries about rights, and their lists are
made. People of several roles look at plans in turn. What is timed is all that a request pays before
a plan is read and again before it leaves: where rights stand, what ties the person to the plan, the
row of the access record with its commit, and whether rights have moved meanwhile.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from statistics import median
from typing import NamedTuple

from bench.ground import (
    MILLI,
    Goal,
    Store,
    council_entries,
    desk_of,
    gather_statistics,
    p95,
    stores,
)
from plantrack.access_log.log import AccessLog, Looked
from plantrack.application import stores as beside
from plantrack.application.services import Services
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.state import Appointment, RightsEntry
from plantrack.domain.rights.words import Allocation, Duty
from plantrack.domain.words import THE_TRACKER

AT_MOST = 2.0
PEOPLE = 40
ENTRIES = 4_000
SINCE = date(2000, 1, 1)
ROLES = {
    "chair, allocated": Appointment(Duty.CHAIR, "csc"),
    "team manager, by the worker's team": Appointment(Duty.TEAM_MANAGER, "csc"),
    "partner lead, by the agency": Appointment(Duty.PARTNER_LEAD, "school"),
    "service manager": Appointment(Duty.SERVICE_MANAGER, "csc"),
}


class Took(NamedTuple):
    """How long the two halves of one look took."""

    deciding: float
    noting: float


def main(*, quick: bool = False) -> None:
    """Measure both databases."""
    rounds = 200 if quick else 2_000
    print(f"One look at one plan: decided and written down, {rounds} looks a role")
    with stores() as both:
        for store in both:
            _measure(store, rounds)


def _measure(store: Store, rounds: int) -> None:
    with council(store) as (services, access, plans):
        chance = random.Random(1)
        for role, post in ROLES.items():
            took = [_look(services, access, post, chance.choice(plans)) for _ in range(rounds)][10:]
            both = [each.deciding + each.noting for each in took]
            print(
                f"  {store.name}, {role}: decided in {_p50(t.deciding for t in took):.2f} ms, "
                f"noted in {_p50(each.noting for each in took):.2f} ms; p95 of both "
                f"{p95(both) * MILLI:.2f} ms"
            )
            goal = AT_MOST if store.name == "PostgreSQL" else None
            measured = median(both) * MILLI
            if goal:
                print(
                    Goal(f"{store.name}: decided and noted, p50", measured, at_most=goal, unit="ms")
                )


@contextmanager
def council(store: Store) -> Iterator[tuple[Services, AccessLog, list[str]]]:
    """Make a council's plans, the people who work on them, and the lists."""
    with desk_of(store) as services:
        beside.make(services.url)
        services.commands.take_in(council_entries(ENTRIES))
        plans = services.record.plans()
        _put_rights(services, plans)
        services.catch_up(services.files())
        gather_statistics(store, services.url)
        with closing(AccessLog(services.url)) as access:
            yield services, access, plans


def _put_rights(services: Services, plans: list[str]) -> None:
    """Put people and what ties them to plans on the record of rights, in one append."""
    names = [f"p-{n}" for n in range(PEOPLE)]
    events: list[rights_events.RightsEvent] = [
        rights_events.PersonRegistered(person=name, name=f"Person {name}", agency="csc")
        for name in names
    ]
    events += [rights_events.TeamJoined(person=name, team="T1", since=SINCE) for name in names]
    for post in ROLES.values():
        grant = f"g-{post.duty.value.replace('_', '-')}"
        proposed = rights_events.GrantProposed(
            grant=grant, person=names[0], role=post.duty, agency=post.agency, reason="to measure"
        )
        events += [proposed, rights_events.GrantApproved(grant=grant)]
    for nth, plan in enumerate(plans):
        worker = names[1 + nth % (PEOPLE - 1)]
        events += [
            rights_events.Allocated(
                plan=plan, person=names[0], allocation=Allocation.CHAIR, since=SINCE
            ),
            rights_events.Allocated(
                plan=plan, person=worker, allocation=Allocation.WORKER, since=SINCE
            ),
        ]
    now = services.commands.now()
    entries = [RightsEntry(n, now, THE_TRACKER, event) for n, event in enumerate(events, 1)]
    services.record.append([], known_rights=0, rights=entries)


def _look(services: Services, access: AccessLog, post: Appointment, plan: str) -> Took:
    now = services.commands.now()
    subject = Subject(
        person="p-0", name="Person", post=post, granted=True, second_factor=True, proved_at=now
    )
    began = time.perf_counter()
    decision, facts, look = services.authoriser.decide(subject, Action.READ_PLAN, plan)
    decided = time.perf_counter()
    access.note(
        [
            Looked(
                at=now,
                request="0" * 32,
                person=subject.person,
                name=subject.name,
                agency=post.agency,
                role=post.duty.value,
                plan=plan,
                child=facts.child if facts else None,
                what="plan",
                marks=",".join(sorted(decision.marks)),
                purpose=None,
                shown=decision.allow,
                reason=decision.because.value,
                glass=None,
            )
        ]
    )
    if not decision.allow:
        raise RuntimeError("They may look, so a look is measured.")
    still = services.authoriser.still(look)
    noted = time.perf_counter()
    if not still:
        raise RuntimeError("Nobody else changes rights here.")
    return Took(decided - began, noted - decided)


def _p50(seconds: Iterator[float]) -> float:
    return median(seconds) * MILLI


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
