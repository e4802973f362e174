"""What a page says to whoever reads it: its text, its links, and what its forms send."""

import re
from html import unescape

import httpx
from bs4 import BeautifulSoup


def soup(answer: httpx.Response) -> BeautifulSoup:
    """Read a page."""
    return BeautifulSoup(answer.text, "html.parser")


def text(answer: httpx.Response, within: str = "main") -> str:
    """Give the words of a part of a page, with one space between them."""
    found = soup(answer).select_one(within)
    return re.sub(r"\s+", " ", unescape(found.get_text(" "))).strip() if found else ""


def links(answer: httpx.Response, within: str = "main") -> dict[str, str]:
    """Give the addresses of the links in a part of a page, by what they say."""
    found = soup(answer).select(f"{within} a[href]")
    return {re.sub(r"\s+", " ", each.get_text(" ")).strip(): str(each["href"]) for each in found}


def hidden(answer: httpx.Response) -> dict[str, str]:
    """Give what a page's form sends besides what is typed."""
    return {
        str(each["name"]): str(each["value"]) for each in soup(answer).select("input[type=hidden]")
    }
