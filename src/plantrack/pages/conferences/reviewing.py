"""The part in which each open action is looked at: what it has changed, what happens now."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from plantrack.domain.words import Basis, Difference, agency
from plantrack.pages.conferences.conference import Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section
from plantrack.pages.conferences.which import which
from plantrack.pages.forms import Day, Many, One, Question, Words, Wrong
from plantrack.pages.wording.dates import day


def _open_actions(scene: Scene) -> dict[str, dict[str, Any]]:
    actions = scene.own.at_hand["actions"].items()
    return {name: action for name, action in actions if action["state"] == "open"}


def _actions(scene: Scene) -> Iterator[Section]:
    found = _open_actions(scene)
    for name, action in found.items():
        yield Section(_review(name), f"{name}: {action['what']}", tuple(_about(action)), name)
    if not found:
        yield Section((), facts=("There are no open actions on {child}'s plan.",))


def _about(action: dict[str, Any]) -> Iterator[str]:
    owner, slips = action["owner"], len(action["slips"])
    moved = f", moved {slips} {'time' if slips == 1 else 'times'}" if slips else ""
    yield f"{owner['name']}, {agency(owner['agency'])}. Due on {day(action['due_on'])}{moved}."


def _review(name: str) -> tuple[Question, ...]:
    done = Words(name=f"{name}-evidence", asks="What shows it?", optional=True, rows=2)
    new = Day(name=f"{name}-due_on", asks="By when now?", missing=f"Enter the new day for {name}")
    why = Words(
        name=f"{name}-moved_because",
        asks="Why is it moved?",
        missing=f"Enter why {name} is moved",
        rows=2,
    )
    ended = Words(
        name=f"{name}-ended_because",
        asks="Why does it end?",
        missing=f"Enter why {name} ends",
        rows=2,
    )
    return (
        One(
            name=f"{name}-difference",
            asks="What difference has this made for {child}?",
            of=Difference,
            missing=f"Select what difference {name} has made for {{child}}",
        ),
        Many(
            name=f"{name}-basis",
            asks="How do you know?",
            hint="Select all that apply. What only a parent or the family said is not checked",
            of=Basis,
            missing=f"Select how you know what difference {name} has made",
        ),
        which(
            f"{name}-now",
            "What happens with it now?",
            ("on", "It goes on", ()),
            ("done", "It is done", (done,)),
            ("moved", "It has a new day", (new, why)),
            ("ended", "It ends here", (ended,)),
            missing=f"Select what happens with {name} now",
        ),
    )


def _put_actions(scene: Scene, said: Said) -> Iterator[Put]:
    held, plan, meeting = scene.conference.held_on, scene.own.plan, scene.own.meeting
    for name in _open_actions(scene):
        if held is None or f"{name}-difference" not in said:
            continue
        basis = said[f"{name}-basis"]
        about = {"action": name, "meeting": meeting}
        difference = said[f"{name}-difference"]
        reviewed = said_by("ActionReviewed", held, **about, difference=difference, basis=basis)
        yield Put(plan, reviewed)
        if said.get(f"{name}-now") == "done":
            evidence = said.get(f"{name}-evidence")
            done = said_by("ActionCompleted", held, **about, basis=basis, evidence=evidence)
            yield Put(plan, done)
        elif said.get(f"{name}-now") == "moved":
            why, to = said[f"{name}-moved_because"], said[f"{name}-due_on"]
            agreed_by = scene.conference.in_the_room(scene.own)
            moved = {"due_on": to, "reason": why, "agreed_by": agreed_by}
            yield Put(plan, said_by("ActionRescheduled", held, **about, **moved))
        elif said.get(f"{name}-now") == "ended":
            why = said[f"{name}-ended_because"]
            yield Put(plan, said_by("ActionEnded", held, **about, reason=why))


def _wrong_actions(scene: Scene, said: Said) -> Iterator[Wrong]:
    held = scene.conference.held_on
    for name in _open_actions(scene):
        on = said.get(f"{name}-due_on")
        if held and on and date.fromisoformat(on) <= held:
            sentence = f"The new day for {name} must be after the conference"
            yield Wrong(f"{name}-due_on", sentence, ("day", "month", "year"))


def _hint_actions(scene: Scene, said: Said) -> str:
    of = _open_actions(scene)
    reviewed = sum(f"{name}-difference" in said for name in of)
    return f"{reviewed} of {len(of)} reviewed" if of else "No actions are open"


ACTIONS = Part(
    key="actions",
    title="Review each action",
    sections=_actions,
    wrong=_wrong_actions,
    puts=_put_actions,
    hint=_hint_actions,
)
