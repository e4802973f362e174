"""Words: what people read on pages is plain English, without jargon and without codes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plantrack import pages
from plantrack.pages.forms import Choice, Form, Question, Several
from plantrack.pages.forms.each import Each
from plantrack.pages.recording.catalogue import FORMS
from plantrack.pages.recording.catalogue.corrections import CORRECTS
from plantrack.pages.recording.catalogue.endings import ENDINGS
from plantrack.pages.recording.catalogue.opening import OPENING
from plantrack.pages.recording.catalogue.sharing import SHARE
from plantrack.pages.wording.sentences import SAYS, options

AVOIDED = re.compile(
    r"\b(robust\w*|liais\w+|facilitat\w+|engag(e|es|ed|ing|ement)|non-engagement|disengag\w+"
    r"|please|key (?!(of|to)\b)\w+|progress(ed|es|ing)|to progress|mums?|mummy|dads?|leverag\w*"
    r"|stakeholders?|utilis\w+|utiliz\w+|deliver(s|ed|ing|y|able)?|empower\w*|holistic\w*"
    r"|signpost\w*|going forward|tackl(e|es|ing)|impact(s|ed|ing)? (on|upon)|ongoing|in order to"
    r"|commence\w*|service users?)\b",
    re.IGNORECASE,
)
"""What GOV.UK asks not to write, and what hides who did what in safeguarding."""
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(PlanOpened|MeetingHeld|null)\b")
SAID_BY_A_FORM = re.compile("(Select|Enter) [a-zA-Z{“]")
RAISED = re.compile("Select|Enter|Say|Change|Choose|There is|“|The |Nobody")
TEMPLATES = Path(pages.__file__).parent / "templates"
OURS = sorted(each for each in TEMPLATES.rglob("*.html") if each.parent.name != "moj")
CODED = sorted(Path(pages.__file__).parent.rglob("*.py"))
EVERY_FORM = (*FORMS.values(), *ENDINGS.values(), *CORRECTS.values(), SHARE, OPENING)
MARKUP = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)
QUOTED = re.compile(r'"((?:[^"\\{}<>]|\\.)*)"')


def words_of(template: str) -> Iterator[str]:
    """Give what a template says: its own text, and the texts that its tags hold."""
    bare = re.sub(r"{#.*?#}", "", template, flags=re.DOTALL)
    yield from (line for line in MARKUP.sub("\n", bare).splitlines() if line.strip())
    for tag in re.findall(r"{[{%].*?[}%]}", bare, re.DOTALL):
        yield from (text for text in QUOTED.findall(tag) if " " in text)


def sentences_of(module: Path) -> Iterator[str]:
    """Give the sentences that a module of pages holds, other than what explains the code."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    explains = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if (
            isinstance(each, ast.Constant)
            and isinstance(each.value, str)
            and id(each) not in explains
        ):
            if " " in each.value.strip():
                yield each.value


def questions_of(form: Form) -> Iterator[Question]:
    for question in form.asked:
        yield question
        yield from question.parts if isinstance(question, Several) else ()


def texts_of(form: Form) -> Iterator[str]:
    yield from (form.title, form.lead, form.button)
    for each in questions_of(form):
        yield from (each.asks, each.hint, each.missing)
        if isinstance(each, Choice):
            yield from (each.none, each.nothing)


def avoided(texts: Any) -> list[str]:
    return [f"{found[0]!r} in {text!r}" for text in texts for found in AVOIDED.finditer(text)]


@pytest.mark.parametrize("template", OURS, ids=lambda each: each.relative_to(TEMPLATES).as_posix())
def test_no_template_says_what_is_to_be_avoided(template: Path) -> None:
    said = list(words_of(template.read_text(encoding="utf-8")))
    assert avoided(said) == []
    shown = [line for line in said if not re.search(r"[=|/.]\w", line)]
    assert [line for line in shown if CODE.search(line)] == []


def test_no_page_says_what_is_to_be_avoided() -> None:
    assert [each for module in CODED for each in avoided(sentences_of(module))] == []


def test_no_word_of_a_choice_is_jargon_or_a_code() -> None:
    said = [text for kind in SAYS for text in options(kind).values()]
    assert avoided(said) == []
    assert [text for text in said if CODE.search(text) or not re.match("[A-Z{]", text)] == []
    assert len(said) > 50


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda each: each.kind)
def test_no_form_says_what_is_to_be_avoided(form: Form) -> None:
    texts = [text for text in texts_of(form) if text]
    assert avoided(texts) == []
    assert [text for text in texts if CODE.search(text)] == []
    assert [text for text in texts if "  " in text] == []


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda each: each.kind)
def test_every_error_says_what_to_do_and_ends_without_a_full_stop(form: Form) -> None:
    for each in questions_of(form):
        errors = [each.missing] if each.missing else []
        errors += [each.reason_missing] if isinstance(each, Each) and each.need_reason else []
        assert errors or each.optional
        for error in errors:
            assert SAID_BY_A_FORM.match(error), error
            assert not error.endswith("."), error


@pytest.mark.parametrize("form", EVERY_FORM, ids=lambda each: each.kind)
def test_buttons_name_what_they_do(form: Form) -> None:
    assert form.button not in ("Submit", "OK", "Save", "Next")
    assert form.button[0].isupper()
    assert form.title[0].isupper()


def test_every_error_that_pages_raise_by_themselves_says_what_to_do() -> None:
    raised = [text for module in CODED for text in _errors_raised(module)]
    wrong = [
        text
        for text in raised
        if not re.match("(Select|Enter|Say|Change|Choose|There is|“|The |Nobody) ?", text)
    ]
    assert wrong == []
    assert len(raised) > 10


def _errors_raised(module: Path) -> Iterator[str]:
    """Give the sentences with which a module says what is wrong with an answer."""
    for each in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if (
            isinstance(each, ast.Call)
            and getattr(each.func, "id", "") == "Wrong"
            and len(each.args) > 1
        ):
            said = each.args[1]
            if isinstance(said, ast.Constant):
                yield str(said.value)
            elif isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant):
                yield str(said.values[0].value)


def test_the_list_of_words_finds_what_it_should() -> None:
    for text in ("Please engage", "a robust plan", "key worker", "Mum said", "was progressed"):
        assert avoided([text]), text
    for text in ("the key to it", "in progress", "agency", "mumble", "the plan"):
        assert not avoided([text]), text
