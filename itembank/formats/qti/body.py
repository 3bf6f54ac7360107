"""Reads the body of an item: its text with the places of interactions, feedback and drawn values, and what they are."""

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from typing import Final

from lxml import etree

from itembank.core.interactions import Interaction
from itembank.core.keys import Feedback, FeedbackKind
from itembank.core.markup import INTERACTION, visible_text
from itembank.core.qti.declarations import Declaration, VariableKind
from itembank.core.qti.responses import Told, told
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.qti import choosing, entering, picturing
from itembank.formats.qti.asking import Ask, is_mark
from itembank.formats.qti.elements import attribute, name_of, named, text_of
from itembank.formats.qti.flow import Flow, Handler
from itembank.formats.qti.own import EXPLANATION, IN_LINE, PLACE, REFERENCES, is_own
from itembank.formats.qti.reading import Reading

_READERS: Final[Mapping[str, Callable[[Ask], Interaction]]] = MappingProxyType(
    {
        "choice-interaction": choosing.read_choice,
        "order-interaction": choosing.read_order,
        "associate-interaction": choosing.read_associate,
        "match-interaction": choosing.read_match,
        "inline-choice-interaction": choosing.read_inline_choice,
        "gap-match-interaction": choosing.read_gap_match,
        "hottext-interaction": choosing.read_hottext,
        "text-entry-interaction": entering.read_text_entry,
        "extended-text-interaction": entering.read_extended_text,
        "slider-interaction": entering.read_slider,
        "upload-interaction": entering.read_upload,
        "end-attempt-interaction": entering.read_end_attempt,
        "custom-interaction": entering.read_vendor,
        "portable-custom-interaction": entering.read_vendor,
        "hotspot-interaction": picturing.read_hotspot,
        "select-point-interaction": picturing.read_select_point,
        "graphic-order-interaction": picturing.read_graphic_order,
        "graphic-associate-interaction": picturing.read_graphic_associate,
        "graphic-gap-match-interaction": picturing.read_graphic_gap_match,
        "position-object-interaction": picturing.read_position_object,
        "drawing-interaction": picturing.read_drawing,
        "media-interaction": picturing.read_media,
    }
)
VENDOR: Final = frozenset({"custom-interaction", "portable-custom-interaction"})
_IN_LINE: Final = frozenset({"text-entry-interaction", "inline-choice-interaction", "end-attempt-interaction"})
# Inside these only what fits into a line may stand.
_LINES: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "span", "strong", "em", "b", "i", "label"})
_OF_THE_KEY: Final = frozenset({"feedback-inline", "feedback-block", "modal-feedback", "rubric-block"})
_NUMBERS: Final = frozenset({BaseType.INTEGER, BaseType.FLOAT})
_PLAIN_FORMATS: Final = frozenset({"", "%s", "%i", "%d", "%u"})


