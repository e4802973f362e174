"""How specifications are told: given plans, when this happens, then that is owed or refused.

Two children have a plan in every story: J1, of whom a spec tells, and K2, who stands beside. What
is recorded goes through the casebook, so a story cannot tell what the product would refuse. What
is owed comes from a rehearsal with a sweep each day at 06:00 in London.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple, Self

import pytest

from plantrack import codec
from plantrack.application.policies import reading as policy
from plantrack.domain import events as e
from plantrack.domain.calendar import LONDON, london_day
from plantrack.domain.events import PlanEvent
from plantrack.domain.events.entries import Entry
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.policy import Policies
from plantrack.domain.refusals import Refusal
from plantrack.domain.replay.rehearsal import Line, last_sweep, rehearse
from plantrack.domain.words import (
    Alone,
    Attendance,
    Basis,
    Category,
    ClosureReason,
    DecisionKind,
    Difference,
    Disposition,
    DispositionKind,
    EndedWithoutConference,
    Finding,
    HowMissed,
    Involved,
    MedicalOutcome,
    MeetingType,
    Mode,
    Named,
    Origin,
    Person,
    PlanKind,
    Position,
    Role,
    SiblingOutcome,
    Stance,
)

CP_J1, CP_K2 = "CP-J1", "CP-K2"
CIN_J1, CIN_K2 = "CIN-J1", "CIN-K2"
AGENCIES = ("csc", "school", "police", "school-nursing")
ALL_SOURCES = ("child", "mother", "father", "wider_family", "referrer", "history")

LEAD = Person(name="L Worker", agency="csc", role=Role.LEAD_PRACTITIONER)
CHAIR = Person(name="C Chair", agency="csc", role=Role.CHAIR)
MANAGER = Person(name="T Manager", agency="csc", role=Role.TEAM_MANAGER)
TEACHER = Person(name="S Teacher", agency="school", role=Role.PARTNER)
OWNER = Person(name="O Owner", agency="csc", role=Role.PRACTITIONER)

F2F, VIDEO, TELEPHONE = Mode.FACE_TO_FACE, Mode.VIDEO, Mode.TELEPHONE
STRATEGY, INITIAL = MeetingType.STRATEGY_DISCUSSION, MeetingType.INITIAL_CONFERENCE
REVIEW, CORE_GROUP = MeetingType.REVIEW_CONFERENCE, MeetingType.CORE_GROUP
CIN_REVIEW, TRANSFER = MeetingType.CIN_REVIEW, MeetingType.TRANSFER_CONFERENCE
SUPERVISION, PROGRESSION = MeetingType.SUPERVISION, MeetingType.CASE_PROGRESSION
THREE = ("csc", "school", "police")


def jan(number: int) -> date:
    return date(2026, 1, number)


def feb(number: int) -> date:
    return date(2026, 2, number)


def mar(number: int) -> date:
    return date(2026, 3, number)


def apr(number: int) -> date:
    return date(2026, 4, number)


def may(number: int) -> date:
    return date(2026, 5, number)


def jun(number: int) -> date:
    return date(2026, 6, number)


def aug(number: int) -> date:
    return date(2026, 8, number)


START = feb(2)
"""A Monday; the next bank holidays are Good Friday, 3 April, and Easter Monday, 6 April."""
REFERRED = jan(5)


def at(day: date, hour: int = 15, minute: int = 0) -> datetime:
    """Give a moment of a day in London."""
    return datetime.combine(day, time(hour, minute), LONDON)


def named(person: Person) -> Named:
    return Named(name=person.name, agency=person.agency)


@cache
def england() -> Policies:
    return policy.load()


class Told(NamedTuple):
    """One alert, as a spec compares it."""

    about: str
    due_on: date
    raised_on: date
    cleared_on: date | None = None
    met_on: date | None = None
    unmet: bool = False


@dataclass
class Story:
    """What happened on some plans, in the order recorded."""

    plan: str
    policies: Policies = field(default_factory=england)
    book: PlanBook = field(default_factory=lambda: PlanBook(codec.amend))
    entries: list[Entry] = field(default_factory=list)

    def when(
        self,
        *events: PlanEvent,
        recorded: date | datetime | None = None,
        by: Person = MANAGER,
        plan: str | None = None,
    ) -> Self:
        """Record events on their day at 15:00, or once what came before was recorded."""
        name = plan or self.plan
        for event in events:
            moment = self._moment(event, recorded)
            number = self.number(name) + 1
            self.book.record(name, event, by, moment)
            self.entries.append(Entry(name, number, moment, by, event))
        return self

    def _moment(self, event: PlanEvent, recorded: date | datetime | None) -> datetime:
        moment = recorded if isinstance(recorded, datetime) else at(recorded or event.on)
        before = self.entries[-1].recorded_at if self.entries else moment
        if recorded:
            assert moment >= before, "a story is told in the order recorded"
        return max(moment, before)

    def number(self, plan: str | None = None) -> int:
        """Give the number of the last entry on a plan."""
        return sum(entry.plan == (plan or self.plan) for entry in self.entries)

    def refuses(
        self,
        event: PlanEvent,
        because: type[Refusal],
        *,
        recorded: date | None = None,
        by: Person = MANAGER,
        plan: str | None = None,
    ) -> str:
        """Check that an event is refused and leaves nothing behind; give the sentence."""
        name, before = plan or self.plan, len(self.entries)
        known = self.book.find(name)
        version = known.version if known else None
        with pytest.raises(Refusal) as refused:
            self.when(event, recorded=recorded, by=by, plan=name)
        assert type(refused.value) is because, f"{refused.type.__name__}: {refused.value}"
        found = self.book.find(name)
        assert (found.version if found else None) == version
        assert len(self.entries) == before
        return str(refused.value)

    def rehearsed(self, until: date | None = None) -> list[Line]:
        """Run the story through the rules, a sweep each day."""
        last = until or last_sweep(max(london_day(entry.recorded_at) for entry in self.entries))
        return rehearse(self.entries, self.policies, codec.amend, last)

    def raised(
        self, obligation: str, *, until: date | None = None, plan: str | None = None
    ) -> list[Line]:
        """Give every line of one obligation on a plan, cleared or not."""
        return [
            line
            for line in self.rehearsed(until)
            if line.obligation == obligation and line.plan == (plan or self.plan)
        ]

    def alerts(
        self, obligation: str, *, until: date | None = None, plan: str | None = None
    ) -> list[Told]:
        """Tell every line of one obligation on a plan: about what, due, raised, cleared, met."""
        return [
            Told(
                line.about,
                line.due_on,
                line.raised_on,
                line.cleared_on,
                line.met_on,
                line.unmet_at_closing,
            )
            for line in self.raised(obligation, until=until, plan=plan)
        ]

    def climbs(self, alert: str, *, until: date | None = None) -> list[Told]:
        """Tell each time that one alert climbed because nobody had answered it."""
        lines = self.alerts("alert-answered", until=until)
        return [told for told in lines if told.about == alert]

    def overdue(self, obligation: str, *, on: date, plan: str | None = None) -> set[str]:
        """What the sweep of a day finds overdue: a spec never depends on another rule."""
        told = self.alerts(obligation, until=on, plan=plan)
        return {each.about for each in told if each.cleared_on is None and not each.unmet}


def after(day: date, days: int = 1) -> date:
    """Give the day after, or some days after."""
    return day + timedelta(days=days)


# Plans --------------------------------------------------------------------------------------------


def opened(
    kind: PlanKind = PlanKind.CP,
    child: str = "J1",
    on: date = START,
    **more: Any,
) -> e.PlanOpened:
    """Open a plan; fields of the origin may be given as ``origin``."""
    origin = {"referred_on": REFERRED} | more.pop("origin", {})
    if kind is PlanKind.CP:
        origin = {"initial_conference_on": on} | origin
        more = {"category": Category.NEGLECT} | more
    more = {"agencies": AGENCIES} | more
    return e.PlanOpened(
        on=on,
        plan_kind=kind,
        child=child,
        family="F1",
        origin=Origin(**origin),
        lead=more.pop("lead", named(LEAD)),
        chair=more.pop("chair", named(CHAIR)),
        **more,
    )


def given(
    *events: PlanEvent, kind: PlanKind = PlanKind.CP, policies: Policies | None = None
) -> Story:
    """Open a plan for J1 and one for K2 on 2 February 2026, and tell what happened on J1's."""
    mine, beside = (CP_J1, CP_K2) if kind is PlanKind.CP else (CIN_J1, CIN_K2)
    story = Story(mine, policies or england())
    story.when(opened(kind), plan=mine).when(opened(kind, "K2"), plan=beside)
    return story.when(*events)


