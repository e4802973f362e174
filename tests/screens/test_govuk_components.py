"""What draws GOV.UK's components draws each as GOV.UK does, for the very version that is pinned."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import Template

from plantrack.pages.core.templating import environment
from screens.upstream import ASSETS, modules, tree

MANY = 657


def fixtures() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give GOV.UK's own examples: what goes in, and the HTML that comes out."""
    components = modules(ASSETS) / "govuk-frontend" / "dist" / "govuk" / "components"
    for path in sorted(components.glob("*/fixtures.json")):
        read = json.loads(path.read_text(encoding="utf-8"))
        for each in read["fixtures"]:
            yield read["component"], each


def macro_of(component: str) -> Template:
    name = "govuk" + component.title().replace("-", "")
    source = f"govuk_frontend_jinja/components/{component}/macro.html"
    return environment().from_string(
        f'{{% from "{source}" import {name} %}}{{{{ {name}(params) }}}}'
    )


def test_every_component_is_drawn_as_its_authors_say() -> None:
    macros: dict[str, Template] = {}
    different, seen = [], 0
    for component, each in fixtures():
        seen += 1
        macro = macros.setdefault(component, macro_of(component))
        if tree(macro.render(params=each["options"])) != tree(each["html"]):
            different.append(f"{component}: {each['name']}")

    assert different == []
    assert seen == MANY


@pytest.mark.parametrize("component", ["generic-header", "service-navigation", "task-list"])
def test_an_example_that_is_drawn_otherwise_is_noticed(component: str) -> None:
    example = next(each for name, each in fixtures() if name == component)
    drawn = macro_of(component).render(params=example["options"])

    assert tree(drawn) == tree(example["html"])
    assert tree(drawn.replace("govuk-", "gov-", 1)) != tree(example["html"])
