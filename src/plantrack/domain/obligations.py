"""What must happen next on a plan, and which finding of the brief asks for it: a table.

How long each may take is the policy's business. The readings R1 to R73 of the published
interface, named below, say exactly how a row reads the events.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise, zip_longest

from plantrack.domain.clocks import (
    EVERY,
    Names,
    Obligation,
    Run,
    Runs,
    about_plan,
    chain,
    first,
)
from plantrack.domain.entries import Fact, in_order
from plantrack.domain.events import (
    AbsenceExplored,
    ActionAgreed,
    ActionCompleted,
    ActionEnded,
    ActionReassigned,
    ActionRescheduled,
    ActionReviewed,
    AgencyJoined,
    AgencyLeft,
    AssessmentFinished,
    AssessmentStarted,
    ChallengeAnswered,
    ChallengeClimbed,
    ChallengeRaised,
    ChallengeResolved,
    ChildSeen,
    ContactMissed,
    DecisionMade,
    DissentAnswered,
    GapAnswered,
    InformationAcknowledged,
    InformationCorroborated,
    InformationShared,
    InjuryNoted,
    MedicalDecided,
    MeetingHeld,
    MeetingMoved,
    MeetingPlanned,
    OversightRecorded,
    PersonLinked,
    PlanClosed,
    PlanEvent,
    PlanOpened,
    PlanSteppedDown,
    PlanSteppedUp,
    PlanTransferredOut,
    PositionTaken,
    RecordCirculated,
    ReportSubmitted,
    ServiceWithdrawn,
    SiblingConsidered,
    SourceConsulted,
    SourceNotConsulted,
    SupervisionHeld,
    SupervisionRequested,
)
from plantrack.domain.events.children import alone, face_to_face, heard
from plantrack.domain.events.families import SIBLINGS
from plantrack.domain.history import AnyFact, Carried, DueDay, History, first_from
from plantrack.domain.words import (
    IN_THE_ROOM,
    SELF_REPORT,
    DecisionKind,
    DispositionKind,
    MeetingType,
    PlanKind,
    Position,
)

CIN, CP = frozenset({PlanKind.CIN}), frozenset({PlanKind.CP})
CONFERENCES = frozenset(
    {
        MeetingType.INITIAL_CONFERENCE,
        MeetingType.REVIEW_CONFERENCE,
        MeetingType.TRANSFER_CONFERENCE,
    }
)
SPEAKS_TO_ACTIONS = frozenset(
    {MeetingType.REVIEW_CONFERENCE, MeetingType.CORE_GROUP, MeetingType.CIN_REVIEW}
)
HEARS_THE_CHILD = frozenset(
    {MeetingType.INITIAL_CONFERENCE, MeetingType.REVIEW_CONFERENCE, MeetingType.CIN_REVIEW}
)
REPORTED_TO = frozenset({MeetingType.INITIAL_CONFERENCE, MeetingType.REVIEW_CONFERENCE})
CLOSES_AN_ACTION = (ActionCompleted, ActionEnded)
LAST_STAGE_WITH_A_LIMIT = 3
IN_A_ROW = 2


def itself(event: PlanEvent, _: History) -> Iterable[str]:
    """Touch the thing that the event is about."""
    return (getattr(event, event.ABOUT or ""),)


def every(_: PlanEvent, __: History) -> Iterable[str]:
    """Touch everything that the obligation is about."""
    return (EVERY,)


def of_type(*types: MeetingType) -> Names:
    """Touch the plan as a whole where a meeting of one of some types was held."""
    return lambda event, _: ("",) if getattr(event, "type", None) in types else ()


def conference(event: PlanEvent, _: History) -> Iterable[str]:
    """Touch every conference, as a later one may be the quorate one."""
    return (EVERY,) if getattr(event, "type", None) in CONFERENCES else ()


def open_actions(event: PlanEvent, history: History) -> Iterable[str]:
    """Touch the actions that a meeting should speak to."""
    if getattr(event, "type", None) not in SPEAKS_TO_ACTIONS:
        return ()
    return tuple(
        action
        for action in action_names(history)
        if not any(fact.on < event.on for fact in history.of_any(CLOSES_AN_ACTION, action))
    )


def named_by(*kinds: type[PlanEvent]) -> Callable[[History], Iterable[str]]:
    """List the things that facts of some kinds are about."""
    return lambda history: {name for kind in kinds for name in history.names(kind)}


def until(start: type[PlanEvent], stop: type[PlanEvent]) -> Runs:
    """Run from each start to the first stop about the same thing, that day or later (R9)."""

    def runs(history: History, name: str) -> Iterator[Run]:
        for begun in history.of(start, name):
            yield Run(name, begun, first(first_from(history.of(stop, name), begun.on)))

    return runs


def precedes(one: AnyFact, other: AnyFact) -> bool:
    """Whether a fact comes before another: by day, then by entry number (R10)."""
    return one[:2] < other[:2]


def held(history: History, *types: MeetingType) -> list[Fact[MeetingHeld]]:
    """Give the meetings of some types that were held."""
    return [fact for fact in history.of(MeetingHeld) if fact.event.type in types]


def in_the_room(meeting: Fact[MeetingHeld]) -> list[str]:
    """List the agencies that were at a meeting, in person or remotely."""
    return [agency for agency, how in meeting.event.attendance.items() if how in IN_THE_ROOM]


# Actions (S1) -------------------------------------------------------------------------------------


def action_names(history: History) -> Iterable[str]:
    """List the plan's actions, carried ones included."""
    return {*history.names(ActionAgreed), *(each.action for each in history.before.carried)}


