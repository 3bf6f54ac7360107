"""A bank as it is handed over - a file, a package, a folder - read by what it contains, not by its name."""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from itembank.formats.aiken import looks_like_aiken, parse_aiken
from itembank.formats.archive import Archive, ArchiveRefused, open_archive
from itembank.formats.area_file import parse_areas
from itembank.formats.csv_bank import parse_csv
from itembank.formats.figures import ArchiveFigures, Figures, FolderFigures, NoFigures
from itembank.formats.gift.parsing import looks_like_gift, parse_gift
from itembank.formats.h5p.parsing import parse_h5p
from itembank.formats.json_bank import parse_json
from itembank.formats.members import Members, open_folder
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.olx.parsing import parse_olx
from itembank.formats.parsed import FILE_BYTES, Findings, Parsed, joined
from itembank.formats.qti.bank import parse_item_file
from itembank.formats.qti.package import parse_package as parse_qti_package
from itembank.formats.qti12.document import parse_qti12
from itembank.formats.qti12.package import parse_qti12_package
from itembank.formats.sniffing import Kind, NotABank, recognise, recognise_package
from itembank.formats.xlsx_bank import parse_xlsx

_TABLES: Final = (".csv", ".json", ".xlsx", ".tsv")
_TEXTS: Final = (*_TABLES, ".txt", ".gift", ".xml")
_DOCUMENTS: Final[Mapping[Kind, Callable[[bytes, str, Figures], Parsed]]] = MappingProxyType(
    {
        Kind.JSON: lambda payload, _name, figures: parse_json(payload, figures=figures),
        Kind.TEXT: lambda payload, _name, figures: _parse_text(payload, figures),
        Kind.QTI: lambda payload, name, figures: parse_item_file(payload, name=name, beside=figures),
        Kind.QTI12: lambda payload, name, figures: parse_qti12(payload, name=PurePosixPath(name).stem, beside=figures),
        Kind.MOODLE: lambda payload, _name, _figures: parse_moodle(payload),
        Kind.OLX: lambda payload, _name, _figures: parse_olx(payload),
    }
)
_PACKAGES: Final[Mapping[Kind, Callable[[Members], Parsed]]] = MappingProxyType(
    {Kind.QTI: parse_qti_package, Kind.QTI12: parse_qti12_package, Kind.OLX: parse_olx, Kind.H5P: parse_h5p}
)


def parse_bank(payload: bytes, *, name: str = "", figures: Figures | None = None) -> Parsed:
    """Return what a bank file or package holds; `name` is what its sender called it, and decides nothing."""
    try:
        kind = recognise(payload)
        if kind is Kind.ZIP:
            return _parse_zip(payload, figures)
        return _DOCUMENTS[kind](payload, name, figures or NoFigures())
    except NotABank as found:
        return _refused("unknown-format" if payload.strip() else "empty", str(found))
    except ArchiveRefused as refusal:
        return _refused("zip-refused", str(refusal))


def read_bank(path: Path, *, figures: Path | None = None) -> Parsed:
    """Return what the file or folder at `path` holds; its figures are beside it unless a folder is named.

    A folder is an unpacked package, or holds the files `items…` of one bank and `areas.json` or `areas.csv` beside
    them.
    """
    if not path.is_dir():
        return _read_file(path, figures or path.parent)
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _TABLES and not one.is_symlink())
    areas = [one for one in files if one.stem.lower() == "areas"]
    banks = [one for one in files if one not in areas]
    if len(banks) != 1 and not (banks and all(one.stem.lower().startswith("items") for one in banks)):
        return _read_folder(path, banks)
    read = [_read_file(one, figures or path) for one in banks]
    described = [_read_areas(one) for one in areas[:1]]
    return joined([*described, *read]) if len(banks) > 1 or described else read[0]


def _read_folder(path: Path, banks: list[Path]) -> Parsed:
    try:
        members = open_folder(path)
        kind = recognise_package(members)
        if kind in _PACKAGES:
            return _PACKAGES[kind](members)
    except NotABank as found:
        return _refused("unknown-format", str(found))
    except ArchiveRefused as refusal:
        return _refused("folder-refused", str(refusal))
    return _not_one(path.name, [one.name for one in banks])


def _read_file(path: Path, figures: Path) -> Parsed:
    payload = _payload(path)
    if isinstance(payload, Parsed):
        return payload
    return parse_bank(payload, name=path.name, figures=FolderFigures(figures))


def _read_areas(path: Path) -> Parsed:
    payload = _payload(path)
    return payload if isinstance(payload, Parsed) else parse_areas(payload)


def _payload(path: Path) -> bytes | Parsed:
    try:
        if path.stat().st_size > FILE_BYTES:
            return _refused("file-too-large", f"{path.stat().st_size:,} bytes; {FILE_BYTES:,} is the most")
        return path.read_bytes()
    except OSError as error:
        return _refused("unreadable", f"{path.name}: {error.strerror or error}")


def _parse_text(payload: bytes, figures: Figures) -> Parsed:
    text = payload.decode(errors="replace")
    if looks_like_aiken(text):
        return parse_aiken(payload)
    if looks_like_gift(text):
        return parse_gift(payload, figures=figures)
    return parse_csv(payload, figures=figures)


def _parse_zip(payload: bytes, figures: Figures | None) -> Parsed:
    archive = open_archive(payload)
    kind = recognise_package(archive)
    if kind is Kind.XLSX:
        return parse_xlsx(payload, figures=figures)
    if kind in _PACKAGES:
        return _PACKAGES[kind](archive)
    found = [name for name in archive.names() if _is_bank_name(name)]
    return _parse_member(archive, found[0]) if len(found) == 1 else _not_one("the zip", found)


def _parse_member(archive: Archive, name: str) -> Parsed:
    inner = archive.find(name) or b""
    beside = ArchiveFigures(archive, PurePosixPath(name).parent)
    if recognise(inner) is not Kind.ZIP:
        return parse_bank(inner, name=name, figures=beside)
    if name.lower().endswith(".xlsx"):
        return parse_xlsx(inner, figures=beside)
    return _refused("zip-refused", f"{name[:80]} is a zip in a zip")


def _is_bank_name(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _TEXTS and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _not_one(place: str, found: list[str]) -> Parsed:
    listed = ", ".join(found[:5]) or "none"
    return _refused("not-one-bank-file", f"{place} must hold one bank file or a package; it holds {listed}")


def _refused(code: str, hint: str) -> Parsed:
    findings = Findings()
    findings.refuse("file", code, hint)
    return findings.parsed()
