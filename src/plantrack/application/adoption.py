"""Adopting a policy: what it would change today, and putting it in force from a day on."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date
from typing import Any, NamedTuple

from plantrack.application.plans import Plans
from plantrack.application.policies.in_force import laid_over
from plantrack.application.policies.reading import Source
from plantrack.application.services import Services
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.obligations.owners import team
from plantrack.domain.policy import Period, Policies, Policy, Quorum
from plantrack.domain.refusals import Refusal
from plantrack.domain.words import Person, day
from plantrack.projections.rebuild import rebuild
from plantrack.record import AdoptedPolicy, Conflict, EntryUnreadable

Thing = tuple[str, str, str]
"""What an alert is about: its plan, its rule and the thing on the plan."""

ELSE = "Somebody else adopted a policy just now. Look at it, then try again."


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


class Adopted(NamedTuple):
    """A version that was put in force, and the one that it was laid over."""

    before: Policy
    after: Policy


def ignore(*_: object) -> None:
    """Take no notice of how far something is."""


def newest(policies: Policies) -> Policy:
    """Give the version that holds last."""
    return policies.versions[-1]


def compare(
    services: Services,
    source: Source,
    *,
    advance: Callable[[], object] = ignore,
    leave_out: Callable[[str], object] = ignore,
) -> Iterator[Change]:
    """Compare what is open today with what would be, had a file been in force all along.

    ``advance`` is told of each plan, ``leave_out`` of one that cannot be read.
    """
    then = Policies([newest(laid_over(services.record, [source]))])
    files, others = services.files(), Plans(services.record, lambda: then)
    today = services.today()
    now_open: dict[Thing, str | None] = {}
    then_open: dict[Thing, str | None] = {}
    for plan in services.record.plans():
        try:
            now_open |= _overdue(files, plan, today)
            then_open |= _overdue(others, plan, today)
        except EntryUnreadable:
            leave_out(plan)
        advance()
    yield from _changes(now_open, then_open)


def adopt(
    services: Services, source: Source, person: Person, *, advance: Callable[[int], None] = ignore
) -> Adopted:
    """Put a policy in force from its day on; one that is in force today makes the lists again."""
    policies = laid_over(services.record, [source])
    before, after = newest(services.policies()), newest(policies)
    plans = services.record.plans()
    refuse_the_past(services, after, anything_to_rewrite=bool(plans))
    nth = services.record.times_adopted() + 1
    now = services.commands.now().astimezone(UTC)
    try:
        services.record.adopt(AdoptedPolicy(nth, now, person, source.name, source.text))
    except Conflict:
        raise NotAdopted(ELSE) from None
    if plans and after.holds_from <= services.today():
        rebuild(services.models, services.files(), lambda done: advance(done))
    return Adopted(before, after)


def refuse_the_past(services: Services, after: Policy, *, anything_to_rewrite: bool) -> None:
    """Refuse a version that is not new, or would change by what was measured before today."""
    if after.version in {each.version for each in services.policies().versions}:
        raise NotAdopted(f"There is a version {after.version} already. Give this one a new name.")
    if anything_to_rewrite and after.holds_from < services.today():
        raise NotAdopted(
            f"“holds_from” is {day(after.holds_from)}. A rule that changes must not rewrite the "
            f"past: make it {day(services.today())} or later."
        )


def differences(before: Policy, after: Policy) -> Iterator[str]:
    """Say what one version says otherwise than the one below it."""
    periods = list(changed_periods(before, after))
    for code, case, was, now in periods:
        name = "" if case == "period" else f" ({case.replace('_', ' ')})"
        yield f"{BY_CODE[code].says}{name}: {was} → {now}."
    others = list(other_changes(before, after))
    yield from others
    if not periods and not any("counted from" in each for each in others):
        many = len(after.terms)
        yield f"No period changes; {many} {'rule' if many == 1 else 'rules'} stay as they are."


def changed_periods(
    before: Policy, after: Policy
) -> Iterator[tuple[str, str, Period | None, Period]]:
    """Give each period that differs: of which rule and case, what it was and what it is."""
    for code, terms in after.terms.items():
        for case, period in terms.periods.items():
            was = before.terms[code].periods.get(case)
            if was != period:
                yield code, case, was, period


def other_changes(before: Policy, after: Policy) -> Iterator[str]:
    """Say what differs besides periods."""
    if before.calendar is not after.calendar:
        yield "The calendar of working days changes."
    for name in ("quorum", "ladder", "climbs", "counts_as", "start_counts"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{name.replace('_', ' ').capitalize()}: {_shown(was)} → {_shown(now)}."
    for code in after.terms:
        was, now = before.terms[code].anchor, after.terms[code].anchor
        if was != now:
            yield f"{BY_CODE[code].says}, counted from: {was} → {now}."


def _overdue(files: Plans, plan: str, today: date) -> dict[Thing, str | None]:
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


def _shown(value: Any) -> str:
    if isinstance(value, Quorum):
        return f"{value.needs} and {value.others} others"
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} as {group}" for name, group in value.items())
    return str(value)
