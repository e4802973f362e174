"""What must happen next on a plan, and which finding of the brief asks for it: a table.

How long each may take is the policy's business. The readings R1 to R73 of the published
interface say exactly how a row reads the events; ``domain.runs`` names them.
"""

from plantrack.domain.events import (
    AbsenceExplored,
    ActionAgreed,
    ActionCompleted,
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
from plantrack.domain.events.children import alone, face_to_face
from plantrack.domain.obligations.actions import (
    CLOSES_AN_ACTION,
    action_done,
    action_names,
    action_reviewed,
    action_spoken_to,
    open_actions,
)
from plantrack.domain.obligations.children import (
    absence_explored,
    child_heard,
    child_seen,
    withdrawal_reviewed,
)
from plantrack.domain.obligations.clocks import Obligation
from plantrack.domain.obligations.decisions import (
    challenge_answered,
    decision_shared,
    dissent_answered,
    recommendation_answered,
    recommendations,
    touched_by_decision,
    touched_recommendations,
)
from plantrack.domain.obligations.families import (
    assessment_broad,
    assessment_finished,
    injury_decided,
    sibling_considered,
)
from plantrack.domain.obligations.information import (
    information_acknowledged,
    information_shared,
    self_report_checked,
)
from plantrack.domain.obligations.meetings import (
    conference,
    first_meeting,
    initial_conference,
    meeting_chain,
    quorum,
    record_circulated,
    report_to_conference,
    transfer_conference,
)
from plantrack.domain.obligations.oversight import (
    gap_answered,
    gaps,
    oversight,
    plan_drift,
    repeat_plan,
)
from plantrack.domain.obligations.reading import (
    CONFERENCES,
    HEARS_THE_CHILD,
    every,
    held,
    named_by,
    of_type,
    plan_facts,
    thing_facts,
    until,
)
from plantrack.domain.words import MeetingType, PlanKind

CIN = frozenset({PlanKind.CIN})


CP = frozenset({PlanKind.CP})


ACTION_DONE = Obligation(
    code="action-done",
    says="An action is done by its date",
    owed_by="the action's owner",
    finding="S1",
    runs=action_done,
    reads=thing_facts(ActionAgreed, ActionRescheduled, *CLOSES_AN_ACTION),
    everything=action_names,
)


ACTION_REVIEWED = Obligation(
    code="action-reviewed",
    says="An open action is looked at again",
    owed_by="the action's owner",
    finding="S1",
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
        runs=first_meeting(MeetingType.CORE_GROUP),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.CORE_GROUP)},
        plan_kinds=CP,
    ),
    Obligation(
        code="core-group",
        says="The core group meets again",
        owed_by="the lead practitioner",
        finding="S1",
        runs=meeting_chain(MeetingType.CORE_GROUP),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.CORE_GROUP)},
        one_at_a_time=True,
    ),
    Obligation(
        code="first-review-conference",
        says="A first review conference follows the initial one",
        owed_by="the conference chair",
        finding="S1",
        runs=first_meeting(MeetingType.REVIEW_CONFERENCE),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.REVIEW_CONFERENCE)},
        plan_kinds=CP,
    ),
    Obligation(
        code="review-conference",
        says="The next review conference is held",
        owed_by="the conference chair",
        finding="S1",
        runs=meeting_chain(MeetingType.REVIEW_CONFERENCE),
        reads=plan_facts() | {MeetingHeld: of_type(MeetingType.REVIEW_CONFERENCE)},
        one_at_a_time=True,
    ),
    Obligation(
        code="cin-review",
        says="The child in need plan is reviewed",
        owed_by="the lead practitioner",
        finding="S1",
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
        runs=transfer_conference,
        reads=plan_facts(PlanTransferredOut)
        | {MeetingHeld: of_type(MeetingType.TRANSFER_CONFERENCE)},
    ),
    Obligation(
        code="quorum",
        says="A conference without a quorum meets again",
        owed_by="the conference chair",
        finding="S2 S3",
        runs=quorum,
        reads={MeetingHeld: conference},
        everything=lambda history: {f.event.meeting for f in held(history, *CONFERENCES)},
    ),
    Obligation(
        code="report-to-conference",
        says="Each invited agency reports before a conference",
        owed_by="the invited agency",
        finding="S2",
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
        runs=record_circulated,
        reads=thing_facts(MeetingHeld, RecordCirculated),
        everything=named_by(MeetingHeld),
    ),
    Obligation(
        code="decision-shared",
        says="A decision of one agency gets a second agency's position",
        owed_by="the agency that decided",
        finding="S2",
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
        runs=dissent_answered,
        reads=thing_facts(DecisionMade, PositionTaken, DissentAnswered),
        everything=named_by(DecisionMade),
    ),
    Obligation(
        code="supervision-held",
        says="Multi-agency supervision that was asked for takes place",
        owed_by="the lead practitioner",
        finding="S3",
        runs=until(SupervisionRequested, SupervisionHeld),
        reads=thing_facts(SupervisionRequested, SupervisionHeld),
        everything=named_by(SupervisionRequested),
    ),
    Obligation(
        code="recommendation-answered",
        says="A recommendation reaches a decision by two agencies",
        owed_by="the lead practitioner",
        finding="S2 S3",
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
        runs=oversight,
        reads=plan_facts(OversightRecorded),
        one_at_a_time=True,
    ),
    Obligation(
        code="gap-answered",
        says="A gap that a manager named is answered by an action or a reason",
        owed_by="the lead practitioner",
        finding="S4",
        runs=gap_answered,
        reads=thing_facts(GapAnswered) | {OversightRecorded: lambda event, _: tuple(event.gaps)},
        everything=gaps,
    ),
    Obligation(
        code="child-seen",
        says="The child is seen face to face",
        owed_by="the lead practitioner",
        finding="S5 S11",
        runs=child_seen(face_to_face),
        reads=plan_facts(ChildSeen),
        one_at_a_time=True,
    ),
    Obligation(
        code="child-seen-alone",
        says="The child is seen face to face and alone",
        owed_by="the lead practitioner",
        finding="S5",
        runs=child_seen(alone),
        reads=plan_facts(ChildSeen),
        one_at_a_time=True,
    ),
    Obligation(
        code="child-heard",
        says="The child's own words since the last review are there",
        owed_by="the lead practitioner",
        finding="S5",
        runs=child_heard,
        reads=plan_facts(ChildSeen) | {MeetingHeld: of_type(*HEARS_THE_CHILD)},
    ),
    Obligation(
        code="self-report-checked",
        says="What rests only on a parent's word is checked",
        owed_by="the lead practitioner",
        finding="S6",
        runs=self_report_checked,
        reads=thing_facts(ActionCompleted, DecisionMade, InformationCorroborated),
        everything=named_by(ActionCompleted, DecisionMade),
    ),
    Obligation(
        code="assessment-broad",
        says="Every source of an assessment is consulted, or there is a reason why not",
        owed_by="the lead practitioner",
        finding="S7",
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
        runs=information_acknowledged,
        reads=thing_facts(InformationShared, InformationAcknowledged),
        everything=named_by(InformationShared),
    ),
    Obligation(
        code="injury-decided",
        says="Two agencies decide on a medical for an injury",
        owed_by="the lead practitioner",
        finding="S9",
        runs=injury_decided,
        reads=thing_facts(InjuryNoted, MedicalDecided),
        everything=named_by(InjuryNoted),
    ),
    Obligation(
        code="absence-explored",
        says="Two contacts missed in a row are explored",
        owed_by="the lead practitioner",
        finding="S10",
        runs=absence_explored,
        reads=plan_facts(ContactMissed, AbsenceExplored, ChildSeen),
    ),
    Obligation(
        code="withdrawal-reviewed",
        says="A multi-agency meeting follows the withdrawal of a service",
        owed_by="the lead practitioner",
        finding="S10",
        runs=withdrawal_reviewed,
        reads=thing_facts(ServiceWithdrawn) | {MeetingHeld: every},
        everything=named_by(ServiceWithdrawn),
    ),
    Obligation(
        code="challenge-answered",
        says="A challenge is answered at each stage",
        owed_by="the agency that was challenged",
        finding="S12",
        runs=challenge_answered,
        reads=thing_facts(ChallengeRaised, ChallengeAnswered, ChallengeClimbed, ChallengeResolved),
        everything=named_by(ChallengeRaised),
    ),
    Obligation(
        code="sibling-considered",
        says="It is decided whether a sibling needs a plan",
        owed_by="the lead practitioner",
        finding="S14",
        runs=sibling_considered,
        reads=thing_facts(PersonLinked, SiblingConsidered),
        everything=named_by(PersonLinked),
    ),
    Obligation(
        code="plan-drift",
        says="A child protection plan does not go on and on",
        owed_by="the conference chair",
        finding="S13",
        runs=plan_drift,
        reads=plan_facts(PlanClosed, PlanSteppedUp, PlanSteppedDown, PlanTransferredOut),
        plan_kinds=CP,
    ),
    Obligation(
        code="repeat-plan",
        says="Oversight asks why the child is on a plan again",
        owed_by="the team manager",
        finding="S13",
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
    runs=lambda _, __: (),
    reads={},
    everything=lambda _: (),
)
"""The one obligation that runs on alerts (``domain.alerts``)."""


BY_CODE = {row.code: row for row in (*OBLIGATIONS, ALERT_ANSWERED)}
