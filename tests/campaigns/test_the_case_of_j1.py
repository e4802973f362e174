"""The case of Child J1, swept day by day: what is raised is what a rehearsal says, each once."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from campaigns import programs
from campaigns.lengths import quick_and_soak
from campaigns.proofs import each_alert_was_raised_once
from campaigns.site import Site, site
from campaigns.web import PERSON
from plantrack.cli.commands import app
from plantrack.cli.lists import REHEARSED
from plantrack.domain.calendar import first_sweep_knowing
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED

SELDOM = 3600.0
FIRST, LAST = date(2019, 9, 16), date(2020, 7, 3)
WITHIN = 10.0
READER = PERSON | {"role": "service_manager"}
"""Sees all plans; the case names no team."""
OF_ALERTS = ("AlertRaised", "AlertClimbed", "AlertCleared")

Line = dict[str, Any]
Run = Callable[..., str]


class Span(NamedTuple):
    """Up to which day the case is swept, whether on every day, and whether by real processes."""

    until: date
    every_day: bool
    run: Callable[[str], Run]


def in_this_process(url: str) -> Run:
    """Run commands here, which spares the time of starting them."""

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words], env={"PLANTRACK_DATABASE": url})
        assert done.exit_code == 0, f"{words}: {done.output}"
        return done.stdout

    return run


def in_processes(url: str) -> Run:
    """Run commands as a person does."""

    def run(*words: str) -> str:
        done = programs.run(*words, url=url)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    return run


QUICK = Span(date(2019, 11, 20), every_day=False, run=in_this_process)
WHOLE = Span(LAST, every_day=True, run=in_processes)


@pytest.mark.parametrize("span", quick_and_soak(QUICK, WHOLE))
def test_sweeping_day_by_day_raises_what_a_rehearsal_says(
    span: Span, campaign_url: str, tmp_path: Path
) -> None:
    run = span.run(campaign_url)
    servers, workers = (1, 0) if campaign_url.startswith("sqlite") else (2, 2)
    case = tmp_path / "child-j1.jsonl"
    case.write_text("".join(told_by(span.until)))
    rehearsed = lines(run("rehearse", str(case), "--until", str(span.until), "--json"))
    with site(campaign_url, tmp_path, servers=servers, workers=workers, every=SELDOM) as plantrack:
        run("import", str(case))
        for day in days(rehearsed, span):
            run("sweep", "--on", day)
        follow(plantrack)
        for web in (plantrack.web(address, person=READER) for address in plantrack.addresses):
            assert same(web.pages("/api/alerts", state="all", limit=200)) == same(rehearsed)
        assert same(lines(run("alerts", "--all", "--json"))) == same(rehearsed)
        assert told_on_plans(plantrack) == told_in(rehearsed)
        run("rebuild", "--check")
        assert plantrack.is_ready()

    assert len(rehearsed) > 40
    assert len(each_alert_was_raised_once(campaign_url)) == sum(map(is_raised, rehearsed))


def told_by(until: date) -> list[str]:
    """Give the lines of the case that were recorded before the sweep of a day."""
    case = resources.files("plantrack.cases").joinpath("child-j1.jsonl").read_text()
    return [
        line
        for line in case.splitlines(keepends=True)
        if first_sweep_knowing(datetime.fromisoformat(json.loads(line)["recorded_at"])) <= until
    ]


def days(rehearsed: Iterable[Line], span: Span) -> list[str]:
    """Name the days to sweep: each one, or those on which something is raised or cleared."""
    if span.every_day:
        every = (FIRST + timedelta(days=n) for n in range((span.until - FIRST).days + 1))
        return [day.isoformat() for day in every]
    found = {line[what] for line in rehearsed for what in ("raised_on", "cleared_on")}
    return sorted(found - {None})


def follow(plantrack: Site) -> None:
    """Wait until the processes show what the commands wrote, by themselves."""
    programs.wait_until(
        lambda: all(not health["behind"] for _, health in plantrack.health()),
        WITHIN,
        lambda: f"The lists do not follow: {plantrack.health()}",
    )


def lines(printed: str) -> list[Line]:
    return [json.loads(line) for line in printed.splitlines()]


def same(found: Iterable[Line]) -> list[str]:
    """Give of each line what a rehearsal says of it, in one order."""
    return sorted(json.dumps({name: each[name] for name in REHEARSED}) for each in found)


def is_raised(line: Line) -> bool:
    """Whether a line is an alert, and not an alert that climbed."""
    return bool(line["obligation"] != ALERT_ANSWERED.code)


def told_in(rehearsed: Iterable[Line]) -> Counter[tuple[str, str, str]]:
    """Count what a chronology must tell: plan, kind and day."""
    told: Counter[tuple[str, str, str]] = Counter()
    for line in rehearsed:
        kind = "AlertRaised" if is_raised(line) else "AlertClimbed"
        told[line["plan"], kind, line["raised_on"]] += 1
        if is_raised(line) and line["cleared_on"]:
            told[line["plan"], "AlertCleared", line["cleared_on"]] += 1
    return told


def told_on_plans(plantrack: Site) -> Counter[tuple[str, str, str]]:
    """Count what the chronologies tell of alerts."""
    web, told = plantrack.web(person=READER), Counter[tuple[str, str, str]]()
    for plan in [row["plan"] for row in web.pages("/api/plans")]:
        for entry in web.pages(f"/api/plans/{plan}/chronology", limit=200):
            if entry["kind"] in OF_ALERTS:
                told[plan, entry["kind"], entry["on"]] += 1
    return told
