"""``plantrack rebuild``: every list made again from the record, or compared with it."""

from collections.abc import Callable
from typing import Any

from plantrack.application.services import Services
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, counted, out, progress, talk
from plantrack.projections.rebuild import Difference
from plantrack.projections.rebuild import check as compare
from plantrack.projections.rebuild import rebuild as remake


def rebuild_lists(database: str) -> Exit:
    """Make every list again beside the live ones, then switch."""
    with Services(database) as services:
        with progress("Making the lists", len(services.record.plans())) as advance:
            plans = remake(services.models, services.files(), _counting(advance))
        with services.models.reading() as reading:
            parked = reading.parked()
    out(f"The lists were made again, from {counted(plans, 'plan')}.")
    for each in parked:
        talk(f"Plan {each.plan} is missing: an entry of it cannot be read. Ask plantrack doctor.")
    return Exit.PROBLEMS if parked else Exit.DONE


def check_lists(database: str, *, json: bool) -> Exit:
    """Say where the live lists differ from what the record says; change nothing."""
    with Services(database) as services:
        services.catch_up(services.files())
        with progress("Comparing the lists", len(services.record.plans())) as advance:
            found = compare(services.models, services.files(), _counting(advance))
    for each in found:
        out(as_json(each._asdict()) if json else _said(each))
    if found:
        talk(f"{counted(len(found), 'row')} differ. Make the lists again: plantrack rebuild.")
        return Exit.PROBLEMS
    if not json:
        out("The lists are what the record says.")
    return Exit.DONE


def _counting(advance: Any) -> Callable[[int], None]:
    def count(plans: int) -> None:
        advance(plans)

    return count


def _said(each: Difference) -> str:
    if each.live is None:
        return f"{each.table}, plan {each.plan}: a row is missing."
    if each.rebuilt is None:
        return f"{each.table}, plan {each.plan}: a row should not be there."
    fields = [name for name, value in each.live.items() if each.rebuilt.get(name) != value]
    return f"{each.table}, plan {each.plan}: {', '.join(fields)} should be otherwise."
