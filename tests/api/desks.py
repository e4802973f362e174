"""A whole application over a fresh database, with its lists kept up to date."""

import threading
from asyncio import gather
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from plantrack.access_log.log import AccessLog
from plantrack.api import Settings, Sources, create_app
from plantrack.application import demo_people, stores
from plantrack.application.services import Services
from plantrack.authentication.sessions import Sessions
from plantrack.domain.rights.events import Allocated, MemberNamed, RightsEvent
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import OLDER_WORDS, Allocation, Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.projections.follower import Follower
from plantrack.web.settings import Rate

NOW = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
LONG_AGO = date(2000, 1, 1)
OFTEN = Rate(1_000_000, 60)
UNHURRIED: dict[str, Any] = {
    "sign_in_rate": OFTEN,
    "sign_in_rate_of_all": OFTEN,
    "search_rate": OFTEN,
    "export_rate": OFTEN,
    "break_glass_rate": OFTEN,
}
"""Rates that no test meets unless it asks for them."""
CHAIR = {"name": "C Chair", "agency": "csc", "role": "chair"}
TEACHER = {"name": "S Teacher", "agency": "school", "role": "partner"}


@dataclass
class Found:
    """How the process was found, as a test has it."""

    ready: bool = True
    entries: int = 0
    projection_lag: int = 0
    last_sweep: datetime | None = NOW
    leader: bool = True
    problems: Sequence[str] = ()


