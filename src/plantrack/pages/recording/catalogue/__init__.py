"""The forms: how people say each kind of event, in questions they would ask one another."""

from collections.abc import Mapping

from plantrack.pages.forms import Form
from plantrack.pages.recording.catalogue import (
    actions,
    assessments,
    challenges,
    children,
    decisions,
    families,
    information,
    injuries,
    meetings,
    oversight,
    plans,
)

THEMES = (
    children,
    actions,
    meetings,
    decisions,
    information,
    injuries,
    families,
    assessments,
    challenges,
    oversight,
    plans,
)
FORMS: Mapping[str, Form] = {form.kind: form for theme in THEMES for form in theme.FORMS}
"""One form for each kind that people record by itself; others have pages of their own."""

ON_OTHER_PAGES: Mapping[str, str] = {
    "PlanOpened": "/plans/new",
    "PlanSteppedDown": "/plans/{plan}/end/step-down",
    "PlanSteppedUp": "/plans/{plan}/end/step-up",
    "PlanTransferredOut": "/plans/{plan}/end/transfer",
    "PlanClosed": "/plans/{plan}/end/close",
    "InformationShared": "/plans/{plan}/share",
    "AlertAnswered": "/alerts/{plan}/{alert}",
    "Corrected": "/plans/{plan}/entries/{number}/correct",
    "Retracted": "/plans/{plan}/entries/{number}/retract",
}
"""The kinds that have a page of their own, and where it is."""
