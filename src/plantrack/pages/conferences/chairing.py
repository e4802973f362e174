"""Somebody recording a conference, for one request: their draft, and the plans that it is about."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from plantrack.authentication.sessions import ABSOLUTE, IDLE
from plantrack.domain.refusals import NotAllowed
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.drafts.drafts import Draft, Drafts
from plantrack.pages.conferences import facts
from plantrack.pages.conferences.conference import Child, Conference
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.reader import APlanReader, PlanReader
from plantrack.pages.core.routes import NoSuchPage
from plantrack.pages.forms import Sent
from plantrack.web.authorise import Asker
from plantrack.web.commands import ASender, CommandSender
from plantrack.web.dependencies import AReader
from plantrack.web.problems import Problem
from plantrack.web.request_bodies import read_fields
from plantrack.web.show import AShowing, Showing
from plantrack.web.who import ASources, cookie_name

LOOK = "conference"
MUST_RECORD = ("MeetingHeld", "ReportSubmitted", "DecisionMade", "MeetingPlanned")
"""What whoever records a conference must be allowed to say for every agency."""
NO_DRAFTS = "Conferences cannot be recorded part by part here. Tell whoever runs plantrack."
FOR_CHAIRS = "A conference is recorded by its chair. Ask the chair of the plan."
SOON = timedelta(minutes=30)


class Chairing:
    """What the pages of a conference need."""

    def __init__(
        self,
        request: Request,
        sources: ASources,
        read: AReader,
        showing: AShowing,
        reader: APlanReader,
        frame: AFrame,
        sender: ASender,
    ) -> None:
        self._request = request
        self._sources = sources
        self.read = read
        self._showing: Showing = showing
        self.reader: PlanReader = reader
        self.frame: Frame = frame
        self.sender: CommandSender = sender

    @property
    def drafts(self) -> Drafts:
        """Give the place of drafts."""
        if self._sources.drafts is None:
            raise Problem(503, NO_DRAFTS)
        return self._sources.drafts

    async def sent(self) -> Sent:
        """Read what was sent."""
        return Sent(await read_fields(self._request))

    async def draft(self, asker: Asker, name: str) -> Draft:
        """Find a draft of whoever asks, in a role that may record conferences now."""
        refuse_other_roles(asker)
        found = await self.read(partial(self.drafts.find, name, asker.subject.person))
        if found is None:
            raise NoSuchPage
        return found

    async def open(self, asker: Asker, name: str) -> Conference:
        """Open a draft that is not finished, and look at every plan that it is about."""
        draft = await self.draft(asker, name)
        if draft.finished is not None:
            raise Finished(draft)
        return await self.conference(asker, draft)

    async def conference(self, asker: Asker, draft: Draft) -> Conference:
        """Look at every plan of a draft; each look is decided and noted."""
        looked = [(each.plan, each.meeting) for each in draft.plans]
        children = [await self.child(asker, *each) for each in looked]
        saved = await self.read(partial(self.drafts.parts, draft.draft))
        services = self.reader.services
        return Conference(
            draft=draft,
            children=children,
            saved=saved,
            subject=asker.subject,
            policy_on=services.policies().on,
            now=services.commands.now(),
            today=self.reader.today,
        )

    async def child(self, asker: Asker, plan: str, meeting: str) -> Child:
        """Look at one plan on which whoever asks may record, and at what it holds of a meeting.

        It is a look at the plan like any other, and noted as one.
        """
        may = partial(self._showing.refuse_unseen, asker, Action.RECORD, plan, LOOK)
        await self.read(may)
        about = partial(facts.of_meeting, self.reader.services.commands, plan, meeting)
        looking = asker._replace(action=Action.READ_PLAN)
        at_hand = await self.reader.plan(looking, plan, LOOK, conference=about)
        own = {"own_agency": asker.subject.post.agency, "own_name": asker.subject.name}
        return Child(plan, meeting, at_hand | own)

    async def page(self, asker: Asker, template: str, title: str, **about: Any) -> Response:
        """Draw a page, which says when the session ends if that is soon."""
        ends_at = await self.read(self._session_ends)
        return self.frame.page(
            template,
            title=title,
            subject=asker.subject,
            ends_at=ends_at,
            idle_minutes=int(IDLE.total_seconds() // 60),
            **about,
        )

    def _session_ends(self) -> datetime | None:
        """Say when the session ends whatever its user does, if that is within half an hour."""
        cookie = self._request.cookies.get(cookie_name(self._request), "")
        session = self._sources.sessions.find(cookie)
        ends = session.started_at + ABSOLUTE if session else None
        soon = ends is not None and ends - self.reader.services.commands.now() < SOON
        return ends if soon else None


AChairing = Annotated[Chairing, Depends()]


class Finished(Exception):
    """A draft was put on the record already."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.draft)
        self.draft = draft


def refuse_other_roles(asker: Asker) -> None:
    """Refuse whoever may not say at a conference what every agency did and thinks."""
    duty = asker.subject.post.duty
    if any(MAY_RECORD[kind].get(duty, How.NO) is not How.YES for kind in MUST_RECORD):
        raise NotAllowed(FOR_CHAIRS)
