"""Moodle's question types with one response: choices, typed texts and numbers, pairs, orders, essays."""

from decimal import Decimal
from html import escape
from typing import Final

from lxml import etree

from itembank.core.interactions import UploadInteraction
from itembank.core.variables import SINGLE_RESPONSE, BaseType, Cardinality, ResponseDeclaration
from itembank.formats.moodle.fields import Fields, number_in, plain_text
from itembank.formats.moodle.made import Made, answer_remarks, fraction
from itembank.formats.questions import asking
from itembank.formats.questions.building import check_fractions, language_of
from itembank.formats.questions.words import TextFormat
from itembank.formats.scoring_source.parts import AcceptedText, Asked, ByPerson, Range

NUMBERINGS: Final = {
    "abc": "qti-labels-lower-alpha",
    "ABCD": "qti-labels-upper-alpha",
    "123": "qti-labels-decimal",
    "none": "qti-labels-none",
}
_LEAST_PAIRS: Final = 2


def description(fields: Fields) -> Made:
    """Return a text that asks nothing."""
    return Made(body=fields.block("questiontext"))


def multichoice(fields: Fields) -> Made:
    """Return a choice of options; with several, wrong ones may cost points."""
    answers = fields.all("answer")
    contents = tuple(fields.line(one, f"answer {n}") for n, one in enumerate(answers, start=1))
    asked = asking.choice(
        contents,
        asking.by_fractions([fraction(fields, one) for one in answers]),
        several=not fields.flag("single", default=True),
        shuffle=fields.flag("shuffleanswers", default=True),
    )
    check_fractions(fields.account, asked)
    return Made(
        body=fields.block("questiontext"),
        asked=(_numbered(asked, fields.plain("answernumbering")),),
        remarks=answer_remarks(fields, contents, answers),
    )


def _numbered(asked: Asked, numbering: str) -> Asked:
    words = NUMBERINGS.get(numbering)
    if words is None:
        return asked
    return asking.with_classes(asked, (words,))


def true_false(fields: Fields) -> Made:
    """Return the choice between true and false."""
    answers = fields.all("answer")
    words = {plain_text(one).lower(): fraction(fields, one) for one in answers}
    if set(words) != {"true", "false"} or sorted(words.values()) != [0, 1]:
        raise fields.account.refusal("key-missing", "one of its two answers, true and false, must be right")
    body = fields.block("questiontext")
    language = language_of(body)
    terms = asking.TRUTH_WORDS[language]
    ordered = sorted(answers, key=lambda one: plain_text(one).lower() != "true")
    return Made(
        body=body,
        asked=(asking.true_false(right=words["true"] == 1, language=language),),
        remarks=answer_remarks(fields, terms, ordered),
    )


def short_answer(fields: Fields) -> Made:
    """Return a line to type a text into; `*` in an answer stands for any characters."""
    answers = fields.all("answer")
    texts = [AcceptedText(text=plain_text(one), fraction=fraction(fields, one)) for one in answers]
    asked = asking.typed([one for one in texts if one.text], case_sensitive=fields.flag("usecase"))
    check_fractions(fields.account, asked)
    terms = [escape(one.text) for one in texts]
    return Made(body=fields.block("questiontext"), asked=(asked,), remarks=answer_remarks(fields, terms, answers))


def numerical(fields: Fields) -> Made:
    """Return a line to type a number into, with its unit beside it if it has one."""
    answers = fields.all("answer")
    asked = asking.number([number_range(fields, one) for one in answers])
    check_fractions(fields.account, asked)
    terms = [escape(plain_text(one)) for one in answers]
    return Made(
        body=fields.block("questiontext") + unit_of(fields),
        asked=(asked,),
        remarks=answer_remarks(fields, terms, answers),
    )


def number_range(fields: Fields, answer: etree._Element) -> Range:
    """Return the numbers that an answer with its tolerance stands for."""
    text, worth = plain_text(answer), fraction(fields, answer)
    if text in {"", "*"}:
        return Range(low=None, high=None, fraction=worth)
    value = number_in(text, "answer", fields.account)
    tolerance = abs(number_in(plain_text(answer.find("tolerance"), "0"), "tolerance", fields.account))
    return Range(low=value - tolerance, high=value + tolerance, fraction=worth)


