"""What is refused, and why: one small function a rule, each named with its source.

The modules are asked in the order in which they are imported here.
"""

from plantrack.domain.plans.rules import (  # isort: skip
    opening,
    days,
    names,
    completeness,
    own_work,
    endings,
    putting_right,
)
from plantrack.domain.plans.rules.rule import Saying, check, every_rule

__all__ = [
    "Saying",
    "check",
    "completeness",
    "days",
    "endings",
    "every_rule",
    "names",
    "opening",
    "own_work",
    "putting_right",
]
