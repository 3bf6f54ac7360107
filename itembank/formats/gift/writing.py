"""Items as GIFT: choices, typed texts and numbers, pairs and essays; all other items are left out by name."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from html import unescape
from typing import Final

from itembank.core.interactions import (
    Choice,
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    MatchInteraction,
    TextEntryInteraction,
)
from itembank.core.variables import Cardinality
from itembank.formats.exported import Exported, ExportItem
from itembank.formats.gift.parsing import parse_gift
from itembank.formats.gift.signs import escaped
from itembank.formats.parsed import ParsedArea
from itembank.formats.questions.asking import FALSE, TRUE, percent_of
from itembank.formats.questions.bodies import around, body_of, data_address, with_pictures
from itembank.formats.questions.carried import CannotWrite, write_questions
from itembank.formats.scoring_source.parts import (
    AcceptedText,
    ByPerson,
    Exactly,
    Mapped,
    Range,
    Ranges,
    Texts,
)
from itembank.formats.scoring_source.reading import parts_of

_HTML: Final = "[html]"


def write_gift(items: Iterable[ExportItem]) -> Exported:
    """Return the items as one GIFT file, and of each what GIFT does not carry."""
    pieces, reports = write_questions(
        items,
        place=lambda item: category_of(item.areas),
        question=_question,
        read=lambda text: parse_gift(text.encode()),
    )
    return Exported(payload="\n".join(pieces).encode(), items=reports)


def category_of(areas: Sequence[ParsedArea]) -> str:
    """Return the line for a category, which is named by the codes of the areas."""
    path = "/".join(area.code.replace("/", "//") for area in areas)
    return f"$CATEGORY: $course$/top/{path}\n"


def _question(item: ExportItem) -> str:
    tags = [f"[tag:{one}]" for one in item.metadata.fields.get("tags", "").split(", ") if one]
    title = escaped(" ".join(item.content.title.split()))
    head = f"// {' '.join([f'[id:{item.code}]', *tags])}\n::{title}::{_HTML}"
    explanation = f"\n####{_HTML}{_html(item, item.key.explanation)}" if item.key.explanation else ""
    body = body_of(item)
    if not item.content.interactions:
        if explanation:
            raise CannotWrite("a text that asks nothing has no explanation in GIFT")
        return f"{head}{_html(item, body.html)}\n"
    if len(item.content.interactions) > 1:
        raise CannotWrite("it has more than one answer")
    answers = f"{{{_answers(item, item.content.interactions[0])}{explanation}}}"
    if not body.inline:
        return f"{head}{_html(item, body.html)}{answers}\n"
    before, after = around(body.html)
    return f"{head}{_html(item, before)}{answers}{_html(item, after)}\n"


def _html(item: ExportItem, html: str) -> str:
    return escaped(with_pictures(html, lambda sha256: data_address(item, sha256)))


def _answers(item: ExportItem, asked: Interaction) -> str:
    parts = parts_of(item.content, item.key)
    if not parts:
        raise CannotWrite("its scoring cannot be said in GIFT")
    scoring, several = parts[0].scoring, parts[0].declaration.cardinality is not Cardinality.SINGLE
    match asked, scoring:
        case ExtendedTextInteraction(), ByPerson():
            return ""
        case ChoiceInteraction(), Exactly(correct=(word,)) if {one.identifier for one in asked.choices} == {
            TRUE,
            FALSE,
        }:
            return word.upper()
        case ChoiceInteraction() | InlineChoiceInteraction(), Exactly() | Mapped():
            return _choices(item, asked.choices, fractions_of(asked.choices, scoring), several=several)
        case TextEntryInteraction(), Texts():
            return "".join(_text(one) for one in scoring.accepted)
        case TextEntryInteraction(), Ranges():
            return "#" + "".join(_range(one) for one in scoring.accepted)
        case MatchInteraction(), Mapped() | Exactly():
            return _pairs(item, asked, scoring)
        case _:
            raise CannotWrite(f"{_kind(asked)} cannot be said in GIFT")


def _kind(asked: Interaction) -> str:
    return f"a question of the kind {type(asked).__name__.removesuffix('Interaction')} with this scoring"


def fractions_of(choices: Sequence[Choice], scoring: Exactly | Mapped) -> list[Fraction]:
    """Return what each option earns; where all must be right, each its part and a wrong one costs all."""
    if isinstance(scoring, Mapped):
        known = dict(scoring.values)
        return [known.get(one.identifier, Fraction(0)) for one in choices]
    each = Fraction(1, len(scoring.correct))
    wrong = Fraction(-1) if len(scoring.correct) > 1 else Fraction(0)
    return [each if one.identifier in scoring.correct else wrong for one in choices]


def _choices(item: ExportItem, choices: Sequence[Choice], fractions: list[Fraction], *, several: bool) -> str:
    # One `=` says that it is a single choice; a second one would leave no `~`, and make it a typed text.
    best = -1 if several else fractions.index(max(fractions))
    lines = []
    for place, (choice, fraction) in enumerate(zip(choices, fractions, strict=True)):
        right = place == best
        plain = fraction == int(right) and not choice.content.startswith("%")
        weight = "" if plain else f"%{percent_of(fraction)}%"
        lines.append(f"\n{'=' if right else '~'}{weight}{_html(item, choice.content)}")
    return "".join(lines)


def _text(one: AcceptedText) -> str:
    weight = "" if one.fraction == 1 and not one.text.startswith("%") else f"%{percent_of(one.fraction)}%"
    # A text is compared as it is typed, so it is no HTML; a star that means itself keeps its backslash.
    return f"\n={weight}{escaped(one.text.replace(chr(92) + '*', chr(0))).replace(chr(0), chr(92) + '*')}"


def _range(one: Range) -> str:
    weight = "" if one.fraction == 1 else f"%{percent_of(one.fraction)}%"
    if one.low is None or one.high is None:
        if one.low is not one.high:
            raise CannotWrite("a range with one bound cannot be said in GIFT")
        return f"\n={weight}*"
    return f"\n={weight}{_plain(one.low)}..{_plain(one.high)}"


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _pairs(item: ExportItem, asked: MatchInteraction, scoring: Exactly | Mapped) -> str:
    values = scoring.correct if isinstance(scoring, Exactly) else tuple(value for value, _ in scoring.values)
    right = dict(value.split() for value in values)
    if set(right) != {one.identifier for one in asked.sources} or len(right) != len(values):
        raise CannotWrite("GIFT matches every option on the left with exactly one on the right")
    targets = {one.identifier: _target(item, one.content) for one in asked.targets}
    lines = [f"\n={_html(item, one.content)} -> {targets[right[one.identifier]]}" for one in asked.sources]
    unused = [text for name, text in targets.items() if name not in right.values()]
    return "".join([*lines, *(f"\n= -> {text}" for text in unused)])


def _target(item: ExportItem, html: str) -> str:
    """Return what a pair leads to: Moodle takes it as plain text, so it is one wherever it can be."""
    text = _HTML + _html(item, html) if "<" in html else escaped(unescape(html))
    if "->" in text:
        raise CannotWrite("an option holds an arrow, which parts the pairs in GIFT")
    return text
