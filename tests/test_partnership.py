"""The demonstration's partnership: its files, how they are replayed, and what is found there."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from api.desks import Office
from partnership import (
    ADMIN,
    NOW,
    PRIVACY_OFFICER,
    RESTRICTED,
    SIBLINGS,
    TODAY,
    Built,
    as_player,
    at_desk,
    conference_of,
    small,
)
from plantrack import codec
from plantrack.application.demo_people import CAST, WINGS
from plantrack.application.history_files import Line, Taken, read, take_in
from plantrack.application.policies import reading as policy
from plantrack.application.services import Services
from plantrack.demo import dates
from plantrack.demo.partnership import J1, SMALL, build
from plantrack.domain.events import (
    AlertAnswered,
    AlertClimbed,
    AlertRaised,
    ChallengeClimbed,
    Corrected,
    EmergencyAccessTaken,
    PlanEvent,
    Retracted,
)
from plantrack.domain.events.entries import Entry
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.replay.rehearsal import rehearse
from plantrack.domain.rights.words import Duty

FILES = Path(str(resources.files("plantrack.cases") / "partnership"))
NAMES = Path(__file__).parent / "golden" / "invented-names.txt"
DAY = timedelta(days=1)
DUTIES = {each.duty for each in CAST}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return small(tmp_path_factory)


@pytest.fixture(scope="module")
def here(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with at_desk(built.copy(tmp_path_factory.mktemp("demo"))) as here:
        yield here


@pytest.fixture(scope="module")
def taken() -> Taken:
    return take_in(read(sorted(FILES.glob("*.jsonl"))), PlanBook(codec.amend))


def raw() -> Iterator[dict[str, Any]]:
    for each in sorted(FILES.glob("*.jsonl")):
        yield from map(json.loads, each.read_text().splitlines())


def people_said(here: Services) -> list[Entry]:
    """Give what people put on the record, in order, each with its number there."""
    record = here.record
    entries = [entry for plan in record.plans() for entry in record.entries(plan)]
    said = [entry for entry in entries if not entry.event.BY_THE_TRACKER]
    return sorted(said, key=lambda entry: entry.recorded_at)


def lines_of(folder: Path, families: tuple[str, ...] | None) -> list[Line]:
    """Read the lines that a build replays."""
    files = dates.put_into(folder, TODAY, families)
    case = Path(str(resources.files("plantrack.cases")))
    return [
        line for line in read([*files, *(case / name for name in J1)]) if isinstance(line, Line)
    ]


# -- the files -----------------------------------------------------------------------------------


def test_no_line_of_the_files_is_refused(taken: Taken) -> None:
    assert taken.refused == []
    assert len({entry.plan for entry in taken.entries}) == 39
    assert len({path.name for path in FILES.glob("*.jsonl")}) == 18


def test_every_plan_is_a_history_worth_reading(taken: Taken) -> None:
    entries = Counter(entry.plan for entry in taken.entries)

    assert 2_500 <= sum(entries.values()) <= 3_500
    assert min(entries.values()) >= 25
    assert max(entries.values()) <= 200


def test_every_name_is_invented() -> None:
    invented = set(NAMES.read_text().split())
    named = set[str]()
    for line in raw():
        event = line["event"]
        said = [line["by"], event, *(event.get(each) or {} for each in ("lead", "chair", "owner"))]
        for each in said:
            for field in ("name", "given_names", "family_name", "authorised_by", "professional"):
                named.update((each.get(field) or "").split())

    assert named - invented == set()
    assert {word for each in [*CAST] for word in each.name.split()} | {
        word for name in WINGS for word in name.split()
    } <= invented | {
        "Wexcombe",
        "Morwen",
        "Hale",
        "Ira",
        "Venn",
        "Pat",
        "Greeve",
        "Ade",
        "Lorne",
    } | {
        "Lee",
        "Osgar",
        "Nell",
        "Quist",
        "Petra",
        "Lunn",
    }


def test_an_nhs_number_is_one_that_is_never_issued() -> None:
    given = [number for line in raw() if (number := line["event"].get("nhs_number"))]

    assert len(given) == len(set(given)) >= 2
    for number in given:
        assert re.fullmatch(r"999\d{7}", number)
        weighed = sum(int(digit) * weight for digit, weight in zip(number, range(10, 0, -1)))  # noqa: B905 - ten digits, ten weights
        assert weighed % 11 == 0


def test_children_do_not_all_say_the_same() -> None:
    words = Counter(line["event"]["words"] for line in raw() if line["event"].get("words"))

    assert len(words) > 200
    assert words.most_common(1)[0][1] == 1


# -- moving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", range(-8, 16))
def test_the_last_day_lies_within_the_week_before_today(days: int) -> None:
    today = TODAY + days * DAY

    last = dates.LAST_DAY + timedelta(weeks=dates.weeks_to(today))

    assert DAY <= today - last <= 7 * DAY
    assert last.weekday() == dates.LAST_DAY.weekday()


def test_every_day_moves_and_nothing_else_does() -> None:
    line = (
        '{"recorded_at":"2026-03-02T09:00:00+00:00","event":{"on":"2026-03-01",'
        '"alert":"oversight:CP-1:2026-02-28","note":"seen on 2026-03-01, CP-2026-03-01"}}'
    )

    assert dates.moved(line, 2) == (
        '{"recorded_at":"2026-03-16T09:00:00+00:00","event":{"on":"2026-03-15",'
        '"alert":"oversight:CP-1:2026-03-14","note":"seen on 2026-03-01, CP-2026-03-01"}}'
    )
    assert dates.moved(line, 0) == line


def test_the_last_day_is_the_last_day_of_the_files(taken: Taken) -> None:
    assert taken.last_recorded_on == dates.LAST_DAY


# -- the replay ----------------------------------------------------------------------------------


def comparable(event: PlanEvent) -> PlanEvent:
    """Leave out what a file cannot know: numbers and alerts of the record that is to be."""
    if isinstance(event, Corrected | Retracted):
        return replace(event, entry=1)
    if isinstance(event, AlertAnswered):
        return replace(event, alert=event.alert.rpartition(":")[0])
    return event


def test_the_record_tells_what_the_files_tell_by_whom_and_when(
    here: Office, tmp_path: Path
) -> None:
    told = lines_of(tmp_path, SMALL)
    said = people_said(here.services)

    for plan in {line.plan for line in told}:
        assert [
            (
                entry.recorded_at,
                entry.by.name,
                entry.by.agency,
                entry.by.role,
                comparable(entry.event),
            )
            for entry in said
            if entry.plan == plan
        ] == [
            (line.recorded_at, line.by.name, line.by.agency, line.by.role, comparable(line.event))
            for line in told
            if line.plan == plan
        ]
    assert {entry.plan for entry in said} == {line.plan for line in told}


def test_a_correction_is_of_the_entry_that_the_file_means(here: Office) -> None:
    entries = here.services.record.entries("CP-104")
    [correction] = [entry for entry in entries if isinstance(entry.event, Corrected)]

    event = correction.event
    assert isinstance(event, Corrected)
    corrected = next(entry for entry in entries if entry.number == event.entry)
    assert getattr(corrected.event, "words", None) == "I'm fine."


def raised_on_record(here: Services) -> set[tuple[Any, ...]]:
    """Give every alert and every climb as the sweeps wrote them."""
    found = set[tuple[Any, ...]]()
    for plan in here.record.plans():
        for entry in here.record.entries(plan):
            event = entry.event
            if isinstance(event, AlertRaised):
                found.add((event.on, plan, event.obligation, event.about, event.due_on))
            elif isinstance(event, AlertClimbed):
                found.add((event.on, plan, ALERT_ANSWERED.code, event.alert, event.due_on))
    return found


def as_rehearsed(here: Services) -> set[tuple[Any, ...]]:
    lines = rehearse(people_said(here), policy.load(), codec.amend, TODAY)
    return {(each.raised_on, each.plan, each.obligation, each.about, each.due_on) for each in lines}


def test_the_sweeps_raised_what_a_rehearsal_raises(here: Office) -> None:
    raised = raised_on_record(here.services)

    assert len(raised) > 300
    assert raised == as_rehearsed(here.services)


def everything(path: Path) -> list[Any]:
    with Services(f"sqlite:///{path}") as services:
        plans = [services.record.entries(plan) for plan in services.record.plans()]
        return [plans, list(services.record.rights_after(0))]


@pytest.mark.soak
def test_two_builds_are_equal(built: Built, tmp_path: Path) -> None:
    build(tmp_path / "again.sqlite3", TODAY, SMALL)

    assert everything(tmp_path / "again.sqlite3") == everything(built.path)


def test_a_build_that_fails_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("plantrack.demo.replay.Replay.run", fail)
    with pytest.raises(RuntimeError):
        build(tmp_path / "demo.db", TODAY, ("oakes",))

    assert os.listdir(tmp_path) == []


# -- what is found there -------------------------------------------------------------------------

SEES_IN_SMALL = {
    "Casey Hollin": 7,
    "Wyn Abbery": 4,
    "Toni Marrick": 6,
    "Ash Corvane": 8,
    "Noor Ellery": 5,
    "Lee Wexcombe": 6,
    "Ira Venn": 7,
}


@pytest.mark.parametrize(("name", "plans"), SEES_IN_SMALL.items())
def test_who_is_tied_to_plans_sees_these_and_what_is_owed(
    here: Office, name: str, plans: int
) -> None:
    headers = as_player(here, name)

    seen = here.client.get("/api/plans", headers=headers).json()["items"]
    assert len(seen) == plans
    assert here.client.get("/api/alerts", headers=headers).json()["items"]
    assert here.client.get("/api/due", headers=headers).json()["items"]


@pytest.mark.parametrize(
    ("name", "path", "list_"),
    [
        (PRIVACY_OFFICER, "/api/looked?child=FL4101", "items"),
        (PRIVACY_OFFICER, "/api/emergency-access", "items"),
        (PRIVACY_OFFICER, "/api/looked/patterns", "patterns"),
        (ADMIN, "/api/people", "people"),
    ],
)
def test_who_looks_after_something_else_finds_it(
    here: Office, name: str, path: str, list_: str
) -> None:
    found = here.client.get(path, headers=as_player(here, name)).json()

    assert found[list_]


def test_each_role_is_offered(here: Office) -> None:
    assert {*SEES_IN_SMALL} < {each.name for each in CAST}
    assert set(Duty) - {Duty.SCHEDULER, Duty.WITNESS, Duty.ANONYMOUS} == DUTIES
    assert all(each.sees.endswith(".") for each in CAST)


def test_a_conference_of_three_siblings_is_a_few_days_away(here: Office) -> None:
    days = set()
    for plan in SIBLINGS:
        planned = here.client.get(f"/api/plans/{plan}", headers=as_player(here, "Casey Hollin"))
        days.add(planned.json()["meetings"][conference_of(here, plan)]["planned_for"])

    [day] = days
    assert TODAY < date.fromisoformat(day) <= TODAY + timedelta(days=10)


def test_the_restricted_plan_and_the_conflicted_one_are_there_for_some_only(here: Office) -> None:
    def status(name: str, plan: str) -> int:
        headers = as_player(here, name)
        return here.client.get(f"/api/plans/{plan}", headers=headers).status_code

    assert [status(name, RESTRICTED) for name in ("Wyn Abbery", "Noor Ellery")] == [200, 200]
    assert [status(name, RESTRICTED) for name in ("Ira Venn", "Lee Wexcombe")] == [404, 404]
    assert here.services.authoriser.look().rights.conflicts["K-1"].child == "FL4104"


def test_what_waits_is_waiting(here: Office) -> None:
    events = {plan: here.services.record.entries(plan) for plan in ("CP-101", "CP-105")}
    last = [e.event for e in events["CP-105"] if isinstance(e.event, ChallengeClimbed)][-1]
    taken = [e.event for e in events["CP-101"] if isinstance(e.event, EmergencyAccessTaken)]

    assert (last.stage, NOW.date() - last.on < timedelta(days=7)) == (2, True)
    assert [event.access for event in taken] == ["E-1"]
    nurse = as_player(here, "Noor Ellery")
    shown = here.client.get("/api/plans/CP-102", headers=nurse).json()
    assert "not_asked" in json.dumps(shown)


@pytest.mark.soak
def test_the_whole_partnership_raises_what_a_rehearsal_raises_and_shows_everybody_something(
    tmp_path: Path,
) -> None:
    path = tmp_path / "whole.db"
    build(path, TODAY)
    with at_desk(f"sqlite:///{path}") as whole:
        raised = raised_on_record(whole.services)
        assert raised == as_rehearsed(whole.services)
        said, told = people_said(whole.services), lines_of(tmp_path, None)
        assert len(said) == len(told)
        on_plans = DUTIES - {Duty.PRIVACY_OFFICER, Duty.ADMIN}
        for each in CAST:
            if each.duty in on_plans:
                headers = as_player(whole, each.name)
                assert whole.client.get("/api/plans", headers=headers).json()["items"], each.name
        open_now = [
            alert.key
            for plan in whole.services.record.plans()
            for alert in whole.services.files().file(plan).open_alerts.values()
            if not alert.unmet_at_closing
        ]
        assert 15 <= len(open_now) <= 35


@pytest.mark.soak
@pytest.mark.parametrize("weeks", [-1, 7, 33, 60])
def test_whenever_it_is_built_each_line_is_there_and_each_answer_finds_its_alert(
    tmp_path: Path, weeks: int
) -> None:
    path = tmp_path / "then.db"
    build(path, TODAY + timedelta(weeks=weeks, days=weeks % 7))

    with Services(f"sqlite:///{path}") as services:
        said = people_said(services)
        answered = [each.event for each in said if isinstance(each.event, AlertAnswered)]
        raised = {f"{rule}:{about}:{due}" for _, _, rule, about, due in raised_on_record(services)}
    assert len(said) == len(lines_of(tmp_path, None))
    assert {each.alert for each in answered} <= raised
    assert len(answered) > 5
