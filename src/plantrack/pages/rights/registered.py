"""What rights say of a person, in words: who they are here, and what waits for somebody else."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from plantrack.domain.rights.state import Grant, Known, Rights, Spell, Warrant
from plantrack.domain.rights.words import Duty

WAITS, HOLDS, ENDED = "Waits for a second person", "Holds", "Ended"


class Waiting(NamedTuple):
    """Something that holds only when a second person approves it."""

    person: str
    name: str
    what: str
    proposed_by: str | None
    """By what whoever proposed it is known; they cannot approve it themselves."""
    proposer: str
    approve: str
    """What follows /people/ in the address at which it is approved."""


def waiting(rights: Rights) -> Iterator[Waiting]:
    """Give everything that waits for a second person, by the name of whom it is about."""
    found = [*_grants(rights), *_identities(rights), *_warrants(rights)]
    yield from sorted(found, key=lambda each: each.name)


def row(rights: Rights, known: Known, today: date) -> dict[str, Any]:
    """Tell a person in one line of a list."""
    posts = rights.posts_of(known.person, today)
    return {
        "person": known.person,
        "name": known.name,
        "agency": known.agency,
        "disabled": known.disabled,
        "roles": [post.duty.says for post in posts],
        "teams": sorted(rights.teams_of(known.person, today)),
    }


def whole(rights: Rights, known: Known, today: date) -> dict[str, Any]:
    """Tell everything that an administrator may know of a person."""
    name = known.person
    return row(rights, known, today) | {
        "grants": [_grant(rights, rights.grants[each], today) for each in rights.grants_of[name]]
        if name in rights.grants_of
        else [],
        "identities": [
            {"issuer": issuer, "subject": subject}
            for (issuer, subject), person in list(rights.identities.items())
            if person == name
        ],
        "spells": [_spell(each, today) for each in rights.teams.get(name, ())],
        "warrants": [_warrant(rights.warrants[each]) for each in rights.warrants_of.get(name, ())],
        "waiting": [each for each in waiting(rights) if each.person == name],
    }


def name_of(rights: Rights, person: str | None) -> str:
    """Name somebody; what was put in on the server was said by nobody."""
    known = rights.people.get(person or "")
    return known.name if known else "whoever runs the server"


def may_be(duty: Duty) -> bool:
    """Whether a role is one that a person can have."""
    return duty not in (Duty.SCHEDULER, Duty.WITNESS, Duty.ANONYMOUS)


def _at(person: str, what: str, **given: str) -> str:
    return f"{person}/{what}?{urlencode(given)}"


def _grants(rights: Rights) -> Iterator[Waiting]:
    for grant in list(rights.grants.values()):
        if not grant.approved and not grant.ended:
            yield Waiting(
                grant.person,
                name_of(rights, grant.person),
                f"to be {grant.post.duty.says}",
                grant.proposed_by,
                name_of(rights, grant.proposed_by),
                _at(grant.person, "role-approve", grant=grant.grant),
            )


def _identities(rights: Rights) -> Iterator[Waiting]:
    for (issuer, subject), linking in list(rights.linking.items()):
        yield Waiting(
            linking.person,
            name_of(rights, linking.person),
            f"to sign in as “{subject}” of {issuer}",
            linking.proposed_by,
            name_of(rights, linking.proposed_by),
            _at(linking.person, "identity-approve", issuer=issuer, subject=subject),
        )


def _warrants(rights: Rights) -> Iterator[Waiting]:
    for warrant in list(rights.warrants.values()):
        if not warrant.approved and not warrant.ended:
            yield Waiting(
                warrant.person,
                name_of(rights, warrant.person),
                f"to inspect under a warrant: {warrant.purpose}",
                warrant.proposed_by,
                name_of(rights, warrant.proposed_by),
                _at(warrant.person, "warrant-approve", warrant=warrant.warrant),
            )


def _grant(rights: Rights, grant: Grant, today: date) -> dict[str, Any]:
    return {
        "grant": grant.grant,
        "says": grant.post.duty.says,
        "agency": grant.post.agency,
        "until": grant.until,
        "state": _state(approved=grant.approved, holds=grant.holds_on(today)),
        "proposer": name_of(rights, grant.proposed_by),
    }


def _spell(spell: Spell, today: date) -> dict[str, Any]:
    return {
        "team": spell.what,
        "since": spell.since,
        "until": spell.until,
        "holds": spell.holds_on(today),
    }


def _warrant(warrant: Warrant) -> dict[str, Any]:
    return {
        "warrant": warrant.warrant,
        "purpose": warrant.purpose,
        "starts": warrant.starts,
        "ends": warrant.ends,
        "plans": len(warrant.plans),
        "whole": warrant.whole_authority,
        "state": _state(approved=warrant.approved, holds=not warrant.ended),
    }


def _state(*, approved: bool, holds: bool) -> str:
    if not approved:
        return WAITS
    return HOLDS if holds else ENDED
