"""The resident registration number's pattern, which this system refuses to hold.

Processing that number needs a statute; a birth date and a candidate number identify a person here. The pattern is
six digits of a valid date, a century digit from 1 to 8 and six more digits, with or without a hyphen.
"""

import re
from datetime import date
from typing import Final

from cbt.kernel.errors import InvalidInput

_CANDIDATE: Final = re.compile(r"(?<![0-9])([0-9]{2})([0-9]{2})([0-9]{2})\s?[-–]?\s?([1-8])[0-9]{6}(?![0-9])")
_CENTURY: Final = {"1": 1900, "2": 1900, "3": 2000, "4": 2000, "5": 1900, "6": 1900, "7": 2000, "8": 2000}


class ResidentNumber(InvalidInput):
    """A resident registration number must not be entered here; the birth date and the candidate number are enough."""

    code = "resident-number"


def find_resident_number(text: str) -> tuple[int, int] | None:
    """Return start and end of the first resident number's pattern in `text`, or None."""
    for found in _CANDIDATE.finditer(text):
        year, month, day, century = found.groups()
        try:
            date(_CENTURY[century] + int(year), int(month), int(day))
        except ValueError:
            continue
        return found.span()
    return None


def refuse_resident_number(where: str, text: str) -> None:
    """Raise ResidentNumber, naming the field `where`, when `text` holds the pattern."""
    if find_resident_number(text) is not None:
        raise ResidentNumber(where=where)
