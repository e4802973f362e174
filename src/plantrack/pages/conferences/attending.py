"""The part about who was there, and why a conference went ahead with too few."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import IN_THE_ROOM, Attendance, words
from plantrack.pages.conferences.conference import HELD_ON, THERE, Child, Scene
from plantrack.pages.conferences.parts import Part, Said, Section
from plantrack.pages.forms import EachAgency, Lines, Many, Option, Words, Wrong
from plantrack.pages.forms.agencies import named

NOBODY = "nobody"


def _who_was_there(scene: Scene) -> Iterator[Section]:
    agencies = named(scene.conference.agencies)
    yield Section((HELD_ON,))
    each = EachAgency(
        name=THERE,
        asks="How did each agency take part?",
        hint="Every agency that is on the plan or was invited",
        of=Attendance,
        missing="Select how {agency} took part",
        agencies=lambda _: agencies,
    )
    family = Many(
        name="family",
        asks="Who was there from the family?",
        hint="Select all that apply",
        among=lambda _: _family(scene),
        missing="Select who was there from the family, or that nobody was",
    )
    others = Lines(
        name="family_others",
        asks="Was anybody else there with the family?",
        hint="One a line, for example an advocate or a friend",
        optional=True,
        rows=2,
    )
    yield Section((each, family, others))


def _family(scene: Scene) -> list[Option]:
    """Give everybody who is linked to one of the plans, each once, but for the children."""
    found: dict[str, str] = {}
    children = {child.full_name for child in scene.children}
    for child in scene.children:
        for person in child.at_hand["conference"]["linked"]:
            if person["name"] in children:
                continue
            name = f", {person['name']}" if person["name"] else ""
            found.setdefault(_known_as(person), f"{capitalised(words(person['relation']))}{name}")
    return [
        *(Option(value, text) for value, text in found.items()),
        Option(NOBODY, "Nobody from the family"),
    ]


def _known_as(person: dict[str, Any]) -> str:
    return f"{person['relation']}/{person['name'] or ''}"


def family_at(scene: Scene, child: Child, said: Said) -> list[str]:
    """Say who of a child's own family was there, by what they are to the child."""
    chosen = set(said.get("family", ()))
    linked = child.at_hand["conference"]["linked"]
    theirs = [words(p["relation"]) for p in linked if _known_as(p) in chosen]
    return [*dict.fromkeys(theirs), *said.get("family_others", ())]


def _wrong_there(scene: Scene, said: Said) -> Iterator[Wrong]:
    held = said.get("held_on")
    if held and date.fromisoformat(held) > scene.conference.today:
        sentence = "The day the conference was held must be today or in the past"
        yield Wrong("held_on", sentence, ("day", "month", "year"))
    family = said.get("family", ())
    if NOBODY in family and len(family) > 1:
        yield Wrong("family", "Select who was there from the family, or that nobody was")


def _planned(scene: Scene) -> dict[str, list[str]]:
    planned = scene.conference.draft.planned_for
    return HELD_ON.written(planned) if planned and planned <= scene.conference.today else {}


def _hint_there(scene: Scene, said: Said) -> str:
    there = [how for how in said.get(THERE, {}).values() if how in IN_THE_ROOM]
    if THERE not in said:
        return ""
    return f"{len(there)} {'agency was' if len(there) == 1 else 'agencies were'} there"


ATTENDANCE = Part(
    key="attendance",
    title="Who was there, and who was invited but did not come",
    sections=_who_was_there,
    begins=_planned,
    wrong=_wrong_there,
    hint=_hint_there,
)


def _why_inquorate(_: Scene) -> Iterator[Section]:
    ask = Words(
        name="went_ahead_because",
        asks="Why did the conference go ahead without a quorum?",
        hint="This becomes part of the record, and everybody on the plan reads it",
        missing="Enter why the conference went ahead without a quorum",
    )
    yield Section((ask,))


QUORUM = Part(
    key="quorum",
    title="Go ahead without a quorum",
    sections=_why_inquorate,
)
"""Asked only where too few agencies were there."""
