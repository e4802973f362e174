"""A wall clock for other processes that a test sets; their monotonic clock goes on as it is.

The library comes from ``PLANTRACK_LIBFAKETIME``, from the libfaketime wheel or from Debian's
package.
"""

import os
from importlib.util import find_spec
from pathlib import Path

WHERE_DEBIAN_HAS_IT = "/usr/lib/*/faketime/libfaketime.so.1"
WHERE_THE_WHEEL_HAS_IT = "vendor/libfaketime/src/libfaketime.so.1"


class FakeTime:
    """What is put into the environment of processes, and the file that sets their clocks."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "faketime"
        self.environment = {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set(0)

    def set(self, seconds: float) -> None:
        """Set the clocks so far from the right time."""
        beside = self._file.with_suffix(".new")
        beside.write_text(f"{seconds:+.0f}s\n")
        beside.replace(self._file)


def library() -> Path:
    """Find the library, or say how to get it."""
    if named := os.environ.get("PLANTRACK_LIBFAKETIME"):
        return Path(named)
    wheel = find_spec("libfaketime")
    of_wheel = list(wheel.submodule_search_locations or ()) if wheel else []
    found = [Path(place) / WHERE_THE_WHEEL_HAS_IT for place in of_wheel]
    found += Path("/").glob(WHERE_DEBIAN_HAS_IT.removeprefix("/"))
    for path in found:
        if path.exists():
            return path
    raise RuntimeError(
        "There is no libfaketime here: apt-get install libfaketime, pip install libfaketime, or "
        "name the library in PLANTRACK_LIBFAKETIME."
    )
