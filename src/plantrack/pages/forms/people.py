"""Questions about people: a named person of an agency."""

from dataclasses import dataclass
from typing import Any, ClassVar

from plantrack.domain.words import agency
from plantrack.pages.forms.answers import Sent, Wrong
from plantrack.pages.forms.questions import Filled, Question


@dataclass(frozen=True, kw_only=True)
class PersonOf(Question):
    """A named person and their agency, which is one on the plan."""

    DRAWN_BY: ClassVar[str] = "person_of"

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> dict[str, str] | None:
        """Read both."""
        name, whose = sent.one(f"{self.name}-name"), sent.one(f"{self.name}-agency")
        if not name and not whose:
            if not self.optional:
                raise Wrong(f"{self.name}-name", self.missing)
            return None
        if not name:
            raise Wrong(f"{self.name}-name", "Enter the name of the person")
        if whose not in self.agencies(at_hand):
            raise Wrong(f"{self.name}-agency", "Select the person's agency")
        return {"name": self.understand(name, at_hand), "agency": whose}

    def agencies(self, at_hand: dict[str, Any]) -> list[str]:
        """List the agencies that the person may be of; one that was said stays among them."""
        kept = at_hand.get("kept", {}).get(self.name) or {}
        found = [*at_hand.get("agencies", ()), at_hand.get("own_agency"), kept.get("agency")]
        return [each for each in dict.fromkeys(found) if each]

    def written(self, value: Any) -> Filled:
        """Write both."""
        return {f"{self.name}-name": [value["name"]], f"{self.name}-agency": [value["agency"]]}

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Name the person and the agency."""
        return f"{value['name']}, {agency(value['agency'])}"
