"""The page where somebody chooses where to sign in; in a demonstration, as whom."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from plantrack.application import demo_people
from plantrack.application.services import Services
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.layout import Frame
from plantrack.web.sources import Sources
from plantrack.web.who import written

AUDIENCES: Mapping[str, frozenset[Duty]] = {
    "They work with children and families": frozenset({Duty.CHAIR, Duty.SOCIAL_WORKER}),
    "They answer for the work of others": frozenset({Duty.TEAM_MANAGER, Duty.SERVICE_MANAGER}),
    "They are from another agency": frozenset({Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD}),
    "They look at the work from outside": frozenset({Duty.INSPECTOR}),
    "They look after the service": frozenset({Duty.PRIVACY_OFFICER, Duty.ADMIN}),
}
"""Under which heading the sign-in page of a demonstration offers each role."""


def show_ways_in(request: Request, services: Services, sources: Sources, asked: str) -> Response:
    """Show where one can sign in; what was asked for goes along to the provider."""
    demo = services.authoriser.look().rights.demonstration
    return Frame(request).page(
        "entrance/sign_in.html",
        title="Sign in",
        providers=[
            (f"/sign-in?provider={each.name}&{asked}", each.title) for each in sources.providers
        ],
        audiences=offered(services) if demo else [],
    )


def offered(services: Services) -> list[tuple[str, list[dict[str, Any]]]]:
    """Group the people of a demonstration by what they do, each with what they will see."""
    sees = {(each.name, each.duty): each.sees for each in demo_people.CAST}
    people: list[dict[str, Any]] = [
        {
            "person": person,
            "name": name,
            "post": post,
            "written": written(post),
            "sees": sees.get((name, post.duty)),
        }
        for person, name, post in demo_people.people(services)
    ]
    groups = [
        (says, [each for each in people if each["post"].duty in duties])
        for says, duties in AUDIENCES.items()
    ]
    return [(says, group) for says, group in groups if group]
