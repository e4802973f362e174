"""Forms: questions in plain words, how an answer is read, and what is said when one is missing."""

from plantrack.pages.asking.answers import Faults, Sent, Wrong
from plantrack.pages.asking.choices import (
    EachAgency,
    Many,
    One,
    Option,
    Pick,
    WhichAgencies,
    WhichAgency,
)
from plantrack.pages.asking.forms import AtHand, Form, Read
from plantrack.pages.asking.questions import (
    Day,
    Line,
    Lines,
    PersonOf,
    Question,
    TimeOfDay,
    Whole,
    Words,
    YesNo,
)

__all__ = [
    "AtHand",
    "Day",
    "EachAgency",
    "Faults",
    "Form",
    "Line",
    "Lines",
    "Many",
    "One",
    "Option",
    "PersonOf",
    "Pick",
    "Question",
    "Read",
    "Sent",
    "TimeOfDay",
    "WhichAgencies",
    "WhichAgency",
    "Whole",
    "Words",
    "Wrong",
    "YesNo",
]
