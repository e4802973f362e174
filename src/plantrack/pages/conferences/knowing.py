"""The parts about what is known: who was spoken to or why not, injuries and medicals."""

from collections.abc import Iterator
from typing import Any

from plantrack.domain.rights.recording import MAY_RECORD, How
from plantrack.domain.words import Basis, MedicalOutcome
from plantrack.pages.conferences.conference import Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section
from plantrack.pages.conferences.which import Which, which
from plantrack.pages.forms import Line, One, Question, WithOwn, Words, Wrong
from plantrack.pages.forms.agencies import on_the_plan
from plantrack.pages.forms.questions import next_name

WHO = {
    "mother": "{child}'s mother",
    "father": "{child}'s father",
    "wider_family": "the wider family",
    "referrer": "whoever referred {child}",
}
NOT_PARENTS = ("wider_family", "referrer")
OTHERS_ASKED = ("father", *NOT_PARENTS)


def _ask(source: str) -> Which:
    who = WHO[source]
    how = Line(
        name=f"{source}_how",
        asks="How?",
        hint="For example, at home or by telephone",
        missing=f"Enter how {who} was spoken to",
    )
    said = Words(name=f"{source}_said", asks="What was said?", optional=True, rows=4)
    why = Words(
        name=f"{source}_why",
        asks="Why not?",
        hint="The reason becomes part of the record",
        missing=f"Enter why {who} was not spoken to",
        rows=3,
    )
    return which(
        source,
        f"Was {who} spoken to for this conference?",
        ("yes", "Yes", (how, said)),
        ("no", "No", (why,)),
        missing=f"Select whether {who} was spoken to",
    )


def _people(scene: Scene, *relations: str) -> tuple[str, ...]:
    """Tell who of some relations is on the plan, or that nobody is."""
    linked = scene.own.at_hand["conference"]["linked"]
    return tuple(
        f"On the plan as {p['relation'].replace('_', ' ')}: {p['name'] or 'name not recorded'}."
        for p in linked
        if p["relation"] in relations
    )


def _mother(scene: Scene) -> Iterator[Section]:
    yield Section((_ask("mother"),), facts=_people(scene, "mother"))


def _others(scene: Scene) -> Iterator[Section]:
    known = _people(scene, "father", "grandmother", "grandfather", "aunt", "uncle")
    yield Section(tuple(_ask(each) for each in OTHERS_ASKED), facts=known)


def _put_sources(scene: Scene, said: Said, sources: tuple[str, ...]) -> Iterator[Put]:
    """Answer what open assessments still ask for, where one's role may do that."""
    held, duty = scene.conference.held_on, scene.conference.subject.post.duty
    if held is None or MAY_RECORD["SourceConsulted"].get(duty) is not How.YES:
        return
    for name, assessment in scene.own.at_hand["assessments"].items():
        for source in sources:
            if assessment["finished_on"] or source not in assessment["open_sources"]:
                continue
            if said.get(source) == "yes":
                fields = {"kind": "SourceConsulted", "how": said[f"{source}_how"]}
            else:
                fields = {"kind": "SourceNotConsulted", "reason": said[f"{source}_why"]}
            kind = fields.pop("kind")
            event = said_by(kind, held, assessment=name, source=source, **fields)
            yield Put(scene.own.plan, event)


