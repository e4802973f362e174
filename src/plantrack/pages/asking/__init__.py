"""Forms: questions in plain words, how an answer is read, and what is said when one is missing."""

from plantrack.pages.asking.agencies import EachAgency, WhichAgencies, WhichAgency, WithOwn
from plantrack.pages.asking.answers import Faults, Sent, Wrong
from plantrack.pages.asking.choices import Both, Choice, FromAddress, Many, One, Option, Pick
from plantrack.pages.asking.days import Day, TimeOfDay
from plantrack.pages.asking.each import Each
from plantrack.pages.asking.forms import AtHand, Form, Read
from plantrack.pages.asking.people import PersonOf
from plantrack.pages.asking.questions import Line, Lines, Name, Question, Whole, Words, YesNo
from plantrack.pages.asking.several import Several

__all__ = [
    "AtHand",
    "Both",
    "Choice",
    "Day",
    "Each",
    "EachAgency",
    "Faults",
    "Form",
    "FromAddress",
    "Line",
    "Lines",
    "Many",
    "Name",
    "One",
    "Option",
    "PersonOf",
    "Pick",
    "Question",
    "Read",
    "Sent",
    "Several",
    "TimeOfDay",
    "WhichAgencies",
    "WhichAgency",
    "Whole",
    "WithOwn",
    "Words",
    "Wrong",
    "YesNo",
]
