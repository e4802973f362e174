"""A plan's life day by day: what was known, what was true, and what was due and was not done."""

from collections.abc import Sequence
from datetime import date

import pytest

import story as s
from plantrack import codec
from plantrack.domain import events as e
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.catalogue import OBLIGATIONS
from plantrack.domain.obligations.wording import silence
from plantrack.domain.refusals import MomentBeforePlan
from plantrack.domain.replay.differences import Reckoned, missed, swept_until
from plantrack.domain.replay.filters import EVERYTHING, Only, Subject
from plantrack.domain.replay.items import Item
from plantrack.domain.replay.steps import Life
from plantrack.domain.words import THE_TRACKER

KNOWN, TRUE = Reckoned.KNOWN, Reckoned.TRUE
LAST = s.jun(30)
SEEN_DUE = s.feb(16)
NOT_SEEN = "The child was due to be seen face to face by 16 February 2026 and was not seen"


def life(story: s.Story, clock: Reckoned = KNOWN, more: Sequence[Entry] = ()) -> Life:
    family = [*story.entries, *more]
    entries = [each for each in family if each.plan == story.plan]
    found = missed(story.plan, family, story.policies, codec.amend, LAST, clock)
    return Life(entries, found, clock, codec.amend)


def titles(items: Sequence[Item]) -> list[str]:
    return [each.title for each in items]


def silent(found: Life, day: date, only: Only = EVERYTHING) -> list[str]:
    return [each.title for each in found.on(day, only) if each.silence]


def test_what_is_due_is_a_silence_the_day_after_and_not_on_the_day() -> None:
    found = life(s.given())
    assert NOT_SEEN not in silent(found, SEEN_DUE)
    assert NOT_SEEN in silent(found, s.after(SEEN_DUE))
    assert NOT_SEEN not in silent(found, s.after(SEEN_DUE, 2))


def test_what_is_done_on_its_last_day_is_no_silence() -> None:
    in_time, too_late = s.given(s.seen(SEEN_DUE)), s.given(s.seen(s.after(SEEN_DUE)))
    assert NOT_SEEN not in silent(life(in_time), s.after(SEEN_DUE))
    assert NOT_SEEN in silent(life(too_late), s.after(SEEN_DUE))


def test_another_childs_silence_is_not_on_this_plan() -> None:
    story = s.given(s.seen(SEEN_DUE))
    assert NOT_SEEN not in silent(life(story), s.after(SEEN_DUE))
    story.plan = s.CP_K2
    assert NOT_SEEN in silent(life(story), s.after(SEEN_DUE))


@pytest.fixture(scope="module")
def late_visit() -> s.Story:
    """A visit of 10 February that was recorded 21 days later."""
    return s.given().when(s.seen(s.feb(10)), recorded=s.mar(3))


def test_a_late_visit_is_known_on_the_day_it_was_recorded(late_visit: s.Story) -> None:
    found = life(late_visit)

    assert titles(found.on(s.feb(10))) == []
    [visit] = [each for each in found.on(s.mar(3)) if each.entry]
    assert (visit.title, visit.on, visit.days_late) == ("Child seen", s.feb(10), 21)
    assert NOT_SEEN in silent(found, s.after(SEEN_DUE))


def test_a_late_visit_was_true_on_the_day_it_was_made(late_visit: s.Story) -> None:
    found = life(late_visit, TRUE)
    assert titles(found.on(s.feb(10))) == ["Child seen"]
    assert [each for each in found.on(s.mar(3)) if each.entry] == []
    assert NOT_SEEN not in silent(found, s.after(SEEN_DUE))


def test_a_late_visit_is_listed_as_late_until_it_was_recorded(late_visit: s.Story) -> None:
    found = life(late_visit)

    assert titles(found.late(s.feb(9)).describe) == []
    assert titles(found.late(s.feb(10)).describe) == ["Child seen"]
    assert titles(found.late(s.mar(2)).describe) == ["Child seen"]
    assert titles(found.late(s.mar(3)).describe) == []


