"""The sheet in a centre's sealed envelope: sitting, centre, the release code in large groups, and how to use it.

In Korean and English on one A4 page for each centre; folded once, nothing of the code shows from outside.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cbt.delivery.core.envelope import Envelope
from cbt.delivery.core.release import check_symbol, release_code_groups
from cbt.kernel.pdf.document import About
from cbt.kernel.pdf.fonts import FontSet, Role
from cbt.kernel.pdf.page import A4_WIDTH_MM, Align, Page, Pen, Style

_LEFT: Final = 24.0
_RIGHT: Final = A4_WIDTH_MM - _LEFT
_MIDDLE: Final = A4_WIDTH_MM / 2
_MEASURE: Final = _RIGHT - _LEFT
_INK: Final = "#15202b"
_INK_2: Final = "#44505d"
_FINE: Final = Pen(0.2, "#7a8695")
_FRAME: Final = Pen(0.5, _INK)
_TITLE: Final = Style(Role.SANS_BOLD, 8.0, _INK)
_FACT: Final = Style(Role.SANS, 4.6, _INK)
_LABEL: Final = Style(Role.SANS, 3.2, _INK_2)
_GROUP: Final = Style(Role.SANS_BOLD, 16.0, _INK, 1.6)
_STEP: Final = Style(Role.SANS, 4.2, _INK)
_SECOND: Final = Style(Role.SANS, 3.5, _INK_2)
_LINE: Final = 6.0
_SECOND_LINE: Final = 5.0
_CODE_TOP: Final = 104.0
_CODE_HEIGHT: Final = 64.0
_STEPS: Final = (
    (
        "시작 시각에 통신이 끊겨 있을 때에만 봉투를 엽니다. 통신이 되면 이 코드는 필요하지 않습니다.",
        "Open this envelope only when there is no line at the time of the start. With a line nobody needs the code.",
    ),
    (
        "응시자가 대기 화면의 코드 칸에 입력하도록 다섯 글자씩 천천히 읽어 주고, 마지막에 확인 글자를 읽습니다.",
        "Read it aloud in groups of five, the check character last; candidates type it on their waiting page.",
    ),
    (
        "숫자 0과 1만 있고 영문자 O, I, L, U는 없습니다. 대문자와 소문자는 구별하지 않습니다.",
        "There are the digits 0 and 1, but no letters O, I, L or U. Capital and small letters make no difference.",
    ),
    (
        "읽어 준 시각을 적어 둡니다. 통신이 돌아오면 고사실 화면에서 그 시각과 사유를 넣어 시험을 시작합니다.",
        "Write down when you read it. With the line back, start the exam on the room's page: that time, a reason.",
    ),
    (
        "시험이 끝나면 이 종이를 시험 기록과 함께 봉인하여 반납합니다.",
        "After the exam seal this sheet again and hand it in with the records of the sitting.",
    ),
)


def draw_envelopes(envelopes: Sequence[Envelope], fonts: FontSet, at: datetime) -> bytes:
    """Return the PDF, a page for each centre; raises MissingGlyph when a title holds what no font can print."""
    first = envelopes[0]
    about = About(title=f"개봉 코드 {first.sitting_code}", author="", subject="Release codes", at=at)
    page = Page(fonts, about)
    for place, envelope in enumerate(envelopes):
        if place:
            page.turn()
        _draw_facts(page, envelope)
        _draw_code(page, envelope)
        _draw_steps(page)
    return page.finish()


def _draw_facts(page: Page, envelope: Envelope) -> None:
    page.text(_LEFT, 32, "시험지 개봉 코드", _TITLE)
    page.text(_LEFT, 38, "Release code for sealed papers", _SECOND)
    page.text(_RIGHT, 32, "대외비", Style(Role.SANS_BOLD, 5.0, _INK), align=Align.END)
    page.text(_RIGHT, 38, "Confidential", _SECOND, align=Align.END)
    page.rule(_LEFT, 42, _RIGHT, _FINE)
    when = f"{envelope.opens_at:%Y. %m. %d. %H:%M} ({envelope.zone})"
    facts = (
        ("시험", "Exam", f"{envelope.exam_title.ko} · {envelope.exam_title.en}"),
        ("회차", "Sitting", f"{envelope.sitting_title.ko} · {envelope.sitting_title.en} ({envelope.sitting_code})"),
        ("센터", "Centre", f"{envelope.centre_title.ko} · {envelope.centre_title.en} ({envelope.centre_code})"),
        ("시작", "Begins", when),
    )
    for place, (korean, english, words) in enumerate(facts):
        base = 52 + place * 11
        page.text(_LEFT, base, f"{korean} {english}", _LABEL)
        page.text(_LEFT + 32, base, words, _FACT, fit=_MEASURE - 32)


def _draw_code(page: Page, envelope: Envelope) -> None:
    page.box(_LEFT, _CODE_TOP, _MEASURE, _CODE_HEIGHT, _FRAME)
    groups = release_code_groups(envelope.code)
    for place, group in enumerate(groups):
        x = _LEFT + _MEASURE * (0.27 if place % 2 == 0 else 0.73)
        page.text(x, _CODE_TOP + 20 + 18 * (place // 2), group, _GROUP, align=Align.MIDDLE)
    page.text(_MIDDLE, _CODE_TOP + 56, check_symbol(envelope.code), _GROUP, align=Align.MIDDLE)
    page.text(_MIDDLE + 12, _CODE_TOP + 56, "확인 글자 · check character", _LABEL)


def _draw_steps(page: Page) -> None:
    base = _CODE_TOP + _CODE_HEIGHT + 14
    for place, (korean, english) in enumerate(_STEPS, start=1):
        page.text(_LEFT, base, f"{place}", _STEP)
        for line in page.wrap(korean, _STEP, _MEASURE - 8):
            page.text(_LEFT + 8, base, line, _STEP)
            base += _LINE
        for line in page.wrap(english, _SECOND, _MEASURE - 8):
            page.text(_LEFT + 8, base, line, _SECOND)
            base += _SECOND_LINE
        base += 3
