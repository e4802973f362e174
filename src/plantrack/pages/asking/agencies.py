"""Questions about agencies: which one, which of them, and what each of them says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from plantrack.domain.envelopes import capitalised
from plantrack.domain.words import agency
from plantrack.pages.asking.answers import Sent, Wrong
from plantrack.pages.asking.choices import Choice, Many, One, Option, Options
from plantrack.pages.asking.questions import Filled


def on_the_plan(at_hand: dict[str, Any]) -> list[Option]:
    """Give the agencies on the plan."""
    return named(at_hand.get("agencies", ()))


def known_agencies(at_hand: dict[str, Any]) -> list[Option]:
    """Give every agency that the policy names."""
    return named(at_hand.get("known_agencies", ()))


def others_on_the_plan(at_hand: dict[str, Any]) -> list[Option]:
    """Give the agencies on the plan besides one's own."""
    return [each for each in on_the_plan(at_hand) if each.value != at_hand["own_agency"]]


def not_on_the_plan(at_hand: dict[str, Any]) -> list[Option]:
    """Give the agencies that the policy names and that are not on the plan."""
    return [o for o in known_agencies(at_hand) if o.value not in at_hand.get("agencies", ())]


def named(agencies: Any) -> list[Option]:
    """Name agencies as options."""
    return [Option(each, capitalised(agency(each))) for each in agencies]


@dataclass(frozen=True, kw_only=True)
class WhichAgency(One):
    """One agency; whoever may speak for their own agency only is not asked."""

    among: Options | None = on_the_plan

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> str | None:
        """Read which, or take one's own."""
        if not self.is_asked(at_hand):
            return str(at_hand["own_agency"])
        found: str | None = super().read(sent, at_hand)
        return found

    def is_asked(self, at_hand: dict[str, Any]) -> bool:
        """Whether there is anything to ask."""
        return not at_hand.get("only_own")


@dataclass(frozen=True, kw_only=True)
class WhichAgencies(Many):
    """Agencies on the plan."""

    among: Options | None = on_the_plan


@dataclass(frozen=True, kw_only=True)
class WithOwn(Many):
    """Agencies that did something together with one's own, which is always one of them."""

    among: Options | None = known_agencies

    def _offered(self, at_hand: dict[str, Any]) -> list[Option]:
        offered = list(super()._offered(at_hand))
        return [each for each in offered if each.value != at_hand["own_agency"]]

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> list[str]:
        """Put one's own agency first."""
        chosen = super().read(sent, at_hand)
        return list(dict.fromkeys([str(at_hand["own_agency"]), *chosen]))


def just_the_answer(answer: str, _: str | None) -> str:
    """Keep an answer without a reason."""
    return answer


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

    def rows(self, at_hand: dict[str, Any], sent: Sent) -> list[Option]:  # noqa: ARG002 - some do
        """List the agencies that are asked about; those that were said stay among them."""
        found = list(self.agencies(at_hand))
        known = {each.value for each in found}
        return found + named(e for e in at_hand.get("kept", {}).get(self.name, ()) if e not in known)

    def read(self, sent: Sent, at_hand: dict[str, Any]) -> Mapping[str, Any]:
        """Read every agency's answer, and its reason."""
        said, wrong = {}, []
        for each in self.rows(at_hand, sent):
            try:
                if (answer := self._of(each.value, sent, at_hand)) is not None:
                    said[each.value] = answer
            except Wrong as found:
                wrong.append(found)
        if wrong:
            raise wrong[0].with_others(wrong[1:])
        return said

    def written(self, value: Any) -> Filled:
        """Write every agency's answer, and its reason."""
        filled: Filled = {}
        for name, said in value.items():
            reason = said.get("reason") if isinstance(said, Mapping) else None
            answer = next(iter(said.values())) if isinstance(said, Mapping) else said
            filled[f"{self.name}-{name}"] = [str(answer)]
            filled[f"{self.name}-{name}-reason"] = [str(reason or "")]
        return filled

    def options(self, at_hand: dict[str, Any]) -> list[Option]:
        """List what can be said of each."""
        return list(self._offered(at_hand))

    def _of(self, name: str, sent: Sent, at_hand: dict[str, Any]) -> Any:
        field = f"{self.name}-{name}"
        answer = sent.one(field)
        if not answer:
            if self.optional:
                return None
            raise Wrong(field, self.missing.replace("{agency}", agency(name)))
        if answer not in {each.value for each in self.options(at_hand)}:
            raise Wrong(field, self.missing.replace("{agency}", agency(name)))
        reason = sent.one(f"{field}-reason") or None
        if reason is not None:
            self.understand(reason, at_hand)
        if reason is None and answer in self.need_reason:
            raise Wrong(f"{field}-reason", f"Enter the reason that {agency(name)} gave")
        return self.shape(answer, reason)
