"""Components of MoJ Frontend are drawn as their authors draw them, but for two differences.

Both are meant: the timeline is an ordered list, and the identity bar a section with a name.
"""

from typing import Any

import pytest
from markupsafe import Markup

from plantrack.pages.core.templating import environment
from screens.upstream import Element, Part, rendered, tree

FILES = {
    "mojAlert": "alert",
    "mojBadge": "badge",
    "mojFilter": "filter",
    "mojIdentityBar": "identity-bar",
    "mojScrollablePane": "scrollable-pane",
    "mojSideNavigation": "side-navigation",
    "mojSubNavigation": "sub-navigation",
    "mojTimeline": "timeline",
}
ODD = "R & “N” <b>Nolan</b>"
"""What people write. It must come out as it went in."""

MORE = {"classes": "more", "attributes": {"id": "one", "data-said": ODD}}
LINKS = [
    {"text": "Overview", "href": "/plans/CP-0417", "active": True, "attributes": {"id": "a"}},
    {"html": "Seen <b>and</b> heard", "href": "/plans/CP-0417/seen?a=1&b=2"},
]
TIMELINE: dict[str, Any] = {
    "headingLevel": 3,
    "items": [
        {
            "label": {"text": ODD},
            "byline": {"text": "J Whyte, school nurse"},
            "datetime": {"timestamp": "2026-11-03T11:05:00Z", "text": "3 November 2026 at 11:05am"},
            "text": "“Missed visits followed a hospital stay.”",
            **MORE,
        },
        {
            "label": {"html": "Action 4 <i>was due</i>"},
            "datetime": {"timestamp": "2026-11-03", "text": "3 November 2026"},
            "html": "<p>Nobody reviewed it.</p>",
        },
    ],
}
SELECTED = {
    "heading": {"text": "Selected filters"},
    "clearLink": {"text": "Clear filters", "href": "/alerts"},
    "categories": [
        {"heading": {"text": "Team"}, "items": [{"text": ODD, "href": "/alerts?a=1"}]},
        {
            "heading": {"html": "Why <i>raised</i>"},
            "items": [{"text": "Not seen alone", "href": "/x"}, {"text": "Late", "href": "/y"}],
        },
    ],
}
SECTIONS = [
    {"heading": {"text": "People"}, "items": LINKS},
    {"heading": {"html": "<i>Rules</i>", "headingLevel": 2, **MORE}, "items": LINKS[:1]},
]
PARTS = [
    *(
        Part("alert", "mojAlert", {"variant": variant, "title": ODD, "text": "Since 6am"})
        for variant in ("information", "success", "warning", "error")
    ),
    Part("alert", "mojAlert", {"title": "Alerts may be out of date", **MORE, "role": "status"}),
    Part(
        "alert",
        "mojAlert",
        {
            "variant": "warning",
            "title": "Out of date",
            "showTitleAsHeading": True,
            "headingTag": "h3",
            "html": "<p>The check has not run.</p>",
        },
    ),
    Part("alert", "mojAlert", {"title": "Only a title", "showTitleAsHeading": True}),
    Part("badge", "mojBadge", {"text": ODD, **MORE}),
    Part("badge", "mojBadge", {"html": "<i>Late</i>"}),
    Part(
        "filter",
        "mojFilter",
        {
            "heading": {"text": "Filter"},
            "selectedFilters": SELECTED,
            "submit": {"text": "Show", "attributes": {"id": "go"}},
            "optionsHtml": "<p>Boxes</p>",
            "attributes": {"id": "narrow"},
        },
    ),
    Part("filter", "mojFilter", {"heading": {"html": "<i>Filter</i>"}, "optionsHtml": ""}),
    Part("identity-bar", "mojIdentityBar", {"title": {"text": ODD}, **MORE}),
    Part("identity-bar", "mojIdentityBar", {"title": {"html": "<b>Kai M</b>, 7 years old"}}),
    Part("side-navigation", "mojSideNavigation", {"label": ODD, "items": LINKS, **MORE}),
    Part("side-navigation", "mojSideNavigation", {"sections": SECTIONS}),
    Part("sub-navigation", "mojSubNavigation", {"label": ODD, "items": LINKS, **MORE}),
    Part("sub-navigation", "mojSubNavigation", {"items": LINKS[1:]}),
    Part("timeline", "mojTimeline", TIMELINE | MORE),
    Part("timeline", "mojTimeline", {"items": TIMELINE["items"][1:]}),
]


