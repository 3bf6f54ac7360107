"""Aiken: a question, options that begin with `A.` or `A)`, and `ANSWER: A`; one right option each."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from itembank.formats.parsed import Findings, Original, Parsed
from itembank.formats.questions import asking
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import Collection, Question
from itembank.formats.questions.encodings import read_old_text
from itembank.formats.questions.words import TextFormat, Words

AIKEN: Final = "aiken"
_OPTION: Final = re.compile(r"^\s*([A-Z])[.)]\s*(.*?)\s*$")
_ANSWER: Final = re.compile(r"^\s*ANSWER\s*:\s*(.*?)\s*$", re.IGNORECASE)
_FEEDBACK: Final = re.compile(r"^\s*(?:FEEDBACK|EXPLANATION)\s*:\s*(.*?)\s*$", re.IGNORECASE)
_LOOKS: Final = re.compile(r"^[ \t]*A[.)][^\n]*\n(?:[^\n]*\n){0,60}?[ \t]*ANSWER[ \t]*:[ \t]*[A-Z]\b", re.MULTILINE)
_FEWEST: Final = 2
_MOST_LINES: Final = 1000


def looks_like_aiken(text: str) -> bool:
    """Tell whether a text is Aiken: somewhere an option `A.` or `A)`, and an `ANSWER:` line below it."""
    return bool(_LOOKS.search(text[:100_000].replace("\r\n", "\n")))


@dataclass(slots=True)
class _Draft:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str = ""
    feedback: str = ""
    lines: list[str] = field(default_factory=list)


def parse_aiken(payload: bytes) -> Parsed:
    """Return the items of an Aiken file; what is wrong with one question refuses that question alone."""
    collection = Collection(findings=Findings())
    text = read_old_text(payload, collection.findings)
    for draft in _drafts((text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        collection.take(f"line {draft.line}", " ".join(draft.stem)[:40], _Reading(draft).question)
    return collection.parsed(AIKEN)


def _drafts(lines: list[str]) -> list[_Draft]:
    drafts: list[_Draft] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        feedback = _FEEDBACK.match(line)
        if not drafts or (drafts[-1].answer and not feedback):
            drafts.append(_Draft(line=number))
        _add(drafts[-1], line, feedback[1] if feedback else None)
    return drafts


def _add(draft: _Draft, line: str, feedback: str | None) -> None:
    draft.lines.append(line)
    if len(draft.lines) > _MOST_LINES:
        return
    if answer := _ANSWER.match(line):
        draft.answer = answer[1] or "?"
    elif feedback is not None and draft.answer:
        draft.feedback = feedback
    elif (option := _OPTION.match(line)) and draft.stem:
        draft.options.append((option[1], option[2]))
    elif draft.options:
        letter, text = draft.options[-1]
        draft.options[-1] = (letter, f"{text} {line.strip()}")
    else:
        draft.stem.append(line.strip())


class _Reading:
    def __init__(self, draft: _Draft) -> None:
        self._draft = draft

    def question(self, account: Account) -> Question:
        """Return the question; raises NotTakenOver."""
        draft = self._draft
        right = self._right(account)
        words = Words(account)
        contents = tuple(words.inline(text, TextFormat.PLAIN, f"option {letter}") for letter, text in draft.options)
        fractions = [Fraction(int(letter == right)) for letter, _ in draft.options]
        text = "\n".join(draft.lines)
        return Question(
            name="",
            body=words.block("\n".join(draft.stem), TextFormat.PLAIN, "question"),
            asked=(asking.choice(contents, asking.by_fractions(fractions)),),
            explanation=words.aside(draft.feedback, TextFormat.PLAIN, "feedback"),
            original=Original(name=f"{account.where}.txt", media_type="text/plain", payload=text.encode()),
        )

    def _right(self, account: Account) -> str:
        draft = self._draft
        letters = [letter for letter, _ in draft.options]
        if len(draft.lines) > _MOST_LINES:
            raise account.refusal("field-too-long", f"{_MOST_LINES:,} lines are the most of one question")
        if not draft.answer:
            raise account.refusal("key-missing", "there is no line ANSWER: below it")
        if len(letters) < _FEWEST:
            raise account.refusal("options-missing", f"{len(letters)} options; at least {_FEWEST} are needed")
        expected = [chr(ord("A") + place) for place in range(len(letters))]
        if letters != expected:
            raise account.refusal("options-order", f"the options are {', '.join(letters)}, not {', '.join(expected)}")
        right = draft.answer.upper().rstrip(".)")
        if right not in letters:
            raise account.refusal("wrong-key", f"the answer {draft.answer[:20]!r} is no single option")
        return right
