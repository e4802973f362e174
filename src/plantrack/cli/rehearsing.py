"""``plantrack rehearse``: no database, only files and rules."""

import gc
from collections.abc import Sequence
from pathlib import Path

from plantrack import histories, policy, wire
from plantrack.cli import asking, story
from plantrack.cli.leaving import Exit
from plantrack.cli.printing import as_json, lines, out, talk
from plantrack.domain.casebook import Casebook
from plantrack.domain.rehearsal import last_sweep
from plantrack.domain.rehearsal import rehearse as run


def rehearse(
    files: Sequence[Path], overlays: Sequence[Path], until: str | None, *, json: bool
) -> Exit:
    """Rehearse files and print what would have been raised."""
    gc.disable()  # a rehearsal keeps what it makes: looking for garbage costs a fifth of its time
    last = asking.day(until)
    policies = policy.load(*overlays)
    taken = histories.take_in(histories.read(files), Casebook(wire.amend))
    for refused in taken.refused:
        talk(str(refused))
    for step in histories.never_taken_up(taken.entries):
        talk(
            f"Plan {step.plan} was stepped to another on {step.event.on}, and that plan was never "
            "opened: from then on nothing is watched for this child."
        )
    if taken.last_recorded_on is None:
        talk("There is nothing to rehearse: no line states when it was recorded.")
        return Exit.PROBLEMS
    last = last or last_sweep(taken.last_recorded_on)
    found = run(taken.entries, policies, wire.amend, last)
    if json:
        for line in found:
            out(as_json(line.to_json()))
    else:
        lines(story.tell(found, taken.entries, last))
    return Exit.PROBLEMS if taken.refused else Exit.DONE
