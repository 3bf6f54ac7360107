"""The type of Moodle question that says the same as an item, with its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Final

from itembank.core.interactions import (
    Choice,
    ChoiceInteraction,
    ExtendedTextInteraction,
    GapMatchInteraction,
    Interaction,
    MatchInteraction,
    OrderInteraction,
    TextEntryInteraction,
    UploadInteraction,
)
from itembank.core.variables import Cardinality
from itembank.formats.exported import ExportItem
from itembank.formats.gift.writing import fractions_of
from itembank.formats.moodle.cloze_writing import cloze_of
from itembank.formats.moodle.elements import Writer, plain_answer, plain_words
from itembank.formats.moodle.simple import NUMBERINGS
from itembank.formats.questions.asking import FALSE, TRUE
from itembank.formats.questions.bodies import body_of
from itembank.formats.questions.carried import CannotWrite
from itembank.formats.scoring_source.parts import (
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

_NUMBERING_OF: Final = {words: name for name, words in NUMBERINGS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A question as Moodle has it: its type, its text and its other fields."""

    kind: str
    body: str
    fields: tuple[str, ...] = ()


def question_of(item: ExportItem, writer: Writer) -> Written:
    """Return the question; raises CannotWrite when no type of Moodle's says what the item says."""
    parts = parts_of(item.content, item.key)
    body = body_of(item)
    if not item.content.interactions:
        return Written(kind="description", body=body.html)
    if not parts:
        raise CannotWrite("its scoring cannot be said in Moodle's types of questions")
    if body.inline or len(item.content.interactions) > 1:
        return Written(kind="cloze", body=cloze_of(item, parts))
    asked = item.content.interactions[0]
    if isinstance(asked, GapMatchInteraction):
        return _drag_words(asked, parts[0], writer, body.html)
    kind, fields = _one(asked, parts[0], writer)
    return Written(kind=kind, body=body.html, fields=fields)


def _one(asked: Interaction, part: ScoredPart, writer: Writer) -> tuple[str, tuple[str, ...]]:
    match asked, part.scoring:
        case ChoiceInteraction(), Exactly() | Mapped():
            return _choice(asked, part.scoring, part, writer)
        case TextEntryInteraction(), Texts() as texts:
            answers = [plain_answer(one.text, one.fraction) for one in texts.accepted]
            return "shortanswer", (f"<usecase>{int(texts.case_sensitive)}</usecase>", *answers)
        case TextEntryInteraction(), Ranges(accepted=ranges):
            return "numerical", tuple(_range(one) for one in ranges)
        case MatchInteraction(), Mapped() | Exactly():
            return "matching", _pairs(asked, part.scoring, writer)
        case OrderInteraction(), Placed(order=order) | Exactly(correct=order):
            return "ordering", _order(asked, order, writer, each_place=isinstance(part.scoring, Placed))
        case ((ExtendedTextInteraction() | UploadInteraction()), ByPerson()):
            return "essay", _essay(asked)
        case _:
            raise CannotWrite(f"Moodle has no question like {type(asked).__name__} with this scoring")


def _essay(asked: ExtendedTextInteraction | UploadInteraction) -> tuple[str, ...]:
    if isinstance(asked, UploadInteraction):
        return "<responseformat>noinline</responseformat>", "<attachments>1</attachments>"
    shape = "monospaced" if asked.preformatted else "editor"
    lines = f"<responsefieldlines>{asked.expected_lines}</responsefieldlines>"
    return f"<responseformat>{shape}</responseformat>", lines, "<attachments>0</attachments>"


def _choice(
    asked: ChoiceInteraction, scoring: Exactly | Mapped, part: ScoredPart, writer: Writer
) -> tuple[str, tuple[str, ...]]:
    if {one.identifier for one in asked.choices} == {TRUE, FALSE} and isinstance(scoring, Exactly):
        words = ((TRUE, Fraction(int(TRUE in scoring.correct))), (FALSE, Fraction(int(FALSE in scoring.correct))))
        return "truefalse", tuple(plain_answer(word, fraction) for word, fraction in words)
    several = part.declaration.cardinality is not Cardinality.SINGLE
    fractions = fractions_of(asked.choices, scoring)
    numbering = next((_NUMBERING_OF[one] for one in asked.classes if one in _NUMBERING_OF), "")
    return "multichoice", (
        f"<single>{_truth(not several)}</single>",
        f"<shuffleanswers>{_truth(asked.shuffle)}</shuffleanswers>",
        f"<answernumbering>{numbering}</answernumbering>" if numbering else "",
        *(writer.answer(one.content, worth) for one, worth in zip(asked.choices, fractions, strict=True)),
    )


