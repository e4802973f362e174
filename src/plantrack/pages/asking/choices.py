"""Questions whose answer is chosen: one or several of some, agencies, things on the plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, NamedTuple

from plantrack.domain.words import agency
from plantrack.pages.asking.answers import Sent, Wrong
from plantrack.pages.asking.questions import Question
from plantrack.screens.saying import options


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

    def options(self, at_hand: dict[str, Any]) -> list[Option]:
        """List what can be chosen."""
        if self.among is not None:
            return list(self.among(at_hand))
        if self.of is None:
            return []
        given = options(self.of).items()
        return [Option(v, text) for v, text in given if not self.only or v in self.only]

    def refuse_others(self, chosen: Iterable[str], at_hand: dict[str, Any]) -> None:
        """Refuse what is not among the options."""
        known = {each.value for each in self.options(at_hand)}
        if not known.issuperset(chosen):
            raise Wrong(self.name, self.missing or "Select one of the answers that are listed")


@dataclass(frozen=True, kw_only=True)
class One(Choice):
    """One of some, all of them to be seen."""

    DRAWN_BY: ClassVar[str] = "one"

    def understand(self, typed: str, at_hand: dict[str, Any]) -> str:
        """Take what is among the options."""
        self.refuse_others([typed], at_hand)
        return typed


@dataclass(frozen=True, kw_only=True)
class Pick(One):
    """One of what may be many: a list that folds up."""

    DRAWN_BY: ClassVar[str] = "pick"


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


def just_the_answer(answer: str, _: str | None) -> str:
    """Keep an answer without a reason."""
    return answer


def on_the_plan(at_hand: dict[str, Any]) -> list[Option]:
    """Give the agencies on the plan, with whom they are there."""
    return [Option(name, _named(name)) for name in at_hand.get("agencies", ())]


def known_agencies(at_hand: dict[str, Any]) -> list[Option]:
    """Give every agency that the policy names."""
    return [Option(name, _named(name)) for name in at_hand.get("known_agencies", ())]


def _named(name: str) -> str:
    said = agency(name)
    return said[0].upper() + said[1:]


@dataclass(frozen=True, kw_only=True)
class WhichAgency(One):
    """One agency on the plan; ``own``: of whoever answers, which is then not asked."""

    among: Options | None = on_the_plan


@dataclass(frozen=True, kw_only=True)
class WhichAgencies(Many):
    """Agencies on the plan."""

    among: Options | None = on_the_plan


@dataclass(frozen=True, kw_only=True)
class EachAgency(Choice):
    """An answer for each agency on the plan; none may be passed over in silence.

    With ``reasons`` each answer may have a reason, and those in ``need_reason`` must have one.
    """

    DRAWN_BY: ClassVar[str] = "each_agency"
    reasons: bool = False
    need_reason: tuple[str, ...] = ()
    shape: Callable[[str, str | None], Any] = just_the_answer
    agencies: Options = on_the_plan

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Mapping[str, Any]:
        """Read every agency's answer, and its reason."""
        said, wrong = {}, []
        for each in self.agencies(at_hand):
            try:
                if (answer := self._of(each.value, sent, at_hand)) is not None:
                    said[each.value] = answer
            except Wrong as found:
                wrong.append(found)
        if wrong:
            raise wrong[0].with_others(wrong[1:])
        return said

    def _of(self, name: str, sent: Sent, at_hand: dict[str, Any]) -> Any:
        field = f"{self.name}-{name}"
        answer = sent.one(field)
        if not answer:
            if self.optional:
                return None
            raise Wrong(field, self.missing.replace("{agency}", agency(name)))
        self.refuse_others([answer], at_hand)
        reason = sent.one(f"{field}-reason") or None
        if reason is None and answer in self.need_reason:
            raise Wrong(f"{field}-reason", f"Enter the reason that {agency(name)} gave")
        return self.shape(answer, reason)
