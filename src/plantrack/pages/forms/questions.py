"""Questions whose answer is typed: words, numbers, yes or no."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from plantrack import codec
from plantrack.pages.forms.answers import Sent, Wrong

Filled = dict[str, list[str]]
"""What stands in the fields of a form."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question of a form; its answer becomes the field ``name`` of what is recorded.

    ``asks`` and ``hint`` may say {child}, for the child's first name. ``missing`` is what the page
    says when an answer is needed and there is none.
    """

    DRAWN_BY: ClassVar[str]

    name: str
    asks: str
    hint: str = ""
    optional: bool = False
    missing: str = ""

    def is_asked(self, at_hand: dict[str, Any]) -> bool:
        """Whether it is asked of whoever fills in the form."""
        return True

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Any:
        """Read the answer; None for one that may be left out."""
        typed = sent.one(self.name)
        if not typed:
            self.refuse_missing()
            return None
        return self.understand(typed, at_hand)

    def refuse_missing(self, **wrong: Any) -> None:
        """Refuse that nothing was answered, where something must be."""
        if not self.optional:
            raise Wrong(self.name, self.missing, **wrong)

    def understand(self, typed: str, at_hand: dict[str, Any]) -> Any:
        """Read what was typed."""
        if codec.UNKEEPABLE.search(typed):
            raise Wrong(self.name, f"“{self.label}” {codec.CANNOT_BE_KEPT}")
        if len(typed) > codec.LONGEST_TEXT:
            raise Wrong(
                self.name, f"“{self.label}” must be {codec.LONGEST_TEXT:,} letters or fewer"
            )
        return typed

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the fields of the event that the answer says."""
        return (self.name,)

    def says(self, answer: Any) -> Mapping[str, Any]:
        """Give what an answer says, field by field."""
        return {self.name: answer}

    def filled(self, said: Mapping[str, Any]) -> Filled:
        """Give what stands in the form where this was said; the opposite of reading."""
        value = said.get(self.name)
        return {} if value is None else self.written(value)

    def written(self, value: Any) -> Filled:
        """Write an answer into the fields of the form."""
        return {self.name: [str(value)]}

    def told(self, said: Mapping[str, Any], at_hand: dict[str, Any]) -> str:
        """Tell an answer as people read it; nothing, where there is none."""
        value = said.get(self.name)
        return "" if value in (None, [], {}) else self.in_words(value, at_hand)

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Word an answer."""
        return str(value)

    @property
    def label(self) -> str:
        """Give the question without its question mark, to name it."""
        return self.asks.rstrip("?").replace("{child}", "the child")


@dataclass(frozen=True, kw_only=True)
class Line(Question):
    """A few words on one line."""

    DRAWN_BY: ClassVar[str] = "line"
    width: str = ""
    """A width class of GOV.UK inputs, such as “10” characters; nothing: the whole column."""


@dataclass(frozen=True, kw_only=True)
class Name(Line):
    """A short name as the record has it: a plan's, a team's or a family's."""

    like: str = "id"

    def understand(self, typed: str, at_hand: dict[str, Any]) -> str:
        """Refuse what cannot be such a name."""
        pattern, example = codec.PATTERNS[self.like]
        if not re.fullmatch(pattern, typed):
            raise Wrong(self.name, f"“{self.label}” must be {example}")
        return typed


@dataclass(frozen=True, kw_only=True)
class Words(Question):
    """As many words as somebody needs."""

    DRAWN_BY: ClassVar[str] = "words"
    rows: int = 5


@dataclass(frozen=True, kw_only=True)
class Lines(Question):
    """Several things, one a line; ``prefix`` names each: R1, R2 and so on."""

    DRAWN_BY: ClassVar[str] = "words"
    rows: int = 4
    prefix: str | None = None
    taken: str = ""
    """Where what is at hand holds the names that are taken."""

    def understand(self, typed: str, at_hand: dict[str, Any]) -> Any:
        """Read a list, or names for each line; what has a name already keeps it."""
        super().understand(typed, at_hand)
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if self.prefix is None:
            return lines
        taken, named = {**at_hand.get(self.taken, {})}, {}
        kept = [*at_hand.get("kept", {}).get(self.name, {})]
        for at, line in enumerate(lines):
            name = kept[at] if at < len(kept) else next_name(self.prefix, taken)
            taken[name] = named[name] = line
        return named

    def written(self, value: Any) -> Filled:
        """Write each on a line of its own."""
        return {self.name: ["\n".join(value.values() if isinstance(value, dict) else value)]}

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Word each on a line of its own."""
        return self.written(value)[self.name][0]


@dataclass(frozen=True, kw_only=True)
class Whole(Question):
    """A whole number between two bounds."""

    DRAWN_BY: ClassVar[str] = "line"
    width: str = "3"
    low: int = 1
    high: int = 366

    def understand(self, typed: str, at_hand: dict[str, Any]) -> int:
        """Read the number."""
        if not re.fullmatch(r"[0-9]{1,9}", typed) or not self.low <= int(typed) <= self.high:
            what = self.label
            raise Wrong(
                self.name, f"“{what}” must be a whole number from {self.low} to {self.high}"
            )
        return int(typed)


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Yes or no; nothing, where it may be left out."""

    DRAWN_BY: ClassVar[str] = "yes_no"

    def understand(self, typed: str, at_hand: dict[str, Any]) -> bool:
        """Read yes as true."""
        if typed not in ("yes", "no"):
            raise Wrong(self.name, self.missing or "Select yes or no")
        return typed == "yes"

    def written(self, value: Any) -> Filled:
        """Write true as yes."""
        return {self.name: ["yes" if value else "no"]}

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Word true as yes."""
        return "Yes" if value else "No"


def next_name(prefix: str, taken: dict[str, Any]) -> str:
    """Give the next short name of a kind that is not on the plan yet, such as A5."""
    numbers = [
        int(name[len(prefix) :])
        for name in taken
        if name.startswith(prefix) and name[len(prefix) :].isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1}"
