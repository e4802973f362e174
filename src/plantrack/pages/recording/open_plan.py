"""Opening a plan: for a child who has none, or as the one that follows another."""

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.application.commands import NewEvent
from plantrack.domain.events import PlanOpened
from plantrack.domain.refusals import ProveAgain
from plantrack.domain.rights.actions import Action
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.prove_again import again
from plantrack.pages.core.reader import APlanReader, PlanReader
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.core.submission import COMMAND, LEFT_TO_THE_PAGE, Refused, worded
from plantrack.pages.forms import AtHand, Faults, Sent
from plantrack.pages.recording.catalogue.opening import OPENING, begins_with, split
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayOpenPlan
from plantrack.web.commands import ASender, CommandSender
from plantrack.web.problems import STATUS, Problem
from plantrack.web.request_bodies import read_fields

router = APIRouter(include_in_schema=False, route_class=PageRoute)

WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class Opening:
    """The form for a new plan before one person, for one request."""

    def __init__(
        self, request: Request, reader: APlanReader, frame: AFrame, sender: ASender
    ) -> None:
        self._request = request
        self._reader: PlanReader = reader
        self._frame: Frame = frame
        self._sender: CommandSender = sender

    async def sent(self) -> Sent:
        """Read what was sent."""
        return Sent(await read_fields(self._request))

    async def at_hand(self, asker: Asker, follows: str | None) -> AtHand:
        """Give what the form draws upon; of the plan that is followed, who it is about."""
        known = self._reader.known_agencies()
        own = {"agencies": known, "known_agencies": known, "person": {"given_names": None}}
        rights = self._reader.services.authoriser.look().rights
        teams = sorted(rights.teams_of(asker.subject.person, self._reader.today))
        before = None
        if follows:
            looking = asker._replace(action=Action.READ_PLAN)
            before = await self._reader.plan(looking, follows, "opening")
        return {**own, "teams": teams, "before": before, "own_name": asker.subject.name}

    def show(
        self,
        asker: Asker,
        at_hand: AtHand,
        sent: Sent,
        *,
        faults: Faults | None = None,
        refused: Refused | None = None,
    ) -> Response:
        """Show the form with what was typed, and what was wrong with it."""
        sends = sent.one(COMMAND) or secrets.token_urlsafe(16)
        status = refused.status if refused else (WRONG if faults else HTTPStatus.OK)
        return self._frame.page(
            "plans/open.html",
            title="Open a plan",
            subject=asker.subject,
            status=status,
            wrong=bool(faults),
            plan=at_hand,
            form=OPENING,
            sent=sent,
            faults=faults or Faults(),
            refused=refused,
            command=sends,
            follows=at_hand["before"]["plan"] if at_hand["before"] else "",
        )

    async def open(self, asker: Asker, at_hand: AtHand, sent: Sent) -> Response:
        """Open the plan and say who the child is, both or neither."""
        said, faults = OPENING.read(sent, at_hand)
        if faults:
            return self.show(asker, at_hand, sent, faults=faults)
        try:
            name = await self._write(asker, split(said, at_hand["before"]), sent)
        except Refused as refused:
            return self.show(asker, at_hand, sent, refused=worded(refused, OPENING))
        except ProveAgain:
            return again(self._request, sent, asker.subject)
        return RedirectResponse(f"/plans/{name}?recorded=1", HTTPStatus.SEE_OTHER)

    async def _write(self, asker: Asker, said: Sequence[Mapping[str, Any]], sent: Sent) -> str:
        self._sender.keyed(sent.one(COMMAND)[:100])
        try:
            events = [codec.read_event({**each}) for each in said]
            opened = events[0]
            assert isinstance(opened, PlanOpened)
            name = self._sender.new_name(asker, opened)
            await self._sender.write(asker, [NewEvent(name, event) for event in events])
        except ProveAgain:
            raise
        except Problem as problem:
            raise Refused(str(problem), problem.status) from None
        except tuple(STATUS) as wrong:
            kind = next(each for each in type(wrong).__mro__ if each in STATUS)
            if STATUS[kind] in LEFT_TO_THE_PAGE:
                raise
            raise Refused(str(wrong), STATUS[kind]) from None
        return name


AnOpening = Annotated[Opening, Depends()]


@router.get("/plans/new")
async def ask(asker: MayOpenPlan, opening: AnOpening, follows: q.OnPlan = None) -> Response:
    """Ask what a new plan begins with; one that follows another begins with what is known."""
    at_hand = await opening.at_hand(asker, follows)
    return opening.show(asker, at_hand, Sent(begins_with(at_hand)))


@router.post("/plans/new")
async def record(asker: MayOpenPlan, opening: AnOpening, follows: q.OnPlan = None) -> Response:
    """Open a plan, or say what is wrong with what was answered."""
    at_hand = await opening.at_hand(asker, follows)
    return await opening.open(asker, at_hand, await opening.sent())
