"""Questions that ask the same of several things in turn, so that none is passed over in silence."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from plantrack.pages.forms.answers import Sent, Wrong
from plantrack.pages.forms.choices import Choice, Option
from plantrack.pages.forms.questions import Filled, Question


def just_the_answer(answer: str, _: str | None) -> str:
    """Keep an answer without a reason."""
    return answer


@dataclass(frozen=True, kw_only=True)
class Each(Choice, ABC):
    """An answer for each of several things.

    With ``reasons`` each answer may have a reason, and those in ``need_reason`` must have one.
    ``missing``, ``reason_asks`` and ``reason_missing`` may say {row} or {agency}, for what they
    are about.
    """

    DRAWN_BY: ClassVar[str] = "each"
    reasons: bool = False
    need_reason: tuple[str, ...] = ()
    reason_asks: str = "Why?"
    reason_missing: str = "Enter why"
    shape: Callable[[str, str | None], Any] = just_the_answer

    @abstractmethod
    def rows(self, at_hand: dict[str, Any], sent: Sent) -> list[Option]:
        """List what is asked about."""

    def row_named(self, row: Option) -> str:
        """Name one of them within a sentence."""
        return row.text

    def asks_why(self, row: Option) -> str:
        """Ask for the reason of one of them."""
        return self._worded(self.reason_asks, row)

    def _worded(self, text: str, row: Option) -> str:
        return text.replace("{row}", self.row_named(row)).replace("{agency}", self.row_named(row))

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Mapping[str, Any]:
        """Read the answer about each, and its reason."""
        said, wrong = {}, []
        for row in self.rows(at_hand, sent):
            try:
                if (answer := self._of(row.value, sent, at_hand)) is not None:
                    said[row.value] = answer
            except Wrong as found:
                wrong.append(found)
        if wrong:
            raise wrong[0].with_others(wrong[1:])
        return said

    def written(self, value: Any) -> Filled:
        """Write every answer, and its reason."""
        filled: Filled = {}
        for name, said in value.items():
            answer, reason = _apart(said)
            filled[f"{self.name}-{name}"] = [answer]
            filled[f"{self.name}-{name}-reason"] = [reason]
        return filled

    def in_words(self, value: Any, at_hand: dict[str, Any]) -> str:
        """Tell the answer about each on a line of its own."""
        words = {each.value: each.text for each in self._words(all_of=True)}
        rows = {
            row.value: row.text
            for row in self.rows({**at_hand, "kept": {self.name: value}}, Sent())
        }
        names = at_hand.get("named", {})
        lines = []
        for name, said in value.items():
            answer, reason = _apart(said)
            told = f"{rows.get(name) or names.get(name, name)}: {words.get(answer, answer)}"
            lines.append(f"{told} ({reason})" if reason else told)
        return "\n".join(lines)

    def options(self, at_hand: dict[str, Any]) -> list[Option]:
        """List what can be said of each."""
        return list(self._offered(at_hand))

    def lacks(self, at_hand: dict[str, Any]) -> str:
        """Lack nothing: where there is nothing to ask about, nothing is asked."""
        return ""

    def _of(self, name: str, sent: Sent, at_hand: dict[str, Any]) -> Any:
        row = next(each for each in self.rows(at_hand, sent) if each.value == name)
        field = f"{self.name}-{row.value}"
        answer, reason = sent.one(field), sent.one(f"{field}-reason") or None
        kept = at_hand.get("kept")
        if not answer and (
            self.optional or (kept and row.value not in (kept.get(self.name) or ()))
        ):
            return None
        if answer not in {each.value for each in self.options(at_hand)}:
            raise Wrong(field, self._worded(self.missing, row))
        if reason is not None:
            _refuse_unreadable(Question(name=f"{field}-reason", asks=self.asks_why(row)), reason)
        elif answer in self.need_reason:
            raise Wrong(f"{field}-reason", self._worded(self.reason_missing, row))
        return self.shape(answer, reason)


def _refuse_unreadable(question: Question, reason: str) -> None:
    question.understand(reason, {})


def _apart(said: Any) -> tuple[str, str]:
    """Take an answer and its reason apart."""
    if not isinstance(said, Mapping):
        return str(said), ""
    answer, *_ = (value for name, value in said.items() if name != "reason")
    return str(answer), str(said.get("reason") or "")
