"""What is marked is sealed for whom it is meant, however and whenever it was marked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from plantrack import codec
from plantrack.application.plans import Plans
from plantrack.domain.alerts.running import RunningPlan
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.events.envelopes import OPENS
from plantrack.domain.plans.as_known import Moment, see
from plantrack.domain.plans.chronology import chronology
from plantrack.domain.redaction.clearance import EVERYTHING, NOTHING, Clearance, clear
from plantrack.domain.redaction.marks import sealed
from plantrack.domain.words import Mark, Person
from plantrack.projections.follower import rows_of
from plantrack.record import migrate, open_record
from story import (
    LEAD,
    MANAGER,
    TEACHER,
    acknowledged,
    agreed,
    corrected,
    decided,
    england,
    feb,
    linked,
    mar,
    opened,
    retracted,
    shared,
)

AT = datetime(2026, 2, 3, 15, tzinfo=UTC)
SECRET = "12 Elm Grove"


def entries(*events: PlanEvent, by: Person = MANAGER) -> list[Entry]:
    return [Entry("P", n, AT + timedelta(hours=n), by, event) for n, event in enumerate(events, 1)]


def marked(event: PlanEvent, **marks: str) -> PlanEvent:
    return codec.amend(event, {"marks": marks})


def action(**more: Any) -> PlanEvent:
    return codec.amend(agreed(feb(3), due_on=mar(2)), {"what": SECRET} | more)


def written(of: Sequence[Entry], agency: str = "", *marks: Mark) -> list[str]:
    """Give each event as JSON, as somebody gets to read it."""
    reader = Clearance(agency, frozenset(marks))
    return [clear(msgspec.json.encode(entry.event).decode(), reader) for entry in of]


def readers(of: Entry) -> set[str]:
    """Name the agencies that get to read the secret in an entry."""
    agencies = ("csc", "school", "police", "school-nursing", "housing")
    return {agency for agency in agencies if SECRET in written([of], agency)[0]}


def test_entries_without_marks_stay_as_they_are() -> None:
    told = entries(opened(), action(), linked(feb(3)))

    assert all(one is other for one, other in zip(sealed(told), told, strict=True))


def test_a_marked_text_is_open_to_the_agency_that_recorded_it_and_to_no_other() -> None:
    event = marked(action(), what="protected_address")
    [by_csc], [by_school] = sealed(entries(event)), sealed(entries(event, by=TEACHER))

    assert readers(by_csc) == {"csc"}
    assert readers(by_school) == {"school"}
    assert SECRET in written([by_csc], "housing", Mark.PROTECTED_ADDRESS)[0]
    assert SECRET not in written([by_csc], "housing", Mark.LEGAL_PRIVILEGE)[0]


def test_only_the_marked_field_is_sealed() -> None:
    [entry] = sealed(entries(marked(action(note="open to all"), what="third_party")))

    assert "open to all" in written([entry])[0]
    assert OPENS not in str(vars(entry.event)["note"])


def test_a_note_a_list_and_objects_are_sealed_text_by_text() -> None:
    decision = codec.amend(
        decided(feb(3)),
        {
            "note": f"note {SECRET}",
            "positions": {"csc": {"position": "agree", "reason": SECRET}},
            "marks": {"note": "third_party", "positions": "legal_privilege"},
        },
    )
    item = marked(codec.amend(shared(feb(3)), {"about": [SECRET, "him"]}), about="third_party")
    told = sealed(entries(decision, item))

    assert not any(SECRET in each for each in written(told))
    assert written(told, "", *Mark) == written(entries(decision, item))
    assert list(vars(told[0].event)["positions"]) == ["csc"]


# Information


def test_what_is_shared_is_its_agencys_and_its_recipients_by_itself() -> None:
    event = codec.amend(
        shared(feb(3), to=("school",), withheld={"housing": SECRET}), {"what": SECRET}
    )
    [entry] = sealed(entries(event))

    assert readers(entry) == {"police", "school"}
    assert written([entry], "housing")[0].count(SECRET) == 0
    assert written([entry], "police")[0].count(SECRET) == 2


def test_the_mark_that_is_stated_takes_the_place_of_the_one_by_itself() -> None:
    event = codec.amend(shared(feb(3), to=("school",)), {"what": SECRET})

    [lifted] = sealed(entries(marked(event, what="general")))
    [stricter] = sealed(entries(marked(event, what="third_party")))

    assert readers(lifted) == {"csc", "school", "police", "school-nursing", "housing"}
    assert readers(stricter) == {"police"}


def test_whoever_is_told_later_reads_the_first_telling_too() -> None:
    first = codec.amend(shared(feb(3), to=("school",)), {"what": SECRET})
    other = codec.amend(shared(feb(3), "I2", to=("housing",)), {"what": SECRET})
    again = shared(feb(4), to=("csc",))

    told = sealed(entries(first, other, acknowledged(feb(4), "school"), again))
    without = sealed(entries(first, other, retracted(feb(4), 1), again, retracted(feb(5), 4)))

    assert [readers(each) for each in told[:2]] == [
        {"police", "school", "csc"},
        {"police", "housing"},
    ]
    assert readers(without[0]) == {"police"}


# Put right


def test_a_mark_that_came_later_holds_for_what_was_known_before() -> None:
    told = entries(opened(), action(), corrected(feb(9), 2, marks={"what": "protected_address"}))
    whole = sealed(told)

    seen = see(whole, Moment(known_at=told[1].recorded_at), codec.amend_sealed)
    assert len(seen.entries) == 2
    assert SECRET not in clear(chronology(seen, Moment())[1].told, NOTHING)
    assert SECRET in clear(chronology(seen, Moment())[1].told, EVERYTHING)


def test_what_a_correction_writes_is_sealed_as_its_entry_is() -> None:
    told = entries(
        opened(),
        marked(action(), what="third_party"),
        corrected(feb(4), 2, what=f"flat 2, {SECRET}", due_on="2026-03-09"),
        by=LEAD,
    )
    told[2] = told[2]._replace(by=TEACHER)

    whole = sealed(told)
    assert [readers(each) for each in whole[1:]] == [{"csc"}, {"csc", "school"}]
    now = see(whole, Moment(), codec.amend_sealed).counts[2]
    assert now
    assert SECRET not in clear(now.sentence(), NOTHING)
    assert "flat 2" in clear(now.sentence(), Clearance("school", frozenset()))


def test_a_correction_that_marks_and_was_taken_back_keeps_its_own_words() -> None:
    both = corrected(feb(4), 2, what=SECRET, marks={"what": "protected_address"})
    told = entries(opened(), agreed(feb(3), due_on=mar(2)), both, retracted(feb(5), 3))

    whole = sealed(told)
    assert not any(SECRET in each for each in written(whole))
    then = see(whole, Moment(known_at=told[2].recorded_at), codec.amend_sealed).counts[2]
    assert then
    assert SECRET in clear(then.sentence(), EVERYTHING)
    assert SECRET not in clear(then.sentence(), NOTHING)
    assert OPENS not in str(vars(whole[1].event)["what"])


def test_a_correction_of_a_correction_is_sealed_as_what_both_put_right() -> None:
    told = entries(
        opened(),
        marked(action(), what="third_party"),
        corrected(feb(4), 2, what="another"),
        corrected(feb(5), 3, fields={"what": SECRET}),
    )

    whole = sealed(told)
    assert not any(SECRET in each for each in written(whole))
    now = see(whole, Moment(), codec.amend_sealed).counts[2]
    assert now
    assert SECRET in clear(now.sentence(), EVERYTHING)


def test_a_correction_that_was_moved_to_another_entry_is_sealed_as_either_has_it() -> None:
    told = entries(
        opened(),
        marked(action(), what="third_party"),
        agreed(feb(3), "A2", due_on=mar(2)),
        corrected(feb(4), 2, what=f"not {SECRET}"),
        corrected(feb(5), 4, entry=3),
    )

    whole = sealed(told)
    then = see(whole, Moment(known_at=told[3].recorded_at), codec.amend_sealed).counts[2]
    assert then
    assert SECRET not in clear(then.sentence(), NOTHING)
    assert f"not {SECRET}" in clear(then.sentence(), EVERYTHING)
    assert see(whole, Moment(), codec.amend_sealed).counts[3] != told[2].event


@pytest.mark.parametrize("fields", [{"marks": {}}, {"marks": None}, {"marks": {"what": "general"}}])
def test_a_correction_can_lift_a_mark(fields: dict[str, Any]) -> None:
    told = entries(opened(), marked(action(), what="third_party"), corrected(feb(4), 2, **fields))

    assert SECRET in written(sealed(told))[1]
    assert SECRET not in written(sealed([*told, *later(4, retracted(feb(5), 3))]))[1]


@pytest.mark.parametrize(("last", "protected"), [("general", False), ("third_party", True)])
def test_of_two_corrections_of_a_mark_the_later_holds(last: str, protected: bool) -> None:
    first = "third_party" if last == "general" else "general"
    told = entries(
        opened(),
        action(),
        corrected(feb(4), 2, marks={"what": first}),
        corrected(feb(5), 2, marks={"what": last}),
    )

    assert (SECRET not in written(sealed(told))[1]) is protected


def later(number: int, event: PlanEvent) -> list[Entry]:
    return [Entry("P", number, AT + timedelta(hours=number), MANAGER, event)]


def test_an_entry_that_was_retracted_keeps_the_mark_that_was_put_on_it() -> None:
    told = entries(
        opened(),
        action(),
        corrected(feb(4), 2, marks={"what": "third_party"}),
        retracted(feb(5), 2),
    )

    assert SECRET not in written(sealed(told))[1]


def test_the_recipients_are_those_that_stand_after_a_correction() -> None:
    event = codec.amend(shared(feb(3), to=("school",)), {"what": SECRET})
    told = entries(opened(), event, corrected(feb(4), 2, **{"to": ["housing"], "from": "csc"}))

    assert readers(sealed(told)[1]) == {"csc", "housing"}


def test_sealing_twice_is_sealing_once() -> None:
    told = sealed(
        entries(
            opened(),
            marked(action(), what="third_party", owner="third_party"),
            corrected(feb(4), 2, what="another"),
            shared(feb(3), withheld={"school": "not for them"}),
        )
    )

    assert sealed(told) == told


# Plans' files, as they grow


def test_a_file_that_grows_is_the_file_of_the_whole_plan(tmp_path: Any) -> None:
    migrate(url := f"sqlite:///{tmp_path}/record.db")
    more = [
        opened(),
        action(),
        marked(action(action="A2"), what="third_party"),
        shared(feb(3), to=("school",)),
        shared(feb(3), "I2", to=("csc",), withheld={"school": SECRET}),
        corrected(feb(4), 2, marks={"what": "protected_address"}),
        shared(feb(5), to=("csc", "housing")),
        retracted(feb(5), 7),
        corrected(feb(6), 3, what=f"at {SECRET}"),
        shared(feb(6), "I2", to=("police",)),
        retracted(feb(7), 6),
    ]
    with open_record(url) as record:
        files, said = Plans(record, england), []
        for entry in entries(*more):
            record.append([entry])
            said.append(entry)
            grown, whole = (
                files.file("P"),
                RunningPlan("P", sealed(said), england(), codec.amend_sealed),
            )

            assert [*grown.entries.values()] == [*whole.entries.values()]
            assert rows_of(grown).rows == rows_of(whole).rows


def test_a_file_of_what_was_known_then_is_sealed_as_is_known_now(tmp_path: Any) -> None:
    migrate(url := f"sqlite:///{tmp_path}/record.db")
    told = entries(opened(), action(), corrected(feb(9), 2, marks={"what": "protected_address"}))
    with open_record(url) as record:
        record.append(told)
        then = Plans(record, england).known_by("P", told[1].recorded_at)

    assert [*then.entries] == [1, 2]
    assert OPENS in then.sentence(2)
    assert SECRET not in clear(then.sentence(2), NOTHING)