def test_a_correction_is_there_from_the_day_it_was_recorded() -> None:
    story = s.given(s.seen(s.feb(10)), s.seen(s.feb(11), words="fine"))
    number = story.number() - 1
    story.when(s.corrected(s.mar(2), number, on="2026-02-12", where="school"))
    found = life(story)

    [before] = [each for each in found.on(s.feb(10)) if each.entry == number]
    assert before.now_told is None
    assert before.corrected_by == ()
    [putting_right] = [each for each in found.on(s.mar(2)) if each.entry == number + 2]
    assert putting_right.title == "Entry corrected"
    assert putting_right.more is not None
    assert "(home)" in putting_right.more.partition("It now reads:")[0]
    assert "(school)" in putting_right.more.partition("It now reads:")[2]
    assert titles(found.late(s.mar(1)).put_right) == ["Entry corrected"]
    assert titles(found.late(s.mar(2)).put_right) == []


def test_what_a_correction_moved_was_true_on_the_day_it_was_moved_to() -> None:
    story = s.given(s.seen(s.feb(10)), s.seen(s.feb(11)))
    number = story.number() - 1
    found = life(story.when(s.corrected(s.mar(2), number, on="2026-02-12")), TRUE)

    assert [each.entry for each in found.on(s.feb(10))] == []
    assert [each.entry for each in found.on(s.feb(12))] == [number]


def test_what_was_retracted_is_still_there_and_says_so_once_that_was_known() -> None:
    story = s.given(s.seen(s.feb(10)))
    number = story.number()
    story.when(s.retracted(s.mar(2), number))

    [known] = [each for each in life(story).on(s.feb(10)) if each.entry == number]
    [true] = [each for each in life(story, TRUE).on(s.feb(10)) if each.entry == number]
    assert known.retracted_by == ()
    assert true.retracted_by == (number + 1,)
    assert NOT_SEEN not in silent(life(story), s.after(SEEN_DUE))
    assert NOT_SEEN in silent(life(story), s.mar(3))
    assert NOT_SEEN in silent(life(story, TRUE), s.after(SEEN_DUE))


@pytest.mark.parametrize("clock", Reckoned)
def test_there_is_nothing_to_see_before_the_plan_existed(clock: Reckoned) -> None:
    found = life(s.given(), clock)

    assert found.first_day == s.START
    assert titles(found.on(s.START)) == ["Plan opened"]
    with pytest.raises(MomentBeforePlan):
        found.on(s.feb(1))


def test_what_happened_before_the_plan_was_true_from_its_first_day_on() -> None:
    found = life(s.given(), TRUE, [Entry(s.CP_J1, 2, s.at(s.feb(9)), s.LEAD, s.seen(s.jan(30)))])

    assert titles(found.on(s.START)) == ["Child seen", "Plan opened"]
    assert found.stops()[0].day == s.START


def test_what_is_recorded_later_changes_nothing_of_an_earlier_day() -> None:
    story = s.given(s.injury(s.feb(4)), s.linked(s.feb(5)), s.seen(s.feb(12)))
    before = life(story)
    hurt, visit = story.number() - 2, story.number()
    story.when(s.medical(s.feb(4)), s.seen(s.feb(9)), recorded=s.mar(3))
    story.when(s.corrected(s.mar(3), visit, on="2026-02-20"), s.retracted(s.mar(3), hurt))
    now = life(story)

    days = [stop.day for stop in before.stops() if stop.day < s.mar(3)]
    assert len(days) > 5
    for day in days:
        assert now.on(day) == before.on(day)
    assert [each for each in now.stops() if each.day < s.mar(3)] == before.stops()[: len(days)]
    assert len(now.late(s.mar(2)).describe) == len(now.late(s.mar(2)).put_right) == 2


