"""One GIFT question as its parts, in GIFT's own words: a title, a text, a kind and its answers with weights."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final

from itembank.formats.gift.signs import put_aside, taken_back
from itembank.formats.questions.account import MOST_PARTS, Account
from itembank.formats.questions.words import TextFormat

_TITLE: Final = re.compile(r"^\s*::(.*?)::", re.DOTALL)
_FORMAT: Final = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"^\s*%(-?\d{1,3}(?:\.\d{0,10})?)%")
_SIGN: Final = re.compile("[=~]")
# From the first blank of a run only: else each blank of a long run would look for the end of the line again.
_BREAK: Final = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*")
_TRUTH: Final = {"T": True, "TRUE": True, "F": False, "FALSE": False}
GENERAL: Final = "####"
ARROW: Final = "->"


class Kind(StrEnum):
    """The kinds of GIFT questions."""

    DESCRIPTION = "description"
    ESSAY = "essay"
    TRUE_FALSE = "true-false"
    CHOICE = "choice"
    SHORT = "short"
    NUMERICAL = "numerical"
    MATCHING = "matching"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text with its notation."""

    text: str
    notation: TextFormat

    def __bool__(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: `right` when it began with `=`, its weight in percent if it has one, what it is matched with."""

    right: bool
    weight: Decimal | None
    said: Said
    feedback: Said
    beside: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftQuestion:
    """One question; `after` is the text behind answers that stand in the midst of it."""

    title: str
    stem: Said
    after: str
    kind: Kind
    answers: tuple[Answer, ...] = ()
    truth: bool = False
    general: Said | None = None
    truth_feedback: tuple[Said, ...] = ()


def read_question(text: str, account: Account) -> GiftQuestion:
    """Return the parts of one question; raises NotTakenOver where it is no GIFT."""
    plain = put_aside(text)
    title = ""
    if found := _TITLE.match(plain):
        title, plain = taken_back(found[1]).strip(), plain[found.end() :]
    notation, plain = _notation(plain, TextFormat.AUTO)
    before, answers, after = _cut(plain, account)
    stem = Said(text=_text(before, notation), notation=notation)
    if answers is None:
        return GiftQuestion(title=title, stem=stem, after="", kind=Kind.DESCRIPTION)
    answers, _, general = answers.partition(GENERAL)
    kind, read, truth = _answers(answers.strip(), notation, account)
    return GiftQuestion(
        title=title,
        stem=stem,
        after=_text(after, notation) if after.strip() else "",
        kind=kind,
        answers=read if kind is not Kind.TRUE_FALSE else (),
        truth=truth,
        truth_feedback=tuple(one.feedback for one in read) if kind is Kind.TRUE_FALSE else (),
        general=_said(general, notation),
    )


def _cut(plain: str, account: Account) -> tuple[str, str | None, str]:
    start, end = plain.find("{"), plain.find("}")
    if start < 0 and end < 0:
        return plain, None, ""
    if start < 0 or end < start:
        hint = "the braces around the answers do not match (a blank line ends a question)"
        raise account.refusal("gift-braces", hint)
    after = plain[end + 1 :]
    if "{" in plain[start + 1 : end] or "{" in after or "}" in after:
        raise account.refusal("gift-braces", "there is more than one pair of braces; escape those that are text")
    return plain[:start], plain[start + 1 : end], after


def _answers(answers: str, notation: TextFormat, account: Account) -> tuple[Kind, tuple[Answer, ...], bool]:
    if not answers:
        return Kind.ESSAY, (), False
    if answers.startswith("#"):
        return Kind.NUMERICAL, _numbers(answers[1:], notation, account), False
    if "~" in answers:
        return Kind.CHOICE, tuple(_listed(answers, notation, account)), False
    if "=" in answers and ARROW in answers:
        return Kind.MATCHING, tuple(_pairs(answers, notation, account)), False
    word, _, feedback = answers.partition("#")
    truth = _TRUTH.get(word.strip().upper())
    if truth is not None:
        said = [one for one in feedback.split("#")[:2] if one.strip() or feedback]
        made = tuple(_answer("", one, notation, right=False) for one in said)
        return Kind.TRUE_FALSE, made, truth
    return Kind.SHORT, tuple(_listed(answers if "=" in answers else f"={answers}", notation, account)), False


def _numbers(answers: str, notation: TextFormat, account: Account) -> tuple[Answer, ...]:
    plain = answers.strip()
    if not plain.startswith(("=", "~")):
        plain = f"={plain}"
    return tuple(_one(part, notation) for part in _split(plain, account))


def _listed(answers: str, notation: TextFormat, account: Account) -> Iterator[Answer]:
    if answers[0] not in "=~":
        hint = f"{answers[:40]!r} stands before the first answer, which begins with = or ~"
        raise account.refusal("gift-answer", taken_back(hint))
    for part in _split(answers, account):
        one = _one(part, notation)
        if one.said:
            yield one
        else:
            account.note("empty", "an answer without text is left out")


def _pairs(answers: str, notation: TextFormat, account: Account) -> Iterator[Answer]:
    for part in _split(answers, account):
        left, arrow, right = part[1:].partition(ARROW)
        if not arrow or not right.strip():
            hint = f"{taken_back(part)[:60].strip()!r} has nothing to match it with"
            raise account.refusal("gift-matching", hint)
        right, _, feedback = right.partition("#")
        made = _answer(left, feedback, notation, right=True)
        yield Answer(
            right=True, weight=None, said=made.said, feedback=made.feedback, beside=_said(right, TextFormat.AUTO)
        )


def _split(answers: str, account: Account) -> Iterator[str]:
    """Yield each answer with the `=` or `~` before it; a `~` directly before `=` belongs to it."""
    starts = [0, *(found.start() for found in _SIGN.finditer(answers, 1)), len(answers)]
    if len(starts) > MOST_PARTS:
        raise account.refusal("too-many-parts", f"{MOST_PARTS:,} answers are the most of one question")
    for start, end in pairwise(starts):
        part = answers[start:end]
        if part.strip("~ \t\n"):
            yield part


def _one(part: str, notation: TextFormat) -> Answer:
    right, rest = part[0] == "=", part[1:]
    weight = None
    if found := _WEIGHT.match(rest):
        weight, rest = Decimal(found[1]), rest[found.end() :]
    text, _, feedback = rest.partition("#")
    return _answer(text, feedback, notation, right=right, weight=weight)


def _answer(text: str, feedback: str, notation: TextFormat, *, right: bool, weight: Decimal | None = None) -> Answer:
    return Answer(right=right, weight=weight, said=_said(text, notation), feedback=_said(feedback, notation))


def _said(text: str, notation: TextFormat) -> Said:
    notation, text = _notation(text, notation)
    return Said(text=_text(text, notation), notation=notation)


def _notation(text: str, default: TextFormat) -> tuple[TextFormat, str]:
    found = _FORMAT.match(text)
    if found is None:
        return default, text
    return TextFormat(found[1].lower()), text[found.end() :]


def _text(text: str, notation: TextFormat) -> str:
    """Return the text as its author meant it; where an editor broke its lines does not count but in HTML or Markdown.

    The spaces at its ends are kept for texts that answers stand in.
    """
    if notation in {TextFormat.AUTO, TextFormat.PLAIN}:
        text = _BREAK.sub(" ", text)
    return taken_back(text)
