"""For administrators: the rules as sentences, what a change would do, and putting it in force."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from plantrack.application import adoption
from plantrack.application.adoption import NotAdopted
from plantrack.application.command_guard import writes_as
from plantrack.application.policies import reading as policy
from plantrack.application.policies.in_force import laid_over
from plantrack.application.services import Services
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.policy import Policy, Unit
from plantrack.domain.rights.authorise import proved_lately
from plantrack.logs import logger
from plantrack.pages.administrators import overlays
from plantrack.pages.administrators.overlays import Chosen
from plantrack.pages.administrators.previews import FIRST_WAIT, APreviews, Preview
from plantrack.pages.core.layout import AFrame, Frame
from plantrack.pages.core.routes import PageRoute
from plantrack.pages.core.submission import ASubmission
from plantrack.pages.forms import Faults, Sent
from plantrack.pages.wording.rules import FORCES, RULES, all_sentences, label, sentence, source
from plantrack.web.authorise import Asker, MayKeepRules
from plantrack.web.dependencies import AReader, AServices

router = APIRouter(include_in_schema=False, route_class=PageRoute)
log = logger("rules")

NOTHING = "Nothing differs from the rules as they are. Change a number, or a day, and try again."


@router.get("/rules")
async def show_rules(
    asker: MayKeepRules,
    services: AServices,
    read: AReader,
    frame: AFrame,
    adopted: str | None = None,
) -> Response:
    """Show every rule as a sentence with its number in it, and since when it is so."""
    in_force = (await read(services.policies)).on(services.today())
    return frame.page(
        "admin/rules.html",
        title="Rules and limits",
        subject=asker.subject,
        groups=_told(in_force),
        policy=in_force,
        versions=await read(partial(_versions, services)),
        today=services.today(),
        adopted=adopted is not None,
    )


@router.get("/rules/change")
async def choose(
    asker: MayKeepRules, services: AServices, read: AReader, frame: AFrame
) -> Response:
    """Ask for the numbers that shall hold from a day on."""
    newest, closed = await read(partial(_newest, services))
    return _form(frame, asker, newest, overlays.as_sent(newest, closed))


@router.post("/rules/preview")
async def preview(
    asker: MayKeepRules,
    services: AServices,
    read: AReader,
    submission: ASubmission,
    previews: APreviews,
) -> Response:
    """Say what the chosen numbers would change today, before anybody adopts them."""
    sent = await submission.sent()
    newest, closed = await read(partial(_newest, services))
    chosen, faults = overlays.read(sent, newest, closed, services.today())
    if faults or chosen.nothing:
        refused = None if faults else NOTHING
        return _form(submission.frame, asker, newest, sent, faults, refused)
    written = chosen.source(_version(services, chosen))
    made = await read(partial(previews.of, services, written))
    await read(partial(made.wait, FIRST_WAIT))
    return _preview(submission.frame, asker, sent, chosen, (services, written, newest), made)


@router.post("/rules/adopt")
async def adopt(
    asker: MayKeepRules, services: AServices, read: AReader, submission: ASubmission
) -> Response:
    """Put the chosen numbers in force from their day on; nothing is applied backwards."""
    sent = await submission.sent()
    newest, closed = await read(partial(_newest, services))
    chosen, faults = overlays.read(sent, newest, closed, services.today())
    if faults or chosen.nothing:
        refused = None if faults else NOTHING
        return _form(submission.frame, asker, newest, sent, faults, refused)
    if not proved_lately(asker.subject, services.commands.now()):
        return submission.prove_again(asker, sent)
    written = chosen.source(_version(services, chosen))
    try:
        await read(partial(adoption.adopt, services, written, writes_as(asker.subject)))
    except NotAdopted as wrong:
        return _form(submission.frame, asker, newest, sent, refused=str(wrong))
    log.info("rules adopted", person=asker.subject.person, holds_from=chosen.holds_from.isoformat())
    return RedirectResponse("/rules?adopted=true", 303)


def _newest(services: Services) -> tuple[Policy, frozenset[date]]:
    """Give the version that holds last, and on which days it has the council closed."""
    closed: frozenset[date] = frozenset()
    for each in services.record.adopted():
        raw = policy.Source(each.file, each.text).parsed()
        if "closure_days" in raw.get("calendar", {}):
            closed = overlays.closed_days(raw)
    return adoption.newest(services.policies()), closed


def _version(services: Services, chosen: Chosen) -> str:
    return f"rules-{chosen.holds_from}-{services.record.times_adopted() + 1}"


def _told(in_force: Policy) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Tell every rule: its sentences, who owes it, where it comes from and how binding it is."""
    for group, rules in RULES.items():
        yield (
            group,
            [
                {
                    "says": [
                        sentence(says, in_force.terms[code].periods.get(case))
                        for case, says in sentences.items()
                    ],
                    "owed_by": BY_CODE[code].owed_by,
                    "force": FORCES[in_force.terms[code].force],
                    "source": source(in_force.terms[code].source),
                }
                for code, sentences in rules.items()
            ],
        )


def _versions(services: Services) -> list[dict[str, Any]]:
    """Tell every version, the newest first: from when, by whom, why, and what it changed."""
    adopted = {}
    for each in services.record.adopted():
        raw = policy.Source(each.file, each.text).parsed()
        adopted[raw["version"]] = each
    versions = services.policies().versions
    first: dict[str, Any] = {"version": versions[0], "adopted": None, "why": "", "differs": []}
    told: list[dict[str, Any]] = [first]
    for before, after in pairwise(versions):
        by = adopted.get(after.version)
        told.append(
            {
                "version": after,
                "adopted": by,
                "why": overlays.why(by.text) if by else "",
                "differs": list(_differences(before, after)),
            }
        )
    return told[::-1]


def _differences(before: Policy, after: Policy) -> Iterator[str]:
    """Say what changes, each rule as its sentence with the new number in it."""
    says = all_sentences()
    for code, case, was, now in adoption.changed_periods(before, after):
        yield f"{sentence(says[code, case], now)} Before: {was}."
    yield from adoption.other_changes(before, after)


def _form(
    frame: Frame,
    asker: Asker,
    newest: Policy,
    sent: Sent,
    faults: Faults | None = None,
    refused: str | None = None,
) -> Response:
    faults = faults or Faults()
    return frame.page(
        "admin/change_rules.html",
        title="Change the rules",
        subject=asker.subject,
        status=422 if faults or refused else 200,
        wrong=bool(faults),
        groups=[
            (group, [(row, label(row.says)) for row in of])
            for group, of in groupby(overlays.rows(newest), key=attrgetter("group"))
        ],
        units=[(each.value, each.says) for each in Unit],
        questions=(overlays.CLOSED, overlays.FROM, overlays.REASON),
        sent=sent,
        faults=faults,
        refused=refused,
    )


def _preview(
    frame: Frame,
    asker: Asker,
    sent: Sent,
    chosen: Chosen,
    over: tuple[Services, policy.Source, Policy],
    made: Preview,
) -> Response:
    services, written, newest = over
    after = adoption.newest(laid_over(services.record, [written]))
    return frame.page(
        "admin/preview_rules.html",
        title="What the change would do",
        subject=asker.subject,
        sent=sent,
        chosen=chosen,
        differs=list(_differences(newest, after)),
        preview=made,
        lines=[
            (BY_CODE[each.rule].says, each.team, each)
            for each in made.found or ()
            if each.more or each.fewer
        ],
    )