def unit_of(fields: Fields) -> str:
    """Return the words for the unit that the number is to be given in; other units are noted."""
    units = [
        (plain_text(one.find("unit_name")), number_in(plain_text(one.find("multiplier"), "1"), "unit", fields.account))
        for one in fields.element.iterfind("units/unit")
    ]
    if not units:
        return ""
    main = next((name for name, multiplier in units if multiplier == Decimal(1)), units[0][0])
    if len(units) > 1 or fields.plain("unitgradingtype", "0") != "0":
        fields.account.note(
            "units", f"the number is asked for in {main}; another unit, or a missing one, is not scored"
        )
    return f'<p><span data-interaction="{SINGLE_RESPONSE}"></span> {escape(main)}</p>' if main else ""


def matching(fields: Fields) -> Made:
    """Return options to match; each right pair earns the same."""
    sources: list[str] = []
    right: list[int] = []
    targets: dict[str, int] = {}
    for number, one in enumerate(fields.all("subquestion"), start=1):
        answer = one.find("answer")
        if answer is None or not plain_text(answer):
            continue
        target = targets.setdefault(fields.line(answer, f"answer {number}", TextFormat.PLAIN), len(targets))
        if plain_text(one):
            sources.append(fields.line(one, f"subquestion {number}"))
            right.append(target)
    if len(sources) < _LEAST_PAIRS:
        raise fields.account.refusal("pairs-missing", "fewer than two pairs")
    shuffle = fields.flag("shuffleanswers", default=True)
    asked = asking.pairs(sources, tuple(targets), right, shuffle=shuffle)
    return Made(body=fields.block("questiontext"), asked=(asked,))


def ordering(fields: Fields) -> Made:
    """Return options to put in order."""
    contents = [fields.line(one, f"answer {n}") for n, one in enumerate(fields.all("answer"), start=1)]
    if len(contents) < _LEAST_PAIRS:
        raise fields.account.refusal("options-missing", "fewer than two things to order")
    if fields.plain("selecttype", "ALL").upper() not in {"ALL", "0"}:
        fields.account.note("all-shown", "all things are to be put in order, not a part of them that is drawn")
    grading = fields.plain("gradingtype", "ABSOLUTE_POSITION").upper()
    if grading not in {"ALL_OR_NOTHING", "-1", "ABSOLUTE_POSITION", "0"}:
        fields.account.note("order-scoring", f"scored by right places, not by {grading}")
    return Made(
        body=fields.block("questiontext"),
        asked=(asking.ordering(contents, each_place=grading not in {"ALL_OR_NOTHING", "-1"}),),
    )


def essay(fields: Fields) -> Made:
    """Return a field for a text, or for a file, that a person scores."""
    body = fields.block("questiontext")
    if plain_text(fields.element.find("responsetemplate")):
        fields.account.remark("template", "the text that the field begins with is left out")
    files = fields.plain("attachments", "0") != "0"
    shape = fields.plain("responseformat", "editor")
    if shape == "noinline":
        return Made(body=body, asked=(_upload(),))
    if files:
        fields.account.note("attachments", "only the text is asked for, no files")
    lines = min(int(fields.number("responsefieldlines", "15")), 100)
    return Made(body=body, asked=(asking.essay(lines=lines, preformatted=shape == "monospaced"),))


def _upload() -> Asked:
    return Asked(
        interaction=UploadInteraction(response=SINGLE_RESPONSE),
        declaration=ResponseDeclaration(
            identifier=SINGLE_RESPONSE, cardinality=Cardinality.SINGLE, base_type=BaseType.FILE
        ),
        scoring=ByPerson(),
    )


def program_code(fields: Fields) -> Made:
    """Return a field for the text of a program that a person scores."""
    fields.account.note("plugin", "the program that is written is not run; a person scores it")
    return Made(body=fields.block("questiontext"), asked=(asking.essay(lines=20, preformatted=True),))
