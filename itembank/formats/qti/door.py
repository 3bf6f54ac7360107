"""Opens a QTI document: bytes into elements under QTI 3.0's names, or a refusal before the parser goes far.

Elements of QTI and of its HTML lose their namespace; those of MathML, SSML and others keep it (`{uri}name`).
"""

from typing import Final

from lxml import etree

from itembank.formats.qti.names import rename
from itembank.formats.xml_door import ONE_ITEM, DocumentRefused, open_xml

LARGEST_DOCUMENT: Final = ONE_ITEM.largest
MOST_ELEMENTS: Final = ONE_ITEM.most_elements
DEEPEST: Final = ONE_ITEM.deepest

__all__ = ["DEEPEST", "LARGEST_DOCUMENT", "MOST_ELEMENTS", "DocumentRefused", "open_document"]


def open_document(payload: bytes) -> etree._Element:
    """Return the root element with all names those of QTI 3.0; raises DocumentRefused."""
    root = open_xml(payload)
    rename(root)
    return root
