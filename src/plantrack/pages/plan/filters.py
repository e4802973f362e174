"""Filters of the list of plans: asked for in the address, and each can be taken off again."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends

from plantrack import codec
from plantrack.application.services import Services
from plantrack.domain.rights.words import Duty
from plantrack.pages.forms import Faults, Wrong
from plantrack.web.authorise import Asker

KINDS = {"cp": "Child protection", "cin": "Child in need"}
ENDED = {"no": "Going on", "yes": "Ended"}
SEES_ALL_TEAMS = frozenset({Duty.SERVICE_MANAGER, Duty.INSPECTOR})
NUMBERS = {
    "child": ("child", "Enter the child's number in letters and digits, like FL4101"),
    "family": ("id", "Enter the family's number, like FAM01"),
}


class Tag(NamedTuple):
    """One filter that holds, and the address of the list without it."""

    text: str
    href: str


class Narrowing:
    """What somebody wants to see of the list of plans."""

    def __init__(
        self, kind: str = "", team: str = "", ended: str = "", child: str = "", family: str = ""
    ) -> None:
        given = {"kind": kind, "team": team, "ended": ended, "child": child, "family": family}
        self.typed = {name: value.strip() for name, value in given.items() if value.strip()}
        self.faults = Faults()
        for name, (pattern, wrong) in NUMBERS.items():
            typed = self.typed.get(name)
            if typed and not re.fullmatch(codec.PATTERNS[pattern][0], typed):
                self.faults.add(Wrong(name, wrong))
        for name, known in (("kind", KINDS), ("ended", ENDED)):
            if self.typed.get(name) not in (None, *known):
                self.faults.add(Wrong(name, "Select one of the answers that are listed"))
        if (asked := self.typed.get("team")) and codec.UNKEEPABLE.search(asked):
            self.faults.add(Wrong("team", "Select one of the teams that are listed"))

    @property
    def asked(self) -> dict[str, Any]:
        """Give what the list is asked for."""
        ended = self.typed.get("ended")
        rest = {name: value for name, value in self.typed.items() if name != "ended"}
        return {**rest, "ended": None if ended is None else ended == "yes"}

    @property
    def query(self) -> str:
        """Give the filters as they stand in an address."""
        return urlencode(self.typed)

    @property
    def tags(self) -> list[Tag]:
        """Name each filter that holds, with the way to take it off."""
        return [Tag(self._says(name), self._without(name)) for name in self.typed]

    def teams(self, asker: Asker, services: Services) -> list[str]:
        """Name the teams that somebody can choose from: their own, or all for who sees them all."""
        rights = services.authoriser.look().rights
        subject = asker.subject
        if subject.post.duty in SEES_ALL_TEAMS:
            return sorted({spell.what for spells in rights.teams.values() for spell in spells})
        if subject.post.duty is not Duty.TEAM_MANAGER:
            return []
        return sorted(rights.teams_of(subject.person, services.today()))

    def _says(self, name: str) -> str:
        value = self.typed[name]
        says: Mapping[str, str] = {"kind": KINDS, "ended": ENDED}.get(name, {})
        return says.get(value) or f"{name.capitalize()} {value}"

    def _without(self, name: str) -> str:
        left = urlencode({each: value for each, value in self.typed.items() if each != name})
        return f"/plans?{left}" if left else "/plans"


ANarrowing = Annotated[Narrowing, Depends()]
