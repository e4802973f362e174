"""Somebody with a browser, who keeps cookies as browsers do on this machine, Secure ones too."""

from collections.abc import Mapping
from http.cookies import Morsel, SimpleCookie
from types import TracebackType
from typing import Any

import httpx

from entrance.site import Site
from signin.issuers import TLS, sign_in_by_hand

SESSION = "__Host-plantrack"
ATTEMPT = "__Host-plantrack-attempt"
PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9"}


def cookies_of(answer: httpx.Response) -> dict[str, "Morsel[str]"]:
    """Read the cookies that an answer sets."""
    found: dict[str, Morsel[str]] = {}
    for line in answer.headers.get_list("set-cookie"):
        found.update(SimpleCookie(line))
    return found


class Visitor:
    """A browser's cookies, and the requests that it makes of a page of the site itself."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self._http = httpx.Client(base_url=site.address, verify=TLS)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(
        self,
        _: type[BaseException] | None,
        __: BaseException | None,
        ___: TracebackType | None,
    ) -> None:
        self._http.close()

    @property
    def session(self) -> str | None:
        """Give the session's cookie, if there is one."""
        return self.cookies.get(SESSION)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **sent: Any
    ) -> httpx.Response:
        """Send one request with all cookies, and keep those that come back."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sending = {**({"Cookie": cookie} if cookie else {}), **(headers or {})}
        answer = self._http.request(method, path, headers=sending, **sent)
        for name, morsel in cookies_of(answer).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value
        return answer

    def see(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.ask("GET", path, PAGE)

    def get(self, path: str, **asked: Any) -> httpx.Response:
        """Ask for something as a page of the site does."""
        return self.ask("GET", path, {"Sec-Fetch-Site": "same-origin"}, **asked)

    def send(self, path: str, json: dict[str, Any]) -> httpx.Response:
        """Send JSON as a page of the site does."""
        return self.ask("POST", path, {"Sec-Fetch-Site": "same-origin"}, json=json)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        """Send a form as a page of the site does."""
        return self.ask("POST", path, {**PAGE, "Sec-Fetch-Site": "same-origin"}, **sent)

    def begin(self, provider: str | None, **asked: Any) -> str:
        """Begin a sign-in, and say where the browser is sent."""
        named = {} if provider is None else {"provider": provider}
        answer = self.ask("GET", "/sign-in", PAGE, params={**named, **asked})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def sign_in(self, provider: str | None, login: str | None, **asked: Any) -> httpx.Response:
        """Sign in at a provider by hand, and come back; no name presses Cancel."""
        return self.see(sign_in_by_hand(self.begin(provider, **asked), login))
