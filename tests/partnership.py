"""One built partnership for the tests of pages: a small cut of the demonstration, ready to copy.

In a test module::

    @pytest.fixture(scope="module")
    def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
        url = small(tmp_path_factory).copy(tmp_path_factory.mktemp("pages"))
        with at_desk(url) as here:
            yield here

and then ``here.client.get(path, headers=as_player(here, CHAIR))``; for a browser, serve it (as
``pages.serving`` does) and post the form of ``/sign-in``, which ``player(CHAIR)`` gives. It is
always TODAY there, at NOW: give a desk, sessions and whatever asks for the time ``now=at``. It is
a demonstration: ``/demo/sign-in`` and ``/api/demo/sign-in`` let anybody in unchecked.

Who there is: everybody in ``plantrack.demonstration.CAST``, the names below among them.

    CHAIR            Casey Hollin, chair of CP-101 to CP-105, and of CIN-J1 and CP-J1
    OTHER_CHAIR      Orla Tarrow, chair of nothing here
    WORKER           Wyn Abbery (team North), works on CP-101 to CP-103 and CIN-106
    SECOND_WORKER    Idris Pellow (team North), works on CP-104 and CP-105
    KEPT_OUT         Mina Sorrel (team South), declared an interest in the child of CP-104
    ON_CALL          Jude Castell (team South), works on nothing; saw CP-101 by emergency access
    TEAM_MANAGER     Toni Marrick (team North): CP-101 to CP-105 and CIN-106
    OTHER_MANAGER    Sam Ferriby (team South): no plan here, an empty list
    SERVICE_MANAGER  Ash Corvane: every plan, as she is on the list of CIN-106
    NURSE            Noor Ellery, school nurse: CP-101, CP-102, CP-104, CP-105 and CIN-106
    TEACHER          Tess Farrow, school: the same plans
    HEALTH_VISITOR   Hana Brisco: CP-103
    POLICE           Dale Rooke: CP-101 to CP-105
    SCHOOL_LEAD      Lee Wexcombe: every plan a school is on, but not CIN-106, which is restricted
    NURSING_LEAD     Priya Tolland; HEALTH_LEAD Morwen Hale; POLICE_LEAD Kit Osgar: likewise
    INSPECTOR        Ira Venn (ofsted), a warrant over the whole authority; not CIN-106
    PRIVACY_OFFICER  Pat Greeve: no plans, but who looked in the last 30 days, E-1 to be reviewed
    ADMIN            Ade Lorne: no plans

Which plans there are: three siblings Averill, CP-101 Perrin, CP-102 Lottie and CP-103 Bram (child
protection, opened 16 March 2026); Keir and Effie Dunmore, CP-104 and CP-105 (child protection,
opened 2 June 2026); Tobin Oakes, CIN-106 (child in need, restricted); and the case of Child J1,
CIN-J1 and CP-J1 (2019-20, both ended).

What state they are in on TODAY (Monday 23 November 2026):

    a review conference of the three siblings is planned for Tuesday 1 December, meeting M11 on each
    of CP-101, CP-102 and CP-103; school nursing has not sent its report, everybody else has
    CP-102 holds a decision of social care, D3, that no other agency has taken a position on
    CP-104 and CP-105 hold a challenge C1 by school nursing, climbed to stage 2 on Tuesday, and a
    decision on which police disagree (dissent not answered: an open alert)
    CP-105 holds a request for supervision, S1, by school nursing
    CP-101, CP-102 and CIN-106 hold information that school and school nursing have not acknowledged
    open alerts on CP-104 and CP-105, the longest open about a father who was never spoken to
    an alert on CP-104 that was answered, and missed visits on CP-101 to CP-103 long cleared
    CP-101 shows an emergency access, E-1, of Jude Castell, that nobody has reviewed yet
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.desks import Office, office
from plantrack.application.demo_people import CAST, known_as
from plantrack.demo.partnership import SMALL, build
from plantrack.domain.events import MeetingPlanned
from plantrack.domain.rights.state import Appointment
from plantrack.web.who import written

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PATIENCE = 120.0

CHAIR, OTHER_CHAIR = "Casey Hollin", "Orla Tarrow"
WORKER, SECOND_WORKER = "Wyn Abbery", "Idris Pellow"
KEPT_OUT, ON_CALL = "Mina Sorrel", "Jude Castell"
TEAM_MANAGER, OTHER_MANAGER, SERVICE_MANAGER = "Toni Marrick", "Sam Ferriby", "Ash Corvane"
NURSE, TEACHER, HEALTH_VISITOR, POLICE = "Noor Ellery", "Tess Farrow", "Hana Brisco", "Dale Rooke"
SCHOOL_LEAD, NURSING_LEAD = "Lee Wexcombe", "Priya Tolland"
HEALTH_LEAD, POLICE_LEAD = "Morwen Hale", "Kit Osgar"
INSPECTOR, PRIVACY_OFFICER, ADMIN = "Ira Venn", "Pat Greeve", "Ade Lorne"

SIBLINGS = ("CP-101", "CP-102", "CP-103")
RESTRICTED = "CIN-106"


def at() -> datetime:
    """Say what time it is there."""
    return NOW


@dataclass(frozen=True)
class Built:
    """A built partnership, which tests copy and never change."""

    path: Path

    def copy(self, folder: Path) -> str:
        """Copy it into a folder, and give the address of the copy."""
        for each in self.path.parent.glob(f"{self.path.stem}*.db"):
            shutil.copy(each, folder / each.name)
        return f"sqlite:///{folder / self.path.name}"


def small(factory: pytest.TempPathFactory) -> Built:
    """Give the small cut, built once for a run of the tests, whichever process comes first."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "partnership"
    path = folder / "partnership.db"
    try:
        folder.mkdir()
    except FileExistsError:
        give_up = time.monotonic() + PATIENCE
        while not path.exists():
            assert time.monotonic() < give_up, "the partnership was not built"
            time.sleep(0.05)
    else:
        build(path, TODAY, SMALL)
    return Built(path)


@pytest.fixture(scope="session")
def partnership(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The small cut, to be copied."""
    return small(tmp_path_factory)


@contextmanager
def at_desk(url: str, **more: Any) -> Iterator[Office]:
    """Open an application over a copy, on TODAY, to which nobody has signed in yet."""
    with office(url, demo=False, now=at, **more) as here:
        yield here


def post_of(name: str) -> Appointment:
    """Give the post of somebody in the cast."""
    return next(Appointment(each.duty, each.agency) for each in CAST if each.name == name)


def player(name: str) -> dict[str, str]:
    """Give what the sign-in page sends for somebody in the cast."""
    post = post_of(name)
    return {"person": known_as(name, post.agency), "post": written(post)}


def as_player(here: Office, name: str) -> dict[str, str]:
    """Sign somebody in, and give the header that says so."""
    post = post_of(name)
    person = {"name": name, "agency": post.agency, "role": post.duty.value}
    token = here.client.post("/api/demo/sign-in", json=person).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def conference_of(here: Office, plan: str) -> str:
    """Name the review conference that is planned on a sibling's plan."""
    planned = [entry.event for entry in here.services.record.entries(plan)]
    return [event.meeting for event in planned if isinstance(event, MeetingPlanned)][-1]