def agreement(history: History, action: str) -> Fact[ActionAgreed] | None:
    """Find how an action was agreed, perhaps on a plan before."""
    carried = history.carried(action)
    return first(history.of(ActionAgreed, action)) or (carried.agreed if carried else None)


def closed_by(history: History, action: str, start: AnyFact) -> AnyFact | None:
    """Find what completed or ended an action since its start, perhaps on the plan before."""
    carried = None if isinstance(start.event, ActionAgreed) else history.carried(action)
    before = carried.closed if carried else None
    return before or first(first_from(history.of_any(CLOSES_AN_ACTION, action), start.on))


def action_done(history: History, action: str) -> Iterator[Run]:
    """Run from the agreement; a new date replaces the running one (R7, R27, R32)."""
    carried = history.carried(action)
    due_days: list[tuple[AnyFact, date, AnyFact | None]] = [
        (agreed, agreed.event.due_on, None) for agreed in history.of(ActionAgreed, action)[:1]
    ]
    if not due_days and carried and history.opening:
        due_days = [(history.opening, each.due_on, each.met_by) for each in carried.done]
    if not due_days:
        return
    agreed = due_days[-1][0]
    due_days += [
        (moved, moved.event.due_on, None)
        for moved in history.of(ActionRescheduled, action)
        if precedes(agreed, moved)
    ]
    closed = closed_by(history, action, agreed)
    for (start, due_on, met_by), later in zip(due_days, [*due_days[1:], None], strict=True):
        stop = met_by or closed
        replaced = later and not met_by and not (stop and precedes(stop, later[0]))
        if not replaced:
            yield Run(action, start, stop, due_on=due_on)


def action_reviewed(history: History, action: str) -> Iterator[Run]:
    """Run from the agreement and from each review, while the action is open (R7, R27, R71)."""
    agreed, carried = first(history.of(ActionAgreed, action)), history.carried(action)
    start: AnyFact | None = agreed or (history.opening if carried else None)
    origin = agreement(history, action)
    if start is None or origin is None:
        return
    due_days = carried.reviewed if carried and not agreed else ()
    for each in due_days:
        if each.met_by:
            yield Run(action, start, each.met_by, due_on=each.due_on)
    running = [each.due_on for each in due_days if not each.met_by]
    every_days = origin.event.review_every_days
    closed = closed_by(history, action, start)
    for run in chain(action, start, history.of(ActionReviewed, action)):
        due_on = run.start.on + timedelta(days=every_days) if every_days else None
        if due_days and run.start is start:
            if not running:
                continue
            due_on = running[0]
        stops = sorted(filter(None, (run.stop, closed)), key=in_order)
        yield run._replace(stop=first(stops), due_on=due_on)


def action_spoken_to(history: History, action: str) -> Iterator[Run]:
    """Run from each meeting that should have spoken to an open action (R7, R33)."""
    agreed = agreement(history, action)
    if agreed is None:
        return
    carried = history.carried(action)
    closed = first(history.of_any(CLOSES_AN_ACTION, action)) or (carried and carried.closed)
    said = history.of_any((ActionReviewed, ActionRescheduled, *CLOSES_AN_ACTION), action)
    for meeting in held(history, *SPEAKS_TO_ACTIONS):
        if agreed.on < meeting.on:
            before = closed if closed and closed.on < meeting.on else None
            yield Run(action, meeting, before or first(f for f in said if _speaks(f, meeting)))


def _speaks(said: AnyFact, meeting: Fact[MeetingHeld]) -> bool:
    if getattr(said.event, "meeting", None) == meeting.event.meeting:
        return True
    if isinstance(said.event, ActionRescheduled):
        return said.on == meeting.on
    return said.on >= meeting.on


def carried_on(history: History) -> Iterator[Carried]:
    """Say which actions go over to the next plan, with the due days they had (R27)."""
    ending = history.ending
    if ending is None or history.opening is None:
        return
    for action, left in ending.event.open_actions.items():
        agreed, before = agreement(history, action), history.carried(action)
        if left.disposition is DispositionKind.CARRIED and agreed:
            passed = history.of(ActionReassigned, action)
            owner = before.owner if before else agreed.event.owner
            closed = first(history.of_any(CLOSES_AN_ACTION, action))
            moves = before.moves if before else ()
            yield Carried(
                action=action,
                agreed=agreed,
                owner=passed[-1].event.owner if passed else owner,
                moves=(*moves, *history.of(ActionRescheduled, action)),
                done=_due_days(ACTION_DONE, history, action),
                reviewed=_due_days(ACTION_REVIEWED, history, action),
                closed=closed or (before.closed if before else None),
            )


