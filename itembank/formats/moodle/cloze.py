r"""Moodle's cloze: `{2:MULTICHOICE:=right~%50%half~wrong#feedback}` in the midst of a text, of several kinds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from typing import Final

from itembank.core.variables import SINGLE_RESPONSE
from itembank.formats.moodle.fields import Fields, number_in, source_text
from itembank.formats.moodle.made import Made, Remark
from itembank.formats.questions import asking
from itembank.formats.questions.building import check_fractions
from itembank.formats.questions.words import TextFormat, place, without_marks
from itembank.formats.scoring_source.parts import AcceptedText, Asked, Range

# Bounded and never taken back: each of ten thousand openings would look for an end through all that follows.
_FIELD: Final = re.compile(r"\{(\d{0,4}):([A-Z_]{2,30}):((?:[^\\}]|\\.){0,8000}+)\}", re.DOTALL)
_OPEN: Final = re.compile(r"\{\d{0,4}:[A-Za-z_]{2,30}:")
_WEIGHT: Final = re.compile(r"^%(-?\d{1,3}(?:\.\d{0,10})?)%")
_FIRST_KEPT: Final = 0xF000
_KEPT: Final = re.compile("[\uf000-\uf07f]")
_ESCAPED: Final = re.compile(r"\\([}#~\"/\\{=])")
_TYPED: Final = {"SHORTANSWER", "SA", "MW"}
_TYPED_IN_CASE: Final = {"SHORTANSWER_C", "SAC", "MWC"}
_NUMBERS: Final = {"NUMERICAL", "NM"}
_LISTS: Final = {"MULTICHOICE": False, "MC": False, "MULTICHOICE_S": True, "MCS": True}
_ROWS: Final = {
    **dict.fromkeys(("MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), False),
    **dict.fromkeys(("MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), True),
}
_SEVERAL: Final = {
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), False),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    text: str
    fraction: Fraction
    feedback: str


def cloze(fields: Fields) -> Made:
    """Return a text with fields in it; their weights share the points."""
    element = fields.element.find("questiontext")
    text = without_marks(fields.account.bounded(source_text(element))) if element is not None else ""
    found = list(_FIELD.finditer(text))
    if element is None or not found:
        raise fields.account.refusal("gaps-missing", "there is no field such as {1:SHORTANSWER:=…} in the text")
    if len(_OPEN.findall(text)) != len(found):
        raise fields.account.refusal("gap", "one of the fields is not closed, or is of a kind that is not known")
    asked: list[Asked] = []
    remarks: list[Remark] = []
    names = [SINGLE_RESPONSE] if len(found) == 1 else [f"R{number}" for number in range(1, len(found) + 1)]
    for number, (name, one) in enumerate(zip(names, found, strict=True), start=1):
        reading = _Reading(fields, name, one[2])
        answers = list(_answers(one[3]))
        made = reading.asked(answers)
        check_fractions(fields.account, made)
        weight = Fraction(int(one[1] or "1"))
        asked.append(replace(made, weight=weight))
        remarks += [
            (f"{number}. {said.text}", fields.words.aside(said.feedback, TextFormat.HTML, "feedback"))
            for said in answers
        ]
    if not any(one.weight for one in asked):
        raise fields.account.refusal("weights", "all fields have the weight 0")
    next_name = iter(names)
    marked = _FIELD.sub(lambda _: place("interaction", next(next_name)), text)
    return Made(body=fields.block_in(element, "questiontext", marked), asked=tuple(asked), remarks=tuple(remarks))


def _answers(text: str) -> Iterator[_Answer]:
    for part in _aside(text).split("~"):
        rest = part.strip()
        if not rest:
            continue
        worth = Fraction(int(rest.startswith("=")))
        rest = rest.removeprefix("=")
        if weight := _WEIGHT.match(rest):
            worth = asking.fraction_of(Decimal(weight[1]))
            rest = rest[weight.end() :]
        said, _, feedback = rest.partition("#")
        yield _Answer(text=_back(said), fraction=worth, feedback=_back(feedback))


def _aside(text: str) -> str:
    """Return the text with every escaped sign as a single sign without meaning."""
    plain = _KEPT.sub("", text)
    return _ESCAPED.sub(lambda found: chr(_FIRST_KEPT + ord(found[1])), plain)


def _back(text: str) -> str:
    return _KEPT.sub(lambda found: chr(ord(found[0]) - _FIRST_KEPT), text).strip()


class _Reading:
    """Reads one field of a cloze text."""

    def __init__(self, fields: Fields, name: str, kind: str) -> None:
        self._fields = fields
        self._name = name
        self._kind = kind

    def asked(self, answers: list[_Answer]) -> Asked:
        """Return what the field asks; raises NotTakenOver."""
        kind, name = self._kind, self._name
        if kind in _TYPED | _TYPED_IN_CASE:
            texts = [AcceptedText(text=unescape(one.text), fraction=one.fraction) for one in answers if one.text]
            return asking.typed(texts, case_sensitive=kind in _TYPED_IN_CASE, name=name)
        if kind in _NUMBERS:
            return asking.number([self._range(one) for one in answers], name=name)
        for kinds, several, inline in ((_LISTS, False, True), (_ROWS, False, False), (_SEVERAL, True, False)):
            if kind in kinds:
                return self._choice(answers, several=several, shuffle=kinds[kind], inline=inline)
        raise self._fields.account.refusal("gap", f"fields of the kind {kind} are not known")

    def _choice(self, answers: list[_Answer], *, several: bool, shuffle: bool, inline: bool) -> Asked:
        words = self._fields.words
        contents = [words.inline(one.text, TextFormat.HTML, f"field {self._name}") for one in answers]
        scoring = asking.by_fractions([one.fraction for one in answers])
        return asking.choice(contents, scoring, several=several, shuffle=shuffle, name=self._name, inline=inline)

    def _range(self, one: _Answer) -> Range:
        if one.text in {"", "*"}:
            return Range(low=None, high=None, fraction=one.fraction)
        account, part = self._fields.account, f"field {self._name}"
        middle, _, around = unescape(one.text).partition(":")
        value = number_in(middle, part, account)
        tolerance = abs(number_in(around or "0", part, account))
        return Range(low=value - tolerance, high=value + tolerance, fraction=one.fraction)
