"""The kinds of questions that the formats share, as what is asked and what scores it."""

import string
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from itembank.core.interactions import (
    Choice,
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    OrderInteraction,
    TextEntryInteraction,
)
from itembank.core.markup import visible_text
from itembank.core.pinning import names_others, stays_last
from itembank.core.variables import SINGLE_RESPONSE, BaseType, Cardinality, ResponseDeclaration
from itembank.formats.scoring_source.parts import (
    AcceptedText,
    Asked,
    ByPerson,
    Exactly,
    Mapped,
    Placed,
    Range,
    Ranges,
    Scoring,
    Texts,
)

TRUE: Final = "true"
FALSE: Final = "false"
TRUTH_WORDS: Final = {"ko": ("참", "거짓"), "en": ("True", "False")}
_NUMBER_WIDTH: Final = 10
_TEXT_WIDTH: Final = 20
_WIDEST: Final = 60
# Percentages are written with few digits; these are the fractions that question banks mean by them.
_THIRDS: Final = (Fraction(1, 3), Fraction(2, 3), Fraction(1, 6), Fraction(5, 6))
_OTHERS: Final = tuple(sorted({Fraction(part, whole) for whole in range(3, 21) for part in range(1, whole)}))
_NEAR: Final = Fraction(1, 2000)
_VERY_NEAR: Final = Fraction(1, 100_000)
_QUANTUM: Final = Decimal("0.00001")


def fraction_of(percent: Decimal) -> Fraction:
    """Return the fraction that a percentage means: 33.33333 is a third."""
    exact = Fraction(percent) / 100
    size = abs(exact)
    if (size * 1000).denominator == 1:
        return exact
    meant = next((one for one in _THIRDS if abs(one - size) < _NEAR), None)
    meant = meant or next((one for one in _OTHERS if abs(one - size) < _VERY_NEAR), size)
    return meant if exact > 0 else -meant


def percent_of(fraction: Fraction) -> str:
    """Return the percentage of a fraction with five decimals at most, as `fraction_of` reads it."""
    percent = Decimal(fraction.numerator) * 100 / Decimal(fraction.denominator)
    text = format(percent.quantize(_QUANTUM), "f")
    return text.rstrip("0").rstrip(".")


def identifiers(count: int, first: str = "A") -> tuple[str, ...]:
    """Return names for options: A, B, C and on, or from another letter S1, S2 and on."""
    if first == "A" and count <= len(string.ascii_uppercase):
        return tuple(string.ascii_uppercase[:count])
    return tuple(f"{first}{number}" for number in range(1, count + 1))


def choices_of(contents: Sequence[str], first: str = "A", *, most: int = 1) -> tuple[Choice, ...]:
    """Return options with those texts (HTML); `most` is how often each may be paired."""
    names = identifiers(len(contents), first)
    return tuple(
        Choice(identifier=name, content=content, match_max=most) for name, content in zip(names, contents, strict=True)
    )


def choice(
    contents: Sequence[str],
    scoring: Scoring,
    *,
    several: bool = False,
    shuffle: bool = True,
    name: str = SINGLE_RESPONSE,
    inline: bool = False,
) -> Asked:
    """Return a choice of options; `inline` makes it a list inside a line.

    An option whose words refer to the others keeps its place, and when one names others by letter, all do.
    """
    texts = [visible_text(content) for content in contents]
    last = stays_last(texts)
    choices = tuple(replace(one, pinned=place in last) for place, one in enumerate(choices_of(contents)))
    shuffle = shuffle and not names_others(texts)
    interaction: Interaction
    if inline and not several:
        interaction = InlineChoiceInteraction(response=name, choices=choices, shuffle=shuffle)
    else:
        most = 0 if several else 1
        interaction = ChoiceInteraction(response=name, choices=choices, max_choices=most, shuffle=shuffle)
    cardinality = Cardinality.MULTIPLE if several else Cardinality.SINGLE
    return Asked(
        interaction=interaction,
        declaration=ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=BaseType.IDENTIFIER),
        scoring=scoring,
    )


def by_fractions(fractions: Sequence[Fraction]) -> Mapped:
    """Return the scoring of options of which each earns its fraction."""
    return Mapped(values=tuple(zip(identifiers(len(fractions)), fractions, strict=True)))


def by_right_ones(right: Sequence[bool]) -> Exactly:
    """Return the scoring of options of which exactly the right ones are to be chosen."""
    return Exactly(correct=tuple(name for name, one in zip(identifiers(len(right)), right, strict=True) if one))


