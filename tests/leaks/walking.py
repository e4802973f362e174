"""Walks: all that one person can ask for with GET, and what an answer must not hold."""

import random
import re
from base64 import urlsafe_b64decode
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from httpx import Response

from leaks.oracle import Somebody
from leaks.telling import CANARY
from leaks.worlds import World
from plantrack.domain.rights.words import Duty

LISTS = ("/api/plans", "/api/alerts", "/api/due", "/api/actions", "/api/decisions")
OF_A_PLAN = (
    "/api/plans/{plan}",
    "/api/plans/{plan}/access",
    "/api/plans/{plan}/actions",
    "/api/plans/{plan}/challenges",
    "/api/plans/{plan}/chronology",
    "/api/plans/{plan}/compare",
    "/api/plans/{plan}/decisions",
    "/api/plans/{plan}/due",
    "/api/plans/{plan}/engagement",
    "/api/plans/{plan}/information",
    "/api/plans/{plan}/meetings",
)
FAMILY, EXPORT = "/api/families/{family}", "/api/export"
SHOW_PLANS = {*LISTS, *OF_A_PLAN, FAMILY, EXPORT}
"""Every route that shows what stands on plans; a test holds this to the application's own."""

ASKED_BESIDE: dict[str, list[dict[str, Any]]] = {
    "/api/plans/{plan}": [{}, {"true_on": "2026-02-12"}, {"known_at": "2026-03-19T12:00"}],
    "/api/plans/{plan}/chronology": [{"limit": 200}, {"true_on": "2026-02-12"}],
    "/api/plans/{plan}/compare": [{"from": "2026-03-19T12:00"}],
}
PLAN, CHILD, PERSON = (re.compile(p) for p in (r"PL\d-\d+", r"Kid\dof\d+", r"person-\d+-\d+"))
NO_LISTS = (Duty.ADMIN, Duty.PRIVACY_OFFICER)
MOST_REQUESTS = 200
A_THIRD = 1 / 3
Wanted = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """One request, and what came back."""

    template: str
    plan: str
    parameters: dict[str, Any]
    answer: Response

    @property
    def told(self) -> str:
        """All that came back: headers, body, and what its cursor holds."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.answer.headers.items())
        found = re.search(r'"next":"([^"]+)"', self.answer.text)
        place = urlsafe_b64decode(found[1]).decode() if found else ""
        return f"{headers}\n{self.answer.text}\n{place}"

    @property
    def canaries(self) -> set[str]:
        """The canaries that came back."""
        return set(CANARY.findall(self.told))


class Walk:
    """One person going through everything there is."""

    def __init__(self, world: World, who: Somebody, chance: random.Random) -> None:
        self.world = world
        self.who = who
        self.open = world.oracle.open_to(who) if who.granted else set[str]()
        self.listed = world.oracle.listed_for(who) if who.granted else set[str]()
        self._chance = chance
        self._headers = world.tokens[who.id]

    def everything(self) -> Iterator[Asked]:
        """Ask for every list and every plan: all of what is open, some of what is hidden."""
        wanted, thorough = [*self._lists()], self._some(self.open, 1)
        for plan in self.open:
            routes = OF_A_PLAN if plan in thorough else OF_A_PLAN[:1] + self._some(OF_A_PLAN[1:], 1)
            for route in routes:
                wanted += [(route, plan, more) for more in ASKED_BESIDE.get(route, [{}])]
        hidden = {plan.name for plan in self.world.oracle.plans} - self.open
        for plan in sorted(hidden):
            route = self._chance.choice(OF_A_PLAN)
            wanted.append((route, plan, ASKED_BESIDE.get(route, [{}])[-1]))
        for plan in (*thorough, *self._some(hidden, 1)):
            wanted.append((EXPORT, plan, {"plan": plan}))
        yield from self.ask_all(wanted)
        if self._chance.random() < A_THIRD:
            yield from self.pages("/api/alerts", limit=40)
            yield from self.pages("/api/plans", limit=2)

    def _some(self, of: Collection[str], most: int) -> tuple[str, ...]:
        return tuple(self._chance.sample(sorted(of), min(most, len(of))))

    def _lists(self) -> Iterator[Wanted]:
        for route in LISTS:
            more = {"state": "all"} if route == "/api/alerts" else {}
            yield route, "", {"limit": 200, **more}
        for family in ("FAM0", "FAM1"):
            yield FAMILY, "", {"family": family, "limit": 1}
            yield FAMILY, "", {"family": family}
        for plan in self._chance.sample(self.world.oracle.plans, 1):
            yield "/api/alerts", "", {"plan": plan.name}
            yield "/api/alerts", "", {"child": plan.child, "state": "all"}
            yield "/api/due", "", {"plan": plan.name}
            yield "/api/plans", "", {"child": plan.child}
            yield "/api/plans", "", {"family": plan.family, "team": plan.team}
        if self.who.duty in (Duty.SERVICE_MANAGER, Duty.INSPECTOR):
            yield EXPORT, "", {}

    def pages(self, route: str, **parameters: Any) -> Iterator[Asked]:
        """Ask for a list page by page."""
        cursor: dict[str, Any] = {}
        for _ in range(MOST_REQUESTS):
            [asked] = self.ask_all([(route, "", parameters | cursor)])
            yield asked
            following = asked.answer.json().get("next")
            if following is None:
                return
            cursor = {"cursor": following}
        raise AssertionError("these pages have no end")

    def ask_all(self, wanted: Sequence[Wanted]) -> Iterator[Asked]:
        """Send some requests at once."""
        sent = [
            (
                "GET",
                route.format(plan=plan, family=more.get("family")),
                {
                    "params": {
                        k: v for k, v in more.items() if "{family}" not in route or k != "family"
                    },
                    "headers": self._headers,
                },
            )
            for route, plan, more in wanted
        ]
        answers = self.world.here.client.all(sent)
        for (route, plan, more), answer in zip(wanted, answers, strict=True):
            yield Asked(route, plan, more, answer)

    def _request(
        self, route: str, plan: str, more: dict[str, Any]
    ) -> tuple[str, str, dict[str, Any]]:
        path = route.format(plan=plan, family=more.get("family"))
        asked = {name: value for name, value in more.items() if f"{{{name}}}" not in route}
        return "GET", path, {"params": asked, "headers": self._headers}

    def leaks(self, asked: Asked) -> list[str]:
        """Name what stands in an answer and is not for this person."""
        told, oracle = asked.told, self.world.oracle
        seen = self.open if asked.plan else self.listed
        children = {self.world.name(plan).child for plan in seen}
        named = {str(value) for value in asked.parameters.values()} | {asked.plan}
        found = [n for n in PLAN.findall(told) if n not in self.open and n not in named]
        found += [c for c in CHILD.findall(told) if c not in children and c not in named]
        if not asked.template.endswith("/access"):
            found += [person for person in PERSON.findall(told) if person != self.who.id]
        for word in asked.canaries:
            canary = self.world.canaries[word]
            if not {canary.plan, canary.goes_on_to} & seen:
                found.append(f"{word} of a plan that is hidden")
            elif not oracle.may_read(self.who, canary):
                found.append(f"{word}: {canary}")
        return found
