"""The parts that come first: what the child said, and when the child was seen."""

from collections.abc import Iterator
from datetime import date

from plantrack.domain.words import Alone, Mode, Participation, agency
from plantrack.pages.conferences.conference import Scene, said_by
from plantrack.pages.conferences.parts import Part, Put, Said, Section
from plantrack.pages.conferences.which import which
from plantrack.pages.forms import Day, Line, One, Option, Question, Words, Wrong
from plantrack.pages.wording.dates import day, days_between, how_many_days

ATTENDED = ("PN1", "PN2", "PN3", "PN4")
IN_THE_ROOM = "at the conference"
TOOK_PART = [Option(p.value, p.says.replace("the child", "{child}")) for p in Participation]


def _words(place: str) -> Words:
    return Words(
        name=f"words_{place}",
        asks="What did {child} say?",
        hint="In {child}'s own words",
        missing="Enter what {child} said",
    )


def _how(place: str) -> Line:
    return Line(
        name=f"how_heard_{place}",
        asks="How was {child} asked?",
        hint="For example, talked while drawing, or wrote a letter",
        missing="Enter how {child} was asked",
    )


def _said(scene: Scene) -> Iterator[Section]:
    own = agency(scene.conference.own_agency)
    seen = scene.own.at_hand["seen"]
    contact: tuple[Question, ...] = (
        Day(
            name="told_on",
            asks="When?",
            missing="Enter the day {child} said this",
        ),
        One(name="told_mode", asks="How?", of=Mode, missing="Select how {child} was seen"),
        One(
            name="told_alone",
            asks="Was {child} seen alone?",
            of=Alone,
            missing="Select whether {child} was seen alone",
        ),
    )
    whose = Line(name="told_by", asks="Who told the conference?", missing="Enter who told this")
    why = Words(name="why_not_heard", asks="Why not?", missing="Enter why not", rows=3)
    known = (("before", "Yes, and it is on the plan already", ()),) if seen["last_words"] else ()
    heard = which(
        "heard",
        "Did {child} say how things are and what should change?",
        ("room", "Yes, at the conference itself", (_words("room"), _how("room"))),
        ("told", f"Yes, to somebody from {own}", (_words("told"), _how("told"), *contact)),
        ("others", "Yes, through an advocate or another agency", (whose, _words("others"))),
        *known,
        ("no", "No", (why,)),
        missing="Select whether {child} said how things are and what should change",
    )
    took_part = One(
        name="participation",
        asks="How did {child} take part in the conference?",
        among=lambda _: TOOK_PART,
        missing="Select how {child} took part in the conference",
    )
    yield Section((heard, took_part), facts=tuple(_last_heard(scene)))


def _last_heard(scene: Scene) -> Iterator[str]:
    seen = scene.own.at_hand["seen"]
    if seen["last_words"]:
        yield f"Last heard on {day(seen['last_heard_on'])}: “{seen['last_words']}”"
    else:
        yield "Nothing that {child} said is on the plan yet."


def _wrong_said(scene: Scene, said: Said) -> Iterator[Wrong]:
    took_part = said.get("participation")
    if said.get("heard") == "room" and took_part and took_part not in ATTENDED:
        yield Wrong(
            "participation",
            "Select how {child} took part: you said that {child} spoke at the conference",
        )
    yield from _not_later(scene, said, "told_on", "The day {child} said this")


def _not_later(scene: Scene, said: Said, field: str, what: str) -> Iterator[Wrong]:
    on, last = said.get(field), scene.conference.held_on or scene.conference.today
    if on and date.fromisoformat(on) > last:
        sentence = f"{what} must be on or before the day of the conference"
        yield Wrong(field, sentence, ("day", "month", "year"))


def _put_said(scene: Scene, said: Said) -> Iterator[Put]:
    """Put the child's words on the plan where somebody of one's own agency heard them.

    What another agency or an advocate heard is not one's own contact: it is noted with the
    conference, and that agency records what it heard itself.
    """
    held, own, heard = scene.conference.held_on, scene.conference.own_agency, said.get("heard")
    if held is None or heard not in ("room", "told"):
        return
    words, how = said[f"words_{heard}"], said[f"how_heard_{heard}"]
    told = heard == "told"
    seen = said_by(
        "ChildSeen",
        date.fromisoformat(said["told_on"]) if told else held,
        mode=said["told_mode"] if told else Mode.FACE_TO_FACE,
        alone=said["told_alone"] if told else Alone.NO,
        where=None if told else IN_THE_ROOM,
        by_agency=own,
        words=words,
        how_heard=how,
    )
    yield Put(scene.own.plan, seen)


def _note_said(scene: Scene, said: Said) -> Iterator[tuple[str, str]]:
    child = scene.own
    if said.get("heard") == "others":
        told = f"{said['told_by']} told the conference what {child.name} said"
        yield child.plan, f"{told}: “{said['words_others']}”"
    elif said.get("heard") == "no":
        yield child.plan, f"{child.name} was not heard: {said['why_not_heard']}"


SAID = Part(
    key="said",
    title="What {child} said, and how {child} was asked",
    sections=_said,
    wrong=_wrong_said,
    puts=_put_said,
    notes=_note_said,
)


def _seen(scene: Scene) -> Iterator[Section]:
    own = agency(scene.conference.own_agency)
    then: tuple[Question, ...] = (
        Day(name="seen_on", asks="When?", missing="Enter the day {child} was seen"),
        One(name="mode", asks="How?", of=Mode, missing="Select how {child} was seen"),
        One(
            name="alone",
            asks="Was {child} seen alone?",
            of=Alone,
            missing="Select whether {child} was seen alone",
        ),
        Line(name="where", asks="Where?", optional=True),
    )
    ask = which(
        "contact",
        f"Has somebody from {own} seen {{child}} since, and it is not on the plan yet?",
        ("yes", "Yes", then),
        ("no", "No", ()),
        hint="Other agencies put their own visits on the plan",
        missing=f"Select whether somebody from {own} has seen {{child}} since",
    )
    yield Section((ask,), facts=tuple(_last_seen(scene)))


def _last_seen(scene: Scene) -> Iterator[str]:
    seen, today = scene.own.at_hand["seen"], scene.conference.today
    for on, done, never in (
        (seen["last_face_to_face_on"], "Last seen face to face", "Not seen face to face yet."),
        (seen["last_alone_on"], "Last seen alone", "Not seen alone yet."),
    ):
        ago = f"{how_many_days(days_between(on, today))} ago" if on else ""
        yield f"{done} on {day(on)}, {ago}." if on else never


def _wrong_seen(scene: Scene, said: Said) -> Iterator[Wrong]:
    yield from _not_later(scene, said, "seen_on", "The day {child} was seen")


def _put_seen(scene: Scene, said: Said) -> Iterator[Put]:
    if said.get("contact") == "yes":
        seen = said_by(
            "ChildSeen",
            date.fromisoformat(said["seen_on"]),
            mode=said["mode"],
            alone=said["alone"],
            where=said.get("where"),
            by_agency=scene.conference.own_agency,
        )
        yield Put(scene.own.plan, seen)


SEEN = Part(
    key="seen",
    title="When {child} was seen, and seen alone",
    sections=_seen,
    wrong=_wrong_seen,
    puts=_put_seen,
)
