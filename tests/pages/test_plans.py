"""The list of plans and the workspace of one: what needs somebody, and only what they may do."""

import pytest

from pages.reading import links, text
from pages.serving import Demo
from partnership import (
    CHAIR,
    HEALTH_VISITOR,
    INSPECTOR,
    KEPT_OUT,
    NURSE,
    OTHER_MANAGER,
    POLICE,
    SECOND_WORKER,
    SERVICE_MANAGER,
    TEAM_MANAGER,
    WORKER,
)


def test_a_chair_sees_each_child_by_name_with_what_waits(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/plans")
    said = text(answer)
    assert said.startswith("Your plans Open a plan")
    assert links(answer)["Effie, CP-105"] == "/plans/CP-105"
    assert "2 open actions, none overdue. 3 open alerts Last seen 5 days ago" in said
    assert "Review by 8 December 2026, in 15 days." in said
    assert "Child in need. Ended on 10 February 2020." in said
    assert "Tobin" not in answer.text


def test_a_manager_sees_the_plans_of_the_team_and_who_leads_each(demo: Demo) -> None:
    said = text(demo.as_(TEAM_MANAGER).get("/plans"))
    assert said.startswith("Plans Open a plan")
    assert "lead practitioner Idris Pellow, team North" in said


def test_an_empty_list_says_when_a_plan_would_be_in_it(demo: Demo) -> None:
    said = text(demo.as_(OTHER_MANAGER).get("/plans"))
    assert "A plan is here once your team holds it" in said
    assert "No plan that you may see fits these filters" not in said


def test_filters_stand_in_the_address_and_each_can_be_taken_off(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/plans?kind=cp&ended=no")
    assert "CP-101" in answer.text
    assert "CP-J1" not in answer.text
    assert links(answer)["Remove this filter Child protection"] == "/plans?ended=no"
    assert links(answer)["Remove this filter Going on"] == "/plans?kind=cp"
    one = demo.as_(CHAIR).get("/plans?child=FL4105&family=")
    assert list(links(one, ".plantrack-cases")) == ["Effie, CP-105"]


def test_a_filter_that_fits_nothing_is_told_apart_from_an_empty_list(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/plans?child=FL9999")
    assert "No plan that you may see fits these filters." in text(answer)
    assert links(answer)["Show all"] == "/plans"


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("child=!!", "Enter the child's number in letters and digits, like FL4101"),
        ("family=a%20b", "Enter the family's number, like FAM01"),
        ("kind=ccp", "Select one of the answers that are listed"),
        ("ended=maybe", "Select one of the answers that are listed"),
    ],
)
def test_what_cannot_be_a_filter_is_said_at_the_field_and_kept(
    demo: Demo, asked: str, wrong: str
) -> None:
    answer = demo.as_(CHAIR).get(f"/plans?{asked}")
    assert answer.status_code == 422
    assert text(answer).count(wrong) == 2
    assert "Error: " in text(answer, "title")


def test_only_who_sees_several_teams_can_choose_one(demo: Demo) -> None:
    assert "All teams" in text(demo.as_(SERVICE_MANAGER).get("/plans"))
    assert "All teams" not in text(demo.as_(TEAM_MANAGER).get("/plans"))


def test_the_workspace_begins_with_what_needs_somebody(demo: Demo) -> None:
    answer = demo.as_(CHAIR).get("/plans/CP-105")
    said = text(answer)
    assert said.startswith(
        "Child protection plan, emotional abuse Is this plan keeping Effie safe? "
        "3 things need you now Answer the disagreement of police with the decision"
    )
    assert "No written answer for 32 days. Your procedures say within 5 working days." in said
    assert "Managers were told on 30 October 2026; nobody has answered yet." in said
    to = next(href for name, href in links(answer).items() if name.startswith("Answer the disagr"))
    assert to == "/plans/CP-105/record/dissent-answered?decision=D3&agency=police"


def test_absences_are_told_as_facts(demo: Demo) -> None:
    said = text(demo.as_(CHAIR).get("/plans/CP-105"))
    assert "Father Not yet spoken to" in said
    assert "Next review Due by 21 February 2027, in 61 working days. Not planned yet" in said
    assert "Agencies 6 of 6 have acted." in said
    other = text(demo.as_(WORKER).get("/plans/CIN-106"))
    assert "have acted. Not yet: school and the school nurse." in other


def test_a_plan_in_need_asks_whether_it_helps(demo: Demo) -> None:
    assert "Is this plan helping Tobin?" in text(demo.as_(WORKER).get("/plans/CIN-106"))


def test_the_child_speaks_before_the_outcomes(demo: Demo) -> None:
    said = text(demo.as_(CHAIR).get("/plans/CP-105"))
    heard = said.index("“I saw Daddy by the gate. I waved. Is that bad?”")
    assert heard < said.index("What should be different for Effie")
    assert "18 November 2026, talked, heard by children's social care" in said
    assert "On time 1 of 2." in said
    assert "Difference made No change reviewed on 29 October 2026" in said


def test_an_ended_plan_says_how_it_ended_and_what_was_overdue_then(demo: Demo) -> None:
    said = text(demo.as_(CHAIR).get("/plans/CP-J1"))
    assert "Did this plan keep the child safe?" in said
    assert "This plan ended on 8 July 2020 Why: services ceased." in said
    assert "Each invited agency reports before a conference: 4 times" in said
    assert "need you now" not in said
    step = text(demo.as_(CHAIR).get("/plans/CIN-J1"))
    assert "Plan CP-J1 took its place." in step


def test_who_may_not_record_is_shown_no_way_to(demo: Demo) -> None:
    seen = demo.as_(INSPECTOR).get("/plans/CP-105")
    assert "Update this plan" not in links(seen)
    assert "End this plan" not in links(seen)
    assert "3 things are overdue" in text(seen)
    assert not [to for to in links(seen).values() if "/record" in to]


def test_a_partner_updates_and_does_not_end(demo: Demo) -> None:
    partner, chair = demo.as_(NURSE).get("/plans/CP-105"), demo.as_(CHAIR).get("/plans/CP-105")
    assert "Update this plan" in links(partner)
    assert "End this plan" not in links(partner)
    assert links(chair)["End this plan"] == "/plans/CP-105/end"


def test_what_waits_for_ones_own_agency_comes_first(demo: Demo) -> None:
    nurse = list(links(demo.as_(NURSE).get("/plans/CP-105/needs"), "ol"))
    assert nurse[0].startswith("Answer the disagreement")
    assert nurse[-1].startswith("Ask whether this plan")


def test_only_who_owes_a_report_is_led_to_send_it(demo: Demo) -> None:
    def report_for(who: str) -> str:
        found = links(demo.as_(who).get("/plans/CP-101/needs"))
        return next(to for name, to in found.items() if name.startswith("Send the report"))

    assert report_for(NURSE) == "/plans/CP-101/record/report-submitted?meeting=M11"
    assert report_for(POLICE) == "/plans/CP-101/meetings"
    assert report_for(CHAIR) == "/plans/CP-101/record/report-submitted?meeting=M11"


def test_nobody_is_led_to_speak_for_another_agency(demo: Demo) -> None:
    name = "Confirm that the information of 19 November 2026 was read"
    worker = links(demo.as_(WORKER).get("/plans/CP-101"))
    nurse = links(demo.as_(NURSE).get("/plans/CP-101"))
    assert worker[name] == "/plans/CP-101/information#I2"
    assert nurse[name] == "/plans/CP-101/record/information-acknowledged?item=I2"


def test_a_plan_that_somebody_may_not_see_is_as_one_that_there_is_not(demo: Demo) -> None:
    kept = demo.as_(KEPT_OUT).get("/plans/CP-104")
    none = demo.as_(KEPT_OUT).get("/plans/CP-999")
    assert kept.status_code == none.status_code == 404
    assert "Keir" not in kept.text
    assert text(kept).replace("CP-104", "") == text(none).replace("CP-999", "")


def test_the_plan_of_a_brother_is_named_to_whom_may_see_it_only(demo: Demo) -> None:
    assert "CP-101" in demo.as_(CHAIR).get("/plans/CP-103").text
    hidden = demo.as_(HEALTH_VISITOR).get("/plans/CP-103")
    assert "CP-101" not in hidden.text
    assert "Has a plan of their own" in text(hidden)


@pytest.mark.parametrize("part", ["", "/actions", "/seen", "/people", "/history", "/family"])
def test_no_title_and_no_address_holds_the_childs_name(demo: Demo, part: str) -> None:
    answer = demo.as_(SECOND_WORKER).get(f"/plans/CP-105{part}")
    assert answer.status_code == 200
    assert "Effie" in text(answer)
    assert "Effie" not in text(answer, "title")
    assert not [to for to in links(answer, "body").values() if "Effie" in to]
