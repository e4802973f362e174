"""A rule that changes does not rewrite the past: each clock keeps the version it started under."""

from pathlib import Path

import pytest

from plantrack.application.policies import reading as policy
from plantrack.domain.policy import Policies
from story import (
    REVIEW,
    Told,
    agreed,
    decided,
    feb,
    given,
    held,
    mar,
    oversight,
    planned,
    position,
    seen,
)

NEW = 'version = "local-2"\nholds_from = 2026-03-02\n'


def overlay(tmp_path: Path, text: str, name: str = "new.toml") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.fixture
def visits_every_week(tmp_path: Path) -> Policies:
    return policy.load(overlay(tmp_path, NEW + '[obligations.child-seen]\ncp = "5 WD"\n'))


def test_a_clock_uses_the_version_of_the_day_it_started(visits_every_week: Policies) -> None:
    story = given(seen(feb(13)), seen(feb(27)), policies=visits_every_week)

    assert story.overdue("child-seen", on=mar(13)) == set()
    assert story.overdue("child-seen", on=mar(14)) == {"J1"}


def test_from_its_day_on_the_new_version_holds(visits_every_week: Policies) -> None:
    story = given(seen(feb(13)), seen(mar(2)), policies=visits_every_week)

    assert story.overdue("child-seen", on=mar(9)) == set()
    assert story.overdue("child-seen", on=mar(10)) == {"J1"}


def test_a_visit_written_up_after_the_change_counts_by_its_own_day(
    visits_every_week: Policies,
) -> None:
    story = given(seen(feb(13)), policies=visits_every_week)
    story.when(seen(feb(27)), recorded=mar(10))

    assert story.alerts("child-seen", until=mar(14))[-1] == Told("J1", mar(13), mar(14))


def test_an_alert_quotes_the_version_it_was_raised_under(visits_every_week: Policies) -> None:
    story = given(seen(mar(2)), policies=visits_every_week)

    assert [line.policy for line in story.raised("child-seen", until=mar(10))] == [
        "england-2026.1",
        "local-2",
    ]


def test_what_the_new_version_does_not_name_stays(visits_every_week: Policies) -> None:
    story = given(oversight(mar(2)), policies=visits_every_week)

    assert story.alerts("child-seen-alone", until=mar(3)) == [Told("J1", mar(2), mar(3))]
    assert story.overdue("oversight", on=mar(31)) == set()


def test_what_agencies_count_as_is_asked_of_the_day_of_the_decision(tmp_path: Path) -> None:
    split = policy.load(overlay(tmp_path, NEW + '[agencies]\nearly-help = "early-help"\n'))
    together = ("csc", "early-help")
    story = given(
        decided(feb(27), "D1", agree=together),
        decided(mar(2), "D2", agree=together),
        policies=split,
    )

    assert story.overdue("decision-shared", on=mar(30)) == {"D1"}


def test_a_quorum_is_the_one_of_the_meetings_day(tmp_path: Path) -> None:
    smaller = policy.load(overlay(tmp_path, NEW + "[quorum]\nothers = 1\n"))
    two = ("csc", "school")
    story = given(
        held(feb(27), REVIEW, "M1", present=two),
        held(feb(28), REVIEW, "M2", present=two),
        policies=smaller,
    )

    assert story.overdue("quorum", on=mar(30)) == {"M1", "M2"}
    story.when(held(mar(30), REVIEW, "M3", present=two))
    assert story.overdue("quorum", on=mar(31)) == set()


def test_an_answer_is_awaited_by_the_version_of_the_day_the_alert_was_raised(
    tmp_path: Path,
) -> None:
    slower = policy.load(
        overlay(tmp_path, NEW + '[obligations.alert-answered]\nperiod = "10 WD"\n')
    )
    old, new = "child-seen:J1:2026-02-16", "oversight:CP-J1:2026-03-02"
    story = given(policies=slower)

    assert [told.raised_on for told in story.climbs(old, until=mar(3))] == [feb(25)]
    assert story.climbs(new, until=mar(17)) == []
    assert [told.raised_on for told in story.climbs(new, until=mar(18))] == [mar(18)]


