"""Settings of identity providers are read strictly, and secrets are never in them."""

from pathlib import Path

import pytest

from plantrack.authentication.providers import BadProviders, Provider, read
from signin.issuers import COUNCIL_SECRET, Issuers

GOOD = """
[providers.council]
title = "Fernleigh Council"
issuer = "https://login.fernleigh.example"
client_id = "plantrack"
amr = ["mfa"]
"""
SECOND = GOOD.replace("council", "nhs").replace("fernleigh", "nhs")


def reading(tmp_path: Path, text: str, **environ: str) -> tuple[Provider, ...]:
    file = tmp_path / "providers.toml"
    file.write_text(text)
    return read(file, environ)


def test_the_settings_of_two_providers_are_read(tmp_path: Path, two_issuers: Issuers) -> None:
    found = reading(tmp_path, two_issuers.settings(), COUNCIL_SECRET=f"{COUNCIL_SECRET}\n")

    assert found == two_issuers.providers
    assert [each.callback_path for each in found] == [
        "/sign-in/council/callback",
        "/sign-in/police/callback",
    ]


def test_a_secret_may_be_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")

    [council] = reading(tmp_path, GOOD + 'client_secret_file = "secret"')

    assert council.client_secret == "hush"
    assert "hush" not in repr(council)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('client_secret = "hush"', "no setting “client_secret”"),
        ('colour = "red"', "no setting “colour”"),
        ('client_secret_env = "NOT_SET"', "NOT_SET is not set"),
        ('client_secret_file = "nowhere"', "nowhere cannot be read or is empty"),
        ('client_secret_env = "A"\nclient_secret_file = "b"', "two secrets"),
        ('acr = "two"', "“acr” must be a list"),
        ("agencies = [7]", "“agencies” must be a list of texts"),
        ("audience = 7", "“audience” must be text"),
        ('audience = "plantrack"', "must not be the client_id"),
        ('scopes = ["profile"]', "“scopes” must hold “openid”"),
        ("[more]", "no setting “more”"),
    ],
)
def test_a_setting_that_is_wrong_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(BadProviders, match=r"providers\.toml") as wrong:
        reading(tmp_path, f"{GOOD}{line}\n")

    assert said in str(wrong.value)
    assert "hush" not in str(wrong.value)


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ('title = "Fernleigh Council"', "", "needs “title”"),
        ('amr = ["mfa"]', "", "second proof"),
        ('amr = ["mfa"]', "amr = []", "second proof"),
        ("https:", "http:", "must be an https address"),
        ("https://login", "https://user@login", "must be an https address"),
        ("example", "example?a=b", "must be an https address"),
        ("https://login.fernleigh.example", "https://[", "must be an https address"),
        ("providers.council", "providers.Council", "lower-case"),
        ("[providers.council]", "[council]", "name at least one provider"),
        ("[providers.council]", "[providers.council", "is not TOML"),
    ],
)
def test_what_is_missing_or_unsafe_is_named(
    tmp_path: Path, written: str, instead: str, said: str
) -> None:
    with pytest.raises(BadProviders) as wrong:
        reading(tmp_path, GOOD.replace(written, instead))

    assert said in str(wrong.value)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "[::1]:9"])
def test_on_this_machine_an_issuer_needs_no_https(tmp_path: Path, host: str) -> None:
    text = GOOD.replace("https://login.fernleigh.example", f"http://{host}")

    assert reading(tmp_path, text)[0].issuer == f"http://{host}"


def test_two_providers_do_not_share_an_issuer(tmp_path: Path) -> None:
    assert len(reading(tmp_path, GOOD + SECOND)) == 2

    with pytest.raises(BadProviders, match="has the issuer of council"):
        reading(tmp_path, GOOD + SECOND.replace("login.nhs.example", "LOGIN.fernleigh.example/"))


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadProviders) as wrong:
        reading(tmp_path, GOOD.replace("amr", "arm") + SECOND.replace("https", "ftp"))

    assert str(wrong.value).count("\n") == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadProviders, match=r"nowhere\.toml cannot be read"):
        read(tmp_path / "nowhere.toml")
