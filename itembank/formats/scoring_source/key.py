"""Scored parts to an item's key: simple rules where they say exactly the same, else a program in QTI's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from itembank.core.keys import MatchCorrect, MatchNumber, MatchText, QtiProgram, ResponseKey, Rule
from itembank.core.qti.scoring import ScoredBy
from itembank.core.variables import Cardinality
from itembank.formats.scoring_source.parts import (
    AcceptedText,
    ByPerson,
    Exactly,
    Mapped,
    Range,
    Ranges,
    ScoredPart,
    Scoring,
    Texts,
)
from itembank.formats.scoring_source.source import Drawing, Share, source_of
from itembank.formats.scoring_source.wildcards import has_wildcard, literal, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What of a key scores: rules, or a program."""

    responses: tuple[ResponseKey, ...] = ()
    program: QtiProgram | None = None


def scored_by(parts: Sequence[ScoredPart], drawing: Drawing | None = None) -> Scored:
    """Return what scores `parts`; `drawing` declares and sets the variables that computed answers need."""
    rules = [(one.declaration.identifier, simple_rule(one)) for one in parts]
    same = len({one.weight for one in parts}) <= 1
    simple = tuple(ResponseKey(identifier=name, rule=rule) for name, rule in rules if rule is not None)
    if parts and same and len(simple) == len(parts) and drawing is None:
        return Scored(responses=simple)
    return Scored(program=program_of(parts, drawing))


def program_of(parts: Sequence[ScoredPart], drawing: Drawing | None = None) -> QtiProgram:
    """Return the program that scores `parts`; with one for a person, a person scores the item; none earn nothing."""
    if any(isinstance(one.scoring, ByPerson) for one in parts):
        return QtiProgram(source=source_of((), 1, parts, drawing), scored_by=ScoredBy.HUMAN)
    if not parts:
        return QtiProgram(source=source_of((), 1, (), drawing), scored_by=ScoredBy.NOBODY)
    total = sum((one.weight for one in parts), start=Fraction(0))
    shares = [one.weight / total for one in parts]
    unit = lcm(
        *(
            (fraction * share).denominator
            for one, share in zip(parts, shares, strict=True)
            for fraction in (Fraction(1), *one.scoring.fractions())
        )
    )
    cut = tuple(Share(part=one, units=share * unit) for one, share in zip(parts, shares, strict=True))
    return QtiProgram(source=source_of(cut, unit, parts, drawing))


def simple_rule(part: ScoredPart) -> Rule | None:
    """Return the simple rule that says the same as the part, or None."""
    match part.scoring:
        case Exactly(correct=correct):
            return MatchCorrect(correct=correct)
        case Mapped(values=values) if part.declaration.cardinality is Cardinality.SINGLE:
            return _only_right([(value, fraction) for value, fraction in values if fraction])
        case Texts() as texts:
            accepted = _plain_texts(texts)
            return MatchText(accepted=accepted, case_sensitive=texts.case_sensitive) if accepted else None
        case Ranges(accepted=ranges):
            return _one_range(ranges)
        case _:
            return None


def scoring_of(rule: Rule) -> Scoring:
    """Return the scoring that says the same as a simple rule."""
    match rule:
        case MatchCorrect():
            return Exactly(correct=rule.correct)
        case MatchText():
            accepted = tuple(AcceptedText(text=quoted(text)) for text in rule.accepted)
            return Texts(accepted=accepted, case_sensitive=rule.case_sensitive)
        case MatchNumber():
            return Ranges(accepted=(Range(low=rule.value - rule.tolerance, high=rule.value + rule.tolerance),))


def _only_right(values: list[tuple[str, Fraction]]) -> Rule | None:
    return MatchCorrect(correct=(values[0][0],)) if [fraction for _, fraction in values] == [1] else None


def _plain_texts(texts: Texts) -> tuple[str, ...]:
    """Return the texts when all earn everything (what earns nothing and comes last changes nothing), else none."""
    rest = list(texts.accepted)
    while rest and not rest[-1].fraction:
        rest.pop()
    plain = all(one.fraction == 1 and not has_wildcard(one.text) and one.text.strip() for one in rest)
    return tuple(literal(one.text) for one in rest) if plain else ()


def _one_range(ranges: tuple[Range, ...]) -> Rule | None:
    worth = [one for one in ranges if one.fraction]
    if len(worth) != 1 or ranges[0] is not worth[0] or worth[0].fraction != 1:
        return None
    low, high = worth[0].low, worth[0].high
    if low is None or high is None:
        return None
    value = (low + high) / 2
    return MatchNumber(value=value, tolerance=high - value) if value - low == high - value else None
