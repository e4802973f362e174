"""The few pages there are: plain HTML that says one thing, without scripts or styles."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

DEMONSTRATION = (
    "This is a demonstration with invented people. Nobody is checked, and nothing here is real."
)

NO_ICON = "/healthz"
"""A browser asks for an icon whatever there is, and notes it as an error if that is not there."""


def page(
    title: str,
    *parts: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    demo: bool = False,
) -> HTMLResponse:
    """Make a page of a title and parts that are HTML already; a title names nobody."""
    marked = f"<header><p><strong>{escape(DEMONSTRATION)}</strong></p></header>" if demo else ""
    body = (
        "<!DOCTYPE html>"
        '<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{NO_ICON}">'
        f"<title>{escape(title)} - plantrack</title></head>"
        f"<body>{marked}<main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )
    return HTMLResponse(body, status, dict(headers or {}))


def said(sentence: str) -> str:
    """Write a sentence as a paragraph."""
    return f"<p>{escape(sentence)}</p>"


def link(address: str, text: str) -> str:
    """Write a link on a line of its own."""
    return f'<p><a href="{escape(address)}">{escape(text)}</a></p>'


def listed(items: list[str]) -> str:
    """Write parts that are HTML already as a list."""
    return "<ul>" + "".join(f"<li>{each}</li>" for each in items) + "</ul>"


def button(action: str, text: str, **fields: str) -> str:
    """Write a form of one button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return (
        f'<form method="post" action="{escape(action)}">{hidden}'
        f"<button>{escape(text)}</button></form>"
    )
