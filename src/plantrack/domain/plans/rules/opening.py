"""How a plan begins, and who may speak on it."""

from plantrack.domain.events import CategoryChanged, Corrected, PlanOpened, Retracted
from plantrack.domain.plans.rules.rule import Saying, rule
from plantrack.domain.refusals import (
    AlreadyOpened,
    Incomplete,
    NoSuchPlan,
    NotForThisKind,
    OnlyTheTracker,
)
from plantrack.domain.words import THE_TRACKER, PlanKind


@rule()
def the_plan_is_open_on_the_record(say: Saying) -> None:
    """A plan's first entry opens it, and only its first."""
    plan, event = say.plan, say.event
    if isinstance(event, PlanOpened):
        if plan.version:
            raise AlreadyOpened(plan.name)
    elif not plan.version or not (plan.now.opened or isinstance(event, Corrected | Retracted)):
        raise NoSuchPlan(plan.name)


@rule()
def the_tracker_speaks_for_itself(say: Saying) -> None:
    """Alerts are written by the tracker alone."""
    if say.event.BY_THE_TRACKER and say.by is not THE_TRACKER:
        raise OnlyTheTracker(type(say.event).__name__)


@rule(PlanOpened, again=True)
def a_category_belongs_to_child_protection(say: Saying) -> None:
    """A child protection plan has a category, a child in need plan has none (DfE 8905, 8910)."""
    opened = say.event
    if opened.plan_kind is PlanKind.CP and opened.category is None:
        raise Incomplete("A child protection plan needs a “category”: NEG, PHY, SAB, EMO or MUL.")
    if opened.plan_kind is PlanKind.CIN and opened.category is not None:
        raise NotForThisKind("A child in need plan has no “category”. Leave it out.")


@rule(CategoryChanged)
def only_child_protection_changes_category(say: Saying) -> None:
    """Only a child protection plan has a category."""
    if say.plan.kind is PlanKind.CIN:
        raise NotForThisKind(
            "A child in need plan has no category to change. Check which plan you mean."
        )
