"""Filling in a form of a page as a browser without a script would send it."""

from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx
from bs4 import BeautifulSoup, Tag

Fields = dict[str, list[str]]
TYPED = "What was said about it."


def form_of(html: str) -> Tag:
    """Find the form of a page, which is the one in its main part."""
    found = BeautifulSoup(html, "html.parser").select_one("main form[method=post]")
    assert found is not None, "the page has no form"
    return found


def as_shown(html: str) -> Fields:
    """Give what the form would send as it stands: nothing typed but what is there."""
    sent: Fields = {}
    for each in form_of(html).select("input, textarea, select"):
        name = str(each.get("name") or "")
        for value in _standing(each) if name else ():
            sent.setdefault(name, []).append(value)
    return sent


def filled_in(html: str, **typed: str) -> Fields:
    """Give what the form would send with every question answered, the first choice each."""
    sent = as_shown(html)
    for each in form_of(html).select("input, textarea, select"):
        name = str(each.get("name") or "")
        if not name or each.get("type") == "hidden" or name == "mark" or any(sent.get(name, ())):
            continue
        sent[name] = [_answer(each, name)]
    return sent | {name: [value] for name, value in typed.items()}


def told(html: str) -> str:
    """Give the words of the main part of a page."""
    main = BeautifulSoup(html, "html.parser").select_one("main")
    assert main is not None
    return unescape(" ".join(main.get_text(" ").split()))


def errors_of(html: str) -> dict[str, str]:
    """Give the lines of the error summary, by the field that each leads to."""
    page = BeautifulSoup(html, "html.parser")
    links = page.select(".govuk-error-summary__list a")
    for link in links:
        assert page.select_one(f'[id="{str(link["href"])[1:]}"]'), f"{link} leads nowhere"
    return {str(link["href"])[1:]: link.get_text(strip=True) for link in links}


def errors_at_fields(html: str) -> list[str]:
    """Give what the fields themselves say is wrong."""
    found = BeautifulSoup(html, "html.parser").select(".govuk-error-message")
    return [" ".join(each.get_text(" ").split()).removeprefix("Error: ") for each in found]


def send(
    client: httpx.Client, address: str, fields: Mapping[str, Any], **more: str
) -> httpx.Response:
    """Send a form and go nowhere; ``more`` is which button was pressed, or typed otherwise."""
    path = address.partition("?")[0]
    return client.post(path, data={**fields, **more}, follow_redirects=False)


def _standing(each: Tag) -> list[str]:
    if each.name == "textarea":
        return [each.get_text().removeprefix("\n")]
    if each.name == "select":
        chosen = each.select_one("option[selected]") or each.select_one("option")
        return [str(chosen["value"])] if chosen else []
    if each.get("type") in ("radio", "checkbox"):
        return [str(each["value"])] if each.has_attr("checked") else []
    return [str(each.get("value") or "")]


def _answer(each: Tag, name: str) -> str:
    part = name.rpartition("-")[2]
    if part in DAY:
        return DAY[part]
    if each.name == "select":
        return str(each.select("option")[1]["value"])
    if each.get("type") in ("radio", "checkbox"):
        return str(each["value"])
    return NAMED.get(name, TYPED)


DAY = {"day": "23", "month": "nov", "year": "2026"}
NAMED = {
    "lead-name": "Leigh Lead",
    "chair-name": "Cass Chair",
    "review_every_days": "14",
    "at": "2:30pm",
    "team": "North",
    "plan": "CP-102",
}
