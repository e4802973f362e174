"""Somebody who is signed in at plantrack's web servers, as behind a balancer."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from threading import Lock
from types import TracebackType
from typing import Any, Self

import httpx

from plantrack import codec
from plantrack.domain.events import PlanEvent

PERSON = {"name": "Ann Archer", "agency": "csc", "role": "team_manager"}
PATIENCE = 15.0
_tokens: dict[tuple[str, ...], str] = {}
"""Of whom is signed in where: people stay signed in, as signing in too often is refused."""
_turn = Lock()


class Web:
    """Asks one server after another; what gets no answer at all is answered None."""

    def __init__(self, *addresses: str, person: Mapping[str, str] = PERSON) -> None:
        self._servers = cycle(addresses)
        self._person = person
        self._client = httpx.Client(timeout=PATIENCE, trust_env=False)
        self._whose = (addresses[0], *person.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None
    ) -> None:
        self._client.close()

    def answer(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> httpx.Response | None:
        """Ask one server once."""
        try:
            sent = {"Authorization": f"Bearer {self._signed_in()}", **(headers or {})}
            return self._client.request(method, next(self._servers) + path, headers=sent, **more)
        except httpx.TransportError:
            return None

    def record(self, plan: str, event: PlanEvent, after: int, *, key: str) -> httpx.Response | None:
        """Record an event on a plan that was read up to an entry."""
        headers = {"If-Match": f'"{after}"', "Idempotency-Key": key}
        path = f"/api/plans/{plan}/entries"
        return self.answer("POST", path, headers, json=codec.write_event(event))

    def get(self, path: str, **parameters: Any) -> Any:
        """Read something that is there."""
        answer = self.answer("GET", path, params=parameters)
        assert answer is not None, f"{path} was not answered."
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()

    def pages(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Read all rows of a list, page by page."""
        page = self.get(path, **parameters)
        yield from page["items"]
        while page["next"]:
            page = self.get(path, cursor=page["next"], **parameters)
            yield from page["items"]

    def health(self) -> tuple[int, dict[str, Any]]:
        """Ask how the process is, without signing in; 0 where it does not answer."""
        try:
            answer = self._client.get(next(self._servers) + "/readyz")
        except httpx.TransportError:
            return 0, {}
        return answer.status_code, answer.json()

    def _signed_in(self) -> str:
        with _turn:
            if self._whose not in _tokens:
                address = next(self._servers)
                answer = self._client.post(f"{address}/api/demo/sign-in", json=dict(self._person))
                answer.raise_for_status()
                _tokens[self._whose] = str(answer.json()["token"])
            return _tokens[self._whose]
