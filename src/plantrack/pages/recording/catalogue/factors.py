"""What an assessment may have found, as the children in need census counts it, in short words."""

from collections.abc import Mapping

_WHOSE = {
    "1": "Alcohol misuse",
    "2": "Drug misuse",
    "3": "Subject of domestic violence",
    "4": "Mental health",
    "5": "Learning disability",
    "6": "Physical disability or illness",
}
_WHO = {"A": "the child", "B": "a parent or carer", "C": "somebody else in the household"}
_OTHERS = {
    "7A": "Young carer",
    "8B": "Privately fostered: from overseas, means to return",
    "8C": "Privately fostered: from overseas, means to stay",
    "8D": "Privately fostered: from the UK, for education",
    "8E": "Privately fostered: from the UK, family's own arrangement",
    "8F": "Privately fostered: otherwise",
    "9A": "Seeks asylum without family",
    "10A": "Goes missing",
    "11A": "Child sexual exploitation",
    "12A": "Trafficking",
    "13A": "Gangs",
    "14A": "Socially unacceptable behaviour",
    "15A": "Self-harm",
    "16A": "Neglect",
    "17A": "Emotional abuse",
    "18B": "Physical abuse by another child",
    "18C": "Physical abuse by an adult",
    "19B": "Sexual abuse by another child",
    "19C": "Sexual abuse by an adult",
    "22A": "Female genital mutilation",
    "23A": "Abuse linked to faith or belief",
    "24A": "Child criminal exploitation",
    "20": "Something else",
    "21": "Nothing of all this",
}
FACTORS: Mapping[str, str] = {
    f"{number}{letter}": f"{what}: {who}"
    for number, what in _WHOSE.items()
    for letter, who in _WHO.items()
} | _OTHERS
"""By code; the codes are what returns to the department need."""