def test_a_stop_counts_what_its_day_shows(late_visit: s.Story) -> None:
    for clock in Reckoned:
        found = life(late_visit, clock)
        assert {s.day: s.items for s in found.stops()} == {
            s.day: len(found.on(s.day)) for s in found.stops()
        }


def raised(story: s.Story, day: date, obligation: str, about: str, due_on: date) -> Entry:
    event = e.AlertRaised(
        on=day,
        obligation=obligation,
        about=about,
        due_on=due_on,
        because=(1,),
        policy="england-2026.1",
        told=("team_manager", "service_manager"),
    )
    return Entry(story.plan, story.number() + 1, s.at(day, 6), THE_TRACKER, event)


def test_a_silence_of_which_an_alert_is_on_the_record_is_told_once() -> None:
    story = s.given()
    alert = raised(story, s.after(SEEN_DUE), "child-seen", "J1", SEEN_DUE)
    found = life(story, more=[alert])

    [told] = [each for each in found.on(s.after(SEEN_DUE)) if each.title == NOT_SEEN]
    assert told.silence
    assert told.entry == alert.number
    assert told.by is None
    assert told.more == "An alert was sent to the team manager and the service manager."
    assert [ground.entry for ground in told.because] == [1]


def test_an_alert_on_what_was_done_after_all_is_told_as_an_alert() -> None:
    story = s.given()
    day = s.after(SEEN_DUE)
    alert = raised(story, day, "child-seen", "J1", SEEN_DUE)
    visit = Entry(s.CP_J1, 3, s.at(s.mar(3)), s.LEAD, s.seen(s.feb(10)))
    found = life(story, TRUE, [alert, visit])

    [told] = [each for each in found.on(day) if each.entry == alert.number]
    assert told.title.startswith("An alert was raised: the child was due to be seen")
    assert not told.silence


def test_one_subject_or_one_agency_can_be_seen_alone() -> None:
    day = s.feb(11)
    story = s.given(
        s.seen(day), s.decided(day, agree=("csc",)), s.challenged(day), s.injury(day)
    ).when(s.joined(day, "midwifery"), by=s.TEACHER)
    found = life(story)

    assert titles(found.on(day, Only(Subject.CHILD))) == ["Child seen"]
    assert titles(found.on(day, Only(Subject.DECISIONS))) == ["Decision made"]
    assert titles(found.on(day, Only(Subject.CHALLENGE))) == ["Challenge raised"]
    assert "Agency joined" in titles(found.on(day, Only(agency="school")))
    assert "Child seen" not in titles(found.on(day, Only(agency="school")))
    assert titles(found.on(day, Only(Subject.CHILD, "school"))) == []
    assert NOT_SEEN in silent(life(s.given()), s.after(SEEN_DUE), Only(Subject.CHILD))
    assert NOT_SEEN not in silent(life(s.given()), s.after(SEEN_DUE), Only(Subject.DECISIONS))


def test_a_correction_is_seen_with_what_it_corrects() -> None:
    story = s.given(s.seen(s.feb(10)), s.injury(s.feb(10)))
    visit, hurt = story.number() - 1, story.number()
    story.when(s.corrected(s.mar(2), visit, where="school"), s.retracted(s.mar(2), hurt))

    shown = life(story).on(s.mar(2), Only(Subject.CHILD))
    assert [each.title for each in shown if each.entry] == ["Entry corrected"]


def test_every_rule_has_words_for_what_was_not_done() -> None:
    for rule in OBLIGATIONS:
        said = silence(rule.code, "A1/school", s.feb(3))
        assert "3 February 2026" in said, rule.code
        assert "-" not in said
        assert "{" not in said


def test_the_last_sweep_is_yesterdays_until_six_in_the_morning() -> None:
    assert swept_until(s.at(s.feb(3), 5, 59)) == s.feb(2)
    assert swept_until(s.at(s.feb(3), 6, 1)) == s.feb(3)
