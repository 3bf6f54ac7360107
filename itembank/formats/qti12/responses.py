"""Responses of QTI 1.2 with their renderings into our variables and interactions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from itembank.core.interactions import (
    Choice,
    ChoiceInteraction,
    ExtendedTextInteraction,
    Interaction,
    MatchInteraction,
    OrderInteraction,
    SliderInteraction,
    TextEntryInteraction,
)
from itembank.core.qti.exact import read_float
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.elements import Names, below, children, given, is_yes, name_of
from itembank.formats.qti12.labels import Label, labels_of, with_words
from itembank.formats.qti12.material import MaterialReader
from itembank.formats.qti12.pictures import HotspotReader
from itembank.formats.qti12.sheet import ItemRefused, Sheet

RESPONSES: Final = frozenset({"response_lid", "response_str", "response_num", "response_xy", "response_grp"})
_RENDERINGS: Final = ("render_choice", "render_fib", "render_hotspot", "render_slider", "render_extension")
_CARDINALITIES: Final = {"multiple": Cardinality.MULTIPLE, "ordered": Cardinality.ORDERED}
# Names that processing gives to its own variables.
TAKEN: Final = frozenset(
    {"SCORE", "FEEDBACK", "HELD", "ANSWER", "SET", "MAXSCORE", "completionStatus", "numAttempts", "duration"}
)
_LONG_ROWS: Final = 1
_LONG_SIGNS: Final = 255
_WIDEST: Final = 80


@dataclass(slots=True)
class ResponseReader:
    """Reads the responses of one item; `compared` holds the values that its processing compares each with."""

    sheet: Sheet
    material: MaterialReader
    compared: Mapping[str, tuple[str, ...]]
    shuffle: bool | None = None  # what the settings beside the file say
    essay: bool = False
    numeric: bool = False  # typed text is a number, whatever the rendering says
    names: Names = field(default_factory=lambda: Names(TAKEN))
    options: Names = field(default_factory=Names)

    def read(self, element: etree._Element, prompt: str) -> Asked:
        """Return the response; raises ItemRefused when it cannot be given here."""
        ident = given(element, "ident") or "response"
        rendering = next((child for child in children(element) if name_of(child) in _RENDERINGS), None)
        if rendering is None:
            raise ItemRefused("rendering-unknown", f"the response {ident[:60]!r} has no rendering that is known")
        kind, how = name_of(element), name_of(rendering)
        if how == "render_hotspot":
            return HotspotReader(self.sheet, self.material, self.names, self.options).read(element, rendering, prompt)
        if kind == "response_grp":
            return self._groups(ident, rendering, prompt)
        if how == "render_slider" and kind != "response_lid":
            return self._slider(ident, element, rendering, prompt)
        if how == "render_fib" or kind in {"response_str", "response_num"}:
            return self._typed(ident, element, rendering, prompt)
        return self._chosen(ident, element, rendering, prompt)

    def _chosen(self, ident: str, element: etree._Element, rendering: etree._Element, prompt: str) -> Asked:
        labels = self.labels(ident, rendering)
        cardinality = cardinality_of(element)
        values = {one.ident: self.options.of(one.ident) for one in labels}
        choices = tuple(self._choice(one) for one in labels)
        name = self.names.of(ident)
        most, least = _count(rendering, "maxnumber"), _count(rendering, "minnumber")
        interaction: Interaction
        if cardinality is Cardinality.ORDERED:
            shuffle = self._shuffles(rendering)
            interaction = OrderInteraction(response=name, prompt=prompt, choices=choices, shuffle=shuffle)
        else:
            interaction = ChoiceInteraction(
                response=name,
                prompt=prompt,
                choices=choices,
                max_choices=1 if cardinality is Cardinality.SINGLE else min(most, len(choices)),
                min_choices=min(least, len(choices)),
                shuffle=self._shuffles(rendering),
            )
        declaration = ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=BaseType.IDENTIFIER)
        return Asked(ident=ident, declarations=(declaration,), interactions=(interaction,), values=values)

    def labels(self, ident: str, rendering: etree._Element) -> tuple[Label, ...]:
        """Return the options of a rendering; an empty one that no condition names is left out. Raises ItemRefused."""
        labels = labels_of(rendering, self.material, self.sheet)
        named = self.compared.get(ident, ())
        kept = tuple(one for one in labels if one.content or one.ident in named)
        if len(kept) < len(labels) and kept:
            self.sheet.warn("empty-option", f"an option without words, {ident[:60]!r}, is left out")
            labels = kept
        if not labels:
            raise ItemRefused("no-options", f"the response {ident[:60]!r} has no options")
        return with_words(labels, self.sheet)

    def _choice(self, label: Label) -> Choice:
        return Choice(identifier=self.options.of(label.ident), content=label.content, pinned=label.pinned)

    def _shuffles(self, rendering: etree._Element) -> bool:
        says = next((given(one, "shuffle") for one in (rendering, *below(rendering, "ims_render_object"))), "")
        if name_of(rendering) == "render_slider":
            return False
        return is_yes(says) if says or self.shuffle is None else self.shuffle

    def _typed(self, ident: str, element: etree._Element, rendering: etree._Element, prompt: str) -> Asked:
        name = self.names.of(ident)
        blanks = sum(1 for _ in below(rendering, "response_label"))
        base_type = self._base_type(ident, element, rendering)
        rows, signs = _count(rendering, "rows"), _count(rendering, "maxchars")
        columns = _count(rendering, "columns")
        long = self.essay or rows > _LONG_ROWS or signs > _LONG_SIGNS
        cardinality = Cardinality.SINGLE if blanks <= 1 else cardinality_of(element)
        several = cardinality is not Cardinality.SINGLE
        if several:
            self.sheet.note("blanks-together", f"{blanks} blanks of one response are asked for in one place")
        width = signs or columns
        interaction: Interaction = (
            ExtendedTextInteraction(
                response=name,
                prompt=prompt,
                expected_lines=rows,
                max_strings=blanks if several else 1,
            )
            if long or several
            else TextEntryInteraction(response=name, prompt=prompt, expected_length=min(width, _WIDEST) or 20)
        )
        declaration = ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=base_type)
        inline = isinstance(interaction, TextEntryInteraction) and not prompt
        return Asked(ident=ident, declarations=(declaration,), interactions=(interaction,), inline=inline)

    def _base_type(self, ident: str, element: etree._Element, rendering: etree._Element) -> BaseType:
        kind = given(rendering, "fibtype").lower()
        number = name_of(element) == "response_num" or kind in {"integer", "decimal", "scientific"}
        number = number or self.numeric
        if not number:
            return BaseType.STRING
        numbers = [read_float(text) for text in self.compared.get(ident, ())]
        if any(one is None for one in numbers):
            self.sheet.warn("number-as-text", "a number is asked for, but the key holds text; what is typed stays text")
            return BaseType.STRING
        said = given(element, "numtype", kind or "Integer").lower()
        whole = said == "integer" and kind in {"", "integer"} and not self.numeric
        fits = all(one is not None and one.denominator == 1 for one in numbers)
        return BaseType.INTEGER if whole and fits else BaseType.FLOAT

    def _slider(self, ident: str, element: etree._Element, rendering: etree._Element, prompt: str) -> Asked:
        name = self.names.of(ident)
        lower, upper, step = (given(rendering, key) for key in ("lowerbound", "upperbound", "step"))
        if read_float(lower) is None or read_float(upper) is None or read_float(step or "1") is None:
            raise ItemRefused("slider-bounds", f"the slider {ident[:60]!r} has no bounds")
        interaction = SliderInteraction(
            response=name,
            prompt=prompt,
            lower=lower,
            upper=upper,
            step=step or "1",
            step_label=is_yes(given(rendering, "steplabel")),
            vertical=given(rendering, "orientation").lower() == "vertical",
        )
        base_type = self._base_type(ident, element, rendering)
        base_type = BaseType.FLOAT if base_type is BaseType.STRING else base_type
        declaration = ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=base_type)
        return Asked(ident=ident, declarations=(declaration,), interactions=(interaction,))

    def _groups(self, ident: str, rendering: etree._Element, prompt: str) -> Asked:
        """Return the pairs that a response_grp asks for: labels that name a group are laid onto the others."""
        labels = with_words(labels_of(rendering, self.material, self.sheet), self.sheet)
        sources = tuple(one for one in labels if given(one.element, "match_group"))
        targets = tuple(one for one in labels if not given(one.element, "match_group"))
        if not sources or not targets:
            raise ItemRefused("no-options", f"the response {ident[:60]!r} has nothing to pair")
        name = self.names.of(ident)
        values = {one.ident: self.options.of(one.ident) for one in labels}
        interaction = MatchInteraction(
            response=name,
            prompt=prompt,
            sources=tuple(self._paired(one) for one in sources),
            targets=tuple(self._paired(one, most=0) for one in targets),
            max_associations=0,
            shuffle=self._shuffles(rendering),
        )
        declaration = ResponseDeclaration(
            identifier=name, cardinality=Cardinality.MULTIPLE, base_type=BaseType.DIRECTED_PAIR
        )
        return Asked(ident=ident, declarations=(declaration,), interactions=(interaction,), values=values)

    def _paired(self, label: Label, *, most: int | None = None) -> Choice:
        says = given(label.element, "match_max")
        count = most if most is not None else int(says) if says.isascii() and says.isdigit() else 1
        return Choice(
            identifier=self.options.of(label.ident), content=label.content, pinned=label.pinned, match_max=count
        )


def cardinality_of(element: etree._Element) -> Cardinality:
    """Return how many values the response may hold; one when the file does not say."""
    return _CARDINALITIES.get(given(element, "rcardinality").lower(), Cardinality.SINGLE)


def _count(element: etree._Element, name: str) -> int:
    text = given(element, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0  # noqa: PLR2004 - digits
