"""How long ``plantrack --help`` takes, next to a bare Python that does nothing."""

import subprocess
import sys
import time
from statistics import median

GOAL_SECONDS = 0.3
HELP = (sys.executable, "-c", "from plantrack.cli import main; main()", "--help")
BARE = (sys.executable, "-c", "pass")


def main(*, quick: bool = False) -> None:
    """Measure and print."""
    rounds = 5 if quick else 21
    spent: dict[tuple[str, ...], list[float]] = {HELP: [], BARE: []}
    for _ in range(rounds):
        for words, seconds in spent.items():
            start = time.perf_counter()
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - start)
    shown, bare = median(spent[HELP]), median(spent[BARE])
    print("Start-up")
    print(
        f"  plantrack --help {shown:.3f} s (goal {GOAL_SECONDS} s); bare Python {bare:.3f} s; "
        f"median of {rounds}"
    )


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
