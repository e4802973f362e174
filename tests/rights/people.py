"""A small authority: somebody in each role, the plans they are tied to, and those they are not."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from httpx import Response
from sqlalchemy import func, select

from api.desks import NOW, Office, decided, office, opened
from plantrack import codec
from plantrack.access_log import queries
from plantrack.access_log.log import Looked
from plantrack.application.command_guard import CommandGuard, writes_as
from plantrack.application.commands import NewEvent, Receipt
from plantrack.authentication.identity import Identity
from plantrack.authentication.issuers import Issuers
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import Allocation, Duty, GlassGround, RestrictionCategory
from plantrack.domain.words import THE_TRACKER, Person, Role
from plantrack.projections.tables import TABLES
from plantrack.web.sources import SCOPE
from plantrack.web.who import COOKIE, written
from plantrack.worker import sweep
from signin.flows import LINE
from signin.forger import Forger
from worker.plans import Clock

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
LONG_AGO = date(2020, 1, 1)
REVIEW_BY = TODAY + timedelta(days=60)
INSTANT = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WHY = "the child was found alone in the street tonight"

POSTS = {
    "c-chair": Appointment(Duty.CHAIR, "csc"),
    "w-worker": Appointment(Duty.SOCIAL_WORKER, "csc"),
    "t-team": Appointment(Duty.TEAM_MANAGER, "csc"),
    "s-service": Appointment(Duty.SERVICE_MANAGER, "csc"),
    "n-nurse": Appointment(Duty.PARTNER_PROFESSIONAL, "school-nursing"),
    "l-police": Appointment(Duty.PARTNER_LEAD, "police"),
    "i-inspector": Appointment(Duty.INSPECTOR, "ofsted"),
    "p-privacy": Appointment(Duty.PRIVACY_OFFICER, "csc"),
    "a-admin": Appointment(Duty.ADMIN, "csc"),
    "m-scheduler": Appointment(Duty.SCHEDULER, "csc"),
    "m-witness": Appointment(Duty.WITNESS, "police"),
}
"""Who acts in each role."""
OTHERS = {
    "c-chair-2": Appointment(Duty.CHAIR, "csc"),
    "w-worker-2": Appointment(Duty.SOCIAL_WORKER, "csc"),
    "t-team-2": Appointment(Duty.TEAM_MANAGER, "csc"),
    "s-service-2": Appointment(Duty.SERVICE_MANAGER, "csc"),
    "n-nurse-2": Appointment(Duty.PARTNER_PROFESSIONAL, "school-nursing"),
    "l-police-2": Appointment(Duty.PARTNER_LEAD, "police"),
    "i-inspector-2": Appointment(Duty.INSPECTOR, "ofsted"),
    "p-privacy-2": Appointment(Duty.PRIVACY_OFFICER, "csc"),
    "a-admin-2": Appointment(Duty.ADMIN, "csc"),
}
"""A second person in each role, tied to nothing."""
MACHINES = ("m-scheduler", "m-witness")
WHO = {post.duty: person for person, post in POSTS.items()}
SECOND = {post.duty: person for person, post in OTHERS.items()}
PEOPLE_ROLES = [duty for duty in WHO if duty not in (Duty.SCHEDULER, Duty.WITNESS)]
STRANGER = "x-stranger"
OFFICER = "x-officer"

PLANS = {
    "related": "CP-R",
    "unrelated": "CP-U",
    "ended": "CP-E",
    "restricted": "CP-X",
    "on_list": "CP-L",
    "conflict": "CP-C",
}
"""One plan for each way in which somebody can stand to a plan."""
CHILDREN = dict(zip(PLANS.values(), ("R1", "U2", "E3", "X4", "L5", "C6"), strict=True))
TEAM_OF = {"CP-U": "T2", "CP-E": "T3"}


@dataclass
class World:
    """An application with people and plans, and a clock that is set by the test."""

    office: Office
    clock: Clock
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    forger: Forger | None = None
    """The issuer that machines have their tokens from."""

    def state(self, *events: rights_events.RightsEvent) -> None:
        """Put something on the record of rights as whoever runs the server."""
        self.office.services.authoriser.state(events, THE_TRACKER, None)

    def machine_token(self, person: str) -> str:
        """Give a machine's token from its issuer."""
        assert self.forger
        now = int(self.clock().timestamp())
        claims = self.forger.machine_claims(
            sub=person, client_id=person, iat=now, exp=now + 300, scope=SCOPE
        )
        return self.forger.sign(claims, typ="at+jwt")

    def sign_in(self, person: str, post: Appointment | None = None, **how: Any) -> str:
        """Sign somebody in, and give their token."""
        post = post or (POSTS | OTHERS)[person]
        identity = Identity("https://council.example", person)
        how = dict[str, Any](auth_time=self.clock(), mfa=True) | how
        return self.office.sources.sessions.start(person, identity, written(post), **how)

    def ask(
        self,
        person: str | None,
        method: str,
        path: str,
        post: Appointment | None = None,
        **sent: Any,
    ) -> Response:
        """Ask as somebody; None has not signed in."""
        headers = dict(sent.pop("headers", {}))
        if person is not None:
            headers |= self.proof(person, post)
        return self.office.client.request(method, path, headers=headers, **sent)

    def proof(self, person: str, post: Appointment | None = None) -> dict[str, str]:
        """Give the headers by which somebody is known, as a browser or a machine sends them."""
        if person in MACHINES:
            if self.forger is None:
                return {}
            return {"Authorization": f"Bearer {self.machine_token(person)}"}
        key = (person, written(post) if post else "")
        if key not in self.tokens:
            self.tokens[key] = self.sign_in(person, post)
        if self.office.app.state.demo:
            return {"Authorization": f"Bearer {self.tokens[key]}"}
        return {"Cookie": f"{COOKIE}={self.tokens[key]}", "Sec-Fetch-Site": "same-origin"}

    def put(self, person: str, plan: str, event: Mapping[str, Any], **how: Any) -> Response:
        """Put an event on a plan as somebody who has read all of it."""
        last = self.office.services.record.last_number(plan) or 1
        headers = {"If-Match": f'"{last}"'} | how.pop("headers", {})
        path = f"/api/plans/{plan}/entries"
        return self.ask(person, "POST", path, json=event, headers=headers, **how)

    def say(
        self, who: str, kind: str, post: Appointment | None = None, /, **fields: Any
    ) -> Response:
        """Say something about rights as somebody."""
        return self.ask(who, "POST", "/api/rights", post, json={"kind": kind} | fields)

    def subject(self, person: str, post: Appointment | None = None, **more: Any) -> Subject:
        """Say who somebody is once they are signed in."""
        known = self.office.services.authoriser.look().rights.people[person]
        post = post or (POSTS | OTHERS)[person]
        who: dict[str, Any] = {"granted": True, "second_factor": True, "proved_at": self.clock()}
        who |= more
        return Subject(person=person, name=known.name, post=post, **who)

    def permit(self, person: str, post: Appointment | None = None) -> CommandGuard:
        """Give somebody's permit to record."""
        services = self.office.services
        return CommandGuard(services.authoriser, self.subject(person, post), services.commands.now)

    def record(
        self, person: str, plan: str, *events: Mapping[str, Any], post: Appointment | None = None
    ) -> Receipt:
        """Record something as somebody, by their permit."""
        rights_events = [NewEvent(plan, codec.read_event(dict(each))) for each in events]
        by = writes_as(self.subject(person, post))
        return self.office.services.commands.carry_out(
            rights_events, by, guard=self.permit(person, post)
        )

    def open(self, plan: str, child: str, **more: Any) -> None:
        """Open a plan beside the API, so that nobody is tied to it by that."""
        raw = opened(child, **{"family": f"F-{child}"} | more)
        self.office.services.commands.record(plan, codec.read_event(raw), CLERK)

    def recorded(self) -> tuple[int, int]:
        """Count what is on the record of plans and on that of rights."""
        record = self.office.services.record
        return record.count(), record.rights_number()

    def listed(self) -> dict[str, int]:
        """Count what is in each list once it follows the record."""
        self.office.follow()
        with self.office.services.models.reading() as reading:
            return {
                each.name: reading.all(select(func.count()).select_from(each))[0][0]
                for each in TABLES.sorted_tables
            }

    def looks(self, **asked: Any) -> list[Looked]:
        """Give who looked, the latest first."""
        rows = queries.looked(self.office.sources.access, limit=200, **asked).rows
        return [row.looked for row in rows]


