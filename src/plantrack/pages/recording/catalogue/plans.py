"""Forms about the plan itself: who belongs to it, and who the child is."""

from typing import Any

from plantrack.domain.words import Category, Sex
from plantrack.pages.forms import (
    AtHand,
    Day,
    Form,
    Line,
    Many,
    Name,
    One,
    Option,
    PersonOf,
    Pick,
    Question,
    Words,
)
from plantrack.pages.forms.agencies import not_on_the_plan, on_the_plan
from plantrack.pages.recording.catalogue.codes import DISABILITIES, ETHNICITIES

GROUP = "The plan itself"
WHY: Question = Words(name="reason", asks="Why?", rows=3, missing="Enter why this changed")
CHANGED = Day(name="on", asks="When did this change?", missing="Enter the day this changed")


def ethnicities(_: AtHand) -> list[Option]:
    """Give the census's words for ethnicity."""
    return [Option(code, text) for code, text in ETHNICITIES.items()]


def disabilities(_: AtHand) -> list[Option]:
    """Give the census's words for disabilities."""
    return [Option(code, text) for code, text in DISABILITIES.items()]


def as_last_described(at_hand: AtHand) -> dict[str, Any]:
    """Begin with what is known of the child: a new description stands in place of the last."""
    return {name: value for name, value in at_hand["described"].items() if name not in NOT_KEPT}


NOT_KEPT = frozenset({"kind", "on", "at", "note", "marks"})

FORMS = (
    Form(
        kind="ChildDescribed",
        group=GROUP,
        title="Say who {child} is",
        begins=as_last_described,
        questions=(
            Line(name="given_names", asks="Given names", optional=True),
            Line(name="family_name", asks="Family name", optional=True),
            Day(
                name="born_on",
                asks="Date of birth",
                hint="For example, 9 11 2016 or 9 nov 2016",
                missing="Enter the date of birth",
                optional=True,
            ),
            One(name="sex", asks="Sex", of=Sex, optional=True),
            Pick(name="ethnicity", asks="Ethnicity", among=ethnicities, optional=True),
            Many(name="disabilities", asks="Disabilities", among=disabilities, optional=True),
            Line(name="first_language", asks="First language", optional=True),
            Line(name="upn", asks="Unique pupil number", width="20", optional=True),
            Line(name="nhs_number", asks="NHS number", width="20", optional=True),
        ),
        when=Day(name="on", asks="Since when is this known?", missing="Enter the day it was known"),
        button="Record who {child} is",
    ),
    Form(
        kind="AgencyJoined",
        group=GROUP,
        title="Bring an agency onto the plan",
        questions=(
            Pick(
                name="agency",
                asks="Which agency?",
                among=not_on_the_plan,
                missing="Select which agency",
                nothing="Every agency that is known here is on this plan.",
            ),
            Line(name="professional", asks="Who from there?", optional=True),
            Line(
                name="part",
                asks="What is their part?",
                hint="For example, core group",
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When did they join?", missing="Enter the day they joined"),
        button="Bring them onto the plan",
    ),
    Form(
        kind="AgencyLeft",
        group=GROUP,
        title="Record that an agency left the plan",
        questions=(
            Pick(
                name="agency",
                asks="Which agency?",
                among=on_the_plan,
                missing="Select which agency",
                nothing="There is no agency on this plan.",
            ),
            Words(name="reason", asks="Why?", rows=3, missing="Enter why they left"),
        ),
        when=Day(name="on", asks="When did they leave?", missing="Enter the day they left"),
        button="Record that they left",
    ),
    Form(
        kind="CategoryChanged",
        group=GROUP,
        title="Change the category of the plan",
        plan_kinds=("cp",),
        questions=(
            One(
                name="category",
                asks="Which category of harm is it now?",
                of=Category,
                missing="Select which category of harm it is now",
            ),
            WHY,
        ),
        when=CHANGED,
        button="Change the category",
    ),
    Form(
        kind="LeadChanged",
        group=GROUP,
        title="Name another lead practitioner",
        questions=(
            PersonOf(name="lead", asks="Who leads now?", missing="Enter the name of who leads now"),
            Name(
                name="team",
                asks="In which team?",
                hint="Its short name. Leave this out if the team stays the same",
                width="20",
                optional=True,
            ),
            WHY,
        ),
        when=CHANGED,
        button="Name them",
    ),
    Form(
        kind="ChairChanged",
        group=GROUP,
        title="Name another conference chair",
        questions=(
            PersonOf(
                name="chair", asks="Who chairs now?", missing="Enter the name of who chairs now"
            ),
            WHY,
        ),
        when=CHANGED,
        button="Name them",
    ),
)
