"""The parts of a plan: every absence is a sentence, and only what somebody may do is offered."""

from pages.reading import hidden, links, soup, text
from pages.serving import Demo
from partnership import CHAIR, HEALTH_VISITOR, NURSE, POLICE, SECOND_WORKER, TEACHER, WORKER
from plantrack.domain.calendar import london_day
from plantrack.domain.events.entries import Entry


def _days_late(entry: Entry) -> int:
    return (london_day(entry.known_at) - entry.event.on).days


def card(demo: Demo, who: str, address: str, name: str) -> str:
    """Give the words of one card."""
    return text(demo.as_(who).get(address), f"#{name}")


def test_an_action_keeps_its_first_date(demo: Demo) -> None:
    moved = card(demo, CHAIR, "/plans/CP-105/actions", "A3")
    assert "By when 10 December 2026, in 17 days" in moved
    assert "Its date Moved once: first due 16 July 2026" in moved
    assert "Last reviewed 29 October 2026: No change" in moved
    assert "Never moved" in card(demo, CHAIR, "/plans/CP-105/actions", "A1")
    assert "Done on 14 July 2026" in card(demo, CHAIR, "/plans/CP-105/actions", "A2")


def test_an_overdue_action_says_by_how_many_days(demo: Demo) -> None:
    old = card(demo, CHAIR, "/plans/CP-J1/actions", "A1")
    assert "Was still open when the plan ended" in old or "Given up on" in old
    assert "Overdue" not in old


def test_ways_to_go_on_with_an_action_are_filled_in(demo: Demo) -> None:
    found = links(demo.as_(CHAIR).get("/plans/CP-105/actions"), "#A1")
    about = "action A1: the mother and Effie go to the group for mothers and children"
    assert found[f"Review {about}"] == "/plans/CP-105/record/action-reviewed?action=A1"
    assert found[f"New date {about}"] == "/plans/CP-105/record/action-rescheduled?action=A1"
    assert found[f"Done {about}"] == "/plans/CP-105/record/action-completed?action=A1"
    assert found[f"End {about}"] == "/plans/CP-105/record/action-ended?action=A1"


def test_a_partner_reviews_the_actions_of_their_own_agency_only(demo: Demo) -> None:
    own = links(demo.as_(TEACHER).get("/plans/CP-101/actions"), "#A2")
    others = links(demo.as_(TEACHER).get("/plans/CP-101/actions"), "#A4")
    assert any(name.startswith("Review") for name in own)
    assert not any(name.startswith("End ") for name in own)
    assert list(others.values()) == ["/plans/CP-101/actions/A4"]


