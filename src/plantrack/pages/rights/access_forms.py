"""The forms in which people are put on a plan, taken off it, and a plan is kept from others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plantrack.domain.words import agency
from plantrack.pages.forms import Day, Line, Lines, One, Option, Words, Wrong, YesNo
from plantrack.pages.rights.submission import RightsForm
from plantrack.pages.wording.viewings import ALLOCATIONS, CATEGORIES

Known = tuple[str, str, str]
"""By what somebody is known, their name and their agency."""

MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Somebody(Line):
    """One of the people who are known, by their name; two of one name, by their agency as well."""

    def understand(self, typed: str, at_hand: dict[str, Any]) -> str:
        """Find whom the name means."""
        return find(self.name, typed, at_hand)


@dataclass(frozen=True, kw_only=True)
class People(Lines):
    """Some of the people who are known, a name a line."""

    def understand(self, typed: str, at_hand: dict[str, Any]) -> list[str]:
        """Find whom the names mean."""
        lines = (line.strip() for line in typed.splitlines())
        return [find(self.name, line, at_hand) for line in lines if line]


def find(field: str, typed: str, at_hand: Mapping[str, Any]) -> str:
    """Find somebody by name, or by name and agency with a comma between them."""
    people: list[Known] = at_hand["people"]
    wanted = " ".join(typed.casefold().split())
    found = [
        each
        for each in people
        if wanted in (each[1].casefold(), f"{each[1]}, {agency(each[2])}".casefold())
    ]
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise Wrong(
            field,
            f"Nobody here is called “{typed[:60]}”. Check the name, or ask an administrator to "
            "make them known",
        )
    some = " or ".join(f"“{name}, {agency(of)}”" for _, name, of in found[:MOST_NAMED])
    raise Wrong(field, f"There is more than one. Enter the agency as well: {some}")


def _allocations(_: Mapping[str, Any]) -> Iterator[Option]:
    return (Option(name, says) for name, says in ALLOCATIONS.items())


def _categories(_: Mapping[str, Any]) -> Iterator[Option]:
    return (Option(name, says) for name, says in CATEGORIES.items())


WHO = Somebody(
    name="person",
    asks="Who?",
    hint="Their whole name, for example Noor Ellery",
    missing="Enter their name",
)
SINCE = Day(name="since", asks="From which day?", missing="Enter the first day")
UNTIL = Day(
    name="until",
    asks="Until which day?",
    hint="Leave it empty if there is no end. For example, 31 3 2027",
    optional=True,
    missing="Enter the last day",
)
REASON = Words(name="reason", asks="Why?", missing="Enter why", rows=3)
REVIEW = Day(
    name="review_by",
    asks="By which day is it looked at whether it must stay so?",
    hint="Within 90 days. For example, 31 1 2027",
    missing="Enter the day of the next review",
)

FORMS: Mapping[str, RightsForm] = {
    "member": RightsForm(
        kind="MemberNamed",
        title="Name a member of the plan's group",
        lead="They will see the plan, and can record on it for their agency.",
        questions=(
            WHO,
            SINCE,
            UNTIL,
            YesNo(
                name="sees_address",
                asks="Do they need to see a protected address, if there is one?",
                missing="Select whether they need to see a protected address",
            ),
        ),
        button="Name them as a member",
    ),
    "member-end": RightsForm(
        kind="MembershipEnded",
        title="End a membership",
        lead="They will not see the plan any more.",
        questions=(REASON,),
        given=("person",),
        button="End the membership",
    ),
    "allocate": RightsForm(
        kind="Allocated",
        title="Say who chairs or works on the plan",
        questions=(
            WHO,
            One(
                name="allocation",
                asks="What are they to the plan?",
                among=_allocations,
                missing="Select what they are to the plan",
            ),
            SINCE,
            UNTIL,
        ),
        button="Allocate the plan",
    ),
    "allocate-end": RightsForm(
        kind="AllocationEnded",
        title="End an allocation",
        lead="They will not see the plan any more, unless something else ties them to it.",
        questions=(REASON,),
        given=("person",),
        button="End the allocation",
    ),
    "restrict": RightsForm(
        kind="PlanRestricted",
        title="Restrict the plan",
        lead="From then on the plan exists only for the people on its list who are tied to it as "
        "well. Put yourself on the list, or you cannot see it any more.",
        questions=(
            One(
                name="category",
                asks="Why must it be kept from others?",
                among=_categories,
                missing="Select why it must be kept from others",
            ),
            Words(name="reason", asks="Say it in your own words", missing="Enter why", rows=3),
            REVIEW,
            People(
                name="people",
                asks="Who is on the list?",
                hint="One name a line",
                missing="Enter who is on the list",
            ),
        ),
        button="Restrict the plan",
    ),
    "restrict-review": RightsForm(
        kind="RestrictionReviewed",
        title="Keep the plan restricted",
        questions=(REASON, REVIEW),
        button="Keep it restricted",
    ),
    "admit": RightsForm(
        kind="PersonAdmitted",
        title="Put somebody on the list",
        lead="They see the plan if something ties them to it as well.",
        questions=(WHO, REASON),
        button="Put them on the list",
    ),
    "remove": RightsForm(
        kind="PersonRemoved",
        title="Take somebody off the list",
        questions=(REASON,),
        given=("person",),
        button="Take them off the list",
    ),
    "lift": RightsForm(
        kind="RestrictionLifted",
        title="Lift the restriction",
        lead="Everybody who is tied to the plan will see it again.",
        questions=(REASON,),
        button="Lift the restriction",
    ),
}
"""What can be said of who sees a plan, by the last part of its address."""
