"""Which files a browser loads, and under what addresses: each name holds a hash of its content."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
"""Where the built style sheets, scripts and pictures are."""

PREFIX = "/static/"


class AssetsMissing(RuntimeError):
    """The style sheets and scripts were not built, or one is asked for that there is not."""


def address(name: str) -> str:
    """Give the address of a built file, such as ``govuk.css``."""
    try:
        return PREFIX + names()[name]
    except KeyError:
        known = ", ".join(sorted(names()))
        raise AssetsMissing(
            f"There is no built file {name!r}. There are: {known}. "
            "Add its source to assets/ and run `make assets`."
        ) from None


@cache
def names() -> Mapping[str, str]:
    """Read under which name each file was built."""
    return manifest(STATIC)


def manifest(folder: Path) -> Mapping[str, str]:
    """Read which files a build has made in a folder."""
    try:
        read = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsMissing(
            "The pages' style sheets and scripts are not built yet. Run `make assets`."
        ) from None
    return {str(name): str(built) for name, built in read.items()}
