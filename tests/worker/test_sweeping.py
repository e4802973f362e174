"""A sweep raises each overdue thing once, whatever goes wrong beside it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from plantrack import codec
from plantrack.application import history_files
from plantrack.application.policies import reading as policy
from plantrack.application.services import Services
from plantrack.domain.calendar import LONDON, london_day
from plantrack.domain.events import AlertCleared, AlertRaised
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.refusals import DayNotPossible
from plantrack.domain.replay.rehearsal import last_sweep, rehearse
from plantrack.projections import alerts, due
from plantrack.projections.paging import LONGEST_PAGE, Slice
from plantrack.worker import sweep
from record.plans import ANN, seen
from worker.plans import Clock, open_plan, poison, raised, sweep_at

ONE_DAY = timedelta(days=1)
J1 = resources.files("plantrack.cases").joinpath("child-j1.jsonl")
NIGHTS = [date(2026, 10, 25), date(2027, 3, 28)]


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
def test_sweeping_an_imported_history_day_by_day_is_its_rehearsal(ready_url: str) -> None:
    with Services(ready_url) as services:
        taken = history_files.take_in(history_files.read([Path(str(J1))]), PlanBook(codec.amend))
        now = datetime.now(UTC)
        services.commands.take_in(
            history_files.as_imported(taken.entries, now, services.record.last_number)
        )
        assert taken.last_recorded_on
        last, on = last_sweep(taken.last_recorded_on), london_day(taken.entries[0].recorded_at)
        files = services.files()

        while on <= last:
            assert sweep(services, files, on).failed == []
            on += ONE_DAY

        rehearsed = rehearse(taken.entries, policy.load(), codec.amend, last)
        lines = [line.to_json() for line in rehearsed]
        assert len(lines) > 300
        assert told(services) == [lines, False]
        again = sweep(services, files, date(2020, 3, 10))
        assert (again.raised, again.climbed, again.cleared) == (0, 0, 0)


def told(services: Services) -> list[Any]:
    """Give the list of alerts as a rehearsal would, and whether any was marked late."""
    services.catch_up(services.files())
    rows: list[dict[str, Any]] = []
    after = None
    with services.models.reading() as reading:
        while after or not rows:
            wanted = Slice(after, LONGEST_PAGE)
            page = alerts.listed(reading, today=services.today(), open_only=False, wanted=wanted)
            rows += page.rows
            if (after := page.next) is None:
                break
    names = "raised_on plan obligation finding about due_on because told policy cleared_on met_on"
    wanted_names = [*names.split(), "unmet_at_closing"]
    shown = [{name: plain(row[name]) for name in wanted_names} for row in rows]
    return [shown, any(row["late"] for row in rows)]


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def test_what_is_overdue_is_raised_once_however_often_it_is_swept(
    services: Services, clock: Clock
) -> None:
    open_plan(services, "P1", date(2026, 9, 2))

    swept = [sweep_at(services, clock, datetime(2026, 9, 3, 6 + h, tzinfo=UTC)) for h in range(3)]

    assert [each.raised for each in swept] == [1, 0, 0]
    assert [each.plans for each in swept] == [1, 0, 0]
    [alert] = raised(services.record, "P1")
    assert (alert.on, alert.due_on, alert.late) == (date(2026, 9, 3), date(2026, 9, 2), False)


def test_only_plans_with_something_due_are_looked_at(services: Services, clock: Clock) -> None:
    for plan in range(20):
        open_plan(services, f"P{plan}", date(2026, 9, 2) if plan == 7 else date(2026, 12, 1))

    assert sweep_at(services, clock, datetime(2026, 9, 3, 9, tzinfo=UTC)).plans == 1


@pytest.mark.parametrize("night", NIGHTS, ids=str)
def test_the_night_on_which_clocks_change_shifts_no_day(
    night: date, services: Services, clock: Clock
) -> None:
    clock.set(datetime.combine(night - 5 * ONE_DAY, datetime.min.time(), LONDON).astimezone(UTC))
    open_plan(services, "P1", night - ONE_DAY, night)
    start = datetime.combine(night - ONE_DAY, datetime.min.time(), LONDON).astimezone(UTC)
    end = datetime.combine(night + 2 * ONE_DAY, datetime.min.time(), LONDON).astimezone(UTC)
    now, owed = start, set()
    files = services.files()

    while now < end:
        clock.set(now)
        sweep(services, files)
        with services.models.reading() as reading:
            found = due.listed(reading, today=services.today(), obligation="action-done").rows
        owed.add(tuple((row["about"], row["due_on"]) for row in found))
        now += timedelta(minutes=10)

    assert owed == {(("A1", night - ONE_DAY), ("A2", night))}
    assert [(alert.about, alert.on) for alert in raised(services.record, "P1")] == [
        ("A1", night),
        ("A2", night + ONE_DAY),
    ]
    recorded = [e for e in services.record.entries("P1") if isinstance(e.event, AlertRaised)]
    for entry in recorded:
        midnight = datetime.combine(entry.event.on, datetime.min.time(), LONDON)
        assert entry.recorded_at == midnight.astimezone(UTC)


def test_after_ten_days_off_each_missed_alert_is_raised_once_with_its_true_day(
    services: Services, clock: Clock
) -> None:
    clock.set(datetime(2026, 10, 20, 9, tzinfo=UTC))
    days = [date(2026, 10, 24) + n * ONE_DAY for n in range(11)]
    open_plan(services, "P1", *days)
    sweep_at(services, clock, datetime(2026, 10, 25, 9, tzinfo=UTC))

    for hour in (9, 10):
        sweep_at(services, clock, datetime(2026, 11, 4, hour, tzinfo=UTC))

    found = sorted(raised(services.record, "P1"), key=lambda alert: alert.due_on)
    assert [alert.due_on for alert in found] == days
    assert [alert.on for alert in found] == [date(2026, 10, 25)] + [date(2026, 11, 4)] * 10
    assert [alert.late for alert in found] == [False] + [True] * 9 + [False]


def test_a_plan_that_cannot_be_read_does_not_stop_the_next(
    services: Services, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    for plan in ("P1", "P2", "P3"):
        open_plan(services, plan, date(2026, 9, 2))
    services.catch_up(services.files())
    poison(services, "P2")

    swept = sweep_at(services, clock, datetime(2026, 9, 3, 9, tzinfo=UTC))

    assert [tuple(failed) for failed in swept.failed] == [("P2", "EntryUnreadable")]
    assert (swept.plans, swept.raised) == (3, 2)
    assert len(raised(services.record, "P1")) == len(raised(services.record, "P3")) == 1
    assert '"plan": "P2"' in capfd.readouterr().err


def test_lists_that_cannot_be_used_cost_no_alert(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_plan(services, "P1", date(2026, 9, 2))

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, "catch_up", fail)

    assert sweep_at(services, clock, datetime(2026, 9, 3, 9, tzinfo=UTC)).raised == 1


def test_a_list_that_lags_raises_nothing_false(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_plan(services, "P1", date(2026, 9, 2))
    services.catch_up(services.files())
    clock.set(datetime(2026, 9, 2, 9, tzinfo=UTC))
    done = codec.read_event({"kind": "ActionCompleted", "on": "2026-09-02", "action": "A1"})
    services.commands.record("P1", done, ANN)
    monkeypatch.setattr(services, "catch_up", lambda _: None)

    swept = sweep_at(services, clock, datetime(2026, 9, 3, 9, tzinfo=UTC))

    assert (swept.plans, swept.raised) == (1, 0)


def test_somebody_who_writes_in_between_makes_the_sweep_look_again(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_plan(services, "P1", date(2026, 9, 1), date(2026, 9, 2))
    carry_out: Callable[..., Any] = services.commands.carry_out
    interruptions = iter([True, False, True])

    def interrupted(said: Any, by: Any, **more: Any) -> Any:
        if next(interruptions, False):
            carry_out([type(said[0])("P1", seen())], ANN)
        return carry_out(said, by, **more)

    clock.set(datetime(2026, 9, 3, 9, tzinfo=UTC))
    monkeypatch.setattr(services.commands, "carry_out", interrupted)

    swept = sweep(services, services.files())

    assert (swept.raised, swept.failed) == (2, [])
    assert [alert.about for alert in raised(services.record, "P1")] == ["A1", "A2"]


def test_an_earlier_day_is_swept_on_what_was_known_then(services: Services, clock: Clock) -> None:
    open_plan(services, "P1", date(2026, 9, 2))
    clock.set(datetime(2026, 9, 4, 9, tzinfo=UTC))
    done = codec.read_event({"kind": "ActionCompleted", "on": "2026-09-02", "action": "A1"})
    services.commands.record("P1", done, ANN)

    swept = [sweep(services, services.files(), date(2026, 9, day)) for day in (3, 3, 5 - 1)]
    clock.set(datetime(2026, 9, 5, 9, tzinfo=UTC))
    now = sweep(services, services.files())
    after = sweep(services, services.files(), date(2026, 9, 3))

    assert [each.raised for each in (*swept, now, after)] == [1, 0, 0, 0, 0]
    [alert] = raised(services.record, "P1")
    assert alert.on == date(2026, 9, 3)
    cleared = [e for e in services.record.events_of("P1") if isinstance(e, AlertCleared)]
    assert [(each.on, each.met_on) for each in cleared] == [(date(2026, 9, 4), date(2026, 9, 2))]


def test_a_day_that_has_not_come_cannot_be_swept(services: Services) -> None:
    with pytest.raises(DayNotPossible, match="has not come yet"):
        sweep(services, services.files(), services.today() + ONE_DAY)
