"""Privacy officers and whoever asks who looked; emergency access, and who may see a plan."""

import re
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from pages.filling_in import errors_of, told
from pages.serving import Demo
from partnership import (
    CHAIR,
    INSPECTOR,
    NOW,
    NURSE,
    ON_CALL,
    POLICE_LEAD,
    PRIVACY_OFFICER,
    RESTRICTED,
    SERVICE_MANAGER,
    TEAM_MANAGER,
    WORKER,
    player,
)
from plantrack.access_log import queries
from plantrack.access_log.log import Looked
from plantrack.application.demo_people import known_as
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.checks import LONGEST_RESTRICTION
from plantrack.domain.rights.words import GlassGround
from plantrack.domain.words import THE_TRACKER

ENOUGH = "The police found the child alone in the street tonight."


def day(field: str, of: str) -> dict[str, str]:
    year, month, on = of.split("-")
    return {f"{field}-day": on, f"{field}-month": month, f"{field}-year": year}


def glass_of(demo: Demo, name: str, agency: str, access: str, plan: str) -> None:
    """Let somebody have taken emergency access."""
    broken = rights_events.GlassBroken(
        glass=access,
        plan=plan,
        person=known_as(name, agency),
        ground=GlassGround.IMMEDIATE_HARM,
        reason=ENOUGH,
        until=NOW + timedelta(hours=1),
        review_by=NOW.date(),
    )
    demo.services.authoriser.state([broken], THE_TRACKER, None)


def looks(client: httpx.Client, **asked: str) -> str:
    return told(client.get("/looked", params=asked).text)


def test_looks_are_narrowed_down_by_child_plan_person_and_days(demo: Demo) -> None:
    demo.as_(CHAIR).get("/plans/CP-101")
    demo.as_(NURSE).get("/plans/CP-102")
    client = demo.as_(PRIVACY_OFFICER)

    today = day("since", "2026-11-23")
    everything, first = looks(client, **today), looks(client, plan="CP-101", **today)
    assert "Casey Hollin , children's social care, as chair, looked at plan CP-101" in everything
    assert "looked at plan CP-102" in everything
    assert "CP-102" not in first
    assert "Noor Ellery" not in looks(client, person="Casey Hollin", **today)
    assert "looked at plan CP-102" in looks(client, person="noor ellery", **today)
    child = demo.services.authoriser.facts(["CP-101"])["CP-101"].child
    assert "CP-102" not in looks(client, child=child, **today)
    assert "Nobody looked that fits what you chose" in looks(client, **day("since", "2026-11-24"))
    at = "23 November 2026 at 9:30am"
    assert at not in looks(client, plan="CP-101", **day("until", "2026-11-22"))
    assert at in looks(client, plan="CP-101", **day("until", "2026-11-23"))


def test_older_looks_follow_on_the_next_page_with_the_same_filter(demo: Demo) -> None:
    client = demo.as_(PRIVACY_OFFICER)
    address, seen = "/looked?person=Casey+Hollin", 0
    for number in range(60):
        demo.sources.access.note([look_at(f"CP-{number}")])
    for _ in range(20):
        page = client.get(address).text
        seen += page.count("looked at plan") + page.count("was refused plan")
        if "Earlier looks" not in page:
            break
        address = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert "person=Casey+Hollin" in address

    who = player(CHAIR)["person"]
    assert seen == len(queries.looked(demo.sources.access, person=who, limit=200).rows) > 50


def look_at(plan: str) -> Looked:
    """Give a line of the access record: the chair was refused a plan."""
    who = player(CHAIR)["person"]
    return Looked(
        at=NOW,
        request="r",
        person=who,
        name=CHAIR,
        agency="csc",
        role="chair",
        plan=plan,
        child=None,
        what="workspace",
        marks="",
        purpose=None,
        shown=False,
        reason="no_such_plan",
        glass=None,
    )


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"person": "Nobody Else"}, "person"),
        ({"plan": "not a plan"}, "plan"),
        (day("since", "2026-2-30"), "since-day"),
        ({**day("since", "2026-11-23"), **day("until", "2026-11-22")}, "since-day"),
    ],
    ids=str,
)
def test_a_filter_that_cannot_be_read_is_said_at_its_field(
    demo: Demo, asked: dict[str, str], wrong: str
) -> None:
    answer = demo.as_(PRIVACY_OFFICER).get("/looked", params=asked)

    assert (answer.status_code, list(errors_of(answer.text))) == (422, [wrong])
    assert "<title>Error: " in answer.text


