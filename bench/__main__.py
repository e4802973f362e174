"""``make bench``: every measurement, side by side in one run."""

import sys

from bench import append, rehearsal, startup

if __name__ == "__main__":
    quick = "--quick" in sys.argv
    for each in (startup, rehearsal, append):
        each.main(quick=quick)
        print()
