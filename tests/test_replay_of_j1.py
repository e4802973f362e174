"""The published case replayed on some days, against what was written down by hand."""

from datetime import date
from importlib import resources

import pytest

from plantrack import codec
from plantrack.application.history_files import read, take_in
from plantrack.application.policies import reading as policy
from plantrack.domain.plans.decide import PlanBook
from plantrack.domain.replay.differences import Reckoned, missed
from plantrack.domain.replay.steps import Life

KNOWN, TRUE = Reckoned.KNOWN, Reckoned.TRUE
J1_DAYS = {
    (KNOWN, date(2020, 2, 10)): ["Meeting held", "Plan opened"],
    (KNOWN, date(2020, 2, 12)): ["Supervision requested", "Action agreed"],
    (KNOWN, date(2020, 2, 20)): [],
    (KNOWN, date(2020, 2, 25)): [
        "The child was due to be seen face to face by 24 February 2020 and was not seen",
        "The first core group was due by 24 February 2020 and did not meet",
    ],
    (KNOWN, date(2020, 3, 6)): [
        "Two agencies were due to decide on a medical for injury N1 by 5 March 2020 and did not",
    ],
    (KNOWN, date(2020, 3, 12)): ["Child seen"],
    (KNOWN, date(2020, 3, 13)): [
        "Action A2 was due for review by 12 March 2020 and was not reviewed",
        "The child was due to be seen face to face by 5 March 2020 and was not seen",
    ],
    (TRUE, date(2020, 2, 20)): ["Child seen"],
    (TRUE, date(2020, 2, 25)): [
        "The first core group was due by 24 February 2020 and did not meet",
    ],
    (TRUE, date(2020, 3, 6)): [
        "The child was due to be seen face to face by 5 March 2020 and was not seen",
        "Two agencies were due to decide on a medical for injury N1 by 5 March 2020 and did not",
    ],
    (TRUE, date(2020, 3, 12)): [],
}
"""Days of the case, written down by hand: a visit of 20 February was recorded on 12 March."""


@pytest.fixture(scope="module")
def j1() -> dict[Reckoned, Life]:
    with resources.as_file(resources.files("plantrack.cases") / "child-j1.jsonl") as history:
        taken = take_in(read([history]), PlanBook(codec.amend)).entries
    entries = [each for each in taken if each.plan == "CP-J1"]
    last = date(2020, 7, 1)
    found = {
        clock: missed("CP-J1", taken, policy.load(), codec.amend, last, clock) for clock in Reckoned
    }
    return {clock: Life(entries, found[clock], clock, codec.amend) for clock in Reckoned}


@pytest.mark.parametrize(("clock", "day"), J1_DAYS)
def test_the_case_of_j1_on_a_day_is_as_written_by_hand(
    j1: dict[Reckoned, Life], clock: Reckoned, day: date
) -> None:
    assert [each.title for each in j1[clock].on(day)] == J1_DAYS[clock, day]
