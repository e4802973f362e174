"""The part for what is new: outcomes and actions that the conference agreed."""

from collections.abc import Iterator

from plantrack.pages.conferences.conference import Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section, filled_slots, slots
from plantrack.pages.forms import (
    Day,
    Lines,
    One,
    Option,
    PersonOf,
    Pick,
    Question,
    Sent,
    Words,
    Wrong,
)
from plantrack.pages.forms.questions import next_name

NEW_FIELDS = ("what", "outcome", "owner-name", "owner-agency", "due_on-day", "due_on-month")
OUTCOMES = Lines(
    name="outcomes",
    asks="What should be different for {child}, that is not on the plan yet?",
    hint="One outcome a line. Leave this out if there is none",
    optional=True,
    prefix="O",
    taken="outcomes",
    rows=3,
)


def _agreed(scene: Scene) -> Iterator[Section]:
    anything = One(
        name="anything",
        asks="Did the conference agree new outcomes or actions for {child}?",
        among=lambda _: [Option("yes", "Yes"), Option("no", "No")],
        missing="Select whether the conference agreed something new for {child}",
    )
    yield Section((anything, OUTCOMES))
    for at in range(1, slots(scene.sent, _new_actions(scene.sent)) + 1):
        yield Section(_new_action(scene, at), f"New action {at}", short=f"New action {at}")


def _new_actions(sent: Sent) -> int:
    return filled_slots(sent, "new", NEW_FIELDS)


def _new_action(scene: Scene, at: int) -> tuple[Question, ...]:
    blank = at > _new_actions(scene.sent)
    new = OUTCOMES.read(scene.sent, scene.at_hand) or {}
    offered = [Option(*each) for each in {**scene.at_hand["outcomes"], **new}.items()]
    return (
        Words(
            name=f"new{at}-what",
            asks="What will be done?",
            missing="Enter what will be done",
            rows=2,
            optional=blank,
        ),
        Pick(
            name=f"new{at}-outcome",
            asks="Which outcome is it for?",
            among=lambda _: offered,
            optional=True,
        ),
        PersonOf(
            name=f"new{at}-owner",
            asks="Who will do it?",
            missing="Enter the name of who will do it",
            optional=blank,
        ),
        Day(
            name=f"new{at}-due_on",
            asks="By when?",
            missing="Enter the day it is to be done by",
            optional=blank,
        ),
    )


def _wrong_agreed(scene: Scene, said: Said) -> Iterator[Wrong]:
    written = bool(said.get("outcomes")) or bool(_new_actions(scene.sent))
    if said.get("anything") == "yes" and not written:
        yield Wrong("outcomes", "Enter an outcome or an action that was agreed")
    if said.get("anything") == "no" and written:
        sentence = "Select yes if something new was agreed, or take out what you wrote below"
        yield Wrong("anything", sentence)


def _put_agreed(scene: Scene, said: Said) -> Iterator[Put]:
    held, plan = scene.conference.held_on, scene.own.plan
    if held is None or said.get("anything") != "yes":
        return
    for name, what in said.get("outcomes", {}).items():
        yield Put(plan, said_by("OutcomeAgreed", held, outcome=name, what=what))
    taken = dict(scene.own.at_hand["actions"])
    for at in range(1, _new_actions(scene.sent) + 1):
        name = next_name("A", taken)
        taken[name] = {}
        agreed = said_by(
            "ActionAgreed",
            held,
            action=name,
            what=said[f"new{at}-what"],
            outcome=said.get(f"new{at}-outcome"),
            owner=said[f"new{at}-owner"],
            due_on=said[f"new{at}-due_on"],
            meeting=scene.own.meeting,
        )
        yield Put(plan, agreed)


AGREED = Part(
    key="agreed",
    title="New outcomes and actions",
    sections=_agreed,
    wrong=_wrong_agreed,
    puts=_put_agreed,
    grows="action",
)
