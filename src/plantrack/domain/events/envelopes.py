"""Envelopes: a marked text carries its mark, and who may read it all the same, wherever it goes.

Four characters that Unicode gives no meaning to stand around the text: one opens the envelope and
is followed by the mark, one by the agencies, one by the text, and one closes it. They stay as they
are in sentences, rows and JSON, and they are looked for only there, so no list of places is kept.
"""

from collections.abc import Iterable

OPENS, FOR, HOLDS, CLOSES = "\ue000", "\ue001", "\ue002", "\ue003"
RESERVED = OPENS + FOR + HOLDS + CLOSES
REPLACED = "\ufffd"

_WITHOUT_RESERVED = str.maketrans(dict.fromkeys(RESERVED, REPLACED))


def seal(text: str, mark: str, audience: Iterable[str]) -> str:
    """Put a text into an envelope; one that is in this envelope already stays as it is.

    White space around it and the full stops at its end stay outside, where whoever makes a
    sentence of it takes them off. Where there is nothing else, nothing is put into an envelope.
    """
    begin, end = _bounds(text)
    if begin == end:
        return text.translate(_WITHOUT_RESERVED)
    words, head = text[begin:end], f"{OPENS}{mark}{FOR}{','.join(sorted(set(audience)))}{HOLDS}"
    if words.startswith(head) and words.endswith(CLOSES):
        words = words[len(head) : -1]
    inside = words.translate(_WITHOUT_RESERVED)
    return f"{text[:begin]}{head}{inside}{CLOSES}{text[end:]}"


def capitalised(sentence: str) -> str:
    """Begin a sentence with a capital letter, in its envelope if it begins with one."""
    at = sentence.find(HOLDS) + 1 if sentence.startswith(OPENS) else 0
    return f"{sentence[:at]}{sentence[at : at + 1].upper()}{sentence[at + 1 :]}"


def _bounds(text: str) -> tuple[int, int]:
    """Say where the words of a text begin, and where they end."""
    begin, end = len(text) - len(text.lstrip()), len(text)
    while end > begin and (text[end - 1] == "." or text[end - 1].isspace()):
        end -= 1
    return begin, end
