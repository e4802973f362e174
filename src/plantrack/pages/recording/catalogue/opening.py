"""The form that opens a plan: who the child is, where it began, and who belongs to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from plantrack.domain.words import Category, PlanKind, PrimaryNeed, ReferralSource, Sex
from plantrack.pages.forms import AtHand, Day, Form, Line, Name, One, Option, PersonOf, Pick, Whole
from plantrack.pages.forms.agencies import WhichAgencies, known_agencies
from plantrack.pages.forms.answers import Wrong
from plantrack.pages.recording.catalogue.endings import no_chair_who_leads

Said = dict[str, Any]

CALLED: Mapping[ReferralSource, str] = {
    ReferralSource.FAMILY: "Somebody in the family",
    ReferralSource.ACQUAINTANCE: "An acquaintance, neighbour or friend",
    ReferralSource.SELF: "The child themselves",
    ReferralSource.OTHER_INDIVIDUAL: "Another person",
    ReferralSource.SCHOOLS: "A school",
    ReferralSource.EDUCATION_SERVICES: "Education services",
    ReferralSource.GP: "The GP",
    ReferralSource.HEALTH_VISITOR: "The health visitor",
    ReferralSource.SCHOOL_NURSE: "The school nurse",
    ReferralSource.OTHER_PRIMARY_HEALTH: "Other primary health services",
    ReferralSource.EMERGENCY_DEPARTMENT: "An emergency department",
    ReferralSource.OTHER_HEALTH: "Other health services",
    ReferralSource.HOUSING: "Housing",
    ReferralSource.LA_SOCIAL_CARE: "Social care of this council",
    ReferralSource.LA_OTHER: "Another service of this council",
    ReferralSource.LA_EXTERNAL: "Another council",
    ReferralSource.LA_EARLY_HELP: "Early help",
    ReferralSource.POLICE: "Police",
    ReferralSource.OTHER_LEGAL: "A court or another legal agency",
    ReferralSource.OTHER: "Somebody else",
    ReferralSource.ANONYMOUS: "Somebody who did not give a name",
    ReferralSource.UNKNOWN: "Not known",
}
NEEDS: Mapping[PrimaryNeed, str] = {
    PrimaryNeed.ABUSE_NEGLECT_OR_EXPLOITATION: "Abuse, neglect or exploitation",
    PrimaryNeed.DISABILITY: "The child's disability",
    PrimaryNeed.PARENTAL_DISABILITY_OR_ILLNESS: "A parent's disability or illness",
    PrimaryNeed.FAMILY_IN_ACUTE_STRESS: "A family in acute stress",
    PrimaryNeed.FAMILY_DYSFUNCTION: "Family life that does not work",
    PrimaryNeed.SOCIALLY_UNACCEPTABLE_BEHAVIOUR: "The child's behaviour",
    PrimaryNeed.LOW_INCOME: "Low income",
    PrimaryNeed.ABSENT_PARENTING: "Parents who are not there",
    PrimaryNeed.OTHER_CASES: "Something else",
    PrimaryNeed.NOT_STATED: "Not stated",
}
ORIGIN = (
    "referred_on",
    "referral_source",
    "primary_need",
    "strategy_discussion_on",
    "section_47_on",
    "previous_cp_plans",
    "transferred_from",
)
DESCRIBES = ("given_names", "family_name", "born_on", "sex", "first_language")
KEPT = ("child", "family", "lead", "chair", "agencies")
"""What a plan that follows another begins with, as it was there."""


def sources(_: AtHand) -> list[Option]:
    """Give who may have referred a child."""
    return [Option(source.value, text) for source, text in CALLED.items()]


def needs(_: AtHand) -> list[Option]:
    """Give why a child came to social care's attention."""
    return [Option(need.value, text) for need, text in NEEDS.items()]


def kinds(_: AtHand) -> list[Option]:
    """Give both kinds of plan."""
    return [
        Option(PlanKind.CP.value, "Child protection", "The initial conference decided on it"),
        Option(PlanKind.CIN.value, "Child in need"),
    ]


def what_belongs_to_the_kind(said: Said) -> Iterable[Wrong]:
    """Refuse child protection without a category, and one person who both chairs and leads."""
    if said.get("plan_kind") == PlanKind.CP and "category" not in said:
        yield Wrong("category", "Select the category of harm")
    yield from no_chair_who_leads(said)


