"""Forms about the child: seen, seen alone, heard, or missed (S5 S10 S11)."""

from plantrack.domain.words import Alone, Finding, HowMissed, Mode
from plantrack.pages.forms import Day, Form, Line, One, WhichAgencies, Words, YesNo
from plantrack.pages.recording.catalogue.shared import own_agency

GROUP = "Seen and heard"

FORMS = (
    Form(
        kind="ChildSeen",
        group=GROUP,
        title="Record that {child} was seen",
        questions=(
            One(
                name="mode",
                asks="How was {child} seen?",
                of=Mode,
                missing="Select how {child} was seen",
            ),
            One(
                name="alone",
                asks="Was {child} seen alone?",
                of=Alone,
                missing="Select whether {child} was seen alone",
            ),
            Line(name="where", asks="Where?", optional=True),
            YesNo(name="bedroom_seen", asks="Did you see the bedroom?", optional=True),
            YesNo(name="statutory", asks="Was this a statutory visit?", optional=True),
            Words(
                name="words",
                asks="What did {child} say?",
                hint="In {child}'s own words. Leave this out if {child} was not asked",
                optional=True,
            ),
            Line(
                name="how_heard",
                asks="How was {child} asked?",
                hint="For example, talked while drawing",
                optional=True,
            ),
        ),
        when=Day(
            name="on", asks="When was {child} seen?", missing="Enter the day {child} was seen"
        ),
        button="Record this contact",
        rest={"by_agency": own_agency},
    ),
    Form(
        kind="ContactMissed",
        group=GROUP,
        title="Record that a visit or appointment did not happen",
        questions=(
            Line(
                name="with",
                asks="Whom were you to see?",
                hint="For example, {child}, or the mother",
                missing="Enter whom you were to see",
            ),
            One(
                name="how",
                asks="What happened?",
                of=HowMissed,
                missing="Select what happened",
            ),
            Words(
                name="reason_given",
                asks="What reason were you given?",
                hint="Leave this out if you were given none",
                rows=3,
                optional=True,
            ),
            Line(
                name="reason_checked_by",
                asks="Who checked that reason?",
                hint="For example, the GP's surgery. Leave this out if nobody has yet",
                optional=True,
            ),
        ),
        when=Day(
            name="on",
            asks="For when was it arranged?",
            missing="Enter the day for which it was arranged",
        ),
        button="Record this missed contact",
        rest={"agency": own_agency},
    ),
    Form(
        kind="AbsenceExplored",
        group=GROUP,
        title="Record what missed visits and appointments mean",
        lead="Two missed in a row must be talked about between agencies.",
        questions=(
            One(
                name="finding",
                asks="What did you find together?",
                of=Finding,
                missing="Select what you found together",
            ),
            WhichAgencies(
                name="agencies",
                asks="Which agencies talked about this?",
                hint="Include your own",
                missing="Select which agencies talked about this",
            ),
            Words(
                name="note",
                asks="What makes you think so?",
                hint="Say what happened, such as “did not attend 4 visits”",
                optional=True,
            ),
        ),
        when=Day(
            name="on",
            asks="When did you talk about it?",
            missing="Enter the day you talked about it",
        ),
        button="Record what you found",
    ),
    Form(
        kind="ServiceWithdrawn",
        group=GROUP,
        title="Record that your agency stopped a service",
        lead="The agencies on the plan must then meet and look at what this means for {child}.",
        questions=(
            Line(
                name="service",
                asks="Which service was stopped?",
                hint="For example, family support",
                missing="Enter which service was stopped",
            ),
            Words(
                name="facts",
                asks="What happened?",
                hint="Say the facts, such as “did not attend 4 visits and nobody knows why”",
                missing="Enter what happened",
            ),
        ),
        when=Day(name="on", asks="When did it stop?", missing="Enter the day it stopped"),
        button="Record that it stopped",
        rest={"agency": own_agency},
    ),
)
