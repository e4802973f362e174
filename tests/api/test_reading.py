"""Reading over HTTP: where a plan stands, what is listed, and how far the lists follow."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from api.desks import CHAIR, Office, agreed, decided, following, held, office, opened, seen
from worker.plans import poison

LISTS = [
    "/api/plans",
    "/api/alerts",
    "/api/due",
    "/api/actions",
    "/api/decisions",
    "/api/families/F1",
    *(
        f"/api/plans/CP-1/{part}"
        for part in (
            "due",
            "actions",
            "decisions",
            "information",
            "engagement",
            "challenges",
            "meetings",
            "chronology",
        )
    ),
]


@pytest.fixture
def busy(here: Office) -> Office:
    """Two plans with something in every list, and the lists are up to date."""
    here.open()
    here.open("CP-2", "K2", team="T2", family="F2")
    events = [
        seen(),
        agreed(),
        agreed("A2", "2026-03-09"),
        held(),
        decided(),
        {
            "kind": "InformationShared",
            "on": "2026-02-16",
            "item": "I1",
            "about": ["mother"],
            "what": "called out twice",
            "basis": "record",
            "from": "csc",
            "to": ["police"],
        },
        {
            "kind": "ChallengeRaised",
            "on": "2026-02-17",
            "challenge": "C1",
            "by_agency": "csc",
            "to_agency": "school",
            "concern": "he is hungry",
        },
    ]
    for number, event in enumerate(events, start=1):
        assert here.put(event, number).status_code == 201
    here.follow()
    return here


def test_every_list_says_how_far_it_follows(busy: Office) -> None:
    busy.found.problems = ("The lists stand still.",)

    for path in LISTS:
        told = busy.get(path)
        assert told.status_code == 200, told.text
        assert [*told.json()] == ["items", "next", "up_to_date"]
        up_to_date = told.json()["up_to_date"]
        assert busy.place(up_to_date.pop("position")) == busy.services.record.last_position()
        assert up_to_date == {
            "behind": False,
            "as_of": "2026-03-20T09:30:00Z",
            "last_sweep": "2026-03-20T09:30:00Z",
            "problems": ["The lists stand still."],
        }
        assert bool(told.json()["items"]) == (path != "/api/alerts"), path


def test_a_list_that_nobody_keeps_up_to_date_does_not_look_like_good_news(busy: Office) -> None:
    busy.put(seen(), 8)
    busy.put(seen(), 9)

    told = busy.get("/api/due").json()["up_to_date"]

    assert told["behind"] is True
    assert busy.place(told["position"]) == busy.services.record.last_position() - 2
    with busy.services.models.reading() as reading:
        assert datetime.fromisoformat(told["as_of"]) == reading.moved_at()


KEPT_AS_ROWS = [path for path in LISTS if "CP-1" in path and "chronology" not in path]


def test_who_may_see_a_plan_that_stands_still_in_the_lists_is_told_so(busy: Office) -> None:
    before = {path: busy.get(path).json()["items"] for path in KEPT_AS_ROWS}
    poison(busy.services, "CP-1")
    busy.follow()

    for path, items in before.items():
        told = busy.get(path)
        assert told.status_code == 200, told.text
        assert told.json()["items"] == items
        [problem] = told.json()["up_to_date"]["problems"]
        assert problem.startswith("This plan stands still in the lists: an entry of it cannot be")
        assert problem.endswith("plantrack doctor.")
        assert busy.get(path.replace("CP-1", "CP-2")).json()["up_to_date"]["problems"] == []
    assert busy.get("/api/plans").json()["up_to_date"]["problems"] == []
    assert busy.get("/api/plans/CP-1/chronology").status_code == 503


FILTERED: list[tuple[str, dict[str, str], list[str]]] = [
    ("/api/plans", {}, ["CP-1", "CP-2"]),
    ("/api/plans", {"team": "T2"}, ["CP-2"]),
    ("/api/plans", {"child": "J1"}, ["CP-1"]),
    ("/api/plans", {"family": "F2"}, ["CP-2"]),
    ("/api/plans", {"kind": "cin"}, []),
    ("/api/plans", {"agency": "school", "ended": "false"}, ["CP-1", "CP-2"]),
    ("/api/plans", {"ended": "true"}, []),
    ("/api/actions", {"overdue": "true"}, ["CP-1", "CP-1"]),
    ("/api/actions", {"overdue": "false"}, []),
    ("/api/actions", {"agency": "school"}, []),
    ("/api/decisions", {"single_agency": "true"}, ["CP-1"]),
    ("/api/decisions", {"single_agency": "false"}, []),
    ("/api/due", {"rule": "action-done"}, ["CP-1", "CP-1"]),
    ("/api/due", {"rule": "action-done", "overdue_for": "12"}, ["CP-1"]),
    ("/api/due", {"rule": "action-done", "by": "2026-03-08"}, ["CP-1"]),
    ("/api/due", {"rule": "action-done", "plan": "CP-2"}, []),
    ("/api/families/F2", {}, ["CP-2"]),
]


def test_a_list_has_what_was_asked_for(busy: Office) -> None:
    for path, asked, wanted in FILTERED:
        told = busy.get(path, **asked)
        assert told.status_code == 200
        assert [line["plan"] for line in told.json()["items"]] == wanted, (path, asked)


@pytest.mark.parametrize("path", ["/api/due", "/api/plans", "/api/plans/CP-1/chronology"])
def test_a_list_pages_by_cursor_and_loses_nothing(busy: Office, path: str) -> None:
    whole = busy.get(path).json()["items"]
    found, cursor = [], None
    for _ in range(len(whole)):
        asked: dict[str, Any] = {"cursor": cursor} if cursor else {}
        told = busy.get(path, limit=1, **asked).json()
        found += told["items"]
        cursor = told["next"]

    assert found == whole
    assert len(whole) > 1
    assert cursor is None


NO_CURSORS = [
    "nonsense",
    "e30=",
    "W10=",
    "bnVsbA==",
    "WzFd",
    "W251bGxd",
    "W1siYSJdXQ==",
    "WyJcdTAwMDAiLCJhIiwiYiIsImMiXQ==",
    "WyJcdWQ4MDAiLCJhIiwiYiIsImMiXQ==",
    "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ==",
    "W" * 4000,
]


def test_a_cursor_of_no_list_is_refused(busy: Office) -> None:
    for path in LISTS:
        for cursor in NO_CURSORS:
            told = busy.get(path, cursor=cursor)
            assert told.status_code == 400, (path, cursor, told.text)
            assert "Begin again" in told.json()["detail"]


def test_who_has_recorded_sees_it_in_the_lists(here: Office) -> None:
    with following(here.services):
        position = here.open().json()["position"]
        for number in range(1, 20):
            told = here.get("/api/plans", at_least=position).json()
            assert told["items"][0]["last_entry"] == number
            at, reached = (here.place(each) for each in (position, told["up_to_date"]["position"]))
            assert at is not None
            assert reached is not None
            assert reached >= at
            position = here.put(seen(), number).json()["position"]


def test_who_waits_in_vain_is_told_to_try_again(url: str) -> None:
    with office(url, settings={"longest_wait_for_lists": 0.1}) as here:
        position = here.open().json()["position"]

        began = time.monotonic()
        told = here.get("/api/plans", at_least=position)

        assert told.status_code == 503
        assert told.headers["retry-after"] == "2"
        assert "not come so far" in told.json()["detail"]
        assert time.monotonic() - began < 1
        beyond = here.app.state.positions.write(here.services.record.last_position() + 1)
        assert here.get("/api/plans", at_least=beyond).status_code == 409


def test_a_position_that_was_not_sealed_here_is_refused(here: Office) -> None:
    sealed = here.open().json()["position"]
    here.follow()

    assert here.get("/api/plans", at_least=sealed).status_code == 200
    for made_up in ("1", "-1", "0", str(2**63), sealed[:-1], sealed[::-1], "A" * 48):
        told = here.get("/api/plans", at_least=made_up)
        assert told.status_code == 409, made_up
        assert told.json()["parameter"] == "at_least"


def test_two_looks_at_one_position_cannot_be_told_from_looks_at_two(here: Office) -> None:
    here.open()
    here.follow()
    looks = [here.get("/api/plans").json()["up_to_date"]["position"] for _ in range(2)]
    here.open("CP-2", "K2")
    here.follow()
    looks.append(here.get("/api/plans").json()["up_to_date"]["position"])

    assert len({*looks}) == 3
    assert {len(each) for each in looks} == {len(looks[0])}


# One plan -----------------------------------------------------------------------------------------


def test_a_plan_is_shown_with_the_number_to_write_upon(busy: Office) -> None:
    told = busy.get("/api/plans/CP-1")

    assert told.headers["etag"] == '"8"'
    assert told.json()["actions"]["A1"]["due_on"] == "2026-03-02"
    etag = told.headers["etag"]
    put = busy.client.post("/api/plans/CP-1/entries", json=seen(), headers={"If-Match": etag})
    assert put.status_code == 201


@pytest.mark.parametrize("known", ['"8"', 'W/"8"', '"7", "8"', "*"])
def test_who_has_the_plan_is_not_sent_it_again(busy: Office, known: str) -> None:
    told = busy.client.get("/api/plans/CP-1", headers={"If-None-Match": known})

    assert told.status_code == 304
    assert told.headers["etag"] == '"8"'
    assert told.content == b""


@pytest.mark.parametrize("known", ['"7"', '"88"', "8", "nonsense"])
def test_who_has_another_version_is_sent_this_one(busy: Office, known: str) -> None:
    told = busy.client.get("/api/plans/CP-1", headers={"If-None-Match": known})

    assert told.status_code == 200


def test_a_plan_is_seen_from_a_day(busy: Office) -> None:
    asked = {"true_on": "2026-02-10"}

    assert busy.get("/api/plans/CP-1", **asked).json()["decisions"] == {}
    told = busy.get("/api/plans/CP-1/chronology", **asked).json()["items"]
    assert {each["on"] for each in told} == {"2026-02-02", "2026-02-09"}


def test_a_plan_is_seen_as_it_was_known(url: str) -> None:
    opened_at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    now = [opened_at]
    with office(url, now=lambda: now[0]) as here:
        here.open()
        now[0] = opened_at.replace(day=5)
        here.client.headers.update(here.as_somebody(CHAIR))  # the session did not last so long
        here.put(seen())

        asked = {"known_at": "2026-03-03"}
        then = here.get("/api/plans/CP-1", **asked)
        assert (then.json()["entries"], then.headers["etag"]) == (1, '"1"')
        assert len(here.get("/api/plans/CP-1/chronology", **asked).json()["items"]) == 1
        for moments in (
            {"from": "2026-03-03", "to": "2026-03-06"},
            {"from": "2026-03-03T12:00:00Z"},
            {"known_at": "2026-03-03"},
        ):
            told = here.get("/api/plans/CP-1/compare", **moments).json()
            assert [each["entry"] for each in told["came"]] == [2]
            assert "seen / last_contact_on" in {each["what"] for each in told["changed"]}
        told = here.get("/api/plans/CP-1/compare", **{"from": "2026-03-05", "to": "2026-03-06"})
        assert (told.json()["came"], told.json()["changed"]) == ([], [])
        before = here.get("/api/plans/CP-1", known_at="2026-03-01")
        assert before.status_code == 404
        assert "Ask for a later moment" in before.json()["detail"]


@pytest.mark.parametrize(
    "asked", [{}, {"to": "2026-03-06"}, {"from": "2026-03-06", "known_at": "2026-03-06"}]
)
def test_a_comparison_needs_to_know_since_when(busy: Office, asked: dict[str, str]) -> None:
    told = busy.get("/api/plans/CP-1/compare", **asked)

    assert told.status_code == 400
    assert "since when" in told.json()["detail"]


def test_there_is_no_list_of_a_plan_that_there_is_not(here: Office) -> None:
    for path in LISTS:
        if "CP-1" in path:
            assert here.get(path.replace("CP-1", "CP-9")).status_code == 404


def test_there_is_no_family_without_a_plan(busy: Office) -> None:
    assert busy.get("/api/families/F9").status_code == 404


# Questions ----------------------------------------------------------------------------------------

NONSENSE: list[tuple[str, Any]] = [
    ("limit", "0"),
    ("limit", "201"),
    ("limit", 10**9),
    ("limit", "1.0"),
    ("limit", "+1"),
    ("limit", "01"),
    ("limit", "\u0661"),
    ("limit", "1_0"),
    ("limit", " 1"),
    ("limit", ""),
    ("at_least", ""),
    ("at_least", "a b"),
    ("at_least", "é"),
    ("at_least", "A" * 201),
    ("at_least", 10**400),
    ("team", ""),
    ("team", "x\x00"),
    ("team", "x" * 41),
    ("agency", "c s c"),
    ("rule", "none"),
    ("plan", "a/b"),
    ("by", "0"),
    ("by", "20260203"),
    ("by", "2026-02-30"),
    ("by", "9999-12-31"),
    ("by", "2026-W06-2"),
    ("overdue_for", "1e3"),
    ("overdue_for", 10**9),
    ("cursor", ""),
    ("cursor", "a b"),
    ("cursor", "é"),
]


def test_nonsense_in_a_question_is_refused_by_name(here: Office) -> None:
    for name, value in NONSENSE:
        told = here.get("/api/due", **{name: value})
        assert told.status_code == 422, (name, value)
        assert f"“{name}” must be" in told.json()["detail"]
        assert told.json()["parameter"] == name


NO_MOMENTS = [
    "",
    "0",
    "now",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-03-09T25:00",
    "2026-03-09T14:30+99:00",
    "2026-03-09T14:30Z ",
    "20260309T1430",
    "2026-W10",
    "2026-03-09T14:30:00.1234567890",
]


def test_a_moment_that_is_none_is_refused(here: Office) -> None:
    here.open()

    for written in NO_MOMENTS:
        told = here.get("/api/plans/CP-1", known_at=written)
        assert told.status_code == 422, written
        assert "“known_at” must be" in told.json()["detail"]


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_the_farthest_days_are_no_surprise(here: Office, day: str) -> None:
    here.open()

    for asked in ({"known_at": day}, {"true_on": day}, {"known_at": day + "T00:00+14:00"}):
        assert here.get("/api/plans/CP-1", **asked).status_code in (200, 404)
        assert here.get("/api/plans/CP-1/compare", **{"from": day}, **asked).status_code < 500


def test_a_question_that_a_list_does_not_know_is_refused(here: Office) -> None:
    told = here.get("/api/due", POISON="1")

    assert told.status_code == 422
    assert "agency, at_least, by, cursor" in told.json()["detail"]
    assert "POISON" not in told.text
    assert here.get("/healthz", colour="red").status_code == 422


def test_a_question_asked_twice_is_refused(here: Office) -> None:
    told = here.client.get("/api/due?limit=1&limit=2")

    assert told.status_code == 422
    assert "twice" in told.json()["detail"]


def test_an_overdue_alert_that_was_raised_is_listed(here: Office) -> None:
    assert opened()["team"] == "T1"
    assert here.get("/api/alerts", state="all", age="0", rule="action-done").json()["items"] == []
