"""Plans under any commands agree with a plain model of them, and a planted bug is found."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from plantrack import codec
from plantrack.domain.events import ActionReviewed, PlanEvent
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.plans.plan import Plan, Standing
from plantrack.domain.refusals import Refusal
from plantrack.domain.words import MeetingType, PlanKind
from story import (
    CORE_GROUP,
    MANAGER,
    REFERRED,
    REVIEW,
    START,
    agreed,
    at,
    closed,
    completed,
    decided,
    ended,
    held,
    opened,
    retracted,
    reviewed,
)

Said = dict[str, Any]
FEW = settings(
    max_examples=200,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
UNSHRUNK = settings(FEW, phases=[Phase.generate], max_examples=400)
MANY = settings(FEW, max_examples=1_000, stateful_step_count=30, derandomize=False)

plans = st.sampled_from(["P1", "P2", "P2", "P3"])
children = st.sampled_from(["J1", "K2"])
kinds = st.sampled_from(list(PlanKind))
actions = st.sampled_from(["A1", "A2"])
meetings = st.sampled_from(["M1", "M2"])
decisions = st.sampled_from(["D1", "D2"])
back = st.sampled_from([0, 0, 0, 0, 0, 1, 5, -1, 400])
"""How many days before today something is said to have happened: now and then an impossible one."""


def counting(log: list[Said]) -> list[Said]:
    """Give what counts of a plan's log: what no counting retraction takes back."""

    def counts(number: int) -> bool:
        return not any(
            said["is"] == "retract" and said["entry"] == number and counts(later)
            for later, said in enumerate(log, 1)
            if later > number
        )

    return [said for number, said in enumerate(log, 1) if counts(number)]


def first(said: list[Said], what: str) -> Said | None:
    return next((each for each in said if each["is"] == what), None)


def names(said: list[Said], what: str) -> dict[str, Said]:
    return {each["name"]: each for each in said if each["is"] == what}


def open_actions(said: list[Said]) -> set[str]:
    done = [each["name"] for each in said if each["is"] == "close"]
    return set(names(said, "agree")) - set(done)


def stands(said: list[Said]) -> tuple[str, str, date, date] | None:
    """Give child, kind and days of a plan whose opening counts."""
    opening, ending = first(said, "open"), first(said, "end")
    if opening is None:
        return None
    return opening["child"], opening["kind"], opening["on"], ending["on"] if ending else date.max