def test_a_version_that_holds_from_the_first_day_replaces_the_one_below(tmp_path: Path) -> None:
    text = 'version = "local-1"\nholds_from = 1990-01-01\n[obligations.child-seen]\ncp = "5 WD"\n'
    story = given(policies=policy.load(overlay(tmp_path, text)))

    assert story.alerts("child-seen", until=feb(16)) == [Told("J1", feb(9), feb(10))]
    assert {line.policy for line in story.rehearsed(mar(9))} == {"local-1"}


def test_the_day_of_the_start_may_count_as_day_1(tmp_path: Path) -> None:
    text = 'version = "local-1"\nholds_from = 1990-01-01\nstart_counts = true\n'
    story = given(policies=policy.load(overlay(tmp_path, text)))

    assert story.overdue("child-seen", on=feb(13)) == set()
    assert story.overdue("child-seen", on=feb(14)) == {"J1"}


def test_local_closure_days_are_no_working_days(tmp_path: Path) -> None:
    text = (
        'version = "local-1"\nholds_from = 1990-01-01\n'
        "[calendar]\nclosure_days = [2026-02-10, 2026-02-11]\n"
    )
    story = given(policies=policy.load(overlay(tmp_path, text)))

    assert story.overdue("child-seen", on=feb(18)) == set()
    assert story.overdue("child-seen", on=feb(19)) == {"J1"}


def test_a_conference_planned_before_the_change_keeps_its_day_for_reports(tmp_path: Path) -> None:
    rows = '[obligations.report-to-conference]\nreview_conference = "2 WD before"\n'
    later = policy.load(overlay(tmp_path, NEW + rows))
    before = planned(feb(27), REVIEW, "M1", planned_for=mar(30), invited=("csc",))
    after = planned(mar(2), REVIEW, "M2", planned_for=mar(30), invited=("csc",))
    story = given(before, after, policies=later)

    assert story.alerts("report-to-conference", until=mar(27)) == [
        Told("M1/csc", due_on=mar(23), raised_on=mar(24)),
        Told("M2/csc", due_on=mar(26), raised_on=mar(27)),
    ]


def test_three_versions_each_hold_until_the_next(tmp_path: Path) -> None:
    one = overlay(tmp_path, NEW + '[obligations.child-seen]\ncp = "5 WD"\n', "one.toml")
    two = overlay(
        tmp_path,
        'version = "local-3"\nholds_from = 2026-03-16\n[obligations.child-seen]\ncp = "3 WD"\n',
        "two.toml",
    )
    policies = policy.load(one, two)

    assert [policies.on(day).version for day in (feb(2), mar(1), mar(2), mar(15), mar(16))] == [
        "england-2026.1",
        "england-2026.1",
        "local-2",
        "local-2",
        "local-3",
    ]
    story = given(seen(feb(13)), seen(feb(27)), seen(mar(13)), seen(mar(16)), policies=policies)
    assert story.overdue("child-seen", on=mar(19)) == set()
    assert story.overdue("child-seen", on=mar(20)) == {"J1"}


def test_an_actions_own_date_and_interval_are_no_policys_business(tmp_path: Path) -> None:
    shorter = policy.load(
        overlay(tmp_path, NEW + '[obligations.action-reviewed]\nperiod = "7 d"\n')
    )
    own = agreed(mar(2), "A1", due_on=mar(31), every=14)
    default = agreed(mar(2), "A2", due_on=mar(31))
    story = given(own, default, policies=shorter)

    assert story.overdue("action-reviewed", on=mar(10)) == {"A2"}
    assert story.overdue("action-reviewed", on=mar(17)) == {"A1", "A2"}
    assert story.overdue("action-done", on=mar(31)) == set()


def test_a_position_taken_under_a_new_version_joins_the_decisions_own_groups(
    tmp_path: Path,
) -> None:
    split = policy.load(overlay(tmp_path, NEW + '[agencies]\nearly-help = "early-help"\n'))
    story = given(decided(feb(27)), position(mar(3), "early-help"), policies=split)

    assert story.overdue("decision-shared", on=mar(30)) == {"D1"}
