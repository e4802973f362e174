"""``plantrack policy preview`` and ``adopt``: what another policy would change, and changing it."""

from pathlib import Path

from plantrack import codec
from plantrack.application import adoption
from plantrack.application.policies.in_force import laid_over
from plantrack.application.policies.reading import BadPolicy, Source
from plantrack.application.services import Services
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, lines, out, progress, table, talk
from plantrack.domain.words import day


def preview_policy(database: str, file: Path, *, json: bool) -> Exit:
    """Say what would be open today had this file been in force all along."""
    source = Source.at(file)
    with Services(database) as services:
        name = adoption.newest(laid_over(services.record, [source])).version
        with progress("Looking at plans", len(services.record.plans())) as advance:
            found = list(adoption.compare(services, source, advance=advance, leave_out=_left_out))
    if json:
        lines(as_json(each._asdict()) for each in found)
        return Exit.DONE
    more, fewer = sum(each.more for each in found), sum(each.fewer for each in found)
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
    person = codec.read_person({"name": by, "agency": agency, "role": role})
    with Services(database) as services:
        try:
            with progress("Making the lists", len(services.record.plans())) as advance:
                adopted = adoption.adopt(services, source, person, advance=advance)
        except BadPolicy as bad:
            lines(str(problem) for problem in bad.problems)
            talk(f"{file.name} cannot be adopted. Put it right and try again.")
            return Exit.PROBLEMS
    after = adopted.after
    out(f"{after.version} was adopted by {person}, in force from {day(after.holds_from)}.")
    lines(f"  {each}" for each in adoption.differences(*adopted))
    return Exit.DONE


def _left_out(plan: str) -> None:
    talk(f"Plan {plan} is left out: an entry of it cannot be read.")
