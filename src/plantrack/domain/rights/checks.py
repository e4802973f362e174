"""What may be said about rights, by whom: nobody widens their own, and some things take two people.

``check`` may refuse; taking in what was said never does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from plantrack.domain.calendar import london_day
from plantrack.domain.refusals import NotAllowed, OwnWork, RightNotPossible
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.state import MEMBER, Appointment, Rights, Spell
from plantrack.domain.rights.words import SERVICES, Allocation, Duty

LONGEST_RESTRICTION = timedelta(days=90)
LONGEST_GLASS = timedelta(minutes=60)
SHORTEST_REASON = 20
LONGEST_WARRANT = timedelta(days=366)

ADMIN, PRIVACY = Duty.ADMIN, Duty.PRIVACY_OFFICER
TEAM, SERVICE = Duty.TEAM_MANAGER, Duty.SERVICE_MANAGER
CHAIR, WORKER, LEAD = Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.PARTNER_LEAD
EVERYBODY = frozenset(Duty) - SERVICES - {Duty.ANONYMOUS, Duty.INSPECTOR}
"""Whoever may say anything; an inspector writes nothing."""
GIVERS = frozenset({ADMIN, SERVICE})
LINE = frozenset({TEAM, SERVICE})
OVER_OTHERS = LINE | GIVERS | {PRIVACY}
"""Who may declare somebody else's interest, which keeps that person out."""
NAMERS = frozenset({CHAIR, WORKER, TEAM, SERVICE, LEAD})

WHO: Mapping[type[rights_events.RightsEvent], frozenset[Duty]] = {
    rights_events.DemonstrationDeclared: frozenset(),
    rights_events.PersonRegistered: frozenset({ADMIN}),
    rights_events.IdentityLinked: frozenset({ADMIN}),
    rights_events.IdentityApproved: GIVERS,
    rights_events.IdentityUnlinked: GIVERS,
    rights_events.PersonDisabled: GIVERS,
    rights_events.PersonRestored: GIVERS,
    rights_events.GrantProposed: frozenset({ADMIN}),
    rights_events.GrantApproved: GIVERS,
    rights_events.GrantEnded: GIVERS,
    rights_events.TeamJoined: GIVERS,
    rights_events.TeamLeft: GIVERS,
    rights_events.Allocated: LINE,
    rights_events.AllocationEnded: LINE,
    rights_events.MemberNamed: NAMERS,
    rights_events.MembershipEnded: NAMERS,
    rights_events.PlanRestricted: frozenset({SERVICE}),
    rights_events.RestrictionReviewed: frozenset({SERVICE}),
    rights_events.PersonAdmitted: frozenset({SERVICE}),
    rights_events.PersonRemoved: frozenset({SERVICE}),
    rights_events.RestrictionLifted: frozenset({SERVICE}),
    rights_events.ConflictDeclared: EVERYBODY,
    rights_events.ConflictLifted: frozenset({SERVICE}),
    rights_events.WarrantProposed: GIVERS,
    rights_events.WarrantApproved: frozenset({SERVICE, PRIVACY}),
    rights_events.WarrantEnded: frozenset({SERVICE, PRIVACY, ADMIN}),
    rights_events.GlassBroken: frozenset(),
    rights_events.GlassReviewed: frozenset({SERVICE, PRIVACY}),
    rights_events.GlassReviewClimbed: frozenset(),
}
"""Which roles may say each kind; one without any is said by plantrack, or on its server."""

ON_A_PLAN = (
    rights_events.Allocated,
    rights_events.AllocationEnded,
    rights_events.MemberNamed,
    rights_events.MembershipEnded,
    rights_events.PlanRestricted,
    rights_events.RestrictionReviewed,
    rights_events.PersonAdmitted,
    rights_events.PersonRemoved,
    rights_events.RestrictionLifted,
)
"""What is said of a plan that whoever says it must be able to see."""

ABOUT_ONESELF = (
    rights_events.ConflictDeclared,
    rights_events.PersonAdmitted,
    rights_events.GlassBroken,
)
"""What somebody may say about themselves; a service manager on call may put herself on a list."""


