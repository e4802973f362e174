"""Assessments are finished in time, and ask everybody they set out to ask (S7)."""

from pathlib import Path

import pytest

from plantrack.application.policies import reading as policy
from plantrack.domain.events import PlanEvent
from story import (
    ALL_SOURCES,
    START,
    Told,
    apr,
    consulted,
    feb,
    finished,
    given,
    jan,
    mar,
    not_consulted,
    returned,
    started,
)

TWO = (started(START, "AS1"), started(feb(3), "AS2"))


def test_an_assessment_is_finished_within_45_working_days_of_its_start() -> None:
    story = given(*TWO)

    assert story.overdue("assessment-finished", on=apr(8)) == set()
    assert story.overdue("assessment-finished", on=apr(9)) == {"AS1"}
    assert story.overdue("assessment-finished", on=apr(10)) == {"AS1", "AS2"}


def test_an_assessment_finished_on_the_day_is_in_time_and_the_other_is_not() -> None:
    story = given(*TWO, finished(apr(8), "AS1"))

    assert story.overdue("assessment-finished", on=apr(10)) == {"AS2"}


@pytest.mark.parametrize(
    "event", [returned(apr(8)), consulted(apr(8), "father"), finished(apr(8), "AS2")]
)
def test_sending_it_back_or_asking_somebody_does_not_finish_it(event: PlanEvent) -> None:
    assert "AS1" in given(*TWO, event).overdue("assessment-finished", on=apr(9))


def test_an_assessment_finished_late_or_written_up_late() -> None:
    story = given(*TWO, finished(apr(13), "AS1")).when(finished(apr(1), "AS2"), recorded=apr(20))

    assert story.alerts("assessment-finished") == [
        Told("AS1", due_on=apr(8), raised_on=apr(9), cleared_on=apr(14), met_on=apr(13)),
        Told("AS2", due_on=apr(9), raised_on=apr(10), cleared_on=apr(21), met_on=apr(1)),
    ]


def test_a_policy_may_count_from_the_referral_instead(tmp_path: Path) -> None:
    overlay = tmp_path / "local.toml"
    overlay.write_text(
        'version = "local-1"\nholds_from = 1990-01-01\n'
        '[obligations.assessment-finished]\nanchor = "referral"\n'
    )
    story = given(started(START), policies=policy.load(overlay))

    assert story.overdue("assessment-finished", on=mar(9)) == set()
    assert story.overdue("assessment-finished", on=mar(10)) == {"AS1"}


# Breadth


def test_a_source_left_open_when_it_finished_is_told_the_day_after() -> None:
    story = given(started(START), consulted(feb(5), "child"), finished(feb(9)))

    assert story.overdue("assessment-broad", on=feb(9)) == set()
    assert story.overdue("assessment-broad", on=feb(10)) == {"AS1/father"}


def test_every_one_of_the_six_sources_is_asked_for_by_name() -> None:
    story = given(started(START, sources=ALL_SOURCES), finished(feb(9)))

    assert story.overdue("assessment-broad", on=feb(10)) == {f"AS1/{name}" for name in ALL_SOURCES}


def test_a_source_that_was_not_listed_is_not_asked_for() -> None:
    story = given(started(START, sources=("child",)), consulted(feb(5), "child"), finished(feb(9)))

    assert story.alerts("assessment-broad", until=mar(9)) == []


def test_an_assessment_still_running_leaves_nothing_open() -> None:
    assert given(*TWO).alerts("assessment-broad", until=apr(30)) == []


def test_a_reason_why_not_does_as_well_as_asking() -> None:
    story = given(
        started(START),
        consulted(feb(5), "child"),
        not_consulted(feb(9), "father"),
        finished(feb(9)),
    )

    assert story.alerts("assessment-broad", until=mar(9)) == []


def test_asking_for_another_assessment_or_another_source_does_not() -> None:
    story = given(*TWO, consulted(feb(5), "child", "AS2"), consulted(feb(5), "mother", "AS1"))
    story.when(finished(feb(9), "AS1"))

    assert story.overdue("assessment-broad", on=feb(10)) == {"AS1/child", "AS1/father"}


def test_a_source_asked_afterwards_or_written_up_afterwards() -> None:
    story = given(started(START), finished(feb(9)), consulted(feb(12), "child"))
    story.when(consulted(feb(6), "father"), recorded=feb(16))

    assert story.alerts("assessment-broad") == [
        Told("AS1/child", due_on=feb(9), raised_on=feb(10), cleared_on=feb(13), met_on=feb(12)),
        Told("AS1/father", due_on=feb(9), raised_on=feb(10), cleared_on=feb(17), met_on=feb(6)),
    ]


def test_an_assessment_begun_before_the_plan_counts_from_its_own_start() -> None:
    story = given(started(jan(26)))

    assert story.overdue("assessment-finished", on=mar(30)) == set()
    assert story.overdue("assessment-finished", on=mar(31)) == {"AS1"}
