"""A plan's past under other rules: what they would have raised, beside what really was."""

from collections import Counter
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from plantrack import policy, views, wire
from plantrack.api import questions as q
from plantrack.api.allowing import Asker, MayReadPlan
from plantrack.api.reading import AReader
from plantrack.desk import Desk
from plantrack.domain.entries import as_corrected
from plantrack.domain.policy import Policies
from plantrack.domain.reckoning import missed, swept_until
from plantrack.domain.rehearsed import found_in, pair
from plantrack.domain.told import told_alerts
from plantrack.inforce import laid_over
from plantrack.pages.asking import Faults, Sent, Wrong
from plantrack.pages.looking_back import family_of
from plantrack.pages.page_routes import NoSuchPage, PageRoute
from plantrack.pages.writing import ASheet, Sheet

router = APIRouter(include_in_schema=False, route_class=PageRoute)

AS_THEY_WERE, OWN = "as-they-were", "own"
PASTED = "What you wrote"
CHOOSE = "Select which rules to rehearse"
WRITE = "Enter the rules that you want to rehearse"


@router.get("/plans/{plan}/rehearse")
async def ask(
    asker: MayReadPlan,
    plan: q.PlanName,
    sheet: ASheet,
    read: AReader,
    version: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Ask which rules to rehearse on a plan, or rehearse those that an address names."""
    policies = await read(sheet.sight.desk.policies)
    sent = Sent({"version": (version,)} if version else {})
    return await _show(asker, plan, sheet, sent, named(policies, version) if version else None)


@router.post("/plans/{plan}/rehearse")
async def rehearse(asker: MayReadPlan, plan: q.PlanName, sheet: ASheet, read: AReader) -> Response:
    """Rehearse the rules that somebody chose or wrote."""
    sent = await sheet.sent()
    version = sent.one("version")
    if version and version != OWN:
        named(await read(sheet.sight.desk.policies), version)
        return RedirectResponse(f"/plans/{plan}/rehearse?version={quote(version)}", 303)
    try:
        chosen = await read(partial(written, sheet.sight.desk, sent))
    except Wrong as wrong:
        faults = Faults()
        faults.add(wrong)
        return await _show(asker, plan, sheet, sent, None, faults)
    return await _show(asker, plan, sheet, sent, chosen)


def named(policies: Policies, version: str) -> Policies:
    """Find the rules that are called so, as if they had been in force all along."""
    if version == AS_THEY_WERE:
        return policies
    for each in policies.versions:
        if each.version == version:
            return Policies([each])
    raise NoSuchPage


def written(desk: Desk, sent: Sent) -> Policies:
    """Read rules that somebody wrote, laid over those in force, or say in which line they err."""
    if not sent.one("version"):
        raise Wrong("version", CHOOSE)
    if not sent.one("overlay"):
        raise Wrong("overlay", WRITE)
    try:
        laid = laid_over(desk.record, [policy.Source(PASTED, sent.one("overlay"))])
    except policy.BadPolicy as bad:
        said = " ".join(f"Line {each.line}: {each.wrong}" for each in bad.problems)
        raise Wrong("overlay", said) from None
    return Policies([laid.versions[-1]])


async def _show(
    asker: Asker,
    plan: str,
    sheet: Sheet,
    sent: Sent,
    chosen: Policies | None,
    faults: Faults | None = None,
) -> Response:
    faults, desk = faults or Faults(), sheet.sight.desk
    found = await sheet.sight.plan(
        asker, plan, "rehearse", rehearsed=partial(_rehearsed, desk, plan, chosen)
    )
    return sheet.frame.page(
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


def _rehearsed(desk: Desk, plan: str, chosen: Policies | None) -> dict[str, Any]:
    """Lay what chosen rules would have raised beside what was; and say which rules there are."""
    versions = [each.version for each in desk.policies().versions]
    if chosen is None:
        return {"versions": versions}
    entries = views.entries_of(desk.tracker, plan)
    last = swept_until(desk.tracker.now())
    family = family_of(desk, plan, entries)
    lines = missed(plan, family, chosen, wire.amend_sealed, last)
    counts = as_corrected(((each.number, each.event) for each in entries), wire.amend_sealed)
    pairs = pair(told_alerts(entries, counts, None), lines)
    return {
        "versions": versions,
        "chosen": [each.version for each in chosen.versions],
        "last": last,
        "pairs": [{"pair": each, "found": found_in(each)} for each in pairs],
        "count": Counter(map(found_in, pairs)),
    }