@dataclass(frozen=True)
class Saying:
    """Something about to be said about rights: where they stand, by whom and when."""

    rights: Rights
    event: Any
    by: str | None
    """The person who says it; None for whoever runs the server, and plantrack itself."""
    now: datetime
    post: Appointment | None = None
    """In which post they say it."""

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.now)


def refuse_by_duty(duty: Duty, kind: type[rights_events.RightsEvent]) -> None:
    """Refuse a kind that is not for somebody of a role to say."""
    if duty not in WHO[kind]:
        raise NotAllowed(f"{kind.__name__} is not for a {duty.says} to say. Ask somebody who may.")


def check(say: Saying) -> None:
    """Refuse what cannot be said about rights as they stand."""
    event = say.event
    named = getattr(event, "person", None)
    introduces = isinstance(event, rights_events.PersonRegistered)
    if named is not None and not introduces and named not in say.rights.people:
        raise RightNotPossible(f"Nobody is known as {named}. Register them first.")
    if say.by is not None and named == say.by and not isinstance(event, ABOUT_ONESELF):
        raise OwnWork("Nobody changes their own rights. Ask somebody else to do it.")
    for rule in _RULES.get(type(event), ()):
        rule(say)


def _new_person(say: Saying) -> None:
    if say.event.person in say.rights.people:
        raise RightNotPossible(f"{say.event.person} is known already. Choose another name.")


def _new_identity(say: Saying) -> None:
    identity = say.event.issuer, say.event.subject
    if identity in say.rights.identities or identity in say.rights.linking:
        raise RightNotPossible("This identity belongs to somebody already. Look whose it is.")


def _approvable_identity(say: Saying) -> None:
    linking = say.rights.linking.get((say.event.issuer, say.event.subject))
    if linking is None:
        raise RightNotPossible("No such identity waits for approval. Check issuer and subject.")
    _two_people(say, linking.proposed_by)
    if say.by is not None and say.by == linking.person:
        raise OwnWork("Nobody approves an identity of their own. Ask somebody else to approve it.")


def _linked_identity(say: Saying) -> None:
    identity = say.event.issuer, say.event.subject
    if identity not in say.rights.identities and identity not in say.rights.linking:
        raise RightNotPossible("Nobody has this identity. Check issuer and subject.")


def _is_disabled(say: Saying) -> None:
    if say.rights.people[say.event.person].disabled == isinstance(
        say.event, rights_events.PersonDisabled
    ):
        raise RightNotPossible(f"{say.event.person} is so already. There is nothing to change.")


def _new_grant(say: Saying) -> None:
    event = say.event
    if event.grant in say.rights.grants:
        raise RightNotPossible(f"There is a grant {event.grant} already. Choose another name.")
    if event.role is Duty.ANONYMOUS:
        raise RightNotPossible("Nobody is granted to be anonymous. Choose a role.")
    _not_over(event.until, say)


def _approvable_grant(say: Saying) -> None:
    grant = say.rights.grants.get(say.event.grant)
    if grant is None or grant.approved or grant.ended:
        raise RightNotPossible(f"No grant {say.event.grant} waits for approval. Check its name.")
    _two_people(say, grant.proposed_by)
    if say.by is not None and grant.person == say.by:
        raise OwnWork("Nobody approves a role for themselves. Ask somebody else to approve it.")


def _running_grant(say: Saying) -> None:
    grant = say.rights.grants.get(say.event.grant)
    if grant is None or grant.ended:
        raise RightNotPossible(f"No grant {say.event.grant} runs. Check its name.")


def _spell(say: Saying) -> None:
    event = say.event
    if event.until is not None and event.until < event.since:
        raise RightNotPossible("“until” lies before “since”. Put the days right.")
    _not_over(event.until, say)


def _not_over(until: date | None, say: Saying) -> None:
    if until is not None and until < say.today:
        raise RightNotPossible("“until” is over already. Choose a day that is still to come.")


