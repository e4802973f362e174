"""The commands, as ``plantrack --help`` shows them. What they need is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="plantrack",
    help="Keeps child in need and child protection plans, and says what is owed on them.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
policies = typer.Typer(
    help="Show or check the policy: periods, quorum, who is told.", rich_markup_mode=None
)
app.add_typer(policies, name="policy")

Files = Annotated[
    list[Path],
    typer.Argument(help="History files (JSON Lines); several are one history.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Database = Annotated[
    str,
    typer.Option(
        envvar="PLANTRACK_DATABASE",
        help="Where the record is: sqlite:///FILE or postgresql://…",
    ),
]
Plan = Annotated[
    str, typer.Argument(help="The name of a plan, such as CP-0417.", show_default=False)
]
KnownAt = Annotated[
    str | None,
    typer.Option(help="As it was known at this day's end, or at this time (2020-03-09T14:30)."),
]
TrueOn = Annotated[
    str | None,
    typer.Option(help="What was true on this day (2020-03-09), whenever it was recorded."),
]
PolicyFiles = Annotated[
    list[Path] | None,
    typer.Option("--policy", help="A policy file laid over England's default; may be repeated."),
]
HERE = "sqlite:///plantrack.db"


@app.command()
def rehearse(
    files: Files,
    policy: PolicyFiles = None,
    until: Annotated[str | None, typer.Option(help="The last day to sweep (2020-07-01).")] = None,
    json: Json = False,
) -> None:
    """Run past histories through the rules: what would have been raised, and when."""
    from plantrack.cli.rehearsing import rehearse as run

    raise typer.Exit(run(files, policy or [], until, json=json))


@app.command("import")
def import_(
    files: Files,
    database: Database = HERE,
    dry_run: Annotated[bool, typer.Option(help="Check every line and store nothing.")] = False,
    partial: Annotated[
        bool, typer.Option(help="Store the good lines and say what is left out.")
    ] = False,
) -> None:
    """Put past histories on the record, marked as imported; all lines or none."""
    from plantrack.cli.importing import import_files

    raise typer.Exit(import_files(files, database, dry_run=dry_run, partial=partial))


@app.command()
def migrate(database: Database = HERE) -> None:
    """Make the database ready for this version of plantrack."""
    from plantrack.cli.keeping import migrate as run

    raise typer.Exit(run(database))


@app.command()
def schema() -> None:
    """Print the JSON Schema of every kind of event."""
    from plantrack.cli.keeping import print_schema

    raise typer.Exit(print_schema())


@app.command()
def plans(database: Database = HERE, json: Json = False) -> None:
    """List every plan on the record."""
    from plantrack.cli.looking import list_plans

    raise typer.Exit(list_plans(database, json=json))


@app.command()
def show(
    plan: Plan,
    known_at: KnownAt = None,
    true_on: TrueOn = None,
    database: Database = HERE,
    policy: PolicyFiles = None,
    json: Json = False,
) -> None:
    """Show where a plan stands: now, as it was known then, or as it was true on a day."""
    from plantrack.cli.looking import show_plan

    raise typer.Exit(show_plan(database, plan, known_at, true_on, policy or [], json=json))


@app.command()
def chronology(
    plan: Plan,
    known_at: KnownAt = None,
    true_on: TrueOn = None,
    database: Database = HERE,
    json: Json = False,
) -> None:
    """Tell a plan's whole history, entry by entry."""
    from plantrack.cli.looking import tell_chronology

    raise typer.Exit(tell_chronology(database, plan, known_at, true_on, json=json))


@app.command()
def compare(
    plan: Plan,
    from_: Annotated[str, typer.Option("--from", help="The earlier moment.", show_default=False)],
    to: Annotated[str, typer.Option("--to", help="The later moment.", show_default=False)],
    true_on: TrueOn = None,
    database: Database = HERE,
    policy: PolicyFiles = None,
    json: Json = False,
) -> None:
    """Say what came onto the record between two moments, and what it changed."""
    from plantrack.cli.looking import compare_moments

    found = compare_moments(database, plan, (from_, to), true_on, policy or [], json=json)
    raise typer.Exit(found)


@policies.command("show")
def policy_show(
    files: Annotated[list[Path] | None, typer.Argument(help="Files laid over the default.")] = None,
    json: Json = False,
) -> None:
    """Show every rule as a sentence, with its force and source."""
    from plantrack.cli.policies import show_policy

    raise typer.Exit(show_policy(files or [], json=json))


@policies.command("check")
def policy_check(file: Annotated[Path, typer.Argument(help="A policy file.")]) -> None:
    """Say whether a policy file can be used, and if not, where it is wrong."""
    from plantrack.cli.policies import check_policy

    raise typer.Exit(check_policy(file))


@app.command()
def demo() -> None:
    """Take in and rehearse the case of Child J1 on a fresh database, and tell what comes out."""
    from plantrack.cli.demo import run_demo

    raise typer.Exit(run_demo())
