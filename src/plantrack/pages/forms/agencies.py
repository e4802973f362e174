"""Questions about agencies: which one, which of them, and what each of them says."""

from dataclasses import dataclass
from typing import Any

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency
from plantrack.pages.forms.answers import Sent
from plantrack.pages.forms.choices import Many, One, Option, Options
from plantrack.pages.forms.each import Each


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
        if at_hand.get("kept"):
            return chosen
        return list(dict.fromkeys([str(at_hand["own_agency"]), *chosen]))


@dataclass(frozen=True, kw_only=True)
class EachAgency(Each):
    """An answer for each agency on the plan; none may be passed over in silence."""

    reason_asks: str = "Reason given by {row}"
    reason_missing: str = "Enter the reason that {row} gave"
    agencies: Options = on_the_plan

    def rows(self, at_hand: dict[str, Any], sent: Sent) -> list[Option]:
        """List the agencies that are asked about; those that were said stay among them."""
        found = list(self.agencies(at_hand))
        known = {each.value for each in found}
        return found + named(
            e for e in at_hand.get("kept", {}).get(self.name, ()) if e not in known
        )

    def row_named(self, row: Option) -> str:
        """Name an agency within a sentence."""
        return agency(row.value)
