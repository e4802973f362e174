"""Forms: every kind of event can be said on a page, and nothing that was typed is lost."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import httpx
import pytest

from pages.filling_in import as_shown, errors_at_fields, errors_of, filled_in, send, told
from pages.full_plan import PLAN, fill_up
from pages.serving import Demo, served
from partnership import (
    CHAIR,
    NURSE,
    SCHOOL_LEAD,
    SERVICE_MANAGER,
    TEACHER,
    TEAM_MANAGER,
    WORKER,
    small,
)
from plantrack.codec import wire_name
from plantrack.domain.events import KINDS
from plantrack.domain.rights.recording import COLUMNS, MAY_RECORD, How
from plantrack.domain.words import Mark
from plantrack.pages.forms import Form
from plantrack.pages.recording.catalogue import FORMS, ON_OTHER_PAGES
from plantrack.pages.recording.catalogue.corrections import CORRECTS
from plantrack.pages.recording.new_entry import dashed
from plantrack.web.who import DEMO_COOKIE

every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
EVERYBODY = dict(
    zip(COLUMNS, (CHAIR, WORKER, TEAM_MANAGER, SERVICE_MANAGER, TEACHER, SCHOOL_LEAD), strict=True)
)
SAYS_IT = {"PositionTaken": TEACHER, "InformationAcknowledged": TEACHER}
"""Who has something to say of a kind, where the first role that may has not."""
NOT_ASKED = {
    ("MeetingHeld", "went_ahead_because"): "only a conference has a quorum",
}
OF_ALL = {"on", "at", "note", "marks"}
A_VISIT = f"/plans/{PLAN}/record/child-seen"
KEPT = "Words that were typed and must not be lost"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("forms"))
    with served(url) as demo:
        fill_up(demo)
        yield demo


@pytest.fixture(scope="module")
def shown(demo: Demo) -> dict[str, str]:
    """Every form as it is shown to somebody who may record its kind."""
    return {
        kind: demo.as_(who_may(kind)).get(address_of(form)).text for kind, form in FORMS.items()
    }


def who_may(kind: str) -> str:
    """Name somebody who may record a kind."""
    first = next(duty for duty in COLUMNS if MAY_RECORD[kind][duty] is not How.NO)
    return SAYS_IT.get(kind, EVERYBODY[first])


def address_of(form: Form) -> str:
    return f"/plans/{PLAN}/record/{dashed(form.kind)}"


def answered_by(form: Form) -> set[str]:
    """Name the fields of the event that a form says something about."""
    asked = {name for question in form.asked for name in question.fields}
    return asked | form.rest.keys() | ({form.names[0]} if form.names else set())


def recorded(demo: Demo, at: int) -> Any:
    """Give the entries of the plan after one."""
    return demo.services.record.entries(PLAN)[at:]


# What is asked


def test_every_kind_is_said_on_a_form_or_on_a_page_of_its_own() -> None:
    said = {name for name, kind in KINDS.items() if not kind.BY_THE_TRACKER}
    assert FORMS.keys() | ON_OTHER_PAGES.keys() == said
    assert not FORMS.keys() & ON_OTHER_PAGES.keys()


@pytest.mark.parametrize("name", CORRECTS, ids=CORRECTS)
def test_every_kind_can_be_put_right_on_a_form(name: str) -> None:
    assert CORRECTS[name].kind == name
    assert CORRECTS.keys() == FORMS.keys() | ON_OTHER_PAGES.keys()


@every_form
def test_every_field_of_a_kind_is_asked_or_follows(form: Form) -> None:
    held = {wire_name(each.name) for each in fields(KINDS[form.kind])} - OF_ALL
    left_out = {name for kind, name in NOT_ASKED if kind == form.kind}
    said = answered_by(form)
    assert held - said == left_out
    assert said - held <= OF_ALL
    assert {"on", "note"} <= said


@every_form
def test_every_question_has_words_and_says_what_is_missing(form: Form) -> None:
    for each in form.asked:
        assert each.asks[0].isupper() or each.asks.startswith("{child}")
        assert each.optional or re.match("(Select|Enter) ", each.missing), each.name
        assert not each.hint.endswith("."), each.name
        names = [option.text for option in _words_of(each)]
        assert all(text and not re.search(r"\w[_]\w", text) for text in names), names


def _words_of(question: Any) -> list[Any]:
    return list(question.options({})) if getattr(question, "of", None) else []


# Recorded


@every_form
def test_no_form_shows_a_code(form: Form, shown: dict[str, str]) -> None:
    assert not re.search(r"\b[a-z]+_[a-z]+|\b(cp|cin|csc)\b|[{}]", told(shown[form.kind]))


@every_form
def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(
    form: Form, demo: Demo, shown: dict[str, str]
) -> None:
    client = demo.as_(who_may(form.kind))
    typed = {"on-year": "2026", "note": KEPT}

    answer = send(client, address_of(form), as_shown(shown[form.kind]), **typed)

    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    errors = errors_of(answer.text)
    assert errors
    assert errors_at_fields(answer.text) == list(errors.values())
    assert not [each for each in errors.values() if not re.match("(Select|Enter|The) ", each)]
    kept = as_shown(answer.text)
    assert {name: kept[name] for name in typed} == {k: [v] for k, v in typed.items()}


@every_form
def test_a_filled_in_form_records_its_kind(form: Form, demo: Demo) -> None:
    client, before = demo.as_(who_may(form.kind)), len(recorded(demo, 0))
    page = client.get(address_of(form))

    answer = send(client, address_of(form), filled_in(page.text))

    assert answer.status_code == 303, (told(answer.text), errors_of(answer.text))
    [entry] = recorded(demo, before)
    assert type(entry.event).__name__ == form.kind
    assert answer.headers["location"] == f"/plans/{PLAN}?recorded={entry.number}"


# Who records what


def test_somebody_is_offered_only_what_their_role_may_record(demo: Demo) -> None:
    for duty, name in EVERYBODY.items():
        page = demo.as_(name).get(f"/plans/{PLAN}/record")
        may = {k for k in FORMS if MAY_RECORD[k][duty] not in (How.NO, How.CIN)}
        offered = {k for k in FORMS if f'/record/{dashed(k)}"' in page.text}
        assert offered == may
        assert ("/end" in page.text) == (duty in (COLUMNS[0],))


def test_a_form_that_is_not_for_somebodys_role_is_refused_kindly(demo: Demo) -> None:
    page = demo.as_(TEACHER).get(f"/plans/{PLAN}/record/chair-changed")
    assert page.status_code == 403
    assert "not for a partner professional to record" in told(page.text)
    assert "ChairChanged" not in page.text


def test_a_partner_is_offered_the_actions_of_their_own_agency_alone(demo: Demo) -> None:
    address = f"/plans/{PLAN}/record/action-rescheduled"
    school = demo.as_(TEACHER).get(address).text
    nurse = demo.as_(NURSE).get(address).text
    chair = demo.as_(CHAIR).get(address).text
    assert "2. thing to do" in school
    assert "2. thing to do" not in nurse
    assert "4. thing to do" in chair
    assert "4. thing to do" not in school


def test_a_partner_records_for_their_own_agency_whatever_was_sent(demo: Demo) -> None:
    client, before = demo.as_(NURSE), len(recorded(demo, 0))
    sent = filled_in(client.get(A_VISIT).text)
    send(client, A_VISIT, sent, by_agency="police", agency="police")
    [entry] = recorded(demo, before)
    assert entry.event.by_agency == "school-nursing"


# The thing that a form is about


def test_reviewing_an_action_shows_the_action_above_the_questions(demo: Demo) -> None:
    client = demo.as_(CHAIR)
    page = client.get(f"/plans/{PLAN}/record/action-reviewed?action=A90")
    words = told(page.text)
    assert "Action The 0. thing to do" in words
    assert "First due 7 December 2026" in words
    assert "Which action is this about?" not in words
    assert "What only a parent or the family said is shown as not checked" in words
    again = send(client, f"/plans/{PLAN}/record/action-reviewed", as_shown(page.text))
    assert again.status_code == 422
    assert "Action The 0. thing to do" in told(again.text)


def test_a_thing_that_is_not_there_any_more_is_asked_for_again(demo: Demo) -> None:
    client = demo.as_(CHAIR)
    page = client.get(f"/plans/{PLAN}/record/action-reviewed?action=A1")
    assert "Which action is this about?" in told(page.text)
    sent = {**filled_in(page.text), "action": ["A1"], "picked": ["yes"]}
    again = send(client, f"/plans/{PLAN}/record/action-reviewed", sent)
    assert errors_of(again.text) == {"action": "Select which action this is about"}


def test_where_nothing_waits_the_page_says_so(demo: Demo) -> None:
    page = demo.as_(WORKER).get("/plans/CP-103/record/medical-decided")
    assert "There is no injury on this plan that waits" in told(page.text)


# Decisions


def test_outside_a_meeting_somebody_says_only_where_their_own_agency_stands(demo: Demo) -> None:
    client, before = demo.as_(WORKER), len(recorded(demo, 0))
    address = f"/plans/{PLAN}/record/decision-made"
    page = client.get(address)
    assert "The other agencies on the plan are recorded as not asked" in told(page.text)
    assert "positions-csc" in page.text
    assert "positions-school" not in page.text
    send(client, address, filled_in(page.text), **{"positions-school": "agree"})
    [entry] = recorded(demo, before)
    stands = {name: each.position for name, each in entry.event.positions.items()}
    assert stands.pop("csc") == "agree"
    assert set(stands.values()) == {"not_asked"}
    assert "school" in stands


def test_at_a_meeting_each_agencys_position_is_asked_and_dissent_needs_a_reason(demo: Demo) -> None:
    client, before = demo.as_(CHAIR), len(recorded(demo, 0))
    address = f"/plans/{PLAN}/record/decision-made?meeting=M92"
    sent = filled_in(client.get(address).text, **{"positions-police": "disagree"})
    sent["positions-police-reason"] = [""]
    refused = send(client, address, sent)
    assert errors_of(refused.text) == {
        "positions-police-reason": "Enter the reason that police gave"
    }
    again = as_shown(refused.text)
    assert again["positions-police"] == ["disagree"]
    send(client, address, again, **{"positions-police-reason": "too few visits"})
    [entry] = recorded(demo, before)
    assert entry.event.meeting == "M92"
    assert entry.event.positions["police"].reason == "too few visits"
    assert entry.event.positions["school"].position == "agree"


def test_a_position_against_a_decision_needs_a_reason_and_one_for_it_does_not(demo: Demo) -> None:
    client, before = demo.as_(NURSE), len(recorded(demo, 0))
    address = f"/plans/{PLAN}/record/position-taken?decision=D92"
    sent = filled_in(client.get(address).text, position="disagree", reason="")
    refused = send(client, address, sent)
    assert errors_of(refused.text) == {"reason": "Enter why your agency disagrees"}
    send(client, address, {**sent, "position": ["agree"]})
    [entry] = recorded(demo, before)
    assert (entry.event.decision, entry.event.agency) == ("D92", "school-nursing")


def test_who_may_read_the_words_is_recorded_with_them(demo: Demo) -> None:
    client, before = demo.as_(WORKER), len(recorded(demo, 0))
    sent = filled_in(client.get(A_VISIT).text, words="She lives at a secret place")
    send(client, A_VISIT, sent, mark="protected_address")
    [entry] = recorded(demo, before)
    assert entry.event.marks["words"] is Mark.PROTECTED_ADDRESS


# Two people, twice, and signed out


def test_the_second_of_two_people_is_told_what_came_first_and_loses_nothing(demo: Demo) -> None:
    worker, nurse, before = demo.as_(WORKER), demo.as_(NURSE), len(recorded(demo, 0))
    both = [filled_in(each.get(A_VISIT).text) for each in (worker, nurse)]
    send(worker, A_VISIT, both[0], where="at the swings")

    late = send(nurse, A_VISIT, both[1], where=KEPT)

    assert late.status_code == 412
    words = told(late.text)
    assert "Wyn Abbery" in words
    assert "at the swings" in words
    assert as_shown(late.text)["where"] == [KEPT]
    done = send(nurse, A_VISIT, as_shown(late.text))
    assert done.status_code == 303
    assert [each.event.where for each in recorded(demo, before)] == ["at the swings", KEPT]


def test_an_answer_put_right_does_not_hide_what_somebody_recorded_meanwhile(demo: Demo) -> None:
    worker, nurse = demo.as_(WORKER), demo.as_(NURSE)
    opened = as_shown(worker.get(A_VISIT).text)
    send(nurse, A_VISIT, filled_in(nurse.get(A_VISIT).text, where="at the swings"))
    unfinished = send(worker, A_VISIT, opened, where=KEPT)
    assert unfinished.status_code == 422
    late = send(worker, A_VISIT, filled_in(unfinished.text))
    assert late.status_code == 412
    assert "at the swings" in told(late.text)


def test_a_page_that_was_recorded_can_be_changed_and_recorded_once_more(demo: Demo) -> None:
    client, before = demo.as_(WORKER), len(recorded(demo, 0))
    sent = filled_in(client.get(A_VISIT).text, where="at home")
    send(client, A_VISIT, sent)
    changed = send(client, A_VISIT, sent, where="at school")
    assert "What you wrote is still here" in told(changed.text)
    late = send(client, A_VISIT, as_shown(changed.text))
    send(client, A_VISIT, as_shown(late.text))
    assert [each.event.where for each in recorded(demo, before)] == ["at home", "at school"]


def test_a_page_that_is_sent_twice_is_recorded_once(demo: Demo) -> None:
    client, before = demo.as_(WORKER), len(recorded(demo, 0))
    sent = filled_in(client.get(A_VISIT).text)
    first, second = send(client, A_VISIT, sent), send(client, A_VISIT, sent)
    assert first.headers["location"] == second.headers["location"]
    assert len(recorded(demo, before)) == 1
    again = filled_in(client.get(A_VISIT).text)
    send(client, A_VISIT, again)
    assert len(recorded(demo, before)) == 2


def test_what_somebody_typed_is_kept_when_their_session_has_ended(demo: Demo) -> None:
    client, before = demo.as_(WORKER), len(recorded(demo, 0))
    sent = filled_in(client.get(A_VISIT).text, where=KEPT)
    cookie = client.cookies[DEMO_COOKIE]
    with httpx.Client(base_url=demo.address, headers=client.headers) as signed_out:
        kept = send(signed_out, A_VISIT, sent)
    assert kept.status_code == 401
    assert "What you wrote is kept on this page" in told(kept.text)
    assert as_shown(kept.text) == {name: value for name, value in sent.items() if any(value)}
    assert not recorded(demo, before)
    assert client.cookies[DEMO_COOKIE] == cookie
    send(client, A_VISIT, as_shown(kept.text))
    assert [each.event.where for each in recorded(demo, before)] == [KEPT]


def test_whoever_signed_in_again_is_told_to_go_back_to_what_they_wrote(demo: Demo) -> None:
    assert "go back to the page with what you wrote" in told(demo.as_(WORKER).get("/proved").text)


def test_what_the_rules_refuse_is_told_above_the_form_and_not_as_an_error(demo: Demo) -> None:
    client, before = demo.as_(WORKER), len(recorded(demo, 0))
    sent = filled_in(client.get(A_VISIT).text, where=KEPT, **{"on-year": "2027"})
    refused = send(client, A_VISIT, sent)
    assert refused.status_code == 409
    assert "23 November 2027 is in the future" in told(refused.text)
    assert not errors_of(refused.text)
    assert as_shown(refused.text)["where"] == [KEPT]
    assert not recorded(demo, before)
