"""Moodle's types with gaps in a text: words to select, words to drag, and cloze with questions of several kinds."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.core.interactions import Choice, GapMatchInteraction
from itembank.core.markup import INTERACTION
from itembank.core.variables import SINGLE_RESPONSE, BaseType, Cardinality, ResponseDeclaration
from itembank.formats.moodle.fields import Fields, plain_text, source_text
from itembank.formats.moodle.made import Made
from itembank.formats.questions import asking
from itembank.formats.questions.words import TextFormat, place, without_marks
from itembank.formats.scoring_source.parts import Asked, Exactly, Mapped

_GAP: Final = re.compile(r"\[\[(\d{1,3})\]\]")


def select_missing_words(fields: Fields) -> Made:
    """Return a text with lists in its gaps; each gap counts the same."""
    options = fields.all("selectoption")
    numbers = _gap_numbers(fields, options)
    contents = [fields.line(one, f"option {n}", TextFormat.PLAIN) for n, one in enumerate(options, start=1)]
    groups = [plain_text(one.find("group"), "1") for one in options]
    asked = tuple(
        _list_for(number, name, contents, groups, shuffle=fields.flag("shuffleanswers"))
        for name, number in enumerate(numbers, start=1)
    )
    return Made(body=_with_marks(fields, "interaction", "R"), asked=asked)


def _list_for(number: int, name: int, contents: Sequence[str], groups: Sequence[str], *, shuffle: bool) -> Asked:
    inside = [place for place, group in enumerate(groups) if group == groups[number - 1]]
    right = asking.identifiers(len(inside))[inside.index(number - 1)]
    return asking.choice(
        [contents[place] for place in inside], Exactly(correct=(right,)), shuffle=shuffle, name=f"R{name}", inline=True
    )


def drag_words(fields: Fields) -> Made:
    """Return a text with gaps and words to put into them; each gap counts the same."""
    boxes = fields.all("dragbox")
    numbers = _gap_numbers(fields, boxes)
    if len({plain_text(one.find("group"), "1") for one in boxes}) > 1:
        fields.account.remark("groups", "the words of all groups can be put into every gap")
    choices = tuple(
        Choice(
            identifier=f"W{n}",
            content=fields.line(one, f"word {n}"),
            match_max=0 if one.find("infinite") is not None else max(1, numbers.count(n)),
        )
        for n, one in enumerate(boxes, start=1)
    )
    gaps = tuple(f"G{n}" for n in range(1, len(numbers) + 1))
    each = Fraction(1, len(numbers))
    values = tuple((f"W{number} {gap}", each) for gap, number in zip(gaps, numbers, strict=True))
    interaction = GapMatchInteraction(
        response=SINGLE_RESPONSE,
        content=_with_marks(fields, "gap", "G"),
        gaps=gaps,
        choices=choices,
        shuffle=fields.flag("shuffleanswers"),
    )
    return Made(
        body=f'<div {INTERACTION}="{SINGLE_RESPONSE}"></div>',
        asked=(
            Asked(
                interaction=interaction,
                declaration=ResponseDeclaration(
                    identifier=SINGLE_RESPONSE, cardinality=Cardinality.MULTIPLE, base_type=BaseType.DIRECTED_PAIR
                ),
                scoring=Mapped(values=values),
            ),
        ),
    )


def _gap_numbers(fields: Fields, options: Sequence[etree._Element]) -> list[int]:
    """Return the number of the right option of each gap, in the order of the text."""
    text = fields.element.find("questiontext")
    numbers = (
        [int(found) for found in _GAP.findall(fields.account.bounded(source_text(text)))] if text is not None else []
    )
    if not numbers or not options:
        raise fields.account.refusal("gaps-missing", "there is no gap such as [[1]] in the text, or nothing to fill it")
    wrong = next((number for number in numbers if not 1 <= number <= len(options)), None)
    if wrong is not None:
        raise fields.account.refusal("gap", f"the gap [[{wrong}]] has no answer")
    return numbers


def _with_marks(fields: Fields, kind: str, prefix: str) -> str:
    element = fields.element.find("questiontext")
    if element is None:
        raise fields.account.refusal("empty", "there is no text", "questiontext")
    count = iter(range(1, 1000))
    marked = _GAP.sub(lambda _: place(kind, f"{prefix}{next(count)}"), without_marks(source_text(element)))
    return fields.block_in(element, "questiontext", marked)
