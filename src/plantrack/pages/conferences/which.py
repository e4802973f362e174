"""A question whose answer leads to more questions, which are asked of that answer only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from plantrack.pages.forms import One, Option, Question, Sent, Wrong


@dataclass(frozen=True, kw_only=True)
class Which(One):
    """One of some answers, and what else is asked where it is chosen."""

    DRAWN_BY: ClassVar[str] = "which"
    then: Mapping[str, Sequence[Question]] = field(default_factory=dict)

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> dict[str, Any] | None:
        """Read the answer and what is asked of it; what was typed elsewhere is left alone."""
        chosen: str | None = super().read(sent, at_hand)
        if chosen is None:
            return None
        said: dict[str, Any] = {self.name: chosen}
        wrong: list[Wrong] = []
        for question in self.then.get(chosen, ()):
            try:
                answer = question.read(sent, at_hand)
            except Wrong as found:
                wrong += [found, *found.others]
                continue
            if answer is not None:
                said |= question.says(answer)
        if wrong:
            raise wrong[0].with_others(wrong[1:])
        return said

    def says(self, answer: Any) -> Mapping[str, Any]:
        """Give the answer and those that it led to."""
        said: Mapping[str, Any] = answer
        return said


def which(
    name: str,
    asks: str,
    *answers: tuple[str, str, Sequence[Question]],
    missing: str,
    hint: str = "",
) -> Which:
    """Make such a question from its answers: the word, what is read, and what is asked then."""
    offered = [Option(value, text) for value, text, _ in answers]
    return Which(
        name=name,
        asks=asks,
        hint=hint,
        missing=missing,
        among=lambda _: offered,
        then={value: then for value, _, then in answers},
    )
