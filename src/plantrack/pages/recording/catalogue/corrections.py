"""Forms on which entries are put right whose kinds are said on pages of their own."""

from collections.abc import Mapping
from dataclasses import replace

from plantrack.domain.words import Category
from plantrack.pages.forms import (
    Day,
    Form,
    Line,
    Name,
    One,
    PersonOf,
    Pick,
    Question,
    Several,
    WhichAgencies,
    Whole,
    Words,
)
from plantrack.pages.forms.agencies import known_agencies
from plantrack.pages.recording.catalogue import FORMS
from plantrack.pages.recording.catalogue.endings import ENDINGS, OF_THE_NEW_PLAN
from plantrack.pages.recording.catalogue.opening import needs, sources
from plantrack.pages.recording.catalogue.sharing import SHARE
from plantrack.pages.recording.catalogue.things import every_action

GROUP = "Putting right"
WHY: Question = Words(name="reason", asks="Why?", missing="Enter why")

ORIGIN: Question = Several(
    name="origin",
    asks="How did the plan come about?",
    optional=True,
    parts=(
        Day(name="referred_on", asks="When was the child referred?", optional=True),
        Pick(name="referral_source", asks="Who referred the child?", among=sources, optional=True),
        Pick(name="primary_need", asks="What was the main need?", among=needs, optional=True),
        Day(name="strategy_discussion_on", asks="When was the strategy discussion?", optional=True),
        Day(name="section_47_on", asks="When did the enquiry begin?", optional=True),
        Day(name="initial_conference_on", asks="When was the initial conference?", optional=True),
        Whole(
            name="previous_cp_plans",
            asks="How many child protection plans were there before?",
            low=0,
            high=99,
            optional=True,
        ),
        Line(name="transferred_from", asks="From which council did it come?", optional=True),
    ),
)
OPENED = Form(
    kind="PlanOpened",
    group=GROUP,
    title="Put right how the plan was opened",
    questions=(
        One(name="category", asks="Which category of harm?", of=Category, optional=True),
        PersonOf(name="lead", asks="Who leads it?", missing="Enter the name of who leads it"),
        PersonOf(name="chair", asks="Who chairs its conferences?", optional=True),
        WhichAgencies(
            name="agencies",
            asks="Which agencies were on it from the start?",
            among=known_agencies,
            optional=True,
        ),
        Name(name="family", asks="Which family is it?", width="20", optional=True),
        Name(name="team", asks="Which team?", width="20", optional=True),
        ORIGIN,
    ),
    when=Day(name="on", asks="When did it open?", missing="Enter the day it opened"),
    marked=False,
)
ANSWERED = Form(
    kind="AlertAnswered",
    group=GROUP,
    title="Put right an answer to an alert",
    questions=(
        Words(
            name="going_well",
            asks="What has been done well?",
            missing="Enter what has been done well",
        ),
        Words(name="challenge", asks="What do you challenge?", missing="Enter what you challenge"),
        Pick(
            name="action",
            asks="Which action follows?",
            among=every_action,
            none="No action",
            optional=True,
        ),
    ),
)
CORRECTED = Form(kind="Corrected", group=GROUP, title="Put right a correction", questions=(WHY,))
RETRACTED = Form(kind="Retracted", group=GROUP, title="Put right a retraction", questions=(WHY,))


def _without_the_next_plan(form: Form) -> Form:
    """Give the form of an ending without what is asked about the plan that opens then."""
    own = tuple(each for each in form.questions if each.name not in OF_THE_NEW_PLAN)
    return replace(form, questions=own, lead="")


CORRECTS: Mapping[str, Form] = {
    **FORMS,
    **{form.kind: _without_the_next_plan(form) for form in ENDINGS.values()},
    **{form.kind: form for form in (SHARE, OPENED, ANSWERED, CORRECTED, RETRACTED)},
}
"""The form on which an entry of each kind is put right."""
