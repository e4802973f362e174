"""Writing over HTTP: what is answered, in whose favour races end, and what a repeat is told."""

from typing import Any

import pytest

from api.desks import CHAIR, TEACHER, Office, agreed, decided, held, office, opened, seen


def test_an_entry_is_answered_with_its_number_and_told(here: Office) -> None:
    first = here.open()
    second = here.put(seen())

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.headers["location"] == "/api/plans/CP-1"
    assert second.headers["etag"] == '"2"'
    assert second.json() == {
        "plan": "CP-1",
        "entry": 2,
        "position": second.json()["position"],
        "recorded_at": "2026-03-20T09:30:00Z",
        "told": "Children's social care saw the child face to face, not alone (home).",
    }
    assert here.services.record.entry("CP-1", 2).by.name == CHAIR["name"]
    assert here.services.record.last_position() == here.place(second.json()["position"])


def test_what_was_read_may_be_said_with_or_without_quotes(here: Office) -> None:
    here.open()

    for number, written in enumerate(['"1"', "2", '"3"'], start=2):
        answer = here.client.post(
            "/api/plans/CP-1/entries", json=seen(), headers={"If-Match": written}
        )
        assert answer.headers["etag"] == f'"{number}"'


@pytest.mark.parametrize("written", ["*", 'W/"1"', "nonsense", '"0"', "-1", "1.0", '"1", "2"', ""])
def test_nonsense_in_if_match_is_refused(here: Office, written: str) -> None:
    here.open()

    answer = here.client.post("/api/plans/CP-1/entries", json=seen(), headers={"If-Match": written})

    assert answer.status_code == 400
    assert "the number of the entry you read last" in answer.json()["detail"]


def test_who_does_not_say_what_they_read_is_asked_to(here: Office) -> None:
    here.open()

    answer = here.put(seen(), read=None)

    assert answer.status_code == 428
    assert "If-Match" in answer.json()["detail"]
    assert here.services.record.last_number("CP-1") == 1


def test_who_comes_second_is_told_what_came_between(here: Office) -> None:
    here.open()
    here.put(seen())
    here.put(agreed(), 2)

    answer = here.put(seen("2026-02-10"), 1)

    assert answer.status_code == 412
    told = answer.json()
    assert told["type"] == "urn:plantrack:problem:stale-version"
    assert (told["plan"], told["now"]) == ("CP-1", 3)
    assert [each["entry"] for each in told["between"]] == [2, 3]
    assert told["between"][0] == {
        "entry": 2,
        "on": "2026-02-09",
        "recorded_at": "2026-03-20T09:30:00Z",
        "by": CHAIR,
        "told": "Children's social care saw the child face to face, not alone (home).",
    }


def test_no_more_than_twenty_entries_are_told(here: Office) -> None:
    here.open()
    for number in range(1, 26):
        here.put(seen(), number)

    told = here.put(seen(), 1).json()

    assert [each["entry"] for each in told["between"]] == [*range(2, 22)]
    assert told["now"] == 26


def test_who_read_an_entry_that_is_not_there_is_stale_too(here: Office) -> None:
    here.open()

    told = here.put(seen(), 9)

    assert told.status_code == 412
    assert (told.json()["now"], told.json()["between"]) == (1, [])


def test_of_fifty_at_once_only_one_is_first(here: Office) -> None:
    here.open()
    sent = {"json": seen(), "headers": {"If-Match": '"1"'}}

    answers = here.client.all([("POST", "/api/plans/CP-1/entries", sent)] * 50)

    good = [each for each in answers if each.status_code == 201]
    assert len(good) == here.services.record.last_number("CP-1") - 1 == 1
    stale = [each for each in answers if each.status_code == 412]
    assert len(stale) == 49
    assert all(each.json()["now"] == 2 for each in stale)


# Repeats ------------------------------------------------------------------------------------------


def keyed(here: Office, key: str, event: dict[str, Any], plan: str = "CP-1", **more: str) -> Any:
    headers = {"If-Match": '"1"', "Idempotency-Key": key} | more
    return here.client.post(f"/api/plans/{plan}/entries", json=event, headers=headers)


