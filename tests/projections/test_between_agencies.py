"""What agencies decided, told, saw, challenged and met about."""

from plantrack.domain import events as e
from plantrack.domain.redaction.clearance import Clearance, clear, withheld
from plantrack.domain.words import Alone, Attendance, Mark, Mode, Position
from plantrack.projections import challenges, decisions, engagement, information, meetings
from projections.lists import lists
from story import (
    CORE_GROUP,
    CP_J1,
    CP_K2,
    F2F,
    REVIEW,
    TELEPHONE,
    acknowledged,
    apr,
    challenge_answered,
    challenged,
    circulated,
    climbed,
    corrected,
    corroborated,
    decided,
    disputed,
    dissent_answered,
    feb,
    given,
    held,
    joined,
    mar,
    missed,
    moved,
    planned,
    position,
    report,
    resolved,
    retracted,
    seen,
    shared,
    supervised,
    supervision_asked,
)

NOT_ASKED, DISAGREE = Position.NOT_ASKED, Position.DISAGREE


def test_that_a_decision_stayed_within_one_agency_is_worked_out(url: str) -> None:
    story = given(
        decided(feb(3), "D1", agree=("csc", "early-help"), positions={"school": NOT_ASKED}),
        decided(feb(4), "D2"),
        position(feb(6), "school", "D2"),
        decided(feb(5), "D3", agree=("csc", "police")),
    )
    with lists(url, story) as mine:
        d3, d2, d1 = mine.rows(decisions.listed)
        alone = mine.rows(decisions.listed, single_agency=True)

    assert [row["single_agency"] for row in (d1, d2, d3)] == [True, False, False]
    assert [row["shared_on"] for row in (d1, d2, d3)] == [None, feb(6), feb(5)]
    assert [row["decision"] for row in alone] == ["D1"]
    assert d2["positions"]["school"] == {"position": "agree", "reason": "seen", "on": "2026-02-06"}
    assert d2["positions"]["csc"]["on"] == "2026-02-04"


def test_a_decision_awaits_the_agencies_on_the_plan_that_took_no_position(url: str) -> None:
    story = given(decided(feb(3), positions={"school": NOT_ASKED}), position(feb(4), "police"))
    story.when(joined(feb(5), "gp"))
    with lists(url, story) as mine:
        row = mine.one(decisions.listed, awaiting="school")

        assert row["awaiting"] == ["school", "school-nursing"]
        assert mine.rows(decisions.listed, awaiting="police") == []
        assert mine.rows(decisions.listed, awaiting="school", plan=CP_K2) == []


def test_dissent_waits_for_an_answer(url: str) -> None:
    story = given(decided(feb(3), positions={"school": DISAGREE}))
    story.when(position(feb(4), "police", takes=DISAGREE), dissent_answered(feb(6), "school"))
    with lists(url, story) as mine:
        row = mine.one(decisions.listed)

    dissent = {each["agency"]: each for each in row["dissent"]}
    assert (dissent["school"]["answered_on"], dissent["school"]["answer"]) == (
        "2026-02-06", "in writing"
    )  # fmt: skip
    assert (dissent["police"]["answered_on"], dissent["police"]["reason"]) == (None, "seen")
    assert row["unanswered_dissent"] == 1


def test_information_says_who_has_it_who_has_not_and_who_did_not_acknowledge_it(url: str) -> None:
    story = given(
        shared(feb(3), to=("csc", "school"), withheld={"gp": "no consent yet"}),
        acknowledged(feb(4), "csc"),
        corroborated(feb(5), "I1"),
        disputed(feb(6), "I1"),
        shared(feb(5), "I2", to=("csc", "school", "school-nursing")),
        *(acknowledged(feb(9), agency, "I2") for agency in ("csc", "school", "school-nursing")),
    )
    with lists(url, story) as mine:
        i2, i1 = mine.rows(information.listed)

        assert mine.one(information.listed, waiting="school")["item"] == "I1"
        assert mine.one(information.listed, waiting="school-nursing")["item"] == "I1"
        assert mine.rows(information.listed, waiting="csc") == []
        assert mine.one(information.listed, everybody_has_it=True)["item"] == "I2"

    assert i1["holder"] == "police"
    assert i1["told"] == {
        "csc": {"on": "2026-02-03", "acknowledged_on": "2026-02-04"},
        "school": {"on": "2026-02-03", "acknowledged_on": None},
    }
    for agency, why in (("csc", "no consent yet"), ("gp", withheld(Mark.AGENCY_CONFIDENTIAL))):
        reader = Clearance(agency, frozenset())
        assert {to: clear(said, reader) for to, said in i1["withheld_from"].items()} == {"gp": why}
    assert (i1["not_told"], i1["not_acknowledged"]) == (["school-nursing"], ["school"])
    assert i1["corroborated"] == [{"on": "2026-02-05", "agency": "school", "basis": "observed"}]
    assert i1["disputed"] == [{"on": "2026-02-06", "agency": "school", "basis": "child"}]
    assert i2["waiting"] == []


def test_contacts_made_and_missed_are_listed_by_day(url: str) -> None:
    story = given(
        seen(feb(3), F2F, Alone.YES, words="I miss nan"),
        missed(feb(10)),
        seen(feb(12), TELEPHONE),
        missed(feb(9), agency="school"),
    )
    story.when(seen(feb(11)), plan=CP_K2)
    with lists(url, story) as mine:
        rows = mine.rows(engagement.listed, plan=CP_J1)
        oldest = mine.rows(engagement.listed, newest_first=False, since=feb(10), until=feb(11))

        assert [row["number"] for row in mine.rows(engagement.listed, sort="missed")] == [3, 5]
        assert mine.one(engagement.listed, agency="school")["how"] == "no_access"

    assert [(row["on"].day, row["sort"]) for row in rows] == [
        (12, "seen"), (10, "missed"), (9, "missed"), (3, "seen")
    ]  # fmt: skip
    assert [row["face_to_face"] for row in rows] == [False, False, False, True]
    assert [(row["plan"], row["on"]) for row in oldest] == [(CP_J1, feb(10)), (CP_K2, feb(11))]
    assert rows[3]["words"] == "I miss nan"


