"""``plantrack demo``: an invented partnership to sign in to, or the story of Child J1 told."""

from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from plantrack.cli import import_history, lists, migrate, rehearse
from plantrack.cli.exits import Exit, WrongUsage
from plantrack.cli.printing import counted, out, paragraph, progress, table, talk

EVERY = 300.0
WHY = (
    "Child J1 was seven. Many people knew something, two agencies asked for help, and one agency "
    "decided alone. This is what a tracker that forgets nothing would have said, to whom and when; "
    "beside J1 stand some forty plans as they are on any day, most of them going well."
)
WHAT = (
    "Fernleigh is no council, and nobody in it is real. Two years of its plans are put on the "
    "record now, line by line as people wrote them, with the sweep of every morning in between."
)


def run_demo(*, port: int, database: Path | None = None, serving: bool = True) -> Exit:
    """Serve the partnership from a file that is built if need be, or only tell the story."""
    if not serving:
        return _tell_story()
    if database:
        _serve(database.absolute(), port)
    else:
        with TemporaryDirectory() as folder:
            _serve(Path(folder) / "demo.db", port)
    return Exit.DONE


def _serve(path: Path, port: int) -> None:
    from plantrack import main

    if not path.parent.is_dir():
        raise WrongUsage(f"There is no folder {path.parent}. Make it, or choose another file.")
    if path.exists():
        _refuse_what_is_real(path)
    out(paragraph(WHY))
    out()
    if not path.exists():
        out(paragraph(WHAT))
        _build(path)
    out("Sign in, at the address below, as one of these; the page has more of them:\n")
    _offer()
    main.serve(f"sqlite:///{path}", main.Serving("127.0.0.1", port, EVERY), say=talk)


def _build(path: Path) -> None:
    from plantrack.demo.partnership import build

    began, shown = monotonic(), 0
    with progress("Two years, a morning at a time", 100) as advance:

        def done(so_far: int, of: int) -> None:
            nonlocal shown
            advance(so_far * 100 // of - shown)
            shown = so_far * 100 // of

        build(path, done=done)
    out(f"That took {counted(round(monotonic() - began), 'second')}.\n")


def _offer() -> None:
    """Print one person a role, and what each will see."""
    from plantrack.application.demo_people import CAST

    first = {each.duty: each for each in reversed(CAST)}
    rows = [(each.name, duty.says, each.sees) for duty, each in reversed(first.items())]
    for line in table(("who", "role", "what they see"), rows):
        out(line)
    out()


def _refuse_what_is_real(path: Path) -> None:
    """Refuse a file that was not declared a demonstration when it was made."""
    from plantrack.application.services import Services

    with Services(f"sqlite:///{path}") as services:
        if not services.authoriser.look().rights.demonstration:
            raise WrongUsage(f"{path} is no demonstration. Choose another file for --database.")


def _tell_story() -> Exit:
    """Import the case of Child J1 into a fresh database, and rehearse it."""
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
        migrate.make_ready(database)
        import_history.import_files([history], database, dry_run=False, partial=False)
        out("\n2. The plans that it is about.\n")
        lists.list_plans(database, json=False)
        out("\n3. Every duty that was missed comes out.\n")
        found = rehearse.rehearse([history], [], None, json=False)
        out()
        out(
            paragraph(
                "This is the end of the calendar; the summary by finding stands at its head. To "
                "ask the same of a history of your own: plantrack rehearse FILE"
            )
        )
    return found
