"""For managers: what waits too long in their teams, and one alert with the answer to it."""

import secrets
from collections.abc import Mapping
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from plantrack.domain.obligations.catalogue import ALERT_ANSWERED
from plantrack.domain.refusals import NotAllowed
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import agency
from plantrack.pages.core.afterwards import Told, done_of, go_on, shown
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.reader import APlanReader, PlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import COMMAND, ASubmission, FormSubmission, Refused, marked
from plantrack.pages.forms import AtHand, Faults, Sent
from plantrack.pages.managers import answering, breaches
from plantrack.pages.managers.filters import AlertFilter, AnAlertFilter
from plantrack.projections import alert_board
from plantrack.projections.paging import Page, Slice
from plantrack.projections.store import Reading
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayListDue, MayReadPlan, MayRecord

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
    reader: APlanReader,
    frame: AFrame,
    chosen: AnAlertFilter,
    done: Told = None,
) -> Response:
    """Show the open alerts, the longest open first."""
    title = title_for(asker)
    return await shown(request, lambda: _show_alerts(asker, reader, frame, chosen, title, done))


async def _show_alerts(
    asker: Asker,
    reader: PlanReader,
    frame: Frame,
    chosen: AlertFilter,
    title: str,
    done: str | None,
) -> Response:
    asked = chosen.asked
    counts: list[alert_board.Counts] = []

    def read(reading: Reading, *, wanted: Slice) -> Page:
        policies, today = reader.services.policies(), reader.today
        counts.append(alert_board.counted(reading, asked, today, policies))
        return alert_board.listed(
            reading, asked=asked, today=today, policies=policies, wanted=wanted
        )

    told = await reader.lines(asker, "alerts", read)
    return frame.page(
        "managers/alerts.html",
        title=title,
        subject=asker.subject,
        told=told,
        counts=counts[-1],
        plans=[list(rows) for _, rows in groupby(told.rows, key=lambda row: row["plan"])],
        chosen=chosen,
        limit=limit_of(reader),
        done=done_of(done),
        today=reader.today.isoformat(),
        breaches=breaches,
    )


@router.get("/alerts/{plan}/{alert:path}")
async def show_alert(
    asker: MayReadPlan, plan: q.PlanName, alert: str, submission: ASubmission, ask: Asking = None
) -> Response:
    """Show one alert: the rule, the entries behind it, what was tried, and how to answer."""
    at_hand = await read_alert(asker, plan, alert, submission.reader)
    asking = answering.to_ask(at_hand["alert"]) if ask else None
    return draw_alert(asker, submission, at_hand, Sent({"what": [asking]} if asking else {}))


@router.post("/alerts/{plan}/{alert:path}")
async def answer_alert(
    asker: MayRecord, plan: q.PlanName, alert: str, request: Request, submission: ASubmission
) -> Response:
    """Record an answer, with the action that was agreed, or say what is wrong with it."""
    sent = await submission.sent()
    at_hand = await read_alert(asker, plan, alert, submission.reader)
    said, faults = answering.read(sent, at_hand["alert"], at_hand)
    if faults:
        return draw_alert(asker, submission, at_hand, sent, faults=faults)
    try:
        recorded = await submission.write(asker, plan, [*said[:-1], marked(said[-1], sent)], sent)
    except Refused as refused:
        return draw_alert(asker, submission, at_hand, sent, refused=refused)
    return go_on(request, "/alerts", recorded)


async def read_alert(asker: Asker, plan: str, alert: str, reader: PlanReader) -> AtHand:
    """Read a plan and one alert on it, in one look."""

    def read() -> dict[str, Any] | None:
        with reader.services.models.reading() as reading:
            return alert_board.one(reading, plan, alert, reader.today, reader.services.policies())

    at_hand = await reader.plan(asker, plan, "alert", alert=read)
    if at_hand["alert"] is None:
        raise NoSuchPage
    return at_hand


def draw_alert(
    asker: Asker,
    submission: FormSubmission,
    at_hand: AtHand,
    sent: Sent,
    *,
    faults: Faults | None = None,
    refused: Refused | None = None,
) -> Response:
    """Draw one alert, with what was typed and what was wrong with it."""
    alert, subject = at_hand["alert"], asker.subject
    title = f"{breaches.breach(alert['obligation'])}, plan {at_hand['plan']}"
    return submission.frame.page(
        "managers/alert.html",
        title=title,
        subject=subject,
        status=refused.status if refused else (422 if faults else 200),
        wrong=bool(faults),
        plan=at_hand,
        alert=alert,
        rule=breaches.rule_in_a_sentence(alert, submission.reader.services.policies()),
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


def limit_of(reader: PlanReader) -> str:
    """Say within what an alert is to be answered, by the policy of today."""
    terms = reader.services.policies().on(reader.today).terms[ALERT_ANSWERED.code]
    return breaches.limit(terms.periods["period"])
