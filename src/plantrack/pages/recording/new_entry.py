"""For whoever works on a plan: put what happened on it, in a form for each kind of event."""

import re

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.domain.refusals import NotAllowed
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.layout import AFrame, Place
from plantrack.pages.core.prove_again import PROVED
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import ASubmission
from plantrack.pages.forms import AtHand, Form, Sent
from plantrack.pages.recording.catalogue import FORMS
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayKeepSession, MayRecord

router = APIRouter(include_in_schema=False, route_class=PageRoute)

ENDS = {
    "PlanSteppedDown": ("step-down", "Step down to a child in need plan", "cp"),
    "PlanSteppedUp": ("step-up", "Step up to a child protection plan", "cin"),
    "PlanTransferredOut": ("transfer", "Pass the plan to another council", None),
    "PlanClosed": ("close", "Close the plan", None),
}
"""How a plan ends: the address of its page, what it is called, and on which kind of plan."""


@router.get("/plans/{plan}/record")
async def show_what_can_be_recorded(
    asker: MayRecord, plan: q.PlanName, submission: ASubmission
) -> Response:
    """Show what somebody may put on a plan in their role."""
    at_hand = await submission.at_hand(asker, plan, "what can be recorded")
    return submission.frame.page(
        "forms/choose.html",
        title=f"Update plan {plan}",
        subject=asker.subject,
        plan=at_hand,
        groups=groups_for(asker.subject.post.duty, at_hand),
        may_end=bool(endings_for(asker.subject.post.duty, at_hand)),
        may_share=may(asker.subject.post.duty, "InformationShared", at_hand),
    )


@router.get("/plans/{plan}/record/{name}")
async def ask(asker: MayRecord, plan: q.PlanName, name: str, submission: ASubmission) -> Response:
    """Show the form of a kind of event; what stands in the address is filled in."""
    form = form_named(name)
    at_hand = await submission.at_hand(asker, plan, kind=form.kind)
    refuse_for_role(asker, form.kind, at_hand)
    sent = submission.asked()
    begins = Sent(form.filled(form.begins(at_hand)))
    return submission.show(asker, form, at_hand, begins.over(sent), template=template_of(form))


@router.post("/plans/{plan}/record/{name}")
async def record(
    asker: MayRecord, plan: q.PlanName, name: str, submission: ASubmission
) -> Response:
    """Record what was answered, or say what is wrong with it."""
    form = form_named(name)
    return await submission.record(
        asker, plan, form, await submission.sent(), template=template_of(form)
    )


@router.get(PROVED)
async def tell_that_it_is_proved(asker: MayKeepSession, frame: AFrame) -> Response:
    """Tell whoever signed in again in a tab of its own to go back to what they wrote."""
    return frame.page(
        "system/told.html",
        title="You are signed in",
        subject=asker.subject,
        said=["Close this tab, go back to the page with what you wrote, and send it again."],
        links=[Place("Or go to the first page", "/")],
    )


def form_named(name: str) -> Form:
    """Find the form that an address names, such as action-reviewed."""
    for kind, form in FORMS.items():
        if dashed(kind) == name:
            return form
    raise NoSuchPage


def template_of(form: Form) -> str:
    """Name the template of a form: a decision has more around it."""
    return "forms/decision.html" if form.kind == "DecisionMade" else "forms/form.html"


def may(duty: Duty, kind: str, at_hand: AtHand) -> bool:
    """Whether a role may record a kind on such a plan."""
    how = MAY_RECORD[kind].get(duty, How.NO)
    return how is not How.NO and (how is not How.CIN or at_hand["kind"] == "cin")


def refuse_for_role(asker: Asker, kind: str, at_hand: AtHand) -> None:
    """Refuse a page on which somebody could record nothing in their role."""
    if not may(asker.subject.post.duty, kind, at_hand):
        raise NotAllowed(
            f"This is not for a {asker.subject.post.duty.says} to record on this plan. Ask "
            "somebody on the plan who may."
        )


def groups_for(duty: Duty, at_hand: AtHand) -> dict[str, list[tuple[str, Form]]]:
    """Group the forms that a role may use on such a plan, each with its address."""
    groups: dict[str, list[tuple[str, Form]]] = {}
    for kind, form in FORMS.items():
        if may(duty, kind, at_hand) and at_hand["kind"] in form.plan_kinds:
            groups.setdefault(form.group, []).append((dashed(kind), form))
    return groups


def endings_for(duty: Duty, at_hand: AtHand) -> dict[str, tuple[str, str]]:
    """Give the ways in which a role may end such a plan: by kind, the page and its name."""
    if at_hand["ended_on"]:
        return {}
    return {
        kind: (address, called)
        for kind, (address, called, only) in ENDS.items()
        if only in (None, at_hand["kind"]) and may(duty, kind, at_hand)
    }


def dashed(kind: str) -> str:
    """Write a kind as addresses do: ActionReviewed is action-reviewed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()
