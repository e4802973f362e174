"""The forms: how people say each kind of event, in questions they would ask one another."""

from collections.abc import Mapping

from plantrack.pages.asking import Form
from plantrack.pages.said import actions, children

FORMS: Mapping[str, Form] = {
    form.kind: form for theme in (actions, children) for form in theme.FORMS
}
"""One form for each kind that people record by itself; others have pages of their own."""
