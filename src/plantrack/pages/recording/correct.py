"""For whoever recorded an entry: put it right or take it back; both versions stay readable."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.domain.refusals import CannotBePutRight, NotAllowed, ProveAgain
from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import ASubmission, FormSubmission, Refused, done, worded
from plantrack.pages.forms import AtHand, Faults, Form, Sent, Words, Wrong
from plantrack.pages.forms.forms import Said
from plantrack.pages.recording.catalogue.corrections import CORRECTS
from plantrack.pages.recording.catalogue.things import names_of_all
from plantrack.pages.recording.entry import entry_now
from plantrack.pages.recording.steps import NOT_SAID, Check, confirms, show_check, wants_change
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayRecord
from plantrack.web.problems import Problem

router = APIRouter(include_in_schema=False, route_class=PageRoute)

WHY = Words(
    name="why_put_right",
    asks="Why is this put right?",
    hint="Everybody on the plan reads this, and both versions stay readable",
    rows=3,
    missing="Enter why this is put right",
)
WHY_TAKEN_BACK = Words(
    name="why_taken_back",
    asks="Why is this taken back?",
    hint="Everybody on the plan reads this. The entry stays readable and counts for nothing",
    rows=3,
    missing="Enter why this is taken back",
)
TAKE_BACK = Form(
    kind="Retracted",
    group="Putting right",
    title="Take back an entry",
    questions=(WHY_TAKEN_BACK,),
    note=None,
    marked=False,
)
SAME = "Change an answer above, or go back: nothing differs from what is recorded"


@router.get("/plans/{plan}/entries/{number}/correct")
async def ask_what_is_right(
    asker: MayRecord, plan: q.PlanName, number: int, submission: ASubmission
) -> Response:
    """Show an entry in its form, as it was said, to be put right."""
    at_hand, form = await _entry(submission, asker, plan, number, "Corrected")
    return _ask(submission, asker, form, at_hand, Sent(form.filled(at_hand["kept"])))


@router.post("/plans/{plan}/entries/{number}/correct")
async def put_right(
    asker: MayRecord, plan: q.PlanName, number: int, submission: ASubmission
) -> Response:
    """Show what it says now beside what it would say, and record that when it is confirmed."""
    at_hand, form = await _entry(submission, asker, plan, number, "Corrected")
    sent = await submission.sent()
    said, faults = form.read(sent, at_hand)
    changed = changed_fields(form, at_hand["kept"], said)
    if not faults and not changed:
        faults.add(Wrong(WHY.name, SAME))
    if faults or wants_change(sent):
        return _ask(submission, asker, form, at_hand, sent, faults=faults)
    if not confirms(sent):
        return show_check(submission, asker, at_hand, sent, _check(form, at_hand, said))
    corrected = {
        "kind": "Corrected",
        "entry": number,
        "fields": changed,
        "reason": said[WHY.name],
    }
    return await _record(submission, asker, form, at_hand, corrected, sent)


@router.get("/plans/{plan}/entries/{number}/retract")
async def ask_why_it_is_taken_back(
    asker: MayRecord, plan: q.PlanName, number: int, submission: ASubmission
) -> Response:
    """Show an entry, and ask why it is taken back."""
    at_hand, _ = await _entry(submission, asker, plan, number, "Retracted")
    return _ask(submission, asker, TAKE_BACK, at_hand, Sent())


@router.post("/plans/{plan}/entries/{number}/retract")
async def take_back(
    asker: MayRecord, plan: q.PlanName, number: int, submission: ASubmission
) -> Response:
    """Show what is taken back, and record that when it is confirmed."""
    at_hand, _ = await _entry(submission, asker, plan, number, "Retracted")
    sent = await submission.sent()
    why, faults = _why_taken_back(sent, at_hand)
    if faults or wants_change(sent):
        return _ask(submission, asker, TAKE_BACK, at_hand, sent, faults=faults)
    if not confirms(sent):
        return show_check(submission, asker, at_hand, sent, _check_taking_back(at_hand, why))
    retracted = {"kind": "Retracted", "entry": number, "reason": why}
    return await _record(submission, asker, TAKE_BACK, at_hand, retracted, sent)


def _why_taken_back(sent: Sent, at_hand: AtHand) -> tuple[str, Faults]:
    faults = Faults()
    try:
        return str(WHY_TAKEN_BACK.read(sent, at_hand)), faults
    except Wrong as wrong:
        faults.add(wrong)
        return "", faults


async def _entry(
    submission: FormSubmission, asker: Asker, plan: str, number: int, does: str
) -> tuple[AtHand, Form]:
    """Read an entry with all that its form draws upon; refuse whoever may not put it right."""
    commands, person = submission.reader.services.commands, asker.subject.person
    found = await submission.at_hand(
        asker, plan, f"entry {number}", entry=lambda: entry_now(commands, plan, number, person)
    )
    entry = found["entry"]
    if entry is None:
        raise NoSuchPage
    how = MAY_RECORD[does].get(asker.subject.post.duty, How.NO)
    if how is How.NO or (how is How.OWN_ENTRY and not entry["own"]):
        raise NotAllowed(
            "Somebody else recorded this entry. Ask them, or a service manager, to put it right."
        )
    if entry["retracted"] or entry["by_the_tracker"]:
        why = "was taken back already" if entry["retracted"] else "is the plan tracker's own word"
        raise Problem(409, f"This entry {why}, so it cannot be put right.", kind=CannotBePutRight)
    said = entry["said"]
    at_hand = found | {"kept": said, "named": names_of_all(found), "only_own": False}
    form = CORRECTS[said["kind"]]
    return at_hand, form.to_correct(WHY, said)


def _ask(
    submission: FormSubmission, asker: Asker, form: Form, at_hand: AtHand, sent: Sent, **wrong: Any
) -> Response:
    """Show the form with what was said or typed, and above it what is on the record."""
    entry = at_hand["entry"]
    return submission.show(
        asker,
        form,
        at_hand,
        sent,
        template="forms/correct.html",
        back=f"/plans/{at_hand['plan']}/entries/{entry['number']}",
        button="Continue",
        picked="",
        about=[],
        lacks="",
        may_mark=False,
        **wrong,
    )


async def _record(
    submission: FormSubmission, asker: Asker, form: Form, at_hand: AtHand, said: Said, sent: Sent
) -> Response:
    plan = at_hand["plan"]
    try:
        on = submission.reader.today.isoformat()
        recorded = await submission.write(asker, plan, [said | {"on": on}], sent)
    except Refused as refused:
        return _ask(submission, asker, form, at_hand, sent, refused=worded(refused, form))
    except ProveAgain:
        return submission.prove_again(asker, sent)
    return done(plan, recorded)


def changed_fields(form: Form, was: Mapping[str, Any], said: Mapping[str, Any]) -> Said:
    """Give the fields that differ from what is recorded; what was cleared becomes nothing."""
    asked = [name for each in form.asked for name in each.fields if name != WHY.name]
    return {
        name: said[name] if name in said else _nothing_like(was.get(name))
        for name in asked
        if _comparable(said.get(name)) != _comparable(was.get(name))
    }


def _comparable(value: Any) -> Any:
    """Give what two answers are compared by: no order of a list, and nothing for what is empty."""
    if isinstance(value, list):
        return sorted(value) or None
    if isinstance(value, dict):
        held = {name: _comparable(each) for name, each in value.items()}
        return {name: each for name, each in held.items() if each is not None} or None
    return None if value == "" else value


def _nothing_like(value: Any) -> Any:
    if isinstance(value, list):
        return []
    return {} if isinstance(value, dict) else None


def _check(form: Form, at_hand: AtHand, said: Said) -> Check:
    """Put what is recorded and what it would be side by side, for each answer that differs."""
    was = at_hand["kept"]
    changed = changed_fields(form, was, said).keys()
    rows = [
        (each.asks, each.told(was, at_hand) or NOT_SAID, each.told(said, at_hand) or NOT_SAID)
        for each in form.asked
        if not changed.isdisjoint(each.fields)
    ]
    lead = f"Both versions stay readable, with your name and the reason: “{said[WHY.name]}”."
    head = ("", "As it is recorded", "As you put it right")
    return Check("Check what you put right", head, rows, "Put this right", lead)


def _check_taking_back(at_hand: AtHand, why: str) -> Check:
    rows = [("The entry", at_hand["entry"]["told"], "It stays readable, and counts for nothing")]
    head = ("", "As it is recorded", "When you have taken it back")
    lead = f"Your reason: “{why}”."
    return Check("Check what you take back", head, rows, "Take this entry back", lead)
