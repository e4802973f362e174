"""Writing from a page: a form shown, sent, refused or recorded, and nothing typed is ever lost."""

import secrets
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.application.commands import NewEvent, Receipt
from plantrack.domain.events import KINDS, PlanOpened
from plantrack.domain.redaction.marks import markable
from plantrack.domain.refusals import ProveAgain
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.pages.core.beside_the_form import besides
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.prove_again import again
from plantrack.pages.core.reader import APlanReader, PlanReader
from plantrack.pages.forms import AtHand, Faults, Form, Sent
from plantrack.web.authorise import Asker
from plantrack.web.commands import ASender, CommandSender
from plantrack.web.problems import STATUS, Problem
from plantrack.web.request_bodies import read_fields

LAST_READ, COMMAND, MARK, PICKED = "last_read", "command", "mark", "picked"
FOR_ALL = "general"
LONGEST_NUMBER = 9
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


class FormSubmission:
    """One form in front of one person, for one request."""

    def __init__(
        self, request: Request, reader: APlanReader, frame: AFrame, sender: ASender
    ) -> None:
        self._request = request
        self._sender: CommandSender = sender
        self.reader: PlanReader = reader
        self.frame: Frame = frame

    async def sent(self) -> Sent:
        """Read what was sent."""
        return Sent(await read_fields(self._request))

    def asked(self) -> Sent:
        """Give what stands in the address."""
        query = self._request.query_params
        return Sent({name: query.getlist(name) for name in query})

    async def at_hand(
        self,
        asker: Asker,
        plan: str,
        what: str = "form",
        kind: str | None = None,
        **more: Callable[[], Any],
    ) -> AtHand:
        """Give what forms draw upon: the plan as whoever asks may see it, and their agency.

        With a kind it says as well whether they may record it for their own agency only; ``more``
        is read in the same look.
        """
        read, commands = {**more}, self.reader.services.commands
        read["besides"] = lambda: besides(commands, plan)
        found = await self.reader.plan(asker, plan, what, **read)
        post = asker.subject.post
        how = MAY_RECORD[kind].get(post.duty, How.NO) if kind else How.NO
        whose = {
            "own_agency": post.agency,
            "own_name": asker.subject.name,
            "only_own": how is How.OWN,
        }
        return {**found.pop("besides"), **found, **whose}

    def show(
        self,
        asker: Asker,
        form: Form,
        at_hand: AtHand,
        sent: Sent,
        *,
        faults: Faults | None = None,
        refused: Refused | None = None,
        template: str = "forms/form.html",
        **about: Any,
    ) -> Response:
        """Show a form with what was typed in it, and what was wrong with it."""
        faults = faults or Faults()
        again = bool(faults or refused)
        questions = form.asked_of(at_hand)
        look = "picked" not in about and (bool(sent.one(PICKED)) or not again)
        picked = form.picked(sent, at_hand) if look else ""
        drawn: dict[str, Any] = {
            "plan": at_hand,
            "form": form,
            "sent": sent,
            "faults": faults,
            "refused": refused,
            "questions": questions,
            "picked": picked,
            "about": list(form.about(at_hand, picked)) if picked else [],
            "lacks": form.lacks(at_hand),
            "may_mark": form.marked and bool(markable(KINDS[form.kind])),
            "last_read": _last_read(at_hand, sent, refused),
            "command": _command(sent, refused),
        }
        return self.frame.page(
            template,
            title=f"{named(form.title, None)}, plan {at_hand['plan']}",
            subject=asker.subject,
            status=refused.status if refused else (422 if faults else 200),
            wrong=bool(faults),
            **(drawn | about),
        )

    async def record(
        self, asker: Asker, plan: str, form: Form, sent: Sent, **about: Any
    ) -> Response:
        """Record what was sent; show the form again with everything typed if that cannot be."""
        at_hand = await self.at_hand(asker, plan, kind=form.kind)
        said, faults = form.read(sent, at_hand)
        if faults:
            return self.show(asker, form, at_hand, sent, faults=faults, **about)
        try:
            recorded = await self.write(asker, plan, [marked(said, sent)], sent)
        except Refused as refused:
            return self.show(asker, form, at_hand, sent, refused=worded(refused, form), **about)
        except ProveAgain:
            return self.prove_again(asker, sent)
        return done(plan, recorded)

    async def write(
        self, asker: Asker, plan: str, said: Sequence[dict[str, Any]], sent: Sent
    ) -> Receipt:
        """Put events on a plan, all or none; upon the entry that was last read when they began."""
        return await self.write_on(asker, [(plan, each) for each in said], sent)

    async def write_on(
        self, asker: Asker, said: Sequence[tuple[str, dict[str, Any]]], sent: Sent
    ) -> Receipt:
        """Put events on several plans, all or none; the first plan is the one that was read."""
        last_read = sent.one(LAST_READ)
        if not last_read.isdecimal() or len(last_read) > LONGEST_NUMBER:
            raise Refused("This page was not sent as a whole. Send it again.", 422)
        self._sender.keyed(sent.one(COMMAND)[:100])
        try:
            events = [(plan, codec.read_event(each)) for plan, each in said]
            whole = [
                NewEvent(plan, event, None if at else int(last_read))
                for at, (plan, event) in enumerate(events)
            ]
            return await self._sender.write(asker, whole)
        except ProveAgain:
            raise
        except Problem as problem:
            raise Refused(str(problem), problem.status, came_between(problem)) from None
        except tuple(STATUS) as wrong:
            kind = next(each for each in type(wrong).__mro__ if each in STATUS)
            if STATUS[kind] in LEFT_TO_THE_PAGE:
                raise
            raise Refused(str(wrong), STATUS[kind]) from None

    def new_plan(self, asker: Asker, opened: PlanOpened, sent: Sent) -> str:
        """Name a plan that is about to be opened: the same when the same page is sent again."""
        self._sender.keyed(sent.one(COMMAND)[:100])
        return self._sender.new_name(asker, opened)

    def prove_again(self, asker: Asker, sent: Sent) -> Response:
        """Ask for a fresh proof, and keep what was typed to be sent once more."""
        return again(self._request, sent, asker.subject)


ASubmission = Annotated[FormSubmission, Depends()]


def _last_read(at_hand: AtHand, sent: Sent, refused: Refused | None) -> str:
    """Say what was read: still what the form began with, unless what came since is told now."""
    began = "" if refused and refused.came else sent.one(LAST_READ)
    return began or str(at_hand["entries"])


def _command(sent: Sent, refused: Refused | None) -> str:
    """Name the command anew once it was refused; one that may have been recorded keeps its name."""
    settled = refused is not None and refused.status != HTTPStatus.SERVICE_UNAVAILABLE
    return ("" if settled else sent.one(COMMAND)) or secrets.token_urlsafe(16)


def came_between(problem: Problem) -> list[dict[str, Any]]:
    """Read what others recorded meanwhile, on one plan or on several."""
    plans = problem.members.get("plans", [problem.members])
    came = [each["between"] for each in plans if each.get("between")]
    return [told for each in came for told in msgspec.json.decode(msgspec.json.encode(each))]


def worded(refused: Refused, form: Form) -> Refused:
    """Word a refusal with the questions of the form in place of the record's own field names."""
    sentence = str(refused)
    for question in form.asked:
        for name in question.fields:
            sentence = sentence.replace(f"“{name}”", f"“{named(question.asks, None)}”")
    return Refused(sentence, refused.status, refused.came)


def done(plan: str, recorded: Receipt) -> Response:
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
