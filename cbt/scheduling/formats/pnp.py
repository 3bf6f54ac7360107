"""Reads a personal needs profile as QTI 3 writes it (AfA PNP 3.0, XML): one profile, or a list of them by person.

Nothing is dropped in silence: every feature of the file is told as set, as provided anyway, as decided by the exam,
as not offered, or as not known. Descriptions of health (`medical`) are not read at all.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lxml import etree

from cbt.kernel.errors import InvalidInput
from cbt.people.core.candidates import number_key
from cbt.people.core.inputs import text_problem
from cbt.scheduling.core.needs import LONGEST_NOTE, Layout, Needs, Scale, Theme, Tool, Unmet
from itembank.formats.xml_door import WHOLE_BANK, Limits, open_xml

NAMESPACES: Final = frozenset({"", "http://www.imsglobal.org/xsd/qti/qtiv3p0/imsafa3p0pnp_v1p0"})
_PROFILE: Final = "access-for-all-pnp"
_RECORDS: Final = "access-for-all-pnp-records"
_LIMITS: Final = Limits(largest=2 * 1024 * 1024, most_elements=20_000, deepest=12)
_LONGEST_MINUTES: Final = 24 * 60
_ON_THE_NAMES: Final[Mapping[str, Tool]] = MappingProxyType(
    {
        "line-reader": Tool.LINE_READER,
        "answer-masking": Tool.MASKING,
        "note-taking-on-screen": Tool.NOTES,
        "magnification": Tool.MAGNIFIER,
    }
)
# What the exam screen does for everybody: the keyboard reaches all of it, pictures have their texts, and the language
# is chosen at the seat.
_ANYWAY: Final = frozenset(
    {"keyboard-directions", "alternative-text", "language-of-interface", "input-requirements", "replace-access-mode"}
)
_OPTIONS: Final = "activate-as-option-set"
_PROHIBITED: Final = "prohibit-set"
_AT_START: Final = "activate-at-initialization-set"


class NotAProfile(InvalidInput):
    """The file is not a personal needs profile (AfA PNP 3.0)."""

    code = "not-a-profile"


class NoProfileForPerson(InvalidInput):
    """The file holds profiles of several people, and none of this candidate number."""

    code = "no-profile-for-person"


class Told(StrEnum):
    """What became of one feature of a profile."""

    SET = "set"
    ANYWAY = "anyway"
    EXAM = "exam"
    UNMET = "unmet"
    LEFT_OUT = "left-out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature of the file and what became of it."""

    name: str
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile as read: the needs, the extra time as a factor or in minutes, and an account of every feature."""

    needs: Needs
    time_factor: Fraction | None
    extra_minutes: int | None
    account: tuple[Feature, ...]


@dataclass(slots=True)
class _Reading:
    """What was read so far of one profile."""

    options: frozenset[str]
    prohibited: frozenset[str]
    theme: Theme | None = None
    scale: Scale | None = None
    layout: Layout | None = None
    tools: set[Tool] = field(default_factory=set)
    breaks: bool = False
    unmet: set[Unmet] = field(default_factory=set)
    note: str = ""
    time_factor: Fraction | None = None
    extra_minutes: int | None = None
    account: list[Feature] = field(default_factory=list)

    def tell(self, name: str, told: Told) -> None:
        self.account.append(Feature(name=name, told=told))


def read_profile(payload: bytes, number: str) -> Profile:
    """Return the profile in `payload`; a list must name the candidate `number`, unless it holds one profile only.

    Raises NotAProfile, NoProfileForPerson, and DocumentRefused for what is not XML that is read here.
    """
    root = open_xml(payload, _LIMITS)
    if _name(root) == _PROFILE:
        return _read(root)
    if _name(root) != _RECORDS:
        raise NotAProfile
    records = list(_records(root))
    own = [profile for person, profile in records if number_key(person) == number_key(number)]
    if not own and len(records) == 1 and not records[0][0]:
        own = [records[0][1]]
    if not own:
        raise NoProfileForPerson(number=number)
    return _read(own[-1])


def read_profiles(payload: bytes) -> dict[str, Profile]:
    """Return the profiles of a list by the `number_key` of the person; raises NotAProfile, DocumentRefused."""
    root = open_xml(payload, WHOLE_BANK)
    if _name(root) != _RECORDS:
        raise NotAProfile
    return {number_key(person): _read(profile) for person, profile in _records(root) if number_key(person)}


def _records(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield (number of the person, profile) of a list."""
    for record in root:
        profiles = [child for child in record if _name(child) == _PROFILE]
        people = [_text(child) for child in record if _name(child) == "person-sourced-id"]
        if _name(record) == _PROFILE:
            yield record.get("identifier", ""), record
        elif profiles:
            yield (people[0] if people else ""), profiles[0]


def _read(profile: etree._Element) -> Profile:
    sets = {_name(child): frozenset(_name(one) for one in child) for child in profile}
    reading = _Reading(options=sets.get(_OPTIONS, frozenset()), prohibited=sets.get(_PROHIBITED, frozenset()))
    stated = {_name(child) for child in profile}
    for child in profile:
        _take(reading, child)
    named = sets.get(_AT_START, frozenset()) | reading.options
    for name in sorted(named - stated - reading.prohibited):
        _take(reading, etree.Element(name))  # a set may name what stands nowhere else
    for name in sorted(reading.prohibited - stated):
        reading.tell(name, Told.SET if name in _ON_THE_NAMES else Told.LEFT_OUT)
    without = {_ON_THE_NAMES[name] for name in reading.prohibited & _ON_THE_NAMES.keys()}
    needs = Needs(
        theme=reading.theme,
        scale=reading.scale,
        layout=reading.layout,
        tools=tuple(tool for tool in Tool if tool in reading.tools - without),
        without=tuple(tool for tool in Tool if tool in without),
        breaks=reading.breaks,
        unmet=tuple(need for need in Unmet if need in reading.unmet),
        note=reading.note,
    )
    return Profile(
        needs=needs,
        time_factor=reading.time_factor,
        extra_minutes=reading.extra_minutes,
        account=tuple(reading.account),
    )


