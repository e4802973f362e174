"""Machines are known by access tokens that a trusted provider signed for plantrack."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from plantrack.authentication.issuers import Issuers as Trusted
from plantrack.authentication.refusals import Reason, SignInRefused
from plantrack.authentication.tokens import Machine, MachineTokens
from signin.flows import LINE, NOW, wait
from signin.forger import Forger
from signin.issuers import TLS, Issuers

NOW_S = int(NOW.timestamp())
LEEWAY = 30
ACCESS = "at+jwt"
BOTH = pytest.mark.parametrize("name", ["council", "police"])


@pytest.fixture
def tokens(two_issuers: Issuers) -> MachineTokens:
    return MachineTokens(Trusted(two_issuers.providers, line=LINE))


@pytest.fixture
def misled(forger: Forger) -> MachineTokens:
    return MachineTokens(Trusted([forger.provider], line=LINE))


def verified(
    tokens: MachineTokens, token: str, scope: str = "import", now: datetime | None = None
) -> Machine:
    return wait(tokens.verify(token, scope=scope, now=now or datetime.now(UTC)))


def refused(tokens: MachineTokens, token: str, *more: Any) -> Reason:
    with pytest.raises(SignInRefused) as wrong:
        verified(tokens, token, *more)
    return wrong.value.reason


@BOTH
def test_a_machine_is_known_by_issuer_and_client(
    two_issuers: Issuers, tokens: MachineTokens, name: str
) -> None:
    machine = verified(tokens, two_issuers.machine_token(name, "import read"))

    assert machine.identity == (getattr(two_issuers, name), f"{name}-import")
    assert machine.scopes == {"import", "read"}
    assert machine.provider == name


@BOTH
def test_a_token_that_does_not_allow_it_is_refused(
    two_issuers: Issuers, tokens: MachineTokens, name: str
) -> None:
    token = two_issuers.machine_token(name, "read")

    assert verified(tokens, token, "read")
    assert refused(tokens, token, "import") == Reason.NO_SCOPE


@BOTH
def test_a_token_for_another_service_is_refused(
    two_issuers: Issuers, tokens: MachineTokens, name: str
) -> None:
    token = two_issuers.machine_token(name, audience="https://payroll.example")

    assert refused(tokens, token) == Reason.WRONG_AUDIENCE


@BOTH
def test_a_token_of_no_service_is_refused(
    two_issuers: Issuers, tokens: MachineTokens, name: str
) -> None:
    client = f"{name}-import"
    opaque = httpx.post(
        getattr(two_issuers, name) + "/token",
        data={"grant_type": "client_credentials"},
        auth=(client, f"{client}-secret"),
        verify=TLS,
    ).json()["access_token"]

    assert refused(tokens, opaque) == Reason.UNREADABLE


def test_a_provider_that_speaks_for_no_machines_lets_none_in(two_issuers: Issuers) -> None:
    council, police = two_issuers.providers
    tokens = MachineTokens(Trusted([replace(council, audience=None), police], line=LINE))

    assert refused(tokens, two_issuers.machine_token("council")) == Reason.WRONG_AUDIENCE
    assert verified(tokens, two_issuers.machine_token("police"))


def test_a_token_of_a_provider_that_is_not_trusted_is_refused(
    tokens: MachineTokens, forger: Forger
) -> None:
    token = forger.sign(forger.machine_claims(), typ=ACCESS)

    assert refused(tokens, token, "import", NOW) == Reason.WRONG_ISSUER


@pytest.mark.parametrize("name", ["council", "police"])
def test_a_token_in_the_name_of_a_trusted_provider_is_refused(
    two_issuers: Issuers, tokens: MachineTokens, forger: Forger, name: str
) -> None:
    claims = forger.machine_claims(iss=getattr(two_issuers, name))

    assert refused(tokens, forger.sign(claims, typ=ACCESS), "import", NOW) == Reason.UNKNOWN_KEY


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_an_access_token_says_what_it_is(misled: MachineTokens, forger: Forger, typ: str) -> None:
    assert verified(misled, forger.sign(forger.machine_claims(), typ=typ), "read", NOW)


@pytest.mark.parametrize("typ", [None, "JWT", "id+jwt"])
def test_what_does_not_say_that_it_is_an_access_token_is_refused(
    misled: MachineTokens, forger: Forger, typ: str | None
) -> None:
    token = forger.sign(forger.machine_claims(), typ=typ)

    assert refused(misled, token, "import", NOW) == Reason.WRONG_KIND


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"aud": "plantrack"}, Reason.WRONG_AUDIENCE),
        ({"aud": None}, Reason.WRONG_AUDIENCE),
        ({"exp": NOW_S - LEEWAY}, Reason.EXPIRED),
        ({"exp": None}, Reason.EXPIRED),
        ({"exp": float("nan")}, Reason.EXPIRED),
        ({"nbf": NOW_S + LEEWAY + 1}, Reason.FROM_THE_FUTURE),
        ({"iat": NOW_S + LEEWAY + 1}, Reason.FROM_THE_FUTURE),
        ({"sub": None}, Reason.NO_SUBJECT),
        ({"sub": "ada"}, Reason.NOT_A_MACHINE),
        ({"client_id": None}, Reason.NOT_A_MACHINE),
        ({"scope": None}, Reason.NO_SCOPE),
        ({"scope": "imports important"}, Reason.NO_SCOPE),
        ({"scope": ["import"]}, Reason.NO_SCOPE),
        ({"iss": None}, Reason.WRONG_ISSUER),
        ({"iss": ["x"]}, Reason.WRONG_ISSUER),
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_is_refused(
    misled: MachineTokens, forger: Forger, changed: dict[str, Any], reason: Reason
) -> None:
    token = forger.sign(forger.machine_claims(**changed), typ=ACCESS)

    assert refused(misled, token, "import", NOW) == reason


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW_S - LEEWAY + 1},
        {"nbf": NOW_S + LEEWAY},
        {"iat": NOW_S + LEEWAY},
        {"aud": ["https://plantrack.example/api", "https://another.example"]},
    ],
    ids=str,
)
def test_what_is_just_right_is_believed(
    misled: MachineTokens, forger: Forger, changed: dict[str, Any]
) -> None:
    token = forger.sign(forger.machine_claims(**changed), typ=ACCESS)

    assert verified(misled, token, "import", NOW)


def test_a_token_that_anybody_could_make_is_refused(misled: MachineTokens, forger: Forger) -> None:
    claims = forger.machine_claims()

    unsigned = forger.unsigned(claims, typ=ACCESS)
    public = forger.signed_with_what_is_public(claims, typ=ACCESS)
    stranger = forger.sign(claims, typ=ACCESS, key=forger.other_key)

    assert refused(misled, unsigned, "import", NOW) == Reason.ALG
    assert refused(misled, public, "import", NOW) == Reason.ALG
    assert refused(misled, stranger, "import", NOW) == Reason.BAD_SIGNATURE


@pytest.mark.parametrize("token", ["", "a.b.c", "a.b", "é.é.é", "eyJhbGciOiJSUzI1NiJ9.W10.x"])
def test_what_is_no_token_is_refused(tokens: MachineTokens, token: str) -> None:
    assert refused(tokens, token) in (Reason.UNREADABLE, Reason.WRONG_ISSUER)
