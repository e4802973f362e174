"""Whatever goes wrong is told as a problem, worded for the person, and tells nothing else."""

import json
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.desks import CHAIR, Office, agreed, office, opened, seen
from plantrack.domain import refusals
from plantrack.domain.refusals import Refusal
from plantrack.domain.rights.words import SERVICES
from plantrack.domain.words import THE_TRACKER
from plantrack.projections.store import CannotKeep, NotYet
from plantrack.record import CannotReach, migrate
from plantrack.web.problems import STATUS, problem

SECRET = "Jay One was seen"


def told(answer: Any, status: int) -> dict[str, Any]:
    """Check that an answer is a problem as it should be, and give it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers
    said: dict[str, Any] = answer.json()
    assert said["status"] == status
    assert said["title"]
    assert said["type"]
    assert said["detail"].endswith(".")
    return said


def all_refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {each for sub in kind.__subclasses__() for each in {sub, *all_refusals(sub)}}


def test_every_refusal_has_a_status_of_its_own() -> None:
    ours = {each for each in all_refusals() if each.__module__ == refusals.__name__}

    assert len(ours) > 15
    assert ours - STATUS.keys() == set()
    assert {STATUS[each] for each in ours} == {401, 403, 404, 409, 412, 422}


def test_every_refusal_says_its_kind_and_what_it_is() -> None:
    for kind, status in STATUS.items():
        said = json.loads(bytes(problem(status, "Do it.", kind=kind).body))
        assert said["type"].startswith("urn:plantrack:problem:")
        assert said["type"].islower()
        assert said["title"].endswith(tuple("abcdefghijklmnopqrstuvwxyz)0123456789"))


def test_what_is_not_there_is_a_problem(here: Office) -> None:
    assert "Check how it is written" in told(here.get("/nowhere"), 404)["detail"]
    told(here.get("/docs"), 404)
    told(here.get("/redoc"), 404)
    told(here.get("/api/plans/"), 404)
    told(here.get("/api/plans/CP-9"), 404)
    told(here.get("/api/plans/a%00b"), 404)
    told(here.get("/api/plans/%ff"), 404)
    told(here.get("/api/plans/%F0%9F%98%80/due"), 404)
    told(here.get("/api/plans/" + "x" * 61), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD", "WEIRD"])
def test_a_method_that_is_not_taken_is_told_which_are(here: Office, method: str) -> None:
    for path, allowed in {
        "/api/plans": "GET, POST",
        "/api/plans/CP-1": "GET",
        "/api/plans/CP-1/entries": "POST",
        "/healthz": "GET",
    }.items():
        answer = here.client.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["allow"] == allowed
        if method != "HEAD":
            told(answer, 405)


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "application/xml",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
    ],
)
def test_only_json_is_read(here: Office, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}

    answer = here.client.post("/api/plans", content=json.dumps(opened()), headers=headers)

    assert "application/json" in told(answer, 415)["detail"]
    assert here.services.record.count() == 0


def test_a_packed_body_is_not_read(here: Office) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    told(here.client.post("/api/plans", content=b"x", headers=headers), 415)


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=UTF-8"])
def test_json_may_say_that_it_is_utf_8(here: Office, kind: str) -> None:
    headers = {"Content-Type": kind}

    answer = here.client.post("/api/plans", content=json.dumps(opened()), headers=headers)

    assert answer.status_code == 201


@pytest.mark.parametrize("accept", ["text/html", "application/xml, text/*", "nonsense"])
def test_who_takes_no_json_is_told_that_there_is_nothing_else(here: Office, accept: str) -> None:
    told(here.client.get("/api/plans", headers={"Accept": accept}), 406)


@pytest.mark.parametrize("accept", ["*/*", "text/html, application/json;q=0.9", "application/*"])
def test_who_takes_json_too_gets_it(here: Office, accept: str) -> None:
    assert here.client.get("/api/plans", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (seen(on="2026-04-01"), 409),
        (seen(on="2025-04-01"), 409),
        (seen(colour="red"), 422),
        (seen(mode="smoke"), 422),
        ({"kind": "ActionReviewed", "on": "2026-02-09", "action": "A9", "difference": "none"}, 409),
        ({"kind": "Nonsense"}, 422),
        (
            {
                "kind": "AlertCleared",
                "on": "2026-02-09",
                "alert": "x",
                "met_on": None,
            },
            403,
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_recorded_is_refused(
    here: Office, event: dict[str, Any], status: int
) -> None:
    here.open()

    said = told(here.put(event), status)

    assert said["type"].startswith("urn:plantrack:problem:")
    assert here.services.record.count() == 1


@pytest.mark.parametrize(
    ("wrong", "retry"),
    [
        (CannotReach("The database does not answer just now. Try again in a moment."), "2"),
        (CannotKeep("The lists cannot be read just now. Try again in a moment."), "2"),
        (NotYet(), "2"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_done_just_now_may_be_tried_again(
    here: Office, monkeypatch: Any, wrong: Exception, retry: str
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise wrong

    monkeypatch.setattr(here.services.commands, "carry_out_soon", fail)

    answer = here.open()

    assert "try again" in told(answer, 503)["detail"].lower()
    assert answer.headers["retry-after"] == retry


def test_an_entry_that_cannot_be_read_is_named_and_not_shown(here: Office, tmp_path: Any) -> None:
    here.open()
    here.put(seen(words=SECRET))
    spoil(here)

    for path in ("/api/plans/CP-1", "/api/plans/CP-1/chronology"):
        answer = here.get(path)
        assert "Entry 2 of plan CP-1" in told(answer, 503)["detail"]
        assert answer.headers["retry-after"]
        assert SECRET not in answer.text


def spoil(here: Office) -> None:
    """Have the record's last entry come back as something that this release cannot read."""
    read = here.services.record.mapper.read

    def spoilt(plan: str, number: int, topic: str, state: bytes) -> Any:
        return read(plan, number, "ChildSeen@99" if number > 1 else topic, state)

    here.services.record.mapper.read = spoilt  # type: ignore[method-assign]


