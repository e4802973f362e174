"""How a machine is known: by an access token that one of the providers signed (RFC 9068)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from plantrack import logs
from plantrack.authentication.identity import Identity
from plantrack.authentication.issuers import Issuers
from plantrack.authentication.proofs import (
    LEEWAY,
    believed,
    claimed_issuer,
    reason_of,
    seconds,
    subject_of,
)
from plantrack.authentication.refusals import Reason, SignInRefused

ACCESS_TOKENS = ("at+jwt", "application/at+jwt")

log = logs.logger("signin")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A program that a provider lets in, and what for."""

    provider: str
    issuer: str
    subject: str
    scopes: frozenset[str]

    @property
    def identity(self) -> Identity:
        """Say which machine it is: issuer and subject, which is its client's id."""
        return Identity(self.issuer, self.subject)


class MachineTokens:
    """Reads the access tokens of machines."""

    def __init__(self, issuers: Issuers) -> None:
        self._issuers = issuers

    async def verify(self, token: str, *, scope: str, now: datetime) -> Machine:
        """Say which machine this is, if its token is good and allows what is asked."""
        try:
            return await self._verified(token, scope, now)
        except SignInRefused as refused:
            log.warning("token refused", reason=refused.reason.value)
            raise

    async def _verified(self, token: str, scope: str, now: datetime) -> Machine:
        issuer = self._issuers.of(claimed_issuer(token))
        claims = (await believed(issuer, token, ACCESS_TOKENS)).claims
        provider = issuer.provider
        if provider.audience is None:
            raise SignInRefused(Reason.WRONG_AUDIENCE)
        _check_claims(claims, provider.issuer, provider.audience, now)
        subject = subject_of(claims)
        if claims.get("client_id") != subject:
            raise SignInRefused(Reason.NOT_A_MACHINE)
        scopes = _scopes(claims.get("scope"))
        if scope not in scopes:
            raise SignInRefused(Reason.NO_SCOPE)
        return Machine(
            provider=provider.name, issuer=provider.issuer, subject=subject, scopes=scopes
        )


def _check_claims(claims: Mapping[str, Any], issuer: str, audience: str, now: datetime) -> None:
    needed = ClaimsOption(essential=True)
    registry = JWTClaimsRegistry(
        seconds(now),
        LEEWAY,
        iss=ClaimsOption(essential=True, value=issuer),
        aud=ClaimsOption(essential=True, value=audience),
        exp=needed,
    )
    try:
        registry.validate(dict(claims))
    except JoseError as wrong:
        raise SignInRefused(reason_of(wrong)) from None


def _scopes(written: object) -> frozenset[str]:
    return frozenset(written.split() if isinstance(written, str) else ())
