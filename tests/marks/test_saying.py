"""A mark is said with an event or by a correction, of a field that holds somebody's words."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from plantrack import codec
from plantrack.domain.events import KINDS, PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.events.envelopes import RESERVED
from plantrack.domain.redaction.marks import DEFAULTS, markable, sealed
from plantrack.domain.refusals import Unreadable
from plantrack.domain.words import Mark
from plantrack.record.mapper import EntryMapper
from story import MANAGER, Story, agreed, corrected, feb, given, mar, missed, shared, withdrawn
from test_every_kind import SCHEMA, full

AT = datetime(2026, 2, 3, 15, tzinfo=UTC)
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def marked(event: PlanEvent, **marks: str) -> PlanEvent:
    return codec.amend(event, {"marks": marks})


def stored(event: PlanEvent) -> dict[str, Any]:
    state = EntryMapper().to_stored_event(Entry("P", 1, AT, MANAGER, event)).state
    return dict(json.loads(state)["event"])


def story() -> Story:
    return given(agreed(feb(3), due_on=mar(2)))


@every_kind
def test_every_kind_takes_a_mark_on_its_note(kind: type[PlanEvent]) -> None:
    event = codec.read_event(full(kind) | {"marks": {"note": "third_party"}})

    assert event.marks == {"note": Mark.THIRD_PARTY}
    assert codec.write_event(event)["marks"] == {"note": "third_party"}


@every_kind
def test_what_has_no_marks_is_stored_as_it_was_before_there_were_any(kind: type[PlanEvent]) -> None:
    said = full(kind)

    assert "marks" not in stored(codec.read_event(said))
    assert "marks" not in stored(kind(**vars(codec.read_event(said)) | {"marks": None}))


@every_kind
def test_marks_come_back_from_what_is_stored(kind: type[PlanEvent]) -> None:
    event = codec.read_event(full(kind) | {"marks": dict.fromkeys(markable(kind), "third_party")})
    written = EntryMapper().to_stored_event(Entry("P", 1, AT, MANAGER, event))

    assert EntryMapper().to_domain_event(written).event == event
    assert list(stored(event)["marks"]) == markable(kind)


@every_kind
def test_the_schema_names_the_fields_that_can_be_marked(kind: type[PlanEvent]) -> None:
    shape = SCHEMA[kind.__name__]["properties"]["marks"]["anyOf"][0]

    assert shape["propertyNames"] == {"enum": markable(kind)}
    assert set(markable(kind)) <= SCHEMA[kind.__name__]["properties"].keys()
    assert "note" in markable(kind)


def test_only_peoples_own_words_can_be_marked() -> None:
    can = {name: set(markable(kind)) for name, kind in KINDS.items()}

    assert can["ActionAgreed"] == {"note", "what", "owner"}
    assert can["ContactMissed"] == {"note", "with", "reason_given", "reason_checked_by"}
    assert can["DecisionMade"] == {"note", "what", "reason", "positions"}
    assert can["InformationShared"] == {"note", "about", "what", "withheld_from"}
    assert can["PlanClosed"] == {"note", "open_actions"}
    assert can["Corrected"] == {"note", "reason"}


def test_what_clocks_and_alerts_go_by_cannot_be_marked() -> None:
    can = {name: set(markable(kind)) for name, kind in KINDS.items()}

    assert can["ServiceWithdrawn"] == {"note", "facts"}
    assert can["PersonLinked"] == {"note", "name"}
    assert can["AlertAnswered"] == {"note", "going_well", "challenge"}
    assert can["AlertRaised"] == can["AlertClimbed"] == can["AlertCleared"] == {"note"}


def test_what_is_marked_by_itself_can_be_marked() -> None:
    assert all(name in markable(KINDS[kind]) for kind, name in DEFAULTS)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (agreed(feb(3), "A2", due_on=mar(2)), "due_on"),
        (agreed(feb(3), "A2", due_on=mar(2)), "colour"),
        (missed(feb(3)), "with_"),
        (withdrawn(feb(3)), "service"),
        (shared(feb(3)), "from"),
    ],
)
def test_a_mark_on_anything_else_is_refused_with_the_names_that_can_be(
    event: PlanEvent, name: str
) -> None:
    said = story().refuses(marked(event, note="general", **{name: "third_party"}), Unreadable)

    assert "“marks” can name only fields that hold free text; here note" in said
    assert f" {name}" not in said.replace("note, with,", "")


def test_a_correction_can_mark_but_not_anything_else() -> None:
    told = story()

    told.when(corrected(feb(4), 2, marks={"what": "protected_address"}))
    told.refuses(corrected(feb(4), 2, marks={"due_on": "protected_address"}), Unreadable)


@pytest.mark.parametrize("mark", ["secret", "GENERAL", "", "third party"])
def test_a_word_that_is_no_mark_is_refused_with_those_that_are(mark: str) -> None:
    with pytest.raises(Unreadable, match="“marks” must be one of: general, third_party, agency"):
        codec.read_event(full(KINDS["ActionAgreed"]) | {"marks": {"what": mark}})


@pytest.mark.parametrize("mark", Mark)
def test_each_mark_can_be_said_and_has_a_name_in_words(mark: Mark) -> None:
    event = codec.read_event(full(KINDS["ActionAgreed"]) | {"marks": {"what": str(mark)}})

    assert event.marks == {"what": mark}
    assert mark.says.replace("-", "").replace(" ", "").isalpha()


@pytest.mark.parametrize("character", RESERVED)
def test_nobody_can_type_what_envelopes_are_made_of(character: str) -> None:
    with pytest.raises(Unreadable, match="“what” holds a character that cannot be kept"):
        codec.read_event(full(KINDS["ActionAgreed"]) | {"what": f"the {character} boiler"})


def test_marks_stand_neither_in_the_sentence_nor_in_its_words() -> None:
    plain = agreed(feb(3), due_on=mar(2))

    assert marked(plain, what="legal_privilege").sentence() == plain.sentence()


# Amending what is sealed


def test_a_long_text_can_still_be_amended_in_its_envelope() -> None:
    longest = "x" * codec.LONGEST_TEXT
    event = marked(
        codec.amend(agreed(feb(3), due_on=mar(2)), {"what": longest}), what="third_party"
    )
    [entry] = sealed([Entry("P", 1, AT, MANAGER, event)])

    amended = codec.amend_sealed(entry.event, {"due_on": "2026-03-09"})
    assert vars(amended)["what"] == vars(entry.event)["what"] != longest
    with pytest.raises(Unreadable, match="longer than"):
        codec.amend_sealed(entry.event, {"note": longest + "x"})
    with pytest.raises(Unreadable, match="“what”"):
        codec.amend(entry.event, {"due_on": "2026-03-09"})
    assert msgspec.json.decode(msgspec.json.encode(amended))["due_on"] == "2026-03-09"
