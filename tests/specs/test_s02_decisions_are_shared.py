"""Decisions are not left to one agency, and whoever disagrees is answered (S2)."""

from datetime import date

import pytest

from plantrack.domain.events import PlanEvent
from plantrack.domain.words import Attendance, MeetingType, Position
from story import (
    CORE_GROUP,
    INITIAL,
    REVIEW,
    THREE,
    TRANSFER,
    Told,
    apr,
    challenged,
    circulated,
    decided,
    dissent_answered,
    feb,
    given,
    given_in_need,
    held,
    mar,
    moved,
    planned,
    position,
    report,
    resolved,
    supervised,
    supervision_asked,
)

ALONE = (decided(feb(9), "D1"), decided(feb(9), "D2", agree=("csc", "school")))
DISSENT = decided(feb(9), "D1", positions={"school": Position.DISAGREE})
RECOMMENDED = (supervision_asked(feb(6)), supervised(feb(9), "S1", "R1", "R2"))


# A second agency's position


def test_a_decision_of_one_agency_is_told_after_5_working_days_and_a_shared_one_never() -> None:
    story = given(*ALONE)

    assert story.overdue("decision-shared", on=feb(16)) == set()
    assert story.overdue("decision-shared", on=feb(17)) == {"D1"}


@pytest.mark.parametrize("takes", [Position.AGREE, Position.DISAGREE])
def test_support_or_challenge_by_a_second_agency_shares_it(takes: Position) -> None:
    story = given(*ALONE, position(feb(16), "school", takes=takes))

    assert story.alerts("decision-shared", until=mar(16)) == []


@pytest.mark.parametrize("takes", [Position.ABSENT, Position.NOT_ASKED])
def test_being_absent_or_not_asked_is_no_position(takes: Position) -> None:
    afterwards = given(*ALONE, position(feb(16), "school", takes=takes))
    at_once = given(decided(feb(9), "D1", positions={"school": takes}))

    assert afterwards.overdue("decision-shared", on=feb(17)) == {"D1"}
    assert at_once.overdue("decision-shared", on=feb(17)) == {"D1"}


@pytest.mark.parametrize(
    ("by", "second"),
    [("csc", "early-help"), ("gp", "midwifery"), ("school", "nursery"), ("play-bus", "play-bus")],
)
def test_agencies_that_count_as_one_group_are_one(by: str, second: str) -> None:
    story = given(decided(feb(9), "D1", decided_by=by, agree=(by, second)))

    assert story.overdue("decision-shared", on=feb(17)) == {"D1"}


@pytest.mark.parametrize(("by", "second"), [("csc", "school"), ("csc", "play-bus")])
def test_an_agency_that_no_policy_names_is_a_group_of_its_own(by: str, second: str) -> None:
    story = given(decided(feb(9), "D1", decided_by=by, agree=(by, second)))

    assert story.alerts("decision-shared", until=mar(16)) == []


@pytest.mark.parametrize(
    "event",
    [
        position(feb(16), "early-help"),
        position(feb(16), "school", "D2"),
        held(feb(16), CORE_GROUP),
        dissent_answered(feb(16), "school"),
    ],
    ids=["same group", "another decision", "a meeting", "an answer"],
)
def test_nothing_but_a_position_of_another_group_shares_a_decision(event: PlanEvent) -> None:
    assert given(*ALONE, event).overdue("decision-shared", on=feb(17)) == {"D1"}


