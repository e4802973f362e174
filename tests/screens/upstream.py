"""Components of GOV.UK and MoJ Frontend as their authors publish them, and how to compare."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from assets.npm import NoNode, NotInstalled, installed, node

ASSETS = Path(__file__).parents[2] / "assets"
CHECKS = ASSETS / "checks"


class Part(NamedTuple):
    """A component, and what it is given."""

    component: str
    macro: str
    params: dict[str, Any]


@cache
def modules(folder: Path) -> Path:
    """Give where npm has put what a folder locks, or leave the test out."""
    try:
        return installed(folder) / "node_modules"
    except (NoNode, NotInstalled) as missing:
        pytest.skip(f"npm's packages are not installed (make test): {missing}")


def rendered(parts: Sequence[Part]) -> list[str]:
    """Render components of MoJ Frontend by their own templates, all in one go."""
    script = [str(CHECKS / "render.mjs"), str(modules(CHECKS)), str(modules(ASSETS))]
    done = subprocess.run(
        [str(node()), *script],
        input=json.dumps(parts),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages: list[str] = json.loads(done.stdout)
    return pages


class Element(NamedTuple):
    """An element, without what only its layout in the file differs in."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    inside: tuple["Element | str", ...]


def tree(html: str) -> list[Element | str]:
    """Give HTML as a browser reads it."""
    body = BeautifulSoup(html, "html5lib").body
    assert body
    return list(_inside(body))


def _inside(tag: Tag) -> Iterator[Element | str]:
    for child in tag.children:
        if isinstance(child, Tag):
            yield Element(child.name, _attributes(child), tuple(_inside(child)))
        elif type(child) is NavigableString and child.strip():
            yield " ".join(child.split())


def _attributes(tag: Tag) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, _plain(value)) for name, value in tag.attrs.items()))


def _plain(value: object) -> str:
    return " ".join(value if isinstance(value, list) else str(value).split())
