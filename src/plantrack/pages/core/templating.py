"""How a page is drawn: from a template, with every word that people said escaped."""

from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from plantrack.domain import words as w
from plantrack.domain.events.envelopes import capitalised
from plantrack.pages.core.static_files import address
from plantrack.pages.wording import dates, sentences


@cache
def environment() -> Environment:
    """Make the environment of all templates."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("plantrack.pages"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        day=dates.day,
        clock=dates.clock,
        moment=dates.moment,
        days=dates.how_many_days,
        agency=w.agency,
        agencies=w.agencies,
        listed=w.listed,
        words=w.words,
        capital=capitalised,
        say=sentences.say,
    )
    made.globals.update(static=address, days_between=dates.days_between)
    return made


def draw(template: str, **about: Any) -> str:
    """Draw a template."""
    return environment().get_template(template).render(about)
