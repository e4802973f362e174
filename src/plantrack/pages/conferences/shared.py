"""The parts that all children share: who was there, which reports came, and when to meet again."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from plantrack.domain.words import IN_THE_ROOM, Attendance, agency, words
from plantrack.pages.asking import Day, EachAgency, Lines, Many, Option, Question, Words, Wrong
from plantrack.pages.asking.agencies import named
from plantrack.pages.asking.questions import next_name
from plantrack.pages.conferences.conference import HELD_ON, THERE, Child, Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section
from plantrack.pages.conferences.which import Which, which
from plantrack.screens.days import day

NOBODY = "nobody"


def capital(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def _who_was_there(scene: Scene) -> Iterator[Section]:
    agencies = named(scene.conference.agencies)
    yield Section((HELD_ON,))
    each = EachAgency(
        name=THERE,
        asks="How did each agency take part?",
        hint="Every agency that is on the plan or was invited",
        of=Attendance,
        missing="Select how {agency} took part",
        agencies=lambda _: agencies,
    )
    family = Many(
        name="family",
        asks="Who was there from the family?",
        hint="Select all that apply",
        among=lambda _: _family(scene),
        missing="Select who was there from the family, or that nobody was",
    )
    others = Lines(
        name="family_others",
        asks="Was anybody else there with the family?",
        hint="One a line, for example an advocate or a friend",
        optional=True,
        rows=2,
    )
    yield Section((each, family, others))


def _family(scene: Scene) -> list[Option]:
    """Give everybody who is linked to one of the plans, each once."""
    found = {}
    for child in scene.children:
        for person in child.at_hand["conference"]["linked"]:
            name = f", {person['name']}" if person["name"] else ""
            found.setdefault(_known_as(person), f"{capital(words(person['relation']))}{name}")
    return [*(Option(*each) for each in found.items()), Option(NOBODY, "Nobody from the family")]


def _known_as(person: dict[str, Any]) -> str:
    return f"{person['relation']}/{person['name'] or ''}"


def family_at(scene: Scene, child: Child, said: Said) -> list[str]:
    """Say who of a child's own family was there, by what they are to the child."""
    chosen = set(said.get("family", ()))
    linked = child.at_hand["conference"]["linked"]
    theirs = [words(p["relation"]) for p in linked if _known_as(p) in chosen]
    return [*dict.fromkeys(theirs), *said.get("family_others", ())]


def _wrong_there(scene: Scene, said: Said) -> Iterator[Wrong]:
    held = said.get("held_on")
    if held and date.fromisoformat(held) > scene.conference.today:
        sentence = "The day the conference was held must be today or in the past"
        yield Wrong("held_on", sentence, ("day", "month", "year"))
    family = said.get("family", ())
    if NOBODY in family and len(family) > 1:
        yield Wrong("family", "Select who was there from the family, or that nobody was")


def _planned(scene: Scene) -> dict[str, list[str]]:
    planned = scene.conference.draft.planned_for
    return HELD_ON.written(planned) if planned and planned <= scene.conference.today else {}


def _hint_there(scene: Scene, said: Said) -> str:
    there = [how for how in said.get(THERE, {}).values() if how in IN_THE_ROOM]
    if THERE not in said:
        return ""
    return f"{len(there)} {'agency was' if len(there) == 1 else 'agencies were'} there"


ATTENDANCE = Part(
    key="attendance",
    title="Who was there, and who was invited but did not come",
    sections=_who_was_there,
    begins=_planned,
    wrong=_wrong_there,
    hint=_hint_there,
)


def _reports(scene: Scene) -> Iterator[Section]:
    for name in scene.conference.agencies:
        waiting = _not_reported(scene, name)
        facts = tuple(
            f"A report about {child.name} came on {day(on)}."
            for child in scene.children
            if (on := child.at_hand["conference"]["reports"].get(name))
        )
        asked = (_report(scene, name, waiting),) if waiting else ()
        yield Section(asked, heading=capital(agency(name)), facts=facts)


def _not_reported(scene: Scene, name: str) -> list[Child]:
    """List the children about whom an agency has not reported to this conference yet."""
    return [
        child
        for child in scene.children
        if name in child.agencies and name not in child.at_hand["conference"]["reports"]
    ]


def _report(scene: Scene, name: str, waiting: list[Child]) -> Which:
    said = agency(name)
    early = Day(
        name=f"report-{name}-on",
        asks="When did it come?",
        missing=f"Enter the day the report of {said} came",
    )
    return which(
        f"report-{name}",
        f"Did a report from {said} come?",
        ("before", "Yes, before the day of the conference", (early, *_about(name, "a", waiting))),
        ("on_the_day", "Yes, on the day of the conference", _about(name, "b", waiting)),
        ("no", "No", ()),
        missing=f"Select whether a report from {said} came",
    )


