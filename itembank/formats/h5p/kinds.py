"""The question types of H5P that are made of text, each as its body and what is asked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from html import escape, unescape
from typing import Final

from itembank.core.interactions import Choice, GapMatchInteraction, HottextInteraction
from itembank.core.markup import INTERACTION, visible_text
from itembank.core.variables import SINGLE_RESPONSE, BaseType, Cardinality, ResponseDeclaration
from itembank.formats.h5p.content import Content
from itembank.formats.questions import asking
from itembank.formats.questions.account import Account
from itembank.formats.questions.building import check_fractions
from itembank.formats.questions.words import END, TextFormat, Words, place, without_marks
from itembank.formats.scoring_source.parts import AcceptedText, Asked, Mapped
from itembank.formats.scoring_source.wildcards import quoted

_STARRED: Final = re.compile(r"\*([^*\n<>]+)\*")
_WORD: Final = re.compile(
    r"(?P<tag><[^>]*>|&[#\w]{1,10};)|\*(?P<right>[^*\n<>]+)\*|(?P<wrong>[^\W_](?:[\w'’-]*[^\W_])?)"
)
_MOST_WORDS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A body with its places, what is asked, and what is said to which answer."""

    body: str
    asked: tuple[Asked, ...]
    remarks: tuple[tuple[str, str], ...] = ()
    explanation: str = ""


def multi_choice(content: Content, words: Words, account: Account) -> Made:
    """Return a choice; of several right ones each earns its part, and a wrong one costs as much."""
    answers = content.objects("answers")
    behaviour = content.inner("behaviour")
    contents = [_line(words, one.text("text"), f"answer {n}") for n, one in enumerate(answers, start=1)]
    right = [one.flag("correct") for one in answers]
    kind = behaviour.text("type", "auto")
    several = kind == "multi" or (kind != "single" and sum(right) != 1)
    whole = behaviour.flag("singlePoint")
    each = Fraction(1, max(1, sum(right))) if several else Fraction(1)
    fractions = [each if one else (-each if several else Fraction(0)) for one in right]
    scoring = asking.by_right_ones(right) if several and whole else asking.by_fractions(fractions)
    shuffle = behaviour.flag("randomAnswers", default=True)
    asked = asking.choice(contents, scoring, several=several, shuffle=shuffle)
    if isinstance(asked.scoring, Mapped):
        check_fractions(account, asked)
    feedback = [one.inner("tipsAndFeedback").text("chosenFeedback") for one in answers]
    remarks = tuple((term, _aside(words, said)) for term, said in zip(contents, feedback, strict=True))
    return Made(body=_block(words, content.text("question"), "question"), asked=(asked,), remarks=remarks)


def true_false(content: Content, words: Words, account: Account) -> Made:
    """Return the choice between true and false."""
    right = content.text("correct")
    if right not in {"true", "false"}:
        raise account.refusal("key-missing", "whether it is true or false is not said")
    body = _block(words, content.text("question"), "question")
    language = "ko" if re.search("[가-힣]", body) else "en"
    behaviour = content.inner("behaviour")
    signs = (("✓", behaviour.text("feedbackOnCorrect")), ("✗", behaviour.text("feedbackOnWrong")))
    remarks = tuple((sign, _aside(words, said)) for sign, said in signs)
    return Made(body=body, asked=(asking.true_false(right=right == "true", language=language),), remarks=remarks)


def blanks(content: Content, words: Words, account: Account) -> Made:
    """Return texts with blanks to type into; each blank counts the same."""
    behaviour = content.inner("behaviour")
    if behaviour.flag("acceptSpellingErrors"):
        account.note("spelling", "an answer with a small spelling error is not accepted here")
    sensitive = behaviour.flag("caseSensitive", default=True)
    asked: list[Asked] = []

    def blank(found: re.Match[str]) -> str:
        said, _ = _parted(found[1])
        texts = [AcceptedText(text=quoted(one)) for one in said]
        name = f"R{len(asked) + 1}"
        asked.append(asking.typed(texts, case_sensitive=sensitive, name=name))
        return place("interaction", name)

    parts = [_STARRED.sub(blank, without_marks(account.bounded(one))) for one in content.texts("questions")]
    if not asked:
        raise account.refusal("gaps-missing", "there is no blank such as *answer* in it")
    task = _block(words, content.text("text"), "text") if content.text("text").strip() else ""
    return Made(body=task + "".join(_block(words, one, "question") for one in parts), asked=tuple(asked))


