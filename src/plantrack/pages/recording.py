"""For whoever works on a plan: put what happened on it, in a form for each kind of event."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response

from plantrack.api import questions as q
from plantrack.api.allowing import MayRecord
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.rights.words import Duty
from plantrack.pages.asking import Form, Sent
from plantrack.pages.page_routes import NoSuchPage, PageRoute
from plantrack.pages.said import FORMS
from plantrack.pages.writing import ASheet

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/plans/{plan}/record")
async def show_what_can_be_recorded(asker: MayRecord, plan: q.PlanName, sheet: ASheet) -> Response:
    """Show what somebody may put on a plan in their role."""
    at_hand = await sheet.at_hand(asker, plan, "what can be recorded")
    return sheet.frame.page(
        "forms/choose.html",
        title=f"Update plan {plan}",
        subject=asker.subject,
        plan=at_hand,
        groups=groups_for(asker.subject.post.duty),
    )


@router.get("/plans/{plan}/record/{name}")
async def ask(
    asker: MayRecord, plan: q.PlanName, name: str, request: Request, sheet: ASheet
) -> Response:
    """Show the form of a kind of event; what stands in the address is filled in."""
    form = form_named(name)
    at_hand = await sheet.at_hand(asker, plan)
    known = {key: request.query_params.getlist(key) for key in request.query_params}
    return sheet.show(asker, form, at_hand, Sent(known))


@router.post("/plans/{plan}/record/{name}")
async def record(asker: MayRecord, plan: q.PlanName, name: str, sheet: ASheet) -> Response:
    """Record what was answered, or say what is wrong with it."""
    form = form_named(name)
    return await sheet.record(asker, plan, form, await sheet.sent())


def form_named(name: str) -> Form:
    """Find the form that an address names, such as action-reviewed."""
    for kind, form in FORMS.items():
        if dashed(kind) == name:
            return form
    raise NoSuchPage


def groups_for(duty: Duty) -> dict[str, list[tuple[str, Form]]]:
    """Group the forms that a role may use, each with its address."""
    groups: dict[str, list[tuple[str, Form]]] = {}
    for kind, form in FORMS.items():
        if MAY_RECORD[kind].get(duty, How.NO) is not How.NO:
            groups.setdefault(form.group, []).append((dashed(kind), form))
    return groups


def dashed(kind: str) -> str:
    """Write a kind as addresses do: ActionReviewed is action-reviewed."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind).lower()
