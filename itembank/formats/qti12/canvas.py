"""What Canvas, New Quizzes and Common Cartridge mean by their kinds of items, where the elements alone do not say it.

Blanks and dropdowns stand in the text as `[name]` and are written as choices of texts; a category is right when it
holds exactly its members; points of the parts of an item are rounded to hundredths and mean equal shares.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from lxml import etree

from itembank.core.interactions import Choice, InlineChoiceInteraction, SelectPointInteraction, TextEntryInteraction
from itembank.core.markup import INTERACTION
from itembank.core.qti.shapes import read_area
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.closeness import near_pattern, whole_pattern
from itembank.formats.qti12.conditions import (
    Assignment,
    Compared,
    Either,
    Every,
    Holds,
    Inside,
    OneOf,
    Processing,
    RespCondition,
    Test,
    VarEqual,
    leaves,
)
from itembank.formats.qti12.elements import children, given, is_yes, name_of
from itembank.formats.qti12.fields import Kind
from itembank.formats.qti12.labels import Label, labels_of
from itembank.formats.qti12.pictures import points_in
from itembank.formats.qti12.responses import ResponseReader
from itembank.formats.qti12.sampling import sample_of
from itembank.formats.qti12.writing import words

_PREFIX: Final = "response_"
_ROUNDING: Final = Fraction(5, 100)
_WHOLE: Final = Fraction(100)
_TAG: Final = re.compile(r"(<[^<>]*>)")
IN_TEXT: Final = frozenset({Kind.BLANKS, Kind.DROPDOWNS, Kind.MATCHING})


def inline_choice(reader: ResponseReader, element: etree._Element, rendering: etree._Element) -> Asked:
    """Return a list to choose one option from, for a place in a line."""
    ident = given(element, "ident") or "response"
    labels = reader.labels(ident, rendering)
    name = reader.names.of(ident)
    choices = tuple(Choice(identifier=reader.options.of(one.ident), content=one.content) for one in labels)
    interaction = InlineChoiceInteraction(response=name, choices=choices, shuffle=bool(reader.shuffle))
    declaration = ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.IDENTIFIER)
    return Asked(
        ident=ident,
        declarations=(declaration,),
        interactions=(interaction,),
        values={one.ident: reader.options.of(one.ident) for one in labels},
        inline=True,
    )


def blank(reader: ResponseReader, element: etree._Element, rendering: etree._Element) -> tuple[Asked, Test | None]:
    """Return what stands in a blank, and when it is right if that is not in the processing."""
    labels = labels_of(rendering, reader.material, reader.sheet)
    kinds = {given(one.element, "answer_type").lower() for one in labels}
    if kinds & {"dropdown", "wordbank"}:
        return inline_choice(reader, element, rendering), None
    ident = given(element, "ident") or "response"
    name = reader.names.of(ident)
    # Never as wide as its answers: a width would tell their length.
    interaction = TextEntryInteraction(response=name)
    declaration = ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.STRING)
    asked = Asked(ident=ident, declarations=(declaration,), interactions=(interaction,), inline=True)
    tests = [_accepted(ident, one, reader) for one in labels]
    known = tuple(test for test in tests if test is not None)
    return asked, (Either(tests=known) if len(known) != 1 else known[0])


def _accepted(ident: str, label: Label, reader: ResponseReader) -> Test | None:
    text, way = words(label.content), given(label.element, "scoring_algorithm").lower()
    folded, sample = given(label.element, "ignore_case"), text
    if not text.strip():
        return None
    if way == "textcontainsanswer":
        return Holds(response=ident, value=text)
    if way == "textequivalence":
        return VarEqual(response=ident, value=text, case_sensitive=not is_yes(folded))
    if way == "textcloseenough":
        pattern = near_pattern(text, given(label.element, "levenshtein_distance"), folded=is_yes(folded or "yes"))
    elif way == "textregex":
        pattern, sample = whole_pattern(text), sample_of(text)
    else:
        return VarEqual(response=ident, value=text)
    if pattern is None:
        reader.sheet.note("answer-pattern", f"{text[:60]!r} is only accepted as it is written here")
        return VarEqual(response=ident, value=text)
    return Holds(response=ident, value=pattern, pattern=True, sample=sample)


def blanks_processing(processing: Processing, tests: Mapping[str, Test], asked: Mapping[str, Asked]) -> Processing:
    """Return the processing with what the blanks accept in the place of the one text that the file names."""
    shares = {leaf.response: one for one in processing.conditions if one.assignments for leaf in leaves(one.test)}
    conditions = []
    for ident in asked:
        old = shares.get(ident)
        test = tests.get(ident) or (old.test if old is not None else None)
        if test is None:
            continue
        share = Assignment(outcome="SCORE", action="add", amount=_WHOLE / len(asked))
        assignments = old.assignments if old is not None else (share,)
        conditions.append(RespCondition(test=test, assignments=assignments, ends=False))
    feedback = tuple(one for one in processing.conditions if not one.assignments)
    unread = () if len(conditions) == len(asked) else processing.unread
    return replace(processing, conditions=(*feedback, *conditions), unread=unread)


def equal_shares(processing: Processing) -> Processing:
    """Return the processing with points that differ by rounding alone made equal."""
    added = {change.amount for one in processing.conditions for change in one.assignments if change.action == "add"}
    positive = {amount for amount in added if amount > 0}
    if len(positive) < 2 or max(positive) - min(positive) > _ROUNDING:  # noqa: PLR2004 - one is equal to itself
        return processing
    greatest = max(positive)

    def made(change: Assignment) -> Assignment:
        return replace(change, amount=greatest) if change.action == "add" and change.amount > 0 else change

    conditions = tuple(
        replace(one, assignments=tuple(made(change) for change in one.assignments)) for one in processing.conditions
    )
    return replace(processing, conditions=conditions)


def exact_sets(processing: Processing) -> Processing:
    """Return the processing of categories: each holds exactly the values that its condition names."""
    return _retested(processing, _exactly)


def without_margins(processing: Processing) -> Processing:
    """Return the processing of numbers: where a range stands beside a value, the range says all."""
    return _retested(processing, _ranged)


def _retested(processing: Processing, change: Callable[[Test], Test]) -> Processing:
    conditions = tuple(replace(one, test=change(one.test)) for one in processing.conditions)
    return replace(processing, conditions=conditions)


def _exactly(test: Test) -> Test:
    match test:
        case VarEqual():
            return OneOf(response=test.response, values=(test.value,), exactly=True)
        case Every() if test.tests and all(isinstance(one, VarEqual) for one in test.tests):
            equal = [one for one in test.tests if isinstance(one, VarEqual)]
            if len({one.response for one in equal}) == 1:
                return OneOf(response=equal[0].response, values=tuple(one.value for one in equal), exactly=True)
            return test
        case _:
            return test


def _ranged(test: Test) -> Test:
    if not isinstance(test, Either):
        return test
    ranges = [
        one for one in test.tests if isinstance(one, Every) and all(isinstance(part, Compared) for part in one.tests)
    ]
    if not ranges:
        return test
    tests = (replace(one, margin="", figures=None) if isinstance(one, VarEqual) else one for one in test.tests)
    return Either(tests=tuple(tests))


def hotspot_processing(processing: Processing, asked: Asked, rendering: etree._Element) -> tuple[Processing, Asked]:
    """Return the processing of a picture whose right areas stand beside the options (Canvas writes none)."""
    interaction = asked.interactions[0]
    if not isinstance(interaction, SelectPointInteraction) or any(one.assignments for one in processing.conditions):
        return processing, asked
    picture = interaction.picture
    shapes = points_in(rendering, (picture.width, picture.height))
    areas = [area for shape, coords in shapes if (area := read_area(shape, coords)) is not None]
    single = asked.cardinality is Cardinality.SINGLE
    tests: list[Test] = [Inside(response=asked.ident, area=area) for area in areas]
    tests = [Either(tests=tuple(tests))] if single and len(tests) > 1 else tests
    conditions = tuple(
        RespCondition(
            test=test, assignments=(Assignment(outcome="SCORE", action="add", amount=Fraction(1)),), ends=False
        )
        for test in tests
    )
    most = 1 if single else len(areas)
    limited = replace(asked, interactions=(replace(interaction, max_choices=most),))
    return replace(processing, conditions=(*processing.conditions, *conditions)), limited


def with_places(html: str, asked: Mapping[str, Asked], labels: Mapping[str, str]) -> str:
    """Return the body with a place for each response where `[name]` stands, those without one below as rows."""
    parts = _TAG.split(html)
    for ident, one in asked.items():
        mark = f"[{ident.removeprefix(_PREFIX)}]"
        place = f'<span {INTERACTION}="{one.names[0]}"></span>'
        for number, part in enumerate(parts):
            if mark in part and not part.startswith("<"):
                parts[number] = part.replace(mark, place, 1)
                break
        else:
            parts.append(f"<p>{labels.get(ident, '')} {place}</p>")
        parts = _TAG.split("".join(parts))
    return "".join(parts)


def rendering_of(element: etree._Element) -> etree._Element | None:
    """Return the rendering of choices of a response, or None."""
    return next((child for child in children(element) if name_of(child) == "render_choice"), None)
