"""Nothing that is made of a plan shows a marked text to whoever may not read it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from typer.main import get_command

from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.cli import app
from plantrack.domain.events import AlertRaised, PlanEvent
from plantrack.domain.events.envelopes import OPENS
from plantrack.domain.plans.as_known import Moment
from plantrack.domain.redaction.clearance import EVERYTHING, NOTHING, Clearance, clear_json
from plantrack.domain.redaction.texts import parts
from plantrack.domain.words import Mark, MeetingType, Person, Position
from plantrack.projections import MODELS, actions, alerts, decisions
from plantrack.projections.store import ReadModels
from plantrack.record import migrate
from plantrack.worker import sweep
from story import (
    CP_J1,
    CP_K2,
    MANAGER,
    REVIEW,
    TEACHER,
    agreed,
    answered,
    challenge_answered,
    challenged,
    completed,
    considered,
    consulted,
    corrected,
    decided,
    described,
    dissent_answered,
    ended,
    feb,
    finished,
    gap_answered,
    held,
    injury,
    lead,
    left,
    linked,
    mar,
    medical,
    missed,
    moved,
    not_consulted,
    opened,
    outcome,
    oversight,
    planned,
    position,
    reassigned,
    rescheduled,
    resolved,
    returned,
    reviewed,
    seen,
    shared,
    started,
    supervised,
    supervision_asked,
    withdrawn,
)

TOLD = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
BETWEEN = datetime(2026, 5, 25, tzinfo=UTC)
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
PROTECTING = [mark for mark in Mark if mark is not Mark.GENERAL]
PLANS = ((CP_J1, "J1", MANAGER), (CP_K2, "K2", TEACHER))
ALERT = "action-done:A1:2026-02-20"

EVENTS: list[PlanEvent] = [
    described(feb(3), feb(2).replace(year=2015)),
    outcome(feb(3)),
    agreed(feb(3), due_on=feb(20), every=14),
    agreed(feb(3), "A2", due_on=feb(20)),
    agreed(feb(3), "A3", due_on=feb(20)),
    reviewed(feb(4)),
    rescheduled(feb(5), "A2", due_on=mar(2)),
    reassigned(feb(5)),
    completed(feb(6), "A2"),
    ended(feb(6), "A3"),
    planned(feb(6), REVIEW, planned_for=feb(9)),
    moved(feb(7), planned_for=feb(10)),
    held(feb(10), REVIEW, because="the bus did not come"),
    held(feb(10), MeetingType.CORE_GROUP, "M2"),
    decided(feb(10), positions={"school": Position.DISAGREE}),
    position(feb(11), "police", takes=Position.DISAGREE),
    dissent_answered(feb(12), "school"),
    supervision_asked(feb(12)),
    supervised(feb(13), "S1", "R1"),
    oversight(feb(13), "G1"),
    gap_answered(feb(14)),
    challenged(feb(14)),
    challenge_answered(feb(15)),
    resolved(feb(16)),
    shared(feb(16), to=("csc",), withheld={"school": "it would find its way to the father"}),
    seen(feb(17), words="I want to stay with Nan"),
    missed(feb(17)),
    withdrawn(feb(18)),
    linked(feb(18)),
    considered(feb(18)),
    started(feb(18)),
    consulted(feb(18), "child"),
    not_consulted(feb(18), "father"),
    finished(feb(19)),
    returned(feb(19)),
    injury(feb(19)),
    medical(feb(19)),
    lead(feb(20), TEACHER),
    left(feb(20), "school-nursing"),
    corrected(feb(20), 3, what="He is in school on time"),
]


def canaries(event: PlanEvent, about: str) -> PlanEvent:
    """Put a canary into every text of an event that can be marked."""
    kind: Any = type(event)
    values = vars(event) | {"note": "seen in the book"}
    for attribute, change in parts(kind).values():
        values[attribute] = change(values[attribute], lambda text: f"canary {about}: {text}.")
    return kind(**values)  # type: ignore[no-any-return]  # the same kind


def telling(plan: str, child: str, *, marked: bool) -> Iterator[PlanEvent]:
    """Tell everything on a plan, with every mark there is or with none."""
    marks = cycle(PROTECTING)
    for event in [opened(child=child), *EVENTS]:
        kind: Any = type(event)
        full = canaries(event, plan)
        said = {name: next(marks) for name in parts(kind)} if marked else None
        values = vars(full) | {"marks": said}
        if values.get("fields"):
            values["fields"] = {"what": f"canary {plan}: {values['fields']['what']}"}
        yield kind(**values)


@contextmanager
def told(url: str, *, marked: bool) -> Iterator[Services]:
    """Record everything, sweep, answer an alert, sweep again, and bring up the lists."""
    migrate(url)
    models = ReadModels(url)
    models.make()
    models.close()
    clock = [TOLD]
    with Services(url, lambda: clock[0]) as services:
        for plan, child, by in PLANS:
            for event in telling(plan, child, marked=marked):
                services.commands.record(plan, event, by)
        clock[0] = NOW
        files = services.files()
        sweep(services, files)
        for plan, _, by in PLANS:
            answer = canaries(answered(NOW.date(), ALERT), plan)
            said = {
                "going_well": Mark.THIRD_PARTY,
                "challenge": Mark.LEGAL_PRIVILEGE,
                "note": Mark.THIRD_PARTY,
            }
            services.commands.record(
                plan, type(answer)(**vars(answer) | {"marks": said if marked else None}), by
            )
        sweep(services, files)
        services.catch_up(files)
        yield services


def shown(services: Services) -> bytes:
    """Encode all that anybody can be shown: every row, picture, chronology and list of plans."""
    tables = {}
    with services.models.reading() as reading:
        for model in MODELS:
            columns = [column for column in model.TABLE.c if column.name != "generation"]
            rows = reading.all(
                select(*columns).where(model.TABLE.c.generation == reading.generation)
            )
            tables[model.TABLE.name] = sorted((tuple(row) for row in rows), key=repr)
    seen_from = [Moment(), Moment(true_on=feb(19)), Moment(known_at=BETWEEN)]
    policies = services.policies()
    looked_at = [
        [
            queries.picture_at(services.commands, policies, plan, moment),
            queries.chronology_at(services.commands, plan, moment),
            [entry.event.sentence() for entry in queries.entries_of(services.commands, plan)],
        ]
        for plan, _, _ in PLANS
        for moment in seen_from
    ]
    made = [
        rows
        for model in MODELS
        for plan, _, _ in PLANS
        for rows in model.rows(services.files().file(plan))
    ]
    everything = [tables, looked_at, made, list(queries.plans(services.commands))]
    return msgspec.json.encode(everything, enc_hook=list)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Everything, with every mark."""
    with told(f"sqlite:///{tmp_path_factory.mktemp('marked')}/record.db", marked=True) as services:
        yield services


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The same without marks."""
    with told(f"sqlite:///{tmp_path_factory.mktemp('plain')}/record.db", marked=False) as services:
        yield services


def test_who_may_read_nothing_is_shown_no_marked_text(marked: Services) -> None:
    encoded = shown(marked)
    cleared = clear_json(encoded, NOTHING)

    assert encoded.count(b"canary") > 500
    assert b"canary" not in cleared
    assert all(mark.says.encode() in cleared for mark in PROTECTING)
    assert json.loads(cleared)


def test_who_may_read_everything_is_shown_what_would_be_shown_without_marks(
    marked: Services, plain: Services
) -> None:
    opened_ = clear_json(shown(marked), EVERYTHING)

    assert json.loads(opened_) == json.loads(clear_json(shown(plain), EVERYTHING))
    assert OPENS.encode() not in opened_


@pytest.mark.parametrize(
    ("agency", "own", "other"), [("csc", CP_J1, CP_K2), ("school", CP_K2, CP_J1)]
)
def test_an_agency_is_shown_its_own_texts_and_not_anothers(
    marked: Services, agency: str, own: str, other: str
) -> None:
    cleared = clear_json(shown(marked), Clearance(agency, frozenset()))

    assert f"canary {own}: Speak to the father".encode() in cleared
    assert f"canary {other}: Speak to the father".encode() not in cleared


def test_sealed_texts_reach_every_list_that_people_are_shown(marked: Services) -> None:
    with_texts = {
        model.TABLE.name
        for model in MODELS
        for plan, _, _ in PLANS
        for row in model.rows(marked.files().file(plan))
        if OPENS.encode() in msgspec.json.encode(row)
    }

    assert with_texts == {
        "actions",
        "alerts",
        "caseload",
        "chains",
        "decisions",
        "due",
        "engagement",
        "family",
        "information",
        "meetings",
    }


def test_alerts_on_marked_actions_and_decisions_are_raised_and_their_facts_are_sealed(
    marked: Services,
) -> None:
    rows = [row for plan, _, _ in PLANS for row in alerts.rows(marked.files().file(plan))]
    about = {(row.plan, row.about) for row in rows}

    for plan, _, _ in PLANS:
        assert {(plan, "A1"), (plan, "D1/police")} <= about
        assert [row.what for row in actions.rows(marked.files().file(plan)) if OPENS in row.what]
        assert [row.what for row in decisions.rows(marked.files().file(plan)) if OPENS in row.what]
    assert any(OPENS in fact["told"] for row in rows for fact in row.facts)


def test_nothing_sealed_is_ever_put_on_the_record(marked: Services) -> None:
    file = Path(marked.url.removeprefix("sqlite:///"))
    stored = b"".join(path.read_bytes() for path in file.parent.glob("record.db*"))
    entries = [entry for plan, _, _ in PLANS for entry in marked.commands.entries(plan)]

    assert b"canary" in stored
    assert OPENS.encode() not in stored
    assert any(isinstance(entry.event, AlertRaised) for entry in entries)
    assert not any(OPENS in repr(entry.event) for entry in entries)


# The command line, for whoever has the database's address


def printed(services: Services, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    get_command(app).main([*words, "--database", services.url], standalone_mode=False)
    return capsys.readouterr().out


LINES = [
    ("plans",),
    ("plans", "--json"),
    ("show", CP_J1),
    ("show", CP_J1, "--json"),
    ("chronology", CP_J1),
    ("chronology", CP_K2, "--json"),
    ("compare", CP_J1, "--from", "2026-05-25", "--to", "2026-06-01"),
    ("alerts",),
    ("alerts", "--json"),
    ("due",),
    ("due", "--json"),
]


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_the_command_line_prints_what_it_would_without_marks(
    words: tuple[str, ...], marked: Services, plain: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    with_marks, without = (printed(services, capsys, *words) for services in (marked, plain))

    assert with_marks == without
    assert with_marks
    assert OPENS not in with_marks


def test_the_person_who_records_may_be_of_any_agency() -> None:
    assert {by.agency for _, _, by in PLANS if isinstance(by, Person)} == {"csc", "school"}