def given_in_need(*events: PlanEvent) -> Story:
    """Open child in need plans."""
    return given(*events, kind=PlanKind.CIN)


def described(on: date, born_on: date) -> e.ChildDescribed:
    return e.ChildDescribed(on=on, given_names="Jay", family_name="One", born_on=born_on)


def joined(on: date, agency: str) -> e.AgencyJoined:
    return e.AgencyJoined(on=on, agency=agency)


def left(on: date, agency: str) -> e.AgencyLeft:
    return e.AgencyLeft(on=on, agency=agency, reason="its work is done")


def category(on: date) -> e.CategoryChanged:
    return e.CategoryChanged(on=on, category=Category.EMOTIONAL, reason="what the child said")


def lead(on: date, person: Person) -> e.LeadChanged:
    return e.LeadChanged(on=on, lead=named(person), reason="moved post")


def chair(on: date, person: Person) -> e.ChairChanged:
    return e.ChairChanged(on=on, chair=named(person), reason="moved post")


def left_over(**actions: str) -> dict[str, Disposition]:
    """Say what becomes of open actions: ``left_over(A1="carried", A2="ended")``."""
    return {
        action: Disposition(disposition=DispositionKind(kind), reason="as the conference decided")
        for action, kind in actions.items()
    }


def closed(on: date, decision: str | None = "D9", **actions: str) -> e.PlanClosed:
    return e.PlanClosed(
        on=on,
        reason=ClosureReason.SERVICES_CEASED,
        decision=decision,
        open_actions=left_over(**actions),
    )


