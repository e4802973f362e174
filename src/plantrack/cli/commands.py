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
    help="Show, check, try or adopt a policy: periods, quorum, who is told.", rich_markup_mode=None
)
rights = typer.Typer(help="List or add who may see and do what.", rich_markup_mode=None)
app.add_typer(policies, name="policy")
app.add_typer(rights, name="rights")

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
PolicyFile = Annotated[Path, typer.Argument(help="A policy file.", show_default=False)]
Team = Annotated[str | None, typer.Option(help="Only the plans of this team.")]
Agency = Annotated[str | None, typer.Option(help="Only what waits for this agency.")]
Rule = Annotated[str | None, typer.Option(help="Only this rule, such as child-seen.")]
OnePlan = Annotated[str | None, typer.Option("--plan", help="Only this plan.")]
Every = Annotated[float, typer.Option(help="Seconds between two sweeps.", min=0.1)]
HERE = "sqlite:///plantrack.db"
EVERY = 300.0


@app.command()
def rehearse(
    files: Files,
    policy: PolicyFiles = None,
    until: Annotated[str | None, typer.Option(help="The last day to sweep (2020-07-01).")] = None,
    json: Json = False,
) -> None:
    """Run past histories through the rules: what would have been raised, and when."""
    from plantrack.cli.rehearse import rehearse as run

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
    from plantrack.cli.import_history import import_files

    raise typer.Exit(import_files(files, database, dry_run=dry_run, partial=partial))


@app.command()
def migrate(database: Database = HERE) -> None:
    """Make the database and the lists ready for this version of plantrack."""
    from plantrack.cli.migrate import migrate as run

    raise typer.Exit(run(database))


@app.command()
def schema() -> None:
    """Print the JSON Schema of every kind of event."""
    from plantrack.cli.migrate import print_schema

    raise typer.Exit(print_schema())


@app.command()
def plans(database: Database = HERE, json: Json = False) -> None:
    """List every plan on the record."""
    from plantrack.cli.lists import list_plans

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
    from plantrack.cli.show import show_plan

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
    from plantrack.cli.show import tell_chronology

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
    from plantrack.cli.show import compare_moments

    found = compare_moments(database, plan, (from_, to), true_on, policy or [], json=json)
    raise typer.Exit(found)


@policies.command("show")
def policy_show(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files laid over what is in force.")
    ] = None,
    database: Database = HERE,
    json: Json = False,
) -> None:
    """Show every rule that is in force as a sentence, with its source."""
    from plantrack.cli.policies import show_policy

    raise typer.Exit(show_policy(database, files or [], json=json))


@policies.command("check")
def policy_check(file: Annotated[Path, typer.Argument(help="A policy file.")]) -> None:
    """Say whether a policy file can be used, and if not, where it is wrong."""
    from plantrack.cli.policies import check_policy

    raise typer.Exit(check_policy(file))


@policies.command("preview")
def policy_preview(file: PolicyFile, database: Database = HERE, json: Json = False) -> None:
    """Count what would be overdue today had this file been in force all along."""
    from plantrack.cli.adopt import preview_policy

    raise typer.Exit(preview_policy(database, file, json=json))


@policies.command("adopt")
def policy_adopt(
    file: PolicyFile,
    by: Annotated[str, typer.Option(help="Who adopts it.", show_default=False)],
    agency: Annotated[str, typer.Option(help="Their agency.")] = "csc",
    role: Annotated[str, typer.Option(help="Their role.")] = "administrator",
    database: Database = HERE,
) -> None:
    """Put a policy file in force from its day on."""
    from plantrack.cli.adopt import adopt_policy

    raise typer.Exit(adopt_policy(database, file, by, agency, role))


@app.command()
def alerts(
    every: Annotated[bool, typer.Option("--all", help="Also those that were cleared.")] = False,
    team: Team = None,
    agency: Agency = None,
    rule: Rule = None,
    plan: OnePlan = None,
    database: Database = HERE,
    json: Json = False,
) -> None:
    """List what managers were told is overdue, the longest open first."""
    from plantrack.cli.lists import list_alerts

    asked = {"team": team, "agency": agency, "obligation": rule, "plan": plan}
    raise typer.Exit(list_alerts(database, asked, every=every, json=json))


@app.command()
def due(
    on: Annotated[str | None, typer.Option(help="Only what is due by this day.")] = None,
    team: Team = None,
    agency: Agency = None,
    rule: Rule = None,
    plan: OnePlan = None,
    database: Database = HERE,
    json: Json = False,
) -> None:
    """List what is owed on every plan, the longest due first."""
    from plantrack.cli.lists import list_due

    asked = {"team": team, "agency": agency, "obligation": rule, "plan": plan}
    raise typer.Exit(list_due(database, on, asked, json=json))


