"""``plantrack rehearse``: no database, only files and rules."""

import gc
from collections.abc import Sequence
from pathlib import Path

from plantrack import codec
from plantrack.application import history_files
from plantrack.application.policies import reading as policy
from plantrack.cli import parameters, rehearsal_report
from plantrack.cli.exits import Exit
from plantrack.cli.printing import as_json, lines, out, talk
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.replay.rehearsal import last_sweep
from plantrack.domain.replay.rehearsal import rehearse as run


def rehearse(
    files: Sequence[Path], overlays: Sequence[Path], until: str | None, *, json: bool
) -> Exit:
    """Rehearse files and print what would have been raised."""
    gc.disable()  # a rehearsal keeps what it makes: looking for garbage costs a fifth of its time
    last = parameters.day(until)
    policies = policy.load(*overlays)
    taken = history_files.take_in(history_files.read(files), PlanBook(codec.amend))
    for refused in taken.refused:
        talk(str(refused))
    for step in history_files.never_taken_up(taken.entries):
        talk(
            f"Plan {step.plan} was stepped to another on {step.event.on}, and that plan was never "
            "opened: from then on nothing is watched for this child."
        )
    if taken.last_recorded_on is None:
        talk("There is nothing to rehearse: no line states when it was recorded.")
        return Exit.PROBLEMS
    last = last or last_sweep(taken.last_recorded_on)
    found = run(taken.entries, policies, codec.amend, last)
    if json:
        for line in found:
            out(as_json(line.to_json()))
    else:
        lines(rehearsal_report.tell(found, taken.entries, last))
    return Exit.PROBLEMS if taken.refused else Exit.DONE