class Plans(RuleBasedStateMachine):
    """Commands on a few plans of two children, told to the casebook and to a plain model."""

    def __init__(self) -> None:
        super().__init__()
        self.book = PlanBook(codec.amend)
        self.model: dict[str, list[Said]] = {}
        self.today = START

    def tell(self, plan: str, event: PlanEvent, possible: bool, said: Said) -> None:
        """Record an event, and check that it is refused just where the model says so."""
        try:
            self.book.record(plan, event, MANAGER, at(self.today))
            taken_in = True
        except Refusal:
            taken_in = False
        assert taken_in is possible, f"{'taken in' if taken_in else 'refused'}: {event}"
        if taken_in:
            self.model.setdefault(plan, []).append(said)

    def said(self, plan: str) -> list[Said]:
        return counting(self.model.get(plan, []))

    def day(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def writable(self, plan: str, on: date) -> bool:
        """Whether a plan is open on the record, and takes something of a day."""
        standing = stands(self.said(plan))
        return standing is not None and REFERRED <= on <= min(self.today, standing[3])

    def clashes(self, plan: str, said: list[Said]) -> bool:
        """Whether a plan would stand beside another of its child, one of them child protection."""
        mine = stands(said)
        others = [stands(counting(log)) for name, log in self.model.items() if name != plan]
        return mine is not None and any(
            other is not None
            and other[0] == mine[0]
            and PlanKind.CP in (other[1], mine[1])
            and mine[2] < other[3]
            and other[2] < mine[3]
            for other in others
        )

    @initialize()
    def two_plans_are_open(self) -> None:
        self.open("P1", "J1", PlanKind.CIN, 0)
        self.open("P2", "K2", PlanKind.CP, 0)
        self.today += timedelta(days=7)

    @rule(days=st.integers(1, 10))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(plan=plans, child=children, kind=kinds, days=back)
    def open(self, plan: str, child: str, kind: PlanKind, days: int) -> None:
        on = self.day(days)
        said = {"is": "open", "child": child, "kind": kind, "on": on}
        possible = (
            plan not in self.model
            and REFERRED <= on <= self.today
            and not self.clashes(plan, [said])
        )
        self.tell(plan, opened(kind, child, on), possible, said)

    @rule(plan=plans, name=actions, days=back)
    def agree(self, plan: str, name: str, days: int) -> None:
        on = self.day(days)
        possible = self.writable(plan, on) and name not in names(self.said(plan), "agree")
        event = agreed(on, name, due_on=on + timedelta(days=28))
        self.tell(plan, event, possible, {"is": "agree", "name": name})

    @rule(plan=plans, name=actions, days=back)
    def review(self, plan: str, name: str, days: int) -> None:
        on = self.day(days)
        possible = self.writable(plan, on) and name in names(self.said(plan), "agree")
        self.tell(plan, reviewed(on, name), possible, {"is": "review", "name": name})

    @rule(plan=plans, name=actions, days=back, given_up=st.booleans())
    def close_action(self, plan: str, name: str, days: int, given_up: bool) -> None:
        on = self.day(days)
        possible = self.writable(plan, on) and name in names(self.said(plan), "agree")
        event = ended(on, name) if given_up else completed(on, name)
        self.tell(plan, event, possible, {"is": "close", "name": name})

    @rule(plan=plans, name=meetings, kind=st.sampled_from([REVIEW, CORE_GROUP]), days=back)
    def meet(self, plan: str, name: str, kind: MeetingType, days: int) -> None:
        on, said = self.day(days), self.said(plan)
        standing = stands(said)
        possible = self.writable(plan, on) and name not in names(said, "meet")
        if kind is REVIEW and standing:
            possible = possible and on > standing[2]
        event = held(on, kind, name)
        self.tell(plan, event, possible, {"is": "meet", "name": name, "type": kind, "on": on})

    @rule(plan=plans, name=decisions, meeting=meetings, days=back)
    def decide(self, plan: str, name: str, meeting: str, days: int) -> None:
        on = self.day(days)
        possible = self.writable(plan, on) and name not in names(self.said(plan), "decide")
        event = decided(on, name, meeting=meeting)
        said = {"is": "decide", "name": name, "meeting": meeting, "on": on}
        self.tell(plan, event, possible, said)

    @rule(plan=plans, decision=decisions, days=back, silent_on=st.none() | actions)
    def close(self, plan: str, decision: str, days: int, silent_on: str | None) -> None:
        on, said = self.day(days), self.said(plan)
        standing, left = stands(said), open_actions(said) - {silent_on}
        made = names(said, "decide").get(decision)
        reviews = [m for m in names(said, "meet").values() if m["type"] is REVIEW]
        possible = (
            self.writable(plan, on)
            and standing is not None
            and standing[3] == date.max
            and made is not None
            and left == open_actions(said)
        )
        if possible and standing and made:
            if standing[1] is PlanKind.CP:
                by_review = [
                    m for m in reviews if m["name"] == made["meeting"] or m["on"] == made["on"]
                ]
                possible = bool(by_review) and on > standing[2]
            else:
                possible = on >= standing[2]
        event = closed(on, decision, **dict.fromkeys(sorted(left), "ended"))
        if possible and made and made["on"] > on:
            return  # whether a plan may end before what decided it is for another test
        self.tell(plan, event, possible, {"is": "end", "on": on})

    @rule(plan=plans, entry=st.integers(1, 12))
    def retract(self, plan: str, entry: int) -> None:
        log = self.model.get(plan, [])
        said = {"is": "retract", "entry": entry, "on": self.today}
        target = log[entry - 1] if entry <= len(log) else None
        possible = (
            target is not None
            and any(each is target for each in counting(log))
            and not self.clashes(plan, counting([*log, said]))
        )
        self.tell(plan, retracted(self.today, entry), possible, said)

    @invariant()
    def they_agree(self) -> None:
        for name, log in self.model.items():
            plan, said = self.book.plan(name), counting(log)
            standing = stands(said)
            assert plan.version == len(log)
            assert set(plan.now.open_actions) == open_actions(said)
            assert set(plan.now.owners) == set(names(said, "agree"))
            assert set(plan.now.decisions) == set(names(said, "decide"))
            assert set(plan.now.held) == set(names(said, "meet"))
            assert (plan.now.opened is None) == (standing is None)
            ending = first(said, "end")
            assert (plan.now.ended and plan.now.ended.on) == (ending and ending["on"])

    @invariant()
    def told_again_from_the_start_they_stand_the_same(self) -> None:
        for name in self.model:
            plan = self.book.plan(name)
            again = Plan(name, codec.amend)
            for event in plan.events.values():
                again.evolve(event)
            assert again.now == plan.now


def test_plans_agree_with_the_model() -> None:
    run_state_machine_as_test(Plans, settings=FEW)


@pytest.mark.soak
def test_plans_agree_with_the_model_a_thousand_times() -> None:
    run_state_machine_as_test(Plans, settings=MANY)


def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    take_in = Standing.take_in

    def a_review_closes_the_action(self: Standing, event: PlanEvent) -> None:
        take_in(self, event)
        if isinstance(event, ActionReviewed):
            self.open_actions.pop(event.action, None)

    monkeypatch.setattr(Standing, "take_in", a_review_closes_the_action)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Plans, settings=UNSHRUNK)


def test_a_planted_refusal_too_few_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plantrack.domain.plans.decide._refuse_overlap", lambda *_: None)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Plans, settings=UNSHRUNK)
