"""Forms about the child: seen, seen alone, heard, or missed (S5 S10 S11)."""

from plantrack.domain.words import Alone, Mode
from plantrack.pages.asking import AtHand, Day, Form, Line, One, Words, YesNo

GROUP = "Seen and heard"


def by_own_agency(at_hand: AtHand) -> dict[str, str]:
    """Say that one's own agency did it."""
    return {"by_agency": at_hand["own_agency"]}


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
        rest=by_own_agency,
    ),
)