def _about(name: str, place: str, waiting: list[Child]) -> tuple[Question, ...]:
    """Ask which children a report is about, where there are several."""
    if len(waiting) == 1:
        return ()
    offered = [Option(child.plan, child.name) for child in waiting]
    ask = Many(
        name=f"report-{name}-about-{place}",
        asks="Which children is it about?",
        among=lambda _: offered,
        missing=f"Select which children the report of {agency(name)} is about",
    )
    return (ask,)


def _put_reports(scene: Scene, said: Said) -> Iterator[Put]:
    held = scene.conference.held_on
    for name in scene.conference.agencies:
        came = said.get(f"report-{name}")
        if came not in ("before", "on_the_day") or held is None:
            continue
        waiting = _not_reported(scene, name)
        place = "a" if came == "before" else "b"
        about = said.get(f"report-{name}-about-{place}") or [child.plan for child in waiting]
        on = date.fromisoformat(said[f"report-{name}-on"]) if came == "before" else held
        for child in waiting:
            if child.plan in about:
                event = said_by("ReportSubmitted", on, meeting=child.meeting, agency=name)
                yield Put(child.plan, event)


def reported(scene: Scene, child: Child, said: Said) -> set[str]:
    """Name the agencies whose report about a child has come, now or before."""
    before = set(child.at_hand["conference"]["reports"])
    return before | {p.event["agency"] for p in _put_reports(scene, said) if p.plan == child.plan}


def _wrong_reports(scene: Scene, said: Said) -> Iterator[Wrong]:
    held = scene.conference.held_on or scene.conference.today
    for name in scene.conference.agencies:
        on = said.get(f"report-{name}-on")
        if on and date.fromisoformat(on) > held:
            sentence = f"The day the report of {agency(name)} came must be before the conference"
            yield Wrong(f"report-{name}-on", sentence, ("day", "month", "year"))


def _hint_reports(scene: Scene, said: Said) -> str:
    missing = sum(
        said.get(f"report-{name}") == "no" for name in scene.conference.agencies
    )
    return f"{missing} {'agency has' if missing == 1 else 'agencies have'} not reported" * bool(
        missing
    )


REPORTS = Part(
    key="reports",
    title="Reports received from each agency",
    sections=_reports,
    wrong=_wrong_reports,
    puts=_put_reports,
    hint=_hint_reports,
)


def _again(scene: Scene) -> Iterator[Section]:
    offered = [Option(child.plan, child.name) for child in scene.children]
    when = Day(
        name="planned_for",
        asks="When is it?",
        missing="Enter the day of the next conference",
    )
    whom = Many(
        name="about",
        asks="Which children is it about?",
        among=lambda _: offered,
        missing="Select which children the next conference is about",
    )
    why = Words(name="why_none", asks="Why not?", missing="Enter why no day was set", rows=3)
    ask = which(
        "next",
        "Was a day set for the next review conference?",
        ("yes", "Yes", (when,) if scene.conference.alone else (when, whom)),
        ("no", "No", (why,)),
        missing="Select whether a day was set for the next review conference",
    )
    yield Section((ask,))


def _wrong_next(scene: Scene, said: Said) -> Iterable[Wrong]:
    held, on = scene.conference.held_on, said.get("planned_for")
    if held and on and date.fromisoformat(on) <= held:
        sentence = "The day of the next conference must be after this one"
        return [Wrong("planned_for", sentence, ("day", "month", "year"))]
    return ()


def _put_next(scene: Scene, said: Said) -> Iterator[Put]:
    held = scene.conference.held_on
    if said.get("next") != "yes" or held is None:
        return
    about = said.get("about") or [child.plan for child in scene.children]
    for child in scene.children:
        if child.plan in about:
            event = said_by(
                "MeetingPlanned",
                held,
                meeting=next_name("M", child.at_hand["meetings"]),
                type="review_conference",
                planned_for=said["planned_for"],
                invited=child.agencies,
            )
            yield Put(child.plan, event)


def _note_next(scene: Scene, said: Said) -> Iterator[tuple[str, str]]:
    if said.get("next") == "no":
        for child in scene.children:
            yield child.plan, f"No day was set for a next conference: {said['why_none']}"


NEXT = Part(
    key="next",
    title="When the next conference is",
    sections=_again,
    wrong=_wrong_next,
    puts=_put_next,
    notes=_note_next,
)


def _why_inquorate(_: Scene) -> Iterator[Section]:
    ask = Words(
        name="went_ahead_because",
        asks="Why did the conference go ahead without a quorum?",
        hint="This becomes part of the record, and everybody on the plan reads it",
        missing="Enter why the conference went ahead without a quorum",
    )
    yield Section((ask,))


QUORUM = Part(
    key="quorum",
    title="Go ahead without a quorum",
    sections=_why_inquorate,
)
"""Asked only where too few agencies were there."""