def test_an_action_has_its_own_story_and_nobody_elses(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/plans/CP-105/actions/A3")
    said = text(answer)
    assert "First due on 16 July 2026" in said
    assert "Action A3 was reviewed" in said
    assert "Action A1 was reviewed" not in said
    assert demo.as_(CHAIR).get("/plans/CP-105/actions/A99").status_code == 404


def test_seen_and_seen_alone_stand_together(demo: Demo) -> None:
    said = text(demo.as_(CHAIR).get("/plans/CP-105/seen"))
    assert "Last seen 5 days ago · last seen alone 5 days ago" in said
    assert "Face to face, being seen alone was declined by children's social care" in said
    assert "No contact was missed." in said
    assert "No service was withdrawn." in said


def test_missed_contacts_say_whether_somebody_asked_why(demo: Demo) -> None:
    said = text(demo.as_(CHAIR).get("/plans/CP-J1/seen"))
    assert "Not seen: " in said
    assert "before it ended" in said
    assert "ago" not in said


def test_a_conference_to_come_names_who_has_not_reported(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/plans/CP-101/meetings")
    said = text(answer, "#M11")
    assert "Planned for 1 December 2026, in 8 days" in said
    assert "The school nurse: not here yet, due on 24 November 2026" in said
    assert "School: sent on" in said
    form = soup(answer).select_one("#M11 form")
    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/plans/CP-101/meetings/M11/conference")


def test_a_partner_is_not_offered_to_record_a_conference(demo: Demo) -> None:
    answer = demo.as_(POLICE).get("/plans/CP-101/meetings")
    assert soup(answer).select("#M11 form") == []
    assert "Plan a meeting" not in links(answer)


def test_information_tells_who_read_it_and_who_did_not(demo: Demo) -> None:
    said = card(demo, CHAIR, "/plans/CP-101/information", "I2")
    assert "told on 19 November 2026, not read yet" in said
    assert "Checked Nobody has checked it" in said
    held = card(demo, POLICE, "/plans/CP-101/information", "I1")
    assert "Held back from Early help: " in held
    assert "withheld]" not in held


def test_only_who_has_not_read_it_is_asked_to(demo: Demo) -> None:
    nurse = links(demo.as_(NURSE).get("/plans/CP-101/information"), "#I2")
    police = links(demo.as_(POLICE).get("/plans/CP-101/information"), "#I2")
    assert nurse["We have read it about information I2"].endswith("acknowledged?item=I2")
    assert "We have read it about information I2" not in police


def test_a_decision_within_one_agency_is_told_as_a_fact(demo: Demo) -> None:
    alone = card(demo, CHAIR, "/plans/CP-102/decisions", "D3")
    assert "Stayed within one agency" in alone
    shared = card(demo, CHAIR, "/plans/CP-105/decisions", "D3")
    assert "Stayed within one agency" not in shared
    assert "Disagree Police, said on 22 October 2026: the bail conditions ended" in shared
    assert "Were not asked School: no meeting was near" in shared
    assert "Answer to police No written answer yet" in shared


def test_each_is_offered_what_they_may_say_on_a_decision(demo: Demo) -> None:
    chair = links(demo.as_(CHAIR).get("/plans/CP-105/decisions"), "#D3")
    nurse = links(demo.as_(NURSE).get("/plans/CP-105/decisions"), "#D3")
    assert list(chair) == ["Answer police on decision D3"]
    assert nurse["Say where you stand on decision D3"].endswith("position-taken?decision=D3")
    assert "Answer police on decision D3" not in nurse


def test_a_challenge_tells_each_stage(demo: Demo) -> None:
    said = card(demo, SECOND_WORKER, "/plans/CP-105/decisions", "C1")
    assert "Stage 1 Since 21 October 2026" in said
    assert "Stage 2 Since 17 November 2026, answer due by 24 November 2026. No answer yet" in said
    assert "Outcome Not resolved yet" in said


def test_people_tell_who_was_not_asked(demo: Demo) -> None:
    said = text(demo.as_(SECOND_WORKER).get("/plans/CP-105/people"))
    assert "Father Not asked and nobody has written why" in said
    assert ": three home visits" in said
    assert "Father Neal Dunmore. Nobody knows yet how far they are involved." in said
    without = text(demo.as_(CHAIR).get("/plans/CP-101/people"))
    assert "No assessment is on this plan, so it is not written down who was asked" in without


def test_brothers_and_sisters_stand_side_by_side_each_on_their_own(demo: Demo) -> None:
    answer = demo.as_(WORKER).get("/plans/CP-103/family")
    assert set(links(answer, ".plantrack-beside h2").values()) == {
        "/plans/CP-101",
        "/plans/CP-102",
        "/plans/CP-103",
    }


def test_a_brother_whose_plan_somebody_may_not_see_has_no_column(demo: Demo) -> None:
    answer = demo.as_(HEALTH_VISITOR).get("/plans/CP-103/family")
    assert list(links(answer, ".plantrack-beside h2").values()) == ["/plans/CP-103"]
    assert "You see no plan of another child of this family." in text(answer)
    assert "CP-101" not in answer.text


def test_the_history_is_told_newest_first_by_pages_and_themes(demo: Demo) -> None:
    first = demo.as_(CHAIR).get("/plans/CP-105/history")
    said = text(first)
    assert "page 1 of " in said
    assert said.index("Challenge C1 was taken to stage 2") < said.index("asked for multi-agency")
    last = text(demo.as_(CHAIR).get("/plans/CP-105/history?page=999"))
    assert "Entry 1 by" in last
    only = demo.as_(CHAIR).get("/plans/CP-105/history?theme=challenges")
    assert "Challenge C1 was taken to stage 2." in text(only)
    assert "saw the child" not in text(only)
    assert links(only)["Remove this filter Challenge between agencies"] == "/plans/CP-105/history"
    assert demo.as_(CHAIR).get("/plans/CP-105/history?theme=x&page=-3").status_code == 200


def test_the_history_words_alerts_for_people(demo: Demo) -> None:
    said = text(demo.as_(CHAIR).get("/plans/CP-105/history?theme=alerts"))
    assert (
        "Told to the owner: “An agency that disagrees gets a written answer (D3, police)”" in said
    )
    assert "dissent-answered" not in said


def test_an_entry_says_by_whom_when_and_how_late(demo: Demo) -> None:
    late = next(e for e in reversed(demo.services.commands.entries("CP-105")) if _days_late(e) == 1)
    said = text(demo.as_(CHAIR).get(f"/plans/CP-105/entries/{late.number}"))
    assert "1 day after the day" in said
    assert "Recorded by Idris Pellow, lead practitioner, children's social care" in said
    prompt = next(e for e in demo.services.commands.entries("CP-105") if _days_late(e) == 0)
    said = text(demo.as_(CHAIR).get(f"/plans/CP-105/entries/{prompt.number}"))
    assert ", the same day" in said
    for number in ("0", "9999", "x", "1" * 12):
        assert demo.as_(CHAIR).get(f"/plans/CP-105/entries/{number}").status_code == 404


def test_an_entry_is_offered_to_be_put_right_to_who_recorded_it_only(demo: Demo) -> None:
    sent = {"last_read": "", "command": "plans-parts-1", "mode": "face_to_face", "alone": "yes"}
    page = demo.as_(SECOND_WORKER).get("/plans/CP-104/record/child-seen")
    typed = hidden(page)
    day = {"on-day": "20", "on-month": "11", "on-year": "2026"}
    done = demo.as_(SECOND_WORKER).post(
        "/plans/CP-104/record/child-seen", data={**sent, **typed, **day}
    )
    number = done.url.params["recorded"]
    own = links(demo.as_(SECOND_WORKER).get(f"/plans/CP-104/entries/{number}"))
    others = links(demo.as_(CHAIR).get(f"/plans/CP-104/entries/{number}"))
    assert own["Correct this entry"] == f"/plans/CP-104/entries/{number}/correct"
    assert own["Take this entry back"] == f"/plans/CP-104/entries/{number}/retract"
    assert "Correct this entry" not in others


def test_a_conference_of_three_children_stands_together(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/meetings")
    said = text(answer)
    assert said.count("Review child protection conference for 3 children") == 1
    assert "Perrin: still to come from the school nurse" in said
    assert "Bram: all here" in said
    forms = [str(form["action"]) for form in soup(answer).select("main form")]
    assert len(forms) == 1
    assert forms[0].startswith("/plans/CP-10")


def test_of_a_conference_only_the_children_that_somebody_may_see_are_named(demo: Demo) -> None:
    answer = demo.as_(HEALTH_VISITOR).get("/meetings")
    assert "Bram, plan CP-103" in links(answer)
    assert "Perrin" not in text(answer)
    assert soup(answer).select("main form") == []
