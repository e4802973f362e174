"""Asking an identity provider over HTTP: answers that are small, soon there, and JSON."""

import asyncio
import json
from collections.abc import Mapping
from functools import cached_property
from http import HTTPStatus
from ssl import SSLContext
from typing import Any, NamedTuple

import httpx

from plantrack.authentication.refusals import Reason, SignInRefused

LARGEST = 256 * 1024
CONNECT_WITHIN = 3.0
ANSWER_WITHIN = 10.0


class Answer(NamedTuple):
    """What a provider answered."""

    status: int
    body: dict[str, Any]


class Line:
    """The line to every provider; certificates of one's own are named by SSL_CERT_FILE."""

    def __init__(self, patience: float = ANSWER_WITHIN) -> None:
        self._patience = patience

    async def get(self, address: str) -> dict[str, Any]:
        """Fetch a JSON object."""
        status, body = await self._ask("GET", address, {"Accept": "application/json"}, None)
        if status != HTTPStatus.OK:
            raise SignInRefused(Reason.PROVIDER_UNREACHABLE)
        return body

    async def post(self, address: str, headers: Mapping[str, str], form: str) -> Answer:
        """Send a form; the answer may be a refusal that the caller must read."""
        return await self._ask("POST", address, headers, form)

    @cached_property
    def _tls(self) -> SSLContext:
        return httpx.create_ssl_context()

    async def _ask(
        self, method: str, address: str, headers: Mapping[str, str], form: str | None
    ) -> Answer:
        timeout = httpx.Timeout(None, connect=CONNECT_WITHIN)
        try:
            async with (
                asyncio.timeout(self._patience),
                httpx.AsyncClient(verify=self._tls, timeout=timeout) as client,
                client.stream(method, address, headers=dict(headers), content=form) as response,
            ):
                if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise SignInRefused(Reason.PROVIDER_UNREACHABLE)
                return Answer(response.status_code, _object(await _read(response)))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            raise SignInRefused(Reason.PROVIDER_UNREACHABLE) from None


async def _read(response: httpx.Response) -> bytes:
    read = bytearray()
    async for piece in response.aiter_bytes():
        read += piece
        if len(read) > LARGEST:
            raise SignInRefused(Reason.PROVIDER_WRONG)
    return bytes(read)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise SignInRefused(Reason.PROVIDER_WRONG) from None
    if not isinstance(found, dict):
        raise SignInRefused(Reason.PROVIDER_WRONG)
    return found
