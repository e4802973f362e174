"""An attacker whom plantrack trusts as a provider, and who answers with tokens of their own."""

from dataclasses import replace
from typing import Any

import httpx

from entrance.visitor import Visitor
from signin.forger import Forger
from signin.people import attempt as an_attempt


class Forging:
    """A sign-in at the attacker's issuer, which says whatever a test says."""

    def __init__(self, forger: Forger, visitor: Visitor, **asked: Any) -> None:
        self._forger = forger
        self._visitor = visitor
        params = httpx.URL(visitor.begin("forger", **asked)).params
        self._state = params["state"]
        self._attempt = replace(an_attempt(), nonce=params["nonce"])

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Give the claims of an honest answer at this moment, with changes."""
        now = int(self._visitor.site.clock().timestamp())
        good = {"sub": "mallory", "iat": now, "exp": now + 300, "auth_time": now}
        return self._forger.claims(self._attempt, **(good | changed))

    def answer(self, token: str) -> httpx.Response:
        """Come back with a code for which the issuer gives a token."""
        self._forger.answer = {"id_token": token}
        return self._visitor.see(f"/sign-in/forger/callback?state={self._state}&code=c")

    def sign_in(self, **changed: Any) -> httpx.Response:
        """Come back with a signed token."""
        return self.answer(self._forger.sign(self.claims(**changed)))
