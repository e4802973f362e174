"""``plantrack doctor``: one line for each thing that must be well."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from plantrack.access_log.log import AccessLog
from plantrack.access_log.make import CannotOpen
from plantrack.application.services import Services, Standing
from plantrack.authentication.refusals import CannotSignIn
from plantrack.authentication.store import Store
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, counted, moment, out, paragraph
from plantrack.domain.rights.state import open_glasses
from plantrack.domain.words import day
from plantrack.projections.store import CannotKeep
from plantrack.record import CannotReach, database_url
from plantrack.worker import EVERY

NEARLY_NOW = timedelta(seconds=5)
LONGEST_WITHOUT_SWEEP = timedelta(seconds=2 * EVERY)
PATIENCE = 10.0

DURABLE: dict[str, dict[str, tuple[object, ...]]] = {
    "sqlite": {"PRAGMA journal_mode": ("wal",), "PRAGMA synchronous": (2, 3)},
    "postgresql": {
        "SHOW fsync": ("on",),
        "SHOW full_page_writes": ("on",),
        "SHOW synchronous_commit": ("on", "remote_apply", "remote_write", "local"),
    },
}
"""What a database must be set to, so that what was recorded survives a power cut."""


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    well: bool
    says: str


def see_doctor(database: str, *, json: bool) -> Exit:
    """Look at everything, and say what must be done about what is not well."""
    try:
        with Services(database) as services:
            findings = list(_examine(services))
    except (CannotReach, CannotKeep) as wrong:
        _tell(Finding("database", well=False, says=str(wrong)), json=json)
        return Exit.UNREACHABLE
    for finding in findings:
        _tell(finding, json=json)
    return Exit.DONE if all(finding.well for finding in findings) else Exit.PROBLEMS


def _tell(finding: Finding, *, json: bool) -> None:
    if json:
        out(as_json(finding._asdict()))
        return
    mark = "well    " if finding.well else "PROBLEM "
    out(paragraph(f"{finding.what}: {finding.says}", mark, " " * len(mark)))


def _examine(services: Services) -> Iterator[Finding]:
    standing = services.standing()
    entries = counted(standing.entries, "entry", "entries")
    yield Finding("database", well=True, says=f"it answers and holds {entries}.")
    yield Finding("migration", well=True, says="the tables are those of this release.")
    yield _durability(services)
    yield _lag(standing)
    yield _parked(standing)
    yield _sweep(services, standing)
    yield _leader(standing)
    yield _policy(services)
    yield _clock(services, standing)
    yield _beside("access record", AccessLog(services.url), "who looks can be written down.")
    yield _beside("sessions", Store(services.url), "people can sign in.")
    yield _emergencies(services)
    yield _restrictions(services)


def _beside(what: str, kept: AccessLog | Store, well: str) -> Finding:
    """Look whether something that is kept beside the record can be used."""
    try:
        kept.check()
    except (CannotOpen, CannotSignIn) as wrong:
        return Finding(what, well=False, says=str(wrong))
    finally:
        kept.close()
    return Finding(what, well=True, says=well)


def _emergencies(services: Services) -> Finding:
    """Look whether somebody has reviewed every emergency access in time."""
    glasses = open_glasses(services.authoriser.look().rights)
    late = [each for each in glasses if each.review_by < services.today()]
    if late:
        says = (
            f"{counted(len(late), 'emergency access', 'emergency accesses')} should have been "
            "reviewed by now. Ask a service manager or the privacy officer to do it."
        )
        return Finding("emergency access", well=False, says=says)
    return Finding("emergency access", well=True, says="none waits for a review too long.")


def _restrictions(services: Services) -> Finding:
    """Look whether somebody has asked in time if plans must stay restricted."""
    restrictions = list(services.authoriser.look().rights.restrictions.values())
    late = [each for each in restrictions if each.review_by < services.today()]
    if late:
        says = (
            f"{counted(len(late), 'restricted plan', 'restricted plans')} should have been looked "
            "at again by now. They stay restricted; ask a service manager on their list to do it."
        )
        return Finding("restricted plans", well=False, says=says)
    return Finding("restricted plans", well=True, says="none waits too long to be looked at again.")


def _durability(services: Services) -> Finding:
    kind = "sqlite" if database_url.sqlite_path(services.url) else "postgresql"
    wrong = []
    for asked, good in DURABLE[kind].items():
        [(found,)] = services.record.recorder.read(asked)
        if found not in good:
            wrong.append(f"{asked.split()[1]} is {found} and must be {good[0]}")
    says = f"{'; '.join(wrong)}. Set it so." if wrong else "what is recorded survives a power cut."
    return Finding("durability", well=not wrong, says=says)


def _lag(standing: Standing) -> Finding:
    if not standing.behind:
        return Finding("lists", well=True, says="they show every entry.")
    says = (
        f"they are {standing.behind} positions behind the record. Start plantrack worker; the "
        "commands that show lists bring them up as well."
    )
    return Finding("lists", well=False, says=says)


def _parked(standing: Standing) -> Finding:
    if not standing.parked:
        return Finding("parked plans", well=True, says="none.")
    plans = "; ".join(f"{each.plan} at position {each.position}" for each in standing.parked)
    says = (
        f"entries cannot be read on {plans}. Run the newest release; if that does not help, send "
        "the names and positions to those who look after plantrack."
    )
    return Finding("parked plans", well=False, says=says)


def _sweep(services: Services, standing: Standing) -> Finding:
    beat = standing.beat
    if beat is None:
        return Finding("last sweep", well=False, says="there was none yet. Start plantrack worker.")
    says = f"{moment(beat.last_sweep)} by {beat.by}, for {day(beat.swept_for)}"
    if services.commands.now() - beat.last_sweep > LONGEST_WITHOUT_SWEEP:
        return Finding("last sweep", well=False, says=f"{says}. Start plantrack worker.")
    if beat.failed:
        plans = counted(beat.failed, "plan")
        return Finding("last sweep", well=False, says=f"{says}; it failed on {plans}: see its log.")
    return Finding("last sweep", well=True, says=f"{says}.")


def _leader(standing: Standing) -> Finding:
    if standing.led:
        return Finding("leader", well=True, says="a process leads.")
    return Finding("leader", well=False, says="no process leads. Start plantrack worker.")


def _policy(services: Services) -> Finding:
    policy, times = services.policies().on(services.today()), services.record.times_adopted()
    adopted = f"{counted(times, 'policy', 'policies')} adopted" if times else "none adopted"
    return Finding("policy", well=True, says=f"{policy.version} is in force; {adopted}.")


def _clock(services: Services, standing: Standing) -> Finding:
    """Compare this machine's clock with the database's, and with what was written by it."""
    now, found = services.commands.now(), []
    if database_url.sqlite_path(services.url) is None:
        [(theirs,)] = services.record.recorder.read("SELECT now()")
        found.append(("the database's clock", theirs))
    if standing.beat:
        found.append(("the last sweep", max(now, standing.beat.last_sweep)))
    for what, theirs in found:
        if abs(_utc(theirs) - services.commands.now()) > NEARLY_NOW:
            says = f"this machine's differs from {what}. Set both by the same time server."
            return Finding("clock", well=False, says=says)
    return Finding("clock", well=True, says=f"it is {moment(now)}.")


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
