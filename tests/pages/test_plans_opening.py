"""Opening a plan: with who the child is, in one go or not at all, by whom it is for."""

from typing import Any

import httpx

from pages.reading import hidden, soup, text
from pages.serving import Demo
from partnership import CHAIR, NURSE, SECOND_WORKER, TEAM_MANAGER, WORKER

ANSWERS: dict[str, Any] = {
    "plan_kind": "cp",
    "category": "NEG",
    "given_names": "Una Grace",
    "family_name": "Marlow",
    "on-day": "20",
    "on-month": "nov",
    "on-year": "2026",
    "lead-name": WORKER,
    "lead-agency": "csc",
    "agencies": ["csc", "school", "police"],
}


def send(demo: Demo, who: str, address: str = "/plans/new", **answers: Any) -> httpx.Response:
    """Fill in the form and send it."""
    begun = demo.as_(who).get(address)
    return demo.as_(who).post(address, data={**hidden(begun), **ANSWERS, **answers})


def plan_of(answer: httpx.Response) -> str:
    """Name the plan on whose page somebody has come."""
    return answer.url.path.removeprefix("/plans/")


def test_a_plan_opens_with_who_the_child_is(demo: Demo) -> None:
    answer = send(demo, CHAIR, child="UM1")
    said = text(answer)
    assert answer.history[0].status_code == 303
    assert "Is this plan keeping Una safe?" in said
    entries = demo.services.commands.entries(plan_of(answer))
    assert [type(entry.event).__name__ for entry in entries[:2]] == ["PlanOpened", "ChildDescribed"]
    assert str(entries[0].event.on) == "2026-11-20"


def test_a_new_plan_says_what_should_be_on_it_by_when(demo: Demo) -> None:
    answer = send(demo, WORKER, child="UM2")
    said = text(answer)
    assert "No actions yet. A child protection plan needs an outline plan" in said
    assert "and a first core group by 4 December 2026" in said
    assert "Not asked. Nobody has written down what Una says." in said
    assert "Father Nobody has written down who this is" in said


def test_a_team_manager_opens_a_plan_for_their_team(demo: Demo) -> None:
    begun = soup(demo.as_(TEAM_MANAGER).get("/plans/new")).select_one("#team")
    assert begun is not None
    assert begun["value"] == "North"
    assert "Una" in text(send(demo, TEAM_MANAGER, child="UM3", team="North"))
    refused = send(demo, TEAM_MANAGER, child="UM4", team="South")
    assert refused.status_code == 403
    assert "This was not recorded. What you wrote is still here." in text(refused)
    assert demo.services.record.plans_of("UM4") == []


def test_everything_that_is_missing_is_said_and_nothing_is_lost(demo: Demo) -> None:
    answer = send(demo, CHAIR, child="", given_names="", agencies=[])
    assert answer.status_code == 422
    said = text(answer)
    for wrong in (
        "Enter the child's number",
        "Enter the given names of the child",
        "Select which agencies are on the plan",
    ):
        assert said.count(wrong) == 2
    kept = soup(answer).select_one("#family_name")
    assert kept is not None
    assert kept["value"] == "Marlow"


def test_child_protection_has_a_category(demo: Demo) -> None:
    answer = send(demo, CHAIR, child="UM8", category="")
    assert answer.status_code == 422
    assert text(answer).count("Select the category of harm") == 2


def test_a_child_in_need_has_no_category(demo: Demo) -> None:
    answer = send(demo, WORKER, child="UM5", plan_kind="cin", category="NEG")
    assert "Is this plan helping Una?" in text(answer)


def test_what_the_rules_refuse_is_told_above_the_form(demo: Demo) -> None:
    send(demo, CHAIR, child="UM6")
    answer = send(demo, CHAIR, child="UM6")
    assert answer.status_code == 409
    assert "This was not recorded. What you wrote is still here." in text(answer)
    assert len(demo.services.record.plans_of("UM6")) == 1


def test_the_same_page_sent_twice_opens_one_plan(demo: Demo) -> None:
    begun = hidden(demo.as_(CHAIR).get("/plans/new"))
    sent = {**begun, **ANSWERS, "child": "UM7"}
    first, second = (demo.as_(CHAIR).post("/plans/new", data=sent) for _ in range(2))
    assert plan_of(first) == plan_of(second)
    assert len(demo.services.record.plans_of("UM7")) == 1


def test_a_plan_that_follows_another_begins_with_what_is_known_there(demo: Demo) -> None:
    begun = soup(demo.as_(CHAIR).get("/plans/new?follows=CP-J1"))
    child = begun.select_one("#child")
    kind = begun.select_one("input[name=plan_kind][checked]")
    assert child is not None
    assert kind is not None
    assert (child["value"], kind["value"]) == ("J1", "cin")
    answer = send(demo, CHAIR, "/plans/new?follows=CP-J1", child="J1", plan_kind="cin")
    opened = demo.services.commands.entries(plan_of(answer))[0].event
    assert getattr(opened, "follows", None) == "CP-J1"


def test_a_plan_that_somebody_may_not_see_cannot_be_followed(demo: Demo) -> None:
    assert demo.as_(SECOND_WORKER).get("/plans/new?follows=CIN-106").status_code == 404


def test_a_partner_opens_no_plan_and_is_not_offered_to(demo: Demo) -> None:
    assert demo.as_(NURSE).get("/plans/new").status_code == 403
    assert demo.as_(NURSE).post("/plans/new", data=ANSWERS).status_code == 403
    assert "Open a plan" not in text(demo.as_(NURSE).get("/plans"))
