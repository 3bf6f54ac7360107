"""The font set of a page: five roles, and for every character the face that really has it.

A text goes to the role's own face, else to the first related face that has all of it (a name in two faces looks
broken), else each character goes to the first that has it. Behind the set stands Noto Sans KR from the locked package,
since Nanum has no Vietnamese letters and few Hanja. What none has is refused: there is never a blank box on the paper.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

from cbt.kernel.errors import InvalidInput
from cbt.kernel.pdf import noto
from cbt.kernel.pdf.faces import Face, FontMissing, load_face


class MissingGlyph(InvalidInput):
    """No font at hand can print this character."""

    code = "missing-glyph"


class Role(StrEnum):
    """What a face is for."""

    SERIF = "serif"
    SERIF_BOLD = "serif-bold"
    SANS = "sans"
    SANS_BOLD = "sans-bold"
    MONO = "mono"


SYSTEM_FOLDER: Final = Path("/usr/share/fonts/truetype/nanum")  # Debian's fonts-nanum and fonts-nanum-coding
_FILES: Final[Mapping[Role, tuple[str, ...]]] = MappingProxyType(
    {
        Role.SERIF: ("NanumMyeongjo.ttf", "NanumMyeongjo-Regular.ttf"),
        Role.SERIF_BOLD: ("NanumMyeongjoBold.ttf", "NanumMyeongjo-Bold.ttf"),
        Role.SANS: ("NanumGothic.ttf", "NanumGothic-Regular.ttf", "Pretendard-Regular.ttf", "NotoSansKR-Regular.ttf"),
        Role.SANS_BOLD: ("NanumGothicBold.ttf", "NanumGothic-Bold.ttf", "Pretendard-Bold.ttf", "NotoSansKR-Bold.ttf"),
        Role.MONO: ("NanumGothicCodingBold.ttf", "NanumGothicCoding-Bold.ttf", "NanumGothicCoding.ttf"),
    }
)
_STAND_INS: Final[Mapping[Role, tuple[Role, ...]]] = MappingProxyType(
    {
        Role.SERIF: (Role.SERIF, Role.SANS),
        Role.SERIF_BOLD: (Role.SERIF_BOLD, Role.SANS, Role.SANS_BOLD),
        Role.SANS: (Role.SANS,),
        Role.SANS_BOLD: (Role.SANS_BOLD, Role.SANS),
        Role.MONO: (Role.MONO, Role.SANS_BOLD, Role.SANS),
    }
)
_BOLD: Final = frozenset({Role.SANS_BOLD, Role.MONO})

Reserve = Callable[[int, bool], Face | None]
"""(code point, bold) -> a face outside the set that has the character, or None."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A stretch of text that one face draws."""

    face: Face
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class FontSet:
    """The faces of each role in the order in which they are asked, and the reserve behind them."""

    chains: Mapping[Role, tuple[Face, ...]]
    reserve: Reserve

    def runs(self, role: Role, text: str) -> tuple[Run, ...]:
        """Return `text` (as NFC) in stretches of one face each; raises MissingGlyph naming the character."""
        composed = unicodedata.normalize("NFC", text)
        for face in self.chains[role]:
            if face.draws(composed):
                return (Run(face, composed),)
        bold = role in _BOLD
        chosen = [(self._face(role, character, bold=bold), character) for character in composed]
        whole = next((face for face, _ in chosen if face.draws(composed)), None)
        if whole is not None:
            return (Run(whole, composed),)
        return tuple(Run(face, "".join(c for _, c in pairs)) for face, pairs in groupby(chosen, lambda pair: pair[0]))

    def width(self, role: Role, text: str) -> float:
        """Return the width of `text` at size 1; raises MissingGlyph as `runs` does."""
        return sum(run.face.advance(run.text) for run in self.runs(role, text))

    def _face(self, role: Role, character: str, *, bold: bool) -> Face:
        code = ord(character)
        face = next((face for face in self.chains[role] if code in face.drawable), None) or self.reserve(code, bold)
        if face is None:
            raise _missing(character)
        return face


def load_fonts(home: Path, font_dir: Path | None = None) -> FontSet:
    """Return the font set: of `font_dir` if given, else Debian's Nanum fonts, else Noto Sans KR cut under `home`.

    Loaded and tested once per process. Raises FontMissing with the font's name and the reason.
    """
    return _load(home.absolute(), None if font_dir is None else font_dir.absolute())


@cache
def _load(home: Path, font_dir: Path | None) -> FontSet:
    if font_dir is not None:
        found = dict(_in_folder(font_dir))
        if Role.SANS not in found:
            raise FontMissing(
                f"no usable font in {font_dir}: one of {', '.join(_FILES[Role.SANS])} is needed", font_dir=str(font_dir)
            )
    else:
        found = dict(_in_folder(SYSTEM_FOLDER))
        if not {Role.SANS, Role.SANS_BOLD} <= found.keys():
            found = dict(_in_folder(noto.cut_weights(home)))
    return _set_of({role: load_face(path) for role, path in found.items()}, _noto_reserve(home))


def _in_folder(folder: Path) -> Iterator[tuple[Role, Path]]:
    for role, names in _FILES.items():
        path = next((folder / name for name in names if (folder / name).is_file()), None)
        if path is not None:
            yield role, path


def _set_of(faces: Mapping[Role, Face], reserve: Reserve) -> FontSet:
    names = [face.postscript_name for face in faces.values()]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        # Descriptors in a PDF go by this name, so that the second face would draw with the first one's glyphs.
        raise FontMissing(f"two font files call themselves {', '.join(sorted(twice))}", font=sorted(twice))
    chains = {role: tuple(faces[each] for each in order if each in faces) for role, order in _STAND_INS.items()}
    return FontSet(chains=MappingProxyType(chains), reserve=reserve)


def _noto_reserve(home: Path) -> Reserve:
    def reserve(code: int, bold: bool) -> Face | None:  # noqa: FBT001 - a Callable type has no keywords
        if code not in noto.characters():
            return None
        folder = noto.cut_weights(home)
        face = load_face(folder / ("NotoSansKR-Bold.ttf" if bold else "NotoSansKR-Regular.ttf"))
        return face if code in face.drawable else None

    return reserve


def _missing(character: str) -> MissingGlyph:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "a character without a name")
    shown = character if character.isprintable() else "?"
    return MissingGlyph(f"no font can print {shown!r} ({code}, {name})", character=character, code_point=code)
