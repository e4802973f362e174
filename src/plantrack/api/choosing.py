"""The page where somebody chooses where to sign in; in a demonstration, as whom."""

from fastapi.responses import Response

from plantrack import demonstration
from plantrack.api import pages
from plantrack.api.doors import Doors
from plantrack.api.signing_in import written
from plantrack.desk import Desk
from plantrack.domain.words import agency

NOTHING = "No sign-in is set up here. Tell whoever runs plantrack."


def show_ways_in(desk: Desk, doors: Doors, asked: str) -> Response:
    """Show where one can sign in; what was asked for goes along to the provider."""
    demo = desk.gate.look().rights.demonstration
    links = [
        pages.link(f"/sign-in?provider={each.name}&{asked}", f"Sign in with {each.title}")
        for each in doors.providers
    ]
    parts = [*links, *(_invented(desk) if demo else ())] or [pages.said(NOTHING)]
    return pages.page("Sign in", *parts, demo=demo)


def _invented(desk: Desk) -> list[str]:
    """List the invented people with a button each."""
    people = [
        pages.said(f"{name}: {post.duty.says}, {agency(post.agency)}")
        + pages.button("/demo/sign-in", f"Sign in as {name}", person=person, post=written(post))
        for person, name, post in demonstration.people(desk)
    ]
    return [pages.said("Choose whom to sign in as. Each sees what their role sees.")] + (
        [pages.listed(people)] if people else []
    )
