"""Which identity providers are trusted: read from a TOML file, strictly.

    [providers.council]
    title = "Fernleigh Council"
    issuer = "https://login.fernleigh.example"
    client_id = "plantrack"
    client_secret_env = "PLANTRACK_COUNCIL_SECRET"
    agencies = ["csc"]
    amr = ["mfa"]

A secret stands in the environment or in a file of its own, never in this file.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SLUG = re.compile(r"[a-z][a-z0-9-]{0,30}")
TEXT = {"title", "issuer", "client_id"}
SECRETS = {"client_secret_env", "client_secret_file"}
LISTS = {"agencies", "acr", "amr", "scopes"}
KNOWN = sorted(TEXT | SECRETS | LISTS | {"audience"})
OPENID = "openid"


class BadProviders(Exception):
    """Settings that cannot be used; the message names each thing that is wrong."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """An identity provider that is trusted, and what it must say of a person."""

    name: str
    title: str
    issuer: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    agencies: tuple[str, ...] = ()
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    audience: str | None = None
    scopes: tuple[str, ...] = (OPENID,)

    @property
    def callback_path(self) -> str:
        """Name the path to which this provider, and no other, sends people back."""
        return f"/sign-in/{self.name}/callback"

    def proved_twice(self, acr: object, amr: object) -> bool:
        """Say whether these claims mean that somebody gave a second proof."""
        methods = amr if isinstance(amr, list) else []
        return acr in self.acr or any(each in self.amr for each in methods)


def read(path: Path, environ: Mapping[str, str] = os.environ) -> tuple[Provider, ...]:
    """Read the providers of a file and their secrets, or say all that is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as wrong:
        reason = "it is not UTF-8 text" if isinstance(wrong, UnicodeError) else wrong.strerror
        raise BadProviders(f"{path.name} cannot be read: {reason}.") from None
    except tomllib.TOMLDecodeError as wrong:
        raise BadProviders(f"{path.name} is not TOML: {wrong}.") from None
    problems = list(_problems(raw))
    if problems:
        raise BadProviders("\n".join(f"{path.name}: {problem}" for problem in problems))
    secrets = _Secrets(path, environ)
    return tuple(_provider(name, row, secrets) for name, row in raw["providers"].items())


def is_sheltered(address: str) -> bool:
    """Say whether nobody can read along on the way to an address: https, or this machine."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _loopback(host)))


def _loopback(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def _problems(raw: Mapping[str, Any]) -> Iterator[str]:
    for key in raw.keys() - {"providers"}:
        yield f"there is no setting “{key}”. Write [providers.NAME] for each provider."
    rows = raw.get("providers")
    if not isinstance(rows, dict) or not rows:
        yield "name at least one provider: [providers.NAME]."
        return
    issuers: dict[str, str] = {}
    for name, row in rows.items():
        if not isinstance(row, dict):
            yield f"“{name}” must be a table: [providers.{name}]."
            continue
        yield from (f"[providers.{name}] {wrong}" for wrong in _wrong_row(name, row))
        issuer = str(row.get("issuer")).rstrip("/").casefold()
        if issuer in issuers:
            yield f"[providers.{name}] has the issuer of {issuers[issuer]}. Each has its own."
        issuers[issuer] = name


def _wrong_row(name: str, row: Mapping[str, Any]) -> Iterator[str]:
    if not SLUG.fullmatch(name):
        yield "must be named by a lower-case letter and up to 30 letters, digits and dashes."
    for key, value in row.items():
        if key not in KNOWN:
            yield f"has no setting “{key}”. Known: {', '.join(KNOWN)}."
        elif key in LISTS:
            if not isinstance(value, list) or not all(_is_text(each) for each in value):
                yield f"“{key}” must be a list of texts."
        elif not _is_text(value):
            yield f"“{key}” must be text in quotation marks."
    for key in sorted(TEXT - row.keys()):
        yield f"needs “{key}”."
    yield from _wrong_meaning(row)


def _wrong_meaning(row: Mapping[str, Any]) -> Iterator[str]:
    issuer = str(row.get("issuer", ""))
    if issuer and (not is_sheltered(issuer) or any(c in issuer for c in "?#@ ")):
        yield "“issuer” must be an https address without ? # or @; http only on this machine."
    if row.keys() >= SECRETS:
        yield "has two secrets: keep client_secret_env or client_secret_file."
    if not row.get("acr") and not row.get("amr"):
        yield "must say in “acr” or “amr” what means that a second proof was given."
    if OPENID not in row.get("scopes", [OPENID]):
        yield "“scopes” must hold “openid”."
    if "audience" in row and row["audience"] == row.get("client_id"):
        yield "“audience” must not be the client_id: a sign-in would pass for a machine's token."


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _provider(name: str, row: Mapping[str, Any], secrets: "_Secrets") -> Provider:
    set_here: dict[str, Any] = {
        key: tuple(value) if key in LISTS else value
        for key, value in row.items()
        if key not in SECRETS
    }
    return Provider(name=name, client_secret=secrets.of(name, row), **set_here)


class _Secrets:
    """Fetches secrets from where the settings say, and never repeats one."""

    def __init__(self, settings: Path, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._environ = environ

    def of(self, name: str, row: Mapping[str, Any]) -> str | None:
        """Give a provider's secret; None if it knows plantrack without one."""
        if variable := row.get("client_secret_env"):
            return self._kept(self._environ.get(variable, ""), f"{name}: {variable} is not set.")
        if file := row.get("client_secret_file"):
            return self._kept(self._read(file), f"{name}: {file} cannot be read or is empty.")
        return None

    def _kept(self, secret: str, otherwise: str) -> str:
        if not secret.strip():
            raise BadProviders(f"{self._settings.name}: the secret of {otherwise}")
        return secret.strip()

    def _read(self, file: str) -> str:
        try:
            return (self._settings.parent / file).read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            return ""
