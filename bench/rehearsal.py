"""How fast histories are rehearsed, and whether ten times the entries take ten times as long."""

import gc
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.council import history
from plantrack import codec
from plantrack.application import history_files
from plantrack.application.policies import reading as policy
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.replay.rehearsal import last_sweep, rehearse

SIZES = (10_000, 100_000)
GOAL_ENTRIES_PER_SECOND = 20_000


def main(*, quick: bool = False) -> None:
    """Measure and print."""
    gc.disable()  # as the command itself does
    sizes = (1_000, 10_000) if quick else SIZES
    print(
        "Rehearsal: reading, checking and sweeping a council's history on one core (processor time)"
    )
    rates = {size: _rate(size) for size in sizes}
    small, large = sizes
    growth = rates[small] / rates[large]
    print(f"  goal {GOAL_ENTRIES_PER_SECOND:,} entries/s; time per entry grows {growth:.2f} times")


def _rate(entries: int) -> float:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "history.jsonl"
        file.write_text("\n".join(history(entries)) + "\n")
        policies = policy.load()
        policies.due("child-seen", "cin", date(2020, 1, 1), date(2020, 1, 1))
        parts = {"read": 0.0, "check": 0.0, "sweep": 0.0}
        start = time.process_time()
        lines = list(history_files.read([file]))
        parts["read"] = time.process_time() - start
        taken = history_files.take_in(iter(lines), PlanBook(codec.amend))
        parts["check"] = time.process_time() - start - parts["read"]
        last = last_sweep(taken.last_recorded_on or date(2021, 1, 1))
        raised = rehearse(taken.entries, policies, codec.amend, last)
        spent = time.process_time() - start
        parts["sweep"] = spent - parts["read"] - parts["check"]
    each = ", ".join(f"{part} {seconds / entries * 1e6:.1f}" for part, seconds in parts.items())
    rate = entries / spent
    print(
        f"  {entries:>7,} entries: {rate:,.0f} entries/s ({len(raised):,} lines raised, "
        f"{len(taken.refused)} refused; µs an entry: {each})"
    )
    return rate


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
