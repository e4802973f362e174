"""Challenge between agencies, stage by stage (S12)."""

from dataclasses import dataclass

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import AgencyId, Id, Number, Text, agencies, agency, listed, one_line


@dataclass(frozen=True, kw_only=True)
class ChallengeRaised(PlanEvent):
    """One agency challenged another in writing, at stage 1."""

    ABOUT, INTRODUCES = "challenge", True

    challenge: Id
    by_agency: AgencyId
    to_agency: AgencyId
    about: Text | None = None
    concern: Text

    def tell(self) -> str:
        about = f" about {one_line(self.about)}" if self.about else ""
        return (
            f"{agency(self.by_agency)} challenged {agency(self.to_agency)}{about} "
            f"({self.challenge}): {one_line(self.concern)}."
        )


@dataclass(frozen=True, kw_only=True)
class ChallengeAnswered(PlanEvent):
    """A challenge was answered at a stage."""

    ABOUT = "challenge"

    challenge: Id
    stage: Number
    answer: Text
    settled: bool = False

    def tell(self) -> str:
        settled = "settled" if self.settled else "not settled"
        return (
            f"Challenge {self.challenge} was answered at stage {self.stage} ({settled}): "
            f"{one_line(self.answer)}."
        )


@dataclass(frozen=True, kw_only=True)
class ChallengeClimbed(PlanEvent):
    """A challenge was taken to the next stage."""

    ABOUT = "challenge"

    challenge: Id
    stage: Number

    def tell(self) -> str:
        return f"Challenge {self.challenge} was taken to stage {self.stage}."


@dataclass(frozen=True, kw_only=True)
class ChallengeResolved(PlanEvent):
    """A challenge ended with an outcome that named agencies decided."""

    ABOUT = "challenge"

    challenge: Id
    outcome: Text
    agencies: tuple[AgencyId, ...] = ()
    actions: tuple[Id, ...] = ()

    def tell(self) -> str:
        by = f" by {agencies(self.agencies)}" if self.agencies else ""
        led = f", leading to action {listed(self.actions)}" if self.actions else ""
        return f"Challenge {self.challenge} was resolved{by}: {one_line(self.outcome)}{led}."
