"""The parts of a conference: what each asks, what is wrong with the answers, what they become."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from plantrack.pages.conferences.conference import Child, Scene, part_id
from plantrack.pages.forms import Faults, Question, Sent, Wrong

Said = dict[str, Any]


class Section(NamedTuple):
    """Some questions under one heading, and what is known already."""

    questions: tuple[Question, ...]
    heading: str = ""
    facts: tuple[str, ...] = ()
    short: str = ""
    """What tells its answers from others like them, where they are all listed."""


class Put(NamedTuple):
    """One event that a part's answers become, on a child's plan."""

    plan: str
    event: dict[str, Any]


class Read(NamedTuple):
    """What was answered in a part, and what is wrong with it."""

    said: Said
    faults: Faults
    asked: bool
    """Whether there was anything to ask."""


def nothing_wrong(_: Scene, __: Said) -> Iterable[Wrong]:
    """Find nothing wrong between one answer and another."""
    return ()


def nothing_yet(_: Scene) -> dict[str, list[str]]:
    """Begin with nothing filled in."""
    return {}


def nothing_to_put(_: Scene, __: Said) -> Iterable[Put]:
    """Record nothing of its own."""
    return ()


def nothing_to_note(_: Scene, __: Said) -> Iterable[tuple[str, str]]:
    """Say nothing in the conference's own entry."""
    return ()


def no_hint(_: Scene, __: Said) -> str:
    """Say nothing in the list."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One page of questions; ``title`` and what it asks may say {child}.

    ``puts`` gives the events that its answers become; ``notes`` sentences, by plan, for the entry
    that the conference was held. ``grows`` is what one more of can be added.
    """

    key: str
    title: str
    sections: Callable[[Scene], Iterable[Section]]
    lead: str = ""
    begins: Callable[[Scene], dict[str, list[str]]] = nothing_yet
    wrong: Callable[[Scene, Said], Iterable[Wrong]] = nothing_wrong
    puts: Callable[[Scene, Said], Iterable[Put]] = nothing_to_put
    notes: Callable[[Scene, Said], Iterable[tuple[str, str]]] = nothing_to_note
    hint: Callable[[Scene, Said], str] = no_hint
    grows: str = ""

    def read(self, scene: Scene) -> Read:
        """Read every answer, and note everything that is wrong, in the order asked."""
        said: Said = {}
        faults = Faults()
        questions = [each for section in self.sections(scene) for each in section.questions]
        for question in questions:
            try:
                answer = question.read(scene.sent, scene.at_hand)
            except Wrong as wrong:
                faults.add(wrong)
                continue
            if answer is not None:
                said |= question.says(answer)
        for found in self.wrong(scene, said):
            faults.add(found)
        return Read(said, faults, bool(questions))

    def read_saved(self, scene: Scene) -> Read:
        """Read what was saved of it, once for each request."""
        known, name = scene.conference.known, part_id(self.key, scene.child)
        if name not in known:
            known[name] = self.read(scene)
        read: Read = known[name]
        return read


def filled_slots(sent: Sent, prefix: str, fields: Iterable[str]) -> int:
    """Count how many of several alike were begun: the last of them that holds anything."""
    fields = tuple(fields)
    at = 0
    while any(sent.one(f"{prefix}{at + 1}-{field}") for field in fields):
        at += 1
    return at


def slots(sent: Sent, filled: int) -> int:
    """Say how many of several alike to ask for: those that were begun, one more if asked for."""
    asked = sent.one("slots")
    most = int(asked) if asked.isdecimal() and len(asked) < 3 else 1  # noqa: PLR2004 - two digits
    return max(filled, min(most, filled + 1), 1)


def scene_of(scene: Scene, part: Part, child: Child | None) -> Scene:
    """Give the scene of another part of the same conference."""
    return Scene(scene.conference, child, scene.conference.sent(part.key, child))
