"""How a person signs in: OpenID Connect's code flow with PKCE, and everything that must agree.

``begin`` says where the browser is sent. What it gives is kept on the server until the provider
sends the browser back, and ``finish`` makes of both together who signed in, or refuses.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]  # it has no types
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]  # nor these
    prepare_grant_uri,
    prepare_token_request,
)
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # nor this
    create_s256_code_challenge,
)
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # nor this
from joserfc.errors import JoseError
from joserfc.jwt import Token

from plantrack import logs
from plantrack.authentication.identity import Identity
from plantrack.authentication.issuers import Issuer, Issuers
from plantrack.authentication.proofs import LEEWAY, believed, reason_of, seconds, subject_of
from plantrack.authentication.providers import Provider
from plantrack.authentication.refusals import Reason, SignInRefused

ID_TOKENS = (None, "jwt")
SIGNED_IN_WITHIN = timedelta(hours=10)
"""A person who proved themselves to the provider longer ago does it again."""
STEPPED_UP_WITHIN = timedelta(minutes=5)
HOME = "/"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
REFUSED = {
    "invalid_grant": Reason.REPLAYED_CODE,
    "invalid_client": Reason.NOT_OUR_CLIENT,
    "unauthorized_client": Reason.NOT_OUR_CLIENT,
}

log = logs.logger("signin")


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A sign-in that was begun: kept on the server, and used once."""

    provider: str
    address: str
    """Where the browser is sent."""
    redirect_uri: str
    state: str
    nonce: str
    code_verifier: str
    step_up: bool
    begun_at: datetime
    then: str = HOME
    """The path of ours that the person wanted."""

    def __repr__(self) -> str:
        return f"Attempt(provider={self.provider!r}, step_up={self.step_up})"


@dataclass(frozen=True, kw_only=True)
class Known:
    """Who signed in, when they proved it, and how."""

    provider: str
    issuer: str
    subject: str
    auth_time: datetime
    acr: str | None
    mfa: bool

    @property
    def identity(self) -> Identity:
        """Say who it is: issuer and subject."""
        return Identity(self.issuer, self.subject)


class SignIn:
    """Signs people in at any of the providers."""

    def __init__(self, issuers: Issuers) -> None:
        self._issuers = issuers

    async def begin(
        self, provider: str, redirect_uri: str, *, step_up: bool, now: datetime, then: str = HOME
    ) -> Attempt:
        """Say where to send the browser; for a step-up the person proves again who they are.

        The redirect address must have the provider's own path.
        """
        issuer = self._issuers.named(provider)
        if urlsplit(redirect_uri).path != issuer.provider.callback_path:
            raise ValueError(f"The path must be {issuer.provider.callback_path}.")
        secret = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "code_verifier")}
        authorize = (await issuer.addresses()).authorize
        return Attempt(
            provider=provider,
            address=_address(authorize, issuer.provider, redirect_uri, secret, step_up=step_up),
            redirect_uri=redirect_uri,
            step_up=step_up,
            begun_at=now,
            then=then if _is_ours(then) else HOME,
            **secret,
        )

    async def finish(
        self, attempt: Attempt, callback: Mapping[str, str], now: datetime, *, came_to: str
    ) -> Known:
        """Say who signed in; ``came_to`` is the provider on whose path the browser came back."""
        try:
            issuer = self._issuers.named(attempt.provider)
            code = await _code(attempt, callback, issuer, came_to)
            answered = await _exchanged(attempt, code, issuer)
            token = await believed(issuer, answered.get("id_token"), ID_TOKENS)
            _check_claims(token, attempt, answered.get("access_token"), issuer.provider, now)
            return _known(token.claims, attempt, issuer.provider, now)
        except SignInRefused as refused:
            log.warning("sign-in refused", provider=attempt.provider, reason=refused.reason.value)
            raise


def _is_ours(path: str) -> bool:
    """Say whether a browser takes this for a path of ours: not ``//host``, however written."""
    return path.startswith(HOME) and path[1:2] not in ("/", "\\") and path.isprintable()


def _address(
    authorize: str, provider: Provider, redirect_uri: str, secret: dict[str, str], *, step_up: bool
) -> str:
    asked = {
        "state": secret["state"],
        "nonce": secret["nonce"],
        "code_challenge": create_s256_code_challenge(secret["code_verifier"]),
        "code_challenge_method": "S256",
        "max_age": "0" if step_up else str(int(SIGNED_IN_WITHIN.total_seconds())),
        "prompt": "login" if step_up else None,
        "acr_values": " ".join(provider.acr) or None,
        "redirect_uri": redirect_uri,
        "scope": list(provider.scopes),
    }
    return str(prepare_grant_uri(authorize, provider.client_id, "code", **asked))


