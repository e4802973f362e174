"""Putting an entry right: by whoever recorded it, only what differs, with both versions shown."""

from collections.abc import Iterator
from typing import Any

import pytest

from pages.filling_in import as_shown, errors_of, filled_in, send, told
from pages.full_plan import PLAN, fill_up
from pages.serving import Demo, served
from partnership import CHAIR, NURSE, SERVICE_MANAGER, TEACHER, WORKER, small
from plantrack.domain.events import Corrected, Retracted

A_VISIT = f"/plans/{PLAN}/record/child-seen"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("correcting"))
    with served(url) as demo:
        fill_up(demo)
        yield demo


def last(demo: Demo) -> Any:
    return demo.services.record.entries(PLAN)[-1]


def visit(demo: Demo, who: str) -> int:
    """Record a visit on the form, and give the number of its entry."""
    client = demo.as_(who)
    send(client, A_VISIT, filled_in(client.get(A_VISIT).text, where="at home", words="I am fine"))
    return int(last(demo).number)


def test_only_what_differs_is_corrected_after_both_versions_were_shown(demo: Demo) -> None:
    number, client = visit(demo, WORKER), demo.as_(WORKER)
    address = f"/plans/{PLAN}/entries/{number}/correct"
    page = client.get(address)
    shown = as_shown(page.text)
    assert (shown["where"], shown["mode"]) == (["at home"], ["face_to_face"])
    assert "the child said: “I am fine”" in told(page.text)

    sent = {**shown, "where": ["at school"], "alone": ["no"], "why_put_right": ["wrong child"]}
    check = send(client, address, sent)
    words = told(check.text)
    assert "Where? As it is recorded at home As you put it right at school" in words
    assert "How was Perrin seen?" not in words
    assert last(demo).number == number
    send(client, address, as_shown(check.text), step="confirm")

    corrected = last(demo).event
    assert isinstance(corrected, Corrected)
    assert corrected.entry == number
    assert corrected.fields == {"where": "at school", "alone": "no"}
    assert corrected.reason == "wrong child"
    assert corrected.on == demo.services.today()


def test_what_is_cleared_is_corrected_to_nothing(demo: Demo) -> None:
    number, client = visit(demo, WORKER), demo.as_(WORKER)
    address = f"/plans/{PLAN}/entries/{number}/correct"
    sent = {**as_shown(client.get(address).text), "where": [""], "why_put_right": ["not known"]}
    send(client, address, sent, step="confirm")
    assert last(demo).event.fields == {"where": None}


def test_a_correction_needs_a_reason_and_something_that_differs(demo: Demo) -> None:
    number, client = visit(demo, WORKER), demo.as_(WORKER)
    address = f"/plans/{PLAN}/entries/{number}/correct"
    shown = as_shown(client.get(address).text)
    same = send(client, address, {**shown, "why_put_right": ["no reason"]})
    silent = send(client, address, {**shown, "where": ["at school"]})
    assert "nothing differs from what is recorded" in errors_of(same.text)["why_put_right"]
    assert errors_of(silent.text) == {"why_put_right": "Enter why this is put right"}
    assert as_shown(silent.text)["where"] == ["at school"]
    assert last(demo).number == number


def test_only_whoever_recorded_an_entry_or_a_service_manager_puts_it_right(demo: Demo) -> None:
    number = visit(demo, WORKER)
    for does in ("correct", "retract"):
        address = f"/plans/{PLAN}/entries/{number}/{does}"
        seen = {who: demo.as_(who).get(address) for who in (WORKER, SERVICE_MANAGER, CHAIR, NURSE)}
        assert [each.status_code for each in seen.values()] == [200, 200, 403, 403]
        assert "Somebody else recorded this entry" in told(seen[CHAIR].text)
        assert send(demo.as_(CHAIR), address, {"why_taken_back": "x"}).status_code == 403
    assert demo.as_(WORKER).get(f"/plans/{PLAN}/entries/99999/correct").status_code == 404


def test_an_entry_is_taken_back_with_a_reason_after_it_was_shown(demo: Demo) -> None:
    number, client = visit(demo, TEACHER), demo.as_(TEACHER)
    address = f"/plans/{PLAN}/entries/{number}/retract"
    silent = send(client, address, as_shown(client.get(address).text))
    assert errors_of(silent.text) == {"why_taken_back": "Enter why this is taken back"}
    check = send(client, address, as_shown(silent.text), why_taken_back="it was another child")
    assert "the child said: “I am fine”" in told(check.text)
    assert last(demo).number == number
    send(client, address, as_shown(check.text), step="confirm")
    retracted = last(demo).event
    assert isinstance(retracted, Retracted)
    assert (retracted.entry, retracted.reason) == (number, "it was another child")
    again = client.get(address)
    assert again.status_code == 409
    assert client.get(f"/plans/{PLAN}/entries/{number}/correct").status_code == 409


def test_every_entry_of_a_person_is_shown_as_it_was_said_and_nothing_differs(demo: Demo) -> None:
    client, odd = demo.as_(SERVICE_MANAGER), {}
    kinds = {type(e.event).__name__: e for e in demo.services.record.entries(PLAN)}
    for kind, entry in kinds.items():
        if entry.event.BY_THE_TRACKER:
            continue
        address = f"/plans/{PLAN}/entries/{entry.number}/correct"
        page = client.get(address)
        if page.status_code == 409:
            continue  # taken back by another test
        sent = {**as_shown(page.text), "why_put_right": ["to see"]}
        answer = send(client, address, sent)
        if "nothing differs" not in str(errors_of(answer.text)):
            odd[kind] = errors_of(answer.text) or told(answer.text)
    assert not odd
    assert len(kinds) > 20


def test_a_decision_is_put_right_without_asking_anybody_anew(demo: Demo) -> None:
    entries = demo.services.record.entries(PLAN)
    made = next(e for e in entries if getattr(e.event, "decision", None) == "D91")
    client = demo.as_(SERVICE_MANAGER)
    address = f"/plans/{PLAN}/entries/{made.number}/correct"
    sent = as_shown(client.get(address).text)
    sent |= {"what": ["visits every second week"], "why_put_right": ["a slip"]}
    answer = send(client, address, sent, step="confirm")
    assert answer.status_code == 303, errors_of(answer.text)
    assert last(demo).event.fields == {"what": "visits every second week"}
