"""For managers: what waits too long in their teams, and one alert with the answer to it."""

import secrets
from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from plantrack.api import questions as q
from plantrack.api.allowing import Asker, MayListDue, MayReadPlan, MayRecord
from plantrack.domain.obligations import ALERT_ANSWERED
from plantrack.domain.refusals import NotAllowed
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import agency
from plantrack.pages import answering, breaches
from plantrack.pages.afterwards import Told, done_of, go_on, shown
from plantrack.pages.alert_filter import AlertFilter, AnAlertFilter
from plantrack.pages.asking import AtHand, Faults, Sent
from plantrack.pages.frame import AFrame, Frame
from plantrack.pages.page_routes import NoSuchPage, PageRoute
from plantrack.pages.sight import ASight, Sight
from plantrack.pages.writing import COMMAND, ASheet, Refused, Sheet, marked
from plantrack.projections import board
from plantrack.projections.paging import Page, Slice
from plantrack.projections.store import Reading

router = APIRouter(include_in_schema=False, route_class=PageRoute)

TITLES: Mapping[Duty, str] = {
    Duty.CHAIR: "Alerts on plans that you chair",
    Duty.SOCIAL_WORKER: "Alerts on your plans",
    Duty.TEAM_MANAGER: "Alerts for your teams",
    Duty.SERVICE_MANAGER: "Alerts for all teams",
    Duty.PARTNER_PROFESSIONAL: "Alerts on your plans",
    Duty.PARTNER_LEAD: "Alerts on plans that {agency} is on",
    Duty.INSPECTOR: "Alerts on plans in your warrant",
}
"""Whose alerts they are; services, which have no pages, are not among them."""


Asking = Annotated[bool | None, Query()]
"""Whether the action is filled in that asks who was not asked about a decision."""


@router.get("/alerts")
async def show_alerts(
    asker: MayListDue,
    request: Request,
    sight: ASight,
    frame: AFrame,
    chosen: AnAlertFilter,
    done: Told = None,
) -> Response:
    """Show the open alerts, the longest open first."""
    title = title_for(asker)
    return await shown(request, lambda: _show_alerts(asker, sight, frame, chosen, title, done))


async def _show_alerts(
    asker: Asker, sight: Sight, frame: Frame, chosen: AlertFilter, title: str, done: str | None
) -> Response:
    asked = chosen.asked
    counts: list[board.Counts] = []

    def read(reading: Reading, *, wanted: Slice) -> Page:
        policies, today = sight.desk.policies(), sight.today
        counts.append(board.counted(reading, asked, today, policies))
        return board.listed(reading, asked=asked, today=today, policies=policies, wanted=wanted)

    told = await sight.lines(asker, "alerts", read)
    return frame.page(
        "managers/alerts.html",
        title=title,
        subject=asker.subject,
        told=told,
        counts=counts[-1],
        plans=[list(rows) for _, rows in groupby(told.rows, key=lambda row: row["plan"])],
        chosen=chosen,
        limit=limit_of(sight),
        done=done_of(done),
        today=sight.today.isoformat(),
        breaches=breaches,
    )


@router.get("/alerts/{plan}/{alert:path}")
async def show_alert(
    asker: MayReadPlan, plan: q.PlanName, alert: str, sheet: ASheet, ask: Asking = None
) -> Response:
    """Show one alert: the rule, the entries behind it, what was tried, and how to answer."""
    at_hand = await read_alert(asker, plan, alert, sheet.sight)
    asking = answering.to_ask(at_hand["alert"]) if ask else None
    return draw_alert(asker, sheet, at_hand, Sent({"what": [asking]} if asking else {}))


@router.post("/alerts/{plan}/{alert:path}")
async def answer_alert(
    asker: MayRecord, plan: q.PlanName, alert: str, request: Request, sheet: ASheet
) -> Response:
    """Record an answer, with the action that was agreed, or say what is wrong with it."""
    sent = await sheet.sent()
    at_hand = await read_alert(asker, plan, alert, sheet.sight)
    said, faults = answering.read(sent, at_hand["alert"], at_hand)
    if faults:
        return draw_alert(asker, sheet, at_hand, sent, faults=faults)
    try:
        recorded = await sheet.write(asker, plan, [*said[:-1], marked(said[-1], sent)], sent)
    except Refused as refused:
        return draw_alert(asker, sheet, at_hand, sent, refused=refused)
    return go_on(request, "/alerts", recorded)


async def read_alert(asker: Asker, plan: str, alert: str, sight: Sight) -> AtHand:
    """Read a plan and one alert on it, in one look."""

    def read() -> dict[str, Any] | None:
        with sight.desk.models.reading() as reading:
            return board.one(reading, plan, alert, sight.today, sight.desk.policies())

    at_hand = await sight.plan(asker, plan, "alert", alert=read)
    if at_hand["alert"] is None:
        raise NoSuchPage
    return at_hand


def draw_alert(
    asker: Asker,
    sheet: Sheet,
    at_hand: AtHand,
    sent: Sent,
    *,
    faults: Faults | None = None,
    refused: Refused | None = None,
) -> Response:
    """Draw one alert, with what was typed and what was wrong with it."""
    alert, subject = at_hand["alert"], asker.subject
    title = f"{breaches.breach(alert['obligation'])}, plan {at_hand['plan']}"
    return sheet.frame.page(
        "managers/alert.html",
        title=title,
        subject=subject,
        status=refused.status if refused else (422 if faults else 200),
        wrong=bool(faults),
        plan=at_hand,
        alert=alert,
        rule=breaches.rule_in_a_sentence(alert, sheet.sight.desk.policies()),
        may_answer=answering.may_answer(subject),
        why_not=answering.why_not(subject, alert, at_hand),
        to_ask=answering.to_ask(alert),
        answering=answering,
        breaches=breaches,
        sent=sent,
        faults=faults or Faults(),
        refused=refused,
        command=sent.one(COMMAND) if faults else secrets.token_urlsafe(16),
    )


def title_for(asker: Asker) -> str:
    """Title the list for whoever asks, or refuse a role that has no pages."""
    subject = asker.subject
    if subject.post.duty not in TITLES:
        raise NotAllowed("Alerts are not for your role to see. Ask somebody whose role it is.")
    return TITLES[subject.post.duty].replace("{agency}", agency(subject.post.agency))


def limit_of(sight: Sight) -> str:
    """Say within what an alert is to be answered, by the policy of today."""
    terms = sight.desk.policies().on(sight.today).terms[ALERT_ANSWERED.code]
    return breaches.limit(terms.periods["period"])