def test_a_repeat_is_answered_to_the_byte(here: Office) -> None:
    here.open()
    first = keyed(here, "k1", seen(words="I like my “school”."))
    here.put(agreed(), 2)

    again = keyed(here, "k1", seen(words="I like my “school”."))

    assert again.status_code == 201
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"] == '"2"'
    assert here.services.record.last_number("CP-1") == 3


def test_a_repeat_to_another_process_is_answered_to_the_byte(here: Office) -> None:
    here.open()
    first = keyed(here, "k1", seen())

    with office(here.services.url) as there:
        assert keyed(there, "k1", seen()).content == first.content
    assert here.services.record.last_number("CP-1") == 2


def test_repeats_sent_at_once_are_recorded_once(here: Office) -> None:
    here.open()
    sent = {"json": seen(), "headers": {"If-Match": '"1"', "Idempotency-Key": "k1"}}

    answers = here.client.all([("POST", "/api/plans/CP-1/entries", sent)] * 20)

    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert here.services.record.last_number("CP-1") == 2


def test_one_key_stands_for_one_command(here: Office) -> None:
    here.open()
    here.open("CP-2", "K2")
    assert keyed(here, "k1", decided()).status_code == 201

    other_body = keyed(here, "k1", decided(what="Visit more"))
    other_plan = keyed(here, "k1", decided(), plan="CP-2")
    other_role = keyed(
        here, "k1", decided(), **here.as_somebody(CHAIR | {"role": "service_manager"})
    )

    for answer in (other_body, other_plan, other_role):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:plantrack:problem:command-reused"
    assert here.services.record.count() == 3


def test_two_peoples_keys_do_not_meet(here: Office) -> None:
    here.open()
    here.open("CP-2", "K2")

    assert keyed(here, "k1", seen()).status_code == 201
    for other in (TEACHER, CHAIR | {"name": "Another"}, CHAIR | {"agency": "police"}):
        last = here.services.record.last_number("CP-2")
        header = here.as_somebody(other) | {"If-Match": str(last)}
        told = keyed(here, "k1", seen(by_agency=other["agency"]), "CP-2", **header)
        assert told.status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "kéy".encode()])
def test_a_key_is_short_and_visible(here: Office, key: Any) -> None:
    here.open()

    answer = keyed(here, key, seen())

    assert answer.status_code == 400
    assert "1 to 200 visible ASCII" in answer.json()["detail"]
    assert here.services.record.last_number("CP-1") == 1


def test_a_new_plan_gets_a_name_and_a_repeat_the_same(here: Office) -> None:
    def send(key: str, child: str) -> Any:
        return here.client.post("/api/plans", json=opened(child), headers={"Idempotency-Key": key})

    first, again, other = send("k1", "J1"), send("k1", "J1"), send("k2", "K2")

    assert first.content == again.content
    assert first.json()["plan"].startswith("CP-")
    assert other.json()["plan"] != first.json()["plan"]
    assert here.services.record.plans() == [first.json()["plan"], other.json()["plan"]]
    assert send("k1", "L3").status_code == 422


def test_a_new_plan_gets_a_name_without_a_key_too(here: Office) -> None:
    need = opened(plan_kind="cin", category=None, origin={"referred_on": "2026-01-05"})
    answer = here.client.post("/api/plans", json=need)

    assert answer.status_code == 201
    assert answer.json()["plan"].startswith("CIN-")
    assert answer.headers["location"] == f"/api/plans/{answer.json()['plan']}"


def test_a_plan_begins_with_its_opening_and_is_opened_once(here: Office) -> None:
    assert here.client.post("/api/plans", json=seen()).status_code == 422
    here.open()
    assert here.open("CP-1", "K2").status_code == 409
    assert here.put(opened("K2")).status_code == 409
    assert here.put(seen(), plan="CP-9").status_code == 404


# Meetings -----------------------------------------------------------------------------------------


def meeting(**parts: Any) -> dict[str, Any]:
    return {"plans": {plan.replace("_", "-"): part for plan, part in parts.items()}}


def part(*events: dict[str, Any], read: Any = 1) -> dict[str, Any]:
    return {"last_read": read, "events": [held(), *events]}


