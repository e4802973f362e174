"""Ending a plan: decided, nothing left open, and the next plan opened in the same moment."""

from collections.abc import Iterator
from typing import Any

import pytest

from pages.filling_in import Fields, as_shown, errors_of, filled_in, send, told
from pages.full_plan import SOMEBODY
from pages.serving import Demo, served
from partnership import CHAIR, NURSE, TEAM_MANAGER, small
from plantrack import codec
from plantrack.domain.events import PlanClosed, PlanSteppedDown, PlanSteppedUp, PlanTransferredOut

DOWN, UP, CLOSED, MOVED, UNDECIDED = "CP-102", "CIN-106", "CP-103", "CP-104", "CP-101"
ON = "2026-11-20"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The partnership, with a decision on most plans that ends them."""
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("ending"))
    with served(url) as demo:
        for plan, kind in ((DOWN, "step_down"), (UP, "step_up"), (CLOSED, "close")):
            decide(demo, plan, kind)
        yield demo


def decide(demo: Demo, plan: str, kind: str) -> None:
    """Put a review conference and its decision on a plan, and three actions that are open."""
    say = demo.services.commands.record
    kind_held = "cin_review" if plan == UP else "review_conference"
    everybody = {"csc": "present", "school": "present", "police": "present"}
    held = {"kind": "MeetingHeld", "meeting": "M99", "type": kind_held, "attendance": everybody}
    decided = {
        "kind": "DecisionMade",
        "decision": "D99",
        "what": "things are good enough now",
        "decision_kind": kind,
        "reason": "everybody saw it",
        "decided_by": "csc",
        "positions": {"csc": {"position": "agree"}, "school": {"position": "agree"}},
        "meeting": "M99",
    }
    actions = (
        {
            "kind": "ActionAgreed",
            "action": f"A9{at}",
            "what": f"the {at}. thing to do",
            "owner": {"name": "Tess Farrow", "agency": "school"},
            "due_on": "2026-11-21",
        }
        for at in (1, 2, 3)
    )
    for each in (held, decided, *actions):
        say(plan, codec.read_event({**each, "on": ON}), SOMEBODY)


def answered(demo: Demo, who: str, plan: str, how: str, **typed: str) -> Fields:
    """Fill in a page that ends a plan: of its open actions the first is done, the rest goes on."""
    page = demo.as_(who).get(f"/plans/{plan}/end/{how}").text
    sent = filled_in(page, **typed)
    actions = sorted(n for n in sent if n.startswith("open_actions") and not n.endswith("reason"))
    for at, name in enumerate(actions):
        sent[name] = ["done" if at == 0 else "carried" if how != "close" else "ended"]
        sent[f"{name}-reason"] = [f"reason {at}"]
    return sent


def new_events(demo: Demo, plan: str, before: int) -> list[Any]:
    return [each.event for each in demo.services.record.entries(plan)[before:]]


def count(demo: Demo, plan: str) -> int:
    return len(demo.services.record.entries(plan))


def test_a_step_down_opens_the_next_plan_on_the_same_day_and_carries_actions(demo: Demo) -> None:
    client, before, plans = demo.as_(CHAIR), count(demo, DOWN), demo.services.record.plans()
    address = f"/plans/{DOWN}/end/step-down"
    sent = answered(demo, CHAIR, DOWN, "step-down", decision="D99")

    check = send(client, address, sent)
    assert check.status_code == 200
    carried = sum(v == ["carried"] for v in sent.values())
    words = told(check.text)
    assert f"End this plan, open a child in need plan and carry {carried} actions over" in words
    assert "reason 0" in words
    assert new_events(demo, DOWN, before) == []
    done = send(client, address, as_shown(check.text), step="confirm")

    [ended] = new_events(demo, DOWN, before)
    [new] = [each for each in demo.services.record.plans() if each not in plans]
    [opened] = new_events(demo, new, 0)
    assert isinstance(ended, PlanSteppedDown)
    assert (ended.to_plan, ended.decision) == (new, "D99")
    assert (opened.follows, opened.on, opened.plan_kind) == (DOWN, ended.on, "cin")
    assert opened.category is None
    assert opened.lead.name == "Wyn Abbery"
    assert done.headers["location"] == f"/plans/{new}?recorded=1"
    page = client.get(f"/plans/{new}/record/action-reviewed?action=A92")
    assert "Action The 2. thing to do" in told(page.text)
    again = send(client, address, as_shown(check.text), step="confirm")
    assert again.headers["location"] == done.headers["location"]
    assert count(demo, DOWN) == before + 1


def test_no_open_action_may_be_passed_over_and_each_needs_a_reason(demo: Demo) -> None:
    client, before = demo.as_(CHAIR), count(demo, CLOSED)
    address = f"/plans/{CLOSED}/end/close"
    sent = answered(demo, CHAIR, CLOSED, "close", decision="D99", reason="RC7")
    sent["without_conference"] = [""]
    left = {**sent, "open_actions-A91": [""], "open_actions-A92-reason": [""]}
    wrong = send(client, address, left)
    assert errors_of(wrong.text) == {
        "open_actions-A91": "Select what becomes of “the 1. thing to do”",
        "open_actions-A92-reason": "Enter why, for “the 2. thing to do”",
    }
    assert count(demo, CLOSED) == before

    check = send(client, address, as_shown(wrong.text) | sent)
    assert "Services ceased" in told(check.text)
    send(client, address, as_shown(check.text), step="confirm")

    [ended] = new_events(demo, CLOSED, before)
    assert isinstance(ended, PlanClosed)
    assert ended.without_conference is None
    assert {"A91", "A92", "A93"} <= ended.open_actions.keys()
    assert {each.reason[:6] for each in ended.open_actions.values()} == {"reason"}


def test_what_was_checked_can_be_changed_and_nothing_typed_is_lost(demo: Demo) -> None:
    client, before = demo.as_(CHAIR), count(demo, UNDECIDED)
    address = f"/plans/{UNDECIDED}/end/transfer"
    sent = answered(demo, CHAIR, UNDECIDED, "transfer", to="Upper Council", accepted="yes")
    check = send(client, address, sent)
    changing = send(client, address, as_shown(check.text), step="change")
    shown = as_shown(changing.text)
    assert {k: shown[k] for k in sent if any(sent[k])} == {k: v for k, v in sent.items() if any(v)}
    assert count(demo, UNDECIDED) == before


def test_child_protection_ends_only_by_a_review_conferences_decision(demo: Demo) -> None:
    client, before = demo.as_(CHAIR), count(demo, UNDECIDED)
    address = f"/plans/{UNDECIDED}/end/step-down"
    sent = answered(demo, CHAIR, UNDECIDED, "step-down", decision="D1")
    check = send(client, address, sent)
    refused = send(client, address, as_shown(check.text), step="confirm")
    assert refused.status_code == 409
    assert "ends by the decision of a review conference" in told(refused.text)
    assert not errors_of(refused.text)
    assert as_shown(refused.text)["decision"] == ["D1"]
    assert count(demo, UNDECIDED) == before


def test_a_plan_that_was_offered_goes_on_and_one_that_was_accepted_ends(demo: Demo) -> None:
    client, before = demo.as_(CHAIR), count(demo, MOVED)
    address = f"/plans/{MOVED}/end/transfer"
    sent = answered(demo, CHAIR, MOVED, "transfer", to="Upper Council", accepted="no")
    offered = {k: v for k, v in sent.items() if not k.startswith("open_actions")}
    check = send(client, address, offered)
    assert "Record that the other council was told" in told(check.text)
    send(client, address, as_shown(check.text), step="confirm")
    page = client.get(address).text
    unsaid = send(client, address, {**offered, "accepted": ["yes"]})
    assert all(each.startswith("open_actions") for each in errors_of(unsaid.text))
    again = {
        **as_shown(page),
        **sent,
        "accepted": ["yes"],
        "last_read": as_shown(page)["last_read"],
    }
    again["command"] = as_shown(page)["command"]
    check = send(client, address, again)
    send(client, address, as_shown(check.text), step="confirm")
    told_first, accepted = new_events(demo, MOVED, before)
    assert isinstance(told_first, PlanTransferredOut)
    assert (told_first.accepted, accepted.accepted) == (False, True)
    assert told_first.open_actions == {}
    assert "This plan has ended already" in told(client.get(address).text)


def test_a_step_up_opens_child_protection_on_the_day_of_its_conference(demo: Demo) -> None:
    client, before, plans = demo.as_(TEAM_MANAGER), count(demo, UP), demo.services.record.plans()
    address = f"/plans/{UP}/end/step-up"
    sent = answered(demo, TEAM_MANAGER, UP, "step-up", decision="D99", category="NEG")
    sent["lead-name"], sent["chair-name"] = ["Wyn Abbery"], ["Wyn Abbery"]
    both = send(client, address, sent)
    assert errors_of(both.text) == {"chair-name": "Enter somebody else than who leads the plan"}
    check = send(client, address, {**sent, "chair-name": ["Casey Hollin"]})
    send(client, address, as_shown(check.text), step="confirm")
    [ended] = new_events(demo, UP, before)
    [new] = [each for each in demo.services.record.plans() if each not in plans]
    [opened] = new_events(demo, new, 0)
    assert isinstance(ended, PlanSteppedUp)
    assert (opened.plan_kind, opened.category, opened.chair.name) == ("cp", "NEG", "Casey Hollin")
    assert opened.origin.initial_conference_on == opened.on == ended.on


def test_who_may_not_end_a_plan_is_told_whom_to_ask(demo: Demo) -> None:
    page = demo.as_(TEAM_MANAGER).get(f"/plans/{UNDECIDED}/end")
    assert "Ask the conference chair" in told(page.text)
    refused = demo.as_(TEAM_MANAGER).get(f"/plans/{UNDECIDED}/end/close")
    assert refused.status_code == 403
    assert demo.as_(NURSE).get(f"/plans/{UNDECIDED}/end/close").status_code == 403


def test_a_plan_steps_only_from_its_own_kind(demo: Demo) -> None:
    page = demo.as_(CHAIR).get(f"/plans/{UNDECIDED}/end/step-up")
    assert "This cannot happen on this kind of plan" in told(page.text)
    assert demo.as_(CHAIR).get(f"/plans/{UNDECIDED}/end/sideways").status_code == 404
