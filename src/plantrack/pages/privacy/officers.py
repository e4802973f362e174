"""For privacy officers, and for inspectors in their warrant: who looked, and what was unusual."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from plantrack.api import privacy
from plantrack.application.services import Services
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.core.submission import ASubmission
from plantrack.pages.forms import AtHand, Day, Faults, Name, Question, Sent, Wrong
from plantrack.pages.rights.access_forms import Somebody
from plantrack.pages.wording import viewings
from plantrack.web.authorise import MaySeeLooks, MaySeePatterns
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.who import ASources

router = APIRouter(include_in_schema=False, route_class=PageRoute)

PLAN = Name(name="plan", asks="Plan", hint="For example, CP-0417", optional=True, like="plan")
WHICH_PLAN = Name(
    name="plan",
    asks="Which plan of your warrant?",
    hint="For example, CP-0417",
    missing="Enter the reference of a plan",
    like="plan",
)
FIRST = Day(name="since", asks="From which day?", optional=True, missing="Enter the first day")
LAST = Day(name="until", asks="Up to which day?", optional=True, missing="Enter the last day")
FILTERS: tuple[Question, ...] = (
    PLAN,
    Name(
        name="child",
        asks="Child",
        hint="As plans name the child, not by the child's name",
        optional=True,
        like="child",
    ),
    Somebody(name="person", asks="Who looked", hint="Their whole name", optional=True),
    FIRST,
    LAST,
)
ORDER = "The first day must not be after the last"
LONGEST = f"Choose at most {privacy.LONGEST_SPAN.days} days at once"
WEEK = timedelta(days=7)


@router.get("/looked")
async def list_looked(
    asker: MaySeeLooks,
    services: AServices,
    sources: ASources,
    read: AReader,
    submission: ASubmission,
    after: privacy.After = None,
) -> Response:
    """List who looked at plans, the latest first; an inspector asks about one of the warrant."""
    sent = submission.asked()
    inspects = asker.subject.post.duty is Duty.INSPECTOR
    questions = (WHICH_PLAN,) if inspects else FILTERS
    asked = inspects and not sent.one("plan") and "plan" not in sent
    at_hand = await read(partial(_people, services))
    said, faults = ({}, Faults()) if asked else _read(questions, sent, at_hand)
    told: dict[str, Any] | None = None
    if not faults and not asked:
        page = await privacy.list_looked(
            asker, sources, services, read, **said, after=after, limit=50
        )
        told = msgspec.json.decode(page.body)
    typed = [(name, value) for name, value in sent.pairs() if name != "after" and value]
    return submission.frame.page(
        "privacy/looked.html",
        title="Who looked",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        questions=questions,
        sent=sent,
        faults=faults,
        at_hand=at_hand,
        told=told,
        filtered=bool(said),
        asked=urlencode(typed),
        viewings=viewings,
        inspects=inspects,
    )


@router.get("/looked/patterns")
async def list_patterns(
    asker: MaySeePatterns,
    services: AServices,
    sources: ASources,
    read: AReader,
    submission: ASubmission,
    frame: AFrame,
) -> Response:
    """List what was unusual in who looked at what; of the last week if no days are named."""
    sent = submission.asked()
    said, faults = _read((FIRST, LAST), sent, {})
    last = said.get("until") or services.today()
    first = said.get("since") or last - WEEK
    if not faults and last - first > privacy.LONGEST_SPAN:
        faults.add(Wrong("since", LONGEST, ("day", "month", "year")))
    found: list[dict[str, Any]] = []
    if not faults:
        page = await privacy.list_patterns(asker, sources, services, read, since=first, until=last)
        found = msgspec.json.decode(page.body)["patterns"]
    return frame.page(
        "privacy/patterns.html",
        title="Unusual looks",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        questions=(FIRST, LAST),
        sent=sent,
        faults=faults,
        found=found,
        first=first,
        last=last,
    )


def _people(services: Services) -> AtHand:
    """Give everybody who is or was known, by name."""
    people = list(services.authoriser.look().rights.people.values())
    return {"people": [(each.person, each.name, each.agency) for each in people]}


def _read(
    questions: tuple[Question, ...], sent: Sent, at_hand: AtHand
) -> tuple[dict[str, Any], Faults]:
    """Read what the list is narrowed down to."""
    said: dict[str, Any] = {}
    faults = Faults()
    for question in questions:
        try:
            answer = question.read(sent, at_hand)
        except Wrong as wrong:
            faults.add(wrong)
            continue
        if answer is not None:
            is_day = isinstance(question, Day)
            said[question.name] = date.fromisoformat(answer) if is_day else answer
    if {"since", "until"} <= said.keys() and said["since"] > said["until"]:
        faults.add(Wrong("since", ORDER, ("day", "month", "year")))
    return said, faults
