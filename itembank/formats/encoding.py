"""Bytes of a text file to text: UTF-8 with or without mark, UTF-16 with its mark, CP949 recognised and named."""

import codecs
import re
from typing import Final

from itembank.formats.parsed import FILE_BYTES, Findings

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HANGUL: Final = re.compile(r"[가-힣]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff]")


def read_text(payload: bytes, findings: Findings) -> str | None:
    """Return the text of a file, or None with the problem noted."""
    if len(payload) > FILE_BYTES:
        findings.refuse("file", "file-too-large", f"{len(payload):,} bytes; {FILE_BYTES:,} is the most")
        return None
    text = _decoded(payload, findings)
    if text is None:
        return None
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        hint = f"the control character U+{ord(control[0]):04X}; is this a text file?"
        findings.refuse(f"line {line}", "control-character", hint)
        return None
    return text


def _decoded(payload: bytes, findings: Findings) -> str | None:
    for mark, encoding in _MARKS:
        if payload.startswith(mark):
            return _strict(payload[len(mark) :], encoding, findings)
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as error:
        return _cp949(payload, error, findings)


def _strict(payload: bytes, encoding: str, findings: Findings) -> str | None:
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        _refuse(findings, payload, encoding, error)
        return None


def _cp949(payload: bytes, utf8_error: UnicodeDecodeError, findings: Findings) -> str | None:
    # Korean Excel writes CSV in CP949; other wrong encodings decode to rare signs, not to Hangul throughout.
    try:
        text = payload.decode("cp949")
    except UnicodeDecodeError:
        text = ""
    foreign = sum(1 for sign in text if ord(sign) > 0x7F)  # noqa: PLR2004 - the end of ASCII
    if foreign and not _PRIVATE.search(text) and len(_HANGUL.findall(text)) * 2 > foreign:
        hint = "read as CP949 (한국어 Windows), not UTF-8; check that the Korean text is right"
        findings.warn("file", "encoding-cp949", hint)
        return text
    _refuse(findings, payload, "utf-8", utf8_error)
    return None


def _refuse(findings: Findings, payload: bytes, encoding: str, error: UnicodeDecodeError) -> None:
    line = payload.count(b"\n", 0, error.start) + 1
    hint = f"byte {error.start} is not {encoding.upper()}; save the file as UTF-8"
    findings.refuse(f"line {line}", "encoding", hint)
