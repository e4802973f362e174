"""Who may record what on a plan that they may see: one row for every kind of event.

``yes``: whoever has the role. ``own``: only for their own agency, which the event names or whose
action it is about. ``own entry``: only of an entry that they recorded. ``cin``: only on a child in
need plan, which has no conference chair. What is not said is no.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from plantrack.domain.events import (
    ActionCompleted,
    ActionRescheduled,
    ActionReviewed,
    AssessmentFinished,
    ChallengeAnswered,
    ChallengeRaised,
    ChallengeResolved,
    Corrected,
    DecisionMade,
    OversightRecorded,
    PlanEvent,
    PositionTaken,
    Retracted,
    SupervisionHeld,
)
from plantrack.domain.events.entries import Entry
from plantrack.domain.refusals import NotAllowed, OwnWork
from plantrack.domain.rights.authorise import Subject
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import TAKEN, Named, PlanKind, agency, words


class How(StrEnum):
    """How far a role may record a kind of event."""

    NO = "no"
    YES = "yes"
    OWN = "own"
    OWN_ENTRY = "own entry"
    CIN = "cin"


COLUMNS = (
    Duty.CHAIR,
    Duty.SOCIAL_WORKER,
    Duty.TEAM_MANAGER,
    Duty.SERVICE_MANAGER,
    Duty.PARTNER_PROFESSIONAL,
    Duty.PARTNER_LEAD,
)

TABLE = """
                        chair      worker     team-m.    service-m. partner    lead
