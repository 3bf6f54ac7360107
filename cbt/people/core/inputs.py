"""What people type into fields, read strictly: a value per field, or a problem named for the field.

`Fields` collects every problem of one input before it refuses, so that a person sees all of them at once. Sentences
are English message ids; a page translates them.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from cbt.kernel.errors import InvalidInput, Problem
from cbt.kernel.personal import find_resident_number
from cbt.kernel.titles import Title

LONGEST_TEXT: Final = 200
LONGEST_NUMBER: Final = 9
LONGEST_FACTOR: Final = 12
GREATEST_FACTOR: Final = 4
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
_DAY: Final = re.compile(r"(\d{4})[-./\s]*?(\d{1,2})[-./\s]*?(\d{1,2})[.\s]*")
_PLAIN_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
EARLIEST_BIRTH: Final = date(1900, 1, 1)

HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing": "Fill in this field.",
        "too-long": "This is too long.",
        "control-character": "This holds a character that cannot be printed.",
        "formula": "A spreadsheet would run this as a formula: begin with a letter or a digit.",
        "resident-number": "A resident registration number must not be entered; birth date and candidate number do.",
        "bad-code": "Use capital letters, digits, dot, hyphen and underscore, 40 at most.",
        "bad-number": "Write a whole number.",
        "number-range": "This number is outside the permitted range.",
        "bad-points": "Write a number of points, with three decimal places at most.",
        "bad-date": "Write a date that exists, such as 1999-01-31.",
        "date-range": "This date cannot be a birth date.",
        "bad-time": "Write date and time, such as 2026-11-22T10:00.",
        "bad-choice": "Choose one of the entries.",
        "bad-factor": "Write the time factor as 1.5 or 3/2, from 1 to 4.",
        "code-taken": "This code is in use already.",
    }
)


class InputRefused(InvalidInput):
    """Some fields are not filled in correctly."""

    code = "input-refused"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.hint}" for problem in problems))
        self.problems = problems


def refuse(where: str, code: str, hints: Mapping[str, str] = HINTS) -> InputRefused:
    """Return the refusal of one field."""
    return InputRefused((Problem(where=where, code=code, hint=hints[code]),))


class Fields:
    """The raw fields of one input; each reader returns a value, noting a problem when there is none."""

    def __init__(self, raw: Mapping[str, str], hints: Mapping[str, str] = HINTS) -> None:
        self._raw = raw
        self._hints = hints
        self._problems: list[Problem] = []

    def fail(self, name: str, code: str) -> None:
        """Note a problem with field `name`; the first one of a field stands."""
        if all(problem.where != name for problem in self._problems):
            self._problems.append(Problem(where=name, code=code, hint=self._hints[code]))

    def problems(self) -> tuple[Problem, ...]:
        """Return what was noted so far."""
        return tuple(self._problems)

    def check(self) -> None:
        """Raise InputRefused when a problem was noted."""
        if self._problems:
            raise InputRefused(self.problems())

    def raw(self, name: str) -> str:
        """Return the field as typed, composed (NFC) and without blanks around it."""
        return unicodedata.normalize("NFC", self._raw.get(name, "")).strip()

    def text(self, name: str, *, optional: bool = False, longest: int = LONGEST_TEXT) -> str:
        """Return one line of personal or descriptive text."""
        value = self.raw(name)
        if (code := text_problem(value, longest=longest)) is not None and not (optional and code == "missing"):
            self.fail(name, code)
        return value

    def title(self, name: str) -> Title:
        """Return a name in two languages from `name`_ko and `name`_en; one of them is enough."""
        korean = self.text(f"{name}_ko", optional=True)
        english = self.text(f"{name}_en", optional=True)
        if not (korean or english):
            self.fail(f"{name}_ko", "missing")
        return Title(ko=korean, en=english)

    def code(self, name: str) -> str:
        """Return a short code, in capitals."""
        value = self.raw(name).upper()
        if not value:
            self.fail(name, "missing")
        elif not _CODE.fullmatch(value):
            self.fail(name, "bad-code")
        return value

    def whole(self, name: str, *, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`."""
        value = self.raw(name)
        if not value:
            self.fail(name, "missing")
        elif not (value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER):
            self.fail(name, "bad-number")
        elif not least <= int(value) <= most:
            self.fail(name, "number-range")
        else:
            return int(value)
        return least

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return one of `choices`."""
        value = self.raw(name)
        if value not in choices:
            self.fail(name, "bad-choice")
        return value

    def local_time(self, name: str) -> datetime:
        """Return a wall-clock time without a zone, as browsers send it; the caller knows the zone."""
        value = self.raw(name)
        try:
            found = datetime.fromisoformat(value)
            if found.tzinfo is None:
                return found
        except ValueError:
            pass
        self.fail(name, "bad-time" if value else "missing")
        return datetime.min  # noqa: DTZ901  # never used: check() refuses

    def birth(self, name: str, *, today: date) -> date:
        """Return a birth date, not after `today`."""
        value = self.raw(name)
        found = read_day(value)
        if found is None:
            self.fail(name, "bad-date" if value else "missing")
        elif not EARLIEST_BIRTH <= found <= today:
            self.fail(name, "date-range")
        return found or EARLIEST_BIRTH

    def factor(self, name: str) -> Fraction:
        """Return a time factor from 1 to 4, exact; an empty field is 1."""
        found = read_factor(self.raw(name) or "1")
        if found is None:
            self.fail(name, "bad-factor")
        return found or Fraction(1)


def text_problem(value: str, *, longest: int = LONGEST_TEXT) -> str | None:
    """Return the code of what is wrong with one line of text, or None."""
    if not value:
        return "missing"
    if len(value) > longest:
        return "too-long"
    # Cc, Cf: control and format characters; Co, Cs: private use and lone surrogates.
    if any(unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"} for character in value):
        return "control-character"
    if value.startswith(FORMULA_STARTS):
        return "formula"
    return "resident-number" if find_resident_number(value) is not None else None


def read_day(text: str) -> date | None:
    """Return the date in `1999-01-31`, `1999. 1. 31.`, `1999/1/31` or `19990131`; None for anything else."""
    plain = text.strip()
    found = _PLAIN_DAY.fullmatch(plain) if plain.isdecimal() else _DAY.fullmatch(plain)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_factor(text: str) -> Fraction | None:
    """Return the exact factor of `1.5`, `3/2` or `150%` when it lies from 1 to 4; None for anything else."""
    plain = text.strip()
    percent = plain.endswith("%")
    if len(plain) > LONGEST_FACTOR or not re.fullmatch(r"\d+(\.\d+|/\d+)?", plain.removesuffix("%").strip()):
        return None
    try:
        found = Fraction(plain.removesuffix("%").strip()) / (100 if percent else 1)
    except ZeroDivisionError:
        return None
    return found if 1 <= found <= GREATEST_FACTOR else None
