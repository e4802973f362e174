"""The forms in which people are made known, given roles, and let in or kept out."""

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from plantrack.domain.calendar import LONDON
from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.rights.words import Duty
from plantrack.pages.forms import Day, Line, Lines, Name, One, Option, Words
from plantrack.pages.rights.registered import may_be
from plantrack.pages.rights.submission import RightsForm

REASON = Words(
    name="reason",
    asks="Why?",
    missing="Enter why",
    hint="Whoever asks about this later reads it",
    rows=3,
)
UNTIL = Day(
    name="until",
    asks="Until which day?",
    optional=True,
    missing="Enter the last day",
    hint="Leave it empty if there is no end. For example, 31 3 2027",
)
SINCE = Day(name="since", asks="From which day?", missing="Enter the first day")
APPROVE = "Approve it"
SECOND = "It is proposed. It holds when somebody else has approved it."
APPROVED = "It is approved, and holds from now on."


def _roles(_: Mapping[str, Any]) -> Iterator[Option]:
    return (Option(duty.value, capitalised(duty.says)) for duty in Duty if may_be(duty))


def _agencies(at_hand: Mapping[str, Any]) -> Iterator[Option]:
    return (Option(name, capitalised(says)) for name, says in at_hand.get("agencies", ()))


def _issuers(at_hand: Mapping[str, Any]) -> Iterator[Option]:
    return (Option(issuer, title) for issuer, title in at_hand.get("issuers", ()))


def _named(field: str, letter: str) -> Any:
    """Give a new thing a name of its own, which nobody has to choose."""

    def give(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {field: f"{letter}-{secrets.token_hex(6)}"}

    return give


def _warranted(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let a warrant hold from the beginning of its first day to the end of its last."""
    first, last = date.fromisoformat(said["starts"]), date.fromisoformat(said["ends"])
    return {
        "warrant": f"W-{secrets.token_hex(6)}",
        "starts": _midnight(first),
        "ends": _midnight(last + timedelta(days=1)),
        "plans": said.get("plans", []),
        "whole_authority": not said.get("plans"),
    }


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), LONDON).isoformat()


NEW = RightsForm(
    kind="PersonRegistered",
    title="Make somebody known",
    lead="Then propose a role for them, and say how they sign in. Both need a second person.",
    questions=(
        Line(name="name", asks="What is their name?", missing="Enter their name"),
        One(
            name="agency",
            asks="Which agency are they from?",
            among=_agencies,
            missing="Select their agency",
        ),
    ),
    button="Make them known",
    then="They are known now. Propose a role for them, and say how they sign in.",
    rest=_named("person", "p"),
)
FORMS: Mapping[str, RightsForm] = {
    "role": RightsForm(
        kind="GrantProposed",
        title="Propose a role for {who}",
        lead="A second person must approve it before it holds.",
        questions=(
            One(name="role", asks="Which role?", among=_roles, missing="Select the role"),
            One(
                name="agency",
                asks="For which agency, if it is not their own?",
                among=_agencies,
                optional=True,
                none="Their own agency",
            ),
            UNTIL,
            REASON,
        ),
        button="Propose this role",
        then=SECOND,
        rest=_named("grant", "g"),
    ),
    "role-approve": RightsForm(
        kind="GrantApproved",
        title="Approve a role of {who}",
        given=("grant",),
        button=APPROVE,
        then=APPROVED,
    ),
    "role-end": RightsForm(
        kind="GrantEnded",
        title="End a role of {who}",
        lead="They cannot use it any more, from their next click on.",
        questions=(REASON,),
        given=("grant",),
        button="End this role",
        then="The role has ended.",
    ),
    "identity": RightsForm(
        kind="IdentityLinked",
        title="Say how {who} signs in",
        lead="A second person must approve it: whoever is linked is let in as this person.",
        questions=(
            One(
                name="issuer",
                asks="Where do they sign in?",
                among=_issuers,
                missing="Select where they sign in",
                nothing="No provider is set up here, so nobody can be linked to one.",
            ),
            Line(
                name="subject",
                asks="By which subject does it know them?",
                hint="The provider's own name for them, such as 8f14e45f, and not an email address",
                missing="Enter the subject by which they are known there",
            ),
        ),
        button="Propose this",
        then=SECOND,
    ),
    "identity-approve": RightsForm(
        kind="IdentityApproved",
        title="Approve how {who} signs in",
        given=("issuer", "subject"),
        button=APPROVE,
        then=APPROVED,
    ),
    "identity-end": RightsForm(
        kind="IdentityUnlinked",
        title="Let {who} sign in so no more",
        questions=(REASON,),
        given=("issuer", "subject"),
        button="End this way to sign in",
        then="They cannot sign in that way any more.",
    ),
    "team": RightsForm(
        kind="TeamJoined",
        title="Put {who} into a team",
        questions=(
            Name(
                name="team",
                asks="Which team?",
                hint="As it stands on plans, for example North",
                missing="Enter the team",
            ),
            SINCE,
            UNTIL,
        ),
        button="Put them into the team",
    ),
    "team-leave": RightsForm(
        kind="TeamLeft",
        title="Take {who} out of a team",
        given=("team",),
        button="Take them out of the team",
    ),
    "disable": RightsForm(
        kind="PersonDisabled",
        title="Keep {who} out",
        lead="They are signed out everywhere at once, and cannot sign in. Their roles stay as they "
        "are, for the day on which they are let in again.",
        questions=(REASON,),
        button="Keep them out",
        then="They are signed out everywhere, and cannot sign in.",
    ),
    "restore": RightsForm(
        kind="PersonRestored",
        title="Let {who} in again",
        questions=(REASON,),
        button="Let them in again",
        then="They can sign in again, in the roles that they had.",
    ),
    "warrant": RightsForm(
        kind="WarrantProposed",
        title="Propose a warrant for {who}",
        lead="It lets an inspector read plans for a time. Somebody else must approve it: a service "
        "manager or a privacy officer.",
        questions=(
            Line(name="purpose", asks="What is it for?", missing="Enter what the warrant is for"),
            Day(name="starts", asks="From which day?", missing="Enter the first day"),
            Day(
                name="ends",
                asks="Until which day?",
                missing="Enter the last day",
                hint="The last day is within it. For example, 31 3 2027",
            ),
            Lines(
                name="plans",
                asks="Which plans?",
                hint="One reference a line. Leave it empty for the whole authority, without "
                "restricted plans",
                optional=True,
            ),
        ),
        button="Propose this warrant",
        then=SECOND,
        rest=_warranted,
    ),
    "warrant-approve": RightsForm(
        kind="WarrantApproved",
        title="Approve a warrant of {who}",
        given=("warrant",),
        button=APPROVE,
        then=APPROVED,
    ),
    "warrant-end": RightsForm(
        kind="WarrantEnded",
        title="End a warrant of {who}",
        questions=(REASON,),
        given=("warrant",),
        button="End this warrant",
        then="The warrant has ended.",
    ),
}
"""What can be said of one person, by the last part of its address."""