def test_an_inspector_asks_about_a_plan_of_the_warrant_only(demo: Demo) -> None:
    client = demo.as_(INSPECTOR)

    assert "Which plan of your warrant?" in looks(client)
    assert "looked at plan CP-101" in looks(client, plan="CP-101")
    hidden = client.get("/looked", params={"plan": RESTRICTED})
    assert (hidden.status_code, RESTRICTED in hidden.text) == (404, False)
    assert "looked at this plan" in told(client.get("/plans/CP-101/viewed").text)


def test_unusual_looks_are_a_reason_to_ask(demo: Demo) -> None:
    client = demo.as_(PRIVACY_OFFICER)

    found = told(client.get("/looked/patterns").text)
    assert "under broken glass" in found
    assert "a reason to ask somebody, not a finding" in found
    asked = {**day("since", "2026-8-22"), **day("until", "2026-11-23")}
    assert client.get("/looked/patterns", params=asked).status_code == 200
    asked |= day("since", "2026-8-21")
    assert client.get("/looked/patterns", params=asked).status_code == 422


def test_who_has_access_is_told_as_far_as_the_role_lets_one_know(demo: Demo) -> None:
    for name in (CHAIR, WORKER, TEAM_MANAGER, SERVICE_MANAGER):
        page = told(demo.as_(name).get("/plans/CP-101/viewed").text)
        assert "Casey Hollin, children's social care, chairs it since 16 March 2026" in page
        assert "Who looked is shown to privacy officers" in page
    for name in (NURSE, INSPECTOR):
        page = told(demo.as_(name).get("/plans/CP-101/viewed").text)
        assert "not for your role to see" in page
        assert "chairs it since" not in page
    assert demo.as_(ON_CALL).get("/plans/CP-103/viewed").status_code == 404
    assert demo.as_(NURSE).get("/plans/CP-101/access").status_code == 403


def test_a_chair_names_a_member_who_then_sees_the_plan(demo: Demo) -> None:
    nurse, chair = demo.as_("Hana Brisco"), demo.as_(CHAIR)
    assert nurse.get("/plans/CP-105").status_code == 404
    typed = {"person": "hana  brisco", "sees_address": "no", **day("since", "2026-11-23")}

    wrong = chair.post("/plans/CP-105/access/member", data=typed | {"person": "Hana"})
    assert "Nobody here is called “Hana”" in errors_of(wrong.text)["person"]
    done = chair.post("/plans/CP-105/access/member", data=typed)
    assert "Hana Brisco, the health visitor, is a member of its group" in told(done.text)
    assert nurse.get("/plans/CP-105").status_code == 200
    who = player("Hana Brisco")["person"]
    ended = {"person": who, "reason": "The child has started school."}
    chair.post("/plans/CP-105/access/member-end", data=ended)
    assert nurse.get("/plans/CP-105").status_code == 404


def test_a_lead_names_members_of_the_own_agency_only(demo: Demo) -> None:
    lead = demo.as_(POLICE_LEAD)
    typed = {"sees_address": "no", **day("since", "2026-11-23")}

    other = lead.post("/plans/CP-104/access/member", data=typed | {"person": "Tess Farrow"})
    own = lead.post("/plans/CP-104/access/member", data=typed | {"person": "Dale Rooke"})

    assert other.status_code == 403
    assert "You name members of your own agency" in told(other.text)
    assert own.status_code == 200
    assert lead.get("/plans/CP-104/access/allocate").status_code == 403


@pytest.mark.parametrize(
    ("review_by", "status"),
    [(NOW.date() + LONGEST_RESTRICTION, 200), (NOW.date() + LONGEST_RESTRICTION * 2, 409)],
)
def test_a_service_manager_restricts_a_plan_for_ninety_days_at_most(
    demo: Demo, review_by: object, status: int
) -> None:
    manager = demo.as_(SERVICE_MANAGER)
    sent = {
        "category": "other",
        "reason": "A neighbour works here.",
        **day("review_by", str(review_by)),
    }
    sent["people"] = "Ash Corvane\r\nCasey Hollin"

    done = manager.post("/plans/CP-103/access/restrict", data=sent)

    assert done.status_code == status
    restricted = status == 200
    assert ("CP-103" in demo.services.authoriser.look().rights.restrictions) == restricted
    assert demo.as_(WORKER).get("/plans/CP-103").status_code == (404 if restricted else 200)
    if restricted:
        assert "On the list Ash Corvane" in told(done.text)
        manager.post("/plans/CP-103/access/lift", data={"reason": "The neighbour has left."})
    else:
        assert "A restriction is reviewed within 90 days" in told(done.text)
    assert demo.as_(CHAIR).get("/plans/CP-103").status_code == 200