def _take(reading: _Reading, element: etree._Element) -> None:
    """Take one feature into the reading and tell what became of it."""
    name = _name(element)
    if name in (_AT_START, _OPTIONS, _PROHIBITED):
        return
    if name in reading.prohibited:
        reading.tell(name, Told.SET if name in _ON_THE_NAMES else Told.LEFT_OUT)
    elif name in _READERS:
        _READERS[name](reading, element)
    elif name in _ANYWAY:
        reading.tell(name, Told.ANYWAY)
    elif name == "calculator-on-screen":
        reading.tell(name, Told.EXAM)
    elif name in _UNMET:
        reading.unmet.add(_UNMET[name])
        reading.tell(name, Told.UNMET)
    else:
        reading.tell(name[:80], Told.UNKNOWN)


def _take_tool(reading: _Reading, element: etree._Element) -> None:
    reading.tools.add(_ON_THE_NAMES[_name(element)])
    reading.tell(_name(element), Told.SET)


def _take_look(reading: _Reading, element: etree._Element) -> None:
    """Preset colours or columns; what is only wished as an option is on every screen already."""
    name = _name(element)
    if name in reading.options:
        reading.tell(name, Told.ANYWAY)
        return
    if name == "layout-single-column":
        reading.layout = Layout.ONE_COLUMN
    elif reading.theme is not Theme.CONTRAST:  # high contrast wins over reversed colours
        reading.theme = Theme.CONTRAST if name == "high-contrast" else Theme.DARK
    reading.tell(name, Told.SET)


def _take_magnification(reading: _Reading, element: etree._Element) -> None:
    """Preset the text size to the next step above; more than 200 percent, and pictures, are for the magnifier."""
    zooms = {_name(child): _number(child.get("zoom-amount", "")) for child in element}
    reading.tell("magnification", Told.SET)
    if "magnification" in reading.options:
        reading.tools.add(Tool.MAGNIFIER)
        return
    wanted = max((zoom for zoom in zooms.values() if zoom is not None), default=None)
    text = max((zoom for name, zoom in zooms.items() if name != "non-text" and zoom is not None), default=None)
    if text is not None and text > 1:
        reading.scale = Scale.LARGE if text <= Fraction(3, 2) else Scale.LARGEST
    if wanted is None or wanted > 2 or "non-text" in zooms:  # noqa: PLR2004  # 200 percent, the largest text size
        reading.tools.add(Tool.MAGNIFIER)


def _take_time(reading: _Reading, element: etree._Element) -> None:
    for child in element:
        name, number = _name(child), _number(_text(child))
        if name == "time-multiplier" and number is not None and 1 <= number <= 4:  # noqa: PLR2004
            reading.time_factor = number
            reading.tell(name, Told.SET)
        elif name == "fixed-minutes" and number is not None and 0 < number <= _LONGEST_MINUTES:
            reading.extra_minutes = int(number)
            reading.tell(name, Told.SET)
        elif name == "unlimited":
            reading.unmet.add(Unmet.UNLIMITED_TIME)
            reading.tell(name, Told.UNMET)
        elif not name.startswith("replace-access-mode"):
            reading.tell(name[:80], Told.LEFT_OUT)


def _take_environment(reading: _Reading, element: etree._Element) -> None:
    words: list[str] = []
    for child in element:
        name, text = _name(child), _text(child)
        if name == "breaks":
            reading.breaks = text.lower() != "false"
            reading.tell(name, Told.SET)
        elif name in ("description", "software", "hardware") and _fits(words, text):
            words.append(text)
            reading.tell(name, Told.SET)
        elif not name.startswith("replace-access-mode"):
            reading.tell(name[:80], Told.LEFT_OUT)
    reading.note = "; ".join(words)


def _fits(words: list[str], text: str) -> bool:
    return bool(text) and text_problem("; ".join((*words, text)), longest=LONGEST_NOTE) is None


_READERS: Final[Mapping[str, Callable[[_Reading, etree._Element], None]]] = MappingProxyType(
    {
        "line-reader": _take_tool,
        "answer-masking": _take_tool,
        "note-taking-on-screen": _take_tool,
        "high-contrast": _take_look,
        "invert-display-polarity": _take_look,
        "layout-single-column": _take_look,
        "magnification": _take_magnification,
        "additional-testing-time": _take_time,
        "environment": _take_environment,
    }
)
_UNMET: Final[Mapping[str, Unmet]] = MappingProxyType(
    {need.value: need for need in Unmet if need is not Unmet.UNLIMITED_TIME}
)


def _name(element: etree._Element) -> str:
    """Return an element's own name, or its whole one where it belongs to something else."""
    tag = str(element.tag)
    space, _, name = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    return name if space in NAMESPACES else tag


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _number(text: str) -> Fraction | None:
    """Return the exact number of a decimal; None for anything else."""
    try:
        number = Decimal(text.strip()[:20])
    except InvalidOperation:
        return None
    return Fraction(number) if number.is_finite() and abs(number.adjusted()) < 9 else None  # noqa: PLR2004
