"""What stands on a plan is in no log and in no measure."""

import json
import logging
from datetime import UTC, date, datetime

import pytest

from plantrack import codec, logs
from plantrack.application.services import Services
from plantrack.domain.refusals import Refusal
from plantrack.metrics import Metrics
from plantrack.worker import Worker, sweep
from plantrack.worker.worker import note_beat
from record.plans import ANN, seen
from worker.plans import Clock, open_plan, poison, sweep_at, sweeps_so_far, wait_until

CANARY = "canary-7431"
WORDS = (
    {
        "kind": "ChildSeen",
        "mode": "face_to_face",
        "alone": "yes",
        "by_agency": "csc",
        "words": CANARY,
    },
    {"kind": "OutcomeAgreed", "outcome": "O1", "what": CANARY},
    {"kind": "CategoryChanged", "category": "EMO", "reason": CANARY},
)


def test_no_word_of_a_plan_is_logged_or_measured(
    services: Services,
    clock: Clock,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    metrics = Metrics(services)
    for plan in ("P-failing", "P-poison", "P-well"):
        open_plan(services, plan, date(2026, 9, 2))
        for words in WORDS[:2]:
            event = codec.read_event({**words, "on": "2026-09-01", "note": CANARY})
            services.commands.record(plan, event, ANN)
    services.catch_up(services.files())
    poison(services, "P-poison", json.dumps({"words": CANARY}))
    carry_out = services.commands.carry_out

    def failing(said, by, **more):  # type: ignore[no-untyped-def]
        if said[0].plan == "P-failing":
            raise ValueError(CANARY)
        return carry_out(said, by, **more)

    monkeypatch.setattr(services.commands, "carry_out", failing)
    swept = sweep_at(services, clock, datetime(2026, 9, 3, 9, tzinfo=UTC))
    note_beat(services, swept)
    metrics.swept(swept.seconds, swept.raised_by_rule)
    metrics.answered("/api/plans/{plan}", "GET", 200, 0.01)

    found = capfd.readouterr()
    measured = metrics.exposition().decode()
    assert {failed.plan for failed in swept.failed} == {"P-failing", "P-poison"}
    assert {json.loads(line).get("plan") for line in found.err.splitlines()} >= {
        "P-failing",
        "P-poison",
    }
    assert CANARY not in found.err + found.out + measured
    assert "P-well" not in measured
    assert 'plantrack_alerts_raised_total{rule="action-done"} 1.0' in measured
    assert 'plantrack_open_alerts{rule="action-done"} 0.0' not in measured
    assert "plantrack_parked_plans 1.0" in measured
    assert "plantrack_failed_plans 2.0" in measured
    assert 'plantrack_http_seconds_count{method="GET",route="/api/plans/{plan}",status="200"}' in (
        measured
    )
    metrics.close()


def test_a_follower_that_fails_says_where_and_not_on_what(
    services: Services, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_plan(services, "P1")
    touched = services.record.touched
    failures = iter([ValueError(CANARY)] * 3)

    def failing(position: int, limit: int) -> list[tuple[int, str]]:
        for failure in failures:
            raise failure
        return touched(position, limit)

    monkeypatch.setattr(services.record, "touched", failing)
    worker = Worker(services, 0.5)
    worker.start()
    try:
        wait_until(lambda: sweeps_so_far(services) > 0, 10)
        position = services.commands.record("P1", seen(), ANN).number
        services.models.wait_for(services.record.position_of("P1", position), 10)
    finally:
        worker.stop()

    said = capfd.readouterr().err
    assert '"why": "ValueError"' in said
    assert CANARY not in said


def test_what_libraries_log_is_told_without_its_values(capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # what an earlier server left
    try:
        logs.take_over_libraries()
        logging.getLogger("sqlalchemy.engine").error("INSERT %s", CANARY)
        logging.getLogger("asyncio").error(f"Task failed: {CANARY}")
        try:
            codec.read_event({"kind": CANARY})
        except Refusal:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
        logging.getLogger("uvicorn.error").info("Started server process [%d]", 17)
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        logging.captureWarnings(capture=False)

    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [line["part"] for line in lines] == [
        "sqlalchemy.engine",
        "asyncio",
        "uvicorn.error",
        "uvicorn.error",
    ]
    assert lines[2]["why"] == "Unreadable"
    assert lines[3]["event"] == "Started server process [17]"
    assert CANARY not in json.dumps(lines)


def test_measures_of_a_database_that_is_gone_say_that_it_is_gone(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    metrics = Metrics(services)
    sweep(services, services.files())
    assert b"plantrack_up 1.0" in metrics.exposition()

    def gone() -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr(services, "standing", gone)
    assert b"plantrack_up 0.0" in metrics.exposition()
    metrics.close()