def closed_without(
    on: date, why: EndedWithoutConference | None, reason: ClosureReason, **actions: str
) -> e.PlanClosed:
    return e.PlanClosed(
        on=on, reason=reason, without_conference=why, open_actions=left_over(**actions)
    )


def review_decides(on: date) -> tuple[PlanEvent, PlanEvent]:
    """Hold the review conference and take the decision that lets a child protection plan end."""
    return (
        held(on, REVIEW, "M9"),
        decided(on, "D9", agree=("csc", "school"), kind=DecisionKind.CLOSE, meeting="M9"),
    )


def ending(on: date, **actions: str) -> tuple[PlanEvent, ...]:
    """Close a child protection plan: conference, decision, closure."""
    return (*review_decides(on), closed(on, **actions))


def stepped_up(on: date, to: str = CP_J1, **actions: str) -> e.PlanSteppedUp:
    return e.PlanSteppedUp(on=on, to_plan=to, open_actions=left_over(**actions))


def stepped_down(on: date, to: str = CIN_J1, **actions: str) -> e.PlanSteppedDown:
    return e.PlanSteppedDown(on=on, to_plan=to, decision="D9", open_actions=left_over(**actions))


def transferred(on: date, *, accepted: bool, **actions: str) -> e.PlanTransferredOut:
    return e.PlanTransferredOut(
        on=on, to="Otherborough", accepted=accepted, open_actions=left_over(**actions)
    )


# Actions ------------------------------------------------------------------------------------------


def outcome(on: date, name: str = "O1") -> e.OutcomeAgreed:
    return e.OutcomeAgreed(on=on, outcome=name, what="J1 is fed and in school")


def agreed(
    on: date,
    action: str = "A1",
    *,
    due_on: date,
    every: int | None = None,
    owner: Person = OWNER,
    **more: Any,
) -> e.ActionAgreed:
    return e.ActionAgreed(
        on=on,
        action=action,
        what="Speak to the father",
        owner=named(owner),
        due_on=due_on,
        review_every_days=every,
        **more,
    )


def reviewed(on: date, action: str = "A1", meeting: str | None = None) -> e.ActionReviewed:
    return e.ActionReviewed(on=on, action=action, difference=Difference.NONE, meeting=meeting)


def rescheduled(
    on: date, action: str = "A1", *, due_on: date, meeting: str | None = None
) -> e.ActionRescheduled:
    return e.ActionRescheduled(
        on=on, action=action, due_on=due_on, reason="the father was abroad", meeting=meeting
    )


def reassigned(on: date, action: str = "A1", to: Person = TEACHER) -> e.ActionReassigned:
    return e.ActionReassigned(on=on, action=action, owner=named(to), reason="knows the father")


def completed(
    on: date, action: str = "A1", *basis: Basis, meeting: str | None = None
) -> e.ActionCompleted:
    known = basis or (Basis.OBSERVED,)
    return e.ActionCompleted(
        on=on, action=action, basis=known, evidence="seen at school", meeting=meeting
    )


def ended(on: date, action: str = "A1") -> e.ActionEnded:
    return e.ActionEnded(on=on, action=action, reason="no longer needed")


# Meetings -----------------------------------------------------------------------------------------


def planned(
    on: date,
    kind: MeetingType,
    meeting: str = "M1",
    *,
    planned_for: date,
    invited: tuple[str, ...] = ("csc", "school"),
) -> e.MeetingPlanned:
    return e.MeetingPlanned(
        on=on, meeting=meeting, type=kind, planned_for=planned_for, invited=invited
    )


