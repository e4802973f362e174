"""Whether a signed token may be believed: its algorithm, its kind, its key and its signature."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError

from plantrack.authentication.issuers import Issuer
from plantrack.authentication.refusals import Reason, SignInRefused

ALGORITHMS = [
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
]
"""Signatures that only the provider can make: whoever knows a shared secret could make others."""
LARGEST = 32 * 1024
LEEWAY = 30
"""How many seconds two honest clocks may differ."""
LONGEST_SUBJECT = 255

WRONG = {
    "iss": Reason.WRONG_ISSUER,
    "aud": Reason.WRONG_AUDIENCE,
    "azp": Reason.WRONG_AUDIENCE,
    "nonce": Reason.WRONG_NONCE,
    "sub": Reason.NO_SUBJECT,
    "exp": Reason.EXPIRED,
    "iat": Reason.FROM_THE_FUTURE,
    "nbf": Reason.FROM_THE_FUTURE,
}


async def believed(issuer: Issuer, token: object, kinds: tuple[str | None, ...]) -> jwt.Token:
    """Give what a token says if the provider signed it and it is of a kind that is asked for."""
    header = header_of(token)
    if header.get("alg") not in ALGORITHMS:
        raise SignInRefused(Reason.ALG)
    kind = header.get("typ")
    if (kind.casefold() if isinstance(kind, str) else kind) not in kinds:
        raise SignInRefused(Reason.WRONG_KIND)
    name = header.get("kid")
    key = await issuer.key(name if isinstance(name, str) else None)
    try:
        return jwt.decode(str(token), key, algorithms=ALGORITHMS)
    except (JoseError, ValueError, RecursionError):
        raise SignInRefused(Reason.BAD_SIGNATURE) from None


def header_of(token: object) -> Mapping[str, Any]:
    """Read a token's header, of which nothing is proved yet."""
    header = _parts(token).headers()
    if not isinstance(header, dict):
        raise SignInRefused(Reason.UNREADABLE)
    return header


def claimed_issuer(token: object) -> object:
    """Read whose token this claims to be, of which nothing is proved yet."""
    try:
        claims = json.loads(_parts(token).payload)
    except (ValueError, RecursionError):
        raise SignInRefused(Reason.UNREADABLE) from None
    return claims.get("iss") if isinstance(claims, dict) else None


def subject_of(claims: Mapping[str, Any]) -> str:
    """Give the subject, as OpenID Connect allows one to be written."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_SUBJECT:
        raise SignInRefused(Reason.NO_SUBJECT)
    return subject


def seconds(now: datetime) -> int:
    """Give a moment as tokens count it."""
    return int(now.timestamp())


def reason_of(wrong: JoseError) -> Reason:
    """Say in our words which claim is wrong."""
    if isinstance(wrong, ExpiredTokenError):
        return Reason.EXPIRED
    claim = wrong.claim if isinstance(wrong, ClaimError) else ""
    return WRONG.get(claim, Reason.WRONG_CLAIM)


def _parts(token: object) -> jws.CompactSignature:
    if not isinstance(token, str) or len(token) > LARGEST:
        raise SignInRefused(Reason.UNREADABLE)
    try:
        return jws.extract_compact(token.encode())
    except (JoseError, ValueError, RecursionError):
        raise SignInRefused(Reason.UNREADABLE) from None
