"""/openapi.json says what the application does, and nothing is left out of it."""

import ast
import inspect
import json
import re
from typing import Any

import pytest

from api.desks import CHAIR, Office, office
from plantrack import codec
from plantrack.api import examples
from plantrack.api.app import AUDIENCES
from plantrack.domain.events import KINDS

PUBLISHED = {
    "POST /api/plans",
    "POST /api/plans/{plan}/entries",
    "POST /api/meetings",
    "GET /api/plans",
    "GET /api/plans/{plan}",
    "GET /api/plans/{plan}/chronology",
    "GET /api/plans/{plan}/compare",
    "GET /api/alerts",
    "GET /api/due",
    "GET /api/plans/{plan}/due",
    "GET /healthz",
    "GET /readyz",
}
"""What the published interface names."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What /openapi.json says."""
    from plantrack.record import migrate  # noqa: PLC0415 - a database for the module only

    url = f"sqlite:///{tmp_path_factory.mktemp('contract')}/record.db"
    migrate(url)
    with office(url) as here:
        yield here.get("/openapi.json").json()


def operations(described: Any) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


SENDS_NOTHING = {"POST /api/session/end"}


def test_the_published_addresses_are_there(described: Any) -> None:
    assert described["openapi"].startswith("3.1")
    assert {name for name, _ in operations(described)} > PUBLISHED


def test_every_route_has_an_audience_a_sentence_and_its_answers(described: Any) -> None:
    audiences = {each.__name__.rpartition(".")[2] for each in AUDIENCES} | {"system", "demo"}
    for name, operation in operations(described):
        [audience] = operation["tags"]
        assert audience in audiences, name
        assert operation["description"].split("\n")[0].endswith("."), name
        answers = operation["responses"]
        assert {"200", "201"} & answers.keys(), name
        assert {"422", "431", "500"} <= answers.keys(), name
        for status, answer in answers.items():
            assert answer["description"]
            if status not in ("200", "201", "304", "503"):
                assert [*answer["content"]] == ["application/problem+json"], (name, status)
        sends = name.startswith("POST") and name not in SENDS_NOTHING
        assert bool(operation.get("requestBody")) == sends, name
        if sends:
            assert {"408", "413", "415"} <= answers.keys(), name
            assert operation["requestBody"]["content"]["application/json"]["examples"], name


OPEN_TO_ALL = {"GET /healthz", "GET /readyz", "POST /api/demo/sign-in"}


def test_everything_but_three_asks_who_is_there(described: Any) -> None:
    assert {name for name, _ in operations(described)} > OPEN_TO_ALL
    for name, operation in operations(described):
        asks = name not in OPEN_TO_ALL
        assert (operation.get("security") == [{"token": []}]) == asks, name
        assert ("401" in operation["responses"]) == asks, name
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_parameter_says_what_it_is_for(described: Any) -> None:
    for name, operation in operations(described):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] != "path":
                assert parameter["description"].endswith("."), (name, parameter["name"])


def test_every_reference_leads_somewhere(described: Any) -> None:
    schemas = described["components"]["schemas"]
    found = {each["$ref"] for each in references(described)}

    assert {each.rpartition("/")[2] for each in found} == {*schemas}, "and nothing is idle"


def references(value: Any) -> list[dict[str, str]]:
    if isinstance(value, dict):
        inner = [each for item in value.values() for each in references(item)]
        return [value, *inner] if "$ref" in value else inner
    if isinstance(value, list):
        return [each for item in value for each in references(item)]
    return []


def test_an_event_is_described_as_wire_reads_it(described: Any) -> None:
    schemas = described["components"]["schemas"]
    said = {name for name, kind in KINDS.items() if not kind.BY_THE_TRACKER}

    assert {*schemas["Event"]["discriminator"]["mapping"]} == said
    for name in said:
        assert without_patterns(schemas[name]) == without_patterns(codec.schema()["$defs"][name])


def without_patterns(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_patterns(each) for name, each in value.items() if name != "pattern"}
    return [*map(without_patterns, value)] if isinstance(value, list) else value


def test_a_text_is_described_as_wire_reads_it(described: Any) -> None:
    schemas = described["components"]["schemas"]
    words = schemas["ChildSeen"]["properties"]["words"]["anyOf"][0]["pattern"]
    reason = schemas["Retracted"]["properties"]["reason"]["pattern"]

    for number in range(0xD800):
        told = f"a{chr(number)}b"
        assert bool(re.search(words, told)) == (not codec.UNKEEPABLE.search(told)), number
        assert bool(re.search(reason, chr(number))) == (
            not codec.UNKEEPABLE.search(chr(number)) and bool(chr(number).strip())
        ), number


def test_every_example_is_accepted(here: Office) -> None:
    described = here.get("/openapi.json").json()

    def shown(path: str) -> dict[str, Any]:
        body = described["paths"][path]["post"]["requestBody"]
        found: dict[str, Any] = body["content"]["application/json"]["examples"]
        return {name: example["value"] for name, example in found.items()}

    for person in shown("/api/demo/sign-in").values():
        here.client.headers.update(here.as_somebody(person))
    for opened in shown("/api/plans").values():
        answer = here.client.post("/api/plans", params={"plan": examples.PLAN}, json=opened)
        assert answer.status_code == 201, answer.text
    events = shown("/api/plans/{plan}/entries")
    for number, (name, event) in enumerate(events.items(), start=1):
        answer = here.put(event, number, examples.PLAN)
        assert answer.status_code == 201, (name, answer.text)
    for plan, opened in examples.MEETING_OPENINGS.items():
        assert here.client.post("/api/plans", params={"plan": plan}, json=opened).is_success
    for meeting in shown("/api/meetings").values():
        answer = here.client.post("/api/meetings", json=meeting)
        assert answer.status_code == 201, answer.text
    emergency = f"/api/plans/{examples.PLAN}/emergency-access"
    stranger = here.as_somebody(CHAIR | {"name": "T Duty", "role": "team_manager"})
    for said in shown("/api/plans/{plan}/emergency-access").values():
        answer = here.client.post(emergency, json=said, headers=stranger)
        assert answer.status_code == 201, answer.text
    roles = {"PersonRegistered": "admin", "MemberNamed": "service_manager"}
    for right in shown("/api/rights").values():
        role = roles[right["kind"]]
        header = here.as_somebody(CHAIR | {"name": f"Some {role}", "role": role})
        answer = here.client.post("/api/rights", json=right, headers=header)
        assert answer.status_code == 201, answer.text


def test_a_route_is_a_few_lines() -> None:
    for audience in AUDIENCES:
        tree = ast.parse(inspect.getsource(audience))
        for route in (each for each in tree.body if isinstance(each, ast.AsyncFunctionDef)):
            body = [each for each in ast.walk(route) if isinstance(each, ast.stmt)]
            assert len(body) < 12, route.name


def test_no_name_of_a_person_or_plan_is_in_the_description(described: Any) -> None:
    assert 'CP-1"' not in json.dumps(described)
