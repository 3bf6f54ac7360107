"""Noto Sans KR out of the locked package: two static weights, cut once from the variable font.

The package (OFL) carries one variable file whose default weight is Thin, which ReportLab would draw. The cut takes
some seconds, so it is kept under the home folder; it is written beside its place and then moved there, under a lock,
so that two processes that start together neither work twice nor read a half-written file.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from fontTools.ttLib import TTFont, TTLibError
from fontTools.varLib import instancer

from cbt.kernel.pdf.faces import FontMissing

WEIGHTS: Final[Mapping[str, int]] = MappingProxyType({"NotoSansKR-Regular.ttf": 400, "NotoSansKR-Bold.ttf": 700})
_FOLDER: Final = ("fonts", "ofl", "notosanskr")
_VARIABLE: Final = "NotoSansKR[wght].ttf"
_LICENCE: Final = "OFL.txt"
# Layout, vertical and variation tables: composed Hangul needs none, and cutting them would take most of the time.
_UNUSED: Final = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
    "HVAR",
    "VVAR",
    "MVAR",
    "STAT",
    "DSIG",
    "gasp",
)


def cut_weights(home: Path) -> Path:
    """Return the folder under `home` that holds the static weights, making them when they are not there.

    Raises FontMissing when the package is not installed or the folder cannot be written.
    """
    folder = home / "fonts"
    if all((folder / name).is_file() for name in WEIGHTS):
        return folder
    source = _source()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / ".lock"):
            shutil.copyfile(source / _LICENCE, folder / _LICENCE)
            for name, weight in WEIGHTS.items():
                if not (folder / name).is_file():
                    _cut(source / _VARIABLE, folder / name, weight)
    except (OSError, TTLibError) as error:
        raise FontMissing(f"font {_VARIABLE}: cannot be prepared in {folder}: {error}", font=_VARIABLE) from error
    return folder


@cache
def characters() -> frozenset[int]:
    """Return the code points that the package's font holds (none when it is not installed)."""
    try:
        source = _source()
    except FontMissing:
        return frozenset()
    with TTFont(source / _VARIABLE, lazy=True) as font:
        return frozenset(font.getBestCmap())


def variable_font() -> Path:
    """Return the variable font of the package; raises FontMissing when it is not installed."""
    return _source() / _VARIABLE


def _source() -> Path:
    try:
        folder = Path(str(files("justmytype_intl_cjk").joinpath(*_FOLDER)))
    except ModuleNotFoundError as error:
        raise FontMissing(
            "no Korean font: install Debian's fonts-nanum, set CBT_FONT_DIR or install justmytype-intl-cjk",
            font=_VARIABLE,
        ) from error
    if not (folder / _VARIABLE).is_file():
        raise FontMissing(f"font {_VARIABLE}: not in {folder}", font=_VARIABLE)
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _cut(source: Path, target: Path, weight: int) -> None:
    with TTFont(source, lazy=True) as font:
        for tag in _UNUSED:
            if tag in font:
                del font[tag]
        instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True, optimize=False)
        _rename(font, target.stem)
        draft = target.with_suffix(f".{os.getpid()}.draft")
        try:
            font.save(draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)


def _rename(font: TTFont, stem: str) -> None:
    """Give the cut a name of its own: two faces of one PostScript name in a document would share a descriptor."""
    family, style = stem.split("-")
    unique = f"{family}Static-{style}"
    names = {1: f"{family} Static", 2: style, 3: unique, 4: f"{family} Static {style}", 6: unique}
    font["name"].names = [record for record in font["name"].names if record.nameID not in names]
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
