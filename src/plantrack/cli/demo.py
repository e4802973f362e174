"""``plantrack demo``: the case of Child J1, from a history file to what would have been raised."""

from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from plantrack.cli import importing, keeping, listing, rehearsing
from plantrack.cli.leaving import Exit
from plantrack.cli.printing import out, paragraph, talk

EVERY = 300.0


def run_demo(*, port: int, serving: bool) -> Exit:
    """Import the case into a fresh database, rehearse it, and serve it to sign in to."""
    case = resources.files("plantrack.cases").joinpath("child-j1.jsonl")
    out(
        paragraph(
            "Child J1, seven years old, collapsed in school in 2020. What follows takes the facts "
            "of the published learning brief, with dates chosen for illustration, and asks: what "
            "should have happened, by when, and when would somebody have been told?"
        )
    )
    with resources.as_file(case) as history, TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        out("\n1. The history goes onto the record.\n")
        keeping.make_ready(database)
        _declare(database)
        importing.import_files([history], database, dry_run=False, partial=False)
        out("\n2. The plans that it is about.\n")
        listing.list_plans(database, json=False)
        out("\n3. Every duty that was missed comes out.\n")
        found = rehearsing.rehearse([history], [], None, json=False)
        out()
        out(
            paragraph(
                "This is the end of the calendar; the summary by finding stands at its head. To "
                "ask the same of a history of your own: plantrack rehearse FILE"
            )
        )
        if serving:
            out("\n4. It is served, with one person a role to sign in as.\n")
            _serve(database, port)
    return found


def _serve(database: str, port: int) -> None:
    from plantrack import demonstration, main
    from plantrack.desk import Desk

    with Desk(database) as desk:
        demonstration.people_the_case(desk)
    main.serve(database, main.Serving("127.0.0.1", port, EVERY), say=talk)


def _declare(database: str) -> None:
    from plantrack import demonstration
    from plantrack.desk import Desk

    with Desk(database) as desk:
        demonstration.declare(desk)
