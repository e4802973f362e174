"""A plan's past under other rules: what they would have raised, beside what really was."""

from collections import Counter
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from plantrack import codec
from plantrack.application import queries
from plantrack.application.policies import reading as policy
from plantrack.application.policies.in_force import laid_over
from plantrack.application.services import Services
from plantrack.domain.alerts.raised import told_alerts
from plantrack.domain.events.entries import as_corrected
from plantrack.domain.policy import Policies
from plantrack.domain.replay.differences import missed, swept_until
from plantrack.domain.replay.outcome import found_in, pair
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.core.submission import ASubmission, FormSubmission
from plantrack.pages.forms import Faults, Sent, Wrong
from plantrack.pages.inspectors.looking_back import family_of
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayReadPlan
from plantrack.web.dependencies import AReader

router = APIRouter(include_in_schema=False, route_class=PageRoute)

AS_THEY_WERE, OWN = "as-they-were", "own"
PASTED = "What you wrote"
CHOOSE = "Select which rules to rehearse"
WRITE = "Enter the rules that you want to rehearse"


@router.get("/plans/{plan}/rehearse")
async def ask(
    asker: MayReadPlan,
    plan: q.PlanName,
    submission: ASubmission,
    read: AReader,
    version: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Ask which rules to rehearse on a plan, or rehearse those that an address names."""
    policies = await read(submission.reader.services.policies)
    sent = Sent({"version": (version,)} if version else {})
    return await _show(asker, plan, submission, sent, named(policies, version) if version else None)


@router.post("/plans/{plan}/rehearse")
async def rehearse(
    asker: MayReadPlan, plan: q.PlanName, submission: ASubmission, read: AReader
) -> Response:
    """Rehearse the rules that somebody chose or wrote."""
    sent = await submission.sent()
    version = sent.one("version")
    if version and version != OWN:
        named(await read(submission.reader.services.policies), version)
        return RedirectResponse(f"/plans/{plan}/rehearse?version={quote(version)}", 303)
    try:
        chosen = await read(partial(written, submission.reader.services, sent))
    except Wrong as wrong:
        faults = Faults()
        faults.add(wrong)
        return await _show(asker, plan, submission, sent, None, faults)
    return await _show(asker, plan, submission, sent, chosen)


def named(policies: Policies, version: str) -> Policies:
    """Find the rules that are called so, as if they had been in force all along."""
    if version == AS_THEY_WERE:
        return policies
    for each in policies.versions:
        if each.version == version:
            return Policies([each])
    raise NoSuchPage


def written(services: Services, sent: Sent) -> Policies:
    """Read rules that somebody wrote, laid over those in force, or say in which line they err."""
    if not sent.one("version"):
        raise Wrong("version", CHOOSE)
    if not sent.one("overlay"):
        raise Wrong("overlay", WRITE)
    try:
        laid = laid_over(services.record, [policy.Source(PASTED, sent.one("overlay"))])
    except policy.BadPolicy as bad:
        said = " ".join(f"Line {each.line}: {each.wrong}" for each in bad.problems)
        raise Wrong("overlay", said) from None
    return Policies([laid.versions[-1]])


async def _show(
    asker: Asker,
    plan: str,
    submission: FormSubmission,
    sent: Sent,
    chosen: Policies | None,
    faults: Faults | None = None,
) -> Response:
    faults, services = faults or Faults(), submission.reader.services
    found = await submission.reader.plan(
        asker, plan, "rehearse", rehearsed=partial(_rehearsed, services, plan, chosen)
    )
    return submission.frame.page(
        "inspect/rehearse.html",
        title=f"Rehearse rules on plan {plan}",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        plan=found,
        rehearsed=found["rehearsed"],
        sent=sent,
        faults=faults,
        own=OWN,
        as_they_were=AS_THEY_WERE,
    )


def _rehearsed(services: Services, plan: str, chosen: Policies | None) -> dict[str, Any]:
    """Lay what chosen rules would have raised beside what was; and say which rules there are."""
    versions = [each.version for each in services.policies().versions]
    if chosen is None:
        return {"versions": versions}
    entries = queries.entries_of(services.commands, plan)
    last = swept_until(services.commands.now())
    family = family_of(services, plan, entries)
    lines = missed(plan, family, chosen, codec.amend_sealed, last)
    counts = as_corrected(((each.number, each.event) for each in entries), codec.amend_sealed)
    pairs = pair(told_alerts(entries, counts, None), lines)
    return {
        "versions": versions,
        "chosen": [each.version for each in chosen.versions],
        "last": last,
        "pairs": [{"pair": each, "found": found_in(each)} for each in pairs],
        "count": Counter(map(found_in, pairs)),
    }
