"""Text files of older programs: UTF-8 as everywhere, else Windows-1252, which is named."""

import codecs
from typing import Final

from itembank.formats.encoding import read_text
from itembank.formats.parsed import Findings

_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_old_text(payload: bytes, findings: Findings) -> str | None:
    """Return the text of a file, or None with the problem noted; Windows-1252 is read with a warning."""
    tried = Findings()
    text = read_text(payload, tried)
    undecoded = any(one.code == "encoding" for one in tried.problems)
    if text is None and undecoded and not payload.startswith(_MARKS):
        try:
            old = payload.decode("cp1252")
        except UnicodeDecodeError:
            old = ""
        if old:
            findings.warn("file", "encoding-cp1252", "read as Windows-1252, not UTF-8; check letters such as é and ö")
            return read_text(old.encode(), findings)
    findings.problems += tried.problems
    findings.warnings += tried.warnings
    return text
