"""What the tracker told managers, and what they answered."""

from dataclasses import dataclass
from datetime import date

from plantrack.domain.events.event import PlanEvent
from plantrack.domain.words import Id, Text, day, listed, one_line, words

AlertId = Text
"""``OBLIGATION:ABOUT:DUE_ON``."""


@dataclass(frozen=True, kw_only=True)
class AlertRaised(PlanEvent):
    """The tracker told people that something owed on the plan was overdue."""

    BY_THE_TRACKER = True

    obligation: Id
    about: Text
    due_on: date
    because: tuple[int, ...] = ()
    policy: Text
    told: tuple[Text, ...] = ()
    late: bool = False

    def tell(self) -> str:
        told = listed([words(who) for who in self.told]) or "nobody"
        late = " late, as plantrack had not swept in time" if self.late else ""
        return (
            f"An alert was raised{late}: {words(self.obligation)} ({one_line(self.about)}) was due "
            f"on {day(self.due_on)}; told: {told}."
        )


@dataclass(frozen=True, kw_only=True)
class AlertAnswered(PlanEvent):
    """Somebody answered an alert with what goes well and what they challenge."""

    alert: AlertId
    going_well: Text
    challenge: Text
    action: Id | None = None

    def tell(self) -> str:
        action = f"; action {self.action}" if self.action else ""
        return (
            f"Alert {one_line(self.alert)} was answered: going well — {one_line(self.going_well)}; "
            f"challenge — {one_line(self.challenge)}{action}."
        )


@dataclass(frozen=True, kw_only=True)
class AlertClimbed(PlanEvent):
    """Nobody answered an alert in time, so the tracker told the next people."""

    BY_THE_TRACKER = True

    alert: AlertId
    due_on: date
    to: tuple[Text, ...] = ()
    policy: Text

    def tell(self) -> str:
        to = listed([words(who) for who in self.to]) or "nobody"
        return f"Alert {one_line(self.alert)} was not answered by {day(self.due_on)}; told: {to}."


@dataclass(frozen=True, kw_only=True)
class AlertCleared(PlanEvent):
    """What an alert was about no longer runs."""

    BY_THE_TRACKER = True

    alert: AlertId
    by_entry: int | None = None
    met_on: date | None = None
    days_late: int | None = None

    def tell(self) -> str:
        if self.met_on is None:
            return f"Alert {one_line(self.alert)} was cleared: it no longer applies."
        late = f", {self.days_late} days late" if self.days_late else ""
        return f"Alert {one_line(self.alert)} was cleared: met on {day(self.met_on)}{late}."