@pytest.fixture
def two(here: Office) -> Office:
    """Two children have a plan."""
    here.open()
    here.open("CP-2", "K2")
    return here


def test_one_meeting_is_put_on_every_childs_plan(two: Office) -> None:
    said = meeting(CP_1=part(agreed(), decided()), CP_2=part(seen()))

    answer = two.client.post("/api/meetings", json=said)

    assert answer.status_code == 201
    told = answer.json()
    assert [each["entry"] for each in told["plans"]["CP-1"]] == [2, 3, 4]
    assert [each["entry"] for each in told["plans"]["CP-2"]] == [2, 3]
    assert two.place(told["position"]) == two.services.record.last_position()


def test_what_is_refused_for_one_child_is_recorded_for_none(two: Office) -> None:
    said = meeting(CP_1=part(agreed()), CP_2=part(agreed(), agreed()))

    answer = two.client.post("/api/meetings", json=said)

    assert answer.status_code == 409
    assert two.services.record.count() == 2


def test_a_meeting_of_which_one_plan_moved_on_is_stale(two: Office) -> None:
    two.put(seen(), 1, "CP-2")

    answer = two.client.post("/api/meetings", json=meeting(CP_1=part(), CP_2=part()))

    assert answer.status_code == 412
    assert (answer.json()["plan"], answer.json()["now"]) == ("CP-2", 2)
    assert [each["entry"] for each in answer.json()["between"]] == [2]
    assert two.services.record.count() == 3


def test_each_plan_that_moved_on_is_told(two: Office) -> None:
    two.put(seen(), 1, "CP-1")
    two.put(seen(), 1, "CP-2")

    answer = two.client.post("/api/meetings", json=meeting(CP_1=part(), CP_2=part()))

    assert [each["plan"] for each in answer.json()["plans"]] == ["CP-1", "CP-2"]


def test_who_does_not_say_what_they_read_of_one_plan_is_asked_to(two: Office) -> None:
    answer = two.client.post("/api/meetings", json=meeting(CP_1=part(), CP_2=part(read=None)))

    assert answer.status_code == 428
    assert "CP-2" in answer.json()["detail"]
    assert two.services.record.count() == 2


NO_MEETINGS: list[Any] = [
    {},
    [],
    {"plans": []},
    {"plans": {}},
    {"plans": {"CP-1": []}},
    {"plans": {"C P": part()}},
    {"plans": {"CP-1": part()}, "colour": "red"},
    {"plans": {"CP-1": part() | {"colour": "red"}}},
    {"plans": {"CP-1": part(read="1")}},
    {"plans": {"CP-1": part(read=True)}},
    {"plans": {"CP-1": part(read=0)}},
    {"plans": {"CP-1": {"last_read": 1}}},
    {"plans": {"CP-1": {"last_read": 1, "events": []}}},
    {"plans": {"CP-1": {"last_read": 1, "events": [seen()]}}},
    {"plans": {"CP-1": {"last_read": 1, "events": [None]}}},
    {"plans": {"CP-1": part(held(meeting="M2"))}},
    {"plans": {"CP-1": part(), "CP-2": {"last_read": 1, "events": [held("2026-02-17")]}}},
    {
        "plans": {
            "CP-1": part(),
            "CP-2": {"last_read": 1, "events": [held(type="review_conference")]},
        }
    },
    {"plans": {f"CP-{number}": part() for number in range(51)}},
]


def test_a_meeting_that_is_none_is_refused(two: Office) -> None:
    for said in NO_MEETINGS:
        answer = two.client.post("/api/meetings", json=said)
        assert answer.status_code in (409, 422), (said, answer.text)
    assert two.services.record.count() == 2


def test_a_meeting_repeated_is_answered_to_the_byte(two: Office) -> None:
    sent: dict[str, Any] = {
        "json": meeting(CP_1=part(agreed()), CP_2=part()),
        "headers": {"Idempotency-Key": "m1"},
    }
    first, again = (two.client.post("/api/meetings", **sent) for _ in range(2))

    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert two.services.record.count() == 5
