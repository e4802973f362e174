"""What happens in the partnership besides its plans' entries, to be found by whoever signs in."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from plantrack.application import emergencies
from plantrack.application.services import Services
from plantrack.demo.actors import Players
from plantrack.demo.replay import Happening
from plantrack.demo.viewings import Looks
from plantrack.domain.calendar import LONDON
from plantrack.domain.events import EmergencyAccessTaken
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.words import GlassGround, RestrictionCategory
from plantrack.domain.words import THE_TRACKER

RESTRICTED, AT_RISK = "CIN-106", "CP-101"
KNOWN_PRIVATELY, THEIR_PLAN = "FL4104", "CP-104"
ON_THE_LIST = (
    ("Wyn Abbery", "csc"),
    ("Toni Marrick", "csc"),
    ("Ash Corvane", "csc"),
    ("Tess Farrow", "school"),
    ("Noor Ellery", "school-nursing"),
    ("Lior Becket", "paediatrics"),
    ("Mab Thorne", "gp"),
)
MORNING, NIGHT, LATER = time(10), time(21, 40), time(21, 43)


class Extras:
    """A restriction, an interest, a warrant and an emergency, on days before the present one."""

    def __init__(self, services: Services, players: Players, looks: Looks, today: date) -> None:
        self._services = services
        self._players = players
        self._looks = looks
        self._today = today

    def happenings(self, plans: Collection[str]) -> Iterator[Happening]:
        """Give what happens on some plans, each with its moment."""
        yield self._ago(90, MORNING), self._declare_interest
        yield self._ago(21, MORNING), self._give_warrant
        if RESTRICTED in plans:
            yield self._ago(60, MORNING), self._restrict
        if THEIR_PLAN in plans:
            yield self._ago(9, MORNING), self._look_where_one_may_not
        if AT_RISK in plans:
            yield self._ago(1, NIGHT), self._break_glass
            yield self._ago(1, LATER), self._look_through_it

    def _ago(self, days: int, at: time) -> datetime:
        day = self._today - timedelta(days=days)
        return datetime.combine(day, at, LONDON).astimezone(UTC)

    def _declare_interest(self) -> None:
        declared = rights_events.ConflictDeclared(
            conflict="K-1",
            person=self._players.subject("Mina Sorrel").person,
            reason="my sister is a neighbour of the family and I have been in their house",
            child=KNOWN_PRIVATELY,
        )
        self._players.say("Mina Sorrel", declared)

    def _restrict(self) -> None:
        restricted = rights_events.PlanRestricted(
            plan=RESTRICTED,
            category=RestrictionCategory.STAFF_OR_RELATIVE,
            reason="the child's mother works in the council's own front office",
            review_by=self._today + timedelta(days=20),
            people=tuple(self._players.subject(*each).person for each in ON_THE_LIST),
        )
        self._players.say("Ash Corvane", restricted)

    def _give_warrant(self) -> None:
        now = self._services.commands.now()
        warrant = rights_events.WarrantProposed(
            warrant="W-1",
            person=self._players.subject("Ira Venn", "ofsted").person,
            purpose="how well the partnership helps and protects children",
            starts=now,
            ends=now + timedelta(days=180),
            whole_authority=True,
        )
        self._players.say("Ash Corvane", warrant)
        self._players.say("Pat Greeve", rights_events.WarrantApproved(warrant="W-1"))

    def _look_where_one_may_not(self) -> None:
        self._looks.look(self._players.subject("Mina Sorrel"), THEIR_PLAN)

    def _break_glass(self) -> None:
        """Let somebody of another team see a plan at night, which nobody has looked at yet."""
        subject = self._players.subject("Jude Castell")
        reason = "on call tonight: the grandmother rang, the boy is not home and it is late"
        ground = GlassGround.OUT_OF_HOURS
        told, guard = emergencies.prepare(self._services, subject, AT_RISK, ground, reason)
        if isinstance(told.event, EmergencyAccessTaken):
            told = told._replace(event=replace(told.event, access="E-1"))
        guard.broken = replace(guard.broken, glass="E-1")
        self._services.commands.carry_out([told], THE_TRACKER, guard=guard)

    def _look_through_it(self) -> None:
        self._looks.look(self._players.subject("Jude Castell"), AT_RISK)