def _due_days(row: Obligation, history: History, action: str) -> tuple[DueDay, ...]:
    return tuple(
        DueDay(row.clock(history, run).due_on, run.stop) for run in row.runs(history, action)
    )


# Meetings (S1 S2 S8) ------------------------------------------------------------------------------


def meeting_chain(kind: MeetingType, *, from_opening: bool = False) -> Runs:
    """Run from each meeting of a type to the next."""

    def runs(history: History, _: str) -> Iterator[Run]:
        opening = history.opening if from_opening else None
        yield from chain(history.plan, opening, held(history, kind))

    return runs


def first_meeting(kind: MeetingType) -> Runs:
    """Run from the initial conference that opened the plan to a first meeting of a type (R36)."""

    def runs(history: History, _: str) -> Iterator[Run]:
        if history.opening and history.opened:
            since = history.opened.origin.initial_conference_on or history.opening.on
            stop = first(first_from(held(history, kind), history.opening.on))
            yield Run(history.plan, history.opening, stop, since=since)

    return runs


def initial_conference(history: History, _: str) -> Iterator[Run]:
    """Run from each strategy discussion, unless a later one replaces it first (R35)."""
    no_conference: list[AnyFact] = [
        fact
        for fact in history.of(DecisionMade)
        if fact.event.decision_kind is DecisionKind.NO_CONFERENCE
    ]
    stops = sorted([*held(history, MeetingType.INITIAL_CONFERENCE), *no_conference])
    discussions = held(history, MeetingType.STRATEGY_DISCUSSION)
    for start, later in zip_longest(discussions, discussions[1:]):
        stop = first(first_from(stops, start.on))
        if later is None or (stop and precedes(stop, later)):
            yield Run(history.plan, start, stop)


def transfer_conference(history: History, _: str) -> Iterator[Run]:
    """Run from the notice of a transfer that is not accepted yet (R31)."""
    for notice in history.of(PlanTransferredOut):
        if not notice.event.accepted:
            held_then = first_from(held(history, MeetingType.TRANSFER_CONFERENCE), notice.on)
            yield Run(history.plan, notice, first(held_then))


def quorum(history: History, meeting: str) -> Iterator[Run]:
    """Run from a conference without a quorum to a quorate one of the same type (R41)."""

    def quorate(fact: Fact[MeetingHeld]) -> bool:
        return history.policies.on(fact.on).quorate(in_the_room(fact))

    for start in history.of(MeetingHeld, meeting):
        kind = start.event.type
        if kind in CONFERENCES and not quorate(start):
            again = first_from(held(history, kind), start.on)
            yield Run(meeting, start, first(fact for fact in again if quorate(fact)))


def report_to_conference(history: History, meeting: str) -> Iterator[Run]:
    """Run for each invited agency; a moved meeting moves the day (R42)."""
    for planned in history.of(MeetingPlanned, meeting):
        event = planned.event
        if event.type not in REPORTED_TO:
            continue
        for agency in dict.fromkeys(event.invited):
            reports = first_from(history.of(ReportSubmitted, meeting), planned.on)
            stop = first(r for r in reports if r.event.agency == agency)
            moves = history.of(MeetingMoved, meeting)
            last: Fact[MeetingPlanned] | Fact[MeetingMoved] = moves[-1] if moves else planned
            yield Run(
                f"{meeting}/{agency}",
                planned,
                stop,
                event.type.value,
                since=last.event.planned_for,
                because=(last.number,),
            )


def record_circulated(history: History, meeting: str) -> Iterator[Run]:
    """Run from each conference to the first circulation of its record (R44)."""
    for start in history.of(MeetingHeld, meeting):
        if start.event.type in CONFERENCES:
            yield Run(
                meeting, start, first(first_from(history.of(RecordCirculated, meeting), start.on))
            )


# Decisions, challenge and supervision (S2 S3 S12) -------------------------------------------------


def decision_shared(*, after_challenge: bool) -> Runs:
    """Run for a decision on which fewer than two groups have a position (R45 to R48)."""

    def runs(history: History, decision: str) -> Iterator[Run]:
        for made in history.of(DecisionMade, decision):
            shared = history.shared_by(decision)
            if shared is not made and _after_challenge(history, made) is after_challenge:
                yield Run(decision, made, shared)

    return runs


def _after_challenge(history: History, made: Fact[DecisionMade]) -> bool:
    if made.event.answers:
        return True
    for raised in history.of(ChallengeRaised):
        name = raised.event.challenge
        resolved = first(history.of(ChallengeResolved, name))
        if precedes(raised, made) and not (resolved and precedes(resolved, made)):
            return True
    for session in history.of(SupervisionHeld):
        for name in session.event.recommendations:
            answered = _answered(history, name)
            if precedes(session, made) and not (answered and precedes(answered, made)):
                return True
    return False


