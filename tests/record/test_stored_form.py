"""How an entry is stored, and what is refused when it is read back."""

import json
import sys
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from plantrack import codec
from plantrack.domain.events import KINDS, ContactMissed, Corrected, PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.words import THE_TRACKER, Difference, HowMissed, Person
from plantrack.record import EntryUnreadable
from plantrack.record.mapper import UPCASTERS, EntryMapper
from record.plans import ANN, NOW, SUMMER, entry, opened_cp, reviewed, seen

MAPPER = EntryMapper()

VERSION_1 = (
    '{"recorded_at":"2019-03-04T10:00:00Z",'
    '"by":{"name":"Ann Archer","agency":"csc","role":"lead_practitioner"},'
    '"event":{"kind":"ActionReviewed","on":"2019-03-04","at":null,"note":null,"action":"A1",'
    '"difference_made":"better","basis":["observed"],"meeting":null}}'
)
"""An entry as the first release stored it."""


def missed() -> ContactMissed:
    return ContactMissed(on=SUMMER, with_="mother", agency="gp", how=HowMissed.CANCELLED)


def correction() -> Corrected:
    fields = {"note": 'a": \\"b\\', "agencies": ["csc", {"deep": [1, None, True]}]}
    return Corrected(on=SUMMER, entry=2, fields=fields, reason="as “they” said it")


def read(topic: str, state: str) -> Entry:
    return MAPPER.to_domain_event(StoredEvent("CP-1", 7, topic, state.encode()))


def changed(said: PlanEvent, /, **parts: Any) -> str:
    """Give an entry as stored, with parts of it changed."""
    whole: dict[str, Any] = json.loads(MAPPER.to_stored_event(entry("CP-1", 7, said)).state)
    return json.dumps(whole | parts)


@pytest.mark.parametrize("event", [opened_cp(), seen(), reviewed(), missed(), correction()])
def test_an_entry_comes_back_as_it_was_said(event: PlanEvent) -> None:
    said = entry("CP-1", 7, event)
    imported = said._replace(originally_recorded_at=NOW.replace(year=2019))

    assert MAPPER.to_domain_event(MAPPER.to_stored_event(said)) == said
    assert MAPPER.to_domain_event(MAPPER.to_stored_event(imported)) == imported


def test_the_tracker_is_known_again_as_itself() -> None:
    stored = MAPPER.to_stored_event(entry("CP-1", 7, seen(), by=THE_TRACKER))

    assert MAPPER.to_domain_event(stored).by is THE_TRACKER


def test_what_is_stored_can_be_read_by_a_person() -> None:
    stored = MAPPER.to_stored_event(entry("CP-0417", 12, reviewed()))

    assert (stored.originator_id, stored.originator_version) == ("CP-0417", 12)
    assert stored.topic == "ActionReviewed@2"
    assert json.loads(stored.state) == {
        "recorded_at": "2020-06-01T09:30:00Z",
        "by": {"name": "Ann Archer", "agency": "csc", "role": "lead_practitioner"},
        "event": json.loads(json.dumps(codec.write_event(reviewed()))),
    }
    assert (
        "my new school, “very much”" in MAPPER.to_stored_event(entry("P", 1, seen())).state.decode()
    )


def test_an_entry_of_the_first_version_is_brought_up_to_date() -> None:
    upcast = read("ActionReviewed@1", VERSION_1)

    assert upcast.event == KINDS["ActionReviewed"](
        on=upcast.event.on,
        action="A1",  # type: ignore[call-arg]  # the kind is looked up by name
        difference=Difference.BETTER,
        basis=("observed",),
    )


def test_every_older_version_has_an_upcaster() -> None:
    older = {(name, v) for name, kind in KINDS.items() for v in range(1, kind.VERSION)}

    assert older == set(UPCASTERS)
    assert older


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("ChildSeen@1", changed(seen(), more="?")),
        ("ChildSeen@1", changed(seen(), recorded_at="2020-06-01T09:30:00")),
        ("ChildSeen@1", changed(seen(), recorded_at=5)),
        ("ChildSeen@1", changed(seen(), by={"name": "Ann", "agency": "csc"})),
        ("ChildSeen@1", changed(seen(), by={"name": "Ann", "agency": "csc", "role": "tracker"})),
        ("ChildSeen@1", changed(seen(), by={"name": "Ann", "agency": "csc", "role": [1]})),
        ("ChildSeen@1", changed(seen(), event={"kind": "ChildSeen"})),
        ("ChildSeen@1", changed(seen(), event=codec.write_event(seen()) | {"colour": "secret"})),
        ("ChildSeen@1", changed(seen(), event=codec.write_event(seen()) | {"alone": "secret"})),
        ("ChildSeen@1", changed(seen(), event=codec.write_event(seen()) | {"on": 20200504})),
        ("ChildSeen@1", changed(reviewed())),
        ("ChildSeen@1", changed(seen()).replace('"csc"', '"csc","agency":"gp"', 1)),
        ("ChildSeen@1", changed(seen()).replace('"yes"', '"yes","alone":"no"', 1)),
        ("ChildSeen@1", changed(seen())[:-3]),
        ("ChildSeen@1", "[]"),
        ("ChildSeen@1", "[" * 100_000),
        ("ActionReviewed@2", VERSION_1),
        (
            "ActionReviewed@1",
            VERSION_1.replace('"action":"A1"', '"action":"A1","difference":"none"'),
        ),
    ],
)
def test_what_is_not_written_as_its_topic_says_is_refused(topic: str, state: str) -> None:
    with pytest.raises(EntryUnreadable) as refused:
        read(topic, state)

    assert (
        str(refused.value) == f"Entry 7 of plan CP-1 ('{topic}') is not written as its topic says."
    )
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("topic", ["ActionReviewed@3", "ChildSeen@2"])
def test_an_entry_of_a_newer_release_is_refused_loudly(topic: str) -> None:
    with pytest.raises(EntryUnreadable, match=r"CP-1 .* was written by a newer release"):
        read(topic, changed(seen()))


@pytest.mark.parametrize("topic", ["this:s", "antigravity:geohash", "ChildSeen", "ChildSeen@0", ""])
def test_a_foreign_topic_is_refused_and_imports_nothing(topic: str) -> None:
    before = set(sys.modules)

    with pytest.raises(EntryUnreadable, match="does not belong on the record"):
        read(topic, changed(seen()))

    assert set(sys.modules) == before


def test_people_are_read_once_and_told_apart() -> None:
    other = Person(name="Ann Archer", agency="gp", role=ANN.role)
    stored = MAPPER.to_stored_event(entry("P", 1, seen(), by=other))

    assert MAPPER.to_domain_event(stored).by == other
