"""What waits on a plan for somebody to answer it, as forms let people choose it."""

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency
from plantrack.pages.forms import AtHand, Option
from plantrack.pages.recording.catalogue.things import (
    decisions,
    held_meetings,
    open_actions,
    person_named,
)
from plantrack.pages.wording.dates import day


def undecided_by_us(at_hand: AtHand) -> list[Option]:
    """Give the decisions on which one's own agency has not said where it stands."""
    own = at_hand["own_agency"]
    return [
        each
        for each in decisions(at_hand)
        if at_hand["decisions"][each.value]["positions"].get(own) not in ("agree", "disagree")
    ]


def dissents(at_hand: AtHand) -> list[Option]:
    """Give who disagrees with which decision and has no answer."""
    made = at_hand["decisions"]
    return [
        Option(
            f"{each['decision']}/{each['agency']}",
            f"{capitalised(agency(each['agency']))}: {made[each['decision']]['what']}",
            f"Its reason: {each['reason']}" if each["reason"] else "It gave no reason",
        )
        for each in at_hand["dissents"]
    ]


def unacknowledged(at_hand: AtHand) -> list[Option]:
    """Give what one's own agency was told and has not said that it has read."""
    own = at_hand["own_agency"]
    return [
        Option(name, item["what"], f"From {agency(item['from'])}")
        for name, item in at_hand["information"].items()
        if own in item["to"] and own not in item["acknowledged_by"]
    ]


def undecided_injuries(at_hand: AtHand) -> list[Option]:
    """Give the injuries on which nobody has decided about a medical."""
    return [
        Option(name, f"{injury['where']}, on {day(injury['on'])}")
        for name, injury in at_hand["injuries"].items()
        if injury["medical"] is None
    ]


def supervisions(at_hand: AtHand) -> list[Option]:
    """Give the supervision that was asked for and has not been held."""
    return [
        Option(name, each["why"], f"Asked for by {agency(each['by_agency'])} on {day(each['on'])}")
        for name, each in at_hand["supervisions"].items()
        if not each["held"]
    ]


def open_gaps(at_hand: AtHand) -> list[Option]:
    """Give the gaps that a manager named and nobody has answered."""
    found = at_hand["gaps"].items()
    return [Option(name, gap["what"]) for name, gap in found if gap["answered_on"] is None]


def open_challenges(at_hand: AtHand) -> list[Option]:
    """Give the challenges that are not resolved."""
    return [
        Option(
            name,
            each["concern"],
            f"{capitalised(agency(each['by_agency']))} to {agency(each['to_agency'])}, "
            f"now at stage {each['stage']}",
        )
        for name, each in at_hand["challenges"].items()
        if each["resolved_on"] is None
    ]


def unanswered_challenges(at_hand: AtHand) -> list[Option]:
    """Give the challenges that have no answer at the stage where they are."""
    stages = at_hand["answered_stages"]
    return [
        each
        for each in open_challenges(at_hand)
        if at_hand["challenges"][each.value]["stage"] not in stages.get(each.value, ())
    ]


def to_be_answered(at_hand: AtHand) -> list[Option]:
    """Give the recommendations and challenges that a decision may answer."""
    advice = at_hand["recommendations"].items()
    return [
        *(Option(k, f"Recommended: {r['what']}") for k, r in advice if not r["answered_by"]),
        *(o._replace(text=f"Challenged: {o.text}") for o in open_challenges(at_hand)),
    ]


def what_can_be_challenged(at_hand: AtHand) -> list[Option]:
    """Give the decisions, and the actions that are open."""
    return [*decisions(at_hand), *open_actions({**at_hand, "only_own": False})]


def siblings(at_hand: AtHand) -> list[Option]:
    """Give the brothers and sisters who have not been considered yet."""
    return [
        Option(name, person_named(at_hand, name))
        for name, person in at_hand["people"].items()
        if "sibling" in person["relation"] and person["considered"] is None
    ]


def uncirculated(at_hand: AtHand) -> list[Option]:
    """Give the held meetings whose record has not gone round, the last one first."""
    papers = at_hand["meeting_papers"]
    return [o for o in held_meetings(at_hand) if not papers.get(o.value, {}).get("circulated")]
