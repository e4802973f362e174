"""The page where somebody chooses where to sign in; in a demonstration, as whom."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from plantrack import demonstration
from plantrack.api.doors import Doors
from plantrack.api.signing_in import written
from plantrack.desk import Desk
from plantrack.domain.rights.words import Duty
from plantrack.pages.frame import Frame

AUDIENCES: Mapping[str, frozenset[Duty]] = {
    "They work with children and families": frozenset({Duty.CHAIR, Duty.SOCIAL_WORKER}),
    "They answer for the work of others": frozenset({Duty.TEAM_MANAGER, Duty.SERVICE_MANAGER}),
    "They are from another agency": frozenset({Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD}),
    "They look at the work from outside": frozenset({Duty.INSPECTOR}),
    "They look after the service": frozenset({Duty.PRIVACY_OFFICER, Duty.ADMIN}),
}
"""Under which heading the sign-in page of a demonstration offers each role."""


def show_ways_in(request: Request, desk: Desk, doors: Doors, asked: str) -> Response:
    """Show where one can sign in; what was asked for goes along to the provider."""
    demo = desk.gate.look().rights.demonstration
    return Frame(request).page(
        "entrance/sign_in.html",
        title="Sign in",
        providers=[
            (f"/sign-in?provider={each.name}&{asked}", each.title) for each in doors.providers
        ],
        audiences=offered(desk) if demo else [],
    )


def offered(desk: Desk) -> list[tuple[str, list[dict[str, Any]]]]:
    """Group the people of a demonstration by what they do, each with what they will see."""
    sees = {(each.name, each.duty): each.sees for each in demonstration.CAST}
    people: list[dict[str, Any]] = [
        {
            "person": person,
            "name": name,
            "post": post,
            "written": written(post),
            "sees": sees.get((name, post.duty)),
        }
        for person, name, post in demonstration.people(desk)
    ]
    groups = [
        (says, [each for each in people if each["post"].duty in duties])
        for says, duties in AUDIENCES.items()
    ]
    return [(says, group) for says, group in groups if group]
