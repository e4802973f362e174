"""Clearance: what one reader gets to read of marked texts, and opening their envelopes so far.

Whatever is not a whole envelope is withheld up to the end of its text: a text that was cut off, or
that somebody typed to look like an envelope, opens nothing.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from plantrack.domain.events.envelopes import CLOSES, FOR, HOLDS, OPENS, REPLACED, RESERVED
from plantrack.domain.words import Mark, words

WITHHELD = "[withheld]"
"""What stands where it cannot even be said what is withheld."""


@dataclass(frozen=True)
class Clearance:
    """The agency that somebody reads for, and the marks that their role lets them read."""

    agency: str
    marks: frozenset[Mark]

    def may_read(self, mark: Mark, audience: Collection[str]) -> bool:
        """Whether a text with this mark, open to these agencies, may be read."""
        if mark is Mark.GENERAL or mark in self.marks:
            return True
        return bool(self.agency) and self.agency in audience


EVERYTHING = Clearance("", frozenset(Mark))
"""Reads every text."""
NOTHING = Clearance("", frozenset())
"""Reads no text that is marked."""

_PLAIN = f"([^{RESERVED}]*+)"
_ENVELOPE = re.compile(
    f"{OPENS}{_PLAIN}{FOR}{_PLAIN}{HOLDS}{_PLAIN}{CLOSES}|{OPENS}.*+|[{RESERVED}]", re.DOTALL
)

_MARKS = {str(mark): mark for mark in Mark} | {words(mark): mark for mark in Mark}
"""Marks by their words, also where a sentence wrote spaces for their underscores."""


def clear(text: str, clearance: Clearance) -> str:
    """Open the envelopes in a text that may be read, and say of the others what is withheld."""
    if OPENS not in text:
        return text
    return _ENVELOPE.sub(lambda found: _opened(found, clearance), text)


def _opened(found: re.Match[str], clearance: Clearance) -> str:
    mark, audience, held = found.groups()
    if mark is None:
        return WITHHELD if found[0][0] == OPENS else REPLACED
    return held if _may_open(mark, audience, clearance) else withheld(mark)


def _may_open(mark: str, audience: str, clearance: Clearance) -> bool:
    """Whether an envelope may be opened, whose names a sentence may have written with spaces."""
    if mark not in _MARKS:
        return False
    agencies = audience.split(",")
    if words(clearance.agency) in agencies:
        agencies.append(clearance.agency)
    return clearance.may_read(_MARKS[mark], agencies)


def withheld(mark: str) -> str:
    """Say in square brackets what sort of text is withheld."""
    return f"[{_MARKS[mark].says}, withheld]" if mark in _MARKS else WITHHELD


# The same in JSON, where a text ends at its closing quote and what is escaped stays so.

_JSON_OPENS = OPENS.encode()
_JSON_PLAIN = rb'((?>[^"\\\xee]++|\\.|\xee(?!\x80[\x80-\x83]))*+)'
_JSON_ENVELOPE = re.compile(
    _JSON_PLAIN.join(each.encode() for each in RESERVED)
    + b"|"
    + _JSON_OPENS
    + rb'(?>[^"\\]++|\\.)*+|\xee\x80[\x80-\x83]',
    re.DOTALL,
)


def clear_json(encoded: bytes, clearance: Clearance) -> bytes:
    """Clear every text in JSON that was written in UTF-8, its letters as they are."""
    if _JSON_OPENS not in encoded:
        return encoded
    return _JSON_ENVELOPE.sub(lambda found: _opened_in_json(found, clearance), encoded)


def _opened_in_json(found: re.Match[bytes], clearance: Clearance) -> bytes:
    mark, audience, held = found.groups()
    if mark is None:
        return (WITHHELD if found[0].startswith(_JSON_OPENS) else REPLACED).encode()
    name = mark.decode()
    return held if _may_open(name, audience.decode(), clearance) else withheld(name).encode()
