"""Opens a QTI document: bytes into elements under QTI 3.0's names, or a refusal before the parser goes far.

No network, no DTD, no entity, no XInclude. A DOCTYPE without entities is accepted and never loaded (real files have
it). Elements of QTI and of its HTML lose their namespace; those of MathML, SSML and others keep it (`{uri}name`).
"""

import codecs
import re
from typing import Final

from lxml import etree

from cbt.kernel.errors import InvalidInput
from itembank.formats.qti.names import rename

LARGEST_DOCUMENT: Final = 4 * 1024 * 1024
MOST_ELEMENTS: Final = 50_000
DEEPEST: Final = 120
MOST_ATTRIBUTES: Final = 100  # of one element; lxml takes the square of their number to list them
_CHUNK: Final = 64 * 1024
_ENTITY: Final = re.compile(r"<!ENTITY", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN: Final = re.compile(
    rb"utf-?8|(us-)?ascii|iso-?8859-?[0-9]{1,2}|latin-?1|windows-125[0-9]|cp125[0-9]|euc-kr|utf-?16", re.IGNORECASE
)
_WIDE: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


class DocumentRefused(InvalidInput):
    """The document is not XML that is read here: it declares entities, is broken, or is too large."""

    code = "qti-document"


def open_document(payload: bytes) -> etree._Element:
    """Return the root element with all names those of QTI 3.0; raises DocumentRefused."""
    if len(payload) > LARGEST_DOCUMENT:
        raise DocumentRefused(f"The document is larger than {LARGEST_DOCUMENT // 1024} KiB")
    _refuse_entities(payload)
    try:
        root = _parsed(payload)
    except (etree.LxmlError, ValueError, LookupError) as broken:
        raise DocumentRefused(f"The XML is broken: {str(broken)[:200]}") from broken
    rename(root)
    return root


def _refuse_entities(payload: bytes) -> None:
    """Refuse entity declarations before any parser sees them, in each encoding that a parser would understand."""
    wide = next((encoding for mark, encoding in _WIDE if payload.startswith(mark)), None)
    declared = _DECLARED.match(payload.removeprefix(codecs.BOM_UTF8))
    if wide is None and declared is not None and not _KNOWN.fullmatch(declared[1]):
        raise DocumentRefused(f"The encoding {declared[1].decode()} is not read; save the file as UTF-8")
    if _ENTITY.search(payload.decode(wide or "latin-1", errors="replace")):
        raise DocumentRefused("The document declares entities, which are never read")


def _parsed(payload: bytes) -> etree._Element:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count = depth = 0
    for start in range(0, len(payload), _CHUNK):
        parser.feed(payload[start : start + _CHUNK])
        for event, element in parser.read_events():
            count += event == "start"
            depth += 1 if event == "start" else -1
            if count > MOST_ELEMENTS or depth > DEEPEST or len(element.attrib) > MOST_ATTRIBUTES:
                raise DocumentRefused("The document has too many elements or attributes, or nests them too deeply")
    return parser.close()
