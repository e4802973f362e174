"""Previews of changed rules: every plan is looked at twice, so it goes on while somebody waits."""

import time
from collections import OrderedDict
from threading import Lock, Thread
from typing import Annotated

from fastapi import Depends, Request

from plantrack.application.adoption import Change, compare
from plantrack.application.policies.reading import Source
from plantrack.application.services import Services
from plantrack.logs import logger

FIRST_WAIT = 4.0
"""How many seconds a page waits for a preview before it says how far it is."""

HOLDS = 60.0
MOST_KEPT = 4

log = logger("rules")


class Preview:
    """One preview, made in a thread of its own."""

    def __init__(self, services: Services, source: Source) -> None:
        self._services = services
        self._source = source
        self.plans = len(services.record.plans())
        self.looked_at = 0
        self.left_out = 0
        self.failed = False
        self.found: list[Change] | None = None
        self._ended: float | None = None
        self._thread = Thread(target=self._run, name="preview", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, but no longer than some seconds; say whether it came."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def is_old(self) -> bool:
        """Whether it ended so long ago that plans may have moved on."""
        return self._ended is not None and time.monotonic() - self._ended > HOLDS

    @property
    def more(self) -> int:
        """Count the alerts that would be raised besides today's."""
        return sum(each.more for each in self.found or ())

    @property
    def fewer(self) -> int:
        """Count today's alerts that would not be there."""
        return sum(each.fewer for each in self.found or ())

    def _run(self) -> None:
        try:
            self.found = list(
                compare(
                    self._services, self._source, advance=self._advance, leave_out=self._leave_out
                )
            )
        except Exception as wrong:  # noqa: BLE001 - told on the page that waits for it
            log.error("a preview failed", error=type(wrong).__name__)  # noqa: TRY400 - may hold names
            self.failed = True
        finally:
            self._ended = time.monotonic()

    def _advance(self) -> None:
        self.looked_at += 1

    def _leave_out(self, _: str) -> None:
        self.left_out += 1


class Previews:
    """The last few previews; whoever asks for the same again looks at the same one."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._kept: OrderedDict[str, Preview] = OrderedDict()

    def of(self, services: Services, source: Source) -> Preview:
        """Give the preview of a policy; begin it if it is new, failed, or not of this minute."""
        with self._turn:
            found = self._kept.get(source.text)
            if found is None or found.failed or found.is_old:
                found = self._kept[source.text] = Preview(services, source)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return found


async def previews_of(request: Request) -> Previews:
    """Find the application's previews, or begin them."""
    state = request.app.state
    if not hasattr(state, "previews"):
        state.previews = Previews()
    found: Previews = state.previews
    return found


APreviews = Annotated[Previews, Depends(previews_of)]
