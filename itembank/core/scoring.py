"""Scoring of one item: key and responses to the part that was earned. Exact, and free of any order of arrival."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, assert_never

from itembank.core.items import Cardinality, ResponseDeclaration
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, ResponseKey

# Long enough for every number that people type; it also keeps exponents from becoming astronomic.
_LONGEST_NUMBER: Final = 40
_GREATEST_EXPONENT: Final = 60
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
_MINUS_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome:
    """What one item earned: a part of its points in [0, 1], and whether every response was right."""

    earned: Fraction
    correct: bool


def score_item(
    key: ItemKey, declarations: Sequence[ResponseDeclaration], responses: Mapping[str, tuple[str, ...]]
) -> ItemOutcome:
    """Return the outcome of `responses`: each response variable of the key counts the same, a missing one nothing."""
    if not key.responses:
        return ItemOutcome(earned=Fraction(0), correct=False)
    cardinalities = {one.identifier: one.cardinality for one in declarations}
    right = [
        _is_right(one, cardinalities.get(one.identifier, Cardinality.SINGLE), responses.get(one.identifier, ()))
        for one in key.responses
    ]
    return ItemOutcome(earned=Fraction(sum(right), len(right)), correct=all(right))


def read_number(text: str) -> Decimal | None:
    """Return the number that a person typed (full-width digits, thousands commas and a real minus pass), or None."""
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS_SIGNS).strip().replace(" ", "")
    if len(plain) > _LONGEST_NUMBER or not any(sign.isdigit() for sign in plain) or not _NUMBER.fullmatch(plain):
        return None
    try:
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    return number if abs(number.adjusted()) <= _GREATEST_EXPONENT else None


def comparable(text: str, *, case_sensitive: bool) -> str:
    """Return the form in which two texts are compared: composed (NFC), trimmed, single spaces, folded unless told."""
    joined = " ".join(unicodedata.normalize("NFC", text).split())
    return joined if case_sensitive else unicodedata.normalize("NFC", joined.casefold())


def _is_right(one: ResponseKey, cardinality: Cardinality, values: tuple[str, ...]) -> bool:
    rule = one.rule
    match rule:
        case MatchCorrect():
            if cardinality is Cardinality.ORDERED:
                return values == rule.correct
            return len(values) == len(rule.correct) and set(values) == set(rule.correct)
        case MatchText():
            return len(values) == 1 and _text_is_right(rule, values[0])
        case MatchNumber():
            return len(values) == 1 and _number_is_right(rule, values[0])
    assert_never(rule)


def _text_is_right(rule: MatchText, value: str) -> bool:
    typed = comparable(value, case_sensitive=rule.case_sensitive)
    return any(typed == comparable(accepted, case_sensitive=rule.case_sensitive) for accepted in rule.accepted)


def _number_is_right(rule: MatchNumber, value: str) -> bool:
    number = read_number(value)
    # Fractions, because decimal arithmetic rounds to its context's 28 digits.
    return number is not None and abs(Fraction(number) - Fraction(rule.value)) <= Fraction(rule.tolerance)
