"""Fractions, accepted texts, ranges and pairs as keys: what they earn is exact, and keys read back as what they say."""

from decimal import Decimal
from fractions import Fraction

import pytest

from itembank.core.interactions import Choice, ChoiceInteraction
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, MatchNumber, MatchText
from itembank.core.qti.scoring import ScoredBy
from itembank.core.qti.shapes import Area, Shape
from itembank.core.scoring import Scorer, score_item
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti.item import parse_scoring
from itembank.formats.scoring_source.key import scored_by
from itembank.formats.scoring_source.parts import (
    AcceptedText,
    Areas,
    ByPerson,
    Exactly,
    Mapped,
    Placed,
    Range,
    Ranges,
    ScoredPart,
    Texts,
)
from itembank.formats.scoring_source.reading import parts_of
from itembank.formats.scoring_source.wildcards import pattern_of, text_of

THIRD = Fraction(1, 3)
HALF = Fraction(1, 2)


def part(scoring, base=BaseType.STRING, cardinality=Cardinality.SINGLE, name="RESPONSE", weight=1):
    declaration = ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=base)
    return ScoredPart(declaration=declaration, scoring=scoring, weight=Fraction(weight))


def key(*parts):
    scored = scored_by(parts)
    return ItemKey(responses=scored.responses, program=scored.program)


def content(parts):
    asked = ChoiceInteraction(response="RESPONSE", choices=(Choice(identifier="A", content="a"),))
    declarations = tuple(one.declaration for one in parts)
    return ItemContent(
        title="t", language="en", body="", declarations=declarations, interactions=(asked,) if parts else ()
    )


def earned(parts, **responses):
    made = key(*parts)
    program = None
    if made.program is not None:
        read = parse_scoring(made.program.source.encode())
        assert read.problems == read.warnings == ()
        program = read.item
    scorer = Scorer(key=made, declarations=tuple(one.declaration for one in parts), program=program)
    given = {name: value if isinstance(value, tuple) else (value,) for name, value in responses.items()}
    return score_item(scorer, given).earned


def several(*values):
    return part(Mapped(values=values), BaseType.IDENTIFIER, Cardinality.MULTIPLE)


CONTINENTS = several(("A", THIRD), ("B", THIRD), ("C", Fraction(-1)), ("D", THIRD))
PARIS = part(
    Texts(accepted=(AcceptedText(text="Paris"), AcceptedText(text="par*", fraction=HALF), AcceptedText(text="2 * 2")))
)
YEARS = part(
    Ranges(
        accepted=(
            Range(low=Decimal(1822), high=Decimal(1822)),
            Range(low=Decimal(1820), high=Decimal("1824.5"), fraction=HALF),
            Range(low=None, high=None, fraction=Fraction(1, 10)),
        )
    ),
    BaseType.FLOAT,
)
PAIRS = part(
    Mapped(values=(("A X", THIRD), ("B Y", THIRD), ("C X", THIRD))), BaseType.DIRECTED_PAIR, Cardinality.MULTIPLE
)
ORDER = part(Placed(order=("A", "B", "C")), BaseType.IDENTIFIER, Cardinality.ORDERED)
POINTS = part(
    Areas(
        areas=(
            (Area(shape=Shape.CIRCLE, coords=(10, 10, 5)), HALF),
            (Area(shape=Shape.RECT, coords=(50, 50, 60, 60)), HALF),
        )
    ),
    BaseType.POINT,
    Cardinality.MULTIPLE,
)


@pytest.mark.parametrize(
    ("one", "given", "worth"),
    [
        (CONTINENTS, ("A", "B", "D"), Fraction(1)),
        (CONTINENTS, ("A", "B"), 2 * THIRD),
        (CONTINENTS, ("A", "B", "C"), Fraction(0)),
        (CONTINENTS, (), Fraction(0)),
        (PARIS, " paris ", Fraction(1)),
        (PARIS, "PARTS", HALF),
        (PARIS, "2  +  2", Fraction(1)),
        (PARIS, "lyon", Fraction(0)),
        (YEARS, "1822.0", Fraction(1)),
        (YEARS, "1824.5", HALF),
        (YEARS, "1824.51", Fraction(1, 10)),
        (YEARS, "then", Fraction(0)),
        (PAIRS, ("A X", "C X"), 2 * THIRD),
        (PAIRS, ("X A",), Fraction(0)),
        (ORDER, ("A", "C", "B"), THIRD),
        (ORDER, ("A", "B", "C"), Fraction(1)),
        (POINTS, ("12 10", "55 55"), Fraction(1)),
        (POINTS, ("12 10", "11 10", "90 90"), HALF),
    ],
)
def test_fractions_are_earned_exactly(one, given, worth):
    assert earned([one], RESPONSE=given) == worth


