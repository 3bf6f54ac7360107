"""The table of subjects with the outcome as its last line, and the pass rule in words below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cbt.kernel.pdf.page import Align, Page, Style
from cbt.kernel.score import shown
from cbt.kernel.titles import Title
from reports.core.outcome import Overall, SubjectLine
from reports.core.record import SheetRecord
from reports.core.words import SUBJECT_DECISIONS, decision_words
from reports.pdf.flow import Block
from reports.pdf.holder import second_line
from reports.pdf.look import FINE, LEFT, MEASURE, RIGHT, STRONG, bold, sans, small

_HEAD: Final = 8.0
_ROW: Final = 6.4
_TALL_ROW: Final = 8.6
_LAST_ROW: Final = 8.8
_RULE_WORDS: Final = 8.6
_INSET: Final = LEFT + 2
_NAME: Final = LEFT + 11.5
_NAME_END: Final = 111.0
_CORRECT, _SCORE, _FLOOR, _DECIDED, _EDGE = 126.0, 141.0, 157.0, 172.6, RIGHT - 2
_NAMED: Final = sans(3.2)
_TRANSLATED: Final = small(2.3)


@dataclass(frozen=True, slots=True)
class Rows:
    """How the subjects' rows are set: pitch, styles, and where translations begin (None: on a second line)."""

    pitch: float
    named: Style
    translated: Style
    translation: float | None


def table(page: Page, record: SheetRecord, density: float) -> Block:
    """Return the block of the table and of the rule below it."""
    lines = record.subjects if len(record.subjects) > 1 else ()
    rows = _set_rows(page, lines, density)
    height = _HEAD + rows.pitch * len(lines) + _LAST_ROW

    def draw(top: float) -> None:
        _draw_head(page, top, record)
        for number, line in enumerate(lines):
            _draw_line(page, top + _HEAD + number * rows.pitch, number + 1, line, rows)
        last = top + height - _LAST_ROW
        page.rule(LEFT, last, RIGHT, FINE)
        _draw_overall(page, last, record)
        page.rule(LEFT, top + height, RIGHT, STRONG)
        _draw_rule_words(page, top + height, record.rule)

    return Block(height=height + _RULE_WORDS, draw=draw)


def _set_rows(page: Page, lines: Sequence[SubjectLine], density: float) -> Rows:
    named = max((page.width(line.title.in_language("ko"), _NAMED) for line in lines), default=0)
    translated = max((page.width(second_line(line.title), _TRANSLATED) for line in lines), default=0)
    start = max(_NAME + named + 3, LEFT + 46)
    if start + translated <= _NAME_END:
        return Rows(_ROW * density, _NAMED, _TRANSLATED, start)
    size = max(density, 0.9)
    return Rows(_TALL_ROW * density, sans(3.2 * size), small(2.3 * size), None)


def _draw_head(page: Page, top: float, record: SheetRecord) -> None:
    floors = any(line.floor is not None for line in record.subjects)
    heads = (
        (_INSET, Align.START, Title(ko="과목", en="Subject")),
        (_CORRECT, Align.END, Title(ko="맞힌 문제", en="Correct")),
        (_SCORE, Align.END, Title(ko="점수", en="Score")),
        (_FLOOR, Align.END, Title(ko="과락 기준", en="Floor") if floors else Title(ko="합격 기준", en="Required")),
        (_EDGE, Align.END, Title(ko="판정", en="Decision")),
    )
    page.rule(LEFT, top, RIGHT, STRONG)
    for x, align, words in heads:
        page.text(x, top + 3.8, words.ko, bold(2.9), align=align)
        page.text(x, top + 6.8, words.en, small(2.2), align=align)
    page.rule(LEFT, top + _HEAD, RIGHT, FINE)


def _draw_line(page: Page, top: float, number: int, line: SubjectLine, rows: Rows) -> None:
    base = middle = top + rows.pitch * 0.69
    translation = second_line(line.title)
    if rows.translation is None:
        base, middle = top + rows.pitch * 0.48, top + rows.pitch * 0.63
        page.text(_NAME, top + rows.pitch * 0.84, translation, rows.translated, fit=_NAME_END - _NAME)
    else:
        page.text(rows.translation, base, translation, rows.translated)
    page.text(_INSET, base, f"{number}과목", small(3), fit=_NAME - _INSET - 1)
    page.text(_NAME, base, line.title.in_language("ko"), rows.named, fit=_NAME_END - _NAME)
    _figures(page, middle, f"{line.correct} / {line.items}", line.score, _plain(line.floor), (_NAMED, bold(3.2)))
    decision = SUBJECT_DECISIONS[line.decision]
    if decision.en:
        page.text(_DECIDED, middle, decision.ko, _NAMED, align=Align.END)
        page.text(_EDGE, middle, decision.en, small(2.2), align=Align.END)
    else:
        page.text(_EDGE, middle, decision.ko, _NAMED, align=Align.END)


def _draw_overall(page: Page, top: float, record: SheetRecord) -> None:
    overall, base = record.overall, top + 5.6
    label = Title(ko="평균", en="Average")
    if len(record.subjects) <= 1:
        label = record.subjects[0].title if record.subjects else record.exam
    drawn = page.text(_INSET, base, label.in_language("ko"), bold(3.4), fit=46)
    start = max(_INSET + drawn + 2, _NAME)
    page.text(start, base, second_line(label), small(2.4), fit=_NAME_END - start)
    _figures(page, base, f"{overall.correct} / {overall.items}", overall.score, _needed(overall), (_NAMED, bold(3.8)))
    decision = decision_words(record)
    page.text(_EDGE, top + 4.7, decision.ko, bold(3.8), align=Align.END)
    page.text(_EDGE, top + 7.5, decision.en, small(2.2), align=Align.END)


def _figures(page: Page, y: float, correct: str, score: Fraction, needed: str, styles: tuple[Style, Style]) -> None:
    plain, strong = styles
    page.text(_CORRECT, y, correct, plain, align=Align.END)
    page.text(_SCORE, y, shown(score), strong, align=Align.END)
    page.text(_FLOOR, y, needed, plain, align=Align.END)


def _draw_rule_words(page: Page, top: float, rule: Title) -> None:
    label = page.text(_INSET, top + 4.4, "합격 기준", bold(2.6)) + 2
    page.text(_INSET + label, top + 4.4, rule.in_language("ko"), sans(2.6), fit=MEASURE - 4 - label)
    words = second_line(rule)
    if words:
        page.text(_INSET, top + 7.8, words, small(2.3), fit=MEASURE - 4)


def _needed(overall: Overall) -> str:
    if overall.needed_correct is not None:
        return f"{overall.needed_correct} / {overall.items}"
    return _plain(overall.needed_score)


def _plain(limit: Fraction | None) -> str:
    """Return a threshold (at most three decimals) without superfluous zeros, or a dash where there is none."""
    if limit is None:
        return "—"
    return shown(limit, 3).rstrip("0").rstrip(".")
