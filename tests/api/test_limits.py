"""Limits, through a real server: too large, too many, too slow; and memory that does not grow."""

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from api.desks import Office, office, opened, seen
from api.test_problems import told

MB = 1_000_000


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port."""
    # Named as TCP, or asyncio would leave each answer to wait 40 ms for an acknowledgement.
    with socket.socket(proto=socket.IPPROTO_TCP) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        config = uvicorn.Config(app, log_level="error", lifespan="off", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def at(url: str) -> Iterator[tuple[Office, httpx.Client]]:
    """An application behind a real server, and a client that is signed in."""
    with (
        office(url, settings={"slowest_body_seconds": 0.5}) as here,
        served(here.app) as base,
        httpx.Client(base_url=base, headers=dict(here.client.headers), timeout=30) as client,
    ):
        yield here, client


def test_a_body_of_a_megabyte_and_a_byte_is_too_large(at: Any) -> None:
    here, client = at
    headers = {"Content-Type": "application/json"}

    def chunks() -> Iterator[bytes]:
        for _ in range(11):
            yield b" " * (MB // 10)

    exact = client.post("/api/plans", content=b" " * MB, headers=headers)
    assert exact.status_code == 422
    said = told(client.post("/api/plans", content=b" " * (MB + 1), headers=headers), 413)
    assert "1,000,000 bytes" in said["detail"]
    told(client.post("/api/plans", content=chunks(), headers=headers), 413)
    assert here.services.record.count() == 0


def test_two_hundred_headers_are_too_many(at: Any) -> None:
    _, client = at

    said = told(client.get("/healthz", headers={f"X-{n}": "x" for n in range(200)}), 431)
    assert "at most 100 headers" in said["detail"]
    told(client.get("/healthz", headers={"X": "x" * 17_000}), 431)
    assert client.get("/healthz", headers={f"X-{n}": "x" for n in range(80)}).status_code == 200


def test_headers_beyond_what_the_server_reads_are_no_server_error(at: Any) -> None:
    _, client = at

    assert client.get("/healthz", headers={"X": "x" * 70_000}).status_code in (400, 431)


def test_a_page_of_a_thousand_million_lines_is_refused(at: Any) -> None:
    _, client = at

    told(client.get("/api/due", params={"limit": 10**9}), 422)


def test_a_slow_body_is_given_up(at: Any) -> None:
    here, client = at
    port = client.base_url.port
    token = client.headers["Authorization"]
    head = (
        f"POST /api/plans HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    )

    with socket.create_connection(("127.0.0.1", port), timeout=5) as slow:
        began = time.monotonic()
        slow.sendall(head.encode())
        answer = slow.recv(65536).decode()

    assert answer.startswith("HTTP/1.1 408")
    assert "application/problem+json" in answer
    assert time.monotonic() - began < 3
    assert here.services.record.count() == 0


def test_who_hangs_up_in_the_middle_harms_nobody(at: Any) -> None:
    here, client = at
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", client.base_url.port), timeout=5) as gone:
            gone.sendall(
                b"POST /api/demo/sign-in HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
            )

    assert client.get("/healthz").status_code == 200
    time.sleep(0.1)
    assert 500 not in {status for _, _, status, _ in here.seen}


def test_of_fifty_at_once_through_the_server_one_is_first(at: Any) -> None:
    here, client = at
    here.open()

    async def race() -> list[httpx.Response]:
        headers = dict(client.headers) | {"If-Match": '"1"'}
        async with httpx.AsyncClient(base_url=client.base_url, headers=headers) as racer:
            path = "/api/plans/CP-1/entries"
            return await asyncio.gather(*(racer.post(path, json=seen()) for _ in range(50)))

    answers = asyncio.run(race())

    assert sorted(each.status_code for each in answers) == [201] + [412] * 49
    assert here.services.record.last_number("CP-1") == 2


def test_memory_does_not_grow_with_what_is_refused(at: Any) -> None:
    _, client = at
    headers = {"Content-Type": "application/json"}
    large = json.dumps({"kind": "ChildSeen", "words": "x" * (MB - 100)})
    requests: list[dict[str, Any]] = [
        {"method": "POST", "url": "/api/plans", "content": b" " * (MB + 1), "headers": headers},
        {"method": "POST", "url": "/api/plans", "content": large, "headers": headers},
        {"method": "GET", "url": "/api/due", "params": {"limit": 10**9}},
        {"method": "GET", "url": "/api/due", "headers": {f"X-{n}": "x" for n in range(200)}},
        {"method": "POST", "url": "/api/plans", "json": opened(colour="x" * 100_000)},
    ]
    for request in requests * 3:
        client.request(**request)
    before = resident()

    for request in requests * 20:
        assert 400 <= client.request(**request).status_code < 500

    assert resident() - before < 50 * 1024


def resident() -> int:
    """Say how much memory this process holds, in KiB."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found
    return int(found[1])