def moved(on: date, meeting: str = "M1", *, planned_for: date) -> e.MeetingMoved:
    return e.MeetingMoved(on=on, meeting=meeting, planned_for=planned_for, reason="no quorum")


def report(on: date, agency: str, meeting: str = "M1") -> e.ReportSubmitted:
    return e.ReportSubmitted(on=on, meeting=meeting, agency=agency)


def held(
    on: date,
    kind: MeetingType,
    meeting: str = "M1",
    present: Iterable[str] = THREE,
    others: Mapping[str, Attendance] | None = None,
    because: str | None = None,
) -> e.MeetingHeld:
    attendance = dict.fromkeys(present, Attendance.PRESENT) | dict(others or {})
    return e.MeetingHeld(
        on=on, meeting=meeting, type=kind, attendance=attendance, went_ahead_because=because
    )


def circulated(on: date, meeting: str = "M1", to: tuple[str, ...] = ("csc",)) -> e.RecordCirculated:
    return e.RecordCirculated(on=on, meeting=meeting, to=to)


# Decisions, challenge, supervision, oversight -----------------------------------------------------


def decided(
    on: date,
    decision: str = "D1",
    *,
    agree: Iterable[str] = ("csc",),
    positions: Mapping[str, Position] | None = None,
    kind: DecisionKind = DecisionKind.OTHER,
    basis: tuple[Basis, ...] = (Basis.OBSERVED,),
    answers: tuple[str, ...] = (),
    meeting: str | None = None,
    decided_by: str = "csc",
) -> e.DecisionMade:
    stances = {agency: Stance(position=Position.AGREE) for agency in agree}
    for agency, position in (positions or {}).items():
        stances[agency] = Stance(position=position)
    return e.DecisionMade(
        on=on,
        decision=decision,
        what="Reduce the visits",
        decision_kind=kind,
        reason="the mother says that all is well",
        decided_by=decided_by,
        positions=stances,
        basis=basis,
        answers=answers,
        meeting=meeting,
    )


def position(
    on: date, agency: str, decision: str = "D1", takes: Position = Position.AGREE
) -> e.PositionTaken:
    return e.PositionTaken(on=on, decision=decision, agency=agency, position=takes, reason="seen")


def dissent_answered(on: date, agency: str, decision: str = "D1") -> e.DissentAnswered:
    return e.DissentAnswered(on=on, decision=decision, agency=agency, answer="in writing")


def supervision_asked(
    on: date, name: str = "S1", by: str = "school-nursing"
) -> e.SupervisionRequested:
    return e.SupervisionRequested(on=on, supervision=name, by_agency=by, why="the plan is stuck")


def supervised(on: date, name: str = "S1", *recommendations: str) -> e.SupervisionHeld:
    return e.SupervisionHeld(
        on=on,
        supervision=name,
        agencies=("school-nursing", "csc"),
        challenge="who has seen the father?",
        recommendations=dict.fromkeys(recommendations, "see the father"),
    )


def oversight(on: date, *gaps: str, regarding: tuple[str, ...] = ()) -> e.OversightRecorded:
    return e.OversightRecorded(
        on=on,
        support="good record of visits",
        challenge="why was he not seen alone?",
        gaps=dict.fromkeys(gaps, "nobody has met the father"),
        regarding=regarding,
    )


def gap_answered(
    on: date, gap: str = "G1", action: str | None = None, reason: str | None = "he lives abroad"
) -> e.GapAnswered:
    return e.GapAnswered(on=on, gap=gap, action=action, reason=reason)


def challenged(
    on: date, name: str = "C1", by: str = "school", to: str = "csc"
) -> e.ChallengeRaised:
    return e.ChallengeRaised(
        on=on, challenge=name, by_agency=by, to_agency=to, concern="he is hungry every Monday"
    )


def challenge_answered(on: date, name: str = "C1", stage: int = 1) -> e.ChallengeAnswered:
    return e.ChallengeAnswered(on=on, challenge=name, stage=stage, answer="we visit on Monday")


def climbed(on: date, name: str = "C1", stage: int = 2) -> e.ChallengeClimbed:
    return e.ChallengeClimbed(on=on, challenge=name, stage=stage)


def resolved(on: date, name: str = "C1") -> e.ChallengeResolved:
    return e.ChallengeResolved(
        on=on, challenge=name, outcome="weekly visits", agencies=("csc", "school")
    )


# Information --------------------------------------------------------------------------------------


