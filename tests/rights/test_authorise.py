"""The decision: no unless something says yes, at every boundary, for everybody."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.domain.rights import authorise as decided
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.actions import MAY, STEP_UP, Action
from plantrack.domain.rights.authorise import (
    Because,
    Decision,
    PlanFacts,
    Subject,
    authorise,
    context,
)
from plantrack.domain.rights.scope import scope_of
from plantrack.domain.rights.state import MEMBER, Appointment, Rights, RightsEntry
from plantrack.domain.rights.words import Allocation, Duty, GlassGround, RestrictionCategory
from plantrack.domain.words import THE_TRACKER, Mark

INSTANT = timedelta(microseconds=1)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
TODAY = NOON.date()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ME, PLAN, CHILD = "ann", "CP-1", "J1"
FACTS = PlanFacts(plan=PLAN, child=CHILD, team="T1", agencies=frozenset({"csc", "police"}))
OTHER = PlanFacts(plan="CP-2", child="K2", team="T2", agencies=frozenset({"csc"}))
OPEN_PLAN_ROLES = [each for each in Duty if each in MAY[Action.READ_PLAN].duties]
EVERY_ACTION = pytest.mark.parametrize("action", Action)
EVERY_DUTY = pytest.mark.parametrize("duty", Duty)


def rights(*events: rights_events.RightsEvent, at: datetime = NOON) -> Rights:
    """Fold what was said."""
    found = Rights()
    first = [
        rights_events.PersonRegistered(person=each, name=each, agency="csc")
        for each in (ME, "ben", "cat")
    ]
    for number, event in enumerate([*first, *events], 1):
        found.learn([RightsEntry(number, at, THE_TRACKER, event)])
    return found


def me(duty: Duty, agency: str = "csc", **more: Any) -> Subject:
    known: dict[str, Any] = {"granted": True, "second_factor": True, "proved_at": NOON} | more
    return Subject(person=ME, name="Ann", post=Appointment(duty, agency), **known)


def asked(
    subject: Subject | None,
    stands: Rights,
    *,
    action: Action = Action.READ_PLAN,
    facts: PlanFacts | None = FACTS,
    now: datetime = NOON,
) -> Decision:
    about = context(stands, subject, facts) if subject else None
    return authorise(subject, action, about, now)


def allocated(what: Allocation, since: date = TODAY, until: date | None = None) -> Any:
    return rights_events.Allocated(plan=PLAN, person=ME, allocation=what, since=since, until=until)


def named(since: date = TODAY, until: date | None = None, **more: Any) -> Any:
    return rights_events.MemberNamed(plan=PLAN, person=ME, since=since, until=until, **more)


def in_team(since: date = TODAY, until: date | None = None) -> Any:
    return rights_events.TeamJoined(person=ME, team="T1", since=since, until=until)


def warrant(*plans: str, whole: bool = False, **more: Any) -> list[Any]:
    times = {"starts": NOON - HOUR, "ends": NOON + HOUR} | more
    proposed = rights_events.WarrantProposed(
        warrant="W",
        person=ME,
        purpose="inspection of neglect",
        plans=plans,
        whole_authority=whole,
        **times,
    )
    return [proposed, rights_events.WarrantApproved(warrant="W")]


def glass(until: datetime = NOON + HOUR, plan: str = PLAN) -> Any:
    return rights_events.GlassBroken(
        glass="E",
        plan=plan,
        person=ME,
        ground=GlassGround.OUT_OF_HOURS,
        reason="r" * 20,
        until=until,
        review_by=TODAY + DAY,
    )


def restricted(
    *people: str, category: RestrictionCategory = RestrictionCategory.COURT_ORDER
) -> rights_events.PlanRestricted:
    return rights_events.PlanRestricted(
        plan=PLAN, category=category, reason="r", review_by=TODAY + DAY, people=people
    )


TIES: dict[Duty, list[Any]] = {
    Duty.CHAIR: [allocated(Allocation.CHAIR)],
    Duty.SOCIAL_WORKER: [allocated(Allocation.WORKER)],
    Duty.TEAM_MANAGER: [in_team()],
    Duty.SERVICE_MANAGER: [],
    Duty.PARTNER_PROFESSIONAL: [named()],
    Duty.PARTNER_LEAD: [],
    Duty.INSPECTOR: warrant(PLAN),
    Duty.PRIVACY_OFFICER: [glass()],
}
"""What ties somebody in each role to the plan."""
EVERY_TIE = pytest.mark.parametrize("duty", TIES)


# Nothing is allowed by itself


@EVERY_ACTION
def test_who_did_not_sign_in_may_do_nothing(action: Action) -> None:
    assert asked(None, rights(), action=action).because is Because.NOT_SIGNED_IN


@EVERY_ACTION
@EVERY_DUTY
def test_who_has_the_role_no_more_or_one_proof_only_may_do_nothing(
    action: Action, duty: Duty
) -> None:
    stands = rights(*TIES.get(duty, []))

    assert asked(me(duty, granted=False), stands, action=action).because is Because.NOT_GRANTED
    once = me(duty, second_factor=False)
    assert asked(once, stands, action=action).because is Because.NO_SECOND_FACTOR


@EVERY_ACTION
@EVERY_DUTY
def test_an_action_that_is_not_a_roles_is_refused_whatever_ties_them(
    action: Action, duty: Duty
) -> None:
    found = asked(me(duty), rights(*TIES.get(duty, [])), action=action)

    if duty not in MAY[action].duties:
        assert (found.allow, found.because) == (False, Because.NOT_IN_THIS_ROLE)
        assert not found.marks


@EVERY_DUTY
def test_an_action_without_a_row_is_nobodys(duty: Duty, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = {action: row for action, row in MAY.items() if action is not Action.READ_PLAN}
    monkeypatch.setattr(decided, "MAY", rest)

    assert not asked(me(duty), rights(*TIES.get(duty, []))).allow


@EVERY_TIE
def test_a_tie_opens_the_plan_and_nothing_else(duty: Duty) -> None:
    agency = "police" if duty is Duty.PARTNER_LEAD else "csc"
    stands = rights(*TIES[duty])

    found = asked(me(duty, agency), stands)
    assert found.allow
    assert found.audit
    assert asked(me(duty, agency), stands, facts=None).because is Because.NO_SUCH_PLAN
    if duty is not Duty.SERVICE_MANAGER:
        assert asked(me(duty, agency), stands, facts=OTHER).because is Because.UNRELATED
        if duty is not Duty.PARTNER_LEAD:
            assert asked(me(duty, agency), rights()).because is Because.UNRELATED


def test_every_role_with_a_relation_is_tried() -> None:
    assert set(TIES) == set(OPEN_PLAN_ROLES)


# Days


@pytest.mark.parametrize(
    ("duty", "tie"),
    [
        (Duty.CHAIR, lambda *days: allocated(Allocation.CHAIR, *days)),
        (Duty.SOCIAL_WORKER, lambda *days: allocated(Allocation.WORKER, *days)),
        (Duty.SOCIAL_WORKER, lambda *days: allocated(Allocation.COVER, *days)),
        (Duty.TEAM_MANAGER, in_team),
        (Duty.PARTNER_PROFESSIONAL, named),
    ],
)
def test_a_tie_holds_from_its_first_day_to_its_last(duty: Duty, tie: Any) -> None:
    stands = rights(tie(TODAY, TODAY + DAY))
    days = [NOON + n * DAY for n in (-1, 0, 1, 2)]

    assert [asked(me(duty), stands, now=each).allow for each in days] == [False, True, True, False]
    assert asked(me(duty), rights(tie(TODAY)), now=NOON + 1000 * DAY).allow


@pytest.mark.parametrize(
    ("duty", "tie", "end"),
    [
        (
            Duty.CHAIR,
            allocated(Allocation.CHAIR),
            rights_events.AllocationEnded(plan=PLAN, person=ME, reason="r"),
        ),
        (
            Duty.SOCIAL_WORKER,
            allocated(Allocation.COVER),
            rights_events.AllocationEnded(plan=PLAN, person=ME, reason="r"),
        ),
        (
            Duty.PARTNER_PROFESSIONAL,
            named(),
            rights_events.MembershipEnded(plan=PLAN, person=ME, reason="r"),
        ),
        (Duty.TEAM_MANAGER, in_team(), rights_events.TeamLeft(person=ME, team="T1")),
    ],
)
def test_a_tie_that_was_ended_is_over_at_once_and_others_stay(
    duty: Duty, tie: Any, end: Any
) -> None:
    assert asked(me(duty), rights(tie)).allow
    assert asked(me(duty), rights(tie, end)).because is Because.UNRELATED
    assert asked(me(duty), rights(tie, end, tie)).allow


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, 999_999, tzinfo=UTC), False),
        (datetime(2026, 6, 30, 23, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 22, 59, 59, 999_999, tzinfo=UTC), True),
        (datetime(2026, 7, 1, 23, tzinfo=UTC), False),
    ],
)
def test_a_day_begins_and_ends_at_midnight_in_london_in_summer(
    moment: datetime, holds: bool
) -> None:
    day = date(2026, 7, 1)
    stands = rights(allocated(Allocation.CHAIR, day, day))

    assert asked(me(Duty.CHAIR), stands, now=moment).allow is holds


def test_a_manager_sees_what_somebody_of_the_team_works_on_while_both_hold() -> None:
    working = rights_events.Allocated(
        plan="CP-2", person="ben", allocation=Allocation.WORKER, since=TODAY, until=TODAY + DAY
    )
    ben = rights_events.TeamJoined(person="ben", team="T1", since=TODAY + DAY)
    stands = rights(in_team(), working, ben)
    days = [NOON + n * DAY for n in (0, 1, 2)]

    seen = [asked(me(Duty.TEAM_MANAGER), stands, facts=OTHER, now=each).allow for each in days]
    assert seen == [False, True, False]


# Restricted plans, and interests


@EVERY_TIE
def test_a_restricted_plan_is_open_to_those_on_its_list_who_are_tied_to_it(duty: Duty) -> None:
    subject = me(duty, "police" if duty is Duty.PARTNER_LEAD else "csc")
    by_list = duty not in (Duty.INSPECTOR, Duty.PRIVACY_OFFICER)

    assert asked(subject, rights(*TIES[duty], restricted("ben"))).allow is (duty is Duty.INSPECTOR)
    assert asked(subject, rights(*TIES[duty], restricted(ME))).allow is (
        by_list or duty is Duty.INSPECTOR
    )
    if by_list and duty not in (Duty.SERVICE_MANAGER, Duty.PARTNER_LEAD):
        assert not asked(subject, rights(restricted(ME))).allow


@pytest.mark.parametrize("duty", [Duty.PARTNER_PROFESSIONAL, Duty.PARTNER_LEAD])
def test_adoption_keeps_partners_out_even_where_they_are_listed(duty: Duty) -> None:
    for category in RestrictionCategory:
        stands = rights(named(), restricted(ME, category=category))
        open_to_them = category is not RestrictionCategory.ADOPTION

        assert asked(me(duty, "police"), stands).allow is open_to_them


def test_an_inspector_sees_a_restricted_plan_only_if_the_warrant_names_it() -> None:
    whole = rights(*warrant(whole=True))
    kept = rights(*warrant(whole=True), restricted(ME))

    assert asked(me(Duty.INSPECTOR), whole).allow
    assert not asked(me(Duty.INSPECTOR), kept).allow
    assert asked(me(Duty.INSPECTOR), rights(*warrant(PLAN), restricted("ben"))).allow


@EVERY_TIE
@pytest.mark.parametrize("about", [{"plan": PLAN}, {"child": CHILD}])
def test_an_interest_keeps_anybody_out_of_everything_about_the_plan(
    duty: Duty, about: dict[str, str]
) -> None:
    declared = rights_events.ConflictDeclared(conflict="I", person=ME, reason="r", **about)
    subject = me(duty, "police" if duty is Duty.PARTNER_LEAD else "csc")
    stands = rights(*TIES[duty], glass(), declared)
    lifted = rights_events.ConflictLifted(conflict="I", reason="r")

    for action in [each for each in Action if MAY[each].about_a_plan]:
        found = asked(subject, stands, action=action)
        assert found.because in (Because.CONFLICT, Because.NOT_IN_THIS_ROLE)
    assert asked(subject, rights(*TIES[duty], declared, lifted)).allow
    other = declared.__class__(conflict="I", person="ben", reason="r", **about)
    assert asked(subject, rights(*TIES[duty], other)).allow


# Emergency access and warrants


@EVERY_DUTY
def test_emergency_access_opens_reading_to_those_who_could_take_it_and_nothing_more(
    duty: Duty,
) -> None:
    stands = rights(glass())
    could = duty in MAY[Action.BREAK_GLASS].duties

    for action in Action:
        found = asked(me(duty, "school"), stands, action=action)
        if found.because is Because.GLASS:
            assert could
            assert action is Action.READ_PLAN
            assert (found.glass, found.purpose) == ("E", "out_of_hours")
    assert asked(me(duty, "school"), stands).allow is (could or duty is Duty.SERVICE_MANAGER)
    assert not asked(me(duty, "school"), rights(glass(), restricted("ben"))).allow


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (NOON - INSTANT, False),
        (NOON, True),
        (NOON + HOUR - INSTANT, True),
        (NOON + HOUR, False),
    ],
)
def test_emergency_access_lasts_from_its_moment_to_before_its_end(
    now: datetime, opens: bool
) -> None:
    assert asked(me(Duty.CHAIR), rights(glass()), now=now).allow is opens


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (NOON - HOUR - INSTANT, False),
        (NOON - HOUR, True),
        (NOON + HOUR - INSTANT, True),
        (NOON + HOUR, False),
    ],
)
def test_a_warrant_holds_to_the_microsecond(now: datetime, opens: bool) -> None:
    found = asked(me(Duty.INSPECTOR), rights(*warrant(PLAN)), now=now)

    assert found.allow is opens
    assert found.purpose == ("inspection of neglect" if opens else None)


def test_a_warrant_that_is_not_approved_or_was_ended_opens_nothing() -> None:
    proposed, approved = warrant(PLAN)
    ended = rights_events.WarrantEnded(warrant="W", reason="r")

    assert not asked(me(Duty.INSPECTOR), rights(proposed)).allow
    assert asked(me(Duty.INSPECTOR), rights(proposed, approved)).allow
    assert not asked(me(Duty.INSPECTOR), rights(proposed, approved, ended)).allow


# Proving again


@pytest.mark.parametrize("action", sorted(STEP_UP))
@pytest.mark.parametrize(
    ("ago", "allowed"),
    [
        (timedelta(0), True),
        (timedelta(minutes=5), True),
        (timedelta(minutes=5) + INSTANT, False),
        (None, False),
    ],
)
def test_what_needs_a_fresh_proof_is_allowed_for_five_minutes(
    action: Action, ago: timedelta | None, allowed: bool
) -> None:
    duty = Duty.SERVICE_MANAGER if action is Action.EXPORT else Duty.CHAIR
    subject = me(duty, proved_at=None if ago is None else NOON - ago)

    found = asked(subject, rights(), action=action)
    assert found.allow is allowed
    assert found.step_up
    assert (found.because is Because.STEP_UP) is not allowed


@EVERY_DUTY
def test_a_role_reads_no_more_marks_than_it_is_given(duty: Duty) -> None:
    found = asked(me(duty, "police"), rights(*TIES.get(duty, [])))
    expected = decided.READS.get(duty, frozenset())

    assert found.marks == (expected if found.allow else frozenset())


def test_a_member_reads_the_address_only_if_it_is_said_so() -> None:
    nurse = me(Duty.PARTNER_PROFESSIONAL)

    assert Mark.PROTECTED_ADDRESS not in asked(nurse, rights(named())).marks
    assert Mark.PROTECTED_ADDRESS in asked(nurse, rights(named(sees_address=True))).marks
    over = named(TODAY - 2 * DAY, TODAY - DAY, sees_address=True)
    assert Mark.PROTECTED_ADDRESS not in asked(nurse, rights(over, named())).marks


# Posts


def test_a_post_holds_once_approved_until_it_ends_and_not_while_one_is_disabled() -> None:
    proposed = rights_events.GrantProposed(
        grant="G", person=ME, role=Duty.CHAIR, reason="r", until=TODAY + DAY
    )
    approved, ended = (
        rights_events.GrantApproved(grant="G"),
        rights_events.GrantEnded(grant="G", reason="r"),
    )
    disabled = rights_events.PersonDisabled(person=ME, reason="r")
    post = [Appointment(Duty.CHAIR, "csc")]

    assert rights(proposed).posts_of(ME, TODAY) == []
    stands = rights(proposed, approved)
    assert [stands.posts_of(ME, TODAY + n * DAY) for n in (0, 1, 2)] == [post, post, []]
    assert rights(proposed, approved, ended).posts_of(ME, TODAY) == []
    assert rights(proposed, approved, disabled).posts_of(ME, TODAY) == []
    back = rights_events.PersonRestored(person=ME, reason="r")
    assert rights(proposed, approved, disabled, back).posts_of(ME, TODAY) == post
    assert rights(proposed, approved).posts_of("nobody", TODAY) == []


# Lists show what may be read


DAYS = st.integers(-2, 2).map(lambda n: TODAY + n * DAY)
UNTIL = st.none() | DAYS
PEOPLE = st.sampled_from([ME, "ben"])
NAMES = st.sampled_from([PLAN, "CP-2"])
MOMENTS = st.integers(-2, 2).map(lambda n: NOON + n * HOUR)


def _warrants(draw: Any) -> list[Any]:
    plans = tuple(draw(st.lists(NAMES, unique=True)))
    proposed = rights_events.WarrantProposed(
        warrant=f"W{draw(st.integers(0, 10**9))}",
        person=draw(PEOPLE),
        purpose="p",
        starts=draw(MOMENTS),
        ends=draw(MOMENTS),
        plans=plans,
        whole_authority=draw(st.booleans()),
    )
    ends = [
        rights_events.WarrantApproved(warrant=proposed.warrant),
        rights_events.WarrantEnded(warrant=proposed.warrant, reason="r"),
    ]
    return [proposed, *ends[: draw(st.integers(0, 2))]]


@st.composite
def worlds(draw: Any) -> list[Any]:
    """Anything that may have been said of two people, two plans and two teams."""
    teams = st.sampled_from(["T1", "T2"])
    one = st.one_of(
        st.builds(
            rights_events.Allocated,
            plan=NAMES,
            person=PEOPLE,
            allocation=st.sampled_from(Allocation),
            since=DAYS,
            until=UNTIL,
        ),
        st.builds(rights_events.MemberNamed, plan=NAMES, person=PEOPLE, since=DAYS, until=UNTIL),
        st.builds(rights_events.TeamJoined, person=PEOPLE, team=teams, since=DAYS, until=UNTIL),
        st.builds(rights_events.TeamLeft, person=PEOPLE, team=teams),
        st.builds(rights_events.AllocationEnded, plan=NAMES, person=PEOPLE, reason=st.just("r")),
        st.builds(rights_events.MembershipEnded, plan=NAMES, person=PEOPLE, reason=st.just("r")),
        st.builds(
            rights_events.PlanRestricted,
            plan=NAMES,
            category=st.sampled_from(RestrictionCategory),
            reason=st.just("r"),
            review_by=DAYS,
            people=st.lists(PEOPLE, unique=True).map(tuple),
        ),
        st.builds(rights_events.RestrictionLifted, plan=NAMES, reason=st.just("r")),
        st.builds(
            rights_events.ConflictDeclared,
            conflict=st.uuids().map(str),
            person=PEOPLE,
            reason=st.just("r"),
            child=st.sampled_from([CHILD, "K2", None]),
            plan=st.sampled_from([PLAN, None]),
        ),
    )
    events: list[Any] = draw(st.lists(one, max_size=8))
    for _ in range(draw(st.integers(0, 2))):
        events += _warrants(draw)
    return events


@given(worlds(), st.sampled_from(sorted(Duty)), st.sampled_from(["csc", "police"]), MOMENTS)
def test_a_list_shows_a_plan_exactly_where_it_may_be_read_without_an_emergency(
    events: list[Any], duty: Duty, agency: str, now: datetime
) -> None:
    stands, subject = rights(*events), me(duty, agency)
    scope = scope_of(stands, subject, now)

    for facts in (FACTS, OTHER):
        seen = (
            scope.everything
            or facts.plan in scope.plans
            or facts.team in scope.teams
            or scope.agency in facts.agencies
        )
        kept = facts.plan in scope.without or facts.child in scope.without_children
        may = asked(subject, stands, facts=facts, now=now).allow
        assert (seen and not kept) == (may or duty is Duty.SCHEDULER)


def test_what_a_member_is_called_is_no_allocation() -> None:
    assert MEMBER not in {each.value for each in Allocation}
