"""Forms about assessments, and how broadly they looked (S7)."""

from collections.abc import Iterator

from plantrack.domain.words import listed
from plantrack.pages.forms import AtHand, Both, Day, Form, Line, Many, Option, Pick, Words
from plantrack.pages.forms.forms import Fact
from plantrack.pages.recording.catalogue.factors import FACTORS
from plantrack.pages.recording.catalogue.shared import own_name
from plantrack.pages.recording.catalogue.things import (
    SOURCES,
    assessments,
    open_assessments,
    open_sources,
    source_named,
)
from plantrack.pages.wording.dates import day

GROUP = "Assessment"


def sources(_: AtHand) -> list[Option]:
    """Give whom an assessment should ask."""
    return [Option(name, text) for name, text in SOURCES.items()]


def factors(_: AtHand) -> list[Option]:
    """Give what an assessment may have found."""
    return [Option(code, text) for code, text in FACTORS.items()]


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell whom an assessment has asked and whom not."""
    found = at_hand["assessments"][name]
    yield "Begun on", day(found["started_on"])
    yield "Asked", listed([source_named(s) for s in found["consulted"]]) or "Nobody yet"
    yield "Not asked yet", listed([source_named(s) for s in found["open_sources"]]) or "Nobody"


WHOM = Both(
    name="who",
    spread=("assessment", "source"),
    asks="Who is it about?",
    among=open_sources,
    missing="Select who it is about",
    nothing="Of everybody whom an assessment should ask it is recorded what came of it.",
)
WHICH = Pick(
    name="assessment",
    asks="Which assessment is it?",
    among=open_assessments,
    missing="Select which assessment it is",
    nothing="There is no assessment on this plan that is not finished.",
)

FORMS = (
    Form(
        kind="AssessmentStarted",
        group=GROUP,
        title="Begin an assessment",
        names=("assessment", "AS", "assessments"),
        questions=(
            Many(
                name="sources",
                asks="Who will be asked?",
                hint="An assessment that leaves somebody out must say why",
                among=sources,
                missing="Select who will be asked",
            ),
        ),
        when=Day(name="on", asks="When does it begin?", missing="Enter the day it begins"),
        button="Begin this assessment",
    ),
    Form(
        kind="SourceConsulted",
        group=GROUP,
        title="Record who was asked for an assessment",
        questions=(
            WHOM,
            Line(
                name="how",
                asks="How were they asked?",
                hint="For example, by telephone, or at home",
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When were they asked?", missing="Enter the day they were asked"),
        button="Record that they were asked",
    ),
    Form(
        kind="SourceNotConsulted",
        group=GROUP,
        title="Record why somebody was not asked for an assessment",
        questions=(
            WHOM,
            Words(name="reason", asks="Why not?", rows=3, missing="Enter why they were not asked"),
        ),
        when=Day(
            name="on", asks="When was this decided?", missing="Enter the day this was decided"
        ),
        button="Record why not",
    ),
    Form(
        kind="AssessmentFinished",
        group=GROUP,
        title="Authorise an assessment",
        about=facts_of,
        questions=(
            WHICH,
            Line(
                name="authorised_by",
                asks="Who authorises it?",
                hint="Not whoever leads or chairs this plan",
                missing="Enter who authorises it",
            ),
            Many(
                name="factors",
                asks="What did the assessment find?",
                hint="Select all that apply",
                among=factors,
                optional=True,
            ),
        ),
        begins=lambda at_hand: {"authorised_by": own_name(at_hand)},
        when=Day(
            name="on", asks="When was it authorised?", missing="Enter the day it was authorised"
        ),
        button="Authorise this assessment",
    ),
    Form(
        kind="AssessmentReturned",
        group=GROUP,
        title="Send an assessment back",
        about=facts_of,
        questions=(
            Pick(
                name="assessment",
                asks="Which assessment is it?",
                among=assessments,
                missing="Select which assessment it is",
                nothing="There is no assessment on this plan.",
            ),
            Line(name="by", asks="Who sends it back?", missing="Enter who sends it back"),
            Words(
                name="reason",
                asks="What is missing?",
                hint="Say what must be done before it can be authorised",
                missing="Enter what is missing",
            ),
        ),
        begins=lambda at_hand: {"by": own_name(at_hand)},
        when=Day(
            name="on", asks="When was it sent back?", missing="Enter the day it was sent back"
        ),
        button="Send it back",
    ),
)
