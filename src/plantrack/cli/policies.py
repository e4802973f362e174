"""``plantrack policy show`` and ``plantrack policy check``."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from plantrack.application.policies import reading as policy
from plantrack.application.policies.in_force import laid_over
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, lines, out, paragraph, talk
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.policy import Policies, Policy, Terms
from plantrack.domain.words import agency, day, listed, words
from plantrack.record import database_url, open_record


def show_policy(database: str, overlays: Sequence[Path], *, json: bool) -> Exit:
    """Print every version, each rule as a sentence."""
    for version in _policies(database, overlays).versions:
        if json:
            for code, terms in version.terms.items():
                out(as_json(_row(version, code, terms)))
        else:
            lines(_tell(version))
    return Exit.DONE


def _policies(database: str, overlays: Sequence[Path]) -> Policies:
    """Give the policies in force on a database, or the default where there is none yet."""
    path = database_url.sqlite_path(database)
    if path is not None and not path.exists():
        return policy.load(*overlays)
    with open_record(database) as record:
        return laid_over(record, [policy.Source.at(each) for each in overlays])


def check_policy(file: Path) -> Exit:
    """Say what is wrong in a policy file."""
    problems = policy.check(file)
    for problem in problems:
        out(str(problem))
    if problems:
        talk(f"{file.name} cannot be used.")
        return Exit.PROBLEMS
    out(f"{file.name} can be used.")
    return Exit.DONE


def _row(version: Policy, code: str, terms: Terms) -> dict[str, object]:
    return {
        "policy": version.version,
        "holds_from": version.holds_from,
        "obligation": code,
        "says": BY_CODE[code].says,
        "finding": BY_CODE[code].finding,
        "periods": {case: str(period) for case, period in terms.periods.items()},
        "anchor": terms.anchor,
        "force": terms.force,
        "source": terms.source,
    }


def _tell(version: Policy) -> Iterator[str]:
    yield f"Policy {version.version}, in force from {day(version.holds_from)}"
    yield ""
    for code, terms in version.terms.items():
        yield paragraph(f"{BY_CODE[code].says}: {_periods(terms)}.", "  ", "    ")
        row = BY_CODE[code]
        yield paragraph(
            f"{code}; owed by {row.owed_by}; {row.finding}; {terms.force}: {terms.source}.", "    "
        )
    quorum = version.quorum
    yield ""
    yield paragraph(
        f"A conference is quorate with {agency(quorum.needs)} and {quorum.others} other groups of "
        f"agencies. An alert is told to {listed([words(rung) for rung in version.ladder])} in "
        f"turn, and climbs at most {version.climbs} times.",
        "  ",
    )
    yield ""


def _periods(terms: Terms) -> str:
    if not terms.periods:
        return "by the day stated on the plan"
    return "; ".join(
        str(period) if case == "period" else f"{period} ({words(case)})"
        for case, period in terms.periods.items()
    )
