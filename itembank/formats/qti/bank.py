"""Reads a single QTI document as a bank of one item."""

from itembank.formats.figures import Figures, NoFigures
from itembank.formats.parsed import Findings, Parsed, ParsedItem
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import name_of
from itembank.formats.qti.shelf import Shelf, Store
from itembank.formats.qti.taking import Placed, take_item
from itembank.formats.qti.versions import version_of

_ALONE = {
    "assessment-test": "a test; load the package with its items",
    "assessment-section": "a section of a test; load the package with its items",
    "assessment-stimulus": "a stimulus; load the package with its items",
}


def parse_item_file(payload: bytes, *, name: str, beside: Figures | None = None) -> Parsed:
    """Return the item in `payload`; pictures are looked up `beside` it. Never raises."""
    try:
        root = open_document(payload)
    except DocumentRefused as refusal:
        return _refused(refusal.code, refusal.message)
    kind = name_of(root)
    if kind != "assessment-item":
        return _refused("not-an-item", f"this is {_ALONE.get(kind, f'<{kind[:40]}>, not an assessment item')}")
    figures = NoFigures() if beside is None else beside
    found = take_item(root, Placed(where=name or "document", payload=payload, shelf=Shelf(Store(figures.find))))
    if isinstance(found, ParsedItem):
        return Parsed(items=(found,), format=version_of(root))
    return Parsed(refused=(found,), format=version_of(root))


def _refused(code: str, hint: str) -> Parsed:
    findings = Findings()
    findings.refuse("document", code, hint)
    return findings.parsed()
