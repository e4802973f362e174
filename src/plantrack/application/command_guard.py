"""A person's permit to record: asked for each thing they say, on the plan as it stands then."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from plantrack.application.authoriser import Authoriser, Look
from plantrack.application.commands import NewEvent
from plantrack.domain.calendar import london_day
from plantrack.domain.events import PlanOpened
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.plan import Plan
from plantrack.domain.refusals import NoSuchPlan, NotAllowed, ProveAgain
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import (
    HIDING,
    Because,
    Decision,
    PlanFacts,
    Subject,
    as_granted,
    authorise,
    context,
)
from plantrack.domain.rights.recording import OnPlan, refuse_by_role, refuse_recording
from plantrack.domain.rights.state import MEMBER, RightsEntry, Spell
from plantrack.domain.rights.words import RECORDS_AS, Allocation, Duty
from plantrack.domain.words import Person

OPENS_AS = {Duty.CHAIR: Allocation.CHAIR, Duty.SOCIAL_WORKER: Allocation.WORKER}
"""What whoever opens a plan is to it from then on; a team manager holds it by the team."""

INTEREST = "You have an interest in this child. Somebody else must open the plan."
SAYS = {
    Because.NOT_SIGNED_IN: "Sign in first.",
    Because.NOT_GRANTED: "You do not have this role any more. Ask an administrator.",
    Because.NO_SECOND_FACTOR: "Sign in with a second factor: your provider says that you did not.",
    Because.NOT_IN_THIS_ROLE: "This is not for your role to do. Ask somebody whose role it is.",
}


def refuse(decision: Decision, plan: str | None = None) -> None:
    """Refuse what was not allowed, so that nobody learns of a plan that they may not see."""
    if decision.allow:
        return
    if decision.because in HIDING and plan is not None:
        raise NoSuchPlan(plan)
    if decision.step_up:
        raise ProveAgain
    raise NotAllowed(SAYS.get(decision.because, SAYS[Because.NOT_IN_THIS_ROLE]))


def writes_as(subject: Subject) -> Person:
    """Say as whom an entry names somebody."""
    return Person(
        name=subject.name,
        agency=subject.post.agency,
        role=RECORDS_AS[subject.post.duty],
        id=subject.person,
    )


class CommandGuard:
    """Guards what one person says, by rights as they stand when it is recorded."""

    def __init__(
        self, authoriser: Authoriser, subject: Subject, now: Callable[[], datetime]
    ) -> None:
        self._authoriser = authoriser
        self._subject = subject
        self._now = now
        self._look: Look | None = None
        self._opens: set[str] = set()

    def look(self) -> int:
        """Look where rights stand, and give the number of the last entry about them."""
        self._look = self._authoriser.look()
        self._subject = as_granted(self._look.rights, self._subject, self._now())
        return self._look.known

    def refuse(self, said: NewEvent, plan: Plan | None, entries: Callable[[], list[Entry]]) -> None:
        """Refuse what the person may not say on a plan as it stands; None if there is no plan.

        Whoever opens a plan may say more on it with the same command: they are tied to it by it.
        """
        refuse_by_role(self._subject, type(said.event))
        if isinstance(said.event, PlanOpened):
            self._refuse_opening(said, said.event)
            self._opens.add(said.plan)
            return
        look, now = self._at(), self._now()
        facts = facts_at_hand(plan) if plan else None
        about = context(look.rights, self._subject, facts)
        if said.plan not in self._opens:
            refuse(authorise(self._subject, Action.RECORD, about, now), said.plan)
        if plan is not None:
            workers = look.rights.workers_of(said.plan, london_day(now))
            on = OnPlan(plan.kind, plan.now.owners, workers, entries)
            refuse_recording(self._subject, said.event, on)

    def follows(self, entries: Sequence[Entry]) -> list[RightsEntry]:
        """Give the entries about rights that follow: who opens a plan works on it."""
        return [
            RightsEntry(0, entry.recorded_at, entry.by, event)
            for entry in entries
            if isinstance(entry.event, PlanOpened)
            for event in self._opened(entry.plan, entry.event)
        ]

    def _refuse_opening(self, said: NewEvent, opened: PlanOpened) -> None:
        look, now = self._at(), self._now()
        subject = self._subject
        refuse(authorise(subject, Action.OPEN_PLAN, None, now))
        if look.rights.conflicted(subject.person, said.plan, opened.child):
            raise NotAllowed(INTEREST)
        if opened.follows is not None and _is_kept_from(look, subject, opened.follows):
            raise NoSuchPlan(opened.follows)
        teams = look.rights.teams_of(subject.person, london_day(now))
        if subject.post.duty is Duty.TEAM_MANAGER and opened.team not in teams:
            raise NotAllowed(
                "Name in “team” one of your own teams, or nobody of yours could see it."
            )

    def _opened(self, plan: str, opened: PlanOpened) -> Iterator[rights_events.RightsEvent]:
        """Tie the opener to the plan, and hand on who worked on the plan that it follows."""
        subject, today = self._subject, london_day(self._now())
        if (allocation := OPENS_AS.get(subject.post.duty)) is not None:
            yield rights_events.Allocated(
                plan=plan, person=subject.person, allocation=allocation, since=today
            )
        if opened.follows is None:
            return
        now = self._at().rights
        for spell in now.spells_on(opened.follows):
            if spell.holds_on(today) and spell.person != subject.person:
                yield _handed_on(plan, spell)
        if restriction := now.restrictions.get(opened.follows):
            yield rights_events.PlanRestricted(
                plan=plan,
                category=restriction.category,
                reason=f"It follows {opened.follows}, which is restricted.",
                review_by=restriction.review_by,
                people=tuple(sorted(restriction.people | {subject.person})),
            )

    def _at(self) -> Look:
        if self._look is None:
            self.look()
        assert self._look is not None
        return self._look


def _is_kept_from(look: Look, subject: Subject, plan: str) -> bool:
    """Whether a plan is restricted to others, or somebody has an interest in it."""
    restriction = look.rights.restrictions.get(plan)
    listed = restriction is None or subject.person in restriction.people
    return not listed or look.rights.conflicted(subject.person, plan, None)


def _handed_on(plan: str, spell: Spell) -> rights_events.RightsEvent:
    if spell.what == MEMBER:
        return rights_events.MemberNamed(
            plan=plan,
            person=spell.person,
            since=spell.since,
            until=spell.until,
            sees_address=spell.sees_address,
        )
    return rights_events.Allocated(
        plan=plan,
        person=spell.person,
        allocation=Allocation(spell.what),
        since=spell.since,
        until=spell.until,
    )


def facts_at_hand(plan: Plan) -> PlanFacts:
    """Give what rights depend on of a plan that is at hand."""
    now = plan.now
    opened = now.opened or next(e for e in plan.events.values() if isinstance(e, PlanOpened))
    return PlanFacts(
        plan=plan.name,
        child=opened.child,
        family=opened.family,
        team=now.team,
        agencies=frozenset(now.agencies),
    )
