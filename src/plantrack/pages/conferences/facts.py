"""What a plan holds of one meeting: who was invited, whose report came, who the family is."""

from typing import Any

from plantrack import codec
from plantrack.application import queries
from plantrack.application.commands import Commands
from plantrack.domain.events import MeetingPlanned, PersonLinked, ReportSubmitted
from plantrack.domain.plans.as_known import Moment, see


def of_meeting(commands: Commands, plan: str, meeting: str) -> dict[str, Any]:
    """Give what stands on a plan about a meeting and the people who belong to the child."""
    seen = see(queries.entries_of(commands, plan), Moment(), codec.amend_sealed)
    invited: list[str] = []
    reports: dict[str, Any] = {}
    linked: dict[str, dict[str, Any]] = {}
    for on, _, event in seen.facts:
        match event:
            case MeetingPlanned(meeting=name) if name == meeting:
                invited = [*event.invited]
            case ReportSubmitted(meeting=name, agency=agency) if name == meeting:
                reports.setdefault(agency, on)
            case PersonLinked(person=person, relation=relation, name=name):
                linked[person] = {"relation": relation, "name": name}
            case _:
                pass
    return {"invited": invited, "reports": reports, "linked": [*linked.values()]}
