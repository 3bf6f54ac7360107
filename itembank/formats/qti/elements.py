"""Looking at elements: their plain names, their children, their text, and where they stand."""

from lxml import etree

from cbt.kernel.errors import Problem

_PREFIX = "qti-"


def name_of(element: etree._Element) -> str:
    """Return the name without QTI's prefix (`{uri}name` for an element of something else)."""
    return str(element.tag).removeprefix(_PREFIX)


def children(element: etree._Element) -> tuple[etree._Element, ...]:
    """Return the child elements, without whatever else stands between them."""
    return tuple(child for child in element if isinstance(child.tag, str))


def named(element: etree._Element, name: str) -> tuple[etree._Element, ...]:
    """Return the child elements with that name."""
    return tuple(child for child in children(element) if name_of(child) == name)


def text_of(element: etree._Element) -> str:
    """Return all text inside the element."""
    return "".join(str(part) for part in element.itertext())


def attribute(element: etree._Element, name: str, default: str = "") -> str:
    """Return the attribute without white space around it."""
    return str(element.get(name, default)).strip()


def attributes(element: etree._Element) -> dict[str, str]:
    """Return the attributes that are QTI's own."""
    return {str(name): str(text) for name, text in element.attrib.items() if not str(name).startswith("{")}


def place_of(line: int, element: str) -> str:
    """Return the words for where something stands: `line 12, qti-match`."""
    return f"line {line}, {element if element.startswith('{') else _PREFIX + element}"


def problem(element: etree._Element, code: str, hint: str) -> Problem:
    """Return the problem of that element."""
    return Problem(where=place_of(line_of(element), name_of(element)), code=code, hint=hint)


def line_of(element: etree._Element) -> int:
    """Return the line on which the element begins."""
    return element.sourceline or 0
