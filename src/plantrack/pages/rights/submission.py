"""Saying something about rights from a page: a form shown, sent, refused or recorded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.api.administrators import state
from plantrack.application.command_guard import SAYS
from plantrack.domain.refusals import NoSuchPlan, NotAllowed, ProveAgain, Refusal
from plantrack.domain.rights.authorise import Because
from plantrack.domain.rights.checks import WHO
from plantrack.domain.rights.events import RIGHTS_KINDS
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.submission import ASubmission, Refused
from plantrack.pages.forms import AtHand, Faults, Question, Sent, Wrong
from plantrack.web.authorise import Asker
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.problems import STATUS
from plantrack.web.who import ASources

Rest = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def nothing_more(_: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add nothing to what was answered."""
    return {}


@dataclass(frozen=True, kw_only=True)
class RightsForm:
    """How somebody says one kind of thing about rights; ``title`` may say {who}.

    ``given`` are fields that come with the address. ``rest`` adds what follows from the answers.
    ``then`` is what the page says once it is recorded.
    """

    kind: str
    title: str
    lead: str = ""
    questions: tuple[Question, ...] = ()
    given: tuple[str, ...] = ()
    button: str = "Record this"
    then: str = "That is recorded."
    rest: Rest = field(default=nothing_more)

    def may(self, duty: Duty) -> bool:
        """Whether a role may say it."""
        return duty in WHO[RIGHTS_KINDS[self.kind]]

    def refuse(self, duty: Duty) -> None:
        """Refuse a role that may not say it."""
        if not self.may(duty):
            raise NotAllowed(SAYS[Because.NOT_IN_THIS_ROLE])

    def read(self, sent: Sent, at_hand: AtHand) -> tuple[dict[str, Any], Faults]:
        """Read every answer, and note everything that is wrong, in the order asked."""
        said: dict[str, Any] = {"kind": self.kind}
        faults = Faults()
        for question in self.questions:
            try:
                answer = question.read(sent, at_hand)
            except Wrong as wrong:
                faults.add(wrong)
                continue
            if answer is not None:
                said[question.name] = answer
        said |= {name: sent.one(name) for name in self.given}
        return (said if faults else {**said, **self.rest(said)}), faults


class RightsSubmission:
    """One form about rights in front of one person, for one request."""

    def __init__(
        self, submission: ASubmission, services: AServices, read: AReader, sources: ASources
    ) -> None:
        self.submission = submission
        self._services = services
        self._read = read
        self._sources = sources

    def show(
        self,
        asker: Asker,
        form: RightsForm,
        at_hand: AtHand,
        sent: Sent,
        *,
        faults: Faults | None = None,
        refused: Refused | None = None,
        template: str,
        **about: Any,
    ) -> Response:
        """Show a form with what was typed in it, and what was wrong with it."""
        faults = faults or Faults()
        who = at_hand.get("who", "")
        return self.submission.frame.page(
            template,
            title=form.title.replace("{who}", "somebody"),
            subject=asker.subject,
            status=refused.status if refused else (422 if faults else 200),
            wrong=bool(faults),
            form=form,
            heading=form.title.replace("{who}", who),
            sent=sent,
            faults=faults,
            refused=refused,
            at_hand=at_hand,
            **about,
        )

    async def say(
        self,
        asker: Asker,
        form: RightsForm,
        at_hand: AtHand,
        sent: Sent,
        to: str,
        fixed: Mapping[str, Any],
        **about: Any,
    ) -> Response:
        """Record what was sent, and go on; show the form again if that cannot be."""
        said, faults = form.read(sent, at_hand)
        if faults:
            return self.show(asker, form, at_hand, sent, faults=faults, **about)
        try:
            event = codec.read_rights_event({**said, **fixed})
            await state(asker, event, self._services, self._read, self._sources)
        except ProveAgain:
            return self.submission.prove_again(asker, sent)
        except NoSuchPlan:
            raise
        except Refusal as wrong:
            status = next(STATUS[kind] for kind in type(wrong).__mro__ if kind in STATUS)
            refused = Refused(_without_codes(str(wrong), form, at_hand), status)
            return self.show(asker, form, at_hand, sent, refused=refused, **about)
        return RedirectResponse(to, 303)


def _without_codes(sentence: str, form: RightsForm, at_hand: AtHand) -> str:
    """Word a refusal with the form's questions and people's names."""
    for question in form.questions:
        sentence = sentence.replace(f"“{question.name}”", f"“{question.asks}”")
    for name, called in at_hand.get("names", {}).items():
        sentence = sentence.replace(name, called)
    return sentence


ARightsSubmission = Annotated[RightsSubmission, Depends()]
