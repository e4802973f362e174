"""Who is signed in: sessions that are kept on the server, and sign-ins that were begun.

The browser holds a random value and nothing else. Of it only a hash is kept, so whoever reads the
database cannot sign in with what stands there.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from plantrack.authentication.identity import Identity
from plantrack.authentication.oidc import Attempt
from plantrack.authentication.refusals import CannotSignIn
from plantrack.authentication.store import Store
from plantrack.authentication.tables import ATTEMPTS, KEYS, SESSIONS

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
ATTEMPT_LASTS = timedelta(minutes=10)
BETWEEN_NOTES = timedelta(minutes=1)
"""That a session is in use is noted this often at most."""
SECRET_BYTES = 32
MOST_SWEPT = 1000


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session: who is signed in, in which role, since when."""

    person: str
    role: str
    issuer: str
    subject: str
    auth_time: datetime
    mfa: bool
    started_at: datetime
    seen_at: datetime
    purpose: str | None

    @property
    def identity(self) -> Identity:
        """Say as whom the provider knows the person."""
        return Identity(self.issuer, self.subject)


class Sessions:
    """The sessions of one installation, shared by all of its processes and threads."""

    def __init__(
        self,
        url: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        idle: timedelta = IDLE,
        absolute: timedelta = ABSOLUTE,
    ) -> None:
        self._store = Store(url)
        self._now = now
        self._idle = idle
        self._absolute = absolute

    def make(self) -> bool:
        """Make the tables where this release has others than there are; say whether it did.

        On PostgreSQL only the database's owner can do this, once the record was migrated.
        """
        return self._store.make()

    def check(self) -> None:
        """Refuse tables that are missing or were made by another release."""
        self._store.check()

    def close(self) -> None:
        """Close every connection."""
        self._store.close()

    def begin_attempt(self, attempt: Attempt) -> str:
        """Keep a sign-in that was begun, and give the handle for the browser to hold."""
        self.sweep()
        handle = secrets.token_urlsafe(SECRET_BYTES)
        with self._store.writing() as connection:
            row = {"handle_hash": _hash(handle), **asdict(attempt)}
            connection.execute(insert(ATTEMPTS).values(row))
        return handle

    def take_attempt(self, handle: str) -> Attempt | None:
        """Take a sign-in that was begun: once, and within ten minutes."""
        gone = delete(ATTEMPTS).where(ATTEMPTS.c.handle_hash == _hash(handle)).returning(ATTEMPTS)
        with self._store.writing() as connection:
            row = connection.execute(gone).one_or_none()
        if row is None or row.begun_at <= self._now() - ATTEMPT_LASTS:
            return None
        return Attempt(**{k: v for k, v in row._mapping.items() if k != "handle_hash"})

    def start(
        self,
        person: str,
        identity: Identity,
        role: str,
        *,
        auth_time: datetime,
        mfa: bool,
    ) -> str:
        """Sign a person in, and give the cookie's value."""
        cookie, now = secrets.token_urlsafe(SECRET_BYTES), self._now()
        row = {
            "cookie_hash": _hash(cookie),
            "person": person,
            "issuer": identity.issuer,
            "subject": identity.subject,
            "role": role,
            "purpose": None,
            "auth_time": auth_time,
            "mfa": mfa,
            "started_at": now,
            "seen_at": now,
        }
        with self._store.writing() as connection:
            connection.execute(insert(SESSIONS).values(row))
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Give the session of a cookie, and note that it is in use; None if it is over."""
        now = self._now()
        with self._store.reading() as connection:
            row = connection.execute(select(SESSIONS).where(self._is(cookie, now))).one_or_none()
        if row is None:
            return None
        if now - row.seen_at >= BETWEEN_NOTES and not self._changed(cookie, now, seen_at=now):
            return None
        return Session(**_facts(row))

    def renew(self, cookie: str, *, auth_time: datetime) -> str | None:
        """Give a new cookie for a person who proved again who they are; the old one is dead.

        The session still ends when it would have ended. None if it is over already.
        """
        new, now = secrets.token_urlsafe(SECRET_BYTES), self._now()
        values = {"cookie_hash": _hash(new), "auth_time": auth_time, "seen_at": now}
        return new if self._changed(cookie, now, **values) else None

    def choose_role(self, cookie: str, role: str, purpose: str | None = None) -> bool:
        """Go on in another role, or for a purpose; say whether there was a session for it."""
        return self._changed(cookie, self._now(), role=role, purpose=purpose)

    def end(self, cookie: str) -> None:
        """Sign out: the cookie is dead."""
        with self._store.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.cookie_hash == _hash(cookie)))

    def end_all_of(self, person: str) -> int:
        """Sign a person out everywhere, and say how many sessions that ended."""
        with self._store.writing() as connection:
            gone = delete(SESSIONS).where(SESSIONS.c.person == person)
            return connection.execute(gone).rowcount

    def end_others_of(self, person: str, cookie: str) -> int:
        """Sign a person out everywhere but where a cookie is, and say how many sessions ended."""
        others = and_(SESSIONS.c.person == person, SESSIONS.c.cookie_hash != _hash(cookie))
        with self._store.writing() as connection:
            return connection.execute(delete(SESSIONS).where(others)).rowcount

    def sessions_of(self, person: str) -> list[Session]:
        """List where a person is signed in, the newest first."""
        theirs = and_(SESSIONS.c.person == person, self._lives(self._now()))
        found = select(SESSIONS).where(theirs).order_by(SESSIONS.c.started_at.desc())
        with self._store.reading() as connection:
            return [Session(**_facts(row)) for row in connection.execute(found)]

    def key(self, name: str) -> bytes:
        """Give the key of a name that all processes share, made by whoever asks first."""
        found = select(KEYS.c.key).where(KEYS.c.name == name)
        with self._store.reading() as connection:
            key = connection.execute(found).scalar()
        if key is None:
            made = urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
            # Another process may be quicker; then its key is the one.
            with suppress(CannotSignIn), self._store.writing() as connection:
                connection.execute(insert(KEYS).values(name=name, key=made))
            with self._store.reading() as connection:
                key = connection.execute(found).scalar_one()
        return str(key).encode()

    def sweep(self) -> int:
        """Throw away some of what is over, and say how many rows; ``begin_attempt`` does it too."""
        now = self._now()
        with self._store.writing() as connection:
            ended = _swept(connection, SESSIONS.c.cookie_hash, ~self._lives(now))
            late = ATTEMPTS.c.begun_at <= now - ATTEMPT_LASTS
            return ended + _swept(connection, ATTEMPTS.c.handle_hash, late)

    def _changed(self, cookie: str, now: datetime, **values: Any) -> bool:
        with self._store.writing() as connection:
            change = update(SESSIONS).where(self._is(cookie, now)).values(values)
            return connection.execute(change).rowcount == 1

    def _is(self, cookie: str, now: datetime) -> ColumnElement[bool]:
        return and_(SESSIONS.c.cookie_hash == _hash(cookie), self._lives(now))

    def _lives(self, now: datetime) -> ColumnElement[bool]:
        return and_(
            SESSIONS.c.seen_at > now - self._idle, SESSIONS.c.started_at > now - self._absolute
        )


def _swept(connection: Connection, key: Any, over: ColumnElement[bool]) -> int:
    """Delete what is over and nobody else is deleting."""
    some = select(key).where(over).limit(MOST_SWEPT).with_for_update(skip_locked=True)
    return connection.execute(delete(key.table).where(key.in_(some))).rowcount


def _facts(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "cookie_hash"}


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "backslashreplace")).hexdigest()
