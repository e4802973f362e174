"""For every agency: tell the others what it knows, and see who will read it before it is sent."""

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.domain.refusals import ProveAgain
from plantrack.domain.words import agency
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.core.submission import ASubmission, FormSubmission, Refused, done, worded
from plantrack.pages.forms import AtHand, Faults, Option, Sent, Wrong
from plantrack.pages.forms.forms import Said
from plantrack.pages.recording.catalogue.sharing import SHARE, not_told_yet
from plantrack.pages.recording.new_entry import refuse_for_role
from plantrack.pages.recording.steps import STEP, confirms, wants_change
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayRecord

router = APIRouter(include_in_schema=False, route_class=PageRoute)
WHY = "why-not-"


@router.get("/plans/{plan}/share")
async def ask_what(asker: MayRecord, plan: q.PlanName, submission: ASubmission) -> Response:
    """Ask what somebody wants to tell, and whom; an item that was told before is filled in."""
    sent = submission.asked()
    at_hand = await _at_hand(submission, asker, plan, sent)
    refuse_for_role(asker, SHARE.kind, at_hand)
    item = at_hand["information"].get(sent.one("item"), {})
    if item.get("from") == at_hand["own_agency"]:
        about = at_hand["items_about"].get(sent.one("item"), [])
        sent = Sent({"what": [item["what"]], "about": about}).over(sent)
    return _ask(submission, asker, at_hand, sent)


@router.post("/plans/{plan}/share")
async def share(asker: MayRecord, plan: q.PlanName, submission: ASubmission) -> Response:
    """Show who will read it, ask why the others will not, and send it when that is confirmed."""
    sent = await submission.sent()
    at_hand = await _at_hand(submission, asker, plan, sent)
    refuse_for_role(asker, SHARE.kind, at_hand)
    said, faults = SHARE.read(sent, at_hand)
    if faults or wants_change(sent):
        return _ask(submission, asker, at_hand, sent, faults)
    why, missing = _reasons(said, at_hand, sent)
    if not confirms(sent) or missing:
        shown = missing if confirms(sent) else Faults()
        return _show_readers(submission, asker, at_hand, said, sent, shown)
    return await _send(submission, asker, at_hand, {**said, "withheld_from": why}, sent)


async def _at_hand(submission: FormSubmission, asker: Asker, plan: str, sent: Sent) -> AtHand:
    found = await submission.at_hand(asker, plan, "tell the others", kind=SHARE.kind)
    return found | {"item": sent.one("item")}


async def _send(
    submission: FormSubmission, asker: Asker, at_hand: AtHand, said: Said, sent: Sent
) -> Response:
    try:
        recorded = await submission.write(asker, at_hand["plan"], [said], sent)
    except Refused as refused:
        return _ask(submission, asker, at_hand, sent, refused=worded(refused, SHARE))
    except ProveAgain:
        return submission.prove_again(asker, sent)
    return done(at_hand["plan"], recorded)


def _ask(
    submission: FormSubmission,
    asker: Asker,
    at_hand: AtHand,
    sent: Sent,
    faults: Faults | None = None,
    refused: Refused | None = None,
) -> Response:
    return submission.show(
        asker, SHARE, at_hand, sent, faults=faults, refused=refused, kept=_why(sent)
    )


def _why(sent: Sent) -> list[tuple[str, str]]:
    """Give the reasons that were typed already, to be kept on the page of questions."""
    return [(name, value) for name, value in sent.pairs() if name.startswith(WHY)]


def left_out(said: Said, at_hand: AtHand) -> list[Option]:
    """List the agencies on the plan that would not be told."""
    return [each for each in not_told_yet(at_hand) if each.value not in said["to"]]


def _reasons(said: Said, at_hand: AtHand, sent: Sent) -> tuple[dict[str, str], Faults]:
    """Read why each of the others is not told; none may be left out in silence."""
    why, faults = {}, Faults()
    for each in left_out(said, at_hand):
        field = f"{WHY}{each.value}"
        if reason := sent.one(field):
            why[each.value] = reason
        else:
            faults.add(Wrong(field, f"Enter why you do not tell {agency(each.value)}"))
    return why, faults


def _show_readers(
    submission: FormSubmission,
    asker: Asker,
    at_hand: AtHand,
    said: Said,
    sent: Sent,
    faults: Faults,
) -> Response:
    """Show who will read it before it is sent."""
    count = len(said["to"])
    return submission.frame.page(
        "forms/readers.html",
        title=f"Who will read this, plan {at_hand['plan']}",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        plan=at_hand,
        said=said,
        sent=sent,
        faults=faults,
        left_out=left_out(said, at_hand),
        kept=[(k, v) for k, v in sent.pairs() if k != STEP and not k.startswith(WHY)],
        button=f"Send to {count} {'agency' if count == 1 else 'agencies'}",
    )