def test_parts_share_the_points_by_their_weights():
    parts = [
        part(Mapped(values=(("A", Fraction(1)), ("B", HALF))), BaseType.IDENTIFIER, name="R1", weight=2),
        part(Texts(accepted=(AcceptedText(text="x"),)), name="R2"),
    ]
    assert earned(parts, R1="A", R2="x") == 1
    assert earned(parts, R1="B", R2="x") == 2 * THIRD
    assert earned(parts, R1="A", R2="y") == 2 * THIRD


@pytest.mark.parametrize(
    ("scoring", "base", "rule"),
    [
        (Mapped(values=(("A", Fraction(0)), ("B", Fraction(1)))), BaseType.IDENTIFIER, MatchCorrect(correct=("B",))),
        (
            Texts(accepted=(AcceptedText(text=r"2 \* 2"), AcceptedText(text="*", fraction=Fraction(0)))),
            BaseType.STRING,
            MatchText(accepted=("2 * 2",)),
        ),
        (
            Ranges(accepted=(Range(low=Decimal("3.141"), high=Decimal("3.142")),)),
            BaseType.FLOAT,
            MatchNumber(value=Decimal("3.1415"), tolerance=Decimal("0.0005")),
        ),
    ],
)
def test_what_a_rule_says_exactly_becomes_the_rule(scoring, base, rule):
    scored = scored_by([part(scoring, base)])
    assert scored.program is None
    assert [one.rule for one in scored.responses] == [rule]


def test_a_person_scores_the_whole_when_one_part_needs_it():
    scored = scored_by([part(ByPerson(), name="R1"), part(Exactly(correct=("A",)), BaseType.IDENTIFIER, name="R2")])
    assert scored.program.scored_by is ScoredBy.HUMAN
    assert parse_scoring(scored.program.source.encode()).item.scored_by is ScoredBy.HUMAN


@pytest.mark.parametrize("one", [CONTINENTS, PARIS, YEARS, PAIRS, ORDER, POINTS])
def test_a_key_reads_back_as_what_made_it(one):
    assert parts_of(content([one]), key(one)) == (one,)


def test_a_key_of_several_parts_reads_back_with_the_same_shares():
    parts = [
        part(Exactly(correct=("A",)), BaseType.IDENTIFIER, name="R1", weight=3),
        part(Texts(accepted=(AcceptedText(text="X", fraction=Fraction(1)),), case_sensitive=True), name="R2"),
        part(Ranges(accepted=(Range(low=Decimal(1), high=Decimal(2)),)), BaseType.FLOAT, name="R3", weight=2),
    ]
    read = parts_of(content(parts), key(*parts))
    assert [one.scoring for one in read] == [one.scoring for one in parts]
    assert [one.weight for one in read] == [HALF, Fraction(1, 6), THIRD]


def test_a_program_of_somebody_else_is_not_read():
    one = part(Exactly(correct=("A",)), BaseType.IDENTIFIER, name="R1", weight=3)
    made = key(one, part(Exactly(correct=("A",)), BaseType.IDENTIFIER, name="R2"))
    foreign = made.program.source.replace("<qti-sum>", "<qti-max>").replace("</qti-sum>", "</qti-max>")
    assert parts_of(content([one]), ItemKey(program=type(made.program)(source=foreign))) is None


@pytest.mark.parametrize("text", ["a*b", r"\*", "Straße 5", "x^2 + [y]", "한국 어", r"C:\dir", "a-b.c$"])
@pytest.mark.parametrize("case_sensitive", [True, False])
def test_patterns_read_back_as_their_text(text, case_sensitive):
    assert text_of(pattern_of(text, case_sensitive=case_sensitive)) == text