CLERK = Person(name="K Clerk", agency="csc", role=Role.LEAD_PRACTITIONER, id="k-clerk")


@contextmanager
def authority(url: str, forger: Forger | None = None, **more: Any) -> Iterator[World]:
    """Open an application in which everybody has their role and nobody a plan."""
    clock = Clock(NOW)
    with office(url, **{"now": clock, "demo": False} | more) as here:
        here.services.commands.after_commit.clear()
        here.client.headers.pop("authorization", None)
        world = World(here, clock, forger=forger)
        world.state(*_known())
        if forger is not None:
            issuers = Issuers([forger.provider], line=LINE)
            here.app.state.sources = replace(here.sources, issuers=issuers)
            for each in MACHINES:
                issuer = forger.issuer
                world.state(rights_events.IdentityLinked(person=each, issuer=issuer, subject=each))
        yield world


def _known() -> Iterator[rights_events.RightsEvent]:
    for person, post in (POSTS | OTHERS).items():
        name = f"{person[0].upper()} {person[2:].title()}"
        yield rights_events.PersonRegistered(person=person, name=name, agency=post.agency)
        yield rights_events.GrantProposed(
            grant=f"g-{person}", person=person, role=post.duty, reason=WHY
        )
        yield rights_events.GrantApproved(grant=f"g-{person}")
    for person, agency in ((STRANGER, "csc"), (OFFICER, "police")):
        yield rights_events.PersonRegistered(person=person, name="X Nobody", agency=agency)


