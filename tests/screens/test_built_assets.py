"""What a browser loads is built from pinned packages, small, unbranded, and in the wheel."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from assets.build import STATIC as BUILT
from assets.build import build
from looking import BRANDS
from plantrack.pages.core import static_files
from plantrack.pages.core.static_files import STATIC, AssetsMissing, address, manifest

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets"
TEMPLATES = STATIC.parent / "templates"
ORDINARY = ("govuk.css", "moj.css", "plantrack.css", "plantrack.js", "govuk-frontend.js")
"""What every page loads."""

MOST = 180_000
"""How many bytes that may be, as the browser unpacks them."""

MADE_BY = ("pyproject.toml", "README.md", "THIRD_PARTY_NOTICES", "MANIFEST.in", "setup.py")
ONE_CLASS = re.compile(r"\.((?:govuk|moj|plantrack)-(?:\\!|[\w-])+)")
CLASSES = re.compile(r"""(?:class="|"classes": ")([^"{}]*)["{]""")


def names() -> Mapping[str, str]:
    return manifest(STATIC)


def read(name: str) -> str:
    return (STATIC / names()[name]).read_text(encoding="utf-8")


def test_a_file_s_address_holds_a_hash_of_its_content() -> None:
    for name, built in names().items():
        [hashed] = re.findall(rf"^{re.escape(Path(name).stem)}\.([0-9a-f]{{12}})\.\w+$", built)
        assert sha256((STATIC / built).read_bytes()).hexdigest().startswith(hashed)
        assert address(name) == f"/static/{built}"


def test_who_asks_for_a_file_that_there_is_not_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AssetsMissing, match=r"no built file 'moj\.js'.*plantrack\.js.*make assets"):
        address("moj.js")
    with pytest.raises(AssetsMissing, match=r"not built yet\. Run `make assets`"):
        manifest(tmp_path)


def test_every_page_loads_little() -> None:
    assert sum(len(read(name).encode()) for name in ORDINARY) < MOST


def test_no_file_shows_what_only_the_government_may() -> None:
    shown = {
        (name, brand)
        for name in names()
        for brand in (*BRANDS, "@font-face", ".woff", "--govuk-brand-colour: #1d70b8")
        if brand.casefold() in read(name).casefold()
    }
    # Styles of GOV.UK's own footer, which no page has. The picture that one names is not there.
    footer = {"govuk-footer__crown", "govuk-footer__copyright-logo"}
    assert shown == {("govuk.css", brand) for brand in footer}
    assert not [name for name in names() if "crest" in name or "crown" in name]


def test_the_council_s_colour_can_be_set_while_it_runs() -> None:
    assert "--govuk-brand-colour: #00625e" in read("govuk.css")
    assert "var(--govuk-brand-colour" in read("moj.css")
    for name in ("moj.css", "plantrack.css"):
        assert "--govuk-brand-colour:" not in read(name)


def test_every_file_that_another_names_is_there() -> None:
    for name in names():
        named = re.findall(r"url\(\"?([^)\"]+)\"?\)", read(name)) if name.endswith(".css") else []
        named += re.findall(r'from ?"\./([^"]+)"', read(name))
        assert {each for each in named if not (STATIC / each).exists()} <= {"govuk-crest.svg"}


def test_every_class_that_a_template_names_has_its_style() -> None:
    styles = "".join(read(name) for name in names() if name.endswith(".css"))
    styled = {each.replace("\\", "") for each in ONE_CLASS.findall(styles)}
    # The authors leave parts of their blocks without a style, but never a block or a kind of it.
    blocks = {each.partition("__")[0] for each in styled}
    wanted = {
        (each, str(path.relative_to(TEMPLATES)))
        for path in TEMPLATES.rglob("*.html")
        for said in CLASSES.findall(path.read_text(encoding="utf-8"))
        for each in said.split()
        if each.startswith(("govuk-", "moj-", "plantrack-")) and not each.endswith(("-", "__"))
    }

    unstyled = {
        (each, where)
        for each, where in wanted
        if each not in styled
        and (each.startswith("plantrack-") or each.partition("__")[0] not in blocks)
    }
    assert unstyled == set()


def test_every_component_that_a_template_takes_is_compiled() -> None:
    compiled = set(re.findall(r"/components/([\w-]+)\"", (ASSETS / "govuk.scss").read_text()))
    taken = {
        each
        for path in TEMPLATES.rglob("*.html")
        for each in re.findall(r"components/([\w-]+)/macro", path.read_text(encoding="utf-8"))
    }

    assert taken <= compiled


@pytest.mark.parametrize("folder", [ASSETS, ASSETS / "checks"], ids=["assets", "checks"])
def test_npm_s_packages_are_locked_by_their_content_and_by_no_address(folder: Path) -> None:
    lock = (folder / "package-lock.json").read_text()
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    packages = {name: each for name, each in json.loads(lock)["packages"].items() if name}

    assert "://" not in lock
    assert all(each["integrity"].startswith("sha512-") for each in packages.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_nothing_is_built_again_until_something_has_changed(tmp_path: Path) -> None:
    assert BUILT == STATIC
    static = tmp_path / "static"

    assert [build(static), build(static)] == [True, False]
    assert manifest(static) == names()
    (static / names()["moj.css"]).unlink()
    assert build(static)
    (static / "made-of.txt").write_text("something else")
    assert build(static)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean checkout: nothing is built in it, and nothing of npm is installed."""
    tree = tmp_path_factory.mktemp("tree")
    built = shutil.ignore_patterns("static", "static.half", "__pycache__", "node_modules")
    shutil.copytree(ROOT / "src" / "plantrack", tree / "src" / "plantrack", ignore=built)
    shutil.copytree(ASSETS, tree / "assets", ignore=built)
    for name in MADE_BY:
        shutil.copy(ROOT / name, tree)
    return tree


def packed(tree: Path, kind: str, where: Path) -> Path:
    """Build a wheel or an sdist as an installer does."""
    code = f"from setuptools.build_meta import {kind}; print({kind}({str(where)!r}))"
    # A machine without Node.js of its own: it is there as a pip package only.
    env = {**os.environ, "PATH": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return where / done.stdout.splitlines()[-1]


def test_a_clean_checkout_makes_packages_that_hold_all_that_pages_load(
    tree: Path, tmp_path: Path
) -> None:
    static = {"manifest.json", *names().values()}
    wheel = set(ZipFile(packed(tree, "build_wheel", tmp_path)).namelist())

    assert {f"plantrack/pages/static/{name}" for name in static} <= wheel
    assert {
        f"plantrack/pages/templates/{path.relative_to(TEMPLATES)}"
        for path in TEMPLATES.rglob("*.html")
    } <= wheel
    assert {name.rpartition("/")[2] for name in wheel} >= {"THIRD_PARTY_NOTICES"}
    assert not {name for name in wheel if name.startswith("assets") or "node_modules" in name}

    with tarfile.open(packed(tree, "build_sdist", tmp_path)) as sources:
        held = {name.partition("/")[2] for name in sources.getnames()}
    assert {f"src/plantrack/pages/static/{name}" for name in static} <= held
    assert {f"assets/{each}" for each in ("build.py", ".npmrc", "package-lock.json")} <= held
    assert {"setup.py", "THIRD_PARTY_NOTICES"} <= held
    assert not {name for name in held if "node_modules" in name}


def test_the_licences_of_what_is_packed_come_with_it() -> None:
    notices = (ROOT / "THIRD_PARTY_NOTICES").read_text(encoding="utf-8")
    versions = json.loads((ASSETS / "package.json").read_text())["dependencies"]

    assert "Copyright (C) 2017 Crown Copyright (Government Digital Service)" in notices
    assert "Copyright (c) 2019 Ministry of Justice" in notices
    for work, package in {
        "GOV.UK Frontend": "govuk-frontend",
        "MoJ Frontend": "@ministryofjustice/frontend",
        "htmx": "htmx.org",
    }.items():
        assert f"{work} {versions[package]}\n" in notices


def test_names_are_read_from_the_manifest_once() -> None:
    assert static_files.names() is static_files.names()
