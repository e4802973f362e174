"""A rehearsal beside what was really raised."""

from datetime import date

import story as s
from plantrack import codec
from plantrack.domain import events as e
from plantrack.domain.alerts.raised import told_alerts
from plantrack.domain.events.entries import Entry
from plantrack.domain.replay.differences import missed
from plantrack.domain.replay.outcome import Found, found_in, pair
from plantrack.domain.words import THE_TRACKER

SEEN_DUE = s.feb(16)


def raised(story: s.Story, day: date, obligation: str, about: str, due_on: date) -> Entry:
    event = e.AlertRaised(
        on=day,
        obligation=obligation,
        about=about,
        due_on=due_on,
        because=(1,),
        policy="england-2026.1",
        told=("team_manager", "service_manager"),
    )
    return Entry(story.plan, story.number() + 1, s.at(day, 6), THE_TRACKER, event)


def test_a_rehearsal_pairs_what_began_with_the_same_entries_under_other_periods() -> None:
    story = s.given()
    day = s.after(SEEN_DUE, 3)
    alert = raised(story, day, "child-seen", "J1", s.after(SEEN_DUE, 2))
    other = raised(story, day, "oversight", "CP-J1", s.feb(3))._replace(number=9)
    told = told_alerts([alert, other], {alert.number: alert.event, 9: other.event}, None)
    lines = missed(s.CP_J1, story.entries, story.policies, codec.amend, s.after(SEEN_DUE, 30))

    pairs = {each.obligation: each for each in pair(told, lines)}
    both = pairs["child-seen"]
    assert both.really
    assert both.rehearsed
    assert (both.really.on, both.rehearsed.on) == (day, s.after(SEEN_DUE))
    assert {found_in(both), found_in(pairs["child-seen-alone"])} == {Found.BOTH, Found.REHEARSED}
    assert sum(found_in(each) is Found.REALLY for each in pair(told, [])) == 2
