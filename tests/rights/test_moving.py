"""Rights that change while something is under way: what rested on them is refused or done again."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from api.desks import NOW, opened, seen
from plantrack import codec
from plantrack.application.authoriser import Authoriser
from plantrack.application.command_guard import writes_as
from plantrack.application.commands import NewEvent, Receipt
from plantrack.application.services import Services
from plantrack.domain.refusals import NoSuchPlan, NotAllowed, Refusal, RightNotPossible
from plantrack.domain.rights import events as rights_events
from plantrack.domain.rights import state
from plantrack.domain.rights.state import Rights, RightsEntry
from plantrack.domain.rights.words import Allocation, Duty
from plantrack.domain.words import THE_TRACKER
from plantrack.record import CannotReach, Record, RightsMoved, open_record
from record.proxy import network
from record.waiting import in_threads, share_a_commit
from rights.people import INSTANT, LONG_AGO, SECOND, TODAY, WHO, WHY, World, authority, ties

WORKER, CHAIR, SERVICE = (
    WHO[each] for each in (Duty.SOCIAL_WORKER, Duty.CHAIR, Duty.SERVICE_MANAGER)
)
WORKER_2 = SECOND[Duty.SOCIAL_WORKER]
ENDED = rights_events.AllocationEnded(plan="CP-1", person=WORKER, reason=WHY)
ROLE_ENDED = rights_events.GrantEnded(grant=f"g-{WORKER}", reason=WHY)
DISABLED = rights_events.PersonDisabled(person=WORKER, reason=WHY)


@pytest.fixture
def world(url: str) -> Iterator[World]:
    """Two plans, and people who work on them, on each database."""
    with authority(url) as world:
        for plan, child in (("CP-1", "J1"), ("CP-2", "K2")):
            world.open(plan, child)
            world.state(*ties(plan))
        yield world


def before_the_append(
    world: World, monkeypatch: pytest.MonkeyPatch, does: Callable[[], object], times: int = 1
) -> list[type[Exception]]:
    """Do something when all is decided and nothing is appended yet; tell what appending met."""
    record, met, left = world.office.services.record, list[type[Exception]](), iter(range(times))
    append = record.append

    def slower(*entries: Any, **more: Any) -> list[int]:
        for _ in left:
            monkeypatch.setattr(record, "append", append)
            does()
            monkeypatch.setattr(record, "append", slower)
            break
        try:
            return append(*entries, **more)
        except RightsMoved as moved:
            met.append(type(moved))
            raise

    monkeypatch.setattr(record, "append", slower)
    return met


@pytest.mark.parametrize(
    ("event", "why"), [(ENDED, NoSuchPlan), (DISABLED, NotAllowed)], ids=["ended", "disabled"]
)
def test_what_rested_on_a_right_that_ended_meanwhile_is_refused_in_the_append(
    world: World, monkeypatch: pytest.MonkeyPatch, event: Any, why: type[Refusal]
) -> None:
    met = before_the_append(world, monkeypatch, lambda: world.state(event))

    with pytest.raises(why):
        world.record(WORKER, "CP-1", seen())
    assert met == [RightsMoved]
    assert world.office.services.record.last_number("CP-1") == 1


def test_what_still_may_be_said_is_recorded_once_on_rights_as_they_stand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = rights_events.TeamJoined(person=WORKER_2, team="T9", since=TODAY)
    met = before_the_append(world, monkeypatch, lambda: world.state(other), times=2)

    assert world.record(WORKER, "CP-1", seen()).entries[0].number == 2
    assert met == [RightsMoved, RightsMoved]
    assert world.office.services.record.last_number("CP-1") == 2


@pytest.mark.parametrize(
    "event", [ENDED, DISABLED, rights_events.GrantEnded(grant=f"g-{WORKER}", reason=WHY)]
)
def test_a_permit_goes_by_rights_as_they_stand_when_it_is_used(world: World, event: Any) -> None:
    permit, by = world.permit(WORKER), writes_as(world.subject(WORKER))
    said_now = [NewEvent("CP-1", codec.read_event(seen()))]
    world.state(event)

    with pytest.raises((NoSuchPlan, NotAllowed)):
        world.office.services.commands.carry_out(said_now, by, guard=permit)
    assert world.office.services.record.last_number("CP-1") == 1


def test_who_lost_the_role_while_saying_something_about_rights_does_not_say_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = before_the_append(
        world,
        monkeypatch,
        lambda: world.state(rights_events.PersonDisabled(person=SERVICE, reason=WHY)),
    )
    naming = {"plan": "CP-1", "person": "x-stranger", "since": LONG_AGO.isoformat()}

    assert world.say(SERVICE, "MemberNamed", **naming).status_code == 403
    assert met == [RightsMoved]
    spells = world.office.services.authoriser.look().rights.spells_on("CP-1")
    assert "x-stranger" not in {each.person for each in spells}


def test_two_approvals_at_once_are_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    authoriser = world.office.services.authoriser
    world.state(
        rights_events.GrantProposed(grant="G", person=WORKER_2, role=Duty.TEAM_MANAGER, reason=WHY)
    )
    approved = rights_events.GrantApproved(grant="G")

    def somebody_else() -> None:
        world.clock.move(INSTANT)
        world.state(approved)

    before_the_append(world, monkeypatch, somebody_else)
    with pytest.raises(RightNotPossible, match="No grant G waits"):
        authoriser.state([approved], THE_TRACKER, None)


def test_of_what_is_said_at_once_each_is_checked_upon_what_came_before(world: World) -> None:
    proposed = rights_events.GrantProposed(grant="G", person=WORKER_2, role=Duty.CHAIR, reason=WHY)
    approved = rights_events.GrantApproved(grant="G")
    before = world.office.services.record.rights_number()

    with pytest.raises(RightNotPossible):
        world.state(proposed, approved, approved)
    assert world.office.services.record.rights_number() == before
    assert "G" not in world.office.services.authoriser.look().rights.grants
    world.state(proposed, approved)


def test_a_permit_that_always_comes_too_late_is_told_to_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter(range(1000))

    def another() -> None:
        world.state(
            rights_events.TeamJoined(person=WORKER_2, team=f"T{next(numbers)}", since=TODAY)
        )

    before_the_append(world, monkeypatch, another, times=100)
    with pytest.raises(CannotReach, match="Try again"):
        world.record(WORKER, "CP-1", seen())
    assert world.office.services.record.last_number("CP-1") == 1


def test_another_process_sees_at_once_what_was_said_in_this_one(world: World, url: str) -> None:
    with Services(url, world.clock) as other:

        def recorded(person: str) -> Receipt:
            subject = world.subject(person)
            permit = world.permit(person).__class__(other.authoriser, subject, other.commands.now)
            event = codec.read_event(seen())
            return other.commands.carry_out(
                [NewEvent("CP-1", event)], writes_as(subject), guard=permit
            )

        recorded(WORKER)
        world.state(ENDED)
        with pytest.raises(NoSuchPlan):
            recorded(WORKER)
        other.authoriser.state(
            [
                rights_events.Allocated(
                    plan="CP-1", person=WORKER_2, allocation=Allocation.COVER, since=TODAY
                )
            ],
            THE_TRACKER,
            None,
        )
        assert world.record(WORKER_2, "CP-1", seen()).entries[0].number == 3


def test_many_threads_over_two_processes_number_rights_without_gaps_or_doubles(
    world: World, url: str
) -> None:
    each, start = 5, Barrier(4)
    before = world.office.services.record.rights_number()
    failed: list[BaseException] = []

    def state_some(authoriser: Authoriser, name: str) -> None:
        start.wait()
        for n in range(each):
            event = rights_events.TeamJoined(person=WORKER_2, team=f"{name}{n}", since=TODAY)
            try:
                _until_told(partial(authoriser.state, [event], THE_TRACKER, None))
            except BaseException as wrong:  # noqa: BLE001 - looked at below, in the test's thread
                failed.append(wrong)

    with Services(url, world.clock) as other:
        gates = [world.office.services.authoriser, other.authoriser] * 2
        threads = [Thread(target=state_some, args=(g, f"N{i}-")) for i, g in enumerate(gates)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        entries = world.office.services.record.rights_after(before)
        rights = [authoriser.look().rights for authoriser in gates[:2]]

    assert failed == []
    assert [entry.number for entry in entries] == list(range(before + 1, before + 1 + 4 * each))
    assert len({entry.event.team for entry in entries}) == 4 * each  # type: ignore[attr-defined]
    assert rights[0].teams == rights[1].teams


def _until_told(say: Callable[[], None]) -> None:
    """Say something again while others keep changing rights: that is what one is told to do."""
    for _ in range(50):
        try:
            say()
        except CannotReach:
            continue
        return
    raise AssertionError("nobody else stopped")


# A commit that is shared


class Asks:
    """A command by somebody with their permit, that waits to share a commit."""

    def __init__(self, world: World, person: str, plan: str, raw: dict[str, Any]) -> None:
        self.said = [NewEvent(plan, codec.read_event(raw))]
        self.by, self.permit = writes_as(world.subject(person)), world.permit(person)
        self.answer: Any = None

    def carry_out(self, commands: Any) -> None:
        try:
            self.answer = commands.carry_out(self.said, self.by, guard=self.permit)
        except Exception as refused:  # noqa: BLE001 - looked at by the test, in its thread
            self.answer = refused


def test_of_two_that_share_a_commit_the_one_who_lost_the_right_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = [Asks(world, WORKER, "CP-1", seen()), Asks(world, CHAIR, "CP-1", seen())]
    asks.append(Asks(world, WORKER, "CP-2", seen()))
    state_it = before_state(world, monkeypatch, 2)

    share_a_commit(world.office.services.commands, asks, in_threads)  # type: ignore[arg-type]  # alike

    assert state_it == [True]
    assert [type(each.answer) for each in asks] == [NoSuchPlan, Receipt, Receipt]
    assert world.office.services.record.last_number("CP-1") == 2
    assert world.office.services.record.last_number("CP-2") == 2


def before_state(world: World, monkeypatch: pytest.MonkeyPatch, least: int) -> list[bool]:
    """End the worker's allocation when several commands are about to be appended together."""
    record, done = world.office.services.record, list[bool]()
    append = record.append

    def slower(entries: Any, **more: Any) -> list[int]:
        if len(entries) >= least and not done:
            done.append(True)
            world.state(ENDED)
        return append(entries, **more)

    monkeypatch.setattr(record, "append", slower)
    return done


