"""Emergency access, from the first request to its review, through HTTP with a clock (D38)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from api.desks import NOW, seen
from plantrack.application.emergencies import climb_unreviewed
from plantrack.application.services import Services
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights.state import Appointment
from plantrack.domain.rights.words import Duty, RestrictionCategory
from plantrack.record import migrate
from plantrack.web.settings import Rate
from plantrack.worker import Worker, sweep, sweeper
from rights.people import (
    HOUR,
    INSTANT,
    LONG_AGO,
    PEOPLE_ROLES,
    SECOND,
    TODAY,
    WHO,
    WHY,
    World,
    authority,
    ties,
)
from worker.plans import open_plan, raised, sweep_at, wait_until

MINUTE = timedelta(minutes=1)
CHAIR, WORKER, SERVICE = WHO[Duty.CHAIR], WHO[Duty.SOCIAL_WORKER], WHO[Duty.SERVICE_MANAGER]
PRIVACY, PRIVACY_2 = WHO[Duty.PRIVACY_OFFICER], SECOND[Duty.PRIVACY_OFFICER]
MAY = {Duty.CHAIR, Duty.SOCIAL_WORKER, Duty.TEAM_MANAGER, Duty.PRIVACY_OFFICER}
SATURDAY, TUESDAY = NOW + timedelta(days=1), datetime(2026, 3, 24, 6, tzinfo=UTC)


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """Two plans to which nobody has a relation, on each database."""
    with authority(url) as world:
        yield with_plans(world)


@pytest.fixture
def here(tmp_path: Any) -> Iterator[World]:
    """The same on SQLite, where that makes no difference."""
    url = f"sqlite:///{tmp_path}/record.db"
    migrate(url)
    with authority(url) as world:
        yield with_plans(world)


def with_plans(world: World) -> World:
    world.open("CP-1", "J1")
    world.open("CP-2", "K2")
    world.office.follow()
    return world


def breaks(world: World, person: str, plan: str = "CP-1", **sent: Any) -> Any:
    body = {"ground": "immediate_harm", "reason": WHY} | sent
    return world.ask(person, "POST", f"/api/plans/{plan}/emergency-access", json=body)


def sees(world: World, person: str, plan: str = "CP-1") -> bool:
    world.tokens.pop((person, ""), None)
    status: int = world.ask(person, "GET", f"/api/plans/{plan}").status_code
    assert status in (200, 404)
    return status == 200


def waiting(world: World, person: str = SERVICE) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = world.ask(person, "GET", "/api/emergency-access").json()["items"]
    return items


def test_the_whole_cycle(world: World) -> None:
    assert not sees(world, WORKER)

    taken = breaks(world, WORKER)
    assert taken.status_code == 201
    assert taken.json()["until"] == "2026-03-20T10:30:00Z"
    assert taken.json()["review_by"] == "2026-03-23"
    assert (sees(world, WORKER), sees(world, WORKER, "CP-2")) == (True, False)
    assert not sees(world, SECOND[Duty.SOCIAL_WORKER])

    world.clock.move(HOUR - timedelta(seconds=1))
    assert sees(world, WORKER)
    world.clock.move(timedelta(seconds=1) - INSTANT)
    assert sees(world, WORKER)
    world.clock.move(INSTANT)
    assert not sees(world, WORKER)

    [glass] = waiting(world)
    assert (glass["person"], glass["reviewed"]) == (WORKER, None)
    review = {"glass": glass["glass"], "justified": True, "reason": "the child was in danger"}
    assert world.say(SERVICE, "GlassReviewed", **review).status_code == 201
    [glass] = waiting(world)
    assert glass["reviewed"] == {"justified": True, "reason": "the child was in danger"}
    assert world.say(PRIVACY, "GlassReviewed", **review).status_code == 409


def test_only_those_who_may_stand_in_take_it(here: World) -> None:
    before = here.recorded()
    for duty in PEOPLE_ROLES:
        if duty not in MAY:
            assert breaks(here, WHO[duty]).status_code == 403, duty
    assert breaks(here, WHO[Duty.CHAIR], plan="CP-9").status_code == 404
    assert here.recorded() == before
    for each in MAY:
        assert breaks(here, WHO[each]).status_code == 201, each


@pytest.mark.parametrize("reason", ["r" * 19, " " * 40, "r" + " " * 30 + "r" * 17])
def test_a_reason_of_19_characters_is_refused(here: World, reason: str) -> None:
    before = here.recorded()

    assert breaks(here, CHAIR, reason=reason).status_code in (409, 422)
    assert breaks(here, CHAIR, ground="curiosity").status_code == 422
    assert here.recorded() == before
    assert breaks(here, CHAIR, reason="r" * 20).status_code == 201


def test_it_needs_a_proof_from_the_last_five_minutes(here: World) -> None:
    here.proof(CHAIR)
    here.clock.move(5 * MINUTE + INSTANT)
    before = here.recorded()
    answer = breaks(here, CHAIR)
    assert answer.status_code == 401
    assert "insufficient_user_authentication" in answer.headers["www-authenticate"]
    assert here.recorded() == before

    here.tokens[CHAIR, ""] = here.sign_in(CHAIR, auth_time=here.clock() - 5 * MINUTE)
    assert breaks(here, CHAIR).status_code == 201


def test_it_opens_one_plan_for_reading_and_gives_nothing_else(here: World) -> None:
    assert breaks(here, CHAIR).status_code == 201
    before = here.recorded()

    assert sees(here, CHAIR)
    assert here.ask(CHAIR, "GET", "/api/export", params={"plan": "CP-1"}).status_code == 403
    assert here.put(CHAIR, "CP-1", seen()).status_code == 404
    assert here.ask(CHAIR, "GET", "/api/plans/CP-1/access").status_code == 404
    assert here.ask(CHAIR, "GET", "/api/plans").json()["items"] == []
    naming = {"plan": "CP-1", "person": "w-worker", "since": LONG_AGO.isoformat()}
    assert here.say(CHAIR, "MemberNamed", **naming).status_code == 404
    assert here.recorded() == before


def test_in_another_role_of_the_same_person_it_opens_nothing(here: World) -> None:
    here.state(
        rights_events.GrantProposed(
            grant="g-too", person=CHAIR, role=Duty.PARTNER_PROFESSIONAL, reason=WHY
        ),
        rights_events.GrantApproved(grant="g-too"),
    )
    assert breaks(here, CHAIR).status_code == 201

    nurse = Appointment(Duty.PARTNER_PROFESSIONAL, "csc")
    assert here.ask(CHAIR, "GET", "/api/plans/CP-1", nurse).status_code == 404


def test_the_plan_tells_who_looked_why_and_until_when(here: World) -> None:
    breaks(here, WORKER)

    here.state(*ties("CP-1"))
    told = here.ask(CHAIR, "GET", "/api/plans/CP-1/chronology").json()["items"][-1]
    assert "took emergency access until 10:30 (immediate harm)" in told["told"]
    assert WHY in told["told"]
    assert here.office.services.record.last_number("CP-2") == 1


def test_each_look_is_written_down_with_the_access_it_rests_on(here: World) -> None:
    glass = breaks(here, WORKER).json()["access"]
    sees(here, WORKER)

    look = here.looks(plan="CP-1", person=WORKER)[0]
    assert (look.shown, look.glass, look.purpose) == (True, glass, "immediate_harm")


def test_managers_and_privacy_officers_are_told_without_what_the_plan_says(here: World) -> None:
    here.state(*ties("CP-1"))
    here.put(WORKER, "CP-1", seen(words="I hide under the bed", how_heard="talked"))
    breaks(here, SECOND[Duty.CHAIR])

    for person in (SERVICE, PRIVACY, PRIVACY_2):
        answer = here.ask(person, "GET", "/api/emergency-access")
        assert [item["plan"] for item in answer.json()["items"]] == ["CP-1"]
        assert "under the bed" not in answer.text
        assert "J1" not in answer.text
    for duty in set(PEOPLE_ROLES) - {Duty.SERVICE_MANAGER, Duty.PRIVACY_OFFICER}:
        assert here.ask(WHO[duty], "GET", "/api/emergency-access").status_code == 403


def test_nobody_reviews_their_own(here: World) -> None:
    glass = breaks(here, PRIVACY).json()["access"]
    review = {"glass": glass, "justified": True, "reason": "it was right"}

    assert here.say(PRIVACY, "GlassReviewed", **review).status_code == 403
    assert waiting(here)[0]["reviewed"] is None
    assert here.say(PRIVACY_2, "GlassReviewed", **review).status_code == 201


def test_a_restricted_plan_and_one_with_an_interest_are_not_opened_so(here: World) -> None:
    here.state(
        rights_events.PlanRestricted(
            plan="CP-1",
            category=RestrictionCategory.COURT_ORDER,
            reason=WHY,
            review_by=TODAY + timedelta(days=30),
        ),
        rights_events.ConflictDeclared(conflict="I1", person=CHAIR, reason="aunt", child="K2"),
    )
    before = here.recorded()
    absent = breaks(here, CHAIR, plan="CP-9").json()["detail"]

    for plan in ("CP-1", "CP-2"):
        answer = breaks(here, CHAIR, plan=plan)
        assert answer.status_code == 404
        assert answer.json()["detail"] == absent.replace("CP-9", plan)
    assert here.recorded() == before
    assert breaks(here, WORKER, plan="CP-2").status_code == 201


def test_restricting_a_plan_or_disabling_a_person_ends_it_at_once(here: World) -> None:
    breaks(here, CHAIR)
    breaks(here, WORKER, plan="CP-2")
    assert sees(here, CHAIR)
    restricted = rights_events.PlanRestricted(
        plan="CP-1",
        category=RestrictionCategory.OTHER,
        reason=WHY,
        review_by=TODAY + timedelta(days=1),
    )
    here.state(restricted, rights_events.PersonDisabled(person=WORKER, reason=WHY))

    assert not sees(here, CHAIR)
    assert here.ask(WORKER, "GET", "/api/plans/CP-2").status_code == 401


def test_it_is_taken_so_often_by_each_person_and_no_more(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/record.db"
    migrate(url)
    with authority(url) as world:
        with_plans(world)
        state = world.office.app.state
        state.rates.limits["break_glass"].each.rate = Rate(3, 3600)
        assert [breaks(world, CHAIR).status_code for _ in range(4)] == [201, 201, 201, 429]
        assert int(breaks(world, CHAIR).headers["retry-after"]) > 0
        assert breaks(world, WORKER).status_code == 201


# What nobody reviews


def climbed(services: Services) -> list[bool]:
    return [each.climbed for each in services.authoriser.look().rights.glasses.values()]


def test_what_nobody_reviewed_climbs_at_the_first_sweep_after_its_day(world: World) -> None:
    services = world.office.services
    first = breaks(world, CHAIR).json()["access"]
    breaks(world, WORKER)
    review = {"glass": first, "justified": False, "reason": "there was no need"}
    assert world.say(SERVICE, "GlassReviewed", **review).status_code == 201

    for moment, expected in (
        (SATURDAY, [False, False]),
        (datetime(2026, 3, 23, 23, 59, tzinfo=UTC), [False, False]),
        (TUESDAY, [False, True]),
    ):
        sweep_at(services, world.clock, moment)
        assert climbed(services) == expected
    before = services.record.rights_number()
    sweep_at(services, world.clock, TUESDAY + HOUR)
    assert services.record.rights_number() == before
    entry = services.record.rights_after(before - 1)[0]
    assert isinstance(entry.event, rights_events.GlassReviewClimbed)
    assert set(entry.event.told) == {"service_manager", "privacy_officer"}

    world.tokens.clear()
    late = waiting(world)[0]
    assert (late["climbed"], late["overdue"], late["reviewed"]) == (True, True, None)


def test_the_worker_lets_it_climb_and_sweeps_on_where_that_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = world.office.services
    breaks(world, CHAIR)
    world.clock.set(datetime(2026, 3, 25, 9, tzinfo=UTC))
    open_plan(services, "P1", date(2026, 3, 24))
    failures = iter([RuntimeError("no")])

    def failing(given: Services) -> list[str]:
        for failure in failures:
            raise failure
        return climb(given)

    climb = climb_unreviewed
    monkeypatch.setattr(sweeper, "climb_unreviewed", failing)
    done: list[Any] = []
    worker = Worker(services, 0.2, swept=done.append)
    worker.start()
    try:
        wait_until(lambda: bool(done), 10)
        assert raised(services.record, "P1")
        wait_until(lambda: climbed(services) == [True], 10)
    finally:
        worker.stop()


def test_two_sweeps_at_once_and_a_review_in_between_say_it_once(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = here.office.services
    breaks(here, CHAIR)
    breaks(here, WORKER)
    here.clock.set(TUESDAY)
    state, meanwhile = services.authoriser.state, iter([1])

    def slower(events: Any, by: Any, subject: Any) -> None:
        for _ in meanwhile:
            monkeypatch.setattr(services.authoriser, "state", state)
            state(events, by, subject)  # another process was quicker
            monkeypatch.setattr(services.authoriser, "state", slower)
        state(events, by, subject)

    monkeypatch.setattr(services.authoriser, "state", slower)
    assert sweep(services, services.files()).finished
    assert climbed(services) == [True, True]
