"""The words of a page that tells why something was not done: no codes, and what to do next."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import Request

from plantrack.domain.rights.actions import MAY, Action
from plantrack.domain.rights.authorise import Subject
from plantrack.pages.core.layout import Place
from plantrack.web.cross_site import FOREIGN

START = Place("Go to the first page", "/")
SIGN_IN = Place("Sign in", "/sign-in")
KIND = "urn:plantrack:problem:"
NOT_RECORDED = "What you sent was not recorded. Your browser still has it: go back one page."


class Words(NamedTuple):
    """What such a page says: under which title, in which sentences, and where to go on."""

    title: str
    said: Sequence[str]
    links: Sequence[Place] = (START,)
    contact: bool = False
    """Whether the council's telephone number and address stand below."""
    reference: str | None = None


def words_for(
    request: Request, subject: Subject | None, status: int, problem: Mapping[str, Any]
) -> Words:
    """Word a problem for whoever opened a page."""
    kind = str(problem.get("type", "")).removeprefix(KIND)
    detail = str(problem.get("detail", ""))
    path = request.url.path
    if kind == "prove-again":
        return _prove_again(request)
    if kind == "no-such-plan" or (status == HTTPStatus.NOT_FOUND and path.startswith("/plans/")):
        return _no_plan(path, subject)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _unforeseen(request)
    if status == HTTPStatus.FORBIDDEN:
        return _not_allowed(detail)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return UNAVAILABLE._replace(said=[detail, *UNAVAILABLE.said])
    return WORDS.get(status) or Words(
        "That was not done", [detail, *([NOT_RECORDED] if request.method == "POST" else [])]
    )


def _prove_again(request: Request) -> Words:
    then = request.url.path if request.method == "GET" else "/"
    return Words(
        "Prove again who you are",
        [
            "What you asked for needs a proof of who you are that is not older than five minutes. "
            "When you have given it, you come back here."
        ],
        [Place("Prove who you are", f"/sign-in?step_up=true&then={quote(then, safe='')}"), START],
    )


def _no_plan(path: str, subject: Subject | None) -> Words:
    """Say the same of a plan that there is not and of one that is not theirs."""
    parts = path.split("/")
    plan = parts[2] if len(parts) > 2 and parts[1] == "plans" else None  # noqa: PLR2004 - /plans/{plan}
    said = [
        "Either there is no plan with this reference, or you have no access to it. This page is "
        "the same for both, so that nobody learns of a plan that is not theirs to see.",
        "If you work with the child, ask the plan's chair, the social worker's manager or your "
        "agency's lead to name you on the plan. If you followed a link, check how it is written.",
    ]
    links = [START]
    if plan and subject and subject.post.duty in MAY[Action.BREAK_GLASS].duties:
        said.append("If a child is in danger and you must see the plan now, take emergency access.")
        address = f"/plans/{quote(plan, safe='')}/emergency-access"
        links.insert(0, Place("Take emergency access", address))
    return Words("There is no plan here that you may see", said, links, contact=True)


def _not_allowed(detail: str) -> Words:
    if detail == FOREIGN:
        said = "This was sent from a page of another site, so it was not done. Do it here instead."
        return Words("That was not done", [said])
    return Words(
        "You may not do this",
        [detail, "If you need it for your work, ask an administrator which role it takes."],
        contact=True,
    )


def _unforeseen(request: Request) -> Words:
    sent = (
        "What you sent may not have been recorded. Look at the plan's history before you send it "
        "again; your browser still has what you wrote: go back one page."
    )
    return Words(
        "Sorry, there is a problem with the service",
        ["Try again in a few minutes.", *([sent] if request.method == "POST" else [])],
        contact=True,
        reference=getattr(request.state, "request_id", None),
    )


UNAVAILABLE = Words(
    "Sorry, the service is unavailable",
    [
        "Try again in a few minutes. What you had recorded before is safe. What you were sending "
        "just now is recorded only if a page said so: look before you send it again.",
    ],
    contact=True,
)
WORDS: Mapping[int, Words] = {
    HTTPStatus.UNAUTHORIZED: Words(
        "Sign in first", ["You are not signed in, or were signed out after a while."], [SIGN_IN]
    ),
    HTTPStatus.NOT_FOUND: Words(
        "Page not found",
        [
            "There is nothing at this address. If you typed it, check that it is right. If you "
            "pasted it, check that you copied all of it.",
        ],
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: Words(
        "This cannot be opened like this",
        ["This address only takes what a form sends, or only shows something. Use the form again."],
    ),
    HTTPStatus.REQUEST_TIMEOUT: Words(
        "That took too long", [f"It did not all arrive in time. {NOT_RECORDED}"]
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
        "That is too large",
        [
            "A form may hold up to 1MB, which is about 150,000 words, and a history file up to "
            f"2MB. {NOT_RECORDED}"
        ],
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Words(
        "This cannot be read", [f"It did not come from a form of this service. {NOT_RECORDED}"]
    ),
    HTTPStatus.MISDIRECTED_REQUEST: Words(
        "The service is not at this address",
        ["Use the address that you were given for it."],
        (),
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: Words(
        "Your browser sent too much",
        ["Delete the cookies of this site in your browser, and sign in again."],
        [SIGN_IN],
    ),
}
"""What some statuses are called where no person's own words say more."""
