"""What may be asked in an address: read strictly, and refused by name."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated, Any

from annotated_types import GroupedMetadata
from fastapi import Depends, Header, Path, Query, Request
from fastapi.dependencies.models import Dependant
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from plantrack import codec
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.plans.as_known import Moment, read_moment
from plantrack.domain.refusals import Unreadable
from plantrack.domain.words import listed
from plantrack.projections.paging import LONGEST_PAGE
from plantrack.web.problems import Problem

WHOLE = re.compile(r"0|[1-9][0-9]{0,18}")
DAY = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    DAY.pattern + r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
CURSOR = "[A-Za-z0-9_-]{1,60000}={0,2}"
PLACE = "[A-Za-z0-9_-]{1,200}={0,2}"
VERSION = re.compile('"[1-9][0-9]{0,8}"|[1-9][0-9]{0,8}')
KEY = "[!-~]{1,200}"

A_DAY = "must be a date such as 2020-03-09."
A_MOMENT = "must be a day such as 2020-03-09 or a time such as 2020-03-09T14:30."
A_VERSION = 'must be the number of the entry you read last, such as "12".'
A_CURSOR = "must be the “next” of a page of this list. Begin again without one."
A_PLACE = "must be the “position” of an answer. Leave it out to see the list as it is."
A_KEY = "must be 1 to 200 visible ASCII characters. Make a new one for each command."


class Reads(GroupedMetadata):
    """How a parameter is read, and what its schema says."""

    def __init__(self, read: Callable[[str], object], **schema: Any) -> None:
        self._parts = BeforeValidator(read), WithJsonSchema(schema)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._parts)


def refuse(must: str) -> PydanticCustomError:
    """Say what a parameter must be."""
    return PydanticCustomError("question", "{must}", {"must": must})


def whole(low: int, high: int) -> Reads:
    """Read a whole number between two bounds, written plainly."""

    def read(written: str) -> int:
        if not WHOLE.fullmatch(written) or not low <= int(written) <= high:
            raise refuse(f"must be a whole number from {low} to {high}.")
        return int(written)

    return Reads(read, type="integer", minimum=low, maximum=high)


def called(mark: str) -> Reads:
    """Read a name of a sort that events hold."""
    pattern, like = codec.PATTERNS[mark]
    return Reads(_matching(pattern, f"must be {like}."), type="string", pattern=f"^{pattern}$")


def one_of(*words: str) -> Reads:
    """Read one of some words."""
    either = "|".join(map(re.escape, words))
    return Reads(_matching(either, f"must be one of: {', '.join(words)}."), enum=list(words))


def _matching(pattern: str, must: str) -> Callable[[str], str]:
    wanted = re.compile(pattern)

    def read(written: str) -> str:
        if not wanted.fullmatch(written):
            raise refuse(must)
        return written

    return read


def _read_truth(written: str) -> bool:
    if written not in ("true", "false"):
        raise refuse("must be true or false.")
    return written == "true"


def _read_day(written: str) -> date:
    try:
        if DAY.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise refuse(A_DAY)


def _read_moment(written: str) -> datetime:
    try:
        if MOMENT.fullmatch(written):
            return read_moment(written)
    except Unreadable:
        pass
    raise refuse(A_MOMENT)


def _read_version(written: str) -> int:
    if not VERSION.fullmatch(written):
        raise refuse(A_VERSION)
    return int(written.strip('"'))


Truth = Reads(_read_truth, type="boolean")
Day = Reads(_read_day, type="string", format="date")
AMoment = Reads(_read_moment, type="string", anyOf=[{"format": "date"}, {"format": "date-time"}])

Team = Annotated[str | None, called("id"), Query(description="Only what this team holds.")]
Agency = Annotated[str | None, called("agency"), Query(description="Only what is this agency's.")]
OnPlan = Annotated[str | None, called("plan"), Query(description="Only this plan.")]
Child = Annotated[str | None, called("child"), Query(description="Only this child.")]
Family = Annotated[str | None, called("id"), Query(description="Only this family.")]
Kind = Annotated[str | None, one_of("cin", "cp"), Query(description="Only this kind of plan.")]
Rule = Annotated[str | None, one_of(*BY_CODE), Query(description="Only this obligation.")]
State = Annotated[str, one_of("open", "all"), Query(description="Only what is open, or all.")]
Ended = Annotated[bool | None, Truth, Query(description="Only plans that ended, or that did not.")]
Overdue = Annotated[bool | None, Truth, Query(description="Only what is overdue, or is not.")]
SingleAgency = Annotated[
    bool | None, Truth, Query(description="Only what one agency decided alone, or did not.")
]
Age = Annotated[
    int | None, whole(0, 36_500), Query(description="Only what has been open for so many days.")
]
OverdueFor = Annotated[
    int | None, whole(0, 36_500), Query(description="Only what is overdue by so many days.")
]
By = Annotated[date | None, Day, Query(description="Only what is due by this day.")]
KnownAt = Annotated[
    datetime | None, AMoment, Query(description="See what was known then; a day means its end.")
]
TrueOn = Annotated[date | None, Day, Query(description="See what was true on this day.")]
From = Annotated[
    datetime | None, AMoment, Query(alias="from", description="The earlier moment of the two.")
]
To = Annotated[
    datetime | None, AMoment, Query(description="The later moment; now, if it is left out.")
]
Cursor = Annotated[
    str | None,
    Reads(_matching(CURSOR, A_CURSOR), type="string", pattern=f"^{CURSOR}$", format="cursor"),
    Query(description="The “next” of the page before."),
]
Limit = Annotated[
    int, whole(1, LONGEST_PAGE), Query(description="How many lines a page has at most.")
]
AtLeast = Annotated[
    str | None,
    Reads(_matching(PLACE, A_PLACE), type="string", pattern=f"^{PLACE}$", format="position"),
    Query(description="Wait until the list shows the entry at this position, for 2 seconds."),
]
NewName = Annotated[
    str | None,
    called("plan"),
    Query(description="What the plan shall be called; if it is left out, a name is made."),
]
LastRead = Annotated[
    int,
    Reads(_read_version, type="string", pattern=f"^({VERSION.pattern})$"),
    Header(alias="If-Match", description="The number of the plan's entry that you read last."),
]
Key = Annotated[
    str | None,
    Reads(_matching(KEY, A_KEY), type="string", pattern=f"^{KEY}$"),
    Header(
        alias="Idempotency-Key",
        description="Your own name for this command: sent again, it is answered as before.",
    ),
]
Known = Annotated[
    str | None,
    Header(alias="If-None-Match", description="The ETag that you have: if it still holds, 304."),
]
PlanName = Annotated[str, called("plan"), Path(examples=["CP-0417"])]
FamilyName = Annotated[str, called("id"), Path(examples=["F1"])]


async def moment(known_at: KnownAt = None, true_on: TrueOn = None) -> Moment:
    """Say from when to look."""
    return Moment(known_at, true_on)


AskedMoment = Annotated[Moment, Depends(moment)]


async def refuse_unknown(request: Request) -> None:
    """Refuse a parameter that the route does not know, or that stands twice."""
    asked = request.query_params.multi_items()
    if not asked:
        return
    known: frozenset[str] = request.app.state.asked_by[request.scope["endpoint"]]
    names = [each for each, _ in asked]
    if not known.issuperset(names):
        takes = f"takes {listed(sorted(known))}" if known else "takes none"
        raise Problem(
            422, f"There is a parameter here that this address does not know. It {takes}."
        )
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise Problem(422, f"“{twice}” stands twice. Leave one of them out.", parameter=twice)


def asked_by(dependant: Dependant) -> frozenset[str]:
    """Name the parameters that a route takes, those of what it needs too."""
    own = frozenset(each.alias for each in dependant.query_params)
    return own.union(*map(asked_by, dependant.dependencies))