@app.command()
def sweep(
    on: Annotated[
        str | None, typer.Option(help="An earlier day, swept on what people knew then.")
    ] = None,
    database: Database = HERE,
    json: Json = False,
) -> None:
    """Raise what is overdue, pass on what nobody answered, clear what was met."""
    from plantrack.cli.sweep import run_sweep

    raise typer.Exit(run_sweep(database, on, json=json))


@app.command()
def rebuild(
    check: Annotated[
        bool, typer.Option("--check", help="Only say where they differ from the record.")
    ] = False,
    database: Database = HERE,
    json: Json = False,
) -> None:
    """Make every list again from the record."""
    from plantrack.cli.rebuild import check_lists, rebuild_lists

    raise typer.Exit(check_lists(database, json=json) if check else rebuild_lists(database))


@app.command()
def doctor(database: Database = HERE, json: Json = False) -> None:
    """Look at everything that must be well, and say what to do about what is not."""
    from plantrack.cli.doctor import see_doctor

    raise typer.Exit(see_doctor(database, json=json))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="At which address to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    every: Every = EVERY,
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Sweep and follow in this process too.")
    ] = True,
    providers: Annotated[
        Path | None,
        typer.Option(envvar="PLANTRACK_PROVIDERS", help="Who signs people in (a TOML file)."),
    ] = None,
    council: Annotated[
        Path | None,
        typer.Option(help="Whose service it is: name, colour, logo, phone (a TOML file)."),
    ] = None,
    public_origin: Annotated[
        str | None, typer.Option(help="The address that people see: https://plans.example.gov.uk")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A name at which it may be asked; may be repeated.")
    ] = None,
    trust_proxy: Annotated[
        list[str] | None,
        typer.Option(help="The address of a proxy in front that says for whom it asks."),
    ] = None,
    database: Database = HERE,
) -> None:
    """Serve the web API, and the worker with it, until stopped."""
    from plantrack.cli.serve import serve as run
    from plantrack.main import Serving

    asked = Serving(
        host,
        port,
        every,
        worker=worker,
        providers=providers,
        council=council,
        public_origin=public_origin,
        hosts=tuple(allow_host or ()),
        proxies=tuple(trust_proxy or ()),
    )
    raise typer.Exit(run(database, asked))


@app.command()
def worker(every: Every = EVERY, database: Database = HERE) -> None:
    """Sweep on time and keep the lists up, until stopped; of several, one leads."""
    from plantrack.cli.serve import work

    raise typer.Exit(work(database, every))


@app.command()
def demo(
    story: Annotated[
        bool, typer.Option("--story", help="Tell the case of Child J1 and end, without serving.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    database: Annotated[
        Path | None,
        typer.Option(help="Where to keep it: built there once, and served at once after that."),
    ] = None,
) -> None:
    """Build an invented partnership and serve it with a sign-in page, or tell one case."""
    from plantrack.cli.demo import run_demo

    raise typer.Exit(run_demo(port=port, database=database, serving=not story))


@rights.command("list")
def list_rights(json: Json = False, database: Database = HERE) -> None:
    """List every entry of the record of rights: who may see and do what, and who said so."""
    from plantrack.cli.rights import list_rights as run

    raise typer.Exit(run(database, json=json))


@rights.command("add")
def add_rights(
    files: Annotated[list[Path], typer.Argument(help="Events about rights, a JSON object a line.")],
    database: Database = HERE,
) -> None:
    """Put entries on the record of rights, as whoever runs the server: the first people, say."""
    from plantrack.cli.rights import add_rights as run

    raise typer.Exit(run(database, files))


@app.command()
def looked(
    child: Annotated[str | None, typer.Option(help="Only who looked at this child.")] = None,
    plan: OnePlan = None,
    person: Annotated[str | None, typer.Option(help="Only what this person looked at.")] = None,
    by_person: Annotated[
        bool, typer.Option("--by-person", help="With --child: a line for each person who looked.")
    ] = False,
    json: Json = False,
    database: Database = HERE,
) -> None:
    """List who looked at plans, the latest first."""
    from plantrack.cli.rights import list_looked, list_lookers

    if by_person:
        raise typer.Exit(list_lookers(database, child, json=json))
    raise typer.Exit(list_looked(database, child, plan, person, json=json))
