"""Two people who may be signed in, and a clock that goes when it is told to."""

from datetime import datetime, timedelta

from sqlalchemy import Table, select

from plantrack.authentication.identity import Identity
from plantrack.authentication.oidc import Attempt
from plantrack.authentication.sessions import Sessions
from plantrack.authentication.store import Store
from signin.flows import NOW

ADA = Identity("https://council.example", "1")
BEN = Identity("https://police.example", "1")
INSTANT = timedelta(microseconds=1)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
ATTEMPT_LASTS = timedelta(minutes=10)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def go(self, by: timedelta) -> None:
        self.now += by


def rows(store: Store, table: Table) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(table))]


def attempt(provider: str = "council", begun_at: datetime = NOW) -> Attempt:
    return Attempt(
        provider=provider,
        address=f"https://{provider}.example/authorize",
        redirect_uri=f"https://plantrack.example/sign-in/{provider}/callback",
        state=f"{provider} state",
        nonce=f"{provider} nonce",
        code_verifier=f"{provider} verifier",
        step_up=provider == "police",
        begun_at=begun_at,
        then="/plans/CP-1",
    )


def start(sessions: Sessions, person: str = "Ada", identity: Identity = ADA) -> str:
    return sessions.start(person, identity, "chair", auth_time=NOW, mfa=True)