def _truth(truth: bool) -> str:  # noqa: FBT001 - the value is what is written
    return "true" if truth else "false"


def _range(one: Range) -> str:
    if one.low is None or one.high is None:
        if one.low is not one.high:
            raise CannotWrite("a range with one bound cannot be said in Moodle's types of questions")
        return plain_answer("*", one.fraction, "<tolerance>0</tolerance>")
    middle = (one.low + one.high) / 2
    around = one.high - middle
    if middle - one.low != around:
        raise CannotWrite("a range has more digits than can be halved")
    return plain_answer(_digits(middle), one.fraction, f"<tolerance>{_digits(around)}</tolerance>")


def _digits(number: Decimal) -> str:
    return format(number, "f")


def _pairs(asked: MatchInteraction, scoring: Exactly | Mapped, writer: Writer) -> tuple[str, ...]:
    values = scoring.correct if isinstance(scoring, Exactly) else tuple(value for value, _ in scoring.values)
    right = dict(value.split() for value in values)
    if set(right) != {one.identifier for one in asked.sources} or len(right) != len(values):
        raise CannotWrite("Moodle matches every option on the left with exactly one on the right")
    targets = {one.identifier: _target(one) for one in asked.targets}
    lines = [writer.html("subquestion", one.content, targets[right[one.identifier]]) for one in asked.sources]
    unused = [text for name, text in targets.items() if name not in right.values()]
    shuffle = f"<shuffleanswers>{_truth(asked.shuffle)}</shuffleanswers>"
    return (shuffle, *lines, *(writer.html("subquestion", "", text) for text in unused))


def _target(one: Choice) -> str:
    if "<" in one.content:
        raise CannotWrite("Moodle's matching has plain text on the right")
    return f"<answer><text>{escape(plain_words(one.content), quote=False)}</text></answer>"


def _order(asked: OrderInteraction, order: Sequence[str], writer: Writer, *, each_place: bool) -> tuple[str, ...]:
    known = {one.identifier: one for one in asked.choices}
    if set(order) != set(known):
        raise CannotWrite("Moodle orders all options, not some of them")
    grading = "ABSOLUTE_POSITION" if each_place else "ALL_OR_NOTHING"
    answers = (writer.answer(known[name].content, Fraction(1)) for name in order)
    return ("<selecttype>ALL</selecttype>", f"<gradingtype>{grading}</gradingtype>", *answers)


def _drag_words(asked: GapMatchInteraction, part: ScoredPart, writer: Writer, body: str) -> Written:
    scoring = part.scoring
    if asked.images or body.strip() or not isinstance(scoring, Mapped | Exactly):
        raise CannotWrite("gaps for pictures, or below another text, are not said in Moodle's types of questions")
    values = scoring.correct if isinstance(scoring, Exactly) else tuple(value for value, _ in scoring.values)
    filling = {gap: word for word, gap in (value.split() for value in values)}
    if set(filling) != set(asked.gaps) or len(values) != len(filling):
        raise CannotWrite("in Moodle every gap has exactly one right word")
    numbers = {one.identifier: number for number, one in enumerate(asked.choices, start=1)}
    text = asked.content
    for gap in asked.gaps:
        text = text.replace(f'<span data-gap="{gap}"></span>', f"[[{numbers[filling[gap]]}]]")
    boxes = (
        f"<dragbox>{writer.inner(one.content)}<group>1</group>{'' if one.match_max else '<infinite/>'}</dragbox>"
        for one in asked.choices
    )
    shuffle = f"<shuffleanswers>{int(asked.shuffle)}</shuffleanswers>"
    return Written(kind="ddwtos", body=text, fields=(shuffle, *boxes))
