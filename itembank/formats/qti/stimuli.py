"""Reads the shared stimulus that an item refers to: a text of its own in a file of its own."""

from pathlib import PurePosixPath

from lxml import etree

from itembank.core.items import Stimulus
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import attribute, name_of, named
from itembank.formats.qti.flow import Flow
from itembank.formats.qti.reading import Reading
from itembank.formats.qti.shelf import FileRefused, Shelf, resolve


def read_stimulus(reference: etree._Element, reading: Reading) -> Stimulus | None:
    """Return the stimulus that `reference` names; one that cannot be read refuses the item."""
    href = attribute(reference, "href")
    try:
        root = open_document(reading.shelf.read(href))
    except (FileRefused, DocumentRefused) as refusal:
        reading.notes.refuse(reference, "stimulus-missing", str(refusal))
        return None
    bodies = named(root, "stimulus-body")
    if name_of(root) != "assessment-stimulus" or not bodies:
        reading.notes.refuse(reference, "stimulus-missing", f"names {href[:80]!r}, which is no stimulus")
        return None
    # What the stimulus shows lies beside it, not beside the item.
    folder = PurePosixPath(resolve(href, reading.shelf.folder)).parent
    own = Reading(notes=reading.notes, shelf=Shelf(reading.shelf.store, folder), shown=reading.shown)
    return Stimulus(
        code=attribute(root, "identifier") or attribute(reference, "identifier"),
        title=attribute(root, "title")[:200],
        body=Flow(own, own.shown, {}).html(bodies[0]),
    )