def test_two_who_open_plans_in_one_commit_are_each_tied_to_their_own(world: World) -> None:
    asks = [
        Asks(world, WORKER, "CP-8", opened("N8", family="F8")),
        Asks(world, CHAIR, "CP-9", opened("N9", family="F9")),
    ]
    before = world.office.services.record.rights_number()

    share_a_commit(world.office.services.commands, asks, in_threads)  # type: ignore[arg-type]  # alike

    new = world.office.services.record.rights_after(before)
    assert [entry.number for entry in new] == [before + 1, before + 2]
    tied = {(e.event.plan, e.event.person) for e in new}  # type: ignore[attr-defined]
    assert tied == {("CP-8", WORKER), ("CP-9", CHAIR)}
    for person, mine, other in ((WORKER, "CP-8", "CP-9"), (CHAIR, "CP-9", "CP-8")):
        world.record(person, mine, seen())
        with pytest.raises(NoSuchPlan):
            world.record(person, other, seen())


# What stands


def test_folding_the_first_entries_gives_the_rights_of_then(world: World) -> None:
    record = world.office.services.record
    marks = []
    for event in (ENDED, DISABLED, rights_events.PersonRestored(person=WORKER, reason=WHY)):
        marks.append(
            (record.rights_number(), _facts(world.office.services.authoriser.look().rights))
        )
        world.state(event)
    entries = record.rights_after(0)

    for number, then in marks:
        folded = Rights()
        folded.learn(entries[:number])
        assert _facts(folded) == then
    assert len({repr(then) for _, then in marks}) == len(marks)


