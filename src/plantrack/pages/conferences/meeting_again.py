"""The part about when to meet again."""

from collections.abc import Iterable, Iterator
from datetime import date

from plantrack.pages.conferences.conference import Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section
from plantrack.pages.conferences.which import which
from plantrack.pages.forms import Day, Many, Option, Words, Wrong
from plantrack.pages.forms.questions import next_name


def _again(scene: Scene) -> Iterator[Section]:
    offered = [Option(child.plan, child.name) for child in scene.children]
    when = Day(
        name="planned_for",
        asks="When is it?",
        missing="Enter the day of the next conference",
    )
    whom = Many(
        name="about",
        asks="Which children is it about?",
        among=lambda _: offered,
        missing="Select which children the next conference is about",
    )
    why = Words(name="why_none", asks="Why not?", missing="Enter why no day was set", rows=3)
    ask = which(
        "next",
        "Was a day set for the next review conference?",
        ("yes", "Yes", (when,) if scene.conference.alone else (when, whom)),
        ("no", "No", (why,)),
        missing="Select whether a day was set for the next review conference",
    )
    yield Section((ask,))


def _wrong_next(scene: Scene, said: Said) -> Iterable[Wrong]:
    held, on = scene.conference.held_on, said.get("planned_for")
    if held and on and date.fromisoformat(on) <= held:
        sentence = "The day of the next conference must be after this one"
        return [Wrong("planned_for", sentence, ("day", "month", "year"))]
    return ()


def _put_next(scene: Scene, said: Said) -> Iterator[Put]:
    held = scene.conference.held_on
    if said.get("next") != "yes" or held is None:
        return
    about = said.get("about") or [child.plan for child in scene.children]
    for child in scene.children:
        if child.plan in about:
            event = said_by(
                "MeetingPlanned",
                held,
                meeting=next_name("M", child.at_hand["meetings"]),
                type="review_conference",
                planned_for=said["planned_for"],
                invited=child.agencies,
            )
            yield Put(child.plan, event)


def _note_next(scene: Scene, said: Said) -> Iterator[tuple[str, str]]:
    if said.get("next") == "no":
        for child in scene.children:
            yield child.plan, f"No day was set for a next conference: {said['why_none']}"


NEXT = Part(
    key="next",
    title="When the next conference is",
    sections=_again,
    wrong=_wrong_next,
    puts=_put_next,
    notes=_note_next,
)
