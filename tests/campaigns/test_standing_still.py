"""Nothing runs for ten days over the end of a month: every alert that was missed comes, once."""

from contextlib import closing
from datetime import date, timedelta

from campaigns.overdue import Clock, open_plans
from campaigns.proofs import (
    Alerted,
    each_alert_was_raised_once,
    entries_of_all_plans,
    make_ready,
    raised,
)
from plantrack import codec
from plantrack.application.policies import reading as policy
from plantrack.application.services import Services
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.replay.rehearsal import rehearse
from plantrack.record import open_record
from plantrack.worker import sweep

OPENED = date(2020, 2, 17)
LAST_SWEEP_BEFORE = date(2020, 2, 24)
DAYS_OFF = 10
BACK = LAST_SWEEP_BEFORE + timedelta(days=DAYS_OFF + 1)
PLANS, ACTIONS = 3, 25
ONE_DAY = timedelta(days=1)


def sweep_on(url: str, *days: date) -> None:
    """Sweep on these days and no others, each time in a process that knows nothing yet."""
    for day in days:
        with Services(url, Clock(day)) as services:
            sweep(services, services.files())


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def prepare(url: str) -> None:
    make_ready(url)
    open_plans(url, PLANS, OPENED, ACTIONS)
    sweep_on(url, *days(OPENED, LAST_SWEEP_BEFORE))


def test_each_missed_alert_comes_once_with_its_true_due_date_and_a_mark_that_it_is_late(
    empty_url: str,
) -> None:
    prepare(empty_url)
    before = {alerted for alerted, _ in raised(empty_url)}

    sweep_on(empty_url, BACK, BACK, BACK + ONE_DAY)

    each_alert_was_raised_once(empty_url)
    actions = [event for alerted, event in raised(empty_url) if is_missed(alerted, before)]
    missed = days(LAST_SWEEP_BEFORE, BACK - 2 * ONE_DAY)
    in_time = [BACK - ONE_DAY, BACK]
    assert sorted(event.due_on for event in actions if event.late) == sorted(missed * PLANS)
    assert sorted(event.due_on for event in actions if not event.late) == sorted(in_time * PLANS)
    assert {event.on for event in actions if event.late} == {BACK}


def test_what_is_raised_after_standing_still_is_what_daily_sweeps_would_have_raised(
    empty_url: str,
) -> None:
    prepare(empty_url)
    sweep_on(empty_url, BACK)
    stood_still = each_alert_was_raised_once(empty_url)

    assert stood_still == swept_daily(empty_url, until=BACK)


def is_missed(alerted: Alerted, before: set[Alerted]) -> bool:
    return alerted.obligation == "action-done" and alerted not in before


def swept_daily(url: str, until: date) -> set[Alerted]:
    """Say which alerts there are when nothing stands still: rehearse the same entries."""
    with closing(open_record(url)) as record:
        entries = [e for e in entries_of_all_plans(record) if not e.event.BY_THE_TRACKER]
    entries.sort(key=lambda entry: entry.recorded_at)
    lines = rehearse(entries, policy.load(), codec.amend, until)
    return {
        Alerted(line.plan, line.obligation, line.about, line.due_on)
        for line in lines
        if line.obligation != ALERT_ANSWERED.code
    }
