"""A form: what it is called, its questions, and what becomes of the answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from plantrack.pages.asking.answers import Faults, Sent, Wrong
from plantrack.pages.asking.questions import Day, Question, next_name

AtHand = dict[str, Any]
"""What a form may draw upon: the plan as its reader may see it, and the agencies that are known."""

WHEN = Day(name="on", asks="When did this happen?", missing="Enter the day this happened")


def nothing_more(_: AtHand) -> Mapping[str, Any]:
    """Add nothing to what was answered."""
    return {}


class Read(NamedTuple):
    """What was answered, and what is wrong with it."""

    said: dict[str, Any]
    faults: Faults


@dataclass(frozen=True, kw_only=True)
class Form:
    """How somebody says one kind of event; ``title`` and ``button`` may say {child}.

    ``about`` is the field that says which thing it is about, when that stands in the address.
    ``names`` gives a new thing its short name: (field, prefix, where the taken names are).
    ``rest`` adds what is not asked, such as one's own agency, from what is at hand.
    """

    kind: str
    group: str
    title: str
    lead: str = ""
    questions: tuple[Question, ...]
    when: Day = WHEN
    button: str = "Record this"
    names: tuple[str, str, str] | None = None
    rest: Callable[[AtHand], Mapping[str, Any]] = nothing_more
    marked: bool = True
    """Whether the words may be marked as not for everybody on the plan."""

    @property
    def asked(self) -> tuple[Question, ...]:
        """Give every question in the order asked: what happened first, then when."""
        return (*self.questions, self.when)

    def read(self, sent: Sent, at_hand: AtHand) -> Read:
        """Read every answer, and note everything that is wrong, in the order asked."""
        said: dict[str, Any] = {"kind": self.kind}
        faults = Faults()
        for question in self.asked:
            try:
                answer = question.read(sent, at_hand)
            except Wrong as wrong:
                faults.add(wrong)
                continue
            if answer is not None:
                said[question.name] = answer
        if self.names is not None:
            field, prefix, taken = self.names
            said.setdefault(field, next_name(prefix, at_hand.get(taken, {})))
        return Read({**said, **self.rest(at_hand)}, faults)
