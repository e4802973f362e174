"""Questions whose answer is chosen: one or several of some, or things on the plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from plantrack.pages.forms.answers import Sent, Wrong
from plantrack.pages.forms.questions import Filled, Question
from plantrack.pages.wording.sentences import options

MOST_SEEN = 8
"""How many options are all to be seen; more of them fold up into a list."""


class Option(NamedTuple):
    """One thing that can be chosen."""

    value: str
    text: str
    hint: str = ""


Options = Callable[[dict[str, Any]], Iterable[Option]]
"""Gives what can be chosen, from what is at hand of the plan."""


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """A question with options: the words of a kind, or what is at hand."""

    of: type[StrEnum] | None = None
    among: Options | None = None
    only: tuple[str, ...] = ()
    """Of the words of a kind, only these; all, if it is empty."""
    none: str = ""
    """What is offered where nothing of these is right."""
    nothing: str = ""
    """What the page says where there is nothing to choose."""

    def options(self, at_hand: dict[str, Any]) -> list[Option]:
        """List what can be chosen; what was chosen when it was said stays among it."""
        found = list(self._offered(at_hand))
        known, names = {each.value for each in found}, at_hand.get("named", {})
        kept = self.filled(at_hand.get("kept", {})).get(self.name, ())
        every = {each.value: each.text for each in self._words(all_of=True)}
        return found + [
            Option(value, every.get(value) or names.get(value, value))
            for value in kept
            if value not in known
        ]

    def _offered(self, at_hand: dict[str, Any]) -> Iterable[Option]:
        return self.among(at_hand) if self.among is not None else self._words()

    def _words(self, *, all_of: bool = False) -> list[Option]:
        given = options(self.of).items() if self.of else ()
        return [Option(v, text) for v, text in given if all_of or not self.only or v in self.only]

    def refuse_others(self, chosen: Iterable[str], at_hand: dict[str, Any]) -> None:
        """Refuse what is not among the options."""
        known = {each.value for each in self.options(at_hand)}
        if not known.issuperset(chosen):
            raise Wrong(self.name, self.missing or "Select one of the answers that are listed")

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Word what was chosen as the options do."""
        known = {each.value: each.text for each in self.options(at_hand)}
        known |= {each.value: each.text for each in self._words(all_of=True)}
        names, chosen = at_hand.get("named", {}), value if isinstance(value, list) else [value]
        return "; ".join(known.get(str(e)) or names.get(str(e), str(e)) for e in chosen)

    def lacks(self, at_hand: dict[str, Any]) -> str:
        """Say what there is nothing of, where an answer is needed and cannot be given."""
        return "" if self.optional or self.options(at_hand) else self.nothing


@dataclass(frozen=True, kw_only=True)
class One(Choice):
    """One of some: all of them to be seen, or a list that folds up if they are many."""

    DRAWN_BY: ClassVar[str] = "one"

    def understand(self, typed: str, at_hand: dict[str, Any]) -> str:
        """Take what is among the options."""
        self.refuse_others([typed], at_hand)
        return typed


@dataclass(frozen=True, kw_only=True)
class Pick(One):
    """One of the things that are on the plan, named by what they are."""


@dataclass(frozen=True, kw_only=True)
class FromAddress(Pick):
    """A thing that the address names, or none: it is never asked on the form itself."""

    DRAWN_BY: ClassVar[str] = "from_address"


@dataclass(frozen=True, kw_only=True)
class Both(Pick):
    """One thing that says two fields at once, such as a decision and the agency that disagreed."""

    spread: tuple[str, str]

    @property
    def fields(self) -> tuple[str, ...]:
        """Name both fields."""
        return self.spread

    def says(self, answer: Any) -> Mapping[str, Any]:
        """Take the answer apart."""
        first, _, second = str(answer).partition("/")
        return dict(zip(self.spread, (first, second), strict=True))

    def filled(self, said: Mapping[str, Any]) -> Filled:
        """Put both together."""
        both = [str(said.get(name) or "") for name in self.spread]
        return {self.name: ["/".join(both)]} if all(both) else {}

    def told(self, said: Mapping[str, Any], at_hand: dict[str, Any]) -> str:
        """Tell both as the option does."""
        both = self.filled(said).get(self.name)
        return self.in_words(both, at_hand) if both else ""


@dataclass(frozen=True, kw_only=True)
class Many(Choice):
    """As many of some as hold."""

    DRAWN_BY: ClassVar[str] = "many"

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> list[str]:
        """Take every one that was chosen."""
        chosen = sent.all(self.name)
        if not chosen:
            self.refuse_missing()
        self.refuse_others(chosen, at_hand)
        return chosen

    def written(self, value: Any) -> Filled:
        """Choose every one that was said."""
        return {self.name: [str(each) for each in value]}
