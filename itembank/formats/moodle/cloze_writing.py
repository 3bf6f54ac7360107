"""Items with fields in their text as Moodle's cloze."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from math import gcd, lcm
from typing import Final

from itembank.core.interactions import (
    Choice,
    ChoiceInteraction,
    InlineChoiceInteraction,
    Interaction,
    TextEntryInteraction,
)
from itembank.core.markup import INTERACTION
from itembank.core.variables import Cardinality
from itembank.formats.exported import ExportItem
from itembank.formats.gift.writing import fractions_of
from itembank.formats.questions.asking import percent_of
from itembank.formats.questions.carried import CannotWrite
from itembank.formats.scoring_source.parts import Exactly, Mapped, Ranges, ScoredPart, Texts

_PLACE: Final = re.compile(rf'<(span|div) {INTERACTION}="([A-Za-z_][A-Za-z0-9_.-]{{0,63}})"></\1>')
_SPECIAL: Final = re.compile(r'[}#~/"\\]')
_GREATEST_WEIGHT: Final = 9999


def cloze_of(item: ExportItem, parts: Sequence[ScoredPart]) -> str:
    """Return the text of the item with its fields; raises CannotWrite."""
    by_name = {one.declaration.identifier: one for one in parts}
    weights = _weights(parts)
    asked = {one.response: one for one in item.content.interactions}

    def written(found: re.Match[str]) -> str:
        name = found[2]
        return f"{{{weights[name]}:{_field(asked[name], by_name[name])}}}"

    return _PLACE.sub(written, item.content.body)


def _weights(parts: Sequence[ScoredPart]) -> dict[str, int]:
    """Return weights as the smallest whole numbers that say the same."""
    common = lcm(*(one.weight.denominator for one in parts))
    whole = {one.declaration.identifier: int(one.weight * common) for one in parts}
    shared = gcd(*whole.values()) or 1
    if max(whole.values()) // shared > _GREATEST_WEIGHT:
        raise CannotWrite("its fields have weights that Moodle does not have")
    return {name: weight // shared for name, weight in whole.items()}


def _field(asked: Interaction, part: ScoredPart) -> str:
    match asked, part.scoring:
        case TextEntryInteraction(), Texts() as texts:
            kind = "SHORTANSWER_C" if texts.case_sensitive else "SHORTANSWER"
            return _joined(kind, [(one.fraction, escape(one.text, quote=False)) for one in texts.accepted])
        case TextEntryInteraction(), Ranges(accepted=ranges):
            return _joined("NUMERICAL", [(one.fraction, _range(one.low, one.high)) for one in ranges])
        case InlineChoiceInteraction() | ChoiceInteraction(), Exactly() | Mapped():
            return _choice(asked, part.scoring, part)
        case _:
            raise CannotWrite(f"Moodle has no {type(asked).__name__} inside a text")


def _choice(asked: InlineChoiceInteraction | ChoiceInteraction, scoring: Exactly | Mapped, part: ScoredPart) -> str:
    choices: tuple[Choice, ...] = asked.choices
    if any("<img" in one.content for one in choices):
        raise CannotWrite("Moodle has no pictures in lists inside a text")
    fractions = fractions_of(choices, scoring)
    several = part.declaration.cardinality is not Cardinality.SINGLE
    if isinstance(asked, InlineChoiceInteraction):
        kind = "MULTICHOICE_S" if asked.shuffle else "MULTICHOICE"
    elif several:
        kind = "MULTIRESPONSE_S" if asked.shuffle else "MULTIRESPONSE"
    else:
        kind = "MULTICHOICE_VS" if asked.shuffle else "MULTICHOICE_V"
    return _joined(kind, [(fraction, one.content) for fraction, one in zip(fractions, choices, strict=True)])


def _joined(kind: str, answers: Sequence[tuple[Fraction, str]]) -> str:
    return f"{kind}:{'~'.join(_answer(fraction, text) for fraction, text in answers)}"


def _answer(fraction: Fraction, text: str) -> str:
    # The weight is always there, because a text may begin with what looks like one.
    weight = f"{'=' if fraction == 1 else ''}%{percent_of(fraction)}%"
    plain = _SPECIAL.sub(lambda found: f"\\{found[0]}", text)
    return f"{weight}{plain}"


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is None or high is None:
        if low is not high:
            raise CannotWrite("a range with one bound cannot be said in Moodle's types of questions")
        return "*"
    middle = (low + high) / 2
    if middle - low != high - middle:
        raise CannotWrite("a range has more digits than can be halved")
    return f"{middle:f}:{high - middle:f}"
