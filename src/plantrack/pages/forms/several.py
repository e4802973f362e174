"""A question with parts, whose answers are one thing: how a plan came about, for example."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from plantrack.pages.forms.answers import Sent, Wrong
from plantrack.pages.forms.questions import Filled, Question


@dataclass(frozen=True, kw_only=True)
class Several(Question):
    """Questions that are read together as one object; each is optional or not by itself."""

    DRAWN_BY: ClassVar[str] = "several"
    parts: tuple[Question, ...]

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> dict[str, Any]:
        """Read every part; what was said before of others stays."""
        kept = at_hand.get("kept", {}).get(self.name) or {}
        inner, said, wrong = {**at_hand, "kept": kept}, {**kept}, []
        for part in self.parts:
            try:
                said[part.name] = part.read(sent.under(f"{self.name}-"), inner)
            except Wrong as found:
                wrong += [each.within(f"{self.name}-") for each in (found, *found.others)]
        if wrong:
            raise wrong[0].with_others(wrong[1:])
        return said

    def written(self, value: Any) -> Filled:
        """Write every part."""
        return {
            f"{self.name}-{field}": typed
            for part in self.parts
            for field, typed in part.filled(value).items()
        }

    def in_words(self, value: Mapping[str, Any], at_hand: dict[str, Any]) -> str:
        """Tell every part on a line of its own."""
        told = ((part.label, part.told(value, at_hand)) for part in self.parts)
        return "\n".join(f"{asked}: {words}" for asked, words in told if words)
