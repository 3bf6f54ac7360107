"""Rules of response processing that lie in a file of the package: put where the item names them, before it is read."""

from lxml import etree

from itembank.core.qti.templates import template_rules
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import attribute, children, name_of, named
from itembank.formats.qti.shelf import FileRefused, Shelf


def bring_rules(root: etree._Element, shelf: Shelf) -> None:
    """Put the rules of a template file into the item `root`, when it names one beside it; a fixed one needs no file.

    What cannot be found or read stays as it is, and is refused by name when the rules are read.
    """
    for processing in named(root, "response-processing"):
        places = [attribute(processing, name) for name in ("template-location", "template")]
        if children(processing) or any(template_rules(one) is not None for one in places if one):
            continue
        for place in filter(None, places):
            rules = _rules(place, shelf)
            if rules is not None:
                processing.extend(rules)
                for name in ("template-location", "template"):
                    processing.attrib.pop(name, None)
                break


def _rules(place: str, shelf: Shelf) -> list[etree._Element] | None:
    try:
        found = open_document(shelf.read(place))
    except (FileRefused, DocumentRefused):
        return None
    return list(children(found)) if name_of(found) == "response-processing" else None
