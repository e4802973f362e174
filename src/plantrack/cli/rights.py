"""``plantrack rights`` and ``plantrack looked``: who may see what, and who looked."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from plantrack import codec
from plantrack.access_log import queries
from plantrack.access_log.log import AccessLog
from plantrack.application.services import Services
from plantrack.authentication.sessions import Sessions
from plantrack.cli.exits import Exit, WrongUsage
from plantrack.cli.printing import moment, out
from plantrack.domain.refusals import Refusal, Unreadable
from plantrack.domain.rights.events import PersonDisabled, RightsEvent
from plantrack.domain.rights.state import RightsEntry
from plantrack.domain.words import THE_TRACKER, words

AT_ONCE = 200


def list_rights(database: str, *, json: bool) -> Exit:
    """Print every entry of the record of rights, in the order recorded."""
    with Services(database) as services:
        for entry in services.record.rights_after(0):
            out(_as_json(entry) if json else _told(entry))
    return Exit.DONE


def add_rights(database: str, files: Sequence[Path]) -> Exit:
    """Put what files say on the record of rights, each line upon those before it."""
    added = 0
    with Services(database) as services:
        for file in files:
            for number, line in enumerate(_lines(file), 1):
                try:
                    event = codec.read_rights_event(codec.decode(line))
                    if event.BY_THE_TRACKER:
                        raise Unreadable("Only plantrack itself says this. Leave it out.")
                    services.authoriser.state([event], THE_TRACKER, None)
                    _sign_out_of(database, event)
                except Refusal as refused:
                    said = f"{file}, line {number}: {refused} {added} entries before it were added."
                    raise Unreadable(said) from None
                added += 1
    out(f"{added} entries were added to the record of rights.")
    return Exit.DONE


def list_looked(
    database: str, child: str | None, plan: str | None, person: str | None, *, json: bool
) -> Exit:
    """Print who looked at plans, the latest first."""
    log = AccessLog(database)
    try:
        log.check()
        after: int | None = None
        while True:
            page = queries.looked(
                log, child=child, plan=plan, person=person, after=after, limit=AT_ONCE
            )
            for each in page.rows:
                looked = each.looked
                shown = "saw" if looked.shown else f"was refused ({words(looked.reason)})"
                told = (
                    f"{moment(looked.at)}  {looked.name} ({looked.agency}, {words(looked.role)}) "
                    f"{shown} {looked.plan}: {looked.what}"
                )
                out(msgspec.json.encode(looked._asdict()).decode() if json else told)
            if page.next is None:
                return Exit.DONE
            after = page.next
    finally:
        log.close()


def list_lookers(database: str, child: str | None, *, json: bool) -> Exit:
    """Print one line for each person who looked at a child's plans, or tried to."""
    if child is None:
        raise WrongUsage("--by-person needs --child: say at whom they looked.")
    log = AccessLog(database)
    try:
        log.check()
        for each in queries.looked_summary(log, child):
            told = (
                f"{each.name} ({', '.join(each.agencies)}): {each.times} times, {each.refused} "
                f"refused, {moment(each.first)} to {moment(each.last)}; {', '.join(each.what)}"
            )
            out(msgspec.json.encode(each._asdict()).decode() if json else told)
    finally:
        log.close()
    return Exit.DONE


def _sign_out_of(database: str, event: RightsEvent) -> None:
    """End the sessions of somebody who was disabled: being restored must not revive them."""
    if isinstance(event, PersonDisabled):
        sessions = Sessions(database)
        try:
            sessions.end_all_of(event.person)
        finally:
            sessions.close()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as wrong:
        raise Unreadable(f"{file} cannot be read: {wrong}. Check its name.") from None


def _as_json(entry: RightsEntry) -> str:
    told = {
        "number": entry.number,
        "recorded_at": entry.recorded_at,
        "by": entry.by,
        "event": codec.write_rights_event(entry.event),
    }
    return msgspec.json.encode(told).decode()


def _told(entry: RightsEntry) -> str:
    said = codec.write_rights_event(entry.event)
    kind = said.pop("kind")
    what = ", ".join(f"{words(name)}: {value}" for name, value in said.items() if value)
    return f"{entry.number:>4}  {moment(entry.recorded_at)}  {entry.by}: {kind} ({what})"
