"""Forms: questions in plain words, how an answer is read, and what is said when one is missing."""

from plantrack.pages.asking.agencies import EachAgency, WhichAgencies, WhichAgency, WithOwn
from plantrack.pages.asking.answers import Faults, Sent, Wrong
from plantrack.pages.asking.choices import Both, Choice, Many, One, Option, Pick
from plantrack.pages.asking.days import Day, TimeOfDay
from plantrack.pages.asking.forms import AtHand, Form, Read
from plantrack.pages.asking.people import PersonOf
from plantrack.pages.asking.questions import Line, Lines, Name, Question, Whole, Words, YesNo

__all__ = [
    "AtHand",
    "Both",
    "Choice",
    "Day",
    "EachAgency",
    "Faults",
    "Form",
    "Line",
    "Lines",
    "Many",
    "Name",
    "One",
    "Option",
    "Pick",
    "PersonOf",
    "Question",
    "Read",
    "Sent",
    "TimeOfDay",
    "WhichAgencies",
    "WhichAgency",
    "Whole",
    "WithOwn",
    "Words",
    "Wrong",
    "YesNo",
]
