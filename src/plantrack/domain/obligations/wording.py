"""What was not done, as a sentence: a silence is told like anything else that happened.

``about`` names the thing that an obligation is about, as clocks and alerts do: ``A4``, or
``I1/school`` where it is one agency's.
"""

from collections.abc import Mapping
from datetime import date

from plantrack.domain.events import AlertAnswered, AlertCleared, AlertClimbed, PlanEvent
from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.words import agency, day, listed, one_line, words

NOT_DONE: Mapping[str, str] = {
    "action-done": "action {thing} was due to be done by {due} and was not done",
    "action-reviewed": "action {thing} was due for review by {due} and was not reviewed",
    "action-spoken-to": "the meeting of {due} did not speak to action {thing}",
    "initial-conference": "a conference was due after the strategy discussion by {due} and was "
    "not held",
    "first-core-group": "the first core group was due by {due} and did not meet",
    "core-group": "the core group was due to meet again by {due} and did not meet",
    "first-review-conference": "the first review conference was due by {due} and was not held",
    "review-conference": "the next review conference was due by {due} and was not held",
    "cin-review": "the child in need plan was due for review by {due} and was not reviewed",
    "assessment-finished": "assessment {thing} was due by {due} and was not finished",
    "transfer-conference": "a transfer conference was due by {due} and was not held",
    "quorum": "conference {thing} had no quorum, was due to meet again by {due} and did not meet",
    "report-to-conference": "the report of {agency} to conference {thing} was due by {due} and "
    "was not sent",
    "record-circulated": "the record of conference {thing} was due by {due} and was not sent round",
    "decision-shared": "a second agency's view of decision {thing} was due by {due} and was not "
    "recorded",
    "decision-shared-after-challenge": "a second agency's view of decision {thing}, taken after "
    "challenge or supervision, was due by {due} and was not recorded",
    "dissent-answered": "a written answer to {agency}, which disagreed with decision {thing}, was "
    "due by {due} and was not given",
    "supervision-held": "supervision {thing} was asked for, was due by {due} and was not held",
    "recommendation-answered": "a decision by two agencies on recommendation {thing} was due by "
    "{due} and was not made",
    "oversight": "a manager was due to look at the plan by {due} and did not",
    "gap-answered": "an answer to gap {thing}, which a manager named, was due by {due} and was not "
    "given",
    "child-seen": "the child was due to be seen face to face by {due} and was not seen",
    "child-seen-alone": "the child was due to be seen alone by {due} and was not seen alone",
    "child-heard": "the child's own words were due by {due} and were not recorded",
    "self-report-checked": "{thing} rests on a parent's word alone; a check was due by {due} and "
    "was not made",
    "assessment-broad": "assessment {thing} did not ask one of its sources ({agency}) by {due}, "
    "and no reason was given",
    "information-shared": "information {thing} was due to reach {agency} by {due} and did not",
    "information-acknowledged": "{agency} was due to acknowledge information {thing} by {due} and "
    "did not",
    "injury-decided": "two agencies were due to decide on a medical for injury {thing} by {due} "
    "and did not",
    "absence-explored": "contacts that were missed were due to be explored by {due} and were not",
    "withdrawal-reviewed": "a meeting was due by {due} after a service was withdrawn ({thing}) and "
    "was not held",
    "challenge-answered": "an answer to challenge {thing} was due by {due} and was not given",
    "sibling-considered": "it was due to be decided by {due} whether brother or sister {thing} "
    "needs a plan, and it was not",
    "plan-drift": "the plan was due to end or to be stepped up or down by {due} and went on",
    "repeat-plan": "a manager was due to ask by {due} why the child is on a plan again and did not",
}
"""What is said of each obligation that was not met; the alerts' own is told as a climb."""

SINGLE = frozenset({"withdrawal-reviewed"})
"""About things that people named in their own words, with whatever is in them."""


def not_done(code: str, about: str, due_on: date) -> str:
    """Say what was due and was not done, in words that can go on in a sentence."""
    thing, _, whose = (about, "", "") if code in SINGLE else about.partition("/")
    said = NOT_DONE.get(code)
    if said is None:
        rule = BY_CODE[code].says if code in BY_CODE else words(code)
        return f"{one_line(rule)}: this was due by {day(due_on)} and was not done"
    return said.format(thing=one_line(thing), agency=agency(whose), due=day(due_on))


def silence(code: str, about: str, due_on: date) -> str:
    """Say, with a capital letter, what was due and was not done."""
    return capitalised(not_done(code, about, due_on))


def of_alert(name: str) -> str:
    """Say what an alert is about that is named as ``OBLIGATION:ABOUT:DUE_ON``."""
    head, _, due = name.rpartition(":")
    code, _, about = head.partition(":")
    try:
        return not_done(code, about, date.fromisoformat(due))
    except ValueError:
        return one_line(name)


def told_to(roles: tuple[str, ...]) -> str:
    """Say whom the tracker told."""
    return listed([f"the {words(each)}" for each in roles]) or "nobody"


def on_an_alert(event: PlanEvent) -> str | None:
    """Tell what became of an alert in plain words; None for what is not about one."""
    match event:
        case AlertClimbed():
            waited = f"Nobody answered by {day(event.due_on)} the alert that"
            return f"{waited} {of_alert(event.alert)}. Told: {told_to(event.to)}."
        case AlertCleared(met_on=date() as met_on):
            late = f", {_days(event.days_late)} late" if event.days_late else ""
            return f"Done on {day(met_on)}{late}. Before, {of_alert(event.alert)}."
        case AlertCleared():
            return f"This no longer applies: {of_alert(event.alert)}."
        case AlertAnswered():
            action = f" Action: {event.action}." if event.action else ""
            return (
                f"About the alert that {of_alert(event.alert)}. Going well: "
                f"{one_line(event.going_well)}. Challenge: {one_line(event.challenge)}.{action}"
            )
    return None


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number:,} days"
