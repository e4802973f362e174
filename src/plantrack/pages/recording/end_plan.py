"""For whoever ends a plan: step it down or up, pass it on or close it, with nothing left open."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.domain.events import PlanOpened
from plantrack.domain.refusals import ProveAgain
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import ASubmission, FormSubmission, Refused, worded
from plantrack.pages.forms import AtHand, Form, Sent
from plantrack.pages.forms.forms import Said
from plantrack.pages.recording.catalogue.endings import ENDINGS, OF_THE_NEW_PLAN
from plantrack.pages.recording.new_entry import endings_for, refuse_for_role
from plantrack.pages.recording.steps import Check, answers_of, confirms, show_check, wants_change
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayRecord

router = APIRouter(include_in_schema=False, route_class=PageRoute)

CP, CIN = "cp", "cin"
OPENS = {"PlanSteppedDown": CIN, "PlanSteppedUp": CP}
"""Which kind of plan opens where another ends."""
CALLED = {CP: "a child protection plan", CIN: "a child in need plan"}


@router.get("/plans/{plan}/end")
async def choose_how(asker: MayRecord, plan: q.PlanName, submission: ASubmission) -> Response:
    """Show in which ways a plan can end, for whoever may end it so."""
    at_hand = await submission.at_hand(asker, plan, "how the plan can end")
    return submission.frame.page(
        "forms/end.html",
        title=f"End plan {plan}",
        subject=asker.subject,
        plan=at_hand,
        ways=endings_for(asker.subject.post.duty, at_hand).values(),
    )


@router.get("/plans/{plan}/end/{how}")
async def ask_how(
    asker: MayRecord, plan: q.PlanName, how: str, submission: ASubmission
) -> Response:
    """Ask what is needed to end a plan in one way."""
    form = ending_named(how)
    at_hand = await submission.at_hand(asker, plan, kind=form.kind)
    refuse_for_role(asker, form.kind, at_hand)
    sent = Sent(form.filled(form.begins(at_hand))).over(submission.asked())
    return ask_again(submission, asker, form, at_hand, sent)


@router.post("/plans/{plan}/end/{how}")
async def end(asker: MayRecord, plan: q.PlanName, how: str, submission: ASubmission) -> Response:
    """Check what was answered, show it, and end the plan when that is confirmed."""
    form, sent = ending_named(how), await submission.sent()
    at_hand = await submission.at_hand(asker, plan, kind=form.kind)
    refuse_for_role(asker, form.kind, at_hand)
    said, faults = form.read(sent, at_hand)
    if faults or wants_change(sent):
        return ask_again(submission, asker, form, at_hand, sent, faults=faults)
    if not confirms(sent):
        check = check_of(form, said, at_hand)
        return show_check(submission, asker, at_hand, sent, check)
    return await record_end(submission, asker, form, at_hand, said, sent)


async def record_end(
    submission: FormSubmission, asker: Asker, form: Form, at_hand: AtHand, said: Said, sent: Sent
) -> Response:
    """End the plan, and open the one that takes its place, in one go or not at all."""
    plan = at_hand["plan"]
    try:
        events = events_of(submission, asker, at_hand, said, sent)
        recorded = await submission.write_on(asker, events, sent)
    except Refused as refused:
        return ask_again(submission, asker, form, at_hand, sent, refused=worded(refused, form))
    except ProveAgain:
        return submission.prove_again(asker, sent)
    last = recorded.entries[-1]
    number = recorded.entries[0].number if last.plan == plan else last.number
    return RedirectResponse(f"/plans/{last.plan}?recorded={number}", 303)


def ask_again(
    submission: FormSubmission, asker: Asker, form: Form, at_hand: AtHand, sent: Sent, **wrong: Any
) -> Response:
    """Show the questions with what was typed."""
    about: dict[str, Any] = {"back": f"/plans/{at_hand['plan']}/end", "button": "Continue"}
    if at_hand["ended_on"]:
        about["lacks"] = "This plan has ended already."
    return submission.show(asker, form, at_hand, sent, **about, **wrong)


def events_of(
    submission: FormSubmission, asker: Asker, at_hand: AtHand, said: Said, sent: Sent
) -> list[tuple[str, Said]]:
    """Give what is recorded: the end of the plan, and the opening of the next if there is one."""
    ending = {name: value for name, value in said.items() if name not in OF_THE_NEW_PLAN}
    kind = OPENS.get(said["kind"])
    if kind is None:
        return [(at_hand["plan"], ending)]
    opening = opening_of(kind, at_hand, said)
    opened = codec.read_event(opening)
    assert isinstance(opened, PlanOpened)
    new = submission.new_plan(asker, opened, sent)
    return [(at_hand["plan"], {**ending, "to_plan": new}), (new, opening)]


def opening_of(kind: str, at_hand: AtHand, said: Said) -> Said:
    """Give the opening of the plan that takes another's place."""
    before = at_hand["opened"]
    origin = {**before["origin"]}
    if kind == CP:
        origin["initial_conference_on"] = said["on"]
        origin["strategy_discussion_on"] = origin.get("strategy_discussion_on") or _last_strategy(
            at_hand
        )
    return {
        "kind": "PlanOpened",
        "on": said["on"],
        "plan_kind": kind,
        "child": at_hand["child"],
        "family": at_hand["family"],
        "category": said.get("category"),
        "origin": origin,
        "lead": said["lead"],
        "chair": said.get("chair"),
        "agencies": said["agencies"],
        "follows": at_hand["plan"],
        "team": at_hand["team"],
    }


def _last_strategy(at_hand: AtHand) -> str | None:
    held = [
        m["held_on"] for m in at_hand["meetings"].values() if m["type"] == "strategy_discussion"
    ]
    return max(filter(None, held), default=None)


def check_of(form: Form, said: Said, at_hand: AtHand) -> Check:
    """Give what is shown before the plan ends; the button names what then happens."""
    rows = answers_of(form, said, at_hand)
    lead = "When this is recorded you cannot go back here. A mistake is put right by another entry."
    return Check("Check your answers before the plan ends", ("", ""), rows, button(said), lead)


def button(said: Said) -> str:
    """Name what the button does, with what becomes of the actions."""
    if said["kind"] == "PlanTransferredOut" and not said["accepted"]:
        return "Record that the other council was told"
    carried = sum(
        each["disposition"] == "carried" for each in said.get("open_actions", {}).values()
    )
    new = OPENS.get(said["kind"])
    does = ["End this plan"]
    if new:
        does.append(f"open {CALLED[new]}")
    if carried:
        does.append(f"carry {carried} action{'s' if carried > 1 else ''} over")
    return ", ".join(does[:-1]) + " and " + does[-1] if len(does) > 1 else does[0]


def ending_named(how: str) -> Form:
    """Find the form of a way to end a plan."""
    if how not in ENDINGS:
        raise NoSuchPage
    return ENDINGS[how]
