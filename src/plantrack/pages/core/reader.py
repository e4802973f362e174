"""What a page shows: the same as the API gives, decided and noted the same way, as plain values.

A page is drawn from the JSON that would have left, so no text that its reader may not read can
reach a template.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Depends

from plantrack.application import queries
from plantrack.application.services import Services
from plantrack.domain.plans.as_known import Moment
from plantrack.domain.rights.actions import MAY, Action
from plantrack.pages.forms import AtHand
from plantrack.web.authorise import Asker
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.lists import ALists, Listed, Lists
from plantrack.web.media import encode
from plantrack.web.show import AShowing, Shown

NOW = Moment()


class Told(NamedTuple):
    """A page of a list, where the next begins, and how far the list follows the record."""

    rows: list[dict[str, Any]]
    next: str | None
    up_to_date: dict[str, Any]


class PlanReader:
    """One person's view, for one request."""

    def __init__(
        self, services: AServices, read: AReader, showing: AShowing, lists: ALists
    ) -> None:
        self._services = services
        self._read = read
        self._showing = showing
        self._lists: Lists = lists

    @property
    def services(self) -> Services:
        """The database that is looked at."""
        return self._services

    @property
    def today(self) -> date:
        """The day in London."""
        return self._services.today()

    async def of_plan(self, asker: Asker, plan: str, what: str, read: Callable[[], Any]) -> Any:
        """Show something that is read of one plan, or refuse it as one that does not exist.

        It is read in a thread and may wait for the database; ``what`` goes onto the access record.
        Whoever came to do something else, such as to record, must be allowed that, and looks too.
        """

        def look() -> Shown:
            if MAY[asker.action].shows_plans:
                return self._showing.plan(asker, plan, what, read)
            self._showing.refuse_unseen(asker, asker.action, plan, what)
            return self._showing.plan(asker._replace(action=Action.READ_PLAN), plan, what, read)

        shown = await self._read(look)
        return msgspec.json.decode(shown.json)

    async def plan(self, asker: Asker, plan: str, what: str, **more: Callable[[], Any]) -> AtHand:
        """Show where a plan stands now, and more that is read with it in the same look."""

        def read() -> dict[str, Any]:
            picture = queries.workspace_at(
                self._services.commands, self._services.policies(), plan, NOW
            )
            return picture | {name: each() for name, each in more.items()}

        found: AtHand = await self.of_plan(asker, plan, what, read)
        return found | {"known_agencies": self.known_agencies(), "today": self.today.isoformat()}

    async def lines(self, asker: Asker, what: str, listed: Listed, **asked: Any) -> Told:
        """Show a page of a list, of the plans that whoever asks may see."""
        told = await self._lists.look(asker, what, listed, **asked)
        return _told(told)

    async def lines_of(
        self, asker: Asker, what: str, plan: str, listed: Listed, **asked: Any
    ) -> Told:
        """Show a page of one plan's list."""
        return _told(await self._lists.look_at_plan(asker, what, plan, listed, **asked))

    def known_agencies(self) -> list[str]:
        """Name the agencies that the policy of today names."""
        return sorted(self._services.policies().on(self.today).counts_as)


def _told(told: Mapping[str, Any]) -> Told:
    plain = msgspec.json.decode(encode(told))
    return Told(plain["items"], plain["next"], plain["up_to_date"])


APlanReader = Annotated[PlanReader, Depends()]
