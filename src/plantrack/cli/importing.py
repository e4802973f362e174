"""``plantrack import``: past histories onto the record, all lines or none."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from plantrack import histories, wire
from plantrack.cli.leaving import Exit
from plantrack.cli.printing import counted, out, progress, talk
from plantrack.domain.casebook import Casebook
from plantrack.record import open_record
from plantrack.tracker import Tracker


def import_files(files: Sequence[Path], database: str, *, dry_run: bool, partial: bool) -> Exit:
    """Check every line of some files, and store them if all are good or part is wanted."""
    with open_record(database) as record:
        taken = _check(files, Casebook(wire.amend, record))
        for refused in taken.refused:
            talk(str(refused))
        entries = histories.as_imported(taken.entries, datetime.now(UTC), record.last_number)
        plans = counted(len({entry.plan for entry in entries}), "plan")
        good = f"{counted(len(entries), 'entry', 'entries')} on {plans}"
        if taken.refused and not partial:
            bad = counted(len(taken.refused), "line")
            talk(f"Nothing was stored: {bad} refused, {good} good. Put them right and try again.")
            return Exit.PROBLEMS
        if dry_run:
            out(f"{good} could be imported. Nothing was stored.")
        else:
            Tracker(record).take_in(entries)
            out(f"{good} imported.")
    return Exit.PROBLEMS if taken.refused else Exit.DONE


def _check(files: Sequence[Path], casebook: Casebook) -> histories.Taken:
    read = list(histories.read(files))
    with progress("Checking", len(read)) as advance:

        def each() -> "histories.Lines":
            for line in read:
                yield line
                advance()

        return histories.take_in(each(), casebook, not_after=datetime.now(UTC))
