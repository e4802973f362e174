"""``plantrack import``: past histories onto the record, all lines or none."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from plantrack import codec
from plantrack.application import history_files
from plantrack.application.commands import Commands
from plantrack.cli.exits import Exit
from plantrack.cli.printing import counted, out, progress, talk
from plantrack.domain.plans.decide import PlanBook
from plantrack.record import open_record


def import_files(files: Sequence[Path], database: str, *, dry_run: bool, partial: bool) -> Exit:
    """Check every line of some files, and store them if all are good or part is wanted."""
    with open_record(database) as record:
        taken = _check(files, PlanBook(codec.amend, record))
        for refused in taken.refused:
            talk(str(refused))
        entries = history_files.as_imported(taken.entries, datetime.now(UTC), record.last_number)
        plans = counted(len({entry.plan for entry in entries}), "plan")
        good = f"{counted(len(entries), 'entry', 'entries')} on {plans}"
        if taken.refused and not partial:
            bad = counted(len(taken.refused), "line")
            talk(f"Nothing was stored: {bad} refused, {good} good. Put them right and try again.")
            return Exit.PROBLEMS
        if dry_run:
            out(f"{good} could be imported. Nothing was stored.")
        else:
            Commands(record).take_in(entries)
            out(f"{good} imported.")
    return Exit.PROBLEMS if taken.refused else Exit.DONE


def _check(files: Sequence[Path], plan_book: PlanBook) -> history_files.Taken:
    read = list(history_files.read(files))
    with progress("Checking", len(read)) as advance:

        def each() -> "history_files.Lines":
            for line in read:
                yield line
                advance()

        return history_files.take_in(each(), plan_book, not_after=datetime.now(UTC))
