"""Which plans somebody is tied to by name, for whoever sees those plans themselves."""

from functools import partial
from typing import Any

from plantrack.domain.rights.actions import Action
from plantrack.domain.rights.state import Rights
from plantrack.domain.rights.words import Duty
from plantrack.pages.core.reader import PlanReader
from plantrack.pages.wording.viewings import TIES
from plantrack.web.authorise import Asker

MOST = 100


async def tied_to(
    reader: PlanReader, asker: Asker, rights: Rights, person: str
) -> list[dict[str, Any]] | None:
    """List the plans that somebody chairs, works on or is a member of; None for who may not know.

    Each is noted as looked at, as it shows that there is such a plan.
    """
    if asker.subject.post.duty is not Duty.SERVICE_MANAGER:
        return None
    looking = Asker(asker.subject, Action.READ_PLAN)
    found: list[dict[str, Any]] = []
    for plan in sorted(rights.plans_of.get(person, set()))[:MOST]:
        holding = [
            {"plan": plan, "says": TIES[spell.what], "since": spell.since}
            for spell in rights.spells_on(plan)
            if spell.person == person and spell.holds_on(reader.today)
        ]
        if (
            holding
            and reader.services.authoriser.decide(asker.subject, Action.READ_PLAN, plan)[0].allow
        ):
            found += await reader.of_plan(looking, plan, "whose it is", partial(list, holding))
    return found
