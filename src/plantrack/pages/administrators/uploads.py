"""Files that somebody chose to import: read within limits, and kept in memory until they decide.

Nothing of them is written to a disk but for the moment in which they are read. They are forgotten
when they are imported or not wanted, after half an hour, and when the server ends.
"""

import secrets
import time
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, FormParser, parse_options_header

from plantrack import codec
from plantrack.application import history_files
from plantrack.application.history_files import Taken
from plantrack.application.services import Services
from plantrack.domain.plans.decide import PlanBook
from plantrack.web.problems import Problem
from plantrack.web.request_bodies import read_body

LARGEST = 2_000_000
"""How many bytes a file may have; larger ones are for the command line."""

KEPT_FOR = 1800.0
MOST_KEPT = 5
MULTIPART = "multipart/form-data"
FIELD = "history"
NAME = "history.jsonl"


class Upload(NamedTuple):
    """A file that waits for a decision: whose it is, its content, and since when it waits."""

    person: str
    content: bytes
    at: float


class Uploads:
    """The files that wait, by a name that cannot be guessed. One person has one at a time."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._kept: OrderedDict[str, Upload] = OrderedDict()

    def keep(self, person: str, content: bytes) -> str:
        """Keep a file in place of the one that the person had, and name it."""
        key = secrets.token_urlsafe(24)
        with self._turn:
            for name in [name for name, each in self._kept.items() if each.person == person]:
                del self._kept[name]
            self._kept[key] = Upload(person, content, time.monotonic())
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return key

    def find(self, key: str, person: str) -> bytes | None:
        """Give a file to whoever brought it; None for anybody else, and when it is forgotten."""
        with self._turn:
            self._forget_old()
            found = self._kept.get(key)
        return found.content if found and found.person == person else None

    def forget(self, key: str) -> None:
        """Forget a file."""
        with self._turn:
            self._kept.pop(key, None)

    def _forget_old(self) -> None:
        now = time.monotonic()
        for name in [n for n, each in self._kept.items() if now - each.at > KEPT_FOR]:
            del self._kept[name]


async def uploads_of(request: Request) -> Uploads:
    """Find the application's files that wait, or begin to keep some."""
    state = request.app.state
    if not hasattr(state, "uploads"):
        state.uploads = Uploads()
    found: Uploads = state.uploads
    return found


AUploads = Annotated[Uploads, Depends(uploads_of)]


async def read_upload(request: Request) -> bytes:
    """Read the file that a form brings; nothing where none was chosen."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.decode() != MULTIPART or b"boundary" not in options:
        raise Problem(415, f"Send a form with a file, as “Content-Type: {MULTIPART}”.")
    settings = replace(request.app.state.settings, most_body_bytes=LARGEST + 10_000)
    return _file_in(await read_body(request, settings), options[b"boundary"])


def check(services: Services, content: bytes) -> Taken:
    """Check every line against the record as it stands; nothing is recorded."""
    with TemporaryDirectory(prefix="plantrack-") as place:
        path = Path(place) / NAME
        path.write_bytes(content)
        lines = history_files.read([path])
        book = PlanBook(codec.amend, services.record)
        return history_files.take_in(lines, book, not_after=services.commands.now())


def _file_in(body: bytes, boundary: bytes) -> bytes:
    """Take the file out of a form."""
    found: list[bytes] = []

    def on_file(file: File) -> None:
        if file.field_name == FIELD.encode():
            file.file_object.seek(0)
            found.append(file.file_object.read())

    def on_field(_: Field) -> None:
        return

    config = {"MAX_MEMORY_FILE_SIZE": 10 * LARGEST}
    parser = FormParser(MULTIPART, on_field, on_file, boundary=boundary, config=config)
    try:
        parser.write(body)
        parser.finalize()
    except FormParserError:
        raise Problem(422, "The file did not arrive as a whole. Choose it again.") from None
    finally:
        parser.close()
    return found[0] if found else b""
