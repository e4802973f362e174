"""What a provider says of itself: where it is asked, and with which keys it signs."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from plantrack.authentication.fetching import Line
from plantrack.authentication.providers import Provider, is_sheltered
from plantrack.authentication.refusals import Reason, SignInRefused

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT_FOR = 3600.0
"""A key that was withdrawn is believed no longer than this."""
BETWEEN_FETCHES = 30.0
"""A key that is not known is looked for this often at most, however many ask for one."""
MOST_KEYS = 50
S256 = "S256"

Key = RSAKey | ECKey


class Addresses(NamedTuple):
    """Where a provider is asked for what."""

    authorize: str
    token: str
    keys: str
    says_who_answers: bool


class Issuer:
    """One provider as it is found."""

    def __init__(self, provider: Provider, line: Line, clock: Callable[[], float]) -> None:
        self.provider = provider
        self.line = line
        self._clock = clock
        self._turn = asyncio.Lock()
        self._addresses: Addresses | None = None
        self._found_at = 0.0
        self._keys: dict[str | None, Key] = {}
        self._fetched_at = 0.0

    async def addresses(self) -> Addresses:
        """Give the provider's addresses, asked for at most once an hour."""
        if known := self._known_addresses():
            return known
        async with self._turn:
            if known := self._known_addresses():
                return known
            said = await self.line.get(self.provider.issuer.rstrip("/") + WELL_KNOWN)
            self._addresses = _read_addresses(self.provider.issuer, said)
            self._found_at = self._clock()
            return self._addresses

    async def key(self, name: str | None) -> Key:
        """Give the key of a name; one that is not known may be new, so it is looked for."""
        if known := self._known_key(name):
            return known
        address = (await self.addresses()).keys
        async with self._turn:
            if not self._keys or self._age() >= BETWEEN_FETCHES:
                self._fetched_at = self._clock()
                self._keys = _read_keys(await self.line.get(address))
            if name not in self._keys:
                raise SignInRefused(Reason.UNKNOWN_KEY)
            return self._keys[name]

    def _known_addresses(self) -> Addresses | None:
        return self._addresses if self._clock() - self._found_at < KEPT_FOR else None

    def _known_key(self, name: str | None) -> Key | None:
        return self._keys.get(name) if self._age() < KEPT_FOR else None

    def _age(self) -> float:
        return self._clock() - self._fetched_at


class Issuers:
    """Every provider that is trusted."""

    def __init__(
        self,
        providers: Iterable[Provider],
        *,
        line: Line | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        shared = line or Line()
        self._issuers = [Issuer(provider, shared, clock) for provider in providers]

    @property
    def providers(self) -> tuple[Provider, ...]:
        """List the providers in the order of the settings."""
        return tuple(each.provider for each in self._issuers)

    def named(self, name: str) -> Issuer:
        """Find a provider by the name that the settings give it."""
        return self._one(lambda provider: provider.name == name, Reason.MIXED_UP)

    def of(self, issuer: object) -> Issuer:
        """Find a provider by its issuer, exactly as it writes it."""
        return self._one(lambda provider: provider.issuer == issuer, Reason.WRONG_ISSUER)

    def _one(self, is_it: Callable[[Provider], bool], otherwise: Reason) -> Issuer:
        for each in self._issuers:
            if is_it(each.provider):
                return each
        raise SignInRefused(otherwise)


def _read_addresses(issuer: str, said: dict[str, Any]) -> Addresses:
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    found = [said.get(name) for name in names]
    methods = said.get("code_challenge_methods_supported", [S256])
    right = (
        said.get("issuer") == issuer
        and all(isinstance(each, str) and is_sheltered(each) for each in found)
        and isinstance(methods, list)
        and S256 in methods
    )
    if not right:
        raise SignInRefused(Reason.PROVIDER_WRONG)
    says = said.get("authorization_response_iss_parameter_supported") is True
    authorize, token, keys = map(str, found)
    return Addresses(authorize, token, keys, says)


def _read_keys(said: dict[str, Any]) -> dict[str | None, Key]:
    """Read the keys that sign; others, and such as cannot be understood, are passed over."""
    listed = said.get("keys")
    if not isinstance(listed, list):
        raise SignInRefused(Reason.PROVIDER_WRONG)
    keys: dict[str | None, Key] = {}
    for each in listed[:MOST_KEYS]:
        name = each.get("kid") if isinstance(each, dict) else None
        if isinstance(name, str | None) and (key := _read_key(each)):
            keys[name] = key
    if len(keys) == 1:
        [only] = keys.values()
        keys[None] = only
    return keys


def _read_key(written: Any) -> Key | None:
    if not isinstance(written, dict) or written.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(written)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, RSAKey | ECKey) else None
