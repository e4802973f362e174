"""What ``plantrack serve`` refuses to serve, and whom it believes."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrance.conftest import DOWN
from entrance.site import serving
from entrance.visitor import SESSION, Visitor
from plantrack import main
from plantrack.application import demo_people, stores
from plantrack.application.services import Services
from plantrack.authentication.providers import read
from plantrack.cli import serve
from plantrack.cli.exits import Exit, leave
from plantrack.domain.refusals import Refusal, Unreadable
from plantrack.record import CannotReach, migrate
from plantrack.web.reachable import NoAddress, NotOnLoopback, NoWayIn
from plantrack.web.settings import Rate

EXAMPLE = Path(__file__).parents[2] / "docs" / "providers.example.toml"
ORIGIN = "https://plans.example.gov.uk"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that holds nothing."""
    url = f"sqlite:///{tmp_path_factory.mktemp('plain')}/plantrack.db"
    migrate(url)
    stores.make(url)
    return url


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demonstration."""
    url = f"sqlite:///{tmp_path_factory.mktemp('declared')}/plantrack.db"
    migrate(url)
    stores.make(url)
    with Services(url) as services:
        demo_people.declare(services)
    return url


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Give the log back that serving takes over."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLANTRACK_COUNCIL_SECRET", "secret")
    return EXAMPLE


def refused(url: str, kind: type[Exception], host: str = "127.0.0.1", **asked: Any) -> str:
    """Say why something is not served."""
    with pytest.raises(kind) as wrong:
        serve.serve(url, main.Serving(host, 0, 60.0, worker=False, **asked))
    return str(wrong.value)


def test_nothing_that_nobody_could_sign_in_to(plain: str) -> None:
    assert "--providers FILE (docs/providers.example.toml" in refused(plain, NoWayIn)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_no_demonstration_where_others_reach_it(declared: str, host: str) -> None:
    assert f"{host} can be reached by others" in refused(declared, NotOnLoopback, host)


@pytest.mark.parametrize(
    "asked",
    [{"public_origin": ORIGIN}, {"hosts": ("plans.example.gov.uk",)}, {"proxies": ("10.0.0.1",)}],
    ids=str,
)
def test_no_demonstration_behind_a_proxy(declared: str, asked: dict[str, Any]) -> None:
    assert "for this machine only" in refused(declared, NotOnLoopback, **asked)


def test_nothing_for_others_without_https_in_front(plain: str, providers: Path) -> None:
    said = refused(plain, NotOnLoopback, "0.0.0.0", providers=providers)

    assert "0.0.0.0 can be reached by others" in said
    assert "--public-origin" in said


@pytest.mark.parametrize(
    "origin",
    [
        "plans.example.gov.uk",
        "http://plans.example.gov.uk",
        "https://plans.example.gov.uk/path",
        "https://plans.example.gov.uk?a=b",
        "https://somebody@plans.example.gov.uk",
        "https://plans.example.gov.uk:port",
        "https://",
        "https:// ",
        "",
    ],
)
def test_no_public_address_that_browsers_could_not_use(
    plain: str, providers: Path, origin: str
) -> None:
    said = refused(plain, NoAddress, providers=providers, public_origin=origin)

    assert "without a path" in said


@pytest.mark.parametrize("proxy", ["*", "", "proxy.example", "0.0.0.0/0", "::/0", "10.0.0.1/8"])
def test_no_proxy_that_could_be_anybody(plain: str, providers: Path, proxy: str) -> None:
    said = refused(
        plain, NoAddress, providers=providers, public_origin=ORIGIN, proxies=("10.0.0.1", proxy)
    )

    assert f"--trust-proxy {proxy} names no proxy" in said


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (None, "cannot be read"),
        ("[providers", "is not TOML"),
        ("a = 1", "no setting “a”"),
        ("[providers.council]\ntitle = 'x'", "needs “issuer”"),
    ],
)
def test_a_file_of_providers_that_is_wrong(
    plain: str, tmp_path: Path, written: str | None, says: str
) -> None:
    file = tmp_path / "providers.toml"
    if written is not None:
        file.write_text(written)

    assert says in refused(plain, Unreadable, providers=file)


def test_a_secret_that_is_not_there_is_named(
    plain: str, providers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLANTRACK_COUNCIL_SECRET")

    assert "PLANTRACK_COUNCIL_SECRET is not set" in refused(plain, Unreadable, providers=providers)


def test_sessions_of_another_release_are_told_what_to_do(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/plantrack.db"
    migrate(url)
    stores.make(url)
    (tmp_path / "plantrack-sessions.db").unlink()

    assert "plantrack migrate" in refused(url, CannotReach)


@pytest.mark.parametrize("kind", [NotOnLoopback, NoAddress])
def test_a_refusal_ends_with_its_own_exit_code(
    kind: type[Refusal], capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(kind("a sentence")) == Exit.REFUSED
    assert capsys.readouterr().err == "a sentence\n"


def test_the_example_of_providers_is_one(providers: Path) -> None:
    council, police = read(providers)

    assert (council.name, police.name) == ("council", "police")
    assert (council.client_secret, police.client_secret) == ("secret", None)
    assert council.callback_path == "/sign-in/council/callback"
    assert f"https://plans.fernleigh.example{council.callback_path}" in EXAMPLE.read_text()


@pytest.mark.parametrize(
    ("proxies", "believed"),
    [((), False), (("192.0.2.9",), False), (("127.0.0.1",), True), (("127.0.0.0/8",), True)],
    ids=str,
)
def test_who_speaks_for_somebody_is_believed_if_it_is_a_named_proxy(
    tmp_path: Path, proxies: Sequence[str], believed: bool
) -> None:
    with serving(tmp_path, [DOWN], proxies=proxies, sign_in_rate=Rate(1, 60)) as site:
        statuses = [
            httpx.get(f"{site.address}/sign-in", headers={"X-Forwarded-For": client}).status_code
            for client in ("198.51.100.1", "198.51.100.1", "198.51.100.2")
        ]

    assert statuses == [200, 429, 200 if believed else 429]


def test_what_goes_wrong_on_a_page_is_told_on_a_page(tmp_path: Path) -> None:
    with serving(tmp_path, [DOWN], sign_in_rate=Rate(1, 60)) as site, Visitor(site) as visitor:
        visitor.see("/sign-in")
        often = visitor.see("/sign-in")
        as_json = visitor.get("/sign-in")
        site.sources.sessions.close()
        for each in tmp_path.glob("*-sessions.db*"):
            each.unlink()
        visitor.cookies[SESSION] = "x"
        broken = visitor.see("/")

    assert (often.status_code, often.headers["content-type"]) == (429, "text/html; charset=utf-8")
    assert "Try again in" in often.text
    assert int(often.headers["retry-after"]) <= 60
    assert as_json.headers["content-type"] == "application/problem+json"
    assert (broken.status_code, broken.headers["retry-after"]) == (503, "2")
    assert "Sorry, the service is unavailable" in broken.text
    assert "the database of sign-ins fails" in broken.text
