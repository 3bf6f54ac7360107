"""Builders of QTI documents and packages as they are imported, and the short way to what became of them."""

import io
import struct
import zipfile
import zlib

from itembank.formats.archive import open_archive
from itembank.formats.parsed import Parsed, ParsedItem, RefusedItem
from itembank.formats.qti.bank import parse_item_file
from itembank.formats.qti.package import parse_package

ASI = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
TWO = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
MATCH_CORRECT = (
    '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
)
SCORE = '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'


class Files:
    """Files beside a document, by name."""

    def __init__(self, **files: bytes) -> None:
        self._files = {name.replace("__", "/").replace("_dot_", "."): payload for name, payload in files.items()}

    def find(self, name: str) -> bytes | None:
        """Return the bytes, or None."""
        return self._files.get(name)


def png(width: int = 1, height: int = 1) -> bytes:
    """Return a PNG of one grey."""

    def chunk(kind: bytes, payload: bytes) -> bytes:
        return struct.pack(">L", len(payload)) + kind + payload + struct.pack(">L", zlib.crc32(kind + payload))

    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    header = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def declared(name: str = "RESPONSE", *correct: str, cardinality: str = "single", kind: str = "identifier") -> str:
    """Return a response declaration with its correct response."""
    values = "".join(f"<qti-value>{one}</qti-value>" for one in correct)
    inner = f"<qti-correct-response>{values}</qti-correct-response>" if correct else ""
    given = f'identifier="{name}" cardinality="{cardinality}" base-type="{kind}"'
    return f"<qti-response-declaration {given}>{inner}</qti-response-declaration>"


def document(body: str, *declarations: str, processing: str = MATCH_CORRECT, more: str = "", **given: str) -> bytes:
    """Return an assessment item; `more` stands behind its processing."""
    words = {"identifier": "Q1", "title": "One", "xml:lang": "en"} | {
        name.replace("_", "-"): text for name, text in given.items()
    }
    attributes = " ".join(f'{name}="{text}"' for name, text in words.items())
    inner = f"{''.join(declarations)}{SCORE}<qti-item-body>{body}</qti-item-body>{processing}{more}"
    return f"<qti-assessment-item {ASI} {attributes}>{inner}</qti-assessment-item>".encode()


def choice(*options: str, response: str = "RESPONSE", **given: str) -> str:
    """Return a choice interaction with the options A, B, C…"""
    words = "".join(f' {name.replace("_", "-")}="{text}"' for name, text in given.items())
    inner = "".join(
        f'<qti-simple-choice identifier="{chr(65 + place)}">{one}</qti-simple-choice>'
        for place, one in enumerate(options)
    )
    return f'<qti-choice-interaction response-identifier="{response}"{words}>{inner}</qti-choice-interaction>'


def simple(identifier: str = "Q1", words: str = "Which?") -> bytes:
    """Return a choice item whose right answer is B."""
    return document(f"<p>{words}</p>{choice('one', 'two')}", declared("RESPONSE", "B"), identifier=identifier)


def read(payload: bytes, **files: bytes) -> Parsed:
    """Return what the document and the files beside it give."""
    return parse_item_file(payload, name="q.xml", beside=Files(**files))


def taken(payload: bytes, **files: bytes) -> ParsedItem:
    """Return the item, which must not have been refused."""
    parsed = read(payload, **files)
    assert parsed.problems == ()
    assert [one.notes for one in parsed.refused] == []
    return parsed.items[0]


def refusal(payload: bytes, **files: bytes) -> RefusedItem:
    """Return the refused item."""
    parsed = read(payload, **files)
    assert parsed.items == ()
    return parsed.refused[0]


def codes(item: ParsedItem | RefusedItem) -> list[str]:
    """Return the codes of the notes."""
    return [note.code for note in item.notes]


def manifest(*resources: str) -> bytes:
    """Return a manifest with these resources."""
    inner = f"<resources>{''.join(resources)}</resources>"
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M">{inner}</manifest>'.encode()


def resource(href: str, inner: str = "", *, kind: str = "imsqti_item_xmlv3p0", identifier: str = "") -> str:
    """Return a resource of a manifest."""
    given = f'identifier="{identifier or href}" type="{kind}" href="{href}"'
    return f'<resource {given}><file href="{href}"/>{inner}</resource>'


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, payload in files.items():
            archive.writestr(name, payload)
    return buffer.getvalue()


def package(files: dict[str, bytes]) -> Parsed:
    """Return what a package with these files gives."""
    return parse_package(open_archive(zipped(files)))