def shared(
    on: date,
    item: str = "I1",
    *,
    by: str = "police",
    to: tuple[str, ...] = ("csc",),
    withheld: Mapping[str, str] | None = None,
) -> e.InformationShared:
    return e.InformationShared(
        on=on,
        item=item,
        about=("mother",),
        what="called out twice at night",
        basis=Basis.RECORD,
        from_=by,
        to=to,
        withheld_from=dict(withheld or {}),
    )


def acknowledged(on: date, agency: str, item: str = "I1") -> e.InformationAcknowledged:
    return e.InformationAcknowledged(on=on, item=item, agency=agency)


def corroborated(
    on: date, subject: str = "A1", basis: Basis = Basis.OBSERVED, agency: str = "school"
) -> e.InformationCorroborated:
    return e.InformationCorroborated(on=on, subject=subject, basis=basis, agency=agency)


def disputed(on: date, subject: str = "A1", agency: str = "school") -> e.InformationDisputed:
    return e.InformationDisputed(on=on, subject=subject, basis=Basis.CHILD, agency=agency)


# The child, family, assessment, injury ------------------------------------------------------------


def seen(
    on: date,
    mode: Mode = F2F,
    alone: Alone = Alone.NO,
    words: str | None = None,
    agency: str = "csc",
) -> e.ChildSeen:
    return e.ChildSeen(on=on, mode=mode, alone=alone, by_agency=agency, where="home", words=words)


def missed(on: date, agency: str = "csc", who: str = "mother") -> e.ContactMissed:
    return e.ContactMissed(on=on, with_=who, agency=agency, how=HowMissed.NO_ACCESS)


def explored(on: date, finding: Finding = Finding.NOT_KNOWN) -> e.AbsenceExplored:
    return e.AbsenceExplored(on=on, finding=finding, agencies=("csc", "school"))


def withdrawn(on: date, service: str = "family support") -> e.ServiceWithdrawn:
    return e.ServiceWithdrawn(
        on=on, service=service, agency="early-help", facts="four missed visits"
    )


def linked(on: date, person: str = "P1", relation: str = "sibling") -> e.PersonLinked:
    return e.PersonLinked(on=on, person=person, relation=relation, involved=Involved.YES)


def considered(
    on: date,
    person: str = "P1",
    result: SiblingOutcome = SiblingOutcome.NO_PLAN,
    reason: str | None = "safe with an aunt",
) -> e.SiblingConsidered:
    plan = CP_K2 if result is SiblingOutcome.OWN_PLAN else None
    return e.SiblingConsidered(on=on, person=person, outcome=result, plan=plan, reason=reason)


def started(
    on: date, assessment: str = "AS1", sources: tuple[str, ...] = ("child", "father")
) -> e.AssessmentStarted:
    return e.AssessmentStarted(on=on, assessment=assessment, sources=sources)


def consulted(on: date, source: str, assessment: str = "AS1") -> e.SourceConsulted:
    return e.SourceConsulted(on=on, assessment=assessment, source=source)


def not_consulted(on: date, source: str, assessment: str = "AS1") -> e.SourceNotConsulted:
    return e.SourceNotConsulted(
        on=on, assessment=assessment, source=source, reason="his address is not known"
    )


def finished(
    on: date, assessment: str = "AS1", authorised_by: str = "T Manager"
) -> e.AssessmentFinished:
    return e.AssessmentFinished(on=on, assessment=assessment, authorised_by=authorised_by)


def returned(on: date, assessment: str = "AS1") -> e.AssessmentReturned:
    return e.AssessmentReturned(
        on=on, assessment=assessment, by="T Manager", reason="the father is missing"
    )


def injury(on: date, name: str = "N1") -> e.InjuryNoted:
    return e.InjuryNoted(on=on, injury=name, where="left forearm", explanation="fell")


def medical(
    on: date,
    name: str = "N1",
    agencies: tuple[str, ...] = ("csc", "paediatrics"),
    result: MedicalOutcome = MedicalOutcome.NOT_NEEDED,
) -> e.MedicalDecided:
    return e.MedicalDecided(
        on=on, injury=name, outcome=result, reason="an old graze", agencies=agencies
    )


# Alerts and putting right -------------------------------------------------------------------------


def answered(on: date, alert: str, action: str | None = None) -> e.AlertAnswered:
    return e.AlertAnswered(
        on=on, alert=alert, going_well="school sees him daily", challenge="no visit", action=action
    )


def corrected(on: date, entry: int, /, **fields: object) -> e.Corrected:
    return e.Corrected(on=on, entry=entry, fields=fields, reason="wrongly typed")


def retracted(on: date, entry: int) -> e.Retracted:
    return e.Retracted(on=on, entry=entry, reason="written on the wrong plan")
