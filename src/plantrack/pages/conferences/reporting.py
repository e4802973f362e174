"""The part about reports: which agency sent one, when, and about which of the children."""

from collections.abc import Iterator
from datetime import date

from plantrack.domain.events.envelopes import capitalised
from plantrack.domain.words import agency, listed
from plantrack.pages.conferences.conference import Child, Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section
from plantrack.pages.conferences.which import Which, which
from plantrack.pages.forms import Day, Many, Option, Question, Wrong
from plantrack.pages.wording.dates import day


def _reports(scene: Scene) -> Iterator[Section]:
    for name in scene.conference.agencies:
        waiting = _not_reported(scene, name)
        facts = tuple(_came(scene, name))
        asked = (_report(scene, name, waiting),) if waiting else ()
        yield Section(asked, heading=capitalised(agency(name)), facts=facts)


def _came(scene: Scene, name: str) -> Iterator[str]:
    """Tell which reports of an agency are on the plans, those of one day together."""
    came: dict[str, list[str]] = {}
    for child in scene.children:
        if on := child.at_hand["conference"]["reports"].get(name):
            came.setdefault(on, []).append(child.name)
    for on, names in came.items():
        yield f"A report about {listed(names)} came on {day(on)}."


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


def _sent(scene: Scene, said: Said) -> Iterator[tuple[str, list[Child]]]:
    """Give each agency whose report came now, and the children whom it is about."""
    for name in scene.conference.agencies:
        place = {"before": "a", "on_the_day": "b"}.get(said.get(f"report-{name}", ""))
        if place is not None:
            waiting = _not_reported(scene, name)
            about = said.get(f"report-{name}-about-{place}") or [each.plan for each in waiting]
            yield name, [child for child in waiting if child.plan in about]


def _put_reports(scene: Scene, said: Said) -> Iterator[Put]:
    held = scene.conference.held_on
    for name, children in _sent(scene, said):
        early = said.get(f"report-{name}-on")
        on = date.fromisoformat(early) if early else held
        for child in children if on else ():
            assert on is not None
            event = said_by("ReportSubmitted", on, meeting=child.meeting, agency=name)
            yield Put(child.plan, event)


def reported(scene: Scene, child: Child, said: Said) -> set[str]:
    """Name the agencies whose report about a child has come, now or before."""
    now = {name for name, children in _sent(scene, said) if child in children}
    return now | set(child.at_hand["conference"]["reports"])


def _wrong_reports(scene: Scene, said: Said) -> Iterator[Wrong]:
    held = scene.conference.held_on or scene.conference.today
    for name in scene.conference.agencies:
        on = said.get(f"report-{name}-on")
        if on and date.fromisoformat(on) > held:
            sentence = f"The day the report of {agency(name)} came must be before the conference"
            yield Wrong(f"report-{name}-on", sentence, ("day", "month", "year"))


def _hint_reports(scene: Scene, said: Said) -> str:
    missing = sum(said.get(f"report-{name}") == "no" for name in scene.conference.agencies)
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
