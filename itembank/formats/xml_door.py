"""Opens XML that somebody handed over: bytes into elements, or a refusal before the parser goes far.

No network, no DTD, no entity, no XInclude. A DOCTYPE without entities is accepted and never loaded (real files have
it). What the elements mean is for the format that asked.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from cbt.kernel.errors import InvalidInput

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one document may hold; lxml takes the square of the attributes of one element to list them."""

    largest: int = 4 * 1024 * 1024
    most_elements: int = 50_000
    deepest: int = 120
    most_attributes: int = 100


ONE_ITEM: Final = Limits()
WHOLE_BANK: Final = Limits(largest=64 * 1024 * 1024, most_elements=600_000)


def open_xml(payload: bytes, limits: Limits = ONE_ITEM) -> etree._Element:
    """Return the root element as it is written; raises DocumentRefused."""
    if len(payload) > limits.largest:
        raise DocumentRefused(f"The document is larger than {limits.largest // 1024} KiB")
    _refuse_entities(payload)
    try:
        return _parsed(payload, limits)
    except (etree.LxmlError, ValueError, LookupError) as broken:
        raise DocumentRefused(f"The XML is broken: {str(broken)[:200]}") from broken


def _refuse_entities(payload: bytes) -> None:
    """Refuse entity declarations before any parser sees them, in each encoding that a parser would understand."""
    wide = next((encoding for mark, encoding in _WIDE if payload.startswith(mark)), None)
    declared = _DECLARED.match(payload.removeprefix(codecs.BOM_UTF8))
    if wide is None and declared is not None and not _KNOWN.fullmatch(declared[1]):
        raise DocumentRefused(f"The encoding {declared[1].decode()} is not read; save the file as UTF-8")
    if _ENTITY.search(payload.decode(wide or "latin-1", errors="replace")):
        raise DocumentRefused("The document declares entities, which are never read")


def _parsed(payload: bytes, limits: Limits) -> etree._Element:
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
            if count > limits.most_elements or depth > limits.deepest or len(element.attrib) > limits.most_attributes:
                raise DocumentRefused("The document has too many elements or attributes, or nests them too deeply")
    return parser.close()
