"""Demonstrations: databases of invented people, in which anybody signs in as any of them."""

from hashlib import sha256
from typing import NamedTuple

from plantrack.application.services import Services
from plantrack.domain.refusals import RightNotPossible
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import SERVICES, Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.record import CannotReach


class Player(NamedTuple):
    """Somebody invented whom the sign-in page offers."""

    name: str
    duty: Duty
    agency: str
    sees: str
    """What whoever signs in as them will see."""
    team: str | None = None


CAST = (
    Player(
        "Casey Hollin",
        Duty.CHAIR,
        "csc",
        "Chairs half of the plans; a review conference for three siblings is a few days away.",
    ),
    Player(
        "Orla Tarrow",
        Duty.CHAIR,
        "csc",
        "Chairs the other half, with a plan that has lasted too long and one that went well.",
    ),
    Player(
        "Wyn Abbery",
        Duty.SOCIAL_WORKER,
        "csc",
        "Works with three siblings who do not fare alike, and with a plan that few may see.",
        "North",
    ),
    Player(
        "Idris Pellow",
        Duty.SOCIAL_WORKER,
        "csc",
        "Decided something alone, and the school nurse has challenged it.",
        "North",
    ),
    Player(
        "Mina Sorrel",
        Duty.SOCIAL_WORKER,
        "csc",
        "Knows one family privately, so their plans do not exist for her.",
        "South",
    ),
    Player(
        "Jude Castell",
        Duty.SOCIAL_WORKER,
        "csc",
        "Took emergency access to another team's plan last night.",
        "South",
    ),
    Player(
        "Toni Marrick",
        Duty.TEAM_MANAGER,
        "csc",
        "Sees what the north team owes, the longest open first, and answers for it.",
        "North",
    ),
    Player(
        "Sam Ferriby",
        Duty.TEAM_MANAGER,
        "csc",
        "Sees what the south team owes, and an alert that climbed past her.",
        "South",
    ),
    Player(
        "Ash Corvane",
        Duty.SERVICE_MANAGER,
        "csc",
        "Sees every plan and pattern, and an emergency access that waits for a review.",
    ),
    Player(
        "Noor Ellery",
        Duty.PARTNER_PROFESSIONAL,
        "school-nursing",
        "Challenged a decision, asked for supervision, and has information to acknowledge.",
    ),
    Player(
        "Tess Farrow",
        Duty.PARTNER_PROFESSIONAL,
        "school",
        "Has not been asked about a decision yet, and has information to acknowledge.",
    ),
    Player(
        "Hana Brisco",
        Duty.PARTNER_PROFESSIONAL,
        "health-visiting",
        "Visits the youngest children, with actions of her own on their plans.",
    ),
    Player(
        "Dale Rooke",
        Duty.PARTNER_PROFESSIONAL,
        "police",
        "Tells others what police know, and holds something back with a reason.",
    ),
    Player(
        "Lee Wexcombe",
        Duty.PARTNER_LEAD,
        "school",
        "Answers for schools: every plan that a school is on.",
    ),
    Player(
        "Priya Tolland",
        Duty.PARTNER_LEAD,
        "school-nursing",
        "Took a school nurse's challenge to the second stage and waits for an answer.",
    ),
    Player(
        "Morwen Hale",
        Duty.PARTNER_LEAD,
        "health-visiting",
        "Answers for health visiting: every plan that a health visitor is on.",
    ),
    Player(
        "Kit Osgar",
        Duty.PARTNER_LEAD,
        "police",
        "Safeguarding partner for police: is told of what nobody below has answered.",
    ),
    Player(
        "Ira Venn",
        Duty.INSPECTOR,
        "ofsted",
        "Holds a warrant for the whole authority and replays any plan, day by day.",
    ),
    Player(
        "Pat Greeve",
        Duty.PRIVACY_OFFICER,
        "csc",
        "Sees who looked at whom, and reviews emergency access; reads no plans.",
    ),
    Player(
        "Ade Lorne",
        Duty.ADMIN,
        "csc",
        "Keeps people, roles, rules and working days; sees no plans at all.",
    ),
)
"""Whom one may sign in as, a few for each role; all are invented."""

WINGS = {
    "Bryn Tolley": "early-help",
    "Cora Whin": "midwifery",
    "Dee Ambler": "nursery",
    "Gil Stowe": "housing",
    "Ines Rowan": "mental-health",
    "Jory Pike": "drug-service",
    "Lior Becket": "paediatrics",
    "Mab Thorne": "gp",
    "Nell Quist": "college",
    "Oz Garrow": "youth-justice",
    "Petra Lunn": "probation",
    "Rafe Enderby": "hospital",
    "Suki Dray": "voluntary",
}
"""Partner professionals who record on plans and whom the sign-in page does not offer."""


def declare(services: Services) -> None:
    """Declare a database that holds nothing yet a demonstration; that cannot be taken back."""
    if services.authoriser.look().rights.demonstration:
        return
    if services.record.last_position() or services.record.rights_number():
        raise CannotReach(
            "This database holds entries already, so it cannot become a demonstration. Use a new "
            "file."
        )
    services.authoriser.state([rights_events.DemonstrationDeclared()], THE_TRACKER, None)


def known_as(name: str, agency: str) -> str:
    """Give by what rights know somebody invented: one human of an agency has one name there."""
    return f"p-{sha256(f'{agency}/{name}'.encode()).hexdigest()[:16]}"


def make_known(services: Services, name: str, post: Appointment) -> str:
    """Make somebody invented known in a post, if they are not, and say by what they are known."""
    person = known_as(name, post.agency)
    rights = services.authoriser.look().rights
    if post in rights.posts_of(person, services.today()):
        return person
    grant = f"g-{person[2:]}-{post.duty.value.replace('_', '-')}"[:40]
    if person not in rights.people:
        _state(
            services, rights_events.PersonRegistered(person=person, name=name, agency=post.agency)
        )
    if grant not in rights.grants:
        why = "signed in to a demonstration"
        _state(
            services,
            rights_events.GrantProposed(grant=grant, person=person, role=post.duty, reason=why),
        )
        _state(services, rights_events.GrantApproved(grant=grant))
    return person


def people(services: Services) -> list[tuple[str, str, Appointment]]:
    """List the people as whom one may sign in, with each of their posts; the cast comes first."""
    rights, today = services.authoriser.look().rights, services.today()
    place = {known_as(each.name, each.agency): at for at, each in enumerate(CAST)}
    hidden = {known_as(name, agency) for name, agency in WINGS.items()}
    known = [
        (person, known.name, post)
        for person, known in list(rights.people.items())
        for post in rights.posts_of(person, today)
        if post.duty not in SERVICES and person not in hidden
    ]
    return sorted(known, key=lambda each: place.get(each[0], len(place)))


def _state(services: Services, event: rights_events.RightsEvent) -> None:
    try:
        services.authoriser.state([event], THE_TRACKER, None)
    except RightNotPossible:
        return  # somebody signed in as the same person at the same moment
