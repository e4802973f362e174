"""What a running server writes into its log holds nothing of plans, whatever it is sent."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.desks import opened
from leaks.telling import CANARY
from leaks.test_nothing_is_told_elsewhere import NAME, SENT, bodies
from plantrack.application import demo_people, stores
from plantrack.application.services import Services
from plantrack.record import migrate
from worker.plans import wait_until
from worker.test_serving import address, running

AS_IT_IS_SENT = (
    f"GET /api/plans/{SENT} HTTP/1.1\r\nHost: {SENT}\r\n\r\n",
    f"GET /api/plans?{SENT}={SENT} HTTP/1.1\r\nX-{SENT}: {SENT}\r\n\r\n",
    f"{SENT} / HTTP/9.9\r\n\r\n",
    f"POST /api/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: -{SENT}\r\n\r\n{SENT}",
    f"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: {SENT}\r\nConnection: upgrade\r\n\r\n",
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """A server over a new demonstration; its address, its log, and its database."""
    database, log = tmp_path / "new.db", tmp_path / "serve.log"
    url = f"sqlite:///{database}"
    migrate(url)
    stores.make(url)
    with Services(url) as services:
        demo_people.declare(services)
    with running(log, "serve", "--port", "0", "--every", "1", database=url):
        yield address(log), log, database


def test_its_log_tells_nothing_of_what_it_was_sent(served: tuple[str, Path, Path]) -> None:
    where, log, database = served
    host = urlsplit(where).netloc

    def post(path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection(host, timeout=10)) as web:
            web.request("POST", path, body, {"Content-Type": "application/json", **headers})
            answer = web.getresponse()
            return answer.status, answer.read()

    who = json.dumps({"name": NAME, "agency": "csc", "role": "social_worker"}).encode()
    token = json.loads(post("/api/demo/sign-in", who)[1])["token"]
    signed = {"Authorization": f"Bearer {token}", "If-Match": '"1"'}
    made = opened(note=f"a note {SENT}", lead={"name": NAME, "agency": "csc"})
    assert post("/api/plans?plan=CP-1", json.dumps(made).encode(), **signed)[0] == 201
    answered = [post("/api/plans/CP-1/entries", body, **signed)[0] for body in bodies()]
    for raw in AS_IT_IS_SENT:
        with closing(socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])))) as s:
            s.sendall(raw.encode())
            s.settimeout(5)
            s.recv(1000)
    for gone in database.parent.glob("new*.db*"):
        gone.write_text(f"spoiled {SENT}")
    answered += [post("/api/plans/CP-1/entries", body, **signed)[0] for body in [*bodies()][:4]]
    wait_until(lambda: '"level": "warning"' in log.read_text(), 10)

    assert 422 in answered
    assert any(status >= 500 for status in answered)
    told = log.read_text()
    assert CANARY.findall(told) == []
    assert NAME not in told
    assert "Traceback" not in told