@pytest.mark.parametrize("where", ["write", "read"])
def test_what_nobody_foresaw_is_told_and_noted_without_its_words(
    here: Office, monkeypatch: Any, where: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError(SECRET)

    async def fail_soon(*_: object, **__: object) -> None:
        fail()

    monkeypatch.setattr(here.services.commands, "carry_out_soon", fail_soon)
    monkeypatch.setattr(here.services.models, "reading", fail)

    with capture_logs() as logs:
        answer = here.open() if where == "write" else here.get("/api/due")

    said = told(answer, 500)
    assert "Traceback" not in answer.text
    assert SECRET not in str(said) + str(logs)
    assert [log["error"] for log in logs] == ["ZeroDivisionError"]
    assert ".py:" in logs[0]["place"]
    assert {*logs[0]} == {"event", "error", "place", "request_id", "log_level"}


# Signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer " + "A" * 8000,
        "Bearer bnVsbA",
        "Bearer W10",
        "Bearer é",
        "Bearer eyJuYW1lIjoiIn0",
        "Basic Y2hhaXI6Y2hhaXI=",
        "eyJuYW1lIjoiQSIsImFnZW5jeSI6ImNzYyIsInJvbGUiOiJjaGFpciJ9",
    ],
    ids=lambda header: str(header)[:20],
)
def test_who_did_not_sign_in_is_asked_to(here: Office, header: str | None) -> None:
    del here.client.headers["Authorization"]
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}

    for method, path in [("GET", "/api/plans"), ("POST", "/api/plans"), ("GET", "/api/plans/x y")]:
        answer = here.client.request(method, path, headers=headers)
        assert "Sign in first" in told(answer, 401)["detail"]
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_trackers_own_role_cannot_be_taken(here: Office) -> None:
    himself = {"name": THE_TRACKER.name, "agency": THE_TRACKER.agency, "role": THE_TRACKER.role}
    posing = urlsafe_b64encode(json.dumps(himself).encode()).decode()

    told(here.client.get("/api/plans", headers={"Authorization": f"Bearer {posing}"}), 401)
    told(here.client.post("/api/demo/sign-in", json=himself), 422)
    for role in ("tracker", "anonymous", *SERVICES):
        told(here.client.post("/api/demo/sign-in", json=CHAIR | {"role": role}), 422)


