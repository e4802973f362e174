"""``plantrack policy preview`` and ``adopt``: what another policy would change, and changing it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any, NamedTuple

from plantrack import wire
from plantrack.casefiles import CaseFiles
from plantrack.cli.leaving import Exit
from plantrack.cli.printing import as_json, counted, lines, out, progress, table, talk
from plantrack.desk import Desk
from plantrack.domain.obligations import BY_CODE
from plantrack.domain.policy import Policies, Policy, Quorum
from plantrack.domain.refusals import Refusal
from plantrack.domain.waiting import team
from plantrack.domain.words import day
from plantrack.inforce import laid_over
from plantrack.policy import BadPolicy, Source
from plantrack.projections.rebuild import rebuild
from plantrack.record import AdoptedPolicy, Conflict, EntryUnreadable

Thing = tuple[str, str, str]
"""What an alert is about: its plan, its rule and the thing on the plan."""


class NotAdopted(Refusal):
    """A policy that cannot be adopted as it is."""


class Change(NamedTuple):
    """How many alerts of a rule and team there are now, would be, would come and would go."""

    rule: str
    team: str | None
    now: int
    then: int
    more: int
    fewer: int


def preview_policy(database: str, file: Path, *, json: bool) -> Exit:
    """Say what would be open today had this file been in force all along."""
    source = Source.at(file)
    with Desk(database) as desk:
        then = Policies([laid_over(desk.record, [source]).versions[-1]])
        found = list(_compare(desk, then))
    if json:
        lines(as_json(each._asdict()) for each in found)
        return Exit.DONE
    more, fewer = sum(each.more for each in found), sum(each.fewer for each in found)
    name = then.versions[-1].version
    out(f"Had {name} been in force all along, alerts today: +{more:,} and -{fewer:,}.")
    shown = [
        (e.rule, e.team, e.now, e.then, f"+{e.more}", f"-{e.fewer}")
        for e in found
        if e.more or e.fewer
    ]
    if shown:
        lines(table(("rule", "team", "now", "then", "more", "fewer"), shown))
    return Exit.DONE


def adopt_policy(database: str, file: Path, by: str, agency: str, role: str) -> Exit:
    """Put a policy in force from its day on, and say what it changes."""
    source = Source.at(file)
    person = wire.read_person({"name": by, "agency": agency, "role": role})
    with Desk(database) as desk:
        try:
            policies = laid_over(desk.record, [source])
        except BadPolicy as bad:
            lines(str(problem) for problem in bad.problems)
            talk(f"{file.name} cannot be adopted. Put it right and try again.")
            return Exit.PROBLEMS
        before, after = _newest(desk.policies()), _newest(policies)
        plans = desk.record.plans()
        _refuse_the_past(desk, after, anything_to_rewrite=bool(plans))
        nth = desk.record.times_adopted() + 1
        now = desk.tracker.now().astimezone(UTC)
        try:
            desk.record.adopt(AdoptedPolicy(nth, now, person, file.name, source.text))
        except Conflict:
            raise NotAdopted(
                "Somebody else adopted a policy just now. Look at it with plantrack policy show, "
                "then try again."
            ) from None
        if plans and after.holds_from <= desk.today():
            with progress("Making the lists", len(plans)) as advance:
                rebuild(desk.models, desk.files(), lambda done: advance(done))
    out(f"{after.version} was adopted by {person}, in force from {day(after.holds_from)}.")
    lines(_differences(before, after))
    return Exit.DONE


def _refuse_the_past(desk: Desk, after: Policy, *, anything_to_rewrite: bool) -> None:
    """Refuse a version that is not new, or would change by what was measured before today."""
    if after.version in {each.version for each in desk.policies().versions}:
        raise NotAdopted(f"There is a version {after.version} already. Give this one a new name.")
    if anything_to_rewrite and after.holds_from < desk.today():
        raise NotAdopted(
            f"“holds_from” is {day(after.holds_from)}. A rule that changes must not rewrite the "
            f"past: make it {day(desk.today())} or later."
        )


def _newest(policies: Policies) -> Policy:
    return policies.versions[-1]


def _compare(desk: Desk, then: Policies) -> Iterator[Change]:
    """Compare what is open today, or is raised by today's sweep, under both policies."""
    files, others = desk.files(), CaseFiles(desk.record, lambda: then)
    today, plans = desk.today(), desk.record.plans()
    now_open: dict[Thing, str | None] = {}
    then_open: dict[Thing, str | None] = {}
    with progress("Looking at plans", len(plans)) as advance:
        for plan in plans:
            try:
                now_open |= _overdue(files, plan, today)
                then_open |= _overdue(others, plan, today)
            except EntryUnreadable:
                talk(f"Plan {plan} is left out: an entry of it cannot be read.")
            advance()
    yield from _changes(now_open, then_open)


def _overdue(files: CaseFiles, plan: str, today: date) -> dict[Thing, str | None]:
    file = files.file(plan)
    overdue = [clock for clock in file.running if clock.overdue(today)]
    held_by = team(file.history) if overdue else None
    return {(plan, clock.obligation, clock.about): held_by for clock in overdue}


def _changes(
    now_open: dict[Thing, str | None], then_open: dict[Thing, str | None]
) -> Iterator[Change]:
    counts = [
        Counter((thing[1], of[thing]) for thing in things)
        for of, things in (
            (now_open, now_open.keys()),
            (then_open, then_open.keys()),
            (then_open, then_open.keys() - now_open.keys()),
            (now_open, now_open.keys() - then_open.keys()),
        )
    ]
    groups = sorted({group for count in counts for group in count}, key=str)
    for rule, held_by in groups:
        yield Change(rule, held_by, *(count[rule, held_by] for count in counts))


def _differences(before: Policy, after: Policy) -> Iterator[str]:
    """Say what one version says otherwise than the one below it."""
    rows = [
        (code, case, str(before.terms[code].periods.get(case)), str(period))
        for code, terms in after.terms.items()
        for case, period in terms.periods.items()
        if before.terms[code].periods.get(case) != period
    ]
    for code, case, was, now in rows:
        name = "" if case == "period" else f" ({case.replace('_', ' ')})"
        yield f"  {BY_CODE[code].says}{name}: {was} → {now}."
    if before.calendar is not after.calendar:
        yield "  The calendar of working days changes."
    for name in ("quorum", "ladder", "climbs", "counts_as", "start_counts"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"  {name.replace('_', ' ').capitalize()}: {_shown(was)} → {_shown(now)}."
    anchors = [c for c in after.terms if before.terms[c].anchor != after.terms[c].anchor]
    for code in anchors:
        was, now = before.terms[code].anchor, after.terms[code].anchor
        yield f"  {BY_CODE[code].says}, counted from: {was} → {now}."
    if not rows and not anchors:
        yield f"  No period changes; {counted(len(after.terms), 'rule')} stay as they are."


def _shown(value: Any) -> str:
    if isinstance(value, Quorum):
        return f"{value.needs} and {value.others} others"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} as {group}" for name, group in value.items())
    return str(value)