OPENING = Form(
    kind="PlanOpened",
    group="The plan itself",
    title="Open a plan",
    also=what_belongs_to_the_kind,
    questions=(
        One(
            name="plan_kind",
            asks="Which kind of plan?",
            among=kinds,
            missing="Select which kind of plan",
        ),
        One(
            name="category",
            asks="Which category of harm?",
            hint="Only for a child protection plan",
            of=Category,
            optional=True,
        ),
        Name(
            name="child",
            asks="What is the child's number?",
            hint="Letters and digits, for example FL4101. All plans of one child have the same",
            like="child",
            width="20",
            missing="Enter the child's number",
        ),
        Line(
            name="given_names",
            asks="Given names of the child",
            missing="Enter the given names of the child",
        ),
        Line(
            name="family_name",
            asks="Family name of the child",
            missing="Enter the family name of the child",
        ),
        Day(
            name="born_on",
            asks="Date of birth",
            hint="For example, 9 11 2016 or 9 nov 2016. Leave this out for a child not yet born",
            missing="Enter the date of birth",
            optional=True,
        ),
        One(name="sex", asks="Sex", of=Sex, optional=True),
        Line(name="first_language", asks="First language", optional=True),
        Name(
            name="family",
            asks="What is the family's number?",
            hint="For example FAM01. Plans of brothers and sisters have the same",
            width="20",
            optional=True,
        ),
        Day(
            name="referred_on",
            asks="When was the child referred?",
            missing="Enter the day the child was referred",
            optional=True,
        ),
        Pick(name="referral_source", asks="Who referred the child?", among=sources, optional=True),
        Pick(name="primary_need", asks="What was the main need?", among=needs, optional=True),
        Day(
            name="strategy_discussion_on",
            asks="When was the strategy discussion?",
            missing="Enter the day of the strategy discussion",
            optional=True,
        ),
        Day(
            name="section_47_on",
            asks="When did the section 47 enquiry start?",
            missing="Enter the day the section 47 enquiry started",
            optional=True,
        ),
        Whole(
            name="previous_cp_plans",
            asks="How many child protection plans were there before, here or elsewhere?",
            low=0,
            high=99,
            optional=True,
        ),
        Line(name="transferred_from", asks="Which council passed the plan on?", optional=True),
        PersonOf(
            name="lead",
            asks="Who leads the plan?",
            missing="Enter the name of who leads the plan",
        ),
        PersonOf(
            name="chair",
            asks="Who chairs its conferences?",
            missing="Enter the name of who chairs its conferences",
            optional=True,
        ),
        WhichAgencies(
            name="agencies",
            asks="Which agencies are on the plan?",
            among=known_agencies,
            missing="Select which agencies are on the plan",
        ),
        Name(
            name="team",
            asks="Which team holds the plan?",
            hint="Its short name, for example North",
            width="20",
            optional=True,
        ),
    ),
    when=Day(
        name="on",
        asks="When was the plan decided on?",
        hint="For a child protection plan, the day of the initial conference. "
        "For example, 9 11 2026 or 9 nov 2026",
        missing="Enter the day the plan was decided on",
    ),
    note=None,
    button="Open this plan",
    marked=False,
)


def begins_with(at_hand: AtHand) -> dict[str, list[str]]:
    """Give what stands in the form at first: nothing, or what is known from the plan before."""
    before, teams = at_hand["before"], at_hand["teams"]
    known: dict[str, Any] = {"team": teams[0]} if len(teams) == 1 else {}
    if before:
        known |= {name: before[name] for name in KEPT if before.get(name)}
        known |= {name: before["person"].get(name) for name in DESCRIBES}
        known["plan_kind"] = PlanKind.CIN if before["kind"] == PlanKind.CP else PlanKind.CP
    return OPENING.filled(known)


def split(said: Said, before: AtHand | None) -> list[Said]:
    """Give what is recorded: the opening with where it came from, and who the child is."""
    described = {name: said[name] for name in DESCRIBES if name in said}
    origin = {name: said[name] for name in ORIGIN if name in said}
    apart = {*DESCRIBES, *ORIGIN, "category"}
    opened = {name: value for name, value in said.items() if name not in apart}
    if said["plan_kind"] == PlanKind.CP:
        opened["category"] = said["category"]
        origin["initial_conference_on"] = said["on"]
    if before:
        opened["follows"] = before["plan"]
    return [
        {**opened, "origin": origin},
        {"kind": "ChildDescribed", "on": said["on"], **described},
    ]
