"""The names of QTI 2 and of QTI 3: `responseIf` is `qti-response-if`, `baseType` is `base-type`; HTML keeps its own."""

import re
from typing import Final

from lxml import etree

_QTI: Final = re.compile(r"http://www\.imsglobal\.org/(?:xsd/(?:qti/|apip/|imsqti)|question/)")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIX: Final = "qti-"
_HTML: Final = re.compile(
    "a|abbr|acronym|address|article|aside|audio|b|bdi|bdo|big|blockquote|br|caption|cite|code|col|colgroup|dd|del"
    "|details|dfn|div|dl|dt|em|fieldset|figcaption|figure|footer|h[1-6]|head|header|hr|i|img|ins|kbd|label|legend|li"
    "|link|mark|nav|object|ol|p|param|picture|pre|q|rb|rp|rt|rtc|ruby|s|samp|section|small|source|span|strike|strong"
    "|style|sub|summary|sup|table|tbody|td|tfoot|th|thead|time|tr|track|tt|u|ul|var|video|wbr"
)


def rename(root: etree._Element) -> None:
    """Give every element of QTI its name of QTI 3.0, without namespace; attributes likewise."""
    old = not etree.QName(root).localname.startswith(_PREFIX)
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        if name.namespace is not None and not _QTI.match(name.namespace):
            continue
        element.tag = _element_name(name.localname) if old else name.localname
        if old and element.tag.startswith(_PREFIX):
            _rename_attributes(element)


def _element_name(name: str) -> str:
    return name if _HTML.fullmatch(name) or name.startswith(_PREFIX) else _PREFIX + _dashed(name)


def _rename_attributes(element: etree._Element) -> None:
    given = [(str(name), str(text)) for name, text in element.attrib.items()]
    if any(_HUMP.search(name) for name, _ in given if not name.startswith("{")):
        element.attrib.clear()
        for name, text in given:
            element.set(name if name.startswith("{") else _dashed(name), text)


def _dashed(name: str) -> str:
    return _HUMP.sub("-", name).lower()
