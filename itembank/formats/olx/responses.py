"""The responses of an OLX problem: each input with what is asked and what scores it."""

import ast
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from lxml import etree

from itembank.core.interactions import TextEntryInteraction
from itembank.core.scoring import read_number
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.olx.texts import inner_html
from itembank.formats.questions import asking
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import check_fractions
from itembank.formats.questions.words import TextFormat, Words
from itembank.formats.scoring_source.parts import AcceptedText, Asked, ByPerson, Exactly, Range
from itembank.formats.scoring_source.wildcards import quoted

_RANGE: Final = re.compile(r"^\s*([\[(])\s*([^,]+?)\s*,\s*([^,]+?)\s*([\])])\s*$")
_WIDTH: Final = 20
_LONGEST_OPTIONS: Final = 10_000
HINTS: Final = frozenset({"choicehint", "optionhint", "compoundhint"})


def asked_in(response: etree._Element, name: str, words: Words) -> Asked:
    """Return what the response asks under the variable `name`; raises NotTakenOver."""
    reader = READERS.get(str(response.tag))
    if reader is None:
        raise words.account.refusal("response-type", f"responses of the type {str(response.tag)[:40]} are left out")
    return reader(response, name, words)


def _single(response: etree._Element, name: str, words: Words) -> Asked:
    choices = list(response.iter("choice"))
    contents = [_option(one, words, n) for n, one in enumerate(choices, start=1)]
    fractions = [_fraction(one, words.account) for one in choices]
    asked = asking.choice(contents, asking.by_fractions(fractions), shuffle=_shuffles(response), name=name)
    check_fractions(words.account, asked)
    return asked


def _fraction(choice: etree._Element, account: Account) -> Fraction:
    correct = str(choice.get("correct", "")).lower()
    if correct != "partial":
        return Fraction(int(correct == "true"))
    return Fraction(_number(str(choice.get("point_value", "0.5")), account))


def _several(response: etree._Element, name: str, words: Words) -> Asked:
    if response.get("partial_credit"):
        kind = str(response.get("partial_credit"))[:20]
        words.account.note("partial-credit", f"the partial credit {kind!r} is not kept; all must be right")
    choices = list(response.iter("choice"))
    contents = [_option(one, words, n) for n, one in enumerate(choices, start=1)]
    right = [str(one.get("correct", "")).lower() == "true" for one in choices]
    return asking.choice(contents, _right(right, words.account), several=True, shuffle=_shuffles(response), name=name)


def _right(right: list[bool], account: Account) -> Exactly:
    if not any(right):
        raise account.refusal("key-missing", "no answer of it is correct")
    return asking.by_right_ones(right)


def _option(choice: etree._Element, words: Words, number: int) -> str:
    return words.inline(inner_html(choice, without=HINTS), TextFormat.HTML, f"option {number}")


def _shuffles(response: etree._Element) -> bool:
    return any(str(one.get("shuffle", "")).lower() == "true" for one in response.iter())


def _list(response: etree._Element, name: str, words: Words) -> Asked:
    inputs = list(response.iter("optioninput"))
    if len(inputs) != 1:
        raise words.account.refusal("response-type", f"{len(inputs)} lists in one response; one can be read")
    written, correct = inputs[0].get("options"), str(inputs[0].get("correct", ""))
    if written:
        texts = _listed(str(written), words.account)
        contents = [words.inline(text, TextFormat.PLAIN, f"option {n}") for n, text in enumerate(texts, start=1)]
        right = [text == correct for text in texts]
    else:
        options = list(inputs[0].iter("option"))
        contents = [_option(one, words, n) for n, one in enumerate(options, start=1)]
        right = [str(one.get("correct", "")).lower() == "true" for one in options]
    scoring = asking.by_fractions([Fraction(int(one)) for one in right])
    asked = asking.choice(contents, scoring, shuffle=False, name=name, inline=True)
    check_fractions(words.account, asked)
    return asked


def _listed(options: str, account: Account) -> list[str]:
    """Return the texts of `('a','b')`, which is read as a list of texts and nothing else."""
    try:
        read = ast.literal_eval(options) if len(options) <= _LONGEST_OPTIONS else None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        read = None
    if not isinstance(read, tuple | list) or not all(isinstance(one, str) for one in read):
        raise account.refusal("options", "the options are not a list of texts such as ('a','b')")
    return list(read)


def _text(response: etree._Element, name: str, words: Words) -> Asked:
    kind = str(response.get("type", "")).lower().split()
    if "regexp" in kind:
        words.account.note("pattern", "the answer is a regular expression of Python; a person scores it")
        return by_person(name)
    answers = [
        str(response.get("answer", "")),
        *(str(one.get("answer", "")) for one in response.iter("additional_answer")),
    ]
    texts = [AcceptedText(text=quoted(one.strip())) for one in answers if one.strip()]
    asked = asking.typed(texts, case_sensitive="ci" not in kind, name=name)
    check_fractions(words.account, asked)
    return asked


def _numeric(response: etree._Element, name: str, words: Words) -> Asked:
    if response.get("partial_credit"):
        words.account.note("partial-credit", "partial credit for near numbers is not kept")
    tolerance = next((str(one.get("default", "0")) for one in response.iter("responseparam")), "0")
    answers = [
        str(response.get("answer", "")),
        *(str(one.get("answer", "")) for one in response.iter("additional_answer")),
    ]
    ranges = [_range(one, tolerance, words.account) for one in answers]
    return asking.number(ranges, name=name)


def _range(answer: str, tolerance: str, account: Account) -> Range:
    if found := _RANGE.match(answer):
        if found[1] == "(" or found[4] == ")":
            account.note("bounds", f"the bounds of {answer[:40]!r} belong to it here")
        low, high = (_number(one, account) for one in (found[2], found[3]))
        return Range(low=low, high=high)
    value = _number(answer, account)
    plain = tolerance.strip()
    around = abs(_number(plain.removesuffix("%"), account))
    if plain.endswith("%"):
        around = abs(value) * around / 100
    return Range(low=value - around, high=value + around)


def _number(text: str, account: Account) -> Decimal:
    number = read_number(text)
    if number is None:
        raise account.refusal("number", f"{text.strip()[:40]!r} is not a number")
    return number


def by_person(name: str) -> Asked:
    """Return a line to type into that a person scores."""
    return Asked(
        interaction=TextEntryInteraction(response=name, expected_length=_WIDTH),
        declaration=ResponseDeclaration(identifier=name, cardinality=Cardinality.SINGLE, base_type=BaseType.STRING),
        scoring=ByPerson(),
    )


def _code(response: etree._Element, name: str, words: Words) -> Asked:
    hint = f"{str(response.tag)[:40]} is scored by a program that is never run here; a person scores it"
    words.account.note("program", hint)
    return by_person(name)


READERS: Final[Mapping[str, Callable[[etree._Element, str, Words], Asked]]] = MappingProxyType(
    {
        "multiplechoiceresponse": _single,
        "truefalseresponse": _several,
        "choiceresponse": _several,
        "optionresponse": _list,
        "stringresponse": _text,
        "numericalresponse": _numeric,
        "customresponse": _code,
        "formularesponse": _code,
        "symbolicresponse": _code,
        "coderesponse": _code,
    }
)