PlanOpened              yes        yes        yes        no         no         no
ChildDescribed          yes        yes        yes        no         no         no
CategoryChanged         yes        no         no         no         no         no
LeadChanged             no         no         yes        yes        no         no
ChairChanged            no         no         no         yes        no         no
AgencyJoined            yes        yes        yes        no         no         no
AgencyLeft              yes        yes        yes        no         no         no
OutcomeAgreed           yes        yes        no         no         no         no
ActionAgreed            yes        yes        yes        no         no         no
ActionReviewed          yes        yes        yes        no         own        own
ActionRescheduled       yes        yes        yes        no         own        own
ActionReassigned        yes        yes        yes        no         no         no
ActionCompleted         yes        yes        yes        no         own        own
ActionEnded             yes        yes        yes        no         no         no
MeetingPlanned          yes        yes        yes        no         no         no
MeetingMoved            yes        yes        yes        no         no         no
ReportSubmitted         yes        own        own        no         own        own
MeetingHeld             yes        yes        yes        no         no         no
RecordCirculated        yes        yes        yes        no         no         no
DecisionMade            yes        yes        yes        yes        own        own
PositionTaken           own        own        own        own        own        own
DissentAnswered         yes        yes        yes        yes        no         no
InformationShared       own        own        own        own        own        own
InformationAcknowledged own        own        own        own        own        own
InformationCorroborated own        own        own        own        own        own
InformationDisputed     own        own        own        own        own        own
ChildSeen               own        own        own        no         own        own
ContactMissed           own        own        own        no         own        own
AbsenceExplored         yes        yes        yes        no         own        own
ServiceWithdrawn        no         own        own        no         own        own
PersonLinked            yes        yes        yes        no         yes        no
SiblingConsidered       yes        yes        yes        no         no         no
AssessmentStarted       no         yes        yes        no         no         no
SourceConsulted         no         yes        yes        no         no         no
SourceNotConsulted      no         yes        yes        no         no         no
AssessmentFinished      no         no         yes        no         no         no
AssessmentReturned      no         no         yes        no         no         no
InjuryNoted             yes        yes        yes        no         yes        yes
MedicalDecided          own        own        own        no         own        own
SupervisionRequested    own        own        own        no         own        own
SupervisionHeld         no         no         yes        yes        no         own
OversightRecorded       no         no         yes        yes        no         no
GapAnswered             no         yes        yes        no         no         no
ChallengeRaised         own        own        own        own        own        own
ChallengeAnswered       yes        yes        yes        yes        yes        yes
ChallengeClimbed        yes        yes        yes        yes        yes        yes
ChallengeResolved       yes        no         yes        yes        no         yes
DifferenceStated        own        own        own        no         own        own
PlanSteppedDown         yes        no         cin        no         no         no
PlanSteppedUp           yes        no         yes        no         no         no
PlanTransferredOut      yes        no         cin        no         no         no
PlanClosed              yes        no         cin        no         no         no
AlertAnswered           no         no         yes        yes        no         yes
Corrected               own_entry  own_entry  own_entry  yes        own_entry  own_entry
Retracted               own_entry  own_entry  own_entry  yes        own_entry  own_entry
EmergencyAccessTaken    no         no         no         no         no         no
AlertRaised             no         no         no         no         no         no
AlertClimbed            no         no         no         no         no         no
AlertCleared            no         no         no         no         no         no
"""


def _read(table: str) -> Mapping[str, Mapping[Duty, How]]:
    rows = [line.split() for line in table.strip().splitlines()[1:]]
    return {
        kind: dict(zip(COLUMNS, (How(each.replace("_", " ")) for each in says), strict=True))
        for kind, *says in rows
    }


MAY_RECORD = _read(TABLE)
"""How far each role may record each kind of event."""

SPEAKS_FOR = ("from_", "by_agency", "agency", "decided_by", "agencies")
"""The fields, the first that a kind has, that say which agency or agencies an event speaks for."""

OF_AN_ACTION = (ActionReviewed, ActionRescheduled, ActionCompleted)
SIGNS_OFF = (AssessmentFinished, OversightRecorded, SupervisionHeld)


@dataclass(frozen=True)
class OnPlan:
    """What a plan holds that bears on who may record something on it."""

    kind: PlanKind | None
    owners: Mapping[str, Named]
    """Who owns each action."""
    workers: Collection[str]
    """The people whose work the plan is."""
    entries: Callable[[], Iterable[Entry]]
    """Reads who said what on it; only few kinds of event need that."""


def refuse_by_role(subject: Subject, kind: type[PlanEvent]) -> How:
    """Say how far somebody may record a kind in their role, or refuse what no plan makes right."""
    how = MAY_RECORD[kind.__name__].get(subject.post.duty, How.NO)
    if how is How.NO:
        raise NotAllowed(
            f"{kind.__name__} is not for a {subject.post.duty.says} to record. Ask somebody on "
            "the plan who may."
        )
    return how


def refuse_recording(subject: Subject, event: PlanEvent, on: OnPlan) -> None:
    """Refuse what somebody may not record on a plan that they may see."""
    how = refuse_by_role(subject, type(event))
    if how is How.CIN and on.kind is not PlanKind.CIN:
        raise NotAllowed("Only the conference chair ends a child protection plan. Ask the chair.")
    if how is How.OWN:
        _refuse_for_others(subject, event, on)
    if how is How.OWN_ENTRY:
        _refuse_others_entry(subject, event, on)
    if isinstance(event, Corrected):
        _refuse_other_voices(subject, event, on)
    if isinstance(event, DecisionMade):
        _refuse_speaking_for_all(subject, event)
    if isinstance(event, PositionTaken):
        _refuse_second_voice(subject, event, on)
    if isinstance(event, ChallengeAnswered | ChallengeResolved):
        _refuse_own_challenge(subject, event, on)
    if isinstance(event, SIGNS_OFF) and subject.person in on.workers:
        raise OwnWork("This plan is your own casework. Somebody else must oversee it.")


def _refuse_for_others(subject: Subject, event: PlanEvent, on: OnPlan) -> None:
    if subject.post.agency in _agencies(event, on):
        return
    raise NotAllowed(
        f"You record for {agency(subject.post.agency)}. What another agency did or says, that "
        "agency records."
    )


def _agencies(event: PlanEvent, on: OnPlan) -> Collection[str]:
    """Name the agencies that an event speaks for."""
    if isinstance(event, OF_AN_ACTION):
        return {on.owners[event.action].agency} if event.action in on.owners else ()
    said = next((getattr(event, name) for name in SPEAKS_FOR if hasattr(event, name)), ())
    return {said} if isinstance(said, str) else set(said)


def _refuse_others_entry(subject: Subject, event: PlanEvent, on: OnPlan) -> None:
    if not isinstance(event, Corrected | Retracted):
        return
    for entry in on.entries():
        if entry.number == event.entry and entry.by.id != subject.person:
            raise NotAllowed(
                f"Entry {event.entry} was recorded by somebody else. Ask them, or a service "
                "manager, to put it right."
            )


def _refuse_other_voices(subject: Subject, event: Corrected, on: OnPlan) -> None:
    """Keep a correction from saying for another agency what its own entry could not (S2)."""
    said = next((each.event for each in on.entries() if each.number == event.entry), None)
    if isinstance(said, Corrected):
        # What it corrected is corrected otherwise, so that must be for them as well.
        inner: dict[str, Any] = {"entry": said.entry, "fields": said.fields, **event.fields}
        if isinstance(inner["fields"], Mapping):
            again = replace(said, entry=inner["entry"], fields=inner["fields"])
            refuse_recording(subject, again, on)
        return
    if isinstance(said, PositionTaken) and "decision" in event.fields:
        _refuse_second_voice(subject, replace(said, decision=event.fields["decision"]), on)
    if said is None or not _speaks_for_others(subject, said, event.fields, on):
        return
    raise NotAllowed(
        f"You record for {agency(subject.post.agency)}. A correction does not say for another "
        "agency what it did or where it stands; that agency says so itself."
    )


def _speaks_for_others(
    subject: Subject, said: PlanEvent, fields: Mapping[str, Any], on: OnPlan
) -> bool:
    """Whether putting fields of an entry right would speak for agencies other than one's own."""
    own = subject.post.agency
    if isinstance(said, PositionTaken):
        return said.agency != own or fields.get("agency", own) != own
    if isinstance(said, DecisionMade) and fields.get("meeting", said.meeting) is None:
        was = {name: each.position.value for name, each in said.positions.items()}
        left = {} if said.meeting is None else was
        stands = left if fields.get("positions") is None else _stances(fields["positions"])
        before = was if said.meeting is None else {}
        return any(
            stance in TAKEN and name != own and before.get(name) != stance
            for name, stance in stands.items()
        )
    if MAY_RECORD[type(said).__name__].get(subject.post.duty, How.NO) is How.YES:
        return False
    if isinstance(said, OF_AN_ACTION) and isinstance(action := fields.get("action"), str):
        return action in on.owners and on.owners[action].agency != own
    name = next((each for each in SPEAKS_FOR if hasattr(said, each)), "")
    now = fields.get(name.removesuffix("_"))
    named = [now] if isinstance(now, str) else now if isinstance(now, list | tuple) else []
    may = (own, *_agencies(said, on))
    return any(each not in may for each in named)


