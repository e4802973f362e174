"""What a careful reader of the source looks for: rules of our own, and bandit's."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plantrack.api.app import PUBLIC
from plantrack.pages.site import OPEN

SOURCE = Path(__file__).parents[2] / "src" / "plantrack"
API, PAGES, WEB = SOURCE / "api", SOURCE / "pages", SOURCE / "web"
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
LEVELS = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log"})
LOGS = frozenset({"log", "logger"})
DECIDES_AND_NOTES = frozenset({"show.py", "lists.py", "commands.py"})
"""What every request goes by to show a plan or to write on it."""
MAY_READ_PLANS = frozenset({"exports.py", "inspectors.py", "partners.py"})
READ_IN_A_LOOK = frozenset({"agency.py", "alerts.py", "beginning.py", "explaining.py"})
"""The pages' modules that hand what they read to a look, or decide and tell none of it."""
OPEN_TO_ALL = {*PUBLIC, *OPEN, "/demo/sign-in"}
READS = {("record", "entries"), ("record", "entries_of"), ("models", "reading")}
Rule = Callable[[ast.Module], Iterator[int]]


def names(node: ast.expr | None) -> set[str]:
    """Name everything that is named in an expression."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} if node else set()
    attributes = (
        (each for each in ast.walk(node) if isinstance(each, ast.Attribute)) if node else ()
    )
    return found | {each.attr for each in attributes}


def routes_for_anybody(module: ast.Module) -> Iterator[int]:
    """Find routes that no action guards, apart from those that are open to everybody."""
    for each in ast.walk(module):
        if not isinstance(each, ast.AsyncFunctionDef | ast.FunctionDef):
            continue
        paths = [path for d in each.decorator_list for path in _paths(d)]
        guarded = any(
            name == "Asker" or name.startswith("May")
            for argument in (*each.args.args, *each.args.kwonlyargs)
            for name in names(argument.annotation)
        )
        if paths and not guarded and not OPEN_TO_ALL.issuperset(paths):
            yield each.lineno


def _paths(decorator: ast.expr) -> Iterator[str]:
    """Give the path of a decorator that makes a route."""
    called = decorator.func if isinstance(decorator, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr in METHODS:
        assert isinstance(decorator, ast.Call)
        if decorator.args and isinstance(decorator.args[0], ast.Constant):
            yield str(decorator.args[0].value)


def reading_past_the_showing(module: ast.Module) -> Iterator[int]:
    """Find reads of plans beside the places that decide, write down and clear."""
    for each in ast.walk(module):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            of, what = each.func.value, each.func.attr
            owner = of.attr if isinstance(of, ast.Attribute) else getattr(of, "id", "")
            if (owner.strip("_"), what) in READS:
                yield each.lineno


def talkative_logging(module: ast.Module) -> Iterator[int]:
    """Find what is logged in words that are put together, or with an exception's own."""
    for each in ast.walk(module):
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute):
            continue
        owner = names(each.func.value)
        if each.func.attr not in LEVELS or not owner & LOGS:
            continue
        given = [*each.args, *(keyword.value for keyword in each.keywords)]
        first = [each for each in each.args[:1] if not isinstance(each, ast.Constant)]
        worded = any(isinstance(part, ast.JoinedStr) for arg in given for part in ast.walk(arg))
        stringed = any({"str", "repr", "format_exc"} & names(arg) for arg in given)
        trace = any(keyword.arg in ("exc_info", "stack_info") for keyword in each.keywords)
        chosen = [e for e in first if not isinstance(e, ast.IfExp | ast.Name | ast.Attribute)]
        if worded or stringed or trace or chosen or each.func.attr == "exception":
            yield each.lineno


RULES: list[tuple[Rule, Path, frozenset[str]]] = [
    (routes_for_anybody, API, frozenset()),
    (routes_for_anybody, PAGES, frozenset()),
    (routes_for_anybody, WEB, frozenset()),
    (reading_past_the_showing, WEB, DECIDES_AND_NOTES),
    (reading_past_the_showing, API, MAY_READ_PLANS),
    (reading_past_the_showing, PAGES, READ_IN_A_LOOK),
    (talkative_logging, SOURCE, frozenset({"logs.py"})),
]


@pytest.mark.parametrize(
    ("rule", "where", "apart"), RULES, ids=[f"{r.__name__} {w.name}" for r, w, _ in RULES]
)
def test_the_source_keeps_the_rule(rule: Rule, where: Path, apart: frozenset[str]) -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in sorted(where.rglob("*.py"))
        if path.name not in apart
        for line in rule(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (routes_for_anybody, "@router.get('/plans')\nasync def show(plan: str) -> None: ..."),
        (
            reading_past_the_showing,
            "async def show(services): return services.record.entries('CP-1')",
        ),
        (
            reading_past_the_showing,
            "def show(services):\n    with services.models.reading() as r: ...",
        ),
        (talkative_logging, "log.info(f'{plan} was read')"),
        (talkative_logging, "log.warning('it failed', why=str(wrong))"),
        (talkative_logging, "log.warning('it failed', exc_info=True)"),
        (talkative_logging, "log.exception('it failed')"),
        (talkative_logging, "logger('x').error('it failed: %s' % wrong)"),
    ],
)
def test_the_rule_finds_who_breaks_it(rule: Rule, line: str) -> None:
    assert list(rule(ast.parse(line)))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (routes_for_anybody, "@router.get('/plans')\nasync def show(asker: MayReadPlan): ..."),
        (routes_for_anybody, "@router.get('/healthz')\nasync def alive(): ..."),
        (reading_past_the_showing, "services.record.last_number('CP-1')"),
        (talkative_logging, "log.info('it was read', plan=plan, **told(wrong))"),
    ],
)
def test_the_rule_lets_others_be(rule: Rule, line: str) -> None:
    assert list(rule(ast.parse(line))) == []


# Bandit

EXPLAINED = {
    ("B608", "access_log/log.py"): "columns of a table of our own; all values are bound",
    ("B608", "access_log/tables.py"): "names of tables, roles and locks that are constants here",
    ("B608", "pages/conferences/hearing.py"): "questions for people that begin with “select”",
    ("B608", "pages/conferences/reporting.py"): "questions for people that begin with “select”",
    ("B608", "projections/writing.py"): "names of our own tables and columns; values are bound",
    ("B608", "record/leader_lock.py"): "a lock's number, a constant",
    ("B608", "record/postgres_tables.py"): "numbers of locks and names of tables, constants here",
    ("B608", "record/sqlite_tables.py"): "names of tables and keys that are constants here",
}
"""What bandit takes for SQL from outside, and what it is: no value from outside is in its text."""


def test_bandit_finds_nothing_that_is_not_explained() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bandit", "-q", "-r", str(SOURCE), "-f", "json", "-ll"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = {
        (each["test_id"], str(Path(each["filename"]).relative_to(SOURCE)))
        for each in json.loads(done.stdout)["results"]
    }
    assert found == set(EXPLAINED)
