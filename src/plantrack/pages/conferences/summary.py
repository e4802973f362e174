"""What a finished conference puts on each plan: plain events, and which part each comes from."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from plantrack.pages.conferences.attending import ATTENDANCE, QUORUM, family_at
from plantrack.pages.conferences.conference import Child, Conference, said_by, written_out
from plantrack.pages.conferences.hearing import SAID
from plantrack.pages.conferences.progress import Step, read_of, scene, steps
from plantrack.pages.conferences.reporting import REPORTS


class Event(NamedTuple):
    """One event, and the part whose answers it is made of."""

    plan: str
    said: dict[str, Any]
    step: Step


def events(conference: Conference) -> list[Event]:
    """Give everything to be recorded: on each plan the reports first, then that it was held."""
    all_steps = steps(conference)
    found = {child.plan: list[Event]() for child in conference.children}
    for step in all_steps:
        if step.part is not REPORTS:
            for put in _put(conference, step):
                found[put.plan].append(put)
    reports = [e for step in all_steps if step.part is REPORTS for e in _put(conference, step)]
    first = next(step for step in all_steps if step.part is ATTENDANCE)
    return [
        each
        for child in conference.children
        for each in (
            *(report for report in reports if report.plan == child.plan),
            Event(child.plan, _held(conference, child, all_steps), first),
            *found[child.plan],
        )
    ]


def _put(conference: Conference, step: Step) -> Iterator[Event]:
    said = read_of(conference, step.part, step.child).said
    for put in step.part.puts(scene(conference, step.part, step.child), said):
        yield Event(put.plan, put.event, step)


def _held(conference: Conference, child: Child, all_steps: list[Step]) -> dict[str, Any]:
    """Say that the conference was held, with what was told there and has no event of its own."""
    said = read_of(conference, ATTENDANCE, None).said
    held = conference.held_on
    assert held is not None
    short = child in conference.inquorate()
    because = conference.sent(QUORUM.key).one("went_ahead_because")
    return said_by(
        "MeetingHeld",
        held,
        meeting=child.meeting,
        type=conference.draft.type,
        attendance=conference.attendance(child),
        family_present=family_at(scene(conference, ATTENDANCE, None), child, said),
        participation=read_of(conference, SAID, child).said.get("participation"),
        went_ahead_because=because if short else None,
        note=written_out(_notes(conference, child, all_steps)),
    )


def _notes(conference: Conference, child: Child, all_steps: list[Step]) -> Iterator[str]:
    for step in all_steps:
        if step.child in (None, child):
            said = read_of(conference, step.part, step.child).said
            for plan, note in step.part.notes(scene(conference, step.part, step.child), said):
                if plan == child.plan:
                    yield note
