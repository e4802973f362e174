"""A form: what it is called, its questions, and what becomes of the answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from plantrack.pages.forms.answers import Faults, Sent, Wrong
from plantrack.pages.forms.choices import Choice
from plantrack.pages.forms.days import Day
from plantrack.pages.forms.questions import Filled, Question, Words, next_name

AtHand = dict[str, Any]
"""What a form may draw upon: the plan as its reader may see it, and the agencies that are known."""
Said = dict[str, Any]
Rest = Callable[[AtHand, Said], Any]
"""Gives a field that is not asked, from what is at hand and what was answered."""
Fact = tuple[str, str]

WHEN = Day(name="on", asks="When did this happen?", missing="Enter the day this happened")
ANYTHING_ELSE = Words(name="note", asks="Anything else?", optional=True, rows=3)


def nothing_wrong(_: Said) -> Iterable[Wrong]:
    """Find nothing wrong between one answer and another."""
    return ()


def no_facts(_: AtHand, __: str) -> Iterable[Fact]:
    """Tell nothing of the thing that a form is about."""
    return ()


def not_filled(_: AtHand) -> Mapping[str, Any]:
    """Begin with nothing said."""
    return {}


class Read(NamedTuple):
    """What was answered, and what is wrong with it."""

    said: Said
    faults: Faults


@dataclass(frozen=True, kw_only=True)
class Form:
    """How somebody says one kind of event; ``title``, ``lead`` and ``button`` may say {child}.

    ``names`` gives a new thing its short name: (field, prefix, where the taken names are).
    ``rest`` gives fields that are not asked, such as one's own agency.
    ``about`` tells what is known of the thing that the first question picks, once it is picked.
    ``also`` finds what is wrong between one answer and another.
    ``begins`` gives what stands in the form at first, as it would be said.
    """

    kind: str
    group: str
    title: str
    lead: str = ""
    questions: tuple[Question, ...]
    when: Day | None = WHEN
    note: Question | None = ANYTHING_ELSE
    button: str = "Record this"
    names: tuple[str, str, str] | None = None
    rest: Mapping[str, Rest] = field(default_factory=dict)
    about: Callable[[AtHand, str], Iterable[Fact]] = no_facts
    also: Callable[[Said], Iterable[Wrong]] = nothing_wrong
    begins: Callable[[AtHand], Mapping[str, Any]] = not_filled
    plan_kinds: tuple[str, ...] = ("cin", "cp")
    """On which plans it can happen."""
    marked: bool = True
    """Whether the words may be marked as not for everybody on the plan."""

    @property
    def asked(self) -> tuple[Question, ...]:
        """Give every question in the order asked: what happened first, then when."""
        when = () if self.when is None else (self.when,)
        return (*self.questions, *when, *self._note)

    @property
    def _note(self) -> tuple[Question, ...]:
        told = any(each.name == "note" for each in self.questions)
        return () if self.note is None or told else (self.note,)

    def asked_of(self, at_hand: AtHand) -> list[Question]:
        """Give the questions for whoever fills it in."""
        return [each for each in self.asked if each.is_asked(at_hand)]

    def lacks(self, at_hand: AtHand) -> str:
        """Say what is not on the plan yet and must be before this can be recorded."""
        kind = at_hand.get("kind")
        if kind is not None and kind not in self.plan_kinds:
            return "This cannot happen on this kind of plan."
        choices = (each for each in self.asked_of(at_hand) if isinstance(each, Choice))
        return next((why for each in choices if (why := each.lacks(at_hand))), "")

    def filled(self, said: Mapping[str, Any]) -> Filled:
        """Give what stands in the form where this was said."""
        return {k: v for each in self.asked for k, v in each.filled(said).items()}

    def picked(self, sent: Sent, at_hand: AtHand) -> str:
        """Say which thing was picked before the form was opened, if the first question picks."""
        first = self.questions[0] if self.questions else None
        if not isinstance(first, Choice) or first.among is None:
            return ""
        from_address = first.filled({name: sent.one(name) for name in sent}).get(first.name, ())
        chosen = sent.one(first.name) or next(iter(from_address), "")
        return chosen if chosen in {each.value for each in first.options(at_hand)} else ""

    def read(self, sent: Sent, at_hand: AtHand) -> Read:
        """Read every answer, and note everything that is wrong, in the order asked."""
        said: Said = {"kind": self.kind}
        faults = Faults()
        for question in self.asked:
            try:
                answer = question.read(sent, at_hand)
            except Wrong as wrong:
                faults.add(wrong)
                continue
            if answer is not None:
                said |= question.says(answer)
        if not faults:
            for found in self.also(said):
                faults.add(found)
        if not faults:
            said |= self._not_asked(at_hand, said)
        return Read(said, faults)

    def _not_asked(self, at_hand: AtHand, said: Said) -> Said:
        found = {name: give(at_hand, said) for name, give in self.rest.items()}
        if self.names is not None:
            name, prefix, taken = self.names
            if name not in said:
                found[name] = next_name(prefix, at_hand.get(taken, {}))
        return found

    def to_correct(self, why: Question, said: Mapping[str, Any]) -> "Form":
        """Give the form on which an entry is put right: every answer it has, and why it changes.

        What was left out when it was said may be left out again.
        """
        asked = (
            each if any(said.get(name) for name in each.fields) else replace(each, optional=True)
            for each in self.asked
        )
        return replace(
            self,
            title="Put an entry right",
            lead="",
            questions=(*asked, why),
            when=None,
            note=None,
            names=None,
            rest={},
            also=nothing_wrong,
        )
