"""Read models. Each module is one table, its queries, and ``rows``: a plan's file made into rows.

``rows`` is a pure function of one plan's file, so a row can be thrown away and made again.
"""

from plantrack.projections import (
    actions,
    alerts,
    caseload,
    challenges,
    decisions,
    due,
    engagement,
    facts,
    family,
    information,
    last_sweep,
    meetings,
    next_sweep,
)
from plantrack.projections.tables import ReadModel

MODELS: tuple[ReadModel, ...] = (
    caseload,
    due,
    alerts,
    actions,
    decisions,
    information,
    engagement,
    challenges,
    family,
    meetings,
    next_sweep,
    facts,
)
"""Every read model. A new one is a module of this package and a word in this line."""

BESIDE = (last_sweep,)
"""What is kept with the read models but is of no generation."""