def _stances(positions: object) -> Mapping[str, str]:
    """Read the positions of a correction, which are as they were sent."""
    if not isinstance(positions, Mapping):
        return {}
    return {
        name: str(each.get("position"))
        for name, each in positions.items()
        if isinstance(each, Mapping)
    }


def _refuse_speaking_for_all(subject: Subject, event: DecisionMade) -> None:
    """Outside a meeting nobody says for another agency where it stands (S2)."""
    if event.meeting is not None:
        return
    others = [
        name
        for name, position in event.positions.items()
        if name != subject.post.agency and position.position in TAKEN
    ]
    if others:
        raise NotAllowed(
            f"Outside a meeting you can say where {agency(subject.post.agency)} stands, no other "
            f"agency. Leave {agency(others[0])} as not asked; it takes its own position."
        )


def _refuse_second_voice(subject: Subject, event: PositionTaken, on: OnPlan) -> None:
    """One human is one voice on a decision, whichever agency they act for (S2)."""
    own = (each for each in on.entries() if each.by.id == subject.person)
    if any(_spoke_for(entry, event.decision) not in (None, event.agency) for entry in own):
        raise OwnWork(
            "You spoke on this decision for another agency already. Somebody else must speak for "
            f"{agency(event.agency)}."
        )


def _spoke_for(entry: Entry, decision: str) -> str | None:
    """Name the agency that an entry's recorder themselves spoke for on a decision, if any."""
    said = entry.event
    if isinstance(said, PositionTaken) and said.decision == decision:
        return said.agency
    alone = isinstance(said, DecisionMade) and said.decision == decision and not said.meeting
    return entry.by.agency if alone else None


def _refuse_own_challenge(
    subject: Subject, event: ChallengeAnswered | ChallengeResolved, on: OnPlan
) -> None:
    for entry in on.entries():
        said = entry.event
        raised = isinstance(said, ChallengeRaised) and said.challenge == event.challenge
        if raised and entry.by.id == subject.person:
            raise OwnWork("You raised this challenge. Somebody else must answer or resolve it.")


def table_for_people() -> str:
    """Give the table as Markdown, for docs."""
    head = "| What is recorded | " + " | ".join(duty.says for duty in COLUMNS) + " |"
    rule = "|---|" + "---|" * len(COLUMNS)
    rows = [
        f"| {words(kind)} | " + " | ".join(how.value for how in says.values()) + " |"
        for kind, says in MAY_RECORD.items()
    ]
    return "\n".join([head, rule, *rows])
