"""Answers as people read them before they finish: each question with what was answered."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency
from plantrack.pages.conferences.conference import Scene
from plantrack.pages.conferences.parts import Part, Said
from plantrack.pages.conferences.which import Which
from plantrack.pages.forms import EachAgency, Many, PersonOf, Question
from plantrack.pages.forms.choices import Choice
from plantrack.pages.wording.dates import day

NOT_ANSWERED = "Not answered"


class Answered(NamedTuple):
    """One question, and the lines of its answer."""

    asks: str
    lines: list[str]


def answered(part: Part, scene: Scene, said: Said) -> Iterator[Answered]:
    """Give every question of a part with its answer; what was rightly left out is left out."""
    for section in part.sections(scene):
        for question in section.questions:
            for asks, lines in _answers(question, scene, said):
                whole = f"{section.short}. {asks}" if section.short else asks
                yield Answered(whole.replace("{child}", _name(scene)), lines)


def _name(scene: Scene) -> str:
    return scene.child.name if scene.child else "the child"


def _answers(question: Question, scene: Scene, said: Said) -> Iterator[tuple[str, list[str]]]:
    answer = said.get(question.name)
    if answer is None:
        if not question.optional:
            yield question.asks, [NOT_ANSWERED]
        return
    yield question.asks, [*_lines(question, answer, scene)]
    if isinstance(question, Which):
        for more in question.then.get(str(answer), ()):
            yield from _answers(more, scene, said)


def _lines(question: Question, answer: Any, scene: Scene) -> Iterator[str]:
    if isinstance(question, EachAgency):
        for name, each in answer.items():
            yield f"{capitalised(agency(name))}: {_view(question, each, scene)}"
    elif isinstance(question, PersonOf):
        yield f"{answer['name']}, {agency(answer['agency'])}"
    elif isinstance(question, Choice):
        texts = {each.value: each.text for each in question.options(scene.at_hand)}
        for each in answer if isinstance(question, Many) else [answer]:
            yield texts.get(each, each).replace("{child}", _name(scene))
    elif question.DRAWN_BY == "day":
        yield day(answer)
    else:
        yield from answer.values() if isinstance(answer, Mapping) else _said(answer)


def _view(question: EachAgency, each: Any, scene: Scene) -> str:
    texts = {option.value: option.text for option in question.options(scene.at_hand)}
    said = str(each["position"] if isinstance(each, Mapping) else each)
    reason = each.get("reason") if isinstance(each, Mapping) else None
    return texts.get(said, said).lower() + (f", because {reason}" if reason else "")


def _said(answer: Any) -> list[str]:
    return [*answer] if isinstance(answer, list) else str(answer).splitlines()