def _answered(history: History, recommendation: str) -> AnyFact | None:
    """Give the fact by which two groups had answered a recommendation (R50)."""
    answers = (
        history.shared_by(made.event.decision)
        for made in history.of(DecisionMade)
        if recommendation in made.event.answers
    )
    return min(filter(None, answers), default=None)


def touched_by_decision(event: PlanEvent, history: History) -> Iterable[str]:
    """Touch the decision, and all others where it answers something (R46)."""
    match event:
        case DecisionMade(decision=decision, answers=answers):
            return (EVERY,) if answers else (decision,)
        case PositionTaken(decision=decision):
            return (EVERY,) if _what_it_answers(history, decision) else (decision,)
    return ()


def _what_it_answers(history: History, decision: str) -> tuple[str, ...]:
    made = first(history.of(DecisionMade, decision))
    return made.event.answers if made else ()


def dissent_answered(history: History, decision: str) -> Iterator[Run]:
    """Run for each agency that disagrees (R49)."""
    starts = history.of_any((DecisionMade, PositionTaken), decision)
    for start in starts if history.of(DecisionMade, decision) else ():
        for agency in _dissenters(start.event):
            answers = first_from(history.of(DissentAnswered, decision), start.on)
            stop = first(a for a in answers if a.event.agency == agency)
            yield Run(f"{decision}/{agency}", start, stop)


def _dissenters(event: PlanEvent) -> list[str]:
    match event:
        case DecisionMade(positions=positions):
            return [a for a, s in positions.items() if s.position is Position.DISAGREE]
        case PositionTaken(agency=agency, position=Position.DISAGREE):
            return [agency]
    return []


def recommendation_answered(history: History, recommendation: str) -> Iterator[Run]:
    """Run from the session that made a recommendation to its answer by two groups (R50)."""
    for session in history.of(SupervisionHeld):
        if recommendation in session.event.recommendations:
            answered = _answered(history, recommendation)
            yield Run(recommendation, session, answered)


def recommendations(history: History) -> Iterable[str]:
    """List what supervision recommended."""
    return {r for held in history.of(SupervisionHeld) for r in held.event.recommendations}


def touched_recommendations(event: PlanEvent, history: History) -> Iterable[str]:
    """Touch the recommendations that the event makes, or that its decision answers."""
    match event:
        case SupervisionHeld(recommendations=made):
            return tuple(made)
        case DecisionMade(answers=answers):
            return answers
        case PositionTaken(decision=decision):
            return _what_it_answers(history, decision)
    return ()


def challenge_answered(history: History, challenge: str) -> Iterator[Run]:
    """Run at each stage until it is answered; a stage that climbed is not met (R60, R69)."""
    climbs = history.of(ChallengeClimbed, challenge)
    for raised in history.of(ChallengeRaised, challenge):
        stages: list[tuple[int, AnyFact]] = [(1, raised)]
        for stage, start in stages + [(climb.event.stage, climb) for climb in climbs]:
            stop = first(first_from(_answers_at(history, challenge, stage), start.on))
            climbed = first(c for c in first_from(climbs, start.on) if c.event.stage > stage)
            if climbed is None or (stop and precedes(stop, climbed)):
                yield Run(challenge, start, stop, f"stage_{min(stage, LAST_STAGE_WITH_A_LIMIT)}")


def _answers_at(history: History, challenge: str, stage: int) -> list[AnyFact]:
    answered = [f for f in history.of(ChallengeAnswered, challenge) if f.event.stage == stage]
    return sorted([*answered, *history.of(ChallengeResolved, challenge)])


# Oversight (S4 S13) -------------------------------------------------------------------------------


def oversight(history: History, _: str) -> Iterator[Run]:
    """Run from the opening and from each oversight, by the kind of plan."""
    yield from chain(
        history.plan, history.opening, history.of(OversightRecorded), history.kind.value
    )


def gap_answered(history: History, gap: str) -> Iterator[Run]:
    """Run from the oversight that named a gap."""
    for start in history.of(OversightRecorded):
        if gap in start.event.gaps:
            yield Run(gap, start, first(first_from(history.of(GapAnswered, gap), start.on)))


def gaps(history: History) -> Iterable[str]:
    """List the gaps that oversight named."""
    return {gap for fact in history.of(OversightRecorded) for gap in fact.event.gaps}


def plan_drift(history: History, _: str) -> Iterator[Run]:
    """Run twice from the opening; the plan's ending is the stop (R29)."""
    for case in ("first", "again"):
        if history.opening:
            yield Run(history.plan, history.opening, history.ending, case)


