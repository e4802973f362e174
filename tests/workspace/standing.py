"""A plan's workspace as it stands on a day, made from a story."""

from datetime import date
from typing import Any

from plantrack import codec
from plantrack.domain.plan_view import workspace
from plantrack.domain.plans.as_known import Moment, Seen, see
from plantrack.domain.plans.history import NOTHING_BEFORE
from story import Story

At = dict[str, Any]


def seen_of(story: Story) -> Seen:
    """See what was said on the story's own plan."""
    entries = [entry for entry in story.entries if entry.plan == story.plan]
    return see(entries, Moment(), codec.amend)


def stands(story: Story, today: date) -> At:
    """Give the workspace of the story's own plan on a day."""
    return workspace(story.plan, seen_of(story), NOTHING_BEFORE, story.policies, today)


def needs_of(story: Story, today: date) -> dict[tuple[str, str], At]:
    """Give what is owed, by the rule and the thing that it is about."""
    return {(need["obligation"], need["thing"]): need for need in stands(story, today)["needs"]}


def owed_now(story: Story, today: date) -> list[str]:
    """Name the rules of what is owed now, in the order shown."""
    return [need["obligation"] for need in stands(story, today)["needs"] if need["now"]]