@contextmanager
def whole_authority(url: str, **more: Any) -> Iterator[World]:
    """Open an application with a plan for each way in which somebody stands to one."""
    with authority(url, **more) as world:
        world.clock.set(NOW - DAY)
        for plan, child in CHILDREN.items():
            world.open(plan, child, team=TEAM_OF.get(plan, "T1"), agencies=_agencies(plan))
            _fill(world, plan)
        sweep(world.office.services, world.office.services.files())
        world.state(*_ties())
        world.clock.set(NOW)
        world.state(*_glasses(NOW))
        world.state(*_kept_from())
        world.clock.move(MINUTE)
        world.office.follow()
        yield world


def _agencies(plan: str) -> list[str]:
    """Name the agencies of a plan; the police never were on the one and left the other."""
    others = ["csc", "school", "school-nursing"]
    return others if plan == "CP-U" else [*others, "police"]


def _fill(world: World, plan: str) -> None:
    """Put on a plan what each list shows."""
    events: list[dict[str, Any]] = [
        {
            "kind": "ActionAgreed",
            "on": "2026-02-09",
            "action": "A1",
            "what": "Speak to the father",
            "owner": {"name": "O Owner", "agency": "csc"},
            "due_on": "2026-03-02",
        },
        decided(),
    ]
    if plan == "CP-E":
        events.append({"kind": "AgencyLeft", "on": "2026-03-10", "agency": "police", "reason": WHY})
    together = [(plan, codec.read_event(each)) for each in events]
    world.office.services.commands.record_together(together, CLERK)


def _ties() -> Iterator[rights_events.RightsEvent]:
    """Tie everybody to every plan but the unrelated one; to one of them no more."""
    for plan in PLANS.values():
        if plan != "CP-U":
            until = YESTERDAY if plan == "CP-E" else None
            yield from ties(plan, until)
    for team, until in (("T1", None), ("T3", YESTERDAY)):
        yield rights_events.TeamJoined(
            person=WHO[Duty.TEAM_MANAGER], team=team, since=LONG_AGO, until=until
        )
    for name, plans, ends in (
        ("W-1", ("CP-R", "CP-L", "CP-C"), NOW + HOUR),
        ("W-2", ("CP-E",), NOW),
    ):
        yield rights_events.WarrantProposed(
            warrant=name,
            person=WHO[Duty.INSPECTOR],
            purpose="thematic inspection",
            starts=NOW - DAY,
            ends=ends,
            plans=plans,
        )
        yield rights_events.WarrantApproved(warrant=name)


def ties(plan: str, until: date | None = None) -> Iterator[rights_events.RightsEvent]:
    """Tie a chair, a worker and a nurse to a plan."""
    for duty, what in (
        (Duty.CHAIR, Allocation.CHAIR),
        (Duty.SOCIAL_WORKER, Allocation.WORKER),
    ):
        yield rights_events.Allocated(
            plan=plan, person=WHO[duty], allocation=what, since=LONG_AGO, until=until
        )
    nurse = WHO[Duty.PARTNER_PROFESSIONAL]
    yield rights_events.MemberNamed(plan=plan, person=nurse, since=LONG_AGO, until=until)


def _glasses(now: datetime) -> Iterator[rights_events.RightsEvent]:
    """Let privacy officers look into all plans, one of them into one only; into one no longer."""
    for plan in PLANS.values():
        yield rights_events.GlassBroken(
            glass=f"E-{plan}",
            plan=plan,
            person=(SECOND if plan == "CP-U" else WHO)[Duty.PRIVACY_OFFICER],
            ground=GlassGround.PRIVACY_INVESTIGATION,
            reason=WHY,
            until=now + (INSTANT if plan == "CP-E" else HOUR),
            review_by=TODAY + timedelta(days=3),
        )


def _kept_from() -> Iterator[rights_events.RightsEvent]:
    everybody = tuple(POSTS)
    for plan, people in (("CP-X", (STRANGER,)), ("CP-L", everybody)):
        yield rights_events.PlanRestricted(
            plan=plan,
            category=RestrictionCategory.PROTECTED_IDENTITY,
            reason=WHY,
            review_by=REVIEW_BY,
            people=people,
        )
    for duty in PEOPLE_ROLES:
        yield rights_events.ConflictDeclared(
            conflict=f"I-{duty.value}",
            person=WHO[duty],
            reason="a cousin of the child",
            child=CHILDREN["CP-C"],
        )


def looked_at(plan: str) -> str:
    """Name the family of a plan's child."""
    return f"F-{CHILDREN[plan]}"
