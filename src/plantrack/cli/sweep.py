"""``plantrack sweep``: one sweep, of today or as it would have been on an earlier day."""

from datetime import date
from typing import Any

from plantrack.application.services import Services
from plantrack.cli import parameters
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, counted, out, talk
from plantrack.domain.words import day
from plantrack.worker import Swept, sweep
from plantrack.worker.worker import note_beat


def run_sweep(database: str, on: str | None, *, json: bool) -> Exit:
    """Sweep once and say what was raised, climbed and cleared."""
    wanted = parameters.day(on)
    with Services(database) as services:
        swept = sweep(services, services.files(), wanted)
        if swept.day == services.today():
            note_beat(services, swept)
    for failed in swept.failed:
        talk(f"Plan {failed.plan} could not be swept ({failed.why}). The others were.")
    out(as_json(_told(swept)) if json else _said(swept, swept.day))
    return Exit.PROBLEMS if swept.failed else Exit.DONE


def _told(swept: Swept) -> dict[str, Any]:
    return {
        "swept_for": swept.day,
        "raised": swept.raised,
        "climbed": swept.climbed,
        "cleared": swept.cleared,
        "plans": swept.plans,
        "failed": [failed._asdict() for failed in swept.failed],
        "seconds": round(swept.seconds, 3),
    }


def _said(swept: Swept, on: date) -> str:
    return (
        f"Swept for {day(on)}: {counted(swept.plans, 'plan')} looked at, "
        f"{counted(swept.raised, 'alert')} raised, {swept.climbed} passed on, "
        f"{swept.cleared} cleared."
    )
