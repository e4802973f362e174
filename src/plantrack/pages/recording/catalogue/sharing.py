"""The form on which an agency tells the others what it knows (S8)."""

from plantrack.domain.words import Basis, words
from plantrack.pages.forms import (
    AtHand,
    Day,
    Form,
    FromAddress,
    Many,
    One,
    Option,
    WhichAgencies,
    Words,
)
from plantrack.pages.forms.agencies import others_on_the_plan
from plantrack.pages.recording.catalogue.shared import own_agency
from plantrack.pages.recording.catalogue.things import person_named

GROUP = "Information"
SOMEBODY_ELSE = "somebody else"


def whom(at_hand: AtHand) -> list[Option]:
    """Give whom information may be about: the child, and who is in the child's life."""
    relations = [each["relation"] for each in at_hand["linked"].values()]
    found = {"child": "{child}"}
    for name, person in at_hand["linked"].items():
        relation = person["relation"]
        one = relations.count(relation) == 1 or not person["name"]
        found[words(relation) if one else person["name"]] = person_named(at_hand, name)
    return [*(Option(k, v) for k, v in found.items()), Option(SOMEBODY_ELSE, "Somebody else")]


def own_items(at_hand: AtHand) -> list[Option]:
    """Give what one's own agency told before, to tell it to more agencies."""
    own = at_hand["own_agency"]
    found = at_hand["information"].items()
    return [Option(name, item["what"]) for name, item in found if item["from"] == own]


def not_told_yet(at_hand: AtHand) -> list[Option]:
    """Give the other agencies on the plan; those that were told before need not be told again."""
    told = at_hand["information"].get(at_hand.get("item", ""), {}).get("to", ())
    return [each for each in others_on_the_plan(at_hand) if each.value not in told]


SHARE = Form(
    kind="InformationShared",
    group=GROUP,
    title="Tell the others what your agency knows",
    lead="If {child} is in danger now, call 999.",
    names=("item", "I", "information"),
    rest={"from": own_agency},
    questions=(
        FromAddress(name="item", asks="What was told before?", among=own_items, optional=True),
        Words(
            name="what",
            asks="What do you want to tell them?",
            hint="Say what is known and what it means for {child}",
            missing="Enter what you want to tell them",
        ),
        Many(
            name="about",
            asks="Who is it about?",
            hint="Select all that apply",
            among=whom,
            missing="Select who it is about",
        ),
        One(
            name="basis",
            asks="How does your agency know?",
            of=Basis,
            missing="Select how your agency knows",
        ),
        WhichAgencies(
            name="to",
            asks="Who should be told?",
            hint="You say on the next page why the others are not. Only those you select read it",
            among=not_told_yet,
            missing="Select who should be told",
            nothing="Every other agency on this plan has been told this.",
        ),
    ),
    when=Day(
        name="on",
        asks="When did you tell them?",
        missing="Enter the day you told them",
        hint="Usually today. For example, 9 11 2026 or 9 nov 2026",
    ),
    button="Continue",
    marked=False,
)
