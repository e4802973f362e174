"""What each route is: an action, which rights allow to some; one that names none is refused."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from plantrack.application.command_guard import refuse
from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.authorise import Because, Subject, authorise
from plantrack.logs import logger
from plantrack.web.dependencies import AServices
from plantrack.web.rates import What, limited
from plantrack.web.who import ASubject

log = logger("rights")

RATES: Mapping[Action, What] = {
    Action.EXPORT: "export",
    Action.BREAK_GLASS: "break_glass",
    Action.SEE_WHO_LOOKED: "search",
}
SEARCHES = frozenset({"child", "family"})


class Asker(NamedTuple):
    """Who asks, and for what."""

    subject: Subject
    action: Action


class May:
    """Lets in whoever may do an action at all; on which plan is decided where the plan is read.

    With ``counted`` False it does not count as a try: it only asks what somebody wants to do.
    """

    def __init__(self, action: Action, *, counted: bool = True) -> None:
        self.action = action
        self._counted = counted

    async def __call__(self, request: Request, subject: ASubject, services: AServices) -> Asker:
        """Refuse who may not do this in their role, or does it too often."""
        decision = authorise(subject, self.action, None, services.commands.now())
        if decision.because is not Because.NO_SUCH_PLAN and not decision.allow:
            _tell_of(request, subject, self.action, decision.because)
            refuse(decision)
        if (what := self._limit(request)) is not None:
            await limited(what)(request)
        return Asker(subject, self.action)

    def _limit(self, request: Request) -> What | None:
        """Say to which rate a request belongs; looking for a child or a family is searching."""
        if not self._counted:
            return None
        asked = request.query_params.keys() | request.path_params.keys()
        if self.action is Action.LIST_PLANS and not asked.isdisjoint(SEARCHES):
            return "search"
        return RATES.get(self.action)


def _tell_of(request: Request, subject: Subject, action: Action, because: Because) -> None:
    """Log that somebody was refused for their role: no plan is in it, so there is no row of it."""
    log.warning(
        "not allowed",
        person=subject.person,
        role=subject.post.duty.value,
        action=action.name.lower(),
        because=because.value,
        request=request.state.request_id,
    )


def action_of(route: APIRoute) -> Action | None:
    """Say which action a route is; None for one that is open to everybody."""
    waiting = [*route.dependant.dependencies]
    while waiting:
        each = waiting.pop()
        if isinstance(each.call, May):
            return each.call.action
        waiting += each.dependencies
    return None


MayReadPlan = Annotated[Asker, Depends(May(Action.READ_PLAN))]
MayListPlans = Annotated[Asker, Depends(May(Action.LIST_PLANS))]
MayListDue = Annotated[Asker, Depends(May(Action.LIST_DUE))]
MayOpenPlan = Annotated[Asker, Depends(May(Action.OPEN_PLAN))]
MayRecord = Annotated[Asker, Depends(May(Action.RECORD))]
MayChangeRights = Annotated[Asker, Depends(May(Action.CHANGE_RIGHTS))]
MaySeeRights = Annotated[Asker, Depends(May(Action.SEE_RIGHTS))]
MaySeeAccess = Annotated[Asker, Depends(May(Action.SEE_WHO_HAS_ACCESS))]
MaySeeLooks = Annotated[Asker, Depends(May(Action.SEE_WHO_LOOKED))]
MaySeePatterns = Annotated[Asker, Depends(May(Action.SEE_PATTERNS))]
MaySeeEmergencies = Annotated[Asker, Depends(May(Action.SEE_EMERGENCY_ACCESS))]
MayBreakGlass = Annotated[Asker, Depends(May(Action.BREAK_GLASS))]
MayAskToBreakGlass = Annotated[Asker, Depends(May(Action.BREAK_GLASS, counted=False))]
MayKeepSession = Annotated[Asker, Depends(May(Action.KEEP_SESSION))]
MayKeepRules = Annotated[Asker, Depends(May(Action.KEEP_RULES))]
MayTakeIn = Annotated[Asker, Depends(May(Action.TAKE_IN))]
MayWatch = Annotated[Asker, Depends(May(Action.WATCH))]
MayExport = Annotated[Asker, Depends(May(Action.EXPORT))]
