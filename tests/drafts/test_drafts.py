"""A draft is its writer's alone, loses nothing that was typed, and keeps no words at its end."""

from datetime import date

import pytest

from drafts.conftest import Clock
from plantrack.drafts.drafts import LONGEST_KEPT, Drafts, NoSuchDraft, OfPlan, SavedElsewhere

ADA, BEA = "p-ada", "p-bea"
DAY = date(2026, 11, 20)
PLANS = (OfPlan("CP-1", "M2", 14), OfPlan("CP-2", "M3", 9))


def begun(drafts: Drafts, person: str = ADA) -> str:
    return drafts.begin(person, "review_conference", DAY, PLANS)


def test_only_who_began_a_draft_finds_it(drafts: Drafts) -> None:
    name = begun(drafts)

    found = drafts.find(name, ADA)

    assert found
    assert (found.type, found.planned_for, found.plans) == ("review_conference", DAY, PLANS)
    assert drafts.find(name, BEA) is None
    assert name not in {each.draft for each in drafts.unfinished(BEA)}


def test_each_part_is_kept_as_it_was_typed(drafts: Drafts) -> None:
    name = begun(drafts)

    drafts.save(name, "CP-1/said", {"words": ["“mine”\nand more"]}, version=0, pen="", done=True)
    drafts.save(
        name, "CP-2/said", {"words": [""], "who": ["a", "b"]}, version=0, pen="", done=False
    )

    parts = drafts.parts(name)
    assert parts["CP-1/said"].fields == {"words": ("“mine”\nand more",)}
    assert parts["CP-2/said"].fields == {"words": ("",), "who": ("a", "b")}
    assert [parts["CP-1/said"].done, parts["CP-2/said"].done] == [True, False]


def test_a_second_page_does_not_overwrite_what_it_has_not_seen(drafts: Drafts) -> None:
    name = begun(drafts)
    drafts.save(name, "said", {"words": ["first"]}, version=0, pen="", done=True)

    with pytest.raises(SavedElsewhere) as elsewhere:
        drafts.save(name, "said", {"words": ["second"]}, version=0, pen="", done=True)

    assert elsewhere.value.saved.fields == {"words": ("first",)}
    assert drafts.parts(name)["said"].fields == {"words": ("first",)}
    seen = elsewhere.value.saved.version
    drafts.save(name, "said", {"words": ["second"]}, version=seen, pen="", done=True)
    assert drafts.parts(name)["said"].fields == {"words": ("second",)}


def test_a_page_that_saves_by_itself_is_not_in_its_own_way(drafts: Drafts) -> None:
    name = begun(drafts)

    drafts.save(name, "said", {"words": ["fi"]}, version=0, pen="P")
    drafts.save(name, "said", {"words": ["first"]}, version=0, pen="P")
    drafts.save(name, "said", {"words": ["first."]}, version=0, pen="P", done=True)

    assert drafts.parts(name)["said"].fields == {"words": ("first.",)}


def test_what_a_page_saved_by_itself_cannot_come_in_after_it_was_sent(drafts: Drafts) -> None:
    name = begun(drafts)
    drafts.save(name, "said", {"words": ["fi"]}, version=0, pen="P")
    drafts.save(name, "said", {"words": ["whole"]}, version=0, pen="P", done=True)

    with pytest.raises(SavedElsewhere):
        drafts.save(name, "said", {"words": ["who"]}, version=0, pen="P")

    assert drafts.parts(name)["said"].fields == {"words": ("whole",)}


def test_a_finished_draft_keeps_what_it_came_to_and_no_words(drafts: Drafts) -> None:
    name = begun(drafts)
    drafts.save(name, "said", {"words": ["mine"]}, version=0, pen="", done=True)
    drafts.note_sending(name, {"words": "mine"})

    drafts.finish(name, {"CP-1": {"entries": [15]}})

    found = drafts.find(name, ADA)
    assert found
    assert found.finished == {"CP-1": {"entries": [15]}}
    assert found.sending is None
    assert drafts.parts(name) == {}
    assert name not in {each.draft for each in drafts.unfinished(ADA)}
    with pytest.raises(NoSuchDraft):
        drafts.save(name, "said", {"words": ["late"]}, version=0, pen="", done=True)


def test_a_draft_that_is_thrown_away_is_gone(drafts: Drafts) -> None:
    name, other = begun(drafts), begun(drafts)
    for each in (name, other):
        drafts.save(each, "said", {"words": ["mine"]}, version=0, pen="", done=True)

    drafts.throw_away(name)

    assert drafts.find(name, ADA) is None
    assert drafts.parts(name) == {}
    assert drafts.parts(other)["said"].fields == {"words": ("mine",)}


def test_what_is_about_to_be_recorded_is_forgotten_when_a_part_changes(drafts: Drafts) -> None:
    name = begun(drafts)
    drafts.note_sending(name, {"plans": {}})
    kept = drafts.find(name, ADA)

    drafts.save(name, "said", {"words": ["more"]}, version=0, pen="", done=True)

    assert kept
    assert kept.sending == {"plans": {}}
    changed = drafts.find(name, ADA)
    assert changed
    assert changed.sending is None


def test_a_draft_is_removed_sixty_days_after_it_was_begun(drafts: Drafts, clock: Clock) -> None:
    old = begun(drafts)
    drafts.save(old, "said", {"words": ["mine"]}, version=0, pen="", done=True)
    clock.moment += LONGEST_KEPT
    clock.go_on(seconds=-1)
    younger = begun(drafts)
    assert drafts.find(old, ADA)

    clock.go_on(seconds=1)
    begun(drafts)

    assert drafts.find(old, ADA) is None
    assert drafts.parts(old) == {}
    assert drafts.find(younger, ADA)
