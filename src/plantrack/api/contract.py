"""What /openapi.json says: every answer that a route can give, and the schemas it refers to."""

from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import StreamingResponse

from plantrack import __doc__ as about
from plantrack.api.schema import REF, components
from plantrack.web.media import Json

ALWAYS = (431, 500)
SIGNED_IN = (*ALWAYS, 401, 403, 406, 422, 503)
LISTED = (*SIGNED_IN, 400, 409)
RECORDED = (*SIGNED_IN, 400, 404, 408, 409, 412, 413, 415, 428, 429)
SENT = (*ALWAYS, 406, 408, 413, 415, 422)

TEXT = {"schema": {"type": "string"}}
ETAG = {
    "ETag": {
        "description": "The number of the plan's last entry: what If-Match asks for.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
    }
}
RETRY_AFTER = {"description": "Seconds.", "required": True, "schema": {"type": "string"}}
WHO = {"description": "How to sign in.", "required": True, "schema": {"type": "string"}}
HEADERS_OF = {
    401: {"WWW-Authenticate": WHO},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}


def ref(name: str) -> dict[str, str]:
    """Refer to a schema."""
    return {"$ref": REF + name}


def answers(
    shape: str,
    others: Sequence[int],
    status: int = 200,
    *,
    headers: Mapping[str, Any] | None = None,
    links: Mapping[str, Any] | None = None,
    sends: str | None = None,
    examples: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Declare a route's answers, and what must be sent to it, in FastAPI's words."""
    good = {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": ref(shape)}},
        "headers": dict(headers or {}),
        "links": dict(links or {}),
    }
    declared = {status: good} | {each: a_problem(each) for each in sorted(others)}
    return {
        "status_code": status,
        "responses": declared,
        "response_class": Json,
        "openapi_extra": {"requestBody": _body(sends, examples or {})} if sends else None,
    }


def a_download(says: str) -> dict[str, Any]:
    """Declare a route that answers with lines of JSON."""
    good = {"description": says, "content": {"application/jsonl": {"schema": {"type": "string"}}}}
    others = sorted((*SIGNED_IN, 404, 429))
    declared: dict[int | str, Any] = {200: good, **{each: a_problem(each) for each in others}}
    return {"status_code": 200, "responses": declared, "response_class": StreamingResponse}


a_page = partial(answers, others=(*LISTED, 429))
a_page_of_plan = partial(answers, others=(*LISTED, 404, 429))
recorded = partial(answers, others=RECORDED, status=201)


def a_problem(status: int) -> dict[str, Any]:
    """Declare that a route may answer with a problem of a status."""
    shape = ref("Stale" if status == HTTPStatus.PRECONDITION_FAILED else "Problem")
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/problem+json": {"schema": shape}},
        "headers": HEADERS_OF.get(status, {}),
    }


def _body(shape: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: {"value": value} for name, value in examples.items()}
    return {
        "required": True,
        "content": {"application/json": {"schema": ref(shape), "examples": named}},
    }


def describe(app: FastAPI) -> dict[str, Any]:
    """Write the whole description, once."""
    if app.openapi_schema is None:
        written = get_openapi(
            title="plantrack", version=app.version, description=about, routes=app.routes
        )
        written.setdefault("components", {})["schemas"] = components()
        app.openapi_schema = written
    return app.openapi_schema
