"""Whatever is sent instead of a value is refused, is not repeated back, and leaves nothing."""

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import Any

import pytest

from api.desks import Office, office
from campaigns.lengths import quick_and_soak
from plantrack.domain.events import KINDS
from plantrack.record import migrate
from test_poison import (
    DAYS,
    DEPTHS,
    INNER,
    NUMBERS,
    PLACES,
    POISONED_TEXTS,
    SNIPPET,
    TEXTS,
    UNKEEPABLE,
    WRONG_DAYS,
    WRONG_NUMBERS,
    free,
    full,
    objects,
    put,
)

NO_TEXTS: list[Any] = [True, 0, 1.5, ["a"], {}]
LITERALS = ["NaN", "Infinity", "-Infinity", "1e400", "-1e400", "01"]
Sent = str | bytes


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One application with one plan for all kinds, as nothing that is sent may leave a trace."""
    url = f"sqlite:///{tmp_path_factory.mktemp('poison')}/record.db"
    migrate(url)
    with office(url) as here:
        here.open()
        yield here


def refuse_all(here: Office, bodies: Iterator[Sent], *paths: str) -> int:
    """Send bodies that must all be refused with a sentence, and count them."""
    before = here.services.record.count()
    sent = 0
    headers = {"Content-Type": "application/json", "If-Match": '"1"'}
    for body in bodies:
        sent += 1
        for path in paths or ("/api/plans/CP-1/entries",):
            answer = here.client.post(path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (body[:300], answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert SNIPPET not in answer.text
            assert len(answer.text) < 1500
            assert answer.json()["detail"].isprintable()
    assert here.services.record.count() == before
    return sent


def poisoned(kind: str) -> Iterator[Sent]:
    """Put every poison in every field of a kind that takes a value of its sort."""
    event = full(kind)
    for _, path in only(TEXTS, kind):
        yield from (json.dumps(put(event, path, text)) for text in POISONED_TEXTS.values())
        yield from (json.dumps(put(event, path, wrong)) for wrong in NO_TEXTS)
    for _, path in only(DAYS, kind):
        yield from (json.dumps(put(event, path, wrong)) for wrong in WRONG_DAYS)
    for _, path in only(NUMBERS, kind):
        zero_is_fine = "previous_cp_plans" in path
        wrong = [each for each in WRONG_NUMBERS if not (zero_is_fine and each == 0)]
        yield from (json.dumps(put(event, path, each)) for each in wrong)
    for each in PLACES:
        if each[0] == kind:
            marked = json.dumps(put(event, each[1], "@@"))
            yield from (marked.replace('"@@"', literal) for literal in LITERALS)


def twisted(kind: str) -> Iterator[Sent]:
    """Twist the object itself: a field more, a key twice, a strange key, nesting without end."""
    event = full(kind)
    for _, path in only(INNER, kind):
        yield json.dumps(put(event, (*path, "colour"), {"red": True}))
        for character in UNKEEPABLE.values():
            yield json.dumps(put(event, (*path, f"{SNIPPET}{character}"), "x"))
    for path in objects(event):
        inner: Any = event
        for step in path:
            inner = inner[step]
        for key in inner:
            again = f'"{key}": {json.dumps(inner[key])}'
            yield json.dumps(put(event, (*path, "@@"), 1)).replace('"@@": 1', again)
    first = next(
        path for k, path, _ in PLACES if k == kind and not free(path) and path != ("kind",)
    )
    for depth in DEPTHS:
        for left, right in (("[", "]"), ('{"a":', "}")):
            nest = f"{left * depth}1{right * depth}"
            yield json.dumps(put(event, first, "@@")).replace('"@@"', nest)


def only(places: list[Any], kind: str) -> list[Any]:
    return [place for place in places if place[0] == kind]


@pytest.mark.parametrize("nth", quick_and_soak(4, 1))
@pytest.mark.parametrize("kind", KINDS)
def test_poison_in_an_event_is_refused_and_leaves_nothing(
    there: Office, kind: str, nth: int
) -> None:
    """Send every fourth of what there is, beginning elsewhere for each kind; the soak sends all."""
    begin = list(KINDS).index(kind) % nth

    assert refuse_all(there, islice(poisoned(kind), begin, None, nth)) > 30 // nth
    assert refuse_all(there, islice(twisted(kind), begin, None, nth)) > 20 // nth


BROKEN: list[bytes] = [
    b"",
    b" ",
    b"\x00",
    b"\xff\xfe{\x00}\x00",
    b'{"kind":"ChildSeen"',
    b'{"kind":"ChildSeen"}{"kind":"ChildSeen"}',
    b'{"kind":"POISON\xc3\x28"}',
    b'{"kind":"\\ud800POISON"}',
    b'{"kind":["POISON"]}',
    b'{"kind":{"POISON":1}}',
    b'{"colour":1}',
    b"null",
    b"[]",
    b'"POISON"',
    b"3",
    b'{"kind":"' + b"POISON" * 150_000 + b'"}',
    b'{"POISON' + b"A" * 300_000 + b'":1}',
    b"[" * 500_000,
    b'{"a":' * 60_000,
    b'{"plans":' * 60_000,
]


def test_a_body_that_is_no_event_is_refused_on_both_databases(here: Office) -> None:
    here.open()
    paths = ("/api/plans/CP-1/entries", "/api/plans", "/api/meetings", "/api/demo/sign-in")

    refuse_all(here, iter(BROKEN), *paths)


def test_poison_in_an_opening_is_refused_on_both_databases(here: Office) -> None:
    refuse_all(here, (*poisoned("PlanOpened"), *twisted("PlanOpened")).__iter__(), "/api/plans")


def test_poison_in_a_meeting_is_refused_on_both_databases(here: Office) -> None:
    here.open()
    meeting = full("MeetingHeld")

    def bodies() -> Iterator[Sent]:
        for event in poisoned("MeetingHeld"):
            part = f'{{"last_read": 1, "events": [{event!s}]}}'
            yield f'{{"plans": {{"CP-1": {part}}}}}'
        for read in [True, "1", 1.0, 10**30, -1, None, [1]]:
            said = {"last_read": read, "events": [meeting]}
            yield json.dumps({"plans": {"CP-1": said}})
        for text in POISONED_TEXTS.values():
            yield json.dumps({"plans": {text: {"last_read": 1, "events": [meeting]}}})

    refuse_all(here, bodies(), "/api/meetings")


def test_poison_in_an_address_or_header_is_refused_on_both_databases(here: Office) -> None:
    here.open()
    texts = [text for text in POISONED_TEXTS.values() if len(text) < 100 and "\ud800" not in text]
    for text in (each for each in texts if "\udfff" not in each):
        for path in ("/api/plans", "/api/due", "/api/alerts", "/api/plans/CP-1/chronology"):
            for name in ("team", "cursor", "known_at", "child", "at_least", SNIPPET):
                answer = here.get(path, **{name: text})
                assert answer.status_code == 422
                assert SNIPPET not in answer.text
    for name in ("If-Match", "Idempotency-Key", "If-None-Match", "Authorization", "Accept"):
        for value in (b"\x80\xff", b"POISON" * 1000, b"\x01POISON", b""):
            headers = {"If-Match": '"1"', name: value}
            for method, path in (("POST", "/api/plans/CP-1/entries"), ("GET", "/api/plans/CP-1")):
                sent = {"json": deepcopy(full("Retracted"))} if method == "POST" else {}
                answer = here.client.request(method, path, headers=headers, **sent)
                assert answer.status_code < 500
                assert SNIPPET not in answer.text
    assert here.services.record.count() == 1
