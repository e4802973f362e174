"""Whose service this is: the name, colour and logo that stand on every page, and whom to ask.

An installation says it in a file (TOML) of a few lines; what is wrong there is told with its line.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
LARGEST_LOGO = 100_000
LEAST_CONTRAST = 4.5
"""Of white text on the colour: WCAG 2.2, 1.4.3, level AA."""

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")
EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+")
LONGEST_WORDS = 80


@dataclass(frozen=True, kw_only=True)
class Council:
    """What an installation says of itself."""

    name: str = "Fernleigh Council"
    service: str = "Plan tracker"
    colour: str = "#00625e"
    """A colour as browsers write it, dark enough for white text on it."""

    logo: bytes | None = None
    logo_type: str = "image/svg+xml"
    phone: str | None = None
    """Whom to telephone when the service is not there."""

    email: str | None = None


class BadCouncil(Exception):
    """A council file that cannot be used; each line of the message names file and line."""


def read(path: Path) -> Council:
    """Read a council file and the logo that it names, or say all that is wrong with them."""
    text = _text(path)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadCouncil(f"{path.name} is not TOML: {wrong}.") from None
    problems = list(_problems(path, text, raw))
    if problems:
        raise BadCouncil("\n".join(problems))
    council = Council(**{key: value for key, value in raw.items() if key != "logo"})
    if "logo" not in raw:
        return council
    logo = path.parent / raw["logo"]
    return replace(council, logo=logo.read_bytes(), logo_type=LOGO_TYPES[logo.suffix.lower()])


def contrast_with_white(colour: str) -> float:
    """Say how far a colour stands out from white, from 1 (not at all) to 21 (black)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own numbers
        for part in parts
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as wrong:
        reason = "it is not UTF-8 text" if isinstance(wrong, UnicodeError) else wrong.strerror
        raise BadCouncil(f"{path.name} cannot be read: {reason}.") from None


def _problems(path: Path, text: str, raw: Mapping[str, Any]) -> Iterator[str]:
    for key, value in raw.items():
        wrong = CHECKS[key](path, value) if key in CHECKS else _no_such_setting()
        if wrong:
            yield f"{path.name}, line {_line_of(text, key)}: “{key}” {wrong}"


def _line_of(text: str, key: str) -> int:
    """Find the line on which a setting stands; a table, by its brackets."""
    stands = re.compile(rf'\s*\[*\s*"?{re.escape(key)}"?\s*[=\].]')
    return next((at for at, line in enumerate(text.splitlines(), 1) if stands.match(line)), 1)


def _no_such_setting() -> str:
    return f"is no setting here. Known: {', '.join(CHECKS)}."


def _words(_: Path, value: object) -> str | None:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        return "must be text in quotation marks."
    if len(value) > LONGEST_WORDS:
        return f"must be {LONGEST_WORDS} characters or fewer."
    return None


def _colour(_: Path, value: object) -> str | None:
    if not isinstance(value, str) or not COLOUR.fullmatch(value):
        return "must be a colour such as “#00625e”."
    contrast = contrast_with_white(value)
    if contrast < LEAST_CONTRAST:
        return (
            f"is too light: white text on it has a contrast of {contrast:.2f}, and needs "
            f"{LEAST_CONTRAST}. Choose a darker colour."
        )
    return None


def _logo(path: Path, value: object) -> str | None:
    if not isinstance(value, str) or Path(value).suffix.lower() not in LOGO_TYPES:
        return "must name a file that ends in .svg or .png."
    try:
        size = (path.parent / value).stat().st_size
    except OSError as wrong:
        return f"names a file that cannot be read: {wrong.strerror}."
    if not 0 < size <= LARGEST_LOGO:
        return f"names a file that is empty or larger than {LARGEST_LOGO // 1000} kB."
    return None


def _phone(_: Path, value: object) -> str | None:
    good = isinstance(value, str) and PHONE.fullmatch(value)
    return None if good else "must be a telephone number such as “01632 960 001”."


def _email(_: Path, value: object) -> str | None:
    good = isinstance(value, str) and EMAIL.fullmatch(value)
    return None if good else "must be an email address such as “safeguarding@example.gov.uk”."


CHECKS: Mapping[str, Callable[[Path, object], str | None]] = {
    "name": _words,
    "service": _words,
    "colour": _colour,
    "logo": _logo,
    "phone": _phone,
    "email": _email,
}
"""Every setting of a council file, and what must be so of it."""