def _no_two_minds(say: Saying) -> None:
    """Keep the chair from being the plan's worker or the worker's manager (Sefton 4.6)."""
    event, rights = say.event, say.rights
    chair = event.allocation is Allocation.CHAIR
    at_once = [each for each in rights.spells_on(event.plan) if _meet(each, event)]
    others = [s for s in at_once if s.what != MEMBER and chair != (s.what == Allocation.CHAIR)]
    if any(spell.person == event.person for spell in others):
        raise OwnWork("One person cannot both chair a plan and work on it. Choose another.")
    for spell in others:
        chairs, works = (event, spell) if chair else (spell, event)
        if _manages(rights, chairs.person, works.person, say.today):
            raise OwnWork("A chair does not manage the plan's worker. Choose another.")


def _meet(spell: Spell, event: rights_events.Allocated) -> bool:
    """Whether an allocation would hold on a day on which a spell does."""
    begins_before = event.until is None or spell.since <= event.until
    return not spell.ended and begins_before and (not spell.until or event.since <= spell.until)


def _manages(rights: Rights, person: str, worker: str, day: date) -> bool:
    manager = any(post.duty is Duty.TEAM_MANAGER for post in rights.posts_of(person, day))
    return manager and bool(rights.teams_of(person, day) & rights.teams_of(worker, day))


def _own_member(say: Saying) -> None:
    """Let an agency's lead name members of that agency only."""
    person = say.rights.people[say.event.person]
    lead = say.post is not None and say.post.duty is Duty.PARTNER_LEAD
    if lead and say.post and person.agency != say.post.agency:
        raise NotAllowed("You name members of your own agency. Ask the plan's chair for others.")


def _is_allocated(say: Saying) -> None:
    _holds(say, *Allocation)


def _is_member(say: Saying) -> None:
    _holds(say, MEMBER)


def _in_team(say: Saying) -> None:
    if not any(
        spell.what == say.event.team and not spell.ended
        for spell in say.rights.teams.get(say.event.person, ())
    ):
        raise RightNotPossible(f"{say.event.person} is not in this team. Check the names.")


def _holds(say: Saying, *what: str) -> None:
    spells = say.rights.spells_on(say.event.plan)
    if not any(s.person == say.event.person and s.what in what and not s.ended for s in spells):
        raise RightNotPossible(f"{say.event.person} is not that on this plan. Check the names.")


def _reviewed_soon(say: Saying) -> None:
    if not say.today < say.event.review_by <= say.today + LONGEST_RESTRICTION:
        raise RightNotPossible(
            "A restriction is reviewed within 90 days. Choose a day for it in “review_by”."
        )


def _not_restricted(say: Saying) -> None:
    if say.event.plan in say.rights.restrictions:
        raise RightNotPossible("This plan is restricted already. Change its list instead.")
    strangers = set(say.event.people) - say.rights.people.keys()
    if strangers:
        raise RightNotPossible(f"Nobody is known as {min(strangers)}. Register them first.")


def _restricted(say: Saying) -> None:
    if say.event.plan not in say.rights.restrictions:
        raise RightNotPossible("This plan is not restricted. Restrict it first.")


def _on_list(say: Saying) -> None:
    restriction = say.rights.restrictions[say.event.plan]
    if (say.event.person in restriction.people) == isinstance(
        say.event, rights_events.PersonAdmitted
    ):
        raise RightNotPossible(f"The list has it so for {say.event.person} already.")


def _about_one(say: Saying) -> None:
    event = say.event
    if (event.child is None) == (event.plan is None):
        raise RightNotPossible("Name the child or the plan, one of the two.")
    if event.conflict in say.rights.conflicts:
        raise RightNotPossible(f"There is a conflict {event.conflict} already. Choose a new name.")
    if say.post is not None and event.person != say.by and say.post.duty not in OVER_OTHERS:
        raise NotAllowed("You declare your own interest. Ask a manager to declare another's.")


def _running_conflict(say: Saying) -> None:
    conflict = say.rights.conflicts.get(say.event.conflict)
    if conflict is None:
        raise RightNotPossible(f"There is no conflict {say.event.conflict}. Check its name.")
    if say.by is not None and conflict.person == say.by:
        raise OwnWork("Nobody lifts their own conflict of interest. Ask somebody else.")


