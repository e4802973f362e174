"""Emergency access: taking it to one plan, and looking afterwards at whether it was right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.api import emergency, privacy
from plantrack.application.services import Services
from plantrack.domain.refusals import ProveAgain, RightNotPossible, Unreadable
from plantrack.domain.rights.authorise import proved_lately
from plantrack.domain.rights.checks import SHORTEST_REASON
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import ASubmission, FormSubmission, Refused
from plantrack.pages.forms import AtHand, Faults, One, Option, Sent, Words, Wrong, YesNo
from plantrack.pages.rights.submission import ARightsSubmission, RightsForm
from plantrack.pages.wording import viewings
from plantrack.pages.wording.viewings import GROUNDS
from plantrack.web import parameters as q
from plantrack.web.authorise import (
    Asker,
    MayAskToBreakGlass,
    MayBreakGlass,
    MayChangeRights,
    MaySeeEmergencies,
)
from plantrack.web.dependencies import AReader, AServices, Readers
from plantrack.web.payloads import Emergency
from plantrack.web.problems import STATUS
from plantrack.web.show import AShowing

router = APIRouter(include_in_schema=False, route_class=PageRoute)

GlassId = Annotated[str, q.called("id"), Path()]


def _grounds(_: Mapping[str, Any]) -> Iterator[Option]:
    return (Option(name, says) for name, says in GROUNDS.items())


@dataclass(frozen=True, kw_only=True)
class Reason(Words):
    """A reason that says enough for whoever looks at it afterwards."""

    def understand(self, typed: str, at_hand: AtHand) -> Any:
        """Refuse a word or two."""
        if len(" ".join(typed.split())) < SHORTEST_REASON:
            raise Wrong(self.name, f"Enter the reason in at least {SHORTEST_REASON} characters")
        return super().understand(typed, at_hand)


TAKE = (
    One(
        name="ground",
        asks="Why must you see the plan now?",
        among=_grounds,
        missing="Select why you must see the plan now",
    ),
    Reason(
        name="reason",
        asks="What has happened?",
        hint="Everybody on the plan will be able to read this",
        missing="Enter what has happened",
    ),
)
REVIEW = RightsForm(
    kind="GlassReviewed",
    title="Was it right that {who} took emergency access?",
    lead="Your answer is final. If it was not right, tell their manager: this page tells nobody.",
    questions=(
        YesNo(
            name="justified",
            asks="Was it right?",
            missing="Select yes if it was right",
        ),
        Words(
            name="reason",
            asks="Why do you think so?",
            hint="Say what you looked at",
            missing="Enter why you think so",
        ),
    ),
    given=(),
    button="Record the review",
    then="The review is recorded.",
)


@router.get("/emergencies")
async def list_emergencies(
    asker: MaySeeEmergencies, services: AServices, read: AReader, frame: AFrame, said: str = ""
) -> Response:
    """List emergency accesses; those that wait for a review come first."""
    items = await _listed(asker, services, read)
    return frame.page(
        "privacy/emergencies.html",
        title="Emergency access",
        subject=asker.subject,
        waiting=[each for each in items if not each["reviewed"]],
        reviewed=[each for each in items if each["reviewed"]],
        then=REVIEW.then if said == "reviewed" else None,
        viewings=viewings,
        sees_looks=asker.subject.post.duty is Duty.PRIVACY_OFFICER,
    )


@router.get("/emergencies/{access}/review")
async def ask_for_review(
    asker: MaySeeEmergencies,
    access: GlassId,
    services: AServices,
    read: AReader,
    writer: ARightsSubmission,
) -> Response:
    """Ask whether an emergency access was right."""
    glass = await _one(asker, access, services, read)
    return writer.show(asker, REVIEW, {"who": glass["name"]}, Sent(), **_about(glass))


@router.post("/emergencies/{access}/review")
async def review(
    asker: MayChangeRights,
    access: GlassId,
    services: AServices,
    read: AReader,
    writer: ARightsSubmission,
) -> Response:
    """Record whether an emergency access was right."""
    REVIEW.refuse(asker.subject.post.duty)
    glass = await _one(asker, access, services, read)
    at_hand, fixed = {"who": glass["name"]}, {"glass": access}
    to, sent = "/emergencies?said=reviewed", await writer.submission.sent()
    return await writer.say(asker, REVIEW, at_hand, sent, to, fixed, **_about(glass))


@router.get("/plans/{plan}/emergency-access")
async def ask_why(
    asker: MayAskToBreakGlass, plan: q.PlanName, services: AServices, submission: ASubmission
) -> Response:
    """Say what emergency access means, and ask why it is needed; first for a fresh proof."""
    if not proved_lately(asker.subject, services.commands.now()):
        raise ProveAgain
    return _taking(submission, asker, plan, Sent())


@router.post("/plans/{plan}/emergency-access")
async def take(
    asker: MayBreakGlass,
    plan: q.PlanName,
    services: AServices,
    read: AReader,
    showing: AShowing,
    submission: ASubmission,
) -> Response:
    """Take emergency access to one plan for an hour; it is told on the plan, and reviewed."""
    sent = await submission.sent()
    said, faults = _read(sent)
    if faults:
        return _taking(submission, asker, plan, sent, faults)
    try:
        wanted = codec.read_as(Emergency, said)
        await emergency.take(asker, plan, wanted, services, read, showing)
    except ProveAgain:
        return submission.prove_again(asker, sent)
    except (RightNotPossible, Unreadable) as wrong:
        refused = Refused(str(wrong), STATUS[type(wrong)])
        return _taking(submission, asker, plan, sent, refused=refused)
    return RedirectResponse(f"/plans/{plan}", 303)


def _read(sent: Sent) -> tuple[dict[str, Any], Faults]:
    said: dict[str, Any] = {}
    faults = Faults()
    for question in TAKE:
        try:
            said[question.name] = question.read(sent, {})
        except Wrong as wrong:
            faults.add(wrong)
    return said, faults


def _taking(
    submission: FormSubmission,
    asker: Asker,
    plan: str,
    sent: Sent,
    faults: Faults | None = None,
    refused: Refused | None = None,
) -> Response:
    status = 422 if faults else (refused.status if refused else 200)
    return submission.frame.page(
        "privacy/take.html",
        title=f"Emergency access to plan {plan}",
        subject=asker.subject,
        status=status,
        wrong=bool(faults),
        reference=plan,
        questions=TAKE,
        sent=sent,
        faults=faults or Faults(),
        refused=refused,
    )


async def _listed(asker: Asker, services: Services, read: Readers) -> list[dict[str, Any]]:
    told = await privacy.list_emergency_access(asker, services, read)
    found: list[dict[str, Any]] = msgspec.json.decode(told.body)["items"]
    return found


async def _one(asker: Asker, access: str, services: Services, read: Readers) -> dict[str, Any]:
    """Find one that waits for a review."""
    for each in await _listed(asker, services, read):
        if each["glass"] == access and not each["reviewed"]:
            return each
    raise NoSuchPage


def _about(glass: dict[str, Any]) -> dict[str, Any]:
    return {
        "template": "privacy/review.html",
        "glass": glass,
        "back": "/emergencies",
        "viewings": viewings,
    }
