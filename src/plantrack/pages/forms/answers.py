"""What somebody typed, and what is wrong with it: nothing that was typed is ever lost."""

from collections.abc import Iterator, Mapping, Sequence


class Sent(Mapping[str, Sequence[str]]):
    """The fields of a form as they were sent, or as they were answered before."""

    def __init__(self, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self._fields = {name: tuple(values) for name, values in (fields or {}).items()}

    def __getitem__(self, name: str) -> Sequence[str]:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def one(self, name: str) -> str:
        """Give what was typed in a field, without the space around it; nothing is empty."""
        return (self._fields.get(name) or ("",))[0].replace("\r\n", "\n").strip()

    def all(self, name: str) -> list[str]:
        """Give everything that was chosen in a field."""
        return [each for each in self._fields.get(name, ()) if each]

    def under(self, prefix: str) -> "Sent":
        """Give the fields of one part of a form, whose names begin alike."""
        return Sent(
            {k.removeprefix(prefix): v for k, v in self._fields.items() if k.startswith(prefix)}
        )

    def beside(self, **fields: str) -> "Sent":
        """Give the same with some fields as they are said here."""
        return Sent({**self._fields, **{name: (value,) for name, value in fields.items()}})

    def over(self, other: "Sent") -> "Sent":
        """Give the same with every field of another in place of its own."""
        return Sent({**self._fields, **other._fields})

    def pairs(self) -> list[tuple[str, str]]:
        """List every field and value, to send them once more."""
        return [(name, value) for name, values in self._fields.items() for value in values]


class Wrong(Exception):
    """An answer is missing or cannot be read; ``field`` is the one to go to."""

    def __init__(self, field: str, sentence: str, parts: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.field = field
        self.parts = frozenset(parts)
        """Which parts of a day are wrong: they are the ones that are outlined."""
        self.others: tuple[Wrong, ...] = ()

    def within(self, prefix: str) -> "Wrong":
        """Give the same for a field that is part of a question."""
        return Wrong(f"{prefix}{self.field}", str(self), tuple(self.parts))

    def with_others(self, others: "Sequence[Wrong]") -> "Wrong":
        """Tell more that is wrong with the same question."""
        self.others = tuple(others)
        return self


class Faults:
    """Everything that is wrong with what was sent, in the order asked."""

    def __init__(self) -> None:
        self._wrong: dict[str, Wrong] = {}

    def add(self, wrong: Wrong) -> None:
        """Note what is wrong, unless the field has something already."""
        for each in (wrong, *wrong.others):
            self._wrong.setdefault(each.field, each)

    def __bool__(self) -> bool:
        return bool(self._wrong)

    def of(self, field: str) -> str | None:
        """Say what is wrong with a field, if anything."""
        return str(self._wrong[field]) if field in self._wrong else None

    def part(self, field: str, part: str) -> bool:
        """Whether a part of a day is what is wrong."""
        return field in self._wrong and part in self._wrong[field].parts

    def summary(self) -> list[dict[str, str]]:
        """Give the lines of the error summary: each leads to its field."""
        return [
            {"text": str(wrong), "href": f"#{_goes_to(wrong)}"} for wrong in self._wrong.values()
        ]


def _goes_to(wrong: Wrong) -> str:
    """Name the element that takes the focus: a day's first wrong part, or the field itself."""
    first = next((each for each in ("day", "month", "year") if each in wrong.parts), None)
    return f"{wrong.field}-{first}" if first else wrong.field
