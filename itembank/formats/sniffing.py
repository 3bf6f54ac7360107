"""Recognises what a bank file is by its content; its name is never asked."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from lxml import etree

from itembank.formats.archive import ArchiveRefused
from itembank.formats.members import Members

_HEAD: Final = 256 * 1024
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP: Final = b"\x1f\x8b"
_MANIFEST: Final = "imsmanifest.xml"
_WORKBOOK: Final = "xl/workbook.xml"
_H5P: Final = "h5p.json"
_TEXTS: Final = (".csv", ".tsv", ".json", ".xlsx")
_OTHER: Final = (
    (b"\xd0\xcf\x11\xe0", "an XLS file or an encrypted workbook; save it as XLSX or CSV"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"Rar!", "a RAR archive; pack it as a zip"),
    (b"7z\xbc\xaf", "a 7z archive; pack it as a zip"),
)
_QTI_ROOTS: Final = frozenset(
    {
        "assessmentItem",
        "qti-assessment-item",
        "assessmentTest",
        "qti-assessment-test",
        "assessmentStimulus",
        "qti-assessment-stimulus",
        "assessmentSection",
        "qti-assessment-section",
    }
)
_OLX_ROOTS: Final = frozenset(
    {"problem", "course", "chapter", "sequential", "vertical", "library", "library_content", "problemset"}
)
# `[html]` begins a GIFT file.
_JSON: Final = re.compile(rb"""[\[{]\s*(?:["\[{\]}\d-]|true|false|null|$)""")
_QTI12_TYPES: Final = (b"imsqti_xmlv1p", b"imscc_xmlv1p", b"associatedcontent/imscc")


class Kind(StrEnum):
    """What a bank file is."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    ZIP = "zip"
    QTI = "qti"
    QTI12 = "qti12"
    MOODLE = "moodle"
    OLX = "olx"
    H5P = "h5p"
    TEXT = "text"  # GIFT, Aiken or CSV: their own readers tell


class NotABank(ValueError):
    """Says what the file is instead of a bank."""


def recognise(payload: bytes) -> Kind:
    """Return what `payload` is; raises NotABank with words for a person."""
    head = payload[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\0\xff\xfe")
    if not head:
        raise NotABank("the file is empty")
    if payload.startswith(_ZIP):
        return Kind.ZIP
    if payload.startswith(_GZIP):
        return Kind.OLX  # a course as Open edX exports it
    for start, what in _OTHER:
        if head.startswith(start):
            raise NotABank(f"this is {what}")
    if head.startswith(b"<"):
        return recognise_xml(payload)
    return Kind.JSON if _JSON.match(head) else Kind.TEXT


def recognise_xml(payload: bytes) -> Kind:
    """Return what the XML in `payload` is, by its outermost elements; raises NotABank."""
    names = _outermost(payload)
    root = next(names, "")
    if root in _QTI_ROOTS:
        return Kind.QTI
    if root == "questestinterop":
        return Kind.QTI12
    if root in _OLX_ROOTS:
        return Kind.OLX
    if root == "quiz":
        return _quiz(names)
    if root.lower() in {"html", "!doctype"}:
        raise NotABank("this is a web page")
    raise NotABank(f"this is XML of a kind that holds no items here: <{root[:40]}>" if root else "the XML is broken")


def recognise_package(members: Members) -> Kind:
    """Return what the files of a package are together; raises NotABank, ArchiveRefused."""
    names = members.names()
    plain = {name.rsplit("/", 1)[-1] for name in names}
    if _WORKBOOK in names:
        return Kind.XLSX
    if _H5P in names:
        return Kind.H5P
    if _MANIFEST in plain:
        return _package(members)
    kinds = {_member_kind(members, name) for name in names if name.lower().endswith((".xml", ".qti", ".dat"))} - {None}
    for kind in (Kind.QTI, Kind.QTI12, Kind.OLX, Kind.MOODLE):
        if kind in kinds:
            return kind
    if any(name.lower().endswith((*_TEXTS, ".txt", ".gift")) for name in names):
        return Kind.ZIP
    raise NotABank("there is no item, bank or package manifest in it")


def _package(members: Members) -> Kind:
    manifest = min((name for name in members.names() if name.endswith(_MANIFEST)), key=len)
    text = members.find(manifest) or b""
    if b"imsqti_item" in text or b"imsqti_test" in text or b"imsqti_apip" in text or b"imsqti_stimulus" in text:
        return Kind.QTI
    if any(kind in text for kind in _QTI12_TYPES):
        return Kind.QTI12
    kinds = {_member_kind(members, name) for name in members.names() if name.endswith((".xml", ".dat", ".qti"))}
    return Kind.QTI12 if Kind.QTI12 in kinds and Kind.QTI not in kinds else Kind.QTI


def _member_kind(members: Members, name: str) -> Kind | None:
    try:
        return recognise_xml(members.find(name) or b"")
    except (NotABank, ArchiveRefused):
        return None


def _quiz(names: Iterator[str]) -> Kind:
    # Canvas calls the settings of an assessment `quiz` too; Moodle's holds questions.
    inner = next(names, "question")
    if inner == "question":
        return Kind.MOODLE
    raise NotABank("these are the settings of a Canvas quiz; load the whole export, or the file beside it")


def _outermost(payload: bytes) -> Iterator[str]:
    """Yield the local names of the first elements, in order; nothing is loaded or expanded."""
    parser = etree.XMLPullParser(
        events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        parser.feed(payload[:_HEAD])
        for _, element in parser.read_events():
            yield str(element.tag).rpartition("}")[2]  # QName refuses names that the parser lets through
    except etree.XMLSyntaxError:
        return
