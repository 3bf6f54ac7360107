"""What one person needs of the exam screen: the personal needs profile, set at registration.

It follows the Access for All profile of QTI 3 (AfA PNP 3.0) as far as the screen offers it; what the screen does not
offer stands in `unmet`, so that the room can provide it. The time factor is no part of it: it belongs to the clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from cbt.people.core.inputs import Fields

LONGEST_NOTE: Final = 200
Kind = TypeVar("Kind", bound=StrEnum)


class Theme(StrEnum):
    """The colours that the exam screen begins with."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Scale(StrEnum):
    """The text size that the exam screen begins with, in percent."""

    NORMAL = "100"
    LARGE = "150"
    LARGEST = "200"


class Layout(StrEnum):
    """How the exam screen begins to lay the items out."""

    ONE_COLUMN = "1"
    TWO_COLUMNS = "2"
    SINGLE = "single"


class Tool(StrEnum):
    """A tool of the exam screen that an exam gives to everybody, or a profile to one person."""

    HIGHLIGHTER = "highlighter"
    ELIMINATOR = "eliminator"
    LINE_READER = "line-reader"
    MASKING = "masking"
    NOTES = "notes"
    MAGNIFIER = "magnifier"


class Unmet(StrEnum):
    """A need that the exam screen does not meet, under its name in the profile; the room provides it or nobody does."""

    SPOKEN = "spoken"
    SIGN_LANGUAGE = "sign-language"
    BRAILLE = "braille"
    TACTILE = "tactile"
    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    AUDIO_DESCRIPTION = "audio-description"
    LONG_DESCRIPTION = "long-description"
    ITEM_TRANSLATION = "item-translation"
    KEYWORD_TRANSLATION = "keyword-translation"
    KEYWORD_EMPHASIS = "keyword-emphasis"
    LINGUISTIC_GUIDANCE = "linguistic-guidance"
    SIMPLIFIED_LANGUAGE = "simplified-language-portions"
    SIMPLIFIED_GRAPHICS = "simplified-graphics"
    ADDITIONAL_DIRECTIONS = "additional-directions"
    ENCOURAGEMENT = "encouragement"
    HAZARD_AVOIDANCE = "hazard-avoidance"
    TEXT_APPEARANCE = "text-appearance"
    DICTIONARY = "dictionary-on-screen"
    GLOSSARY = "glossary-on-screen"
    THESAURUS = "thesaurus-on-screen"
    HOMOPHONE_CHECKER = "homophone-checker-on-screen"
    SPELL_CHECKER = "spell-checker-on-screen"
    VISUAL_ORGANIZER = "visual-organizer-on-screen"
    OUTLINER = "outliner-on-screen"
    PEER_INTERACTION = "peer-interaction-on-screen"
    UNLIMITED_TIME = "unlimited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """One person's profile; None leaves a choice to the screen.

    `tools` are given beside those of the exam, `without` are taken away from them; `breaks` tells the proctor that
    this person's exam is paused on request. `note` is for the room ("own keyboard"), never about health.
    """

    theme: Theme | None = None
    scale: Scale | None = None
    layout: Layout | None = None
    tools: tuple[Tool, ...] = ()
    without: tuple[Tool, ...] = ()
    breaks: bool = False
    unmet: tuple[Unmet, ...] = ()
    note: str = ""


NO_NEEDS: Final = Needs()
FOR_EVERYBODY: Final = (Tool.HIGHLIGHTER, Tool.ELIMINATOR, Tool.NOTES)
NEEDS_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bad-text-size": "Write the text size as 100, 150 or 200.",
        "bad-colours": "Write the colours as light, dark or contrast.",
        "bad-layout": "Write the layout as 1, 2 or single.",
        "bad-tool": "Tools are highlighter, eliminator, line-reader, masking, notes, magnifier, with commas between.",
        "bad-need": "This need is not one of the profile's.",
        "bad-yes-no": "Write yes or no.",
        "tool-both": "A tool cannot be given and taken away at once.",
    }
)
# Other words for the same, as people write them into tables.
_THEMES: Final[Mapping[str, Theme]] = MappingProxyType(
    {
        **{theme.value: theme for theme in Theme},
        "밝게": Theme.LIGHT,
        "밝은색": Theme.LIGHT,
        "어둡게": Theme.DARK,
        "어두운색": Theme.DARK,
        "고대비": Theme.CONTRAST,
        "highcontrast": Theme.CONTRAST,
    }
)
_SCALES: Final[Mapping[str, Scale]] = MappingProxyType(
    {text: scale for scale in Scale for text in (scale.value, f"{scale.value}%")}
)
_LAYOUTS: Final[Mapping[str, Layout]] = MappingProxyType(
    {
        **{layout.value: layout for layout in Layout},
        "한단": Layout.ONE_COLUMN,
        "두단": Layout.TWO_COLUMNS,
        "한문제": Layout.SINGLE,
        "한문제씩": Layout.SINGLE,
    }
)
_TOOLS: Final[Mapping[str, Tool]] = MappingProxyType(
    {
        **{tool.value: tool for tool in Tool},
        "linereader": Tool.LINE_READER,
        "형광펜": Tool.HIGHLIGHTER,
        "보기지우기": Tool.ELIMINATOR,
        "줄읽기자": Tool.LINE_READER,
        "가리개": Tool.MASKING,
        "메모": Tool.NOTES,
        "돋보기": Tool.MAGNIFIER,
    }
)
_UNMET: Final[Mapping[str, Unmet]] = MappingProxyType({unmet.value: unmet for unmet in Unmet})
_YES: Final = frozenset({"yes", "y", "o", "1", "on", "true", "예"})
_NO: Final = frozenset({"", "no", "n", "x", "0", "off", "false", "아니오", "아니요"})


def read_needs(fields: Fields) -> Needs:
    """Return the profile of the fields text_size, colours, layout, tools, without, breaks, unmet and note."""
    tools, without = _several(fields, "tools", _TOOLS), _several(fields, "without", _TOOLS)
    if set(tools) & set(without):
        fields.fail("without", "tool-both")
    breaks = _plain(fields.raw("breaks"))
    if breaks not in _YES | _NO:
        fields.fail("breaks", "bad-yes-no")
    return Needs(
        theme=_one(fields, "colours", _THEMES),
        scale=_one(fields, "text_size", _SCALES),
        layout=_one(fields, "layout", _LAYOUTS),
        tools=tools,
        without=without,
        breaks=breaks in _YES,
        unmet=_several(fields, "unmet", _UNMET, code="bad-need"),
        note=fields.text("note", optional=True, longest=LONGEST_NOTE),
    )


def read_tools(fields: Fields, name: str) -> tuple[Tool, ...]:
    """Return the tools that a field names, with commas between."""
    return _several(fields, name, _TOOLS)


def needs_fields(needs: Needs) -> dict[str, str]:
    """Return the fields that `read_needs` reads as the same profile."""
    return {
        "colours": needs.theme or "",
        "text_size": needs.scale or "",
        "layout": needs.layout or "",
        "tools": ",".join(needs.tools),
        "without": ",".join(needs.without),
        "breaks": "yes" if needs.breaks else "",
        "unmet": ",".join(needs.unmet),
        "note": needs.note,
    }


def to_document(needs: Needs) -> dict[str, Any]:
    """Return the profile as it is stored; empty for somebody without needs."""
    return {
        key: value
        for key, value in (
            ("theme", needs.theme),
            ("scale", needs.scale),
            ("layout", needs.layout),
            ("tools", list(needs.tools)),
            ("without", list(needs.without)),
            ("breaks", needs.breaks),
            ("unmet", list(needs.unmet)),
            ("note", needs.note),
        )
        if value
    }


def from_document(document: Mapping[str, Any]) -> Needs:
    """Return the profile of a stored document; raises ValueError for a word that this program does not know."""
    theme, scale, layout = document.get("theme"), document.get("scale"), document.get("layout")
    return Needs(
        theme=None if theme is None else Theme(theme),
        scale=None if scale is None else Scale(scale),
        layout=None if layout is None else Layout(layout),
        tools=tuple(Tool(tool) for tool in document.get("tools", ())),
        without=tuple(Tool(tool) for tool in document.get("without", ())),
        breaks=bool(document.get("breaks", False)),
        unmet=tuple(Unmet(need) for need in document.get("unmet", ())),
        note=str(document.get("note", "")),
    )


def tools_for(of_exam: Iterable[Tool], needs: Needs) -> tuple[Tool, ...]:
    """Return the tools that one person has: the exam's and the profile's, without those that the profile takes away."""
    given = {*of_exam, *needs.tools} - {*needs.without}
    return tuple(tool for tool in Tool if tool in given)


def screen_settings(of_exam: Iterable[Tool], needs: Needs) -> dict[str, Any]:
    """Return what the exam screen is told: colours, text size, layout (None: as the person likes) and the tools.

    Items may carry a film in sign language or words to be read aloud: they are shown to whoever needs them.
    """
    return {
        "theme": needs.theme,
        "scale": needs.scale,
        "layout": needs.layout,
        "tools": list(tools_for(of_exam, needs)),
        "sign_language": Unmet.SIGN_LANGUAGE in needs.unmet,
        "read_aloud": Unmet.SPOKEN in needs.unmet,
    }


def _one(fields: Fields, name: str, words: Mapping[str, Kind]) -> Kind | None:
    text = _plain(fields.raw(name))
    if text and text not in words:
        fields.fail(name, f"bad-{name.replace('_', '-')}")
    return words.get(text)


def _several(fields: Fields, name: str, words: Mapping[str, Kind], *, code: str = "bad-tool") -> tuple[Kind, ...]:
    texts = [_plain(part) for part in fields.raw(name).replace(";", ",").replace("|", ",").split(",")]
    named = {text for text in texts if text}
    if named - words.keys():
        fields.fail(name, code)
    found = {words[text] for text in named & words.keys()}
    return tuple(sorted(found, key=list(words.values()).index))


def _plain(text: str) -> str:
    return "".join(text.lower().split())