@pytest.mark.parametrize(
    "person",
    [
        {},
        [],
        CHAIR | {"name": ""},
        CHAIR | {"name": " "},
        CHAIR | {"name": "x" * 201},
        CHAIR | {"name": "a\x00"},
        CHAIR | {"agency": "c s c"},
        CHAIR | {"role": "king"},
        CHAIR | {"colour": "red"},
    ],
    ids=str,
)
def test_nobody_signs_in_as_nobody(here: Office, person: Any) -> None:
    told(here.client.post("/api/demo/sign-in", json=person), 422)


def test_without_the_demonstration_nobody_signs_in(url: str, tmp_path: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path}/demonstration.db"
    migrate(elsewhere)
    with office(elsewhere) as there:
        token = there.as_somebody(CHAIR)
    with office(url, demo=False) as here:
        told(here.client.post("/api/demo/sign-in", json=CHAIR), 404)
        told(here.client.get("/api/plans", headers=token), 401)
        assert here.get("/healthz").status_code == 200


# What runs it -------------------------------------------------------------------------------------


def test_the_process_says_that_it_is_there_and_well(here: Office) -> None:
    del here.client.headers["Authorization"]

    assert here.get("/healthz").json() == {"alive": True}
    ready = here.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "entries": 0,
        "projection_lag": 0,
        "behind": False,
        "last_sweep": "2026-03-20T09:30:00Z",
        "leader": True,
        "problems": [],
    }
    here.found.ready, here.found.problems = False, ["The lists stand still."]
    here.found.last_sweep, here.found.projection_lag = None, 7
    ready = here.get("/readyz")
    assert ready.status_code == 503
    assert ready.headers["retry-after"]
    assert ready.json()["problems"] == ["The lists stand still."]
    assert (ready.json()["behind"], ready.json()["projection_lag"]) == (True, 7)
    here.found.problems = ["The lists have been behind for 12 seconds, now by 7. Look."]
    assert here.get("/readyz").json()["problems"] == [
        "The lists have been behind for 12 seconds. Look."
    ]


def test_who_may_not_watch_is_told_no_counts(url: str) -> None:
    with office(url, demo=False) as here:
        ready = here.get("/readyz").json()

    assert (ready["entries"], ready["projection_lag"]) == (None, None)
    assert ready["ready"] is True


def test_measures_are_given_as_they_were_made(url: str) -> None:
    with office(url, metrics=lambda: b"up 1\n") as here:
        told(here.get("/metrics"), 403)
        admin = here.as_somebody({"name": "A Admin", "agency": "csc", "role": "admin"})
        answer = here.client.get("/metrics", headers=admin)

    assert answer.content == b"up 1\n"
    assert answer.headers["content-type"].startswith("text/plain; version=")


def test_each_answer_is_observed_by_its_template(here: Office) -> None:
    here.open()
    here.put(agreed())
    here.get("/api/plans/CP-1")
    here.get("/api/plans/CP-9/due")
    here.get("/nowhere/CP-1")
    here.client.request("SECRET", "/api/plans/CP-1")

    observed = [(route, method, status) for route, method, status, _ in here.seen]
    assert observed[1:] == [
        ("/api/plans", "POST", 201),
        ("/api/plans/{plan}/entries", "POST", 201),
        ("/api/plans/{plan}", "GET", 200),
        ("/api/plans/{plan}/due", "GET", 404),
        ("unmatched", "GET", 404),
        ("/api/plans/{plan}", "other", 405),
    ]
    assert all(0 < seconds < 10 for *_, seconds in here.seen)
