"""Stored words as people read them on a page: one place for every word that is a choice."""

from collections.abc import Mapping
from enum import StrEnum

from plantrack.domain import words as w
from plantrack.domain.words import words

SAYS: Mapping[type[StrEnum], Mapping[str, str]] = {
    w.Difference: {
        "better": "Things are better",
        "none": "It has made no difference",
        "worse": "Things are worse",
        "not_yet_known": "We do not know yet",
    },
    w.Basis: {
        "observed": "Somebody saw it for themselves",
        "record": "It is in a record",
        "professional": "A professional said so",
        "child": "The child said so",
        "parent": "A parent said so",
        "family": "Somebody else in the family said so",
        "anonymous": "Somebody who did not give a name said so",
    },
    w.Mode: {
        "face_to_face": "Face to face",
        "video": "By video",
        "telephone": "By telephone",
    },
    w.Alone: {
        "yes": "Yes, alone",
        "no": "No, somebody else was there",
        "declined": "No, being seen alone was declined",
    },
    w.Position: {
        "agree": "Agrees",
        "disagree": "Disagrees",
        "absent": "Was not there",
        "not_asked": "Was not asked",
    },
    w.Attendance: {
        "present": "In the room",
        "remote": "By video or telephone",
        "report_only": "Sent a report only",
        "apologies": "Sent apologies",
        "absent": "Did not come",
    },
    w.HowMissed: {
        "no_access": "Nobody let us in",
        "cancelled": "It was cancelled",
        "refused": "It was refused",
        "did_not_attend": "They did not come",
    },
    w.Finding: {
        "genuine": "There were genuine reasons",
        "avoidance": "The family avoids services",
        "not_known": "We do not know",
    },
    w.Involved: {"yes": "Yes", "no": "No", "not_known": "We do not know yet"},
    w.SiblingOutcome: {
        "own_plan": "This child has, or will have, a plan of their own",
        "no_plan": "This child needs no plan",
    },
    w.MedicalOutcome: {
        "held": "A medical was held",
        "arranged": "A medical is arranged",
        "not_needed": "A medical is not needed",
    },
    w.DispositionKind: {
        "done": "It is done",
        "ended": "It ends here",
        "carried": "It goes on",
    },
    w.MeetingType: {
        "strategy_discussion": "Strategy discussion",
        "initial_conference": "Initial child protection conference",
        "review_conference": "Review child protection conference",
        "core_group": "Core group",
        "cin_review": "Child in need review",
        "supervision": "Supervision across agencies",
        "case_progression": "Case progression meeting",
        "transfer_conference": "Transfer conference",
    },
    w.DecisionKind: {
        "open": "Open a plan",
        "continue": "Continue the plan",
        "step_up": "Step up to a child protection plan",
        "step_down": "Step down to a child in need plan",
        "close": "End the plan",
        "transfer": "Pass the plan to another council",
        "withdraw_service": "Withdraw a service",
        "no_medical": "Hold no medical",
        "no_conference": "Hold no conference",
        "no_further_action": "Take no further action",
        "other": "Something else",
    },
    w.EndedWithoutConference: {
        "eighteenth_birthday": "{child} turned 18",
        "death": "{child} died",
        "left_uk": "{child} left the United Kingdom",
    },
    w.Sex: {"M": "Boy", "F": "Girl", "U": "Not yet known"},
}
"""The sentences are of this service; the words are the domain's."""


def options(of: type[StrEnum]) -> dict[str, str]:
    """Give every word of a kind with what people read."""
    known = SAYS.get(of, {})
    return {each.value: known.get(each.value) or _says(each) for each in of}


def say(word: str | None, of: str) -> str:
    """Say one stored word of a kind that is named as in the domain, such as “Difference”."""
    if word is None:
        return ""
    kind: type[StrEnum] = getattr(w, of)
    return options(kind).get(word, words(word))


def _says(word: StrEnum) -> str:
    said = getattr(word, "says", None) or words(word.value)
    return said[0].upper() + said[1:]
