"""Makes elements under the names of QTI 3, without namespace, and writes them in one spelling."""

import copy
from collections.abc import Iterable, Mapping

from lxml import etree

from itembank.formats.qti.elements import children, name_of

# White space in these belongs to what they say.
_TEXTS = frozenset({"value", "base-value"})


def make(
    name: str, given: Mapping[str, str] | None = None, inner: Iterable[etree._Element] = (), *, text: str = ""
) -> etree._Element:
    """Return the element `qti-NAME` with its attributes, its text and the elements inside it."""
    element = etree.Element(f"qti-{name}", dict(given or {}))
    element.text = text or None
    element.extend(list(inner))
    return element


def source_of(element: etree._Element) -> str:
    """Return declarations and rules as XML in one spelling: no space between elements, attributes in order."""
    plain = copy.deepcopy(element)
    plain.tail = None
    for one in plain.iter(etree.Element):
        if children(one) and name_of(one) not in _TEXTS:
            one.text = None
            for child in one:
                child.tail = None
    return etree.tostring(plain, method="c14n2").decode()
