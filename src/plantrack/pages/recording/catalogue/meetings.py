"""Forms about meetings: planned, moved, reported to, held and circulated (S1 S2 S5 S8 S13)."""

from collections.abc import Iterable, Iterator

from plantrack.domain.words import Attendance, MeetingType, Participation, agencies
from plantrack.pages.forms import (
    AtHand,
    Day,
    EachAgency,
    Form,
    Lines,
    One,
    Pick,
    TimeOfDay,
    WhichAgencies,
    WhichAgency,
    Words,
    Wrong,
    YesNo,
)
from plantrack.pages.forms.forms import Fact, Said
from plantrack.pages.recording.catalogue.owed import uncirculated
from plantrack.pages.recording.catalogue.shared import own_agency
from plantrack.pages.recording.catalogue.things import all_meetings, planned_here, planned_meetings
from plantrack.pages.wording.dates import day
from plantrack.pages.wording.sentences import say

GROUP = "Meetings"
HERE = ("strategy_discussion", "core_group", "cin_review", "supervision", "case_progression")
"""The meetings that are recorded on a form; conferences have pages of their own."""
NONE_PLANNED = "No meeting is planned on this plan."


def facts_of(at_hand: AtHand, name: str) -> Iterator[Fact]:
    """Tell what a meeting is, and who was invited and has reported."""
    meeting, papers = at_hand["meetings"][name], at_hand["meeting_papers"].get(name, {})
    yield "Meeting", say(meeting["type"], "MeetingType")
    if meeting["planned_for"]:
        yield "Planned for", day(meeting["planned_for"])
    if meeting["held_on"]:
        yield "Held on", day(meeting["held_on"])
    yield "Invited", agencies(papers.get("invited", [])) or "Nobody is named"
    yield "Reports from", agencies(papers.get("reported", [])) or "Nobody yet"


def what_differs(said: Said) -> Iterable[Wrong]:
    """Ask for what differs where an agency does not agree."""
    if said.get("agrees") is False and not said.get("what"):
        yield Wrong("what", "Enter what your agency sees differently")


FORMS = (
    Form(
        kind="MeetingPlanned",
        group=GROUP,
        title="Plan a meeting",
        names=("meeting", "M", "meetings"),
        questions=(
            One(
                name="type",
                asks="What kind of meeting is it?",
                of=MeetingType,
                missing="Select what kind of meeting it is",
            ),
            Day(
                name="planned_for",
                asks="For which day?",
                missing="Enter the day it is planned for",
            ),
            WhichAgencies(
                name="invited",
                asks="Who is invited?",
                missing="Select who is invited",
            ),
        ),
        when=Day(
            name="on",
            asks="When was this arranged?",
            missing="Enter the day this was arranged",
        ),
        button="Plan this meeting",
    ),
    Form(
        kind="MeetingMoved",
        group=GROUP,
        title="Move a meeting to another day",
        about=facts_of,
        questions=(
            Pick(
                name="meeting",
                asks="Which meeting is it?",
                among=planned_meetings,
                missing="Select which meeting it is",
                nothing=NONE_PLANNED,
            ),
            Day(
                name="planned_for",
                asks="To which day?",
                missing="Enter the day it is moved to",
            ),
            Words(name="reason", asks="Why?", rows=3, missing="Enter why it was moved"),
        ),
        when=Day(name="on", asks="When was it moved?", missing="Enter the day it was moved"),
        button="Move this meeting",
    ),
    Form(
        kind="ReportSubmitted",
        group=GROUP,
        title="Record that an agency sent its report",
        about=facts_of,
        questions=(
            Pick(
                name="meeting",
                asks="For which meeting is the report?",
                among=planned_meetings,
                missing="Select for which meeting the report is",
                nothing=NONE_PLANNED,
            ),
            WhichAgency(
                name="agency",
                asks="Which agency sent it?",
                missing="Select which agency sent it",
            ),
        ),
        when=Day(name="on", asks="When was it sent?", missing="Enter the day it was sent"),
        button="Record this report",
    ),
    Form(
        kind="MeetingHeld",
        group=GROUP,
        title="Record a meeting that was held",
        lead="Conferences are recorded part by part, from the page of meetings.",
        names=("meeting", "M", "meetings"),
        questions=(
            Pick(
                name="meeting",
                asks="Which planned meeting was it?",
                among=planned_here,
                none="It was not planned here",
                optional=True,
            ),
            One(
                name="type",
                asks="What kind of meeting was it?",
                of=MeetingType,
                only=HERE,
                missing="Select what kind of meeting it was",
            ),
            EachAgency(
                name="attendance",
                asks="Who took part?",
                of=Attendance,
                missing="Select how {row} took part",
            ),
            Lines(
                name="family_present",
                asks="Who from the family was there?",
                hint="One person a line, for example mother",
                optional=True,
            ),
            One(
                name="participation",
                asks="How did {child} take part?",
                of=Participation,
                optional=True,
            ),
            TimeOfDay(name="at", asks="At what time did it begin?"),
        ),
        when=Day(name="on", asks="When was it held?", missing="Enter the day it was held"),
        button="Record this meeting",
    ),
    Form(
        kind="RecordCirculated",
        group=GROUP,
        title="Record that the record of a meeting went round",
        about=facts_of,
        questions=(
            Pick(
                name="meeting",
                asks="Of which meeting?",
                among=uncirculated,
                missing="Select of which meeting",
                nothing="The record of every meeting that was held has gone round.",
            ),
            WhichAgencies(
                name="to", asks="Who was it sent to?", missing="Select who it was sent to"
            ),
        ),
        when=Day(name="on", asks="When was it sent?", missing="Enter the day it was sent"),
        button="Record that it was sent",
    ),
    Form(
        kind="DifferenceStated",
        group=GROUP,
        title="Say whether your agency sees it differently",
        about=facts_of,
        also=what_differs,
        questions=(
            Pick(
                name="meeting",
                asks="At which meeting?",
                among=all_meetings,
                missing="Select at which meeting",
                nothing="There is no meeting on this plan yet.",
            ),
            YesNo(
                name="agrees",
                asks="Does your agency agree with what the meeting found?",
                missing="Select whether your agency agrees with what the meeting found",
            ),
            Words(
                name="what",
                asks="What does your agency see differently?",
                hint="You need this only if your agency does not agree",
                optional=True,
            ),
        ),
        when=Day(name="on", asks="When did you say so?", missing="Enter the day you said so"),
        button="Record what your agency says",
        rest={"agency": own_agency},
    ),
)
