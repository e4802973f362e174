"""Which texts are marked, and for whom they are all the same: sealed before anybody reads them.

A mark is said with the event or by a correction, and holds for every version of a text. Rows,
sentences and alerts are made of sealed texts; ``domain.clearance`` opens them for one reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any, NamedTuple

from plantrack.domain.events import Corrected, InformationShared, PlanEvent, Retracted
from plantrack.domain.events.entries import Entry
from plantrack.domain.events.envelopes import seal
from plantrack.domain.redaction.texts import parts
from plantrack.domain.words import Mark

DEFAULTS: Mapping[tuple[str, str], Mark] = {
    ("InformationShared", "what"): Mark.AGENCY_CONFIDENTIAL,
    ("InformationShared", "withheld_from"): Mark.AGENCY_CONFIDENTIAL,
}
"""What is marked unless the event says otherwise, by kind and field."""

EVERY_MARK = frozenset(Mark)


def markable(kind: Any) -> list[str]:
    """Name the fields of a kind that may be marked, as they are called in JSON."""
    return list(parts(kind))


def sealed(entries: Sequence[Entry]) -> list[Entry]:
    """Seal what is marked in all that is known of one plan, in the order recorded."""
    if not any(_may_matter(entry.event) for entry in entries):
        return list(entries)
    whole = _Whole(entries)
    return [whole.seal(entry) for entry in entries]


def reaches_back(entry: Entry, items: set[str]) -> bool:
    """Whether an entry may change who reads earlier ones; ``items`` were shared before it."""
    event = entry.event
    if isinstance(event, InformationShared):
        return event.item in items
    return isinstance(event, Corrected | Retracted)


def _may_matter(event: PlanEvent) -> bool:
    return event.marks is not None or type(event) in (InformationShared, Corrected)


class _Standing(NamedTuple):
    """An entry with the fields that corrections replaced, and whether it was retracted."""

    entry: Entry
    amended: Mapping[str, Any]
    retracted: bool

    def now(self, name: str, attribute: str | None = None) -> Any:
        """Give a field as it stands after all corrections."""
        if name in self.amended:
            return self.amended[name]
        return getattr(self.entry.event, attribute or name)

    def marks(self) -> dict[str, Mark]:
        """Give the marks that stand, by field; what is general needs none."""
        default, stated = _defaults(type(self.entry.event).__name__), self.now("marks")
        return _protecting({**default, **_stated(stated)}) if stated or default else {}


class _Whole:
    """A plan's whole record, with all that its corrections say."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        amended, retracted = _put_right(entries)
        corrected = any(isinstance(entry.event, Corrected) for entry in entries)
        self._standings = {
            entry.number: _Standing(entry, amended.get(entry.number, {}), entry.number in retracted)
            for entry in entries
            if corrected or _may_matter(entry.event)
        }
        self._told: dict[str, set[str]] = {}
        for each in self._standings.values():
            if isinstance(each.entry.event, InformationShared) and not each.retracted:
                self._told.setdefault(each.now("item"), set()).update(each.now("to"))

    def seal(self, entry: Entry) -> Entry:
        """Seal the marked texts of an entry."""
        standing = self._standings.get(entry.number)
        if standing is None:
            return entry
        event, changed = entry.event, {}
        kind: Any = type(event)
        held = parts(kind)
        for name, mark in standing.marks().items():
            if name in held:
                attribute, change = held[name]
                wrap = partial(seal, mark=mark, audience={*self._audience(standing, mark)})
                changed[attribute] = change(getattr(event, attribute), wrap)
        if isinstance(event, Corrected):
            changed["fields"] = self._replacing(standing, event.fields)
        return entry._replace(event=replace(event, **changed)) if changed else entry

    def _replacing(self, by: _Standing, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Seal in a correction what the entry that it corrects has marked.

        A correction that was taken back keeps what it marked itself, and one that was put right
        is sealed as either entry has it: what it says was never open.
        """
        found = dict(fields)
        own = _protecting(_stated(fields.get("marks"))) if by.retracted else {}
        said: Any = by.entry.event
        for number in dict.fromkeys((said.entry, by.now("entry"))):
            target = self._standings.get(number)
            if target and target.entry.number < by.entry.number:
                self._seal_replaced(found, fields, by, target, own)
        return found

    def _seal_replaced(
        self,
        found: dict[str, Any],
        fields: Mapping[str, Any],
        by: _Standing,
        target: _Standing,
        own: Mapping[str, Mark],
    ) -> None:
        kind: Any = type(target.entry.event)
        held = parts(kind)
        for name, mark in {**target.marks(), **own}.items():
            if name in held and name in fields and found[name] is fields[name]:
                audience = {*self._audience(target, mark), by.entry.by.agency}
                wrap = partial(seal, mark=mark, audience=audience)
                found[name] = held[name].change(fields[name], wrap)
        if kind is Corrected and isinstance(fields.get("fields"), Mapping):
            found["fields"] = self._replacing(target, fields["fields"])

    def _audience(self, standing: _Standing, mark: Mark) -> Iterator[str]:
        """Name the agencies that read a text whatever their role: whose it is, and who was told."""
        if not isinstance(standing.entry.event, InformationShared):
            yield standing.entry.by.agency
            return
        yield standing.now("from", "from_")
        if mark is Mark.AGENCY_CONFIDENTIAL:
            yield from self._told.get(standing.now("item"), ())


def _put_right(entries: Sequence[Entry]) -> tuple[dict[int, dict[str, Any]], set[int]]:
    """Give by entry the fields that corrections replaced, and which entries were retracted.

    Read from the last entry back, as ``as_corrected`` does, but a retracted entry keeps its marks.
    """
    amended: dict[int, dict[str, Any]] = {}
    retracted: set[int] = set()
    for entry in reversed(entries):
        event, now = entry.event, amended.get(entry.number, {})
        if entry.number in retracted:
            continue
        if type(event) is Retracted:
            retracted.add(now.get("entry", event.entry))
        elif type(event) is Corrected:
            about, fields = now.get("entry", event.entry), now.get("fields", event.fields)
            amended[about] = {**fields, **amended.get(about, {})}
    return amended, retracted


@cache
def _defaults(kind: str) -> Mapping[str, Mark]:
    return {name: mark for (of, name), mark in DEFAULTS.items() if of == kind}


def _stated(marks: object) -> dict[str, Mark]:
    """Read marks as an event or a correction states them; what is no mark is refused elsewhere."""
    if not isinstance(marks, Mapping):
        return {}
    return {name: Mark(mark) for name, mark in marks.items() if str(mark) in EVERY_MARK}


def _protecting(marks: Mapping[str, Mark]) -> dict[str, Mark]:
    return {name: mark for name, mark in marks.items() if mark is not Mark.GENERAL}
