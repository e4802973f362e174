"""Showing plans: decided, written down who looks, read, and only then given.

Nothing leaves unless the access record has a row for each plan that is shown. What leaves holds no
text that its reader may not read, and no name of a plan that does not exist for them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Annotated, Any, NamedTuple

import msgspec
from fastapi import Depends, Request

from plantrack.access_log.log import CannotNote, Looked
from plantrack.application.authoriser import Look
from plantrack.application.command_guard import refuse
from plantrack.domain.redaction.clearance import Clearance, clear_json
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import (
    Decision,
    PlanFacts,
    Subject,
    as_granted,
    authorise,
    context,
)
from plantrack.domain.rights.scope import scope_of
from plantrack.domain.rights.words import Duty
from plantrack.logs import logger
from plantrack.projections import facts as facts_kept
from plantrack.projections.paging import Page
from plantrack.projections.store import Reading
from plantrack.record import CannotReach
from plantrack.web.authorise import Asker
from plantrack.web.dependencies import AServices
from plantrack.web.media import encode
from plantrack.web.who import ASources

MOST_TRIES = 5

log = logger("access")
OTHER_PLANS = ("follows", "own_plan")
"""The columns of lists that name a plan other than the line's own."""

WITHHELD_FROM_SERVICES: Mapping[str, Any] = {
    "name": None,
    "says": "",
    "facts": [],
    "answered_by": None,
    "going_well": None,
    "challenge": None,
}
"""What a service that needs only the dates of what is owed is shown in place of words."""


class Shown(NamedTuple):
    """What may leave, as JSON, and how it was decided."""

    json: msgspec.Raw
    value: Any
    decision: Decision

    @property
    def lines(self) -> list[bytes]:
        """Give what leaves item by item, where it is a list."""
        return [bytes(each) for each in msgspec.json.decode(self.json, type=list[msgspec.Raw])]


class Stand(NamedTuple):
    """How far a list followed the record when it was read, and when it was known to.

    ``still`` says that it is the list of one plan which cannot follow, and keeps its old lines.
    """

    position: int
    moved_at: datetime | None
    still: bool = False


class ShownPage(NamedTuple):
    """The lines of a page that may leave, as JSON, and where the next ones begin."""

    rows: list[msgspec.Raw]
    next: str | None
    stand: Stand


