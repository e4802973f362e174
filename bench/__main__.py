"""``make bench``: every measurement, side by side in one run."""

import os
import sys
import time

from bench import (
    append,
    commands,
    lists,
    looking,
    memory,
    pages,
    rebuilding,
    rehearsal,
    replay,
    startup,
    sweeps,
    through_http,
    visible,
)

EVERY = (
    startup,
    rehearsal,
    append,
    commands,
    visible,
    rebuilding,
    replay,
    lists,
    looking,
    sweeps,
    through_http,
    memory,
    pages,
)


def main(*, quick: bool) -> None:
    """Measure everything, and say how busy the machine was."""
    started = time.perf_counter()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    for each in EVERY:
        began = time.perf_counter()
        each.main(quick=quick)
        print(f"  took {time.perf_counter() - began:.0f} s\n")
    print(
        f"All of it took {time.perf_counter() - started:.0f} s; load {os.getloadavg()[0]:.1f} now."
    )


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
