"""For inspectors: find the plans that a warrant opens, and the rules that were in force."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from plantrack.application.services import Services
from plantrack.domain.obligations.catalogue import BY_CODE
from plantrack.domain.policy import Policy
from plantrack.domain.rights.state import Warrant
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.forms import Day, Faults, Sent, Wrong
from plantrack.pages.forms.typed_days import typed
from plantrack.pages.wording.rules import RULES, sentence
from plantrack.projections import plan_search
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayKeepSession, MayListPlans
from plantrack.web.dependencies import AReader

router = APIRouter(include_in_schema=False, route_class=PageRoute)

AFTER = Day(
    name="after",
    asks="Opened on or after",
    hint="For example, 27 3 2026",
    missing="Enter the first day of opening",
    optional=True,
)
BEFORE = Day(
    name="before",
    asks="Opened on or before",
    hint="For example, 27 9 2026",
    missing="Enter the last day of opening",
    optional=True,
)
KINDS = {"": "Any kind", "cp": "Child protection", "cin": "Child in need"}
STATES = {"": "Open or ended", "open": "Open", "ended": "Ended"}
ORDERS = {
    "newest": "Opened last",
    "oldest": "Opened first",
    "alerts": "Most open alerts",
    "reference": "Reference",
}
YES = "yes"
UPSIDE_DOWN = "The last day of opening must be the same as or after the first"

Words = Annotated[str, Query(max_length=100)]
AKind = Annotated[str, q.one_of(*KINDS), Query()]
AState = Annotated[str, q.one_of(*STATES), Query()]
AnOrder = Annotated[str, q.one_of(*ORDERS), Query()]
ATick = Annotated[str, q.one_of("", YES), Query()]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an inspector asks for, as it stands in the address."""

    reference: str
    kind: str
    state: str
    agency: str
    alerts: str
    challenged: str
    order: str
    after: Sent
    before: Sent

    def without(self, *names: str) -> str:
        """Give the address without some of what is asked for."""
        return f"/inspect?{self._written(*names)}"

    @property
    def asked(self) -> str:
        """Write what is asked for, for the address of the next page."""
        return self._written()

    def days(self) -> tuple[date | None, date | None, Faults]:
        """Read the first and last day of opening, and what is wrong with them."""
        faults = Faults()
        after, before = (_day(each, sent, faults) for each, sent in self._days())
        if after and before and before < after:
            faults.add(Wrong("before", UPSIDE_DOWN, ("day", "month", "year")))
        return after, before, faults

    def _days(self) -> tuple[tuple[Day, Sent], tuple[Day, Sent]]:
        return (AFTER, self.after), (BEFORE, self.before)

    def _written(self, *names: str) -> str:
        plain = ("reference", "kind", "state", "agency", "alerts", "challenged", "order")
        fields = [(name, getattr(self, name)) for name in plain if name not in names]
        for name in ("after", "before"):
            fields += getattr(self, name).pairs() if name not in names else []
        return urlencode([(name, value) for name, value in fields if value])


def _day(question: Day, sent: Sent, faults: Faults) -> date | None:
    try:
        read = question.read(sent, {})
    except Wrong as wrong:
        faults.add(wrong)
        return None
    return date.fromisoformat(read) if read else None


async def wanted(
    after: Annotated[Sent, Depends(typed("after"))],
    before: Annotated[Sent, Depends(typed("before"))],
    *,
    reference: Words = "",
    kind: AKind = "",
    state: AState = "",
    agency: Words = "",
    alerts: ATick = "",
    challenged: ATick = "",
    order: AnOrder = "newest",
) -> Wanted:
    """Read what is asked for."""
    return Wanted(
        reference=reference.strip(),
        kind=kind,
        state=state,
        agency=agency,
        alerts=alerts,
        challenged=challenged,
        order=order,
        after=after,
        before=before,
    )


@router.get("/inspect")
async def find_plans(
    asker: MayListPlans,
    asked: Annotated[Wanted, Depends(wanted)],
    reader: APlanReader,
    frame: AFrame,
    read: AReader,
) -> Response:
    """Show the plans that a warrant opens, or those of them that are asked for."""
    if asker.subject.post.duty is not Duty.INSPECTOR:
        raise NoSuchPage
    after, before, faults = asked.days()
    told = await reader.lines(
        asker,
        "plans found",
        plan_search.found,
        today=reader.today,
        reference=asked.reference or None,
        kind=asked.kind or None,
        ended=asked.state == "ended" if asked.state else None,
        after=None if faults else after,
        before=None if faults else before,
        agency=asked.agency or None,
        alerts=bool(asked.alerts),
        challenged=bool(asked.challenged),
        order=asked.order,
    )
    return frame.page(
        "inspect/find.html",
        title="Find a plan",
        subject=asker.subject,
        status=422 if faults else 200,
        wrong=bool(faults),
        told=told,
        asked=asked,
        faults=faults,
        after=after,
        before=before,
        questions=(AFTER, BEFORE),
        typed=Sent({**asked.after, **asked.before}),
        words={"kind": KINDS, "state": STATES, "order": ORDERS},
        agencies=reader.known_agencies(),
        warrants=await read(lambda: warrants_of(reader.services, asker)),
    )


def warrants_of(services: Services, asker: Asker) -> list[Warrant]:
    """Give the warrants that somebody holds now, the first to end first."""
    rights, now = services.authoriser.look().rights, services.commands.now()
    held = (rights.warrants[name] for name in rights.warrants_of.get(asker.subject.person, ()))
    return sorted((each for each in held if each.holds_at(now)), key=lambda each: each.ends)


@router.get("/inspect/rules")
async def show_rules(
    asker: MayKeepSession,
    reader: APlanReader,
    frame: AFrame,
    read: AReader,
    version: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Show the rules of one version in words, as they measured the plans of its time."""
    policies = await read(reader.services.policies)
    found = [each for each in policies.versions if each.version == version or not version]
    if not found:
        raise NoSuchPage
    return frame.page(
        "inspect/rules.html",
        title=f"Rules {found[-1].version}",
        subject=asker.subject,
        policy=found[-1],
        versions=policies.versions,
        groups=in_words(found[-1]),
    )


def in_words(policy: Policy) -> dict[str, list[tuple[str, str]]]:
    """Say each rule of a version with its number in it, and who owes it, group by group."""
    return {
        group: [
            (sentence(says, policy.terms[code].periods.get(case)), BY_CODE[code].owed_by)
            for code, sentences in rules.items()
            for case, says in sentences.items()
            if code in policy.terms
        ]
        for group, rules in RULES.items()
    }