class Client:
    """Speaks to an application from a thread without a loop."""

    def __init__(self, app: FastAPI) -> None:
        self._http = AsyncClient(transport=ASGITransport(app), base_url="http://plantrack")
        self.headers = self._http.headers
        self._portal_manager = start_blocking_portal()

    def __enter__(self) -> "Client":
        self._portal = self._portal_manager.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._portal.call(self._http.aclose)
        self._portal_manager.__exit__(None, None, None)

    def request(self, method: str, path: str, **sent: Any) -> Response:
        """Send one request and wait for the answer."""
        return self._portal.call(lambda: self._http.request(method, path, **sent))

    def get(self, path: str, **sent: Any) -> Response:
        """Ask for something."""
        return self.request("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> Response:
        """Send something."""
        return self.request("POST", path, **sent)

    def all(self, requests: Sequence[tuple[str, str, dict[str, Any]]]) -> list[Response]:
        """Send many requests at once."""

        async def send() -> list[Response]:
            return await gather(*(self._http.request(m, p, **sent) for m, p, sent in requests))

        return self._portal.call(send)


@dataclass
class Office:
    """An application, a client that is signed in, and what stands behind them."""

    services: Services
    app: FastAPI
    client: "Client"
    found: Found
    sources: Sources
    tied: set[str] = field(default_factory=set)
    people: dict[str, Appointment] = field(default_factory=dict)
    seen: list[tuple[str, str, int, float]] = field(default_factory=list)
    tying: threading.RLock = field(default_factory=threading.RLock)

    def check(self) -> Found:
        """Answer as the process's health does."""
        self.found.entries = self.services.record.count()
        return self.found

    def follow(self) -> None:
        """Bring the lists up to the record."""
        follower = Follower(self.services.models, self.services.files())
        while follower.catch_up():
            pass

    def as_somebody(self, person: dict[str, str]) -> dict[str, str]:
        """Sign in, and give the header that says so."""
        token = self.client.post("/api/demo/sign-in", json=person).json()["token"]
        duty = Duty(OLDER_WORDS.get(person["role"], person["role"]))
        self.people[demo_people.known_as(person["name"], person["agency"])] = Appointment(
            duty, person["agency"]
        )
        self.tied.clear()
        self.tie()
        return {"Authorization": f"Bearer {token}"}

    def tie(self) -> None:
        """Tie whoever signed in to every plan that there is, as their role is tied to plans."""
        with self.tying:
            for plan in [each for each in self.services.record.plans() if each not in self.tied]:
                self.tied.add(plan)
                for person, post in self.people.items():
                    self.tie_to(plan, person, post)

    def tie_to(self, plan: str, person: str, post: Appointment) -> None:
        """Tie somebody to a plan."""
        events: dict[Duty, RightsEvent] = {
            Duty.CHAIR: Allocated(
                plan=plan, person=person, allocation=Allocation.CHAIR, since=LONG_AGO
            ),
            Duty.SOCIAL_WORKER: Allocated(
                plan=plan, person=person, allocation=Allocation.WORKER, since=LONG_AGO
            ),
            Duty.PARTNER_PROFESSIONAL: MemberNamed(plan=plan, person=person, since=LONG_AGO),
        }
        if event := events.get(post.duty):
            self.services.authoriser.state([event], THE_TRACKER, None)

    def place(self, sealed: str) -> int | None:
        """Open a position as the application does."""
        found: int | None = self.app.state.positions.read(sealed)
        return found

    def open(self, plan: str = "CP-1", child: str = "J1", **more: Any) -> Any:
        """Open a plan."""
        return self.client.post("/api/plans", params={"plan": plan}, json=opened(child, **more))

    def put(self, event: dict[str, Any], read: int | None = 1, plan: str = "CP-1") -> Any:
        """Put an event on a plan."""
        headers = {} if read is None else {"If-Match": f'"{read}"'}
        return self.client.post(f"/api/plans/{plan}/entries", json=event, headers=headers)

    def get(self, path: str, **asked: Any) -> Any:
        """Ask for something."""
        return self.client.get(path, params=asked)


@contextmanager
def office(url: str, **more: Any) -> Iterator[Office]:
    """Open an application over a migrated database."""
    stores.make(url)
    demo = more.pop("demo", True)
    with Services(url, more.pop("now", lambda: NOW)) as services, open_doors(services) as sources:
        if demo:
            demo_people.declare(services)
        here = Office(services, None, None, Found(), sources)  # type: ignore[arg-type]  # made next
        settings = Settings(**UNHURRIED, **more.pop("settings", {}))
        here.app = create_app(
            services,
            health=here,
            sources=sources,
            observer=lambda *told: here.seen.append(told),
            settings=settings,
            **more,
        )
        with Client(here.app) as here.client:
            if demo:
                here.client.headers.update(here.as_somebody(CHAIR))
                services.commands.after_commit.append(lambda _: here.tie())
            yield here


@contextmanager
def open_doors(services: Services) -> Iterator[Sources]:
    """Open the access record and the sessions of a database."""
    access, sessions = AccessLog(services.url), Sessions(services.url, now=services.commands.now)
    try:
        yield Sources(access, sessions)
    finally:
        access.close()
        sessions.close()


@contextmanager
def following(services: Services) -> Iterator[None]:
    """Keep the lists up to date for a while, in another thread."""
    done = threading.Event()
    follower = Follower(services.models, services.files())

    def follow() -> None:
        while not done.is_set():
            if not follower.catch_up():
                done.wait(0.005)

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def opened(child: str = "J1", **more: Any) -> dict[str, Any]:
    """A child protection plan is opened."""
    return {
        "kind": "PlanOpened",
        "on": "2026-02-02",
        "plan_kind": "cp",
        "child": child,
        "family": "F1",
        "team": "T1",
        "category": "NEG",
        "origin": {"referred_on": "2026-01-05", "initial_conference_on": "2026-02-02"},
        "lead": {"name": "L Worker", "agency": "csc"},
        "chair": {"name": "C Chair", "agency": "csc"},
        "agencies": ["csc", "school", "police", "school-nursing"],
    } | more


def seen(on: str = "2026-02-09", **more: Any) -> dict[str, Any]:
    """The child is seen."""
    return {
        "kind": "ChildSeen",
        "on": on,
        "mode": "face_to_face",
        "alone": "no",
        "by_agency": "csc",
        "where": "home",
    } | more


def agreed(action: str = "A1", due_on: str = "2026-03-02") -> dict[str, Any]:
    """An action is agreed."""
    return {
        "kind": "ActionAgreed",
        "on": "2026-02-09",
        "action": action,
        "what": "Speak to the father",
        "owner": {"name": "O Owner", "agency": "csc"},
        "due_on": due_on,
    }


def held(on: str = "2026-02-16", meeting: str = "M1", **more: Any) -> dict[str, Any]:
    """A core group met."""
    return {
        "kind": "MeetingHeld",
        "on": on,
        "meeting": meeting,
        "type": "core_group",
        "attendance": {"csc": "present", "school": "present", "police": "present"},
    } | more


def decided(**more: Any) -> dict[str, Any]:
    """One agency decided."""
    return {
        "kind": "DecisionMade",
        "on": "2026-02-16",
        "decision": "D1",
        "what": "Reduce the visits",
        "decision_kind": "other",
        "reason": "the mother says that all is well",
        "decided_by": "csc",
        "positions": {"csc": {"position": "agree"}},
        "basis": ["observed"],
    } | more


def today() -> date:
    """The day of the tests."""
    return NOW.date()
