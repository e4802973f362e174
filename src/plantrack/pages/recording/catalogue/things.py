"""The things on a plan that forms let people choose from, each named by what it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency, words
from plantrack.pages.forms import AtHand, Option
from plantrack.pages.wording.dates import day
from plantrack.pages.wording.sentences import say

CONFERENCES = ("initial_conference", "review_conference", "transfer_conference")


def open_actions(at_hand: AtHand) -> list[Option]:
    """Give the actions that are open; for whoever speaks for one agency, its own."""
    own = at_hand["own_agency"] if at_hand.get("only_own") else None
    return [
        Option(name, action["what"], f"{_owner(action)}, due on {day(action['due_on'])}")
        for name, action in at_hand["actions"].items()
        if action["state"] == "open" and own in (None, action["owner"]["agency"])
    ]


def every_action(at_hand: AtHand) -> list[Option]:
    """Give all actions."""
    return [Option(name, action["what"]) for name, action in at_hand["actions"].items()]


def outcomes(at_hand: AtHand) -> list[Option]:
    """Give the outcomes of the plan."""
    return [Option(name, what) for name, what in at_hand["outcomes"].items()]


def planned_meetings(at_hand: AtHand) -> list[Option]:
    """Give the meetings that are planned and not held yet."""
    return [o for o, m in _meetings(at_hand) if m["held_on"] is None]


def planned_here(at_hand: AtHand) -> list[Option]:
    """Give the planned meetings that are recorded on a form; conferences have their own pages."""
    return [
        o for o, m in _meetings(at_hand) if m["held_on"] is None and m["type"] not in CONFERENCES
    ]


def held_meetings(at_hand: AtHand) -> list[Option]:
    """Give the meetings that were held, the last one first."""
    held = [(m["held_on"], o) for o, m in _meetings(at_hand) if m["held_on"]]
    return [option for _, option in sorted(held, reverse=True)]


def all_meetings(at_hand: AtHand) -> list[Option]:
    """Give every meeting, planned or held."""
    return [option for option, _ in _meetings(at_hand)]


def _meetings(at_hand: AtHand) -> Iterator[tuple[Option, Mapping[str, Any]]]:
    for name, meeting in at_hand["meetings"].items():
        on = meeting["held_on"] or meeting["planned_for"]
        how = "on" if meeting["held_on"] else "planned for"
        yield Option(name, f"{say(meeting['type'], 'MeetingType')} {how} {day(on)}"), meeting


def decisions(at_hand: AtHand) -> list[Option]:
    """Give every decision, the last one first."""
    made = sorted(at_hand["decisions"].items(), key=lambda each: each[1]["on"], reverse=True)
    return [Option(name, _decision(decision)) for name, decision in made]


def claims(at_hand: AtHand) -> list[Option]:
    """Give what was claimed and can be checked: information, actions done, decisions, injuries."""
    done = {k: a for k, a in at_hand["actions"].items() if a["state"] == "completed"}
    return [
        *(Option(k, f"Said to be done: {a['what']}") for k, a in done.items()),
        *(Option(k, f"Told to others: {i['what']}") for k, i in at_hand["information"].items()),
        *(Option(k, f"Decided: {d['what']}") for k, d in at_hand["decisions"].items()),
        *(
            Option(k, f"Injury: {i['where']}, {day(i['on'])}")
            for k, i in at_hand["injuries"].items()
        ),
    ]


def person_named(at_hand: AtHand, name: str) -> str:
    """Name somebody in the child's life by name and relation."""
    linked = at_hand["linked"].get(name, {})
    relation = words(linked.get("relation") or "somebody")
    return f"{linked['name']}, {relation}" if linked.get("name") else capitalised(relation)


def open_assessments(at_hand: AtHand) -> list[Option]:
    """Give the assessments that are not finished."""
    return [o for o in assessments(at_hand) if not at_hand["assessments"][o.value]["finished_on"]]


def assessments(at_hand: AtHand) -> list[Option]:
    """Give every assessment."""
    return [
        Option(name, f"The assessment begun on {day(each['started_on'])}")
        for name, each in at_hand["assessments"].items()
    ]


def open_sources(at_hand: AtHand) -> list[Option]:
    """Give whom an assessment has neither consulted nor said why not."""
    many = len(at_hand["assessments"]) > 1
    return [
        Option(
            f"{name}/{source}",
            source_named(source),
            f"For the assessment begun on {day(each['started_on'])}" if many else "",
        )
        for name, each in at_hand["assessments"].items()
        for source in each["open_sources"]
    ]


SOURCES = {
    "child": "The child",
    "mother": "The mother",
    "father": "The father, or fathers",
    "wider_family": "The wider family",
    "referrer": "Whoever referred the child",
    "history": "What is already on record",
}
"""Whom an assessment asks."""


def source_named(source: str) -> str:
    """Name whom an assessment asks."""
    return SOURCES.get(source) or capitalised(words(source))


def names_of_all(at_hand: AtHand) -> dict[str, str]:
    """Say of every thing on a plan what it is, by its short name."""
    every = (
        *every_action(at_hand),
        *outcomes(at_hand),
        *all_meetings(at_hand),
        *claims(at_hand),
        *decisions(at_hand),
        *assessments(at_hand),
        *(Option(k, person_named(at_hand, k)) for k in at_hand["people"]),
        *(Option(k, each["concern"]) for k, each in at_hand["challenges"].items()),
        *(Option(k, each["what"]) for k, each in at_hand["recommendations"].items()),
        *(Option(k, each["what"]) for k, each in at_hand["gaps"].items()),
        *(Option(k, each["why"]) for k, each in at_hand["supervisions"].items()),
    )
    return {each.value: each.text for each in every}


def _owner(action: Mapping[str, Any]) -> str:
    owner = action["owner"]
    return f"{owner['name']} ({agency(owner['agency'])})"


def _decision(decision: Mapping[str, Any]) -> str:
    return f"{decision['what']} ({day(decision['on'])})"
