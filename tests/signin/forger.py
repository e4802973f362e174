"""An attacker who runs an issuer of their own and signs whatever they like."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import new as hmac
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from plantrack.authentication.oidc import Attempt, Known, SignIn
from plantrack.authentication.providers import Provider
from plantrack.authentication.refusals import Reason
from signin.flows import NOW, begin, finish, why_not

SIGNING = ("the-key", "RS256")
TWO_PROOFS = "two"
AUDIENCE = "https://plantrack.example/api"
DISCOVERY = "/.well-known/openid-configuration"


class Forger:
    """An issuer that says anything; each test says what."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.key = RSAKey.generate_key(2048, {"kid": "the-key", "use": "sig"})
        self.other_key = RSAKey.generate_key(2048, {"kid": "the-key", "use": "sig"})
        self.curve = ECKey.generate_key("P-256", {"kid": "the-curve", "use": "sig"})
        self.hold = Event()
        self.forget()

    def forget(self) -> None:
        """Go back to being honest."""
        self.hold.set()
        self.keys: list[dict[str, Any]] = [
            dict(self.key.as_dict(private=False)),
            dict(self.curve.as_dict(private=False)),
        ]
        self.discovery: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "code_challenge_methods_supported": ["S256"],
        }
        self.answer: dict[str, Any] = {}
        self.raw: dict[str, bytes] = {}
        self.asked: list[str] = []

    @property
    def provider(self) -> Provider:
        """Give the settings of somebody who trusts this issuer."""
        return Provider(
            name="forger",
            title="Forger",
            issuer=self.issuer,
            client_id="plantrack",
            acr=(TWO_PROOFS,),
            audience=AUDIENCE,
        )

    def claims(self, attempt: Attempt, **changed: Any) -> dict[str, Any]:
        """Give the claims of a good sign-in, with changes; None takes one away."""
        now = int(NOW.timestamp())
        good = {
            "iss": self.issuer,
            "aud": "plantrack",
            "sub": "ada",
            "nonce": attempt.nonce,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "acr": TWO_PROOFS,
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def machine_claims(self, **changed: Any) -> dict[str, Any]:
        """Give the claims of a good access token, with changes; None takes one away."""
        now = int(NOW.timestamp())
        good = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "nightly",
            "client_id": "nightly",
            "iat": now,
            "exp": now + 300,
            "jti": "1",
            "scope": "read import",
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def sign(self, claims: dict[str, Any], *, typ: str | None = None, key: Any = None) -> str:
        """Sign claims with the key that is published, or with another."""
        key = key or self.key
        header = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "kid": key.kid}
        header |= {"typ": typ} if typ else {}
        return jwt.encode(header, claims, key, [str(header["alg"])], default_type=None)

    def unsigned(self, claims: dict[str, Any], alg: str = "none", typ: str = "JWT") -> str:
        """Write a token without any signature."""
        header = {"alg": alg, "typ": typ, "kid": "the-key"}
        return f"{_segment(header)}.{_segment(claims)}."

    def signed_with_what_is_public(self, claims: dict[str, Any], typ: str = "JWT") -> str:
        """Use the public key as if it were a shared secret: anybody can."""
        header = {"alg": "HS256", "typ": typ, "kid": "the-key"}
        body = f"{_segment(header)}.{_segment(claims)}"
        made = hmac(self.key.as_pem(private=False), body.encode(), sha256).digest()
        return f"{body}.{_base64(made)}"


def answered(
    misled: SignIn, forger: Forger, token: str, attempt: Attempt | None = None, **more: Any
) -> Known:
    """Finish a sign-in for which the issuer answers with a token."""
    attempt = attempt or begin(misled, "forger", NOW)
    forger.answer = {"id_token": token, **more}
    return finish(misled, attempt, {"state": attempt.state, "code": "c"}, NOW)


def refused(misled: SignIn, forger: Forger, token: Any, attempt: Attempt) -> Reason:
    """Say why a sign-in is refused for which the issuer answers with a token."""
    forger.answer = {"id_token": token}
    return why_not(misled, attempt, {"state": attempt.state, "code": "c"}, NOW)


@contextmanager
def running() -> Iterator[Forger]:
    """Run the attacker's issuer on this machine."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            forger.asked.append(self.path)
            forger.hold.wait()
            said = forger.discovery if self.path == DISCOVERY else {"keys": forger.keys}
            self._answer(said)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(forger.answer)

        def _answer(self, said: dict[str, Any]) -> None:
            body = forger.raw.get(self.path, json.dumps(said).encode())
            self.send_response(400 if "error" in said else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        forger = Forger(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield forger
        finally:
            forger.hold.set()
            server.shutdown()
            thread.join()


def _segment(written: dict[str, Any]) -> str:
    return _base64(json.dumps(written).encode())


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
