"""What managers were told: the alerts that stand on a plan's record, as later entries left them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from plantrack.domain.calendar import first_sweep_knowing
from plantrack.domain.events import (
    AlertAnswered,
    AlertCleared,
    AlertClimbed,
    AlertRaised,
    Ending,
    PlanEvent,
)
from plantrack.domain.events.entries import Entry, Fact
from plantrack.domain.obligations.catalogue import ALERT_ANSWERED


class Answer(NamedTuple):
    """An answer to an alert, and the entry that holds it."""

    entry: Entry
    event: AlertAnswered


class ToldClimb(NamedTuple):
    """One time that an alert was told to the next people, and how that line ended (R59)."""

    number: int
    event: AlertClimbed
    cleared_on: date | None
    met_on: date | None


@dataclass
class ToldAlert:
    """An alert as the record has it: raised by one entry, climbed, answered, cleared by others."""

    number: int
    raised: AlertRaised
    ended_on: date | None
    known_ended_on: date | None = None
    climbed: list[tuple[int, AlertClimbed]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    cleared: AlertCleared | None = None

    @property
    def id(self) -> str:
        """Name the alert as ``OBLIGATION:ABOUT:DUE_ON``."""
        return f"{self.raised.obligation}:{self.raised.about}:{self.raised.due_on}"

    @property
    def key(self) -> tuple[str, str, date]:
        """Name the clock that the alert is about."""
        return self.raised.obligation, self.raised.about, self.raised.due_on

    @property
    def answer(self) -> Answer | None:
        """The first answer that counts: given while the alert and the plan were open (R73)."""
        in_time = [a for a in self.answers if not self.ended_on or a.event.on <= self.ended_on]
        return min(in_time, key=lambda answer: answer.event.on, default=None)

    @property
    def unanswered_since(self) -> date:
        """From which day an answer has been waited for: raised, or last climbed."""
        return self.climbed[-1][1].on if self.climbed else self.raised.on

    @property
    def cleared_on(self) -> date | None:
        """The day of the sweep that cleared the alert."""
        return self.cleared.on if self.cleared else None

    @property
    def unmet_at_closing(self) -> bool:
        """Whether the alert was still open when the plan ended (R21)."""
        return self.unmet(self.cleared_on, self.raised.due_on)

    def unmet(self, cleared_on: date | None, due_on: date) -> bool:
        """Whether an alert or a climb was still open when the plan ended (R21)."""
        return self.ended_on is not None and cleared_on is None and due_on < self.ended_on

    def climbs(self) -> Iterator[ToldClimb]:
        """Give each climb with how it ended: by the answer, the clearing or the plan's end."""
        for number, event in self.climbed:
            yield ToldClimb(number, event, *self._climb_ended(event))

    def _climb_ended(self, climb: AlertClimbed) -> tuple[date | None, date | None]:
        answer = self.answer
        if answer:
            return max(first_sweep_knowing(answer.entry.known_at), climb.on), answer.event.on
        if self.cleared:
            return self.cleared.on, self.cleared.on
        if self.ended_on and climb.due_on >= self.ended_on:
            return self.known_ended_on, None
        return None, None


def told_alerts(
    entries: Iterable[Entry],
    counts: Mapping[int, PlanEvent | None],
    ending: Fact[Ending] | None,
) -> list[ToldAlert]:
    """Read the alerts from a plan's entries, in the order raised."""
    alerts: list[ToldAlert] = []
    latest: dict[str, ToldAlert] = {}
    answers: list[Answer] = []
    known: date | None = None
    for entry in entries:
        event = counts[entry.number]
        match event:
            case AlertRaised():
                alert = ToldAlert(entry.number, event, ending.on if ending else None)
                alerts.append(alert)
                latest[alert.id] = alert
            case AlertClimbed(alert=name) if name in latest:
                latest[name].climbed.append((entry.number, event))
            case AlertCleared(alert=name) if name in latest:
                latest[name].cleared = event
            case AlertAnswered():
                answers.append(Answer(entry, event))
        if ending and entry.number == ending.number:
            known = first_sweep_knowing(entry.known_at)
    for alert in alerts:
        alert.known_ended_on = known
        alert.answers = [answer for answer in answers if _answers(answer.event, alert)]
    return alerts


def _answers(answer: AlertAnswered, alert: ToldAlert) -> bool:
    """Whether an answer was given while the alert it names was open (R73)."""
    if answer.alert != alert.id or answer.on < alert.raised.on:
        return False
    return alert.cleared is None or answer.on <= alert.cleared.on


CLIMBED = ALERT_ANSWERED.code
"""Under which obligation a climb is listed."""