class BodyReader:
    """Reads the body, the modal feedback and the words for scorers of one item."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._notes = reading.notes
        shared: dict[str, Handler] = {
            "printed-variable": self._printed,
            "template-inline": self._template,
            "template-block": self._template,
        }
        in_body = {**shared, "feedback-inline": self._feedback, "feedback-block": self._feedback}
        # Feedback inside feedback is words of the key already.
        nested = dict.fromkeys(("feedback-inline", "feedback-block"), self._nested)
        self._key = Flow(reading, reading.kept, {**shared, **nested})
        self._words = Flow(reading, reading.shown, in_body)
        self._in_options = in_body
        interactions = dict.fromkeys(_READERS, self._interaction)
        stages = {"position-object-stage": self._stage, "rubric-block": self._rubric}
        self._body = Flow(reading, reading.shown, {**in_body, **interactions, **stages})
        self.for_scorers: list[str] = []
        self.explanation = ""
        self.references: tuple[str, ...] = ()

    def body(self, element: etree._Element) -> str:
        """Return the HTML of the item's body; its interactions and feedback are added to the reading."""
        return self._body.html(element)

    def words(self, element: etree._Element) -> str:
        """Return the HTML of a text without interactions."""
        return self._words.html(element)

    def modal(self, element: etree._Element) -> None:
        """Add a modal feedback to the reading, unless it is empty."""
        content = self._key.html(element)
        if _says_something(content):
            self._add(element, FeedbackKind.MODAL, content)

    def _interaction(self, element: etree._Element) -> str:
        name, response = name_of(element), attribute(element, "response-identifier")
        reading = self._reading
        if response not in reading.declared or not is_mark(response):
            self._notes.refuse(element, "unknown-response", f"has no declared response variable {response[:60]!r}")
            return ""
        if any(one.response == response for one in reading.interactions):
            hint = f"shares the response variable {response} with an earlier one and is left out"
            self._notes.lack(element, "repeated-response", hint)
            return ""
        place = len(reading.interactions)
        found = _READERS[name](Ask(element, reading, self._words, self._in_options))
        reading.interactions.insert(place, found)
        tag = "span" if _in_line(element) else "div"
        return f'<{tag} {INTERACTION}="{escape(response)}"></{tag}>'

    def _stage(self, element: etree._Element) -> str:
        inner = [self._interaction(one) for one in named(element, "position-object-interaction")]
        return "".join(inner)

    def _rubric(self, element: etree._Element) -> str:
        views = attribute(element, "view").split()
        if not views or "candidate" in views:
            return f"<div>{self._body.inside(element)}</div>"
        if is_own(element, REFERENCES):
            found = (" ".join(text_of(one).split()) for one in element.iter("li"))
            self.references = tuple(filter(None, found))
            return ""
        if is_own(element, EXPLANATION):
            self.explanation = self._key.html(element)
            return ""
        self._notes.remark(element, "rubric-for-others", f"is for {', '.join(views)[:60]}; it is kept with the key")
        content = self._key.html(element)
        if _says_something(content):
            self.for_scorers.append(content)
        return ""

    def _feedback(self, element: etree._Element) -> str:
        kind = FeedbackKind.INLINE if name_of(element) == "feedback-inline" else FeedbackKind.BLOCK
        if any(name_of(one) in _READERS for one in element.iter(etree.Element)):
            hint = "is shown from the beginning, because an answer is given in it"
            self._notes.lack(element, "feedback-with-interaction", hint)
            return f"<div>{self._body.inside(element)}</div>"
        content = self._key.html(element)
        if not _says_something(content):
            return ""
        place = f"F{len(self._reading.feedback) + 1}"
        self._add(element, kind, content, place)
        tag = "span" if kind is FeedbackKind.INLINE else "div"
        return f'<{tag} data-feedback="{place}"></{tag}>'

    def _nested(self, element: etree._Element) -> str:
        self._notes.lack(element, "feedback-in-feedback", "always appears with the feedback around it")
        return self._key.inside(element)

    def _add(self, element: etree._Element, kind: FeedbackKind, content: str, place: str = "") -> None:
        self._reading.feedback.append(
            Feedback(
                kind=kind,
                outcome=attribute(element, "outcome-identifier"),
                value=attribute(element, "identifier"),
                content=content,
                place=place,
                title=attribute(element, "title")[:200],
                hidden=attribute(element, "show-hide") == "hide",
            )
        )

    def _printed(self, element: etree._Element) -> str:
        name = attribute(element, "identifier")
        declared = self._reading.variables.get(name)
        if declared is None or not is_mark(name):
            self._notes.lack(element, "unknown-variable", f"prints {name[:60]!r}, which is not declared")
            return ""
        if declared.kind is not VariableKind.TEMPLATE and not _in_key(element):
            return self._before_the_answer(element, declared)
        if not _plainly(element):
            self._notes.lack(element, "format-left-out", "prints in a format of its own; here the value stands plain")
        field = attribute(element, "field")
        place = f"{name}.{field}" if declared.cardinality is Cardinality.RECORD and field else name
        return f'<span data-printed="{escape(place)}"></span>'

    def _before_the_answer(self, element: etree._Element, declared: Declaration) -> str:
        """Return what an outcome or a response is worth when the body is shown: before anything is answered."""
        if declared.kind is VariableKind.OUTCOME and declared.base_type not in _NUMBERS:
            # A text could be the model answer.
            self._notes.lack(element, "outcome-left-out", "prints an outcome, which a candidate must not see before")
            return ""
        return escape(_text(told(declared.initial())), quote=False)

    def _template(self, element: etree._Element) -> str:
        hint = "stands in some drawn versions of the item only; here it always does"
        self._notes.lack(element, "template-part", hint)
        tag = "span" if name_of(element) == "template-inline" else "div"
        flow = self._key if _in_key(element) else self._body
        return f"<{tag}>{flow.inside(element)}</{tag}>"


def _plainly(element: etree._Element) -> bool:
    """Return whether a value is printed as it is: in base ten, whole, without a format."""
    formed = attribute(element, "format") not in _PLAIN_FORMATS or attribute(element, "base") not in {"", "10"}
    return not (formed or attribute(element, "power-form") in {"true", "1"})


def _text(value: Told) -> str:
    return "" if value is None else value if isinstance(value, str) else "; ".join(map(str, value))


def _in_line(element: etree._Element) -> bool:
    above = tuple(element.iterancestors())
    if any(is_own(one, PLACE) for one in above):
        return False
    in_line = name_of(element) in _IN_LINE or is_own(element, IN_LINE)
    return in_line or any(name_of(one) in _LINES for one in above)


def _in_key(element: etree._Element) -> bool:
    return any(name_of(one) in _OF_THE_KEY for one in element.iterancestors())


def _says_something(html: str) -> bool:
    return bool(visible_text(html)) or "<img" in html
