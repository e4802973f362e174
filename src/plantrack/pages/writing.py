"""Writing from a page: a form shown, sent, refused or recorded, and nothing typed is ever lost."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from plantrack import wire
from plantrack.api.allowing import Asker
from plantrack.api.bodies import read_fields
from plantrack.api.problems import STATUS, Problem
from plantrack.api.writing import APen, Pen
from plantrack.domain.events import KINDS
from plantrack.domain.marks import markable
from plantrack.domain.refusals import ProveAgain
from plantrack.pages.asking import AtHand, Faults, Form, Sent
from plantrack.pages.frame import AFrame, Frame
from plantrack.pages.sight import ASight, Sight
from plantrack.tracker import Recorded, Said

AGAIN = "/sign-in?step_up=true"
LAST_READ, COMMAND, MARK = "last_read", "command", "mark"
OURS = frozenset({LAST_READ, COMMAND})
FOR_ALL = "general"
LEFT_TO_THE_PAGE = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
)
"""What is refused with these is told on a page of its own, not beside the form."""


class Refused(Exception):
    """What was sent was not recorded; ``came`` tells what others recorded meanwhile."""

    def __init__(self, sentence: str, status: int, came: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.came = came


class Sheet:
    """One form in front of one person, for one request."""

    def __init__(self, request: Request, sight: ASight, frame: AFrame, pen: APen) -> None:
        self._request = request
        self._pen: Pen = pen
        self.sight: Sight = sight
        self.frame: Frame = frame

    async def sent(self) -> Sent:
        """Read what was sent."""
        return Sent(await read_fields(self._request))

    async def at_hand(self, asker: Asker, plan: str, what: str = "form") -> AtHand:
        """Give what forms draw upon: the plan as whoever asks may see it, and their agency."""
        found = await self.sight.plan(asker, plan, what)
        return found | {"own_agency": asker.subject.post.agency, "own_name": asker.subject.name}

    def show(
        self,
        asker: Asker,
        form: Form,
        at_hand: AtHand,
        sent: Sent,
        *,
        faults: Faults | None = None,
        refused: Refused | None = None,
        **about: Any,
    ) -> Response:
        """Show a form with what was typed in it, and what was wrong with it."""
        faults = faults or Faults()
        status = refused.status if refused else (422 if faults else 200)
        return self.frame.page(
            "forms/form.html",
            title=named(form.title, None),
            subject=asker.subject,
            status=status,
            wrong=bool(faults),
            plan=at_hand,
            form=form,
            sent=sent,
            faults=faults,
            refused=refused,
            may_mark=form.marked and bool(markable(KINDS[form.kind])),
            last_read=at_hand["entries"],
            command=sent.one(COMMAND) if faults else secrets.token_urlsafe(16),
            **about,
        )

    async def record(self, asker: Asker, plan: str, form: Form, sent: Sent) -> Response:
        """Record what was sent; show the form again with everything typed if that cannot be."""
        at_hand = await self.at_hand(asker, plan)
        said, faults = form.read(sent, at_hand)
        if faults:
            return self.show(asker, form, at_hand, sent, faults=faults)
        try:
            recorded = await self.write(asker, plan, [marked(said, sent)], sent)
        except Refused as refused:
            return self.show(asker, form, at_hand, sent, refused=refused)
        except ProveAgain:
            return self.prove_again(asker, sent)
        return done(plan, recorded)

    async def write(
        self, asker: Asker, plan: str, said: Sequence[dict[str, Any]], sent: Sent
    ) -> Recorded:
        """Put events on a plan, all or none; upon the entry that was last read when they began."""
        last_read = sent.one(LAST_READ)
        number = int(last_read) if last_read.isdecimal() and len(last_read) < 10 else None  # noqa: PLR2004 - as wire bounds numbers
        if number is None:
            raise Refused("This page was not sent as a whole. Send it again.", 422)
        self._pen.keyed(sent.one(COMMAND)[:100])
        try:
            events = [wire.read_event(each) for each in said]
            first = [Said(plan, event, None if at else number) for at, event in enumerate(events)]
            return await self._pen.write(asker, first)
        except ProveAgain:
            raise
        except Problem as problem:
            raise _refused(problem, problem.status, problem.members.get("between", ())) from None
        except tuple(STATUS) as wrong:
            kind = next(each for each in type(wrong).__mro__ if each in STATUS)
            if STATUS[kind] in LEFT_TO_THE_PAGE:
                raise
            raise _refused(wrong, STATUS[kind]) from None

    def prove_again(self, asker: Asker, sent: Sent) -> Response:
        """Ask for a fresh proof, and keep what was typed to be sent once more."""
        path = self._request.url.path
        return self.frame.page(
            "forms/prove_again.html",
            title="Prove again who you are",
            subject=asker.subject,
            status=401,
            sent=sent,
            to=path,
            prove=f"{AGAIN}&{urlencode({'then': '/proved'})}",
        )


ASheet = Annotated[Sheet, Depends()]


def _refused(wrong: Exception, status: int, came: Sequence[dict[str, Any]] = ()) -> Refused:
    return Refused(str(wrong), status, came)


def done(plan: str, recorded: Recorded) -> Response:
    """Go to the plan, where it says what was recorded."""
    number = recorded.entries[-1].number
    return RedirectResponse(f"/plans/{plan}?recorded={number}", 303)


def marked(said: dict[str, Any], sent: Sent) -> dict[str, Any]:
    """Mark every text of what was said as the form says who may read it."""
    mark = sent.one(MARK)
    if not mark or mark == FOR_ALL:
        return said
    fields = [name for name in markable(KINDS[said["kind"]]) if said.get(name)]
    return {**said, "marks": dict.fromkeys(fields, mark)} if fields else said


def named(text: str, given_names: str | None) -> str:
    """Put the child's first name where a text asks for it; without one, “the child”."""
    first = (given_names or "").split()
    return text.replace("{child}", first[0] if first else "the child")
