"""Forms: questions in plain words, how an answer is read, and what is said when one is missing."""

from plantrack.pages.forms.agencies import EachAgency, WhichAgencies, WhichAgency, WithOwn
from plantrack.pages.forms.answers import Faults, Sent, Wrong
from plantrack.pages.forms.choices import Both, Choice, FromAddress, Many, One, Option, Pick
from plantrack.pages.forms.days import Day, TimeOfDay
from plantrack.pages.forms.each import Each
from plantrack.pages.forms.forms import AtHand, Form, Read
from plantrack.pages.forms.people import PersonOf
from plantrack.pages.forms.questions import Line, Lines, Name, Question, Whole, Words, YesNo
from plantrack.pages.forms.several import Several

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