def _note_sources(scene: Scene, said: Said, sources: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    child = scene.own
    for source in sources:
        who = WHO[source].replace("{child}", child.name)
        who = who[0].upper() + who[1:]
        if said.get(source) == "no":
            yield child.plan, f"{who} was not spoken to: {said[f'{source}_why']}"
        elif said.get(source) == "yes":
            words = f": {said[f'{source}_said']}" if said.get(f"{source}_said") else ""
            yield child.plan, f"{who} was spoken to ({said[f'{source}_how']}){words}"


def _hint_others(_: Scene, said: Said) -> str:
    missing = sum(said.get(source) == "no" for source in OTHERS_ASKED)
    return f"{missing} of {len(OTHERS_ASKED)} not spoken to" if missing else ""


MOTHER = Part(
    key="mother",
    title="What {child}'s mother says",
    sections=_mother,
    puts=lambda scene, said: _put_sources(scene, said, ("mother",)),
    notes=lambda scene, said: _note_sources(scene, said, ("mother",)),
)
OTHERS = Part(
    key="others",
    title="{child}'s father, wider family and people who referred",
    sections=_others,
    puts=lambda scene, said: _put_sources(scene, said, OTHERS_ASKED),
    notes=lambda scene, said: _note_sources(scene, said, OTHERS_ASKED),
    hint=_hint_others,
)


def _undecided(scene: Scene) -> dict[str, dict[str, Any]]:
    injuries = scene.own.at_hand["injuries"].items()
    return {name: injury for name, injury in injuries if injury["medical"] is None}


def _injuries(scene: Scene) -> Iterator[Section]:
    for name, injury in _undecided(scene).items():
        yield Section((_medical(name),), f"Injury {name}: {injury['where']}", short=name)
    known: tuple[Question, ...] = (
        Line(
            name="injury_where",
            asks="Where on the body?",
            hint="For example, left forearm",
            missing="Enter where the injury is",
        ),
        Words(name="injury_explained", asks="How was it explained?", optional=True, rows=3),
        One(
            name="injury_basis",
            asks="Who explained it?",
            of=Basis,
            optional=True,
        ),
    )
    ask = which(
        "injury",
        "Did anybody tell the conference of an injury that is not on the plan yet?",
        ("yes", "Yes", (*known, *_outcome("new"))),
        ("no", "No", ()),
        missing="Select whether there is an injury that is not on the plan yet",
    )
    yield Section((ask,))


def _medical(name: str) -> Which:
    return which(
        f"medical-{name}",
        "Did the conference decide about a medical?",
        ("yes", "Yes", _outcome(name)),
        ("no", "No, it is still to be decided", ()),
        missing="Select whether the conference decided about a medical",
    )


def _outcome(name: str) -> tuple[Question, ...]:
    return (
        One(
            name=f"medical-{name}-outcome",
            asks="What was decided about a medical?",
            of=MedicalOutcome,
            missing="Select what was decided about a medical",
        ),
        Words(
            name=f"medical-{name}-reason",
            asks="Why?",
            missing="Enter why this was decided about a medical",
            rows=3,
        ),
        WithOwn(
            name=f"medical-{name}-agencies",
            asks="Who decided that with you?",
            hint="One agency alone does not decide that no medical is needed",
            among=on_the_plan,
            optional=True,
        ),
    )


def _put_injuries(scene: Scene, said: Said) -> Iterator[Put]:
    held, plan = scene.conference.held_on, scene.own.plan
    if held is None:
        return
    for name in _undecided(scene):
        if said.get(f"medical-{name}") == "yes":
            yield _decided(scene, said, name, name)
    if said.get("injury") == "yes":
        new = next_name("N", scene.own.at_hand["injuries"])
        noted = said_by(
            "InjuryNoted",
            held,
            injury=new,
            where=said["injury_where"],
            explanation=said.get("injury_explained"),
            explanation_basis=said.get("injury_basis"),
        )
        yield Put(plan, noted)
        yield _decided(scene, said, "new", new)


def _decided(scene: Scene, said: Said, field: str, injury: str) -> Put:
    held = scene.conference.held_on
    assert held is not None
    event = said_by(
        "MedicalDecided",
        held,
        injury=injury,
        outcome=said[f"medical-{field}-outcome"],
        reason=said[f"medical-{field}-reason"],
        agencies=said[f"medical-{field}-agencies"],
    )
    return Put(scene.own.plan, event)


def _wrong_injuries(scene: Scene, said: Said) -> Iterator[Wrong]:
    """Find that a medical was said to be not needed by one agency alone (S9)."""
    own = scene.conference.own_agency
    for name in (*_undecided(scene), "new"):
        alone = said.get(f"medical-{name}-agencies") == [own]
        if alone and said.get(f"medical-{name}-outcome") == MedicalOutcome.NOT_NEEDED:
            sentence = "Select which other agency decided that no medical is needed"
            yield Wrong(f"medical-{name}-agencies", sentence)


INJURIES = Part(
    key="injuries",
    title="Injuries and medicals",
    sections=_injuries,
    wrong=_wrong_injuries,
    puts=_put_injuries,
)
