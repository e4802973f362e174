"""What stands on plans is in the tables that hold it and in answers to who may read: D45.

Every text, name and value that is put in is a word of its own. Then all goes wrong that can, and
whatever was written elsewhere is searched for these words.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from httpx import Response
from sqlalchemy.exc import SQLAlchemyError
from typer.main import get_command

from api.desks import Office
from leaks.oracle import Somebody
from leaks.telling import CANARY, OF_AGENCY
from leaks.walking import CHILD, Walk
from leaks.worlds import World, world
from plantrack.cli import app
from plantrack.cli.exits import leave
from plantrack.domain.events import KINDS
from plantrack.domain.rights.words import Duty
from plantrack.metrics import Metrics
from plantrack.projections import next_sweep
from plantrack.record import Conflict
from plantrack.worker import sweep, sweeper
from test_every_kind import full

SENT = "zq777777qz"
"""What is put into whatever is sent: a canary that no plan holds."""
SAYS = "the database said: " + SENT
NAME = f"Name {SENT}"
NAMES_A_FIELD = re.compile(r"^\w+ has no field “\w+”|^There is no kind of \w+ called “\w+”")
"""What is said back to whoever sent it: a field and a kind are named, what they held is not."""
JSON = {"Content-Type": "application/json"}


def spoiled(value: Any) -> Any:
    """Put the canary into every text of an event."""
    if isinstance(value, dict):
        return {name: spoiled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [spoiled(each) for each in value]
    return f"{value} {SENT}" if isinstance(value, str) and " " in value else value


def bodies() -> Iterator[bytes]:
    """Give bodies of every kind, good and bad, each with the canary in it."""
    for kind in KINDS.values():
        event = spoiled(full(kind) | {"kind": kind.__name__, "note": f"a note {SENT}"})
        yield json.dumps(event).encode()
        yield json.dumps(event | {SENT: 1}).encode()
    yield f'{{"kind": "{SENT}"}}'.encode()
    yield f'{{"kind": "ChildSeen", "on": "{SENT}"'.encode()
    yield f'["{SENT}"]'.encode()
    yield f'"{SENT}'.encode() + b"\xff"


def everything_goes_wrong(made: World, who: Somebody) -> list[Response]:
    """Send bad and good requests to every sort of route."""
    client, headers = made.here.client, made.tokens[who.id] | JSON
    plan = sorted(Walk(made, who, random.Random(1)).open)[0]
    posts: list[tuple[str, bytes]] = [(f"/api/plans/{plan}/entries", each) for each in bodies()]
    bad = json.dumps({"plans": {plan: {"last_read": 1, "events": [SENT]}}}).encode()
    named = {"name": NAME, "agency": "csc", "role": "chair"}
    posts += [
        (path, f'{{"reason": "{SENT}", "ground": "{SENT}", "kind": "{SENT}"}}'.encode())
        for path in (f"/api/plans/{plan}/emergency-access", "/api/rights", "/api/plans")
    ]
    posts += [("/api/meetings", bad), ("/api/plans", f'{{"kind": "PlanOpened {SENT}"}}'.encode())]
    posts += [
        ("/api/demo/sign-in", json.dumps(each).encode())
        for each in (named, named | {"role": SENT}, named | {"agency": f"{SENT} {SENT}"})
    ]
    answers = [
        client.post(path, content=body, headers=headers | {"If-Match": '"1"'})
        for path, body in posts
    ]
    paths = [f"/api/plans/{SENT}!", f"/{SENT}", f"/sign-in/{SENT}", f"/sign-in/{SENT}/callback"]
    answers += [client.get(path, headers=headers, params={SENT: SENT}) for path in paths]
    asked = ("cursor", "known_at", "child", "at_least", SENT)
    answers += [
        client.get(path, headers=headers, params={name: f"{SENT}!"})
        for path in ("/api/plans", "/api/alerts", f"/api/plans/{plan}")
        for name in asked
    ]
    odd = {"Cookie": f"plantrack={SENT}", "Authorization": f"Bearer {SENT}", "If-None-Match": SENT}
    return [*answers, client.get("/api/plans", headers=odd)]


def broken(made: World, who: Somebody, monkeypatch: pytest.MonkeyPatch) -> list[Response]:
    """Ask and record while what stands behind it raises what repeats values."""
    record, plan = made.here.services.record, sorted(Walk(made, who, random.Random(1)).open)[0]
    headers = made.tokens[who.id] | {"If-Match": f'"{record.last_number(plan)}"'}
    event = {"kind": "OversightRecorded", "on": "2026-03-19", "support": SENT, "challenge": "c"}
    answers = []
    for wrong in (RuntimeError(SAYS), SQLAlchemyError(SAYS), ValueError(SAYS), KeyError(SENT)):

        def fail(*_: object, wrong: Exception = wrong, **__: object) -> None:
            raise wrong

        with monkeypatch.context() as patched:
            for name in ("entries", "append", "last_number"):
                patched.setattr(record, name, fail)
            answers += [
                made.here.client.post(f"/api/plans/{plan}/entries", json=event, headers=headers),
                made.here.client.get(f"/api/plans/{plan}", headers=headers),
            ]
            patched.setattr(sweeper, "acts_of", fail)
            patched.setattr(next_sweep, "to_sweep", fail)
            sweep(made.here.services, made.here.services.files())
    assert {answer.status_code for answer in answers} <= {500, 503, 200}
    return answers


def outside(answers: Sequence[Response]) -> str:
    """Give what of answers is no body: headers, addresses, and what problems are called."""
    told = []
    for answer in answers:
        told += [f"{name}: {value}" for name, value in answer.headers.items()]
        if answer.headers.get("content-type") == "application/problem+json":
            said = answer.json()
            told += [said["title"], said["type"], NAMES_A_FIELD.sub("", said["detail"])]
    return "\n".join(told)


def wrong_commands(url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> str:
    """Run commands that end badly, and give what they said about it."""
    capfd.readouterr()
    bad = tmp_path / "history.jsonl"
    bad.write_text(f'{{"plan": "CP-1", "event": {{"kind": "ChildSeen", "words": "{SENT}"}}}}\n')
    worse = tmp_path / "worse.jsonl"
    worse.write_text(f'{{"plan": "{SENT}\n')
    for words in (["import", str(bad)], ["import", str(worse)], ["rehearse", str(bad)]):
        options = [] if words[0] == "rehearse" else ["--database", url]
        try:
            get_command(app).main([*words, *options], standalone_mode=False)
        except Exception as wrong:  # noqa: BLE001 - as the command line itself ends
            leave(wrong)
    told = capfd.readouterr()
    assert told.err
    return told.err + told.out


def test_no_word_of_a_plan_is_told_elsewhere(
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    with world(url, seed=5, people=20) as made:
        who = next(p for p in made.oracle.people if p.duty is Duty.SERVICE_MANAGER and p.granted)
        answers = everything_goes_wrong(made, who)
        answers += broken(made, who, monkeypatch)
        walk = Walk(made, who, random.Random(1))
        shown = [*walk.everything()]
        refuse_in_the_database(made.here, url)
        metrics = Metrics(made.here.services)
        try:
            measured = metrics.exposition().decode()
        finally:
            metrics.close()
        logged = capfd.readouterr()
        said = wrong_commands(url, tmp_path, capfd)

    assert "unforeseen" in logged.err
    assert "plan was not swept" in logged.err
    assert sum(len(each.canaries) for each in shown) > 100
    headers = outside([each.answer for each in shown])
    server = server_log(request) if "postgresql" in url else ""
    observed = str(made.here.seen)
    places = {
        "logs": logged.err + logged.out,
        "headers and titles": outside(answers) + headers,
        "measures": measured + observed,
        "the database server's log": server,
        "the command line": said,
    }
    assert {place: sorted({*CANARY.findall(told)}) for place, told in places.items()} == {
        place: [] for place in places
    }
    for place in ("logs", "measures", "headers and titles", "the database server's log"):
        assert not CHILD.findall(places[place]), place
        assert NAME not in places[place]
    assert {answer.status_code for answer in answers} >= {404, 412, 422, 500}


def refuse_in_the_database(here: Office, url: str) -> None:
    """Make the database itself refuse, so that its log says what it refused."""
    record = here.services.record
    [first, *_] = record.plans()
    again = [each._replace(by=OF_AGENCY["police"]) for each in record.entries(first)[-3:]]
    with pytest.raises(Conflict):
        record.append(again)
    if "postgresql" in url:
        with psycopg.connect(url, autocommit=True) as owner, pytest.raises(psycopg.Error):
            owner.execute("SELECT %s::text || 1 / 0", [SENT])


def server_log(request: pytest.FixtureRequest) -> str:
    """Read what the database server wrote into its log; one of yours keeps its own."""
    server = request.getfixturevalue("postgres")
    home = parse_qs(urlsplit(server.url).query).get("host", [""])[0]
    path = Path(home) / "log"
    told = path.read_text() if path.is_file() else ""
    assert "division by zero" in told or not told
    return told