async def _code(attempt: Attempt, callback: Mapping[str, str], issuer: Issuer, came_to: str) -> str:
    """Give the code that came back, if it is the answer to this attempt and to no other."""
    if came_to != attempt.provider:
        raise SignInRefused(Reason.MIXED_UP)
    state = callback.get("state", "").encode("utf-8", "replace")
    if not hmac.compare_digest(state, attempt.state.encode()):
        raise SignInRefused(Reason.STATE)
    who = callback.get("iss")
    if who is None and (await issuer.addresses()).says_who_answers:
        raise SignInRefused(Reason.MIXED_UP)
    if who is not None and who != issuer.provider.issuer:
        raise SignInRefused(Reason.MIXED_UP)
    if "error" in callback:
        raise SignInRefused(Reason.DENIED)
    if not callback.get("code"):
        raise SignInRefused(Reason.NO_CODE)
    return callback["code"]


async def _exchanged(attempt: Attempt, code: str, issuer: Issuer) -> dict[str, Any]:
    """Change the code for tokens: the provider does this once, and for our verifier only."""
    where = (await issuer.addresses()).token
    form = prepare_token_request(
        "authorization_code",
        code=code,
        redirect_uri=attempt.redirect_uri,
        code_verifier=attempt.code_verifier,
    )
    client = _client(issuer.provider)
    where, headers, form = client.prepare("POST", where, dict(FORM), form)
    status, answered = await issuer.line.post(where, headers, form)
    if status != HTTPStatus.OK:
        error = answered.get("error")
        found = REFUSED.get(error) if isinstance(error, str) else None
        raise SignInRefused(found or Reason.PROVIDER_WRONG)
    return answered


def _client(provider: Provider) -> Any:
    """Prove that plantrack asks: by its secret, written as RFC 6749 wants it, or by PKCE alone."""
    if provider.client_secret is None:
        return ClientAuth(provider.client_id, None, "none")
    name, secret = (quote(each, safe="") for each in (provider.client_id, provider.client_secret))
    return ClientAuth(name, secret, "client_secret_basic")


def _check_claims(
    token: Token, attempt: Attempt, access_token: object, provider: Provider, now: datetime
) -> None:
    audience = token.claims.get("aud")
    if isinstance(audience, list) and audience != [provider.client_id]:
        raise SignInRefused(Reason.WRONG_AUDIENCE)
    options = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    asked = {
        "nonce": attempt.nonce,
        "client_id": provider.client_id,
        "access_token": access_token if isinstance(access_token, str) else None,
    }
    try:
        CodeIDToken(token.claims, token.header, options, asked).validate(seconds(now), LEEWAY)
    except JoseError as wrong:
        raise SignInRefused(reason_of(wrong)) from None
    except (TypeError, ValueError):
        raise SignInRefused(Reason.WRONG_CLAIM) from None


def _known(claims: Mapping[str, Any], attempt: Attempt, provider: Provider, now: datetime) -> Known:
    acr = claims.get("acr") if isinstance(claims.get("acr"), str) else None
    if not provider.proved_twice(acr, claims.get("amr")):
        raise SignInRefused(Reason.NO_MFA)
    return Known(
        provider=provider.name,
        issuer=provider.issuer,
        subject=subject_of(claims),
        auth_time=_auth_time(claims.get("auth_time"), now, step_up=attempt.step_up),
        acr=acr,
        mfa=True,
    )


def _auth_time(said: object, now: datetime, *, step_up: bool) -> datetime:
    """Read when the person proved who they are; a provider that was asked must say it."""
    if isinstance(said, bool) or not isinstance(said, int) or not 0 < said <= seconds(now) + LEEWAY:
        raise SignInRefused(Reason.TOO_LONG_AGO if said is None else Reason.FROM_THE_FUTURE)
    proved = datetime.fromtimestamp(said, UTC)
    within = STEPPED_UP_WITHIN if step_up else SIGNED_IN_WITHIN
    if now - proved > within:
        raise SignInRefused(Reason.TOO_LONG_AGO)
    return proved