def repeat_plan(history: History, _: str) -> Iterator[Run]:
    """Run where the child had a child protection plan before (R58)."""
    opening = history.opening
    if opening and (history.before.cp_plan or opening.event.origin.previous_cp_plans):
        named = (
            fact
            for fact in first_from(history.of(OversightRecorded), opening.on)
            if "previous-plans" in fact.event.regarding
        )
        yield Run(history.plan, opening, first(named))


# The child (S5 S10 S11) ---------------------------------------------------------------------------


def child_seen(counts: Callable[[ChildSeen], bool]) -> Runs:
    """Run from the opening and from each time the child was seen so."""

    def runs(history: History, _: str) -> Iterator[Run]:
        seen = [fact for fact in history.of(ChildSeen) if counts(fact.event)]
        yield from chain(history.child, history.opening, seen, history.kind.value)

    return runs


def child_heard(history: History, _: str) -> Iterator[Run]:
    """Run from each review or conference, unless the child was heard since the one before (R53)."""
    words = [fact for fact in history.of(ChildSeen) if heard(fact.event)]
    referred_on = history.opened.origin.referred_on if history.opened else None
    meetings = held(history, *HEARS_THE_CHILD)
    for meeting in meetings:
        earlier = [before.on for before in meetings if before.on < meeting.on]
        since = earlier[-1] + timedelta(days=1) if earlier else referred_on or date.min
        yield Run(history.child, meeting, first(first_from(words, since)))


def absence_explored(history: History, _: str) -> Iterator[Run]:
    """Run once for two contacts missed in a row, until explored or the child is seen (R7, R54)."""
    seen = [fact for fact in history.of(ChildSeen) if face_to_face(fact.event)]
    ends: list[AnyFact] = sorted([*history.of(AbsenceExplored), *seen])
    missed = history.of(ContactMissed)
    in_a_row = 1
    for one, other in pairwise(missed):
        between = _between(ends, one, other)
        in_a_row = 1 if between else in_a_row + 1
        if between or in_a_row == IN_A_ROW:
            stop = between or first(first_from(ends, other.on))
            numbers = sorted((one.number, other.number))
            yield Run(history.plan, other, stop, because=tuple(numbers))


def _between(facts: list[AnyFact], one: AnyFact, other: AnyFact) -> AnyFact | None:
    place = bisect_right(facts, one[:2], key=in_order)
    return facts[place] if place < len(facts) and precedes(facts[place], other) else None


def withdrawal_reviewed(history: History, service: str) -> Iterator[Run]:
    """Run from a withdrawal to a meeting of two groups on a later day (R43)."""
    for start in history.of(ServiceWithdrawn, service):
        later = first_from(history.of(MeetingHeld), start.on + timedelta(days=1))
        yield Run(
            service,
            start,
            first(f for f in later if len(history.groups(in_the_room(f), f.on)) > 1),
        )


# Information (S6 S8) ------------------------------------------------------------------------------


def self_report_checked(history: History, name: str) -> Iterator[Run]:
    """Run from what rests on a parent's word alone until somebody else's look (R52)."""
    starts = [
        *((fact, fact.event.basis) for fact in history.of(ActionCompleted, name)),
        *((fact, fact.event.basis) for fact in history.of(DecisionMade, name)),
    ]
    for start, basis in starts:
        if basis and SELF_REPORT.issuperset(basis):
            checks = first_from(history.of(InformationCorroborated, name), start.on)
            yield Run(name, start, first(c for c in checks if c.event.basis not in SELF_REPORT))


def information_shared(history: History, item: str) -> Iterator[Run]:
    """Run for each agency on the plan that a share leaves out (R7, R55)."""
    shares = history.of(InformationShared, item)
    told: dict[str, AnyFact] = {}
    left_out: set[str] = set()
    for number, share in enumerate(shares):
        here = _named_in(share)
        for agency in sorted(history.agencies_on(share.on) - here - left_out):
            left_out.add(agency)
            later = first(later for later in shares[number + 1 :] if agency in _named_in(later))
            yield Run(f"{item}/{agency}", share, told.get(agency) or later)
        told = dict.fromkeys(here, share) | told


def _named_in(share: Fact[InformationShared]) -> set[str]:
    event = share.event
    return {event.from_, *event.to, *event.withheld_from}


def information_acknowledged(history: History, item: str) -> Iterator[Run]:
    """Run for each recipient from the first share to it (R56)."""
    told: set[str] = set()
    for share in history.of(InformationShared, item):
        for agency in share.event.to:
            if agency not in told:
                told.add(agency)
                answers = first_from(history.of(InformationAcknowledged, item), share.on)
                stop = first(a for a in answers if a.event.agency == agency)
                yield Run(f"{item}/{agency}", share, stop)


# Family, assessment, injury (S7 S9 S14) -----------------------------------------------------------


def sibling_considered(history: History, person: str) -> Iterator[Run]:
    """Run from a sibling's link (R57)."""
    for start in history.of(PersonLinked, person):
        if start.event.relation in SIBLINGS:
            yield Run(
                person, start, first(first_from(history.of(SiblingConsidered, person), start.on))
            )