class Showing:
    """One person being shown plans, for one request."""

    def __init__(self, request: Request, services: AServices, sources: ASources) -> None:
        self._services = services
        self._sources = sources
        self._request = request

    def plan(
        self, asker: Asker, plan: str, what: str, read: Callable[[], Any], *, note: bool = True
    ) -> Shown:
        """Show something of one plan, or refuse it as one that does not exist.

        Waits for the database. With ``note`` False whoever calls has written down that they look.
        """
        authoriser, noted = self._services.authoriser, not note
        for _ in range(MOST_TRIES):
            decision, facts, look = authoriser.decide(asker.subject, asker.action, plan)
            if not decision.allow or facts is None:
                self._write([self._row(asker, plan, what, decision, facts)])
                refuse(decision, plan)
            if decision.audit and not noted:
                self._write([self._row(asker, plan, what, decision, facts)])
                noted = True
            value = read()
            # Read again: an entry that came meanwhile may name one more plan.
            now_facts = authoriser.facts([plan]).get(plan) or facts
            mentions = now_facts.mentions if now_facts else ()
            hidden = self._hidden(asker.subject, mentions, look)
            if authoriser.still(look):
                if decision.glass:
                    self._request.state.emergency = look.rights.glasses[decision.glass].until
                json = self.cleared(asker.subject, value, decision, hidden)
                return Shown(json, value, decision)
        raise CannotReach("Rights keep changing just now. Try again in a moment.")

    def page(self, asker: Asker, what: str, read: Callable[[Reading], Page]) -> ShownPage:
        """Show a page of a list, of the plans that whoever asks may see."""
        authoriser, noted = self._services.authoriser, set[str]()
        for _ in range(MOST_TRIES):
            look, now = authoriser.look(), self._services.commands.now()
            asker = asker._replace(subject=as_granted(look.rights, asker.subject, now))
            refuse(authorise(asker.subject, asker.action, None, now))
            scope = scope_of(look.rights, asker.subject, now)
            within = partial(facts_kept.within, scope)
            with self._services.models.reading(within) as reading:
                page = read(reading)
                stand = Stand(reading.position(), reading.moved_at())
            rows, entries = self._judged(asker, what, page.rows, look)
            self._write([entry for entry in entries if entry.plan not in noted])
            noted |= {entry.plan for entry in entries}
            if authoriser.still(look):
                return ShownPage(rows, page.next, stand)
        raise CannotReach("Rights keep changing just now. Try again in a moment.")

    def cleared(
        self, subject: Subject, value: Any, decision: Decision, hidden: Iterable[str]
    ) -> msgspec.Raw:
        """Write something as JSON without what its reader may not read."""
        if subject.post.duty is Duty.SCHEDULER and isinstance(value, dict):
            value = value | {k: v for k, v in WITHHELD_FROM_SERVICES.items() if k in value}
        clearance = Clearance(subject.post.agency, decision.marks)
        return msgspec.Raw(_without_names(clear_json(encode(value), clearance), hidden))

    def _judged(
        self, asker: Asker, what: str, rows: Sequence[dict[str, Any]], look: Look
    ) -> tuple[list[msgspec.Raw], list[Looked]]:
        """Decide on each plan of a page; a list that lags behind shows nothing that is over."""
        subject, now = asker.subject, self._services.commands.now()
        facts = self._services.authoriser.facts(list(dict.fromkeys(row["plan"] for row in rows)))
        action = Action.LIST_DUE if subject.post.duty is Duty.SCHEDULER else Action.READ_PLAN
        decided: dict[str, Decision] = {}
        for plan, each in facts.items():
            decided[plan] = _decide(subject, action, each, look, now)
        kept = [row for row in rows if row["plan"] in decided and decided[row["plan"]].allow]
        others = {row[k] for row in kept for k in OTHER_PLANS if row.get(k)}
        others |= {p["own_plan"] for row in kept for p in row.get("people", ()) if p["own_plan"]}
        # Sentences of a line, such as an alert's facts, may name what no column does.
        others |= {plan for row in kept for plan in facts[row["plan"]].mentions}
        hidden = self._hidden(subject, others, look)
        shown = [self.cleared(subject, row, decided[row["plan"]], hidden) for row in kept]
        plans = dict.fromkeys(row["plan"] for row in kept)
        entries = [self._row(asker, plan, what, decided[plan], facts[plan]) for plan in plans]
        return shown, entries

    def _hidden(self, subject: Subject, plans: Iterable[str], look: Look) -> set[str]:
        """Name those of some plans that somebody may not see."""
        plans = list(plans)
        if not plans:
            return set()
        facts, now = self._services.authoriser.facts(plans), self._services.commands.now()
        return {
            plan
            for plan in plans
            if not _decide(subject, Action.READ_PLAN, facts.get(plan), look, now).allow
        }

    def _row(
        self, asker: Asker, plan: str, what: str, decision: Decision, facts: PlanFacts | None
    ) -> Looked:
        subject = asker.subject
        return Looked(
            at=self._services.commands.now(),
            request=self._request.state.request_id,
            person=subject.person,
            name=subject.name,
            agency=subject.post.agency,
            role=subject.post.duty.value,
            plan=plan,
            child=facts.child if facts else None,
            what=what,
            marks=",".join(sorted(decision.marks)),
            purpose=decision.purpose or subject.purpose,
            shown=decision.allow,
            reason=decision.because.value,
            glass=decision.glass,
        )

    def refuse_unseen(self, asker: Asker, action: Action, plan: str, what: str) -> None:
        """Refuse to do on a plan what somebody may not do there, and note that they tried.

        What is refused shows nothing, so it is refused as well when it cannot be noted.
        """
        decision, facts, _ = self._services.authoriser.decide(asker.subject, action, plan)
        if not decision.allow:
            with suppress(CannotNote):
                self._write([self._row(asker, plan, what, decision, facts)])
        refuse(decision, plan)

    def _write(self, rows: Sequence[Looked]) -> None:
        if not rows:
            return
        try:
            self._sources.access.note(rows)
        except CannotNote:
            log.error("the access record cannot be written, so nothing is shown")  # noqa: TRY400 - no content
            raise


AShowing = Annotated[Showing, Depends()]


def _decide(
    subject: Subject, action: Action, facts: PlanFacts | None, look: Look, now: datetime
) -> Decision:
    return authorise(subject, action, context(look.rights, subject, facts), now)


def _without_names(json: bytes, hidden: Iterable[str]) -> bytes:
    """Take the names of plans out of JSON: whole values become null, others “another plan”."""
    for name in hidden:
        if name.encode() not in json:
            continue
        written = re.escape(name.encode())
        json = re.sub(rb'(?<=[:\[,])"' + written + rb'"(?=[,\]}])', b"null", json)
        # Not the beginning of a longer name, and not a key, which is one of ours.
        whole = rb"(?<![\w.-])" + written + rb'(?![\w-]|\.\w|":)'
        json = re.sub(whole, b"another plan", json)
    return json
