"""The page where somebody chooses where to sign in; in a demonstration, as whom."""

from fastapi import Request
from fastapi.responses import Response

from plantrack import demonstration
from plantrack.api.doors import Doors
from plantrack.api.signing_in import written
from plantrack.desk import Desk
from plantrack.pages.frame import Frame


def show_ways_in(request: Request, desk: Desk, doors: Doors, asked: str) -> Response:
    """Show where one can sign in; what was asked for goes along to the provider."""
    demo = desk.gate.look().rights.demonstration
    people = demonstration.people(desk) if demo else []
    return Frame(request).page(
        "entrance/sign_in.html",
        title="Sign in",
        providers=[
            (f"/sign-in?provider={each.name}&{asked}", each.title) for each in doors.providers
        ],
        people=[
            {"person": person, "name": name, "post": post, "written": written(post)}
            for person, name, post in people
        ],
    )
