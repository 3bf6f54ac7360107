"""The options of a rendering: response labels with their words, wherever flows put them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from lxml import etree

from itembank.formats.qti12.elements import below, given, is_yes, name_of, words_of
from itembank.formats.qti12.material import MaterialReader
from itembank.formats.qti12.sheet import Sheet
from itembank.formats.qti12.writing import as_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One response label: what the file calls it, its words as clean HTML, and its element for what else it says."""

    ident: str
    content: str
    element: etree._Element

    @property
    def pinned(self) -> bool:
        """Whether it keeps its place when the others are shuffled."""
        says = given(self.element, "rshuffle")
        return bool(says) and not is_yes(says)


def labels_of(rendering: etree._Element, reader: MaterialReader, sheet: Sheet) -> tuple[Label, ...]:
    """Return the labels; the second one with the same name is left out and noted."""
    found: dict[str, Label] = {}
    for place, element in enumerate(below(rendering, "response_label"), start=1):
        ident = given(element, "ident") or f"label-{place}"
        if ident in found:
            sheet.note("duplicate-option", f"the option {ident[:60]!r} is there twice; the first one counts")
            continue
        found[ident] = Label(ident=ident, content=as_line(_html(element, reader), sheet), element=element)
    return tuple(found.values())


def _html(element: etree._Element, reader: MaterialReader) -> str:
    html = reader.read(element)
    if html.strip() or any(name_of(one) == "material" for one in element.iter(etree.Element)):
        return html
    return escape(words_of(element), quote=False)


def with_words(labels: Sequence[Label], sheet: Sheet) -> tuple[Label, ...]:
    """Return the labels; one without words becomes a dash, several become what the file calls them."""
    empty = [one.ident for one in labels if not one.content]
    if len(empty) > 1:
        sheet.note("empty-option", f"{len(empty)} options have no words; their names stand in their place")
    elif empty:
        sheet.warn("empty-option", f"the option {empty[0][:60]!r} has no words; a dash stands in their place")
    names = {ident: "—" if len(empty) == 1 else f"[{escape(ident[:60])}]" for ident in empty}
    return tuple(replace(one, content=one.content or names[one.ident]) for one in labels)