def drag_text(content: Content, words: Words, account: Account) -> Made:
    """Return a text with gaps and words to put into them; each gap counts the same."""
    wanted: list[tuple[str, ...]] = []

    def gap(found: re.Match[str]) -> str:
        wanted.append(_parted(found[1])[0])
        return place("gap", f"G{len(wanted)}")

    marked = _STARRED.sub(gap, without_marks(account.bounded(content.text("textField"))))
    if not wanted:
        raise account.refusal("gaps-missing", "there is no gap such as *word* in it")
    offered = [said[0] for said in wanted]
    offered += [_parted(one)[0][0] for one in _STARRED.findall(account.bounded(content.text("distractors")))]
    choices = tuple(Choice(identifier=f"W{n}", content=escape(word)) for n, word in enumerate(offered, start=1))
    each = Fraction(1, len(wanted))
    values = tuple(
        (f"{choice.identifier} G{number}", each)
        for number, said in enumerate(wanted, start=1)
        for choice, word in zip(choices, offered, strict=True)
        if word in said
    )
    interaction = GapMatchInteraction(
        response=SINGLE_RESPONSE,
        content=words.block(marked, TextFormat.HTML, "text"),
        gaps=tuple(f"G{n}" for n in range(1, len(wanted) + 1)),
        choices=choices,
    )
    asked = Asked(interaction=interaction, declaration=_several(BaseType.DIRECTED_PAIR), scoring=Mapped(values=values))
    return Made(body=_task(content, words) + _own_place(), asked=(asked,))


def mark_words(content: Content, words: Words, account: Account) -> Made:
    """Return a text of which words are to be chosen; each right one earns its part, a wrong one costs as much."""
    right: list[str] = []
    names: list[str] = []

    def word(found: re.Match[str]) -> str:
        if found["tag"]:
            return found[0]
        name = f"H{len(names) + 1}"
        names.append(name)
        if found["right"]:
            right.append(name)
        return f"{place('hottext', name)}{found['right'] or found['wrong']}{END}"

    marked = _WORD.sub(word, without_marks(account.bounded(content.text("textField"))))
    if not right or len(names) > _MOST_WORDS:
        hint = f"{len(names)} words, {len(right)} of them right; from 1 right one to {_MOST_WORDS} words can be asked"
        raise account.refusal("words", hint)
    each = Fraction(1, len(right))
    values = tuple((name, each if name in right else -each) for name in names)
    interaction = HottextInteraction(
        response=SINGLE_RESPONSE,
        content=words.block(marked, TextFormat.HTML, "text"),
        hottexts=tuple(names),
        max_choices=0,
    )
    asked = Asked(interaction=interaction, declaration=_several(BaseType.IDENTIFIER), scoring=Mapped(values=values))
    return Made(body=_task(content, words) + _own_place(), asked=(asked,))


def essay(content: Content, words: Words, account: Account) -> Made:
    """Return a field for a text that a person scores."""
    if content.objects("keywords"):
        account.note("keywords", "the key words are not looked for; a person scores the text")
    sample = content.inner("solution").text("sample")
    return Made(
        body=_block(words, content.text("taskDescription"), "task"),
        asked=(asking.essay(),),
        explanation=_aside(words, sample),
    )


def _several(base_type: BaseType) -> ResponseDeclaration:
    return ResponseDeclaration(identifier=SINGLE_RESPONSE, cardinality=Cardinality.MULTIPLE, base_type=base_type)


def _own_place() -> str:
    return f'<div {INTERACTION}="{SINGLE_RESPONSE}"></div>'


def _task(content: Content, words: Words) -> str:
    task = content.text("taskDescription")
    return _block(words, task, "task") if visible_text(task) else ""


def _parted(starred: str) -> tuple[tuple[str, ...], str]:
    """Return the answers between two stars, parted by `/`, and the tip behind `:`."""
    answers, _, tip = unescape(starred).partition(":")
    said = tuple(_answers(answers))
    return said or (answers.strip() or "?",), tip


def _answers(answers: str) -> Iterator[str]:
    for one in re.split(r"(?<!\\)/", answers):
        if one.strip():
            yield one.replace(r"\/", "/").strip()


def _block(words: Words, text: str, part: str) -> str:
    if not text.strip():
        raise words.account.refusal("empty", "there is no text", part)
    return words.block(text, TextFormat.HTML, part)


def _line(words: Words, text: str, part: str) -> str:
    return words.inline(text.strip(), TextFormat.HTML, part)


def _aside(words: Words, text: str) -> str:
    return words.aside(text, TextFormat.HTML, "feedback")