def _facts(rights: Rights) -> tuple[Any, ...]:
    return (
        rights.number,
        rights.people[WORKER],
        tuple(rights.spells_on("CP-1")),
        tuple(rights.posts_of(WORKER, TODAY)),
    )


def test_a_number_is_claimed_only_once_what_it_brought_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever finds the number at hand decides at once, without waiting for whoever learns."""
    rights, claimed = Rights(), list[int]()
    evolve = state._EVOLVE[rights_events.DemonstrationDeclared]

    def looked_at_meanwhile(*given: Any) -> None:
        claimed.append(rights.number)
        evolve(*given)

    monkeypatch.setitem(state._EVOLVE, rights_events.DemonstrationDeclared, looked_at_meanwhile)
    rights.learn([RightsEntry(1, NOW, THE_TRACKER, rights_events.DemonstrationDeclared())])

    assert (claimed, rights.number) == ([0], 1)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_append_about_rights_whose_answer_was_lost_is_not_repeated(
    world: World, url: str
) -> None:
    with network(url) as between, closing(open_record(between.url)) as record:
        before = record.rights_number()
        for n in range(3):
            entry = RightsEntry(
                before + n + 1,
                NOW,
                THE_TRACKER,
                rights_events.TeamJoined(person=WORKER_2, team=f"T{n}", since=TODAY),
            )
            between.lose_the_next_answer()
            assert record.append([], known_rights=before + n, rights=[entry]) == []
        assert between.lost == 3
        found: Record = record
        assert [each.number for each in found.rights_after(before)] == [
            before + 1,
            before + 2,
            before + 3,
        ]
        with pytest.raises(RightsMoved):
            record.append([], known_rights=before, rights=[entry._replace(number=before + 1)])