def drawn(part: Part) -> str:
    """Draw a component by our macro, with HTML marked as such, as a template's block is."""
    name = FILES[part.macro]
    source = f'{{% from "moj/{name}.html" import {part.macro} %}}{{{{ {part.macro}(params) }}}}'
    return environment().from_string(source).render(params=marked(part.params))


def marked(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: marked(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [marked(each) for each in value]
    return Markup(value) if key in {"html", "optionsHtml"} else value


def upstream_s(part: Part) -> Part:
    """Say to the authors' template in its own way when something was."""
    if part.macro != "mojTimeline":
        return part
    items = [
        each | {"datetime": {"timestamp": at["timestamp"], "type": at["text"]}}
        for each in part.params["items"]
        for at in [each["datetime"]]
    ]
    return part._replace(params=part.params | {"items": items})


MEANT: dict[str, tuple[str, dict[str, str]]] = {
    "moj-timeline": ("ol", {"role": "list"}),
    "moj-timeline__item": ("li", {}),
    "moj-identity-bar": ("section", {"aria-label": ""}),
}
"""Which of their elements are others here, and what they have besides."""


def as_meant(part: Element | str) -> Element | str:
    """Make of what the authors draw what it is meant to be here."""
    if isinstance(part, str):
        return part
    inside = tuple(map(as_meant, part.inside))
    block = dict(part.attributes).get("class", "").partition(" ")[0]
    name, more = MEANT.get(block, (part.name, {}))
    return Element(name, tuple(sorted((dict(part.attributes) | more).items())), inside)


@pytest.fixture(scope="module")
def theirs() -> list[str]:
    return rendered([upstream_s(part) for part in PARTS])


@pytest.mark.parametrize("number", range(len(PARTS)), ids=[part.macro for part in PARTS])
def test_it_is_drawn_as_its_authors_draw_it(theirs: list[str], number: int) -> None:
    assert tree(drawn(PARTS[number])) == [as_meant(each) for each in tree(theirs[number])]


def test_every_macro_is_compared_but_the_pane_which_they_have_none_for() -> None:
    assert {part.macro for part in PARTS} == FILES.keys() - {"mojScrollablePane"}


def test_the_identity_bar_says_what_it_is() -> None:
    bar = drawn(Part("", "mojIdentityBar", {"label": "Plan", "title": {"text": "CP-0417"}}))

    assert '<section class="moj-identity-bar" aria-label="Plan">' in bar


@pytest.mark.parametrize("macro", ["mojAlert", "mojBadge", "mojIdentityBar"])
def test_what_somebody_wrote_is_never_html(macro: str) -> None:
    said = "<script>alarm()</script>"
    source = f'{{% from "moj/{FILES[macro]}.html" import {macro} %}}{{{{ {macro}(params) }}}}'
    page = environment().from_string(source)

    assert said not in page.render(params={"html": said, "title": {"html": said}})
    assert said in page.render(params=marked({"html": said, "title": {"html": said}}))


def test_a_pane_that_scrolls_can_be_reached_and_has_a_name() -> None:
    source = (
        '{% from "moj/scrollable-pane.html" import mojScrollablePane %}'
        '{% call mojScrollablePane({"label": label}) %}<table></table>{% endcall %}'
    )
    [pane] = tree(environment().from_string(source).render(label=ODD))

    assert isinstance(pane, Element)
    assert dict(pane.attributes) == {
        "class": "moj-scrollable-pane",
        "role": "region",
        "aria-label": ODD,
        "tabindex": "0",
    }
    assert pane.inside == (Element("table", (), ()),)