def assessment_finished(history: History, assessment: str) -> Iterator[Run]:
    """Run from the start of an assessment, or from the referral where the policy says so (R39)."""
    for run in until(AssessmentStarted, AssessmentFinished)(history, assessment):
        anchor = history.policies.on(run.start.on).anchor("assessment-finished")
        referred_on = history.opened.origin.referred_on if history.opened else None
        yield run._replace(since=referred_on if anchor == "referral" else None)


def assessment_broad(history: History, assessment: str) -> Iterator[Run]:
    """Run for each listed source that a finished assessment leaves open (R40)."""
    asked = sorted(
        [
            *((f[:2], f, f.event.source) for f in history.of(SourceConsulted, assessment)),
            *((f[:2], f, f.event.source) for f in history.of(SourceNotConsulted, assessment)),
        ]
    )
    listed = [s for f in history.of(AssessmentStarted, assessment) for s in f.event.sources]
    for finished in history.of(AssessmentFinished, assessment):
        for source in dict.fromkeys(listed):
            stop = next((f for _, f, about in asked if about == source), None)
            yield Run(f"{assessment}/{source}", finished, stop)


def injury_decided(history: History, injury: str) -> Iterator[Run]:
    """Run from an injury to a decision by two groups (R51)."""
    for start in history.of(InjuryNoted, injury):
        decided = first_from(history.of(MedicalDecided, injury), start.on)
        yield Run(
            injury,
            start,
            first(d for d in decided if len(history.groups(d.event.agencies, d.on)) > 1),
        )


def plan_facts(*kinds: type[PlanEvent]) -> dict[type[PlanEvent], Names]:
    """Read some kinds for the plan as a whole."""
    return dict.fromkeys((PlanOpened, *kinds), about_plan)


def thing_facts(*kinds: type[PlanEvent]) -> dict[type[PlanEvent], Names]:
    """Read some kinds for the thing that each is about."""
    return dict.fromkeys(kinds, itself)


ACTION_DONE = Obligation(
    code="action-done",
    says="An action is done by its date",
    owed_by="the action's owner",
    finding="S1",
    force="plan",
    runs=action_done,
    reads=thing_facts(ActionAgreed, ActionRescheduled, *CLOSES_AN_ACTION),
    everything=action_names,
)
ACTION_REVIEWED = Obligation(
    code="action-reviewed",
    says="An open action is looked at again",
    owed_by="the action's owner",
    finding="S1",
    force="local",
    runs=action_reviewed,
    reads=thing_facts(ActionAgreed, ActionReviewed, *CLOSES_AN_ACTION),
    everything=action_names,
)