def _new_warrant(say: Saying) -> None:
    event = say.event
    if event.warrant in say.rights.warrants:
        raise RightNotPossible(f"There is a warrant {event.warrant} already. Choose a new name.")
    if event.starts.tzinfo is None or event.ends.tzinfo is None:
        raise RightNotPossible("Say the time zone of “starts” and “ends”, such as +00:00.")
    if not event.starts < event.ends <= event.starts + LONGEST_WARRANT:
        raise RightNotPossible("A warrant lasts from “starts” to “ends”, at most 366 days.")
    if event.ends <= say.now:
        raise RightNotPossible("This warrant is over already. Choose a later end.")
    if bool(event.plans) == event.whole_authority:
        raise RightNotPossible("Name the plans of the sample, or the whole authority: one of both.")


def _approvable_warrant(say: Saying) -> None:
    warrant = say.rights.warrants.get(say.event.warrant)
    if warrant is None or warrant.approved or warrant.ended:
        raise RightNotPossible(f"No warrant {say.event.warrant} waits for approval.")
    _two_people(say, warrant.proposed_by)
    if say.by is not None and warrant.person == say.by:
        raise OwnWork("Nobody approves their own warrant. Ask somebody else to approve it.")


def _running_warrant(say: Saying) -> None:
    warrant = say.rights.warrants.get(say.event.warrant)
    if warrant is None or warrant.ended:
        raise RightNotPossible(f"No warrant {say.event.warrant} runs. Check its name.")


def _two_people(say: Saying, proposed_by: str | None) -> None:
    if say.by is not None and say.by == proposed_by:
        raise OwnWork("You proposed this. A second person must approve it.")


def _said_enough(say: Saying) -> None:
    event = say.event
    if len(" ".join(event.reason.split())) < SHORTEST_REASON:
        raise RightNotPossible(f"Say why in at least {SHORTEST_REASON} characters.")
    if not say.now < event.until <= say.now + LONGEST_GLASS:
        raise RightNotPossible("Emergency access lasts for 60 minutes at most.")


def _reviewable(say: Saying) -> None:
    glass = say.rights.glasses.get(say.event.glass)
    if glass is None or glass.reviewed is not None:
        raise RightNotPossible(f"No emergency access {say.event.glass} waits for a review.")
    if say.by is not None and say.by == glass.person:
        raise OwnWork("Nobody reviews their own emergency access. Somebody else must.")


def _climbable(say: Saying) -> None:
    glass = say.rights.glasses.get(say.event.glass)
    if glass is None or glass.reviewed is not None or glass.climbed:
        raise RightNotPossible("This emergency access does not wait for others to be told.")


_RULES: Mapping[type[rights_events.RightsEvent], tuple[Callable[[Saying], None], ...]] = {
    rights_events.PersonRegistered: (_new_person,),
    rights_events.IdentityLinked: (_new_identity,),
    rights_events.IdentityApproved: (_approvable_identity,),
    rights_events.IdentityUnlinked: (_linked_identity,),
    rights_events.PersonDisabled: (_is_disabled,),
    rights_events.PersonRestored: (_is_disabled,),
    rights_events.GrantProposed: (_new_grant,),
    rights_events.GrantApproved: (_approvable_grant,),
    rights_events.GrantEnded: (_running_grant,),
    rights_events.TeamJoined: (_spell,),
    rights_events.TeamLeft: (_in_team,),
    rights_events.Allocated: (_spell, _no_two_minds),
    rights_events.AllocationEnded: (_is_allocated,),
    rights_events.MemberNamed: (_spell, _own_member),
    rights_events.MembershipEnded: (_is_member, _own_member),
    rights_events.PlanRestricted: (_not_restricted, _reviewed_soon),
    rights_events.RestrictionReviewed: (_restricted, _reviewed_soon),
    rights_events.PersonAdmitted: (_restricted, _on_list),
    rights_events.PersonRemoved: (_restricted, _on_list),
    rights_events.RestrictionLifted: (_restricted,),
    rights_events.ConflictDeclared: (_about_one,),
    rights_events.ConflictLifted: (_running_conflict,),
    rights_events.WarrantProposed: (_new_warrant,),
    rights_events.WarrantApproved: (_approvable_warrant,),
    rights_events.WarrantEnded: (_running_warrant,),
    rights_events.GlassBroken: (_said_enough,),
    rights_events.GlassReviewed: (_reviewable,),
    rights_events.GlassReviewClimbed: (_climbable,),
}
