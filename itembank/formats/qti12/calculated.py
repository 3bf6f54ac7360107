"""Canvas' calculated items: the sets of numbers that the file holds become what is drawn, the formula is not run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.core.keys import QtiProgram
from itembank.core.qti.exact import read_float
from itembank.formats.qti.making import make
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.elements import Names, below, first, given, named, words_of
from itembank.formats.qti12.program import SCORE, declarations, finished, number, outcome, variable
from itembank.formats.qti12.responses import TAKEN
from itembank.formats.qti12.sheet import ItemRefused, Sheet

ANSWER: Final = "ANSWER"
SET: Final = "SET"
_MOST_SETS: Final = 200
_TIMES_TEN: Final = re.compile(r"^\s*([-+]?[0-9.]+)\s*\*\s*10\^\(?([-+]?[0-9]{1,3})\)?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The sets of a calculated item: each a text per name, and an answer; a tolerance may be a percentage."""

    names: dict[str, str]  # the file's names of the variables, and ours
    sets: tuple[tuple[dict[str, str], str], ...]
    tolerance: str = "0"
    relative: bool = False

    def program(self, identifier: str, asked: Asked) -> QtiProgram:
        """Return the program that draws one of the sets and compares the response with its answer."""
        name = asked.names[0]
        body = [
            *declarations(asked.declarations, {}),
            outcome(SCORE, Fraction(0)),
            *(self._declared(one, "string") for one in self.names.values()),
            self._declared(ANSWER, "float"),
            self._declared(SET, "integer"),
            make("template-processing", inner=self._drawing(name)),
            make("response-processing", inner=(self._scoring(name),)),
        ]
        return QtiProgram(source=finished(identifier, body))

    def _declared(self, name: str, base_type: str) -> etree._Element:
        attributes = {"identifier": name, "cardinality": "single", "base-type": base_type}
        return make("template-declaration", attributes)

    def _drawing(self, response: str) -> Iterator[etree._Element]:
        drawn = make("random-integer", {"min": "1", "max": str(len(self.sets))})
        yield make("set-template-value", {"identifier": SET}, (drawn,))
        for theirs, ours in self.names.items():
            yield self._chosen(ours, "string", [values.get(theirs, "") for values, _ in self.sets])
        yield self._chosen(ANSWER, "float", [answer for _, answer in self.sets])
        yield make("set-correct-response", {"identifier": response}, (variable(ANSWER),))

    def _chosen(self, name: str, base_type: str, values: list[str]) -> etree._Element:
        listed = make("ordered", inner=[make("base-value", {"base-type": base_type}, text=one) for one in values])
        return make("set-template-value", {"identifier": name}, (make("index", {"n": SET}, (listed,)),))

    def _scoring(self, response: str) -> etree._Element:
        mode = {"tolerance-mode": "exact"}
        if self.tolerance != "0":
            kind = "relative" if self.relative else "absolute"
            mode = {"tolerance-mode": kind, "tolerance": f"{self.tolerance} {self.tolerance}"}
        near = make("equal", mode, (variable(ANSWER), variable(response)))
        right = make("set-outcome-value", {"identifier": SCORE}, (number(Fraction(1)),))
        return make("response-condition", inner=(make("response-if", inner=(near, right)),))


def drawn_of(item: etree._Element, asked: Asked, sheet: Sheet) -> Drawn:
    """Return the sets of the item; raises ItemRefused when the file holds none."""
    holder = first(item, "calculated")
    names = Names({*TAKEN, *asked.names})
    sets: list[tuple[dict[str, str], str]] = []
    for one in () if holder is None else tuple(below(holder, "var_set")):
        values = {given(part, "name"): words_of(part) for part in named(one, "var")}
        answer = _TIMES_TEN.sub(r"\1E\2", words_of(first(one, "answer")))
        if read_float(answer) is not None and values and all(values.values()):
            sets.append((values, answer))
    if holder is None or not sets:
        raise ItemRefused("no-number-sets", "the file holds no numbers for the formula, which is not run here")
    known = {name: names.of(name) for name in sets[0][0]}
    whole = [one for one in sets if set(one[0]) == set(known)]
    if len(whole) < len(sets) or len(whole) > _MOST_SETS:
        sheet.warn("number-sets", f"{min(len(whole), _MOST_SETS)} of {len(sets)} sets of numbers are kept")
    tolerance = words_of(first(holder, "answer_tolerance")).replace(" ", "")
    plain = tolerance.removesuffix("%")
    if plain and read_float(plain) is None:
        sheet.note("wrong-tolerance", f"the tolerance {tolerance[:40]!r} is no number; the answer must be exact")
        plain = "0"
    exact = not plain or read_float(plain) == 0
    return Drawn(
        names=known,
        sets=tuple(whole[:_MOST_SETS]),
        tolerance="0" if exact else plain,
        relative=tolerance.endswith("%"),
    )