def test_a_position_taken_late_clears_the_alert() -> None:
    story = given(*ALONE, position(feb(18), "early-help"), position(feb(19), "police"))

    assert story.alerts("decision-shared") == [
        Told("D1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(20), met_on=feb(19))
    ]


def test_a_position_taken_in_time_and_written_up_late_is_met_in_time() -> None:
    story = given(*ALONE).when(position(feb(11), "police"), recorded=feb(24))

    assert story.alerts("decision-shared") == [
        Told("D1", due_on=feb(16), raised_on=feb(17), cleared_on=feb(25), met_on=feb(11))
    ]


# Where challenge or supervision came first


@pytest.mark.parametrize(
    "before", [(challenged(feb(6)),), RECOMMENDED], ids=["challenge", "recommendation"]
)
def test_after_challenge_or_supervision_a_decision_alone_is_told_the_next_day(
    before: tuple[PlanEvent, ...],
) -> None:
    story = given(*before, decided(feb(9), "D1"))

    assert story.overdue("decision-shared-after-challenge", on=feb(9)) == set()
    assert story.overdue("decision-shared-after-challenge", on=feb(10)) == {"D1"}
    assert story.alerts("decision-shared", until=mar(9)) == []


# Dissent


def test_a_disagreeing_agency_is_answered_within_5_working_days() -> None:
    story = given(DISSENT)

    assert story.overdue("dissent-answered", on=feb(16)) == set()
    assert story.overdue("dissent-answered", on=feb(17)) == {"D1/school"}


def test_dissent_stated_afterwards_has_a_clock_of_its_own() -> None:
    story = given(DISSENT, position(feb(11), "police", takes=Position.DISAGREE))

    assert story.overdue("dissent-answered", on=feb(18)) == {"D1/school"}
    assert story.overdue("dissent-answered", on=feb(19)) == {"D1/school", "D1/police"}


@pytest.mark.parametrize("takes", [Position.AGREE, Position.ABSENT, Position.NOT_ASKED])
def test_only_disagreement_asks_for_an_answer(takes: Position) -> None:
    story = given(decided(feb(9), "D1", positions={"school": takes}))

    assert (
        story.when(position(feb(9), "police", takes=takes)).overdue("dissent-answered", on=mar(9))
        == set()
    )


def test_an_answer_to_one_agency_is_none_to_another() -> None:
    story = given(DISSENT, position(feb(9), "police", takes=Position.DISAGREE))
    story.when(dissent_answered(feb(16), "school"))

    assert story.overdue("dissent-answered", on=feb(17)) == {"D1/police"}


def test_dissent_answered_late_and_written_up_later_still() -> None:
    story = given(DISSENT).when(dissent_answered(feb(18), "school"), recorded=feb(24))

    assert story.alerts("dissent-answered") == [
        Told("D1/school", due_on=feb(16), raised_on=feb(17), cleared_on=feb(25), met_on=feb(18))
    ]


def test_agreement_or_a_changed_mind_is_no_answer() -> None:
    story = given(DISSENT, position(feb(10), "school"))

    assert story.overdue("dissent-answered", on=feb(17)) == {"D1/school"}


# Quorum


@pytest.mark.parametrize("kind", [INITIAL, REVIEW, TRANSFER])
def test_a_conference_without_a_quorum_meets_again_in_10_working_days(kind: MeetingType) -> None:
    story = given(held(mar(2), kind, present=("csc", "school")))

    assert story.overdue("quorum", on=mar(16)) == set()
    assert story.overdue("quorum", on=mar(17)) == {"M1"}


@pytest.mark.parametrize(
    "present",
    [
        ("csc", "early-help", "school"),
        ("csc", "gp", "school-nursing"),
        ("school", "police", "gp"),
        (),
    ],
    ids=["csc twice", "health twice", "no csc", "nobody"],
)
def test_a_quorum_counts_groups_and_needs_social_care(present: tuple[str, ...]) -> None:
    away = {"housing": Attendance.APOLOGIES}
    story = given(held(mar(2), REVIEW, present=present, others=away, because="snow"))

    assert story.overdue("quorum", on=mar(17)) == {"M1"}


@pytest.mark.parametrize(
    ("how", "short"),
    [
        (Attendance.REMOTE, False),
        (Attendance.REPORT_ONLY, True),
        (Attendance.APOLOGIES, True),
        (Attendance.ABSENT, True),
    ],
)
def test_who_is_remote_counts_and_who_sends_a_report_does_not(how: Attendance, short: bool) -> None:
    story = given(held(mar(2), REVIEW, present=("csc", "school"), others={"police": how}))

    assert (story.overdue("quorum", on=mar(17)) == {"M1"}) is short


def test_a_core_group_needs_no_quorum() -> None:
    assert given(held(mar(2), CORE_GROUP, present=("csc",))).alerts("quorum", until=apr(1)) == []


@pytest.mark.parametrize(
    ("again", "short"),
    [
        (held(mar(16), REVIEW, "M2"), False),
        (held(mar(16), CORE_GROUP, "M2"), True),
        (held(mar(16), TRANSFER, "M2"), True),
    ],
)
def test_only_a_quorate_meeting_of_the_same_type_makes_up(again: PlanEvent, short: bool) -> None:
    story = given(held(mar(2), REVIEW, present=("csc", "school")), again)

    assert (story.overdue("quorum", on=mar(17)) == {"M1"}) is short


def test_a_second_meeting_without_a_quorum_makes_up_for_nothing() -> None:
    one = held(mar(2), REVIEW, "M1", present=("csc",))
    story = given(one, held(mar(16), REVIEW, "M2", present=("csc", "gp")))

    assert story.overdue("quorum", on=mar(31)) == {"M1", "M2"}
    story.when(held(mar(31), REVIEW, "M3", present=THREE))
    assert story.overdue("quorum", on=apr(1)) == set()


# Reports to a conference


def test_reports_are_due_5_working_days_before_a_review_conference() -> None:
    story = given(planned(feb(9), REVIEW, planned_for=mar(9)))

    assert story.overdue("report-to-conference", on=mar(2)) == set()
    assert story.overdue("report-to-conference", on=mar(3)) == {"M1/csc", "M1/school"}


def test_reports_are_due_2_working_days_before_an_initial_conference() -> None:
    story = given_in_need(planned(feb(9), INITIAL, planned_for=mar(9)))

    assert story.overdue("report-to-conference", on=mar(5)) == set()
    assert story.overdue("report-to-conference", on=mar(6)) == {"M1/csc", "M1/school"}


def test_a_report_is_one_agencys_for_one_meeting() -> None:
    story = given(
        planned(feb(9), REVIEW, planned_for=mar(9)),
        planned(feb(9), REVIEW, "M2", planned_for=mar(9)),
    ).when(report(mar(2), "school"), report(mar(2), "csc", "M2"))

    assert story.overdue("report-to-conference", on=mar(3)) == {"M1/csc", "M2/school"}


def test_a_report_that_came_late_or_was_written_up_late() -> None:
    story = given(planned(feb(9), REVIEW, planned_for=mar(9)), report(mar(5), "school"))
    story.when(report(feb(27), "csc"), recorded=mar(6))

    assert story.alerts("report-to-conference") == [
        Told("M1/csc", due_on=mar(2), raised_on=mar(3), cleared_on=mar(7), met_on=feb(27)),
        Told("M1/school", due_on=mar(2), raised_on=mar(3), cleared_on=mar(6), met_on=mar(5)),
    ]


def test_coming_to_the_conference_is_no_report() -> None:
    story = given(planned(feb(9), REVIEW, planned_for=mar(9)))
    story.when(held(mar(2), REVIEW, others={"school": Attendance.REPORT_ONLY}))

    assert story.overdue("report-to-conference", on=mar(3)) == {"M1/csc", "M1/school"}


def test_a_conference_planned_at_short_notice_is_told_at_once() -> None:
    story = given(planned(mar(5), REVIEW, planned_for=mar(9), invited=("school",)))

    assert story.alerts("report-to-conference") == [Told("M1/school", mar(2), raised_on=mar(6))]


def test_a_moved_conference_moves_the_day_and_the_alert_quotes_the_move() -> None:
    story = given(planned(feb(9), REVIEW, planned_for=mar(9), invited=("school",)))
    story.when(moved(mar(4), planned_for=mar(23)))

    assert story.alerts("report-to-conference", until=mar(17)) == [
        Told("M1/school", due_on=mar(2), raised_on=mar(3), cleared_on=mar(5)),
        Told("M1/school", due_on=mar(16), raised_on=mar(17)),
    ]
    lines = story.raised("report-to-conference", until=mar(17))
    assert [line.because for line in lines] == [(2,), (3,)]


def test_a_core_group_needs_no_reports() -> None:
    story = given(planned(feb(9), CORE_GROUP, planned_for=mar(9)))

    assert story.alerts("report-to-conference", until=apr(1)) == []


# Recommendations reach a decision of two agencies


def test_a_recommendation_reaches_a_decision_within_10_working_days() -> None:
    story = given(*RECOMMENDED)

    assert story.overdue("recommendation-answered", on=feb(23)) == set()
    assert story.overdue("recommendation-answered", on=feb(24)) == {"R1", "R2"}


def test_only_the_recommendation_that_a_decision_names_is_answered() -> None:
    story = given(*RECOMMENDED, decided(feb(23), agree=("csc", "school"), answers=("R1",)))

    assert story.overdue("recommendation-answered", on=feb(24)) == {"R2"}


def test_a_decision_of_one_agency_answers_nothing_until_a_second_takes_a_position() -> None:
    story = given(*RECOMMENDED, decided(feb(20), answers=("R1", "R2")))

    assert story.overdue("recommendation-answered", on=feb(24)) == {"R1", "R2"}
    story.when(position(feb(26), "school"))
    assert story.alerts("recommendation-answered") == [
        Told(name, due_on=feb(23), raised_on=feb(24), cleared_on=feb(27), met_on=feb(26))
        for name in ("R1", "R2")
    ]


def test_two_decisions_of_one_agency_each_do_not_add_up() -> None:
    story = given(*RECOMMENDED, decided(feb(19), answers=("R1", "R2")))
    story.when(decided(feb(20), "D2", decided_by="gp", agree=("gp",), answers=("R1", "R2")))

    assert story.overdue("recommendation-answered", on=feb(24)) == {"R1", "R2"}


def test_a_challenge_resolved_before_the_decision_leaves_it_an_ordinary_one() -> None:
    story = given(challenged(feb(5)), resolved(feb(6)), decided(feb(9), "D1"))

    assert story.alerts("decision-shared-after-challenge", until=mar(9)) == []
    assert story.overdue("decision-shared", on=feb(17)) == {"D1"}


def test_a_record_sent_round_shares_no_decision() -> None:
    story = given(held(feb(9), REVIEW), decided(feb(9), meeting="M1"), circulated(feb(10)))

    assert story.alerts("decision-shared", until=feb(17)) == [
        Told("D1", due_on=date(2026, 2, 16), raised_on=feb(17))
    ]
