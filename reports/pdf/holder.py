"""Who sat what and when: the labelled fields of a sheet, and the sentence that certifies them."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from cbt.kernel.pdf.page import Align, Page
from cbt.kernel.titles import Title
from reports.core.record import SheetRecord
from reports.pdf.flow import Block
from reports.pdf.look import FAINT, LEFT, MEASURE, MIDDLE, RIGHT, bold, serif, serif_bold, small

_ROW: Final = 11.3
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """Where a label and its value stand, and where the value must end."""

    label: float
    value: float
    end: float


@dataclass(frozen=True, slots=True)
class Field:
    """A label in both languages, the value and its second line (may be empty)."""

    label: Title
    value: str
    second: str = ""


_WHOLE: Final = Column(LEFT, 56, RIGHT)
_FIRST: Final = Column(LEFT, 56, 118)
_SECOND: Final = Column(122, 141, RIGHT)


def in_korean(day: date) -> str:
    """Return the date in words of a Korean document: 2026년 12월 18일."""
    return f"{day.year}년 {day.month}월 {day.day}일"


def in_english(day: date) -> str:
    """Return the date in words of an English document: 18 December 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def second_line(title: Title) -> str:
    """Return the English words to stand below the Korean ones (nothing where they are the same)."""
    return "" if title.en == title.ko else title.en


def fields(page: Page, record: SheetRecord, density: float) -> Block:
    """Return the block of fields, four ruled rows over the whole measure."""
    rows = _rows(record)
    pitch = _ROW * density

    def draw(top: float) -> None:
        for number, row in enumerate(rows):
            for column, field in row:
                _draw_field(page, top + number * pitch, density, column, field)
            page.rule(LEFT, top + (number + 1) * pitch, RIGHT, FAINT)

    return Block(height=len(rows) * pitch, draw=draw)


def sentence(page: Page, words: Title, density: float) -> Block:
    """Return the block of the certifying sentence, Korean above English."""
    korean, english = serif(4.8 * max(density, 0.86)), small(2.6)
    lines = page.wrap(words.in_language("ko"), korean, MEASURE)
    translation = page.wrap(words.en, english, MEASURE - 6) if second_line(words) else ()
    leading = 7.5 * density

    def draw(top: float) -> None:
        y = top + 4.2
        for line in lines:
            page.text(MIDDLE, y, line, korean, align=Align.MIDDLE, fit=MEASURE)
            y += leading
        y += 5.8 - leading
        for line in translation:
            page.text(MIDDLE, y, line, english, align=Align.MIDDLE, fit=MEASURE)
            y += 3.5

    return Block(
        height=4.6 + leading * (len(lines) - 1) + (2.3 + 3.5 * len(translation) if translation else 0), draw=draw
    )


def _rows(record: SheetRecord) -> tuple[tuple[tuple[Column, Field], ...], ...]:
    holder, exam = record.holder, record.exam.in_language("ko")
    code = f" ({record.exam_code})" if record.exam_code else ""
    return (
        ((_WHOLE, Field(Title(ko="성명", en="Name"), holder.name, holder.name_latin)),),
        (
            (_FIRST, _day(Title(ko="생년월일", en="Date of birth"), holder.birth_on)),
            (_SECOND, Field(Title(ko="수험번호", en="Candidate no."), holder.candidate_number)),
        ),
        ((_WHOLE, Field(Title(ko="종목", en="Examination"), exam + code, second_line(record.exam))),),
        (
            (
                _FIRST,
                Field(Title(ko="회차", en="Sitting"), record.sitting.in_language("ko"), second_line(record.sitting)),
            ),
            (_SECOND, _day(Title(ko="시험일", en="Date taken"), record.sat_on)),
        ),
    )


def _day(label: Title, day: date) -> Field:
    return Field(label, in_korean(day), in_english(day))


def _draw_field(page: Page, top: float, density: float, column: Column, field: Field) -> None:
    base, fit = top + 5.6 * density, column.end - column.value
    page.text(column.label, base, field.label.ko, bold(3.7 * density))
    page.text(column.label, base + 3.6 * density, field.label.en, small(2.4))
    page.text(column.value, base, field.value, serif_bold(5 * density), fit=fit)
    if field.second:
        page.text(column.value, base + 4 * density, field.second, small(2.7 * density), fit=fit)
