"""The pen of one item: writes clean HTML with its marks, pictures and feedback, and keeps what could not be said."""

from collections.abc import Callable, Iterable, Mapping

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.interactions import Interaction, Picture
from itembank.core.items import ItemContent
from itembank.core.keys import Feedback, FeedbackKind, ItemKey
from itembank.core.markup import INTERACTION
from itembank.formats.qti.making import make
from itembank.formats.qti.own import IN_LINE, PLACE
from itembank.formats.qti.written_html import (
    PRINTED,
    Replacement,
    address_pictures,
    fragment,
    is_inline,
    name_values_in_formulas,
    pour,
    replace_marks,
)

WriteInteraction = Callable[["Pen", Interaction], etree._Element]  # noqa: SLF001 - lxml's only name for it


class Pen:
    """Writes the parts of one item; `address` gives the address of a picture's file by its SHA-256 (hex).

    `records` are the variables that hold named fields.
    """

    def __init__(
        self, content: ItemContent, key: ItemKey, address: Callable[[str], str], records: frozenset[str] = frozenset()
    ) -> None:
        self.content = content
        self.notes: list[Problem] = []
        self.in_formulas: frozenset[str] = frozenset()
        self._key = key
        self._records = records
        self._address = address

    def note(self, where: str, code: str, hint: str) -> None:
        """Keep what the format cannot say."""
        self.notes.append(Problem(where=where, code=code, hint=hint))

    def html(
        self,
        parent: etree._Element,
        html: str,
        *,
        marks: Mapping[str, Replacement] | None = None,
        blocks: bool = False,
    ) -> etree._Element:
        """Write `html` at the end of `parent` and return it; `marks` are those beside feedback and drawn values."""
        holder = fragment(html)
        self.in_formulas |= name_values_in_formulas(holder)
        known: Mapping[str, Replacement] = {"data-feedback": self._feedback, PRINTED: self._printed, **(marks or {})}
        replace_marks(holder, known)
        address_pictures(holder, self._address)
        return pour(holder, parent, blocks=blocks)

    def body(self, parent: etree._Element, html: str, write: WriteInteraction) -> etree._Element:
        """Write the body with an interaction in each of its places."""
        interactions = {one.response: one for one in self.content.interactions}

        def place(mark: etree._Element, response: str) -> Iterable[etree._Element]:
            interaction = interactions.get(response)
            return () if interaction is None else (self._placed(mark, write(self, interaction)),)

        return self.html(parent, html, marks={INTERACTION: place}, blocks=True)

    def picture(self, picture: Picture) -> etree._Element:
        """Return the image of `picture`."""
        size = {"width": str(picture.width), "height": str(picture.height)}
        return etree.Element("img", {"src": self._address(picture.sha256), "alt": picture.alt} | size)

    def address(self, sha256: str) -> str:
        """Return the address of a file."""
        return self._address(sha256)

    def modal(self) -> Iterable[etree._Element]:
        """Yield the feedback that stands beside the item."""
        for one in self._key.feedback:
            if one.kind is FeedbackKind.MODAL:
                element = make("modal-feedback", _shown(one) | ({"title": one.title} if one.title else {}))
                yield self.html_in_block(element, one.content)

    def html_in_block(self, parent: etree._Element, html: str) -> etree._Element:
        """Write `html` into the body that QTI 3 asks for inside blocks, and return `parent`."""
        parent.append(self.html(make("content-body"), html, blocks=True))
        return parent

    def _placed(self, mark: etree._Element, interaction: etree._Element) -> etree._Element:
        if is_inline(interaction) and mark.tag == "div":
            line = etree.Element("div", {"class": PLACE})
            line.append(interaction)
            return line
        if not is_inline(interaction) and mark.tag == "span":
            interaction.set("class", f"{interaction.get('class', '')} {IN_LINE}".strip())
            parent = mark.getparent()
            if parent is not None and parent.tag in {"p", "span"}:
                self.note("body", "block-in-line", "an interaction that is a block stands inside a line")
        return interaction

    def _feedback(self, mark: etree._Element, place: str) -> Iterable[etree._Element]:
        del mark
        return [self._one_feedback(one, place) for one in self._key.feedback if one.place == place]

    def _printed(self, mark: etree._Element, value: str) -> Iterable[etree._Element]:
        del mark
        variable, _, field = value.rpartition(".")
        if variable in self._records:
            return (make("printed-variable", {"identifier": variable, "field": field}),)
        return (make("printed-variable", {"identifier": value}),)

    def _one_feedback(self, one: Feedback, place: str) -> etree._Element:
        element = make(f"feedback-{one.kind.value}", {"id": place, **_shown(one)})
        if one.kind is FeedbackKind.BLOCK:
            return self.html_in_block(element, one.content)
        return self.html(element, one.content)


def _shown(one: Feedback) -> dict[str, str]:
    hidden = "hide" if one.hidden else "show"
    return {"outcome-identifier": one.outcome, "identifier": one.value, "show-hide": hidden}
