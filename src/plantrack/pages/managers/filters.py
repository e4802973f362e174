"""What the list of alerts is filtered by: said in the address, and kept nowhere else."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from plantrack import codec
from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency as agency_named
from plantrack.pages.managers.breaches import BREACHES, breach
from plantrack.projections.alert_board import Asked, Counts, most_of
from plantrack.web import parameters as q

NAME = re.compile(codec.PATTERNS["id"][0])
MOST = 40
Several = Annotated[list[str] | None, Query()]


class AlertFilter:
    """Which alerts somebody wants to see."""

    def __init__(
        self,
        rule: Several = None,
        team: Several = None,
        agency: Several = None,
        plan: q.OnPlan = None,
        ended: q.Ended = None,
    ) -> None:
        self.asked = Asked(
            rules=tuple(each for each in _names(rule) if each in BREACHES),
            teams=_names(team),
            agencies=_names(agency),
            plan=plan,
            ended=bool(ended),
        )

    @property
    def query(self) -> str:
        """Write what was chosen as it stands in an address."""
        return urlencode(self._pairs())

    @property
    def chosen(self) -> bool:
        """Whether anything was chosen that can be taken away again."""
        return bool(self._tags())

    def options(self, counts: Counts) -> list[dict[str, Any]]:
        """Give what can be chosen, with how many alerts there are of each."""
        return [
            _group("rule", "Why it was raised", counts.rules, self.asked.rules, breach),
            _group("team", "Team", counts.teams, self.asked.teams, str),
            _group("agency", "Waiting for", counts.agencies, self.asked.agencies, _agency),
        ]

    def tags(self) -> list[dict[str, Any]]:
        """Give what was chosen, each with the address of the list without it."""
        groups: dict[str, list[dict[str, str]]] = {}
        for heading, pair, text in self._tags():
            rest = urlencode([each for each in self._pairs() if each != pair])
            href = f"/alerts?{rest}" if rest else "/alerts"
            groups.setdefault(heading, []).append({"text": text, "href": href})
        return [{"heading": {"text": text}, "items": items} for text, items in groups.items()]

    def _tags(self) -> list[tuple[str, tuple[str, str], str]]:
        asked = self.asked
        return [
            *(("Why it was raised", ("rule", each), breach(each)) for each in asked.rules),
            *(("Team", ("team", each), each) for each in asked.teams),
            *(("Waiting for", ("agency", each), _agency(each)) for each in asked.agencies),
            *(("Plan", ("plan", each), each) for each in filter(None, [asked.plan])),
        ]

    def _pairs(self) -> list[tuple[str, str]]:
        ended = [("ended", "true")] if self.asked.ended else []
        return [*(pair for _, pair, _ in self._tags()), *ended]


AnAlertFilter = Annotated[AlertFilter, Depends()]


def _names(sent: Iterable[str] | None) -> tuple[str, ...]:
    """Take what may be a name at all: nothing else is on any list."""
    return tuple(dict.fromkeys(each for each in sent or () if NAME.fullmatch(each)))[:MOST]


def _group(
    name: str,
    asks: str,
    counts: Mapping[str, int],
    chosen: tuple[str, ...],
    says: Callable[[str], str],
) -> dict[str, Any]:
    known = [*most_of(counts), *(each for each in chosen if each not in counts)]
    items = [
        {"value": each, "text": f"{says(each)} ({counts.get(each, 0)})", "checked": each in chosen}
        for each in known
    ]
    return {"name": name, "asks": asks, "items": items}


def _agency(name: str) -> str:
    return capitalised(agency_named(name))