OBLIGATIONS: tuple[Obligation, ...] = (
    ACTION_DONE,
    ACTION_REVIEWED,
    Obligation(
        code="action-spoken-to",
        says="A review or core group speaks to every open action",
        owed_by="the conference chair",
        finding="S1",
        force="local",
        runs=action_spoken_to,
        reads=thing_facts(ActionAgreed, ActionReviewed, ActionRescheduled, *CLOSES_AN_ACTION)
        | {MeetingHeld: open_actions},
        everything=action_names,
    ),
    Obligation(
        code="initial-conference",
        says="A conference follows the strategy discussion",
        owed_by="the lead practitioner",
        finding="S1",
        force="Working Together; T3",
        runs=initial_conference,
        reads=plan_facts(DecisionMade)
        | {MeetingHeld: of_type(MeetingType.STRATEGY_DISCUSSION, MeetingType.INITIAL_CONFERENCE)},
        plan_kinds=CIN,
    ),
    Obligation(
        code="first-core-group",
        says="A first core group follows the initial conference",
        owed_by="the lead practitioner",
        finding="S1",
        force="Working Together; T5",
        runs=first_meeting(MeetingType.CORE_GROUP),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.CORE_GROUP)},
        plan_kinds=CP,
    ),
    Obligation(
        code="core-group",
        says="The core group meets again",
        owed_by="the lead practitioner",
        finding="S1",
        force="local T6",
        runs=meeting_chain(MeetingType.CORE_GROUP),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.CORE_GROUP)},
        one_at_a_time=True,
    ),
    Obligation(
        code="first-review-conference",
        says="A first review conference follows the initial one",
        owed_by="the conference chair",
        finding="S1",
        force="Working Together; T7",
        runs=first_meeting(MeetingType.REVIEW_CONFERENCE),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.REVIEW_CONFERENCE)},
        plan_kinds=CP,
    ),
    Obligation(
        code="review-conference",
        says="The next review conference is held",
        owed_by="the conference chair",
        finding="S1",
        force="Working Together; T7",
        runs=meeting_chain(MeetingType.REVIEW_CONFERENCE),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.REVIEW_CONFERENCE)},
        one_at_a_time=True,
    ),
    Obligation(
        code="cin-review",
        says="The child in need plan is reviewed",
        owed_by="the lead practitioner",
        finding="S1",
        force="local T13",
        runs=meeting_chain(MeetingType.CIN_REVIEW, from_opening=True),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.CIN_REVIEW)},
        plan_kinds=CIN,
        one_at_a_time=True,
    ),
    Obligation(
        code="assessment-finished",
        says="An assessment is finished",
        owed_by="the lead practitioner",
        finding="S7",
        force="Working Together; T1",
        runs=assessment_finished,
        reads=thing_facts(AssessmentStarted, AssessmentFinished),
        everything=named_by(AssessmentStarted),
        anchors=("start", "referral"),
    ),
    Obligation(
        code="transfer-conference",
        says="A transfer conference follows the notice of a move",
        owed_by="the lead practitioner",
        finding="S1",
        force="Working Together, local T14",
        runs=transfer_conference,
        reads=plan_facts(PlanTransferredOut)
        | {MeetingHeld: of_type(MeetingType.TRANSFER_CONFERENCE)},
    ),
    Obligation(
        code="quorum",
        says="A conference without a quorum meets again",
        owed_by="the conference chair",
        finding="S2 S3",
        force="local T17",
        runs=quorum,
        reads={MeetingHeld: conference},
        everything=lambda history: {f.event.meeting for f in held(history, *CONFERENCES)},
    ),
    Obligation(
        code="report-to-conference",
        says="Each invited agency reports before a conference",
        owed_by="the invited agency",
        finding="S2",
        force="local T15",
        runs=report_to_conference,
        reads=thing_facts(MeetingPlanned, MeetingMoved, ReportSubmitted),
        everything=named_by(MeetingPlanned),
        anchors=("planned_for",),
    ),
    Obligation(
        code="record-circulated",
        says="The record of a conference is sent round",
        owed_by="the conference chair",
        finding="S8",
        force="local T16",
        runs=record_circulated,
        reads=thing_facts(MeetingHeld, RecordCirculated),
        everything=named_by(MeetingHeld),
    ),
    Obligation(
        code="decision-shared",
        says="A decision of one agency gets a second agency's position",
        owed_by="the agency that decided",
        finding="S2",
        force="the brief",
        runs=decision_shared(after_challenge=False),
        reads={
            DecisionMade: touched_by_decision,
            PositionTaken: touched_by_decision,
            ChallengeRaised: every,
            ChallengeResolved: every,
            SupervisionHeld: every,
        },
        everything=named_by(DecisionMade),
    ),
    Obligation(
        code="decision-shared-after-challenge",
        says="A decision after challenge or supervision gets a second agency's position at once",
        owed_by="the agency that decided",
        finding="S2 S12",
        force="the brief",
        runs=decision_shared(after_challenge=True),
        reads={
            DecisionMade: touched_by_decision,
            PositionTaken: touched_by_decision,
            ChallengeRaised: every,
            ChallengeResolved: every,
            SupervisionHeld: every,
        },
        everything=named_by(DecisionMade),
    ),
    Obligation(
        code="dissent-answered",
        says="An agency that disagrees gets a written answer",
        owed_by="the conference chair",
        finding="S2",
        force="local",
        runs=dissent_answered,
        reads=thing_facts(DecisionMade, PositionTaken, DissentAnswered),
        everything=named_by(DecisionMade),
    ),
    Obligation(
        code="supervision-held",
        says="Multi-agency supervision that was asked for takes place",
        owed_by="the lead practitioner",
        finding="S3",
        force="the brief",
        runs=until(SupervisionRequested, SupervisionHeld),
        reads=thing_facts(SupervisionRequested, SupervisionHeld),
        everything=named_by(SupervisionRequested),
    ),
    Obligation(
        code="recommendation-answered",
        says="A recommendation reaches a decision by two agencies",
        owed_by="the lead practitioner",
        finding="S2 S3",
        force="the brief",
        runs=recommendation_answered,
        reads=dict.fromkeys(
            (SupervisionHeld, DecisionMade, PositionTaken), touched_recommendations
        ),
        everything=recommendations,
    ),
    Obligation(
        code="oversight",
        says="A manager looks at the plan, to support and to challenge",
        owed_by="the team manager",
        finding="S4",
        force="local T12",
        runs=oversight,
        reads=plan_facts(OversightRecorded),
        one_at_a_time=True,
    ),
    Obligation(
        code="gap-answered",
        says="A gap that a manager named is answered by an action or a reason",
        owed_by="the lead practitioner",
        finding="S4",
        force="the brief",
        runs=gap_answered,
        reads=thing_facts(GapAnswered) | {OversightRecorded: lambda event, _: tuple(event.gaps)},
        everything=gaps,
    ),
    Obligation(
        code="child-seen",
        says="The child is seen face to face",
        owed_by="the lead practitioner",
        finding="S5 S11",
        force="local T9 T13",
        runs=child_seen(face_to_face),
        reads=plan_facts(ChildSeen),
        one_at_a_time=True,
    ),
    Obligation(
        code="child-seen-alone",
        says="The child is seen face to face and alone",
        owed_by="the lead practitioner",
        finding="S5",
        force="local T10",
        runs=child_seen(alone),
        reads=plan_facts(ChildSeen),
        one_at_a_time=True,
    ),
    Obligation(
        code="child-heard",
        says="The child's own words since the last review are there",
        owed_by="the lead practitioner",
        finding="S5",
        force="the brief",
        runs=child_heard,
        reads=plan_facts(ChildSeen) | {MeetingHeld: of_type(*HEARS_THE_CHILD)},
    ),
    Obligation(
        code="self-report-checked",
        says="What rests only on a parent's word is checked",
        owed_by="the lead practitioner",
        finding="S6",
        force="the brief",
        runs=self_report_checked,
        reads=thing_facts(ActionCompleted, DecisionMade, InformationCorroborated),
        everything=named_by(ActionCompleted, DecisionMade),
    ),
    Obligation(
        code="assessment-broad",
        says="Every source of an assessment is consulted, or there is a reason why not",
        owed_by="the lead practitioner",
        finding="S7",
        force="the brief",
        runs=assessment_broad,
        reads=thing_facts(
            AssessmentStarted, AssessmentFinished, SourceConsulted, SourceNotConsulted
        ),
        everything=named_by(AssessmentFinished),
    ),
    Obligation(
        code="information-shared",
        says="Every agency on the plan has the information, or there is a reason why not",
        owed_by="the agency that holds it",
        finding="S8",
        force="Children's Wellbeing and Schools Act 2026 s.4",
        runs=information_shared,
        reads=thing_facts(InformationShared)
        | dict.fromkeys((PlanOpened, AgencyJoined, AgencyLeft), every),
        everything=named_by(InformationShared),
    ),
    Obligation(
        code="information-acknowledged",
        says="Each recipient acknowledges the information",
        owed_by="the agency that was told",
        finding="S8",
        force="the brief",
        runs=information_acknowledged,
        reads=thing_facts(InformationShared, InformationAcknowledged),
        everything=named_by(InformationShared),
    ),
    Obligation(
        code="injury-decided",
        says="Two agencies decide on a medical for an injury",
        owed_by="the lead practitioner",
        finding="S9",
        force="local T19",
        runs=injury_decided,
        reads=thing_facts(InjuryNoted, MedicalDecided),
        everything=named_by(InjuryNoted),
    ),
    Obligation(
        code="absence-explored",
        says="Two contacts missed in a row are explored",
        owed_by="the lead practitioner",
        finding="S10",
        force="Greater Manchester chapter on missed contacts",
        runs=absence_explored,
        reads=plan_facts(ContactMissed, AbsenceExplored, ChildSeen),
    ),
    Obligation(
        code="withdrawal-reviewed",
        says="A multi-agency meeting follows the withdrawal of a service",
        owed_by="the lead practitioner",
        finding="S10",
        force="Greater Manchester chapter on missed contacts",
        runs=withdrawal_reviewed,
        reads=thing_facts(ServiceWithdrawn) | {MeetingHeld: every},
        everything=named_by(ServiceWithdrawn),
    ),
    Obligation(
        code="challenge-answered",
        says="A challenge is answered at each stage",
        owed_by="the agency that was challenged",
        finding="S12",
        force="local",
        runs=challenge_answered,
        reads=thing_facts(ChallengeRaised, ChallengeAnswered, ChallengeClimbed, ChallengeResolved),
        everything=named_by(ChallengeRaised),
    ),
    Obligation(
        code="sibling-considered",
        says="It is decided whether a sibling needs a plan",
        owed_by="the lead practitioner",
        finding="S14",
        force="the brief",
        runs=sibling_considered,
        reads=thing_facts(PersonLinked, SiblingConsidered),
        everything=named_by(PersonLinked),
    ),
    Obligation(
        code="plan-drift",
        says="A child protection plan does not go on and on",
        owed_by="the conference chair",
        finding="S13",
        force="T24",
        runs=plan_drift,
        reads=plan_facts(PlanClosed, PlanSteppedUp, PlanSteppedDown, PlanTransferredOut),
        plan_kinds=CP,
    ),
    Obligation(
        code="repeat-plan",
        says="Oversight asks why the child is on a plan again",
        owed_by="the team manager",
        finding="S13",
        force="T24",
        runs=repeat_plan,
        reads=plan_facts(OversightRecorded),
        plan_kinds=CP,
    ),
)
"""Every obligation that runs on a plan's facts."""

ALERT_ANSWERED = Obligation(
    code="alert-answered",
    says="An alert is answered, or it climbs",
    owed_by="those who were told",
    finding="S1 S4",
    force="the brief",
    runs=lambda _, __: (),
    reads={},
    everything=lambda _: (),
)
"""The one obligation that runs on alerts (``domain.alerts``)."""

BY_CODE = {row.code: row for row in (*OBLIGATIONS, ALERT_ANSWERED)}
