"""Random worlds: plans of a few families, and many people of all roles around them."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from api.desks import NOW as MOMENT
from api.desks import Office, office
from leaks.oracle import APlan, Oracle
from leaks.peopling import (
    A_MOMENT_AGO,
    BEFORE,
    before_today,
    restrict,
    sign_in,
    somebody,
    state,
    today,
)
from leaks.telling import AGENCIES, OF_AGENCY, Canary, Telling, beginning, following, marking
from plantrack.domain.words import PlanKind
from plantrack.worker import sweep
from story import agreed, corrected, described, feb, jan, left, shared, stepped_up

OUTCOME = 3
"""The entry that is corrected: what an outcome is."""


@dataclass
class World:
    """An application, what was told in it, and the oracle that knows who may see it."""

    here: Office
    oracle: Oracle
    canaries: dict[str, Canary]
    tokens: dict[str, dict[str, str]]

    def name(self, plan: str) -> APlan:
        """Find a plan."""
        return next(each for each in self.oracle.plans if each.name == plan)


@contextmanager
def world(url: str, seed: int, people: int) -> Iterator[World]:
    """Make a world by chance, the same each time for a seed."""
    chance, clock = random.Random(seed), [BEFORE]
    with office(url, now=lambda: clock[0]) as here:
        here.services.commands.after_commit.clear()  # nobody is tied but by this world
        telling = Telling()
        plans = [*_tell(here, telling, chance)]
        clock[0] = A_MOMENT_AGO
        files = here.services.files()
        sweep(here.services, files)
        here.follow()
        clock[0] = BEFORE
        oracle = Oracle(plans, [somebody(n, chance, plans) for n in range(people)])
        restrict(oracle, chance)
        state(here, before_today(oracle))
        clock[0] = A_MOMENT_AGO
        state(here, today(oracle))
        clock[0] = MOMENT
        tokens = {who.id: sign_in(here, who) for who in oracle.people}
        yield World(here, oracle, telling.canaries, tokens)


def _tell(here: Office, telling: Telling, chance: random.Random) -> Iterator[APlan]:
    names = [f"PL{n}-{chance.randrange(10**6)}" for n in range(8)]
    for n in range(6):
        name, sibling = names[n], names[(n + 1) % 6]
        child, family, team = f"Kid{n}of{chance.randrange(10**6)}", f"FAM{n // 3}", f"T{n % 3}"
        follows = names[6 + n] if n < 2 else None
        plan = APlan(name, child, family, team, frozenset(AGENCIES))
        if follows:
            yield replace(plan, name=follows)
            _tell_before(here, telling, replace(plan, name=follows), name, marked=n == 0)
        opening = beginning(
            name, child, team=team, agencies=AGENCIES, family=family, follows=follows
        )
        marks = marking(marked=n % 3 != 2, first=n)
        recorders = [OF_AGENCY[agency] for agency in chance.sample(AGENCIES, 4)]
        for at, event in enumerate([opening, *following(sibling)]):
            by = recorders[at % 4]
            told = telling.full(name, event, by.agency, marked=marks)
            here.services.commands.record(name, told, by)
        _correct(here, telling, name)
        if n == 5:
            gone = telling.full(name, left(feb(20), "police"), "csc", marked=None)
            here.services.commands.record(name, gone, OF_AGENCY["csc"])
            plan = replace(plan, agencies=plan.agencies - {"police"})
        yield plan


def _tell_before(here: Office, telling: Telling, plan: APlan, to: str, *, marked: bool) -> None:
    """Tell the child in need plan that was stepped up to a plan."""
    opening = beginning(
        plan.name,
        plan.child,
        team=plan.team,
        agencies=AGENCIES,
        family=plan.family,
        kind=PlanKind.CIN,
        on=jan(12),
    )
    events = [
        opening,
        described(jan(13), date(2015, 2, 2)),
        agreed(jan(13), "A9", due_on=feb(1)),
        shared(jan(14)),
        stepped_up(feb(2), to, A9="carried"),
    ]
    marks = marking(marked=marked, first=1)
    for event in events:
        told = telling.full(plan.name, event, "police", marked=marks)
        here.services.commands.record(plan.name, told, OF_AGENCY["police"])
    for word, canary in list(telling.canaries.items()):
        if canary.plan == plan.name and canary.kind == "ActionAgreed":
            telling.canaries[word] = replace(canary, goes_on_to=to)


def _correct(here: Office, telling: Telling, plan: str) -> None:
    """Put an outcome right: the new words are marked as the old ones were."""
    about = (plan, "OutcomeAgreed", "what")
    old = next(c for c in telling.canaries.values() if (c.plan, c.kind, c.field) == about)
    word = f"zq{len(telling.canaries)}qz"
    telling.canaries[word] = replace(old, audience=old.audience | {"school"})
    event = corrected(feb(20), OUTCOME, what=f"{word} told")
    here.services.commands.record(plan, event, OF_AGENCY["school"])
