"""Scoring of one item: key and responses to the part that was earned. Exact, and free of any order of arrival."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, assert_never

from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText, QtiProgram, ResponseKey
from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.responses import bind
from itembank.core.qti.scoring import ScoredBy, ScoringItem, respond, start
from itembank.core.qti.values import Value, folded
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration

SCORE: Final = "SCORE"
# Long enough for every number that people type; it also keeps exponents from becoming astronomic.
_LONGEST_NUMBER: Final = 40
_GREATEST_EXPONENT: Final = 60
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")
_MINUS_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """All that scores one item; `program` is what the source of the key's program reads as."""

    key: ItemKey
    declarations: tuple[ResponseDeclaration, ...]
    program: ScoringItem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOutcome:
    """What one item earned: a part of its points in [0, 1], whether all was right, and whether a person must say."""

    earned: Fraction
    correct: bool
    awaits_person: bool = False


_RIGHT: Final = ItemOutcome(earned=Fraction(1), correct=True)
_WRONG: Final = ItemOutcome(earned=Fraction(0), correct=False)


def score_item(scorer: Scorer, responses: Mapping[str, tuple[str, ...]], *, seed: bytes = b"") -> ItemOutcome:
    """Return the outcome of `responses`; `seed` is what the item's variables were drawn from.

    By rules, each response variable of the key counts the same, a missing one nothing. By program, SCORE counts.
    """
    if scorer.key.program is not None:
        return _by_program(scorer, scorer.key.program, responses, seed)
    if not scorer.key.responses:
        return _WRONG
    cardinalities = {one.identifier: one for one in scorer.declarations}
    right = [
        _is_right(one, cardinalities.get(one.identifier), responses.get(one.identifier, ()))
        for one in scorer.key.responses
    ]
    if all(right):
        return _RIGHT
    return ItemOutcome(earned=Fraction(sum(right), len(right)), correct=False) if any(right) else _WRONG


# A program without a highest score above 0 says nothing about the points; a person does.
def _by_program(
    scorer: Scorer, program: QtiProgram, responses: Mapping[str, tuple[str, ...]], seed: bytes
) -> ItemOutcome:
    if program.scored_by is ScoredBy.NOBODY:
        return ItemOutcome(earned=Fraction(0), correct=False)
    if program.scored_by is not ScoredBy.RULES or scorer.program is None or program.max_score <= 0:
        return ItemOutcome(earned=Fraction(0), correct=False, awaits_person=True)
    item = scorer.program
    known = item.known()
    given = {name: bind(known[name], values).value for name, values in responses.items() if name in known}
    try:
        score = respond(item, start(item, seed), given).outcomes(item).get(SCORE)
    except ScoringFault:
        return ItemOutcome(earned=Fraction(0), correct=False, awaits_person=True)
    earned = min(max(number_in(score) / program.max_score, Fraction(0)), Fraction(1))
    return ItemOutcome(earned=earned, correct=earned == 1)


def number_in(value: Value | None) -> Fraction:
    """Return the single number that `value` holds, 0 for NULL and for what is no number."""
    match value:
        case Value(scalars=(bool(),)):
            return Fraction(0)
        case Value(scalars=(int() | Fraction() as number,)):
            return Fraction(number)
        case _:
            return Fraction(0)


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
    return joined if case_sensitive else folded(joined)


def _is_right(one: ResponseKey, declared: ResponseDeclaration | None, values: tuple[str, ...]) -> bool:
    rule = one.rule
    match rule:
        case MatchCorrect():
            return _comparable_values(declared, values) == _comparable_values(declared, rule.correct)
        case MatchText():
            return len(values) == 1 and _text_is_right(rule, values[0])
        case MatchNumber():
            return len(values) == 1 and _number_is_right(rule, values[0])
    assert_never(rule)


def _comparable_values(declared: ResponseDeclaration | None, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the values in an order that only counts for ordered responses; in a plain pair neither counts."""
    if declared is not None and declared.base_type is BaseType.PAIR:
        values = tuple(" ".join(sorted(value.split())) for value in values)
    return values if declared is not None and declared.cardinality is Cardinality.ORDERED else tuple(sorted(values))


def _text_is_right(rule: MatchText, value: str) -> bool:
    typed = comparable(value, case_sensitive=rule.case_sensitive)
    return any(typed == comparable(accepted, case_sensitive=rule.case_sensitive) for accepted in rule.accepted)


def _number_is_right(rule: MatchNumber, value: str) -> bool:
    number = read_number(value)
    # Fractions, because decimal arithmetic rounds to its context's 28 digits.
    return number is not None and abs(Fraction(number) - Fraction(rule.value)) <= Fraction(rule.tolerance)
