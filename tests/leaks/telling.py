"""Plans whose every text is a canary: a word of its own that says what it may be found by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import cycle
from typing import Any

from plantrack.domain.events import InformationShared, PlanEvent, SiblingConsidered
from plantrack.domain.redaction.texts import parts
from plantrack.domain.words import (
    Attendance,
    Mark,
    MeetingType,
    Named,
    Person,
    PlanKind,
    Position,
    Role,
    SiblingOutcome,
)
from story import (
    OWNER,
    REVIEW,
    agreed,
    challenge_answered,
    challenged,
    completed,
    consulted,
    decided,
    described,
    dissent_answered,
    feb,
    finished,
    gap_answered,
    held,
    injury,
    linked,
    mar,
    medical,
    missed,
    not_consulted,
    opened,
    outcome,
    oversight,
    planned,
    position,
    resolved,
    reviewed,
    seen,
    shared,
    started,
    supervised,
    supervision_asked,
    withdrawn,
)

CANARY = re.compile(r"zq\d+qz")
AGENCIES = ("csc", "school", "police", "school-nursing")
PROTECTING = [mark for mark in Mark if mark is not Mark.GENERAL]
OF_AGENCY = {
    agency: Person(name=f"Recorder of {agency}", agency=agency, role=Role.PARTNER)
    for agency in AGENCIES
}


@dataclass(frozen=True)
class Canary:
    """One text of a plan: how it is marked, and which agencies read it all the same."""

    plan: str
    kind: str
    field: str
    mark: Mark
    audience: frozenset[str]
    goes_on_to: str = ""
    """The plan that an action was carried over to, on which it stands as well."""


@dataclass
class Telling:
    """Everything that is told on some plans, and what each canary in it stands for."""

    canaries: dict[str, Canary] = field(default_factory=dict)

    def full(self, plan: str, event: PlanEvent, by: str, *, marked: Iterator[Mark] | None) -> Any:
        """Put a canary into every text of an event, each with the next mark or with none."""
        kind: Any = type(event)
        values = vars(event) | {"note": "noted"}
        marks: dict[str, Mark] = {}
        for name, (attribute, change) in parts(kind).items():
            if marked is not None:
                marks[name] = next(marked)
            mark = marks.get(name, _unless_said(kind, name))
            audience = self._audience(event, mark, by)

            def word(
                _: str, name: str = name, mark: Mark = mark, audience: frozenset[str] = audience
            ) -> str:
                made = f"zq{len(self.canaries)}qz"
                self.canaries[made] = Canary(plan, kind.__name__, name, mark, audience)
                return f"{made} told"

            values[attribute] = change(values[attribute], word)
        return kind(**values | {"marks": marks or None})

    @staticmethod
    def _audience(event: PlanEvent, mark: Mark, by: str) -> frozenset[str]:
        """Who reads a text whatever their role: its agency, and whom it was shared with."""
        if not isinstance(event, InformationShared):
            return frozenset({by})
        told = event.to if mark is Mark.AGENCY_CONFIDENTIAL else ()
        return frozenset({event.from_, *told})


def _unless_said(kind: type[PlanEvent], name: str) -> Mark:
    confidential = kind is InformationShared and name in ("what", "withheld_from")
    return Mark.AGENCY_CONFIDENTIAL if confidential else Mark.GENERAL


def beginning(plan: str, child: str, *, team: str, agencies: tuple[str, ...], **more: Any) -> Any:
    """Open a plan whose people have names of their own."""
    family = more.pop("family")
    opening = opened(
        more.pop("kind", PlanKind.CP),
        child=child,
        team=team,
        agencies=agencies,
        lead=Named(name=f"Lead of {plan}", agency="csc"),
        chair=Named(name=f"Chair of {plan}", agency="csc"),
        **more,
    )
    return replace(opening, family=family)


def following(sibling: str) -> list[PlanEvent]:
    """Tell what happens on a plan, of every theme; a sibling has a plan of their own."""
    own = SiblingOutcome.OWN_PLAN
    return [
        described(feb(3), date(2015, 2, 2)),
        outcome(feb(3)),
        agreed(feb(3), due_on=feb(20), every=14),
        agreed(feb(3), "A2", due_on=feb(20)),
        reviewed(feb(4)),
        completed(feb(6), "A2"),
        planned(feb(6), REVIEW, planned_for=feb(9)),
        held(feb(10), REVIEW, others={"school-nursing": Attendance.APOLOGIES}, because="snow"),
        held(feb(10), MeetingType.CORE_GROUP, "M2"),
        decided(feb(10), positions={"school": Position.DISAGREE}),
        position(feb(11), "police", takes=Position.DISAGREE),
        dissent_answered(feb(12), "school"),
        supervision_asked(feb(12)),
        supervised(feb(13), "S1", "R1"),
        oversight(feb(13), "G1"),
        gap_answered(feb(14)),
        challenged(feb(14)),
        challenge_answered(feb(15)),
        resolved(feb(16)),
        shared(feb(16), to=("csc",), withheld={"school": "it would find its way"}),
        shared(feb(16), "I2", by="school-nursing", to=("csc", "school")),
        seen(feb(17), words="I want to stay"),
        missed(feb(17)),
        withdrawn(feb(18)),
        linked(feb(18)),
        linked(feb(18), "P2", "uncle"),
        SiblingConsidered(on=feb(18), person="P1", outcome=own, plan=sibling, reason="theirs"),
        started(feb(18)),
        consulted(feb(18), "child"),
        not_consulted(feb(18), "father"),
        finished(feb(19)),
        injury(feb(19)),
        medical(feb(19)),
        agreed(mar(2), "A3", due_on=mar(4), owner=OWNER),
    ]


def marking(*, marked: bool, first: int) -> Iterator[Mark] | None:
    """Give the marks in turn, from one of them on; None for a plan without any."""
    if not marked:
        return None
    marks = cycle(PROTECTING)
    for _ in range(first):
        next(marks)
    return marks