def test_emergency_access_says_what_it_means_and_opens_one_plan(demo: Demo) -> None:
    client = demo.as_("Mina Sorrel")
    hidden = client.get("/plans/CP-102")
    assert hidden.status_code == 404
    assert "Take emergency access" in told(hidden.text)
    address = "/plans/CP-102/emergency-access"
    assert "your name and what you write below stand in the plan's history" in told(
        client.get(address).text
    )

    short = client.post(address, data={"ground": "immediate_harm", "reason": "x" * 19})
    assert errors_of(short.text) == {"reason": "Enter the reason in at least 20 characters"}
    assert client.get("/plans/CP-102").status_code == 404
    done = client.post(address, data={"ground": "immediate_harm", "reason": ENOUGH})

    assert (done.url.path, done.status_code) == ("/plans/CP-102", 200)
    assert "You see this plan under emergency access until" in done.text
    assert client.get("/plans/CP-101").status_code == 404
    assert demo.as_(NURSE).get(address).status_code == 403
    again = "/plans/CP-104/emergency-access"
    kept_out = client.post(again, data={"ground": "immediate_harm", "reason": ENOUGH})
    assert "There is no plan here that you may see" in kept_out.text


def test_nobody_reviews_their_own_emergency_access(demo: Demo) -> None:
    glass_of(demo, PRIVACY_OFFICER, "csc", "E-own", "CP-103")
    client = demo.as_(PRIVACY_OFFICER)

    assert "This was you. Somebody else must review it." in told(client.get("/emergencies").text)
    address = "/emergencies/E-own/review"
    refused = client.post(address, data={"justified": "yes", "reason": "It was right."})
    assert refused.status_code == 403
    assert demo.services.authoriser.look().rights.glasses["E-own"].reviewed is None
    other = demo.as_(SERVICE_MANAGER).post(
        address, data={"justified": "no", "reason": "She could have asked the chair."}
    )
    assert "It was not right: She could have asked the chair." in told(other.text)
    assert demo.as_(SERVICE_MANAGER).get(address).status_code == 404


def sign_in(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("button", name=f"Sign in as {name}").click()


def test_an_emergency_access_is_reviewed_without_a_script(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, java_script_enabled=False)
    sign_in(page, PRIVACY_OFFICER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Who looked")
    page.get_by_role("link", name="Emergency access").click()
    page.get_by_role("link", name=re.compile("Review it.*Jude Castell")).click()
    page.get_by_label("Why do you think so?").fill("The grandmother confirmed it.")
    page.get_by_role("button", name="Record the review").click()
    expect(page.get_by_role("link", name="Select yes if it was right")).to_be_visible()
    expect(page.get_by_label("Why do you think so?")).to_have_value("The grandmother confirmed it.")
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Record the review").click()

    expect(page.get_by_text("The review is recorded.")).to_be_visible()
    expect(page.get_by_text("It was right: The grandmother confirmed it.")).to_be_visible()
    page.context.close()


def test_looks_are_narrowed_down_by_keyboard_alone(demo: Demo, browser: Browser) -> None:
    page = demo.open(browser, PRIVACY_OFFICER)
    page.goto("/looked")
    for wanted in ("Show only some looks", "Plan"):
        for _ in range(40):
            page.keyboard.press("Tab")
            says = "(e => [e.textContent, ...[...(e.labels || [])].map(l => l.textContent)])"
            found = page.evaluate(f"{says}(document.activeElement)")
            if wanted in [each.strip().removesuffix(" (optional)") for each in found]:
                break
        if wanted == "Show only some looks":
            page.keyboard.press("Enter")
    page.keyboard.type("CP-101")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Show all looks")).to_be_visible()
    assert "plan=CP-101" in page.url
    page.context.close()
