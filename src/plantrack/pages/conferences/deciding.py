"""The part in which the conference decides, and every agency says where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from plantrack.domain.words import IN_THE_ROOM, Basis, DecisionKind, PlanKind, Position, agency
from plantrack.pages.conferences.conference import Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section, filled_slots, slots
from plantrack.pages.forms import (
    AtHand,
    EachAgency,
    Many,
    One,
    Option,
    Question,
    Sent,
    Words,
    Wrong,
)
from plantrack.pages.forms.agencies import named
from plantrack.pages.forms.questions import next_name

KINDS = {
    PlanKind.CP: ("continue", "step_down", "close", "transfer", "other"),
    PlanKind.CIN: ("continue", "step_up", "close", "transfer", "other"),
}

DECIDED_FIELDS = ("kind", "what", "reason")


def _decisions(sent: Sent) -> int:
    return filled_slots(sent, "decision", DECIDED_FIELDS)


def _decision(scene: Scene) -> Iterator[Section]:
    filled = _decisions(scene.sent)
    for at in range(1, slots(scene.sent, filled) + 1):
        heading = f"Decision {at}" if at > 1 or filled > 1 else ""
        yield Section(_decide(scene, at), heading, short=heading)


def _decide(scene: Scene, at: int) -> tuple[Question, ...]:
    blank = at > max(_decisions(scene.sent), 1)
    kinds = KINDS[PlanKind(scene.own.at_hand["kind"])]
    asked: tuple[Question, ...] = (
        One(
            name=f"decision{at}-kind",
            asks="What was decided about {child}'s plan?",
            of=DecisionKind,
            only=kinds,
            missing="Select what was decided about {child}'s plan",
            optional=blank,
        ),
        Words(
            name=f"decision{at}-what",
            asks="Say the decision in a sentence",
            hint="So that {child} and the family would understand it",
            missing="Enter the decision in a sentence",
            rows=2,
            optional=blank,
        ),
        Words(
            name=f"decision{at}-reason",
            asks="Why?",
            missing="Enter why this was decided",
            rows=4,
            optional=blank,
        ),
        Many(
            name=f"decision{at}-basis",
            asks="What does it rest on?",
            hint="Select all that apply",
            of=Basis,
            missing="Select what the decision rests on",
            optional=blank,
        ),
    )
    answers = _waiting_for_an_answer(scene)
    if answers:
        answered = Many(
            name=f"decision{at}-answers",
            asks="Which of these does it answer?",
            among=lambda _: answers,
            optional=True,
        )
        asked = (*asked, answered)
    return (*asked, _each_view(scene, at, optional=blank))


def _waiting_for_an_answer(scene: Scene) -> list[Option]:
    """Give the recommendations and challenges that nobody has answered by a decision."""
    at_hand = scene.own.at_hand
    advice = at_hand["recommendations"].items()
    found = [Option(n, f"{n}: {r['what']}") for n, r in advice if not r["answered_by"]]
    challenges = at_hand["challenges"].items()
    open_ones = [(n, c) for n, c in challenges if c["resolved_on"] is None]
    return found + [Option(n, f"{n}: {c['concern']}") for n, c in open_ones]


@dataclass(frozen=True, kw_only=True)
class EachView(EachAgency):
    """Where each agency stands; one that was there was not away, and not asking has a reason."""

    there: tuple[str, ...] = ()

    def _of(self, name: str, sent: Sent, at_hand: AtHand) -> Any:
        said = super()._of(name, sent, at_hand)
        if said is None:
            return None
        field = f"{self.name}-{name}"
        if said["position"] == "absent" and name in self.there:
            sentence = f"Select where {agency(name)} stands: you said that it was there"
            raise Wrong(field, sentence)
        if said["position"] == "not_asked" and "reason" not in said:
            raise Wrong(f"{field}-reason", f"Enter why {agency(name)} was not asked")
        return said


def _each_view(scene: Scene, at: int, *, optional: bool) -> EachView:
    agencies = named(scene.own.agencies)
    return EachView(
        name=f"decision{at}-positions",
        asks="Where does each agency stand?",
        hint="No agency is left out. Give the reason if it disagrees or was not asked",
        of=Position,
        missing="Select where {agency} stands",
        agencies=lambda _: agencies,
        optional=optional,
        reasons=True,
        need_reason=("disagree",),
        shape=_stance,
        there=tuple(scene.conference.in_the_room(scene.own)),
    )


def _stance(answer: str, reason: str | None) -> dict[str, str]:
    return {"position": answer, "reason": reason} if reason else {"position": answer}


def _views_so_far(scene: Scene) -> dict[str, list[str]]:
    """Begin with “was not there” for the agencies that were not."""
    attendance = scene.conference.attendance(scene.own)
    away = [name for name, how in attendance.items() if how not in IN_THE_ROOM]
    return {f"decision1-positions-{name}": ["absent"] for name in away}


def _put_decision(scene: Scene, said: Said) -> Iterator[Put]:
    held, child = scene.conference.held_on, scene.own
    if held is None:
        return
    anyway = scene.conference.sent(ANYWAY.key, child).one("anyway_because")
    note = f"Decided without hearing everybody that should be heard first: {anyway}"
    taken = dict(child.at_hand["decisions"])
    for at in range(1, _decisions(scene.sent) + 1):
        name = next_name("D", taken)
        taken[name] = {}
        made = said_by(
            "DecisionMade",
            held,
            decision=name,
            decision_kind=said[f"decision{at}-kind"],
            what=said[f"decision{at}-what"],
            reason=said[f"decision{at}-reason"],
            basis=said[f"decision{at}-basis"],
            decided_by=scene.conference.own_agency,
            positions=said[f"decision{at}-positions"],
            answers=said.get(f"decision{at}-answers"),
            meeting=child.meeting,
            note=note if anyway else None,
        )
        yield Put(child.plan, made)


DECISION = Part(
    key="decision",
    title="The decision, and each agency's view of it",
    sections=_decision,
    begins=_views_so_far,
    puts=_put_decision,
    grows="decision",
)


def _why_anyway(_: Scene) -> Iterator[Section]:
    ask = Words(
        name="anyway_because",
        asks="Why does the conference decide all the same?",
        hint="This becomes part of the record of the decision",
        missing="Enter why the conference decides all the same",
    )
    yield Section((ask,))


ANYWAY = Part(
    key="anyway",
    title="Decide without hearing everybody first",
    sections=_why_anyway,
)
"""Asked only where somebody decides before the child and others were heard."""
