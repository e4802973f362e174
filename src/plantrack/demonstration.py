"""Demonstrations: databases of invented people, in which anybody signs in as any of them."""

from datetime import timedelta
from hashlib import sha256

from plantrack.desk import Desk
from plantrack.domain.refusals import RightNotPossible
from plantrack.domain.rights import events as said
from plantrack.domain.rights.state import Post
from plantrack.domain.rights.words import SERVICES, Allocation, Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.record import CannotReach

ALLOCATED = {Duty.CHAIR: Allocation.CHAIR, Duty.SOCIAL_WORKER: Allocation.WORKER}


def declare(desk: Desk) -> None:
    """Declare a database that holds nothing yet a demonstration; that cannot be taken back."""
    if desk.gate.look().rights.demonstration:
        return
    if desk.record.last_position() or desk.record.rights_number():
        raise CannotReach(
            "This database holds entries already, so it cannot become a demonstration. Use a new "
            "file."
        )
    desk.gate.state([said.DemonstrationDeclared()], THE_TRACKER, None)


def known_as(name: str, agency: str) -> str:
    """Give by what rights know somebody invented: one human of an agency has one name there."""
    return f"p-{sha256(f'{agency}/{name}'.encode()).hexdigest()[:16]}"


def make_known(desk: Desk, name: str, post: Post) -> str:
    """Make somebody invented known in a post, if they are not, and say by what they are known."""
    person = known_as(name, post.agency)
    rights = desk.gate.look().rights
    if post in rights.posts_of(person, desk.today()):
        return person
    grant = f"g-{person[2:]}-{post.duty.value.replace('_', '-')}"[:40]
    if person not in rights.people:
        _state(desk, said.PersonRegistered(person=person, name=name, agency=post.agency))
    if grant not in rights.grants:
        why = "signed in to a demonstration"
        _state(desk, said.GrantProposed(grant=grant, person=person, role=post.duty, reason=why))
        _state(desk, said.GrantApproved(grant=grant))
    return person


def people(desk: Desk) -> list[tuple[str, str, Post]]:
    """List the people as whom one may sign in, with each of their posts."""
    rights, today = desk.gate.look().rights, desk.today()
    return [
        (person, known.name, post)
        for person, known in list(rights.people.items())
        for post in rights.posts_of(person, today)
        if post.duty not in SERVICES
    ]


CAST = (
    ("Casey Chair", Duty.CHAIR, "csc"),
    ("Wyn Worker", Duty.SOCIAL_WORKER, "csc"),
    ("Toni Teams", Duty.TEAM_MANAGER, "csc"),
    ("Sam Service", Duty.SERVICE_MANAGER, "csc"),
    ("Noor Nurse", Duty.PARTNER_PROFESSIONAL, "school-nursing"),
    ("Lee Lead", Duty.PARTNER_LEAD, "school"),
    ("Ira Inspector", Duty.INSPECTOR, "ofsted"),
    ("Pat Privacy", Duty.PRIVACY_OFFICER, "csc"),
    ("Ade Admin", Duty.ADMIN, "csc"),
)
"""One person a role, all invented."""

TEAM = "T1"
WARRANT_LASTS = timedelta(days=30)


def people_the_case(desk: Desk) -> None:
    """Make one person a role known, and tie each to every plan as the role is tied to plans."""
    who = {duty: make_known(desk, name, Post(duty, agency)) for name, duty, agency in CAST}
    since = desk.today()
    for duty in (Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER):
        _state(desk, said.TeamJoined(person=who[duty], team=TEAM, since=since))
    for plan in desk.record.plans():
        for duty, allocation in ALLOCATED.items():
            _state(
                desk,
                said.Allocated(plan=plan, person=who[duty], allocation=allocation, since=since),
            )
        _state(
            desk, said.MemberNamed(plan=plan, person=who[Duty.PARTNER_PROFESSIONAL], since=since)
        )
    now = desk.tracker.now()
    warrant = said.WarrantProposed(
        warrant="W-1",
        person=who[Duty.INSPECTOR],
        purpose="to try plantrack out",
        starts=now,
        ends=now + WARRANT_LASTS,
        whole_authority=True,
    )
    _state(desk, warrant)
    _state(desk, said.WarrantApproved(warrant="W-1"))


def _state(desk: Desk, event: said.RightsEvent) -> None:
    try:
        desk.gate.state([event], THE_TRACKER, None)
    except RightNotPossible:
        return  # somebody signed in as the same person at the same moment
