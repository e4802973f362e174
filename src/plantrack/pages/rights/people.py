"""For administrators, and managers who approve: who is known here, and in which roles."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from plantrack.application.services import Services
from plantrack.domain.rights.state import Rights
from plantrack.domain.rights.words import Duty
from plantrack.domain.words import agency
from plantrack.pages.core.layout import AFrame
from plantrack.pages.core.reader import APlanReader
from plantrack.pages.core.routes import NoSuchPage, PageRoute
from plantrack.pages.forms import AtHand, Sent
from plantrack.pages.rights import registered
from plantrack.pages.rights.person_forms import FORMS, NEW
from plantrack.pages.rights.submission import ARightsSubmission, RightsForm
from plantrack.pages.rights.tied import tied_to
from plantrack.web import parameters as q
from plantrack.web.authorise import Asker, MayChangeRights, MaySeeRights
from plantrack.web.dependencies import AReader, AServices
from plantrack.web.sources import Sources
from plantrack.web.who import ASources

router = APIRouter(include_in_schema=False, route_class=PageRoute)

ON_A_PAGE = 50
LAST_PAGE = 10_000
FORM = "admin/rights_form.html"

PersonId = Annotated[str, q.called("id"), Path()]
What = Annotated[str, Path(max_length=30)]
Searched = Annotated[str, Query(max_length=100)]
PageNumber = Annotated[int, q.whole(1, LAST_PAGE)]


@router.get("/people")
async def list_people(
    asker: MaySeeRights,
    services: AServices,
    read: AReader,
    frame: AFrame,
    search: Searched = "",
    page: PageNumber = 1,
) -> Response:
    """List the people who are known, and what waits for a second person."""
    rights = (await read(services.authoriser.look)).rights
    found = _found(rights, search)
    first = (page - 1) * ON_A_PAGE
    return frame.page(
        "admin/people.html",
        title="People and roles",
        subject=asker.subject,
        rows=[
            registered.row(rights, k, services.today()) for k in found[first : first + ON_A_PAGE]
        ],
        many=len(found),
        page=page,
        pages=max(1, -(-len(found) // ON_A_PAGE)),
        search=search,
        asked=urlencode({"search": search}) if search else "",
        waiting=list(registered.waiting(rights)),
        may_register=NEW.may(asker.subject.post.duty),
    )


@router.get("/people/new")
async def ask_who(
    asker: MaySeeRights, services: AServices, read: AReader, writer: ARightsSubmission
) -> Response:
    """Ask who somebody is who is to be known here."""
    NEW.refuse(asker.subject.post.duty)
    at_hand = {"agencies": await read(partial(_agencies, services))}
    return writer.show(asker, NEW, at_hand, Sent(), template=FORM, back="/people")


@router.post("/people/new")
async def register(
    asker: MayChangeRights, services: AServices, read: AReader, writer: ARightsSubmission
) -> Response:
    """Make somebody known."""
    NEW.refuse(asker.subject.post.duty)
    at_hand = {"agencies": await read(partial(_agencies, services))}
    fixed = NEW.rest({})
    to = f"/people/{fixed['person']}?said=new"
    sent = await writer.submission.sent()
    return await writer.say(asker, NEW, at_hand, sent, to, fixed, template=FORM, back="/people")


@router.get("/people/{person}")
async def show_person(
    asker: MaySeeRights,
    person: PersonId,
    services: AServices,
    sources: ASources,
    read: AReader,
    reader: APlanReader,
    frame: AFrame,
    said: str = "",
) -> Response:
    """Show one person: roles, how they sign in, teams, and what waits for a second person."""
    rights = (await read(services.authoriser.look)).rights
    known = rights.people.get(person)
    if known is None:
        raise NoSuchPage
    form = NEW if said == "new" else FORMS.get(said)
    duty = asker.subject.post.duty
    return frame.page(
        "admin/person.html",
        title="A person and their roles",
        subject=asker.subject,
        person=registered.whole(rights, known, services.today()),
        titles=dict(_issuers(sources)),
        may={name: each.may(duty) for name, each in FORMS.items()},
        then=form.then if form else None,
        allocated=await tied_to(reader, asker, rights, person),
        oneself=person == asker.subject.person,
        inspects=Duty.INSPECTOR in {rights.grants[g].post.duty for g in rights.grants_of[person]}
        if person in rights.grants_of
        else False,
    )


@router.get("/people/{person}/{what}")
async def ask(
    asker: MaySeeRights,
    person: PersonId,
    what: What,
    services: AServices,
    sources: ASources,
    read: AReader,
    writer: ARightsSubmission,
) -> Response:
    """Ask what shall be so of a person."""
    form = _form(what, asker)
    at_hand = await read(partial(_at_hand, services, sources, person))
    about = _about(at_hand["rights"], person, form, writer.submission.asked())
    return writer.show(asker, form, at_hand, writer.submission.asked(), template=FORM, **about)


@router.post("/people/{person}/{what}")
async def say(
    asker: MayChangeRights,
    person: PersonId,
    what: What,
    services: AServices,
    sources: ASources,
    read: AReader,
    writer: ARightsSubmission,
) -> Response:
    """Record what shall be so of a person, or say what is wrong with it."""
    form = _form(what, asker)
    at_hand = await read(partial(_at_hand, services, sources, person))
    fixed = {} if form.given and "team" not in form.given else {"person": person}
    sent = await writer.submission.sent()
    about = _about(at_hand["rights"], person, form, sent)
    to = f"/people/{person}?said={what}"
    return await writer.say(asker, form, at_hand, sent, to, fixed, template=FORM, **about)


def _form(what: str, asker: Asker) -> RightsForm:
    form = FORMS.get(what)
    if form is None:
        raise NoSuchPage
    form.refuse(asker.subject.post.duty)
    return form


def _found(rights: Rights, search: str) -> list[Any]:
    """Find people by name or agency, in the order of their names."""
    wanted = search.casefold().split()
    people = sorted(rights.people.values(), key=lambda each: each.name.casefold())
    return [
        each
        for each in people
        if all(word in f"{each.name} {agency(each.agency)}".casefold() for word in wanted)
    ]


def _agencies(services: Services) -> list[tuple[str, str]]:
    """List the agencies that the policy names, in the order of their names in full."""
    known = services.policies().on(services.today()).counts_as
    return sorted(((name, agency(name)) for name in known), key=lambda each: each[1].casefold())


def _issuers(sources: Sources) -> list[tuple[str, str]]:
    return [(each.issuer, each.title) for each in sources.providers]


def _at_hand(services: Services, sources: Sources, person: str) -> AtHand:
    """Give what the forms about a person draw upon."""
    rights = services.authoriser.look().rights
    known = rights.people.get(person)
    if known is None:
        raise NoSuchPage
    return {
        "who": known.name,
        "rights": rights,
        "agencies": _agencies(services),
        "issuers": _issuers(sources),
        "names": {person: known.name},
    }


def _about(rights: Rights, person: str, form: RightsForm, sent: Sent) -> Mapping[str, Any]:
    """Say in words what the form is about: which role, which warrant, which way to sign in."""
    given = {name: sent.one(name) for name in form.given}
    facts: list[tuple[str, str]] = []
    if grant := rights.grants.get(given.get("grant", "")):
        facts += [
            ("Role", f"{grant.post.duty.says}, {agency(grant.post.agency)}"),
            ("Proposed by", registered.name_of(rights, grant.proposed_by)),
        ]
    if warrant := rights.warrants.get(given.get("warrant", "")):
        facts += [
            ("For", warrant.purpose),
            ("Plans", f"{len(warrant.plans)} plans" if warrant.plans else "The whole authority"),
            ("Proposed by", registered.name_of(rights, warrant.proposed_by)),
        ]
    if "subject" in given:
        facts += [("Signs in at", given["issuer"]), ("Known there as", given["subject"])]
    if "team" in given:
        facts.append(("Team", given["team"]))
    return {"facts": facts, "given": given, "back": f"/people/{person}"}
