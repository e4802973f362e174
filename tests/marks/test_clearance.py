"""A reader gets each text that is open to them as it was written, and nothing of the others."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.domain.events.envelopes import CLOSES, FOR, HOLDS, OPENS, REPLACED, RESERVED, seal
from plantrack.domain.redaction.clearance import EVERYTHING, NOTHING, Clearance, clear, clear_json
from plantrack.domain.words import Mark, one_line, words

AGENCIES = ["csc", "police", "school-nursing", "school"]
PROTECTING = [mark for mark in Mark if mark is not Mark.GENERAL]
CANARY = "canary"

rough = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ['"', "\\", '\\"', "}", "\\u", ".", " . ", "\ue004", "\ue03f", "\ufffd", "_-", *RESERVED]
)
clearances = st.builds(
    Clearance,
    st.sampled_from(["", *AGENCIES]),
    st.frozensets(st.sampled_from(list(Mark))),
)


def scrubbed(text: str) -> str:
    for each in RESERVED:
        text = text.replace(each, REPLACED)
    return text


class Text(NamedTuple):
    """A text, how it is marked and for whom."""

    said: str
    mark: Mark | None
    audience: tuple[str, ...]

    @property
    def sealed(self) -> str:
        return seal(self.said, self.mark, self.audience) if self.mark else self.said

    def open_to(self, clearance: Clearance) -> bool:
        marked = self.mark is not None
        return not marked or self.mark in clearance.marks or clearance.agency in self.audience


@st.composite
def marked_texts(draw: st.DrawFn) -> Text:
    before, after = (draw(rough) for _ in range(2))
    number = draw(st.integers(0, 10**9))
    mark = draw(st.sampled_from(PROTECTING))
    audience = tuple(draw(st.lists(st.sampled_from(AGENCIES), max_size=3)))
    return Text(f"{before}{CANARY}{number}{after}", mark, audience)


plain_texts = st.builds(
    lambda said: Text(said, None, ()),
    rough.filter(lambda said: not any(each in said for each in RESERVED)),
)
trees = st.recursive(
    plain_texts | marked_texts() | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(rough.map(scrubbed), inner),
    max_leaves=12,
)


def shown(tree: Any, text: Any) -> Any:
    """Put each text of a tree as a function has it."""
    if isinstance(tree, Text):
        return text(tree)
    if isinstance(tree, list):
        return [shown(each, text) for each in tree]
    if isinstance(tree, dict):
        return {name: shown(each, text) for name, each in tree.items()}
    return tree


def texts_in(tree: Any) -> Iterable[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, list | dict):
        for each in tree.values() if isinstance(tree, dict) else tree:
            yield from texts_in(each)


def sealed(tree: Any) -> bytes:
    return msgspec.json.encode(shown(tree, lambda text: text.sealed))


@given(trees, clearances)
def test_open_texts_come_as_they_were_written_and_no_others(
    tree: Any, clearance: Clearance
) -> None:
    cleared = json.loads(clear_json(sealed(tree), clearance))

    def expected(text: Text) -> str:
        return scrubbed(text.said) if text.open_to(clearance) else "withheld"

    def as_told(value: Any) -> Any:
        if isinstance(value, str) and "withheld]" in value:
            return "withheld"
        if isinstance(value, list):
            return [as_told(each) for each in value]
        return {n: as_told(v) for n, v in value.items()} if isinstance(value, dict) else value

    assert as_told(cleared) == shown(tree, expected)


@given(trees, clearances)
def test_clearing_json_is_clearing_each_text_in_it(tree: Any, clearance: Clearance) -> None:
    encoded = sealed(tree)
    each = shown(tree, lambda text: clear(text.sealed, clearance))

    assert json.loads(clear_json(encoded, clearance)) == each


@given(trees)
def test_who_reads_everything_reads_what_was_written(tree: Any) -> None:
    opened = json.loads(clear_json(sealed(tree), EVERYTHING))

    assert opened == shown(tree, lambda text: scrubbed(text.said))


@given(trees)
def test_who_reads_nothing_sees_no_letter_of_a_marked_text_and_no_envelope(tree: Any) -> None:
    cleared = clear_json(sealed(tree), NOTHING)

    assert CANARY.encode() not in cleared
    assert not any(each in text for text in texts_in(json.loads(cleared)) for each in RESERVED)


@given(marked_texts(), st.integers(0, 200), st.booleans())
def test_an_envelope_that_was_cut_off_shows_nothing(text: Text, at: int, quoted: bool) -> None:
    start = text.sealed.index(OPENS)
    cut = text.sealed[: start + 1 + at % len(text.sealed[start + 1 :])]
    cut = cut.replace(CLOSES, "") + (" and the rest" if quoted else "")
    encoded = msgspec.json.encode({"cut": cut, "after": "open"})

    cleared = json.loads(clear_json(encoded, NOTHING))

    assert CANARY not in cleared["cut"][text.sealed.index(OPENS) :]
    assert cleared["cut"] == clear(cut, NOTHING)
    assert cleared["cut"].endswith("[withheld]")
    assert cleared["after"] == "open"


@given(st.lists(rough, max_size=6), marked_texts(), clearances)
def test_what_is_typed_to_look_like_an_envelope_opens_no_other(
    typed: list[str], text: Text, clearance: Clearance
) -> None:
    said = "".join(typed) + " " + text.sealed + "".join(typed)

    told = clear(said, clearance)
    if not text.open_to(clearance):
        assert CANARY not in told
    assert json.loads(clear_json(msgspec.json.encode([said]), clearance)) == [told]


@pytest.mark.parametrize(
    "typed",
    [
        f"{OPENS}general{FOR}{HOLDS}",
        f"{OPENS}general{FOR}{HOLDS}mine{CLOSES}{OPENS}general{FOR}police{HOLDS}",
        f"{OPENS}third_party{FOR}csc",
        f"{OPENS}",
        f"{OPENS}made_up{FOR}csc{HOLDS}",
    ],
)
def test_an_envelope_begun_before_a_marked_text_does_not_take_it_in(typed: str) -> None:
    hidden = seal(CANARY, Mark.LEGAL_PRIVILEGE, ["police"])
    reader = Clearance("csc", frozenset({Mark.GENERAL, Mark.THIRD_PARTY}))

    assert CANARY not in clear(f"{typed} {hidden}", reader)
    assert CANARY in clear(f"a word {hidden}", EVERYTHING)


def test_a_mark_that_this_release_does_not_know_is_read_by_nobody() -> None:
    said = f"before {OPENS}made_up{FOR}csc{HOLDS}{CANARY}{CLOSES} after"

    for reader in (EVERYTHING, Clearance("csc", frozenset(Mark))):
        assert clear(said, reader) == "before [withheld] after"


def test_json_without_envelopes_is_given_back_itself() -> None:
    encoded = msgspec.json.encode({"what": "nothing is marked here \ue004\ufffd"})

    assert clear_json(encoded, NOTHING) is encoded


@pytest.mark.parametrize("mark", PROTECTING)
def test_each_mark_opens_to_its_own_role_and_audience_only(mark: Mark) -> None:
    said = seal("the words", mark, ["school-nursing"])
    others = frozenset(Mark) - {mark}

    assert clear(said, Clearance("csc", frozenset({mark}))) == "the words"
    assert clear(said, Clearance("school-nursing", frozenset())) == "the words"
    assert clear(said, Clearance("csc", others)) == f"[{mark.says}, withheld]"
    assert clear(said, Clearance("school", others)) == f"[{mark.says}, withheld]"


def test_nobody_without_an_agency_belongs_to_an_audience() -> None:
    assert "withheld" in clear(seal("the words", Mark.THIRD_PARTY, []), NOTHING)
    assert "withheld" in clear(seal("the words", Mark.THIRD_PARTY, [""]), NOTHING)


# How envelopes come through sentences


@given(marked_texts())
def test_a_sentence_made_of_a_sealed_text_is_the_sentence_sealed(text: Text) -> None:
    said = scrubbed(text.said)

    assert clear(one_line(text.sealed), EVERYTHING) == one_line(said)
    assert clear(words(one_line(text.sealed)), EVERYTHING) == words(one_line(said))
    assert CANARY not in clear(one_line(text.sealed), NOTHING)


def test_names_that_a_sentence_wrote_with_spaces_are_still_known() -> None:
    told = words(seal("the words", Mark.THIRD_PARTY, ["school-nursing"]))

    assert clear(told, Clearance("school-nursing", frozenset())) == "the words"
    assert clear(told, Clearance("csc", frozenset({Mark.THIRD_PARTY}))) == "the words"
    assert clear(told, Clearance("school", frozenset())) == "[third-party information, withheld]"


# Sealing a text


@given(marked_texts())
def test_sealing_what_is_sealed_does_nothing_more(text: Text) -> None:
    assert text.mark
    assert seal(text.sealed, text.mark, text.audience) == text.sealed


@pytest.mark.parametrize("nothing", ["", " ", "\n", "...", " . "])
def test_there_is_nothing_to_seal_in_a_blank_text(nothing: str) -> None:
    assert seal(nothing, Mark.THIRD_PARTY, ["csc"]) == nothing


def test_a_text_that_came_in_a_wider_envelope_is_sealed_in_the_narrower() -> None:
    typed = seal(CANARY, Mark.GENERAL, ["school"])

    told = seal(typed, Mark.PROTECTED_ADDRESS, ["csc"])

    assert CANARY not in clear(told, Clearance("school", frozenset()))
    assert told.count(OPENS) == 1
