"""A bank as it is handed over - a file, or a zip with its figures - read by what it contains, not by its name."""

from pathlib import Path, PurePosixPath
from typing import Final

from itembank.formats.archive import Archive, ArchiveRefused, open_archive
from itembank.formats.area_file import parse_areas
from itembank.formats.csv_bank import parse_csv
from itembank.formats.figures import ArchiveFigures, Figures, FolderFigures
from itembank.formats.json_bank import parse_json
from itembank.formats.parsed import FILE_BYTES, Findings, Parsed, joined
from itembank.formats.xlsx_bank import is_workbook, parse_xlsx

_BANK_SUFFIXES: Final = (".csv", ".json", ".xlsx", ".tsv")
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_NOT_BANKS: Final = (
    (b"\xd0\xcf\x11\xe0", "an XLS file or an encrypted workbook"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"<", "XML or HTML"),
)


def parse_bank(payload: bytes, *, figures: Figures | None = None) -> Parsed:
    """Return what a bank file holds: CSV, JSON, XLSX, or a zip with one of them and its figures."""
    if payload.startswith((_ZIP, _EMPTY_ZIP)):
        return _parse_zip(payload, figures)
    head = payload[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\0\xff\xfe")
    if not head:
        return _refused("empty", "the file is empty")
    for start, what in _NOT_BANKS:
        if head.startswith(start):
            return _refused("unknown-format", f"{what}; save the bank as CSV, JSON or XLSX")
    if head.startswith((b"[", b"{")):
        return parse_json(payload, figures=figures)
    return parse_csv(payload, figures=figures)


def read_bank(path: Path, *, figures: Path | None = None) -> Parsed:
    """Return what the file or folder at `path` holds; its figures are beside it unless a folder is named.

    In a folder, all files named `items…` are one bank, `areas.json` or `areas.csv` describes its areas.
    """
    if not path.is_dir():
        return _read_file(path, figures or path.parent)
    files = sorted(one for one in path.iterdir() if one.suffix.lower() in _BANK_SUFFIXES)
    areas = [one for one in files if one.stem.lower() == "areas"]
    banks = [one for one in files if one not in areas]
    if len(banks) != 1 and not (banks and all(one.stem.lower().startswith("items") for one in banks)):
        return _not_one(path.name, [one.name for one in banks])
    read = [_read_file(one, figures or path) for one in banks]
    described = [_read_areas(one) for one in areas[:1]]
    return joined([*described, *read]) if len(banks) > 1 or described else read[0]


def _read_file(path: Path, figures: Path) -> Parsed:
    payload = _payload(path)
    return payload if isinstance(payload, Parsed) else parse_bank(payload, figures=FolderFigures(figures))


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


def _parse_zip(payload: bytes, figures: Figures | None) -> Parsed:
    try:
        archive = open_archive(payload)
        if is_workbook(archive):
            return parse_xlsx(payload, figures=figures)
        found = [name for name in archive.names() if _is_bank_name(name)]
        if len(found) != 1:
            return _not_one("the zip", found)
        return _parse_member(archive, found[0])
    except ArchiveRefused as refusal:
        return _refused("zip-refused", str(refusal))


def _parse_member(archive: Archive, name: str) -> Parsed:
    inner = archive.find(name) or b""
    if inner.startswith(_ZIP) and not name.lower().endswith(".xlsx"):
        return _refused("zip-refused", f"{name[:80]} is a zip in a zip")
    beside = ArchiveFigures(archive, PurePosixPath(name).parent)
    return parse_xlsx(inner, figures=beside) if inner.startswith(_ZIP) else parse_bank(inner, figures=beside)


def _is_bank_name(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.lower() in _BANK_SUFFIXES and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _not_one(place: str, found: list[str]) -> Parsed:
    listed = ", ".join(found[:5]) or "none"
    return _refused("not-one-bank-file", f"{place} must hold one CSV, JSON or XLSX file; it holds {listed}")


def _refused(code: str, hint: str) -> Parsed:
    findings = Findings()
    findings.refuse("file", code, hint)
    return findings.parsed()