def true_false(*, right: bool, language: str) -> Asked:
    """Return the choice between true and false."""
    words = TRUTH_WORDS.get(language, TRUTH_WORDS["en"])
    choices = tuple(Choice(identifier=name, content=word) for name, word in zip((TRUE, FALSE), words, strict=True))
    return Asked(
        interaction=ChoiceInteraction(response=SINGLE_RESPONSE, choices=choices, shuffle=False),
        declaration=ResponseDeclaration(
            identifier=SINGLE_RESPONSE, cardinality=Cardinality.SINGLE, base_type=BaseType.IDENTIFIER
        ),
        scoring=Exactly(correct=(TRUE if right else FALSE,)),
    )


def typed(accepted: Sequence[AcceptedText], *, case_sensitive: bool = False, name: str = SINGLE_RESPONSE) -> Asked:
    """Return a line to type a text into."""
    longest = max((len(one.text) for one in accepted), default=0)
    width = min(max(_TEXT_WIDTH, longest + 2), _WIDEST)
    return Asked(
        interaction=TextEntryInteraction(response=name, expected_length=width),
        declaration=ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.STRING),
        scoring=Texts(accepted=tuple(accepted), case_sensitive=case_sensitive),
    )


def number(scoring: Scoring | Sequence[Range], *, name: str = SINGLE_RESPONSE) -> Asked:
    """Return a line to type a number into."""
    made = Ranges(accepted=tuple(scoring)) if isinstance(scoring, Sequence) else scoring
    return Asked(
        interaction=TextEntryInteraction(response=name, expected_length=_NUMBER_WIDTH),
        declaration=ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.FLOAT),
        scoring=made,
    )


def pairs(sources: Sequence[str], targets: Sequence[str], right: Sequence[int], *, shuffle: bool = True) -> Asked:
    """Return options to match; source n belongs to target `right[n]`, and each right pair earns the same."""
    left = choices_of(sources, "S")
    order = _telling_nothing([visible_text(one) for one in targets], right)
    beside = choices_of([targets[place] for place in order], "T", most=0)
    each = Fraction(1, len(left))
    values = tuple(
        (f"{source.identifier} {beside[order.index(place)].identifier}", each)
        for source, place in zip(left, right, strict=True)
    )
    return Asked(
        interaction=MatchInteraction(
            response=SINGLE_RESPONSE, sources=left, targets=beside, max_associations=len(left), shuffle=shuffle
        ),
        declaration=ResponseDeclaration(
            identifier=SINGLE_RESPONSE, cardinality=Cardinality.MULTIPLE, base_type=BaseType.DIRECTED_PAIR
        ),
        scoring=Mapped(values=values),
    )


def _telling_nothing(texts: Sequence[str], right: Sequence[int]) -> list[int]:
    """Return an order for options that files list in the right one, or each beside its own.

    Where nothing is shuffled they stand in this order; sorted, it tells of the words and nothing of what is right.
    """
    order = sorted(range(len(texts)), key=lambda place: (texts[place], place))
    met = list(dict.fromkeys(right))
    return order[::-1] if [place for place in order if place in met] == met else order


def ordering(contents: Sequence[str], *, each_place: bool) -> Asked:
    """Return options to put in the order in which they are given; else than for `each_place`, all or nothing."""
    places = _telling_nothing([visible_text(one) for one in contents], range(len(contents)))
    choices = choices_of([contents[place] for place in places])
    order = tuple(choices[places.index(place)].identifier for place in range(len(contents)))
    return Asked(
        interaction=OrderInteraction(response=SINGLE_RESPONSE, choices=choices),
        declaration=ResponseDeclaration(
            identifier=SINGLE_RESPONSE, cardinality=Cardinality.ORDERED, base_type=BaseType.IDENTIFIER
        ),
        scoring=Placed(order=order) if each_place else Exactly(correct=order),
    )


def essay(*, lines: int = 0, preformatted: bool = False, name: str = SINGLE_RESPONSE) -> Asked:
    """Return a field for a text that a person scores."""
    return Asked(
        interaction=ExtendedTextInteraction(response=name, expected_lines=lines, preformatted=preformatted),
        declaration=ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.STRING),
        scoring=ByPerson(),
    )


def with_classes(asked: Asked, classes: tuple[str, ...]) -> Asked:
    """Return the question with QTI's words for its look."""
    return replace(asked, interaction=replace(asked.interaction, classes=classes))
