"""The one question to an agency about a decision: agree, disagree, or not yet."""

from typing import Any

from plantrack.domain.words import Position
from plantrack.pages.forms import AtHand, Faults, One, Option, Sent, Words, Wrong

NOT_YET = "not_yet"

STANDS = One(
    name="position",
    asks="Does your agency agree with this decision?",
    among=lambda _: (
        Option(Position.AGREE, "Yes, we agree"),
        Option(Position.DISAGREE, "No, we disagree"),
        Option(
            NOT_YET,
            "We cannot say yet",
            "Nothing is recorded, and the decision stays on your list",
        ),
    ),
    missing="Select whether your agency agrees",
)
REASON = Words(
    name="reason",
    asks="What is your reason?",
    hint="You need to give one if you disagree. Everybody on the plan can read it",
    rows=4,
    missing="Enter the reason why your agency disagrees",
)


def read(sent: Sent, plan: AtHand, decision: str) -> tuple[dict[str, Any], Faults]:
    """Read where an agency stands; what is said is empty where it cannot say yet."""
    faults = Faults()
    stands = reason = None
    try:
        stands = STANDS.read(sent, plan)
        if stands == Position.DISAGREE or sent.one(REASON.name):
            reason = REASON.read(sent, plan)
    except Wrong as wrong:
        faults.add(wrong)
    if faults or stands == NOT_YET:
        return {}, faults
    said = {
        "kind": "PositionTaken",
        "on": plan["today"],
        "decision": decision,
        "agency": plan["own_agency"],
        "position": stands,
    }
    return said | ({"reason": reason} if reason else {}), faults