def test_a_visit_that_was_corrected_or_taken_back_is_listed_so(url: str) -> None:
    story = given(seen(feb(3)), seen(feb(4)))
    with lists(url, story) as mine:
        mine.tell_more(story.when(corrected(feb(5), 2, mode="video"), retracted(feb(5), 3)))
        mine.follow()
        row = mine.one(engagement.listed)

    assert (row["number"], row["mode"], row["face_to_face"]) == (2, Mode.VIDEO, False)


def test_a_challenge_is_followed_through_its_stages_to_who_decided(url: str) -> None:
    story = given(challenged(feb(3)), challenge_answered(feb(4)), climbed(feb(6)))
    with lists(url, story) as mine:
        row = mine.one(challenges.listed, state="open", agency="school")
        mine.tell_more(story.when(resolved(feb(12))))
        mine.follow()
        done = mine.one(challenges.listed, sort="challenge")

    first, second = row["stages"]
    assert (first["on"], first["due_on"], first["answered_on"], first["climbed_on"]) == (
        "2026-02-03", "2026-02-05", "2026-02-04", "2026-02-06"
    )  # fmt: skip
    assert (second["stage"], second["due_on"], second["answered_on"]) == (2, "2026-02-13", None)
    assert (row["stage"], row["due_on"], row["to_agency"]) == (2, feb(13), "csc")
    assert (done["state"], done["outcome"], done["agencies"]) == (
        "closed", "weekly visits", ["csc", "school"]
    )  # fmt: skip
    assert (done["resolved_on"], done["due_on"]) == (feb(12), None)


def test_supervision_is_followed_to_the_decisions_that_answer_what_it_recommended(
    url: str,
) -> None:
    story = given(supervision_asked(feb(3)))
    with lists(url, story) as mine:
        asked = mine.one(challenges.listed)
        story.when(supervised(feb(10), "S1", "R1", "R2"))
        story.when(decided(feb(12), "D1", answers=("R1",)))
        story.when(decided(feb(13), "D2", agree=("csc", "school"), answers=("R2",)))
        mine.tell_more(story)
        mine.follow()
        held_now = mine.one(challenges.listed)
        mine.tell_more(story.when(position(feb(16), "school", "D1")))
        mine.follow()
        answered_now = mine.one(challenges.listed, sort="supervision")

    assert (asked["state"], asked["due_on"], asked["says"]) == (
        "open", feb(17), "the plan is stuck"
    )  # fmt: skip
    r1, r2 = held_now["recommendations"]
    assert (held_now["state"], held_now["held_on"]) == ("open", feb(10))
    assert (r1["answered_on"], r1["decisions"][0]["shared"]) == (None, False)
    assert (r2["answered_on"], r2["decisions"][0]["shared"]) == ("2026-02-13", True)
    assert (answered_now["state"], answered_now["due_on"]) == ("closed", None)


def test_a_conference_without_a_quorum_says_so_and_why_it_went_ahead(url: str) -> None:
    story = given(
        held(mar(2), REVIEW, "M1", present=("csc", "early-help"), because="the child was waiting"),
        held(mar(9), REVIEW, "M2", others={"gp": Attendance.APOLOGIES}),
        held(mar(16), CORE_GROUP, "M3", present=("csc",)),
    )
    with lists(url, story) as mine:
        m3, m2, m1 = mine.rows(meetings.listed, plan=CP_J1)

        assert [row["meeting"] for row in mine.rows(meetings.listed, quorate=False)] == ["M1"]

    assert [row["quorate"] for row in (m1, m2, m3)] == [False, True, None]
    assert m1["went_ahead_because"] == "the child was waiting"
    assert m2["attendance"]["gp"] == "apologies"


def test_a_meeting_says_who_has_not_reported_and_how_often_it_was_moved(url: str) -> None:
    story = given(
        planned(feb(3), REVIEW, planned_for=mar(2), invited=("csc", "school")),
        moved(feb(16), planned_for=mar(16)),
        report(feb(20), "school"),
    )
    with lists(url, story) as mine:
        before = mine.one(meetings.listed, held=False)
        story.when(held(mar(16), REVIEW), circulated(mar(20)))
        story.when(
            e.DifferenceStated(on=mar(16), meeting="M1", agency="school", agrees=False, what="no")
        )
        mine.tell_more(story)
        mine.follow()
        after = mine.one(meetings.listed, type="review_conference")

    assert (before["first_planned_for"], before["planned_for"]) == (mar(2), mar(16))
    assert before["moves"] == [
        {"on": "2026-02-16", "planned_for": "2026-03-16", "reason": "no quorum"}
    ]
    assert before["reports_missing"] == ["csc"]
    assert [each["sent_on"] for each in before["reports"]] == [None, "2026-02-20"]
    assert before["reports"][0]["due_on"] == "2026-03-09"
    assert (after["held_on"], after["circulated_on"], before["held_on"]) == (
        mar(16), mar(20), None
    )  # fmt: skip
    assert after["differences"] == [
        {"on": "2026-03-16", "agency": "school", "agrees": False, "what": "no"}
    ]
    assert after["on"] < apr(1)
