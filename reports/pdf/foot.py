"""Who issued the sheet and when, and how a stranger finds out whether it is genuine."""

from typing import Final
from urllib.parse import urlsplit

from cbt.delivery.core.receipts import short_code
from cbt.kernel.pdf.fonts import Role
from cbt.kernel.pdf.page import Align, Page, Style
from reports.core.record import SheetRecord
from reports.core.verify_code import show_code
from reports.core.words import heading
from reports.pdf.flow import Block
from reports.pdf.holder import in_english, in_korean
from reports.pdf.look import BRAND, FINE, LEFT, MEASURE, MIDDLE, RIGHT, bold, sans, serif, serif_bold, small

TOP: Final = 252.2
_QR_SIDE: Final = 19.0
_QR_TOP: Final = TOP + 2.0
_WORDS: Final = 51.0
_SIGNED_SIZE: Final = 8.2
_MICROTEXT: Final = Style(Role.SANS, 0.75, BRAND)
_MICROTEXT_LEFT, _MICROTEXT_WIDTH = 20.3, 169.4


def signature(page: Page, record: SheetRecord, density: float) -> Block:
    """Return the block of issue date and signatory."""
    issuer, signatory = record.issuer, record.signatory
    korean = signatory.ko if issuer.ko in signatory.ko else f"{issuer.ko} {signatory.ko}"
    english = signatory.en if issuer.en in signatory.en else f"{signatory.en}, {issuer.en}"

    def draw(top: float) -> None:
        page.text(MIDDLE, top + 4, in_korean(record.issued_on), serif(4.6), align=Align.MIDDLE)
        style = serif_bold(_SIGNED_SIZE * density, spacing=0.8)
        page.text(MIDDLE, top + 15.4 * density, korean, style, align=Align.MIDDLE, fit=MEASURE - 30)
        words = f"{english}  ·  Issued on {in_english(record.issued_on)}"
        page.text(MIDDLE, top + 15.4 * density + 4.6, words, small(2.4), align=Align.MIDDLE, fit=MEASURE)

    return Block(height=15.4 * density + 5.2, draw=draw)


def foot(page: Page, record: SheetRecord) -> None:
    """Draw the strip with the QR code, the verify code and how to check them."""
    page.rule(LEFT, TOP, RIGHT, FINE)
    page.qr(LEFT, _QR_TOP, _QR_SIDE, record.check_url)
    label = page.text(_WORDS, TOP + 5.2, "확인 번호", bold(2.9))
    page.text(_WORDS + label + 2, TOP + 5.2, "Verification code", small(2.4))
    code = show_code(record.verify_code)
    width = page.text(_WORDS, TOP + 11, code, Style(Role.MONO, 5))
    page.link(LEFT, _QR_TOP, LEFT + _QR_SIDE, _QR_TOP + _QR_SIDE, url=record.check_url)
    page.link(_WORDS, TOP + 7, _WORDS + width, TOP + 12, url=record.check_url)
    _draw_instructions(page, _place(record.verify_url))
    _draw_origin(page, record)


def microtext(page: Page, record: SheetRecord) -> None:
    """Draw the two lines of microtext along the inner frame; a copier turns them into grey lines."""
    phrase = f"{heading(record).en} · {show_code(record.verify_code)} · {_place(record.verify_url)} · ".upper()
    times = int(_MICROTEXT_WIDTH / page.width(phrase, _MICROTEXT))
    words = (phrase * max(times, 1)).removesuffix(" · ")
    for y in (20.75, 276.75):
        page.spread(_MICROTEXT_LEFT + _MICROTEXT_WIDTH / 2, y, words, _MICROTEXT, over=_MICROTEXT_WIDTH)


def _draw_instructions(page: Page, place: str) -> None:
    lines = (
        (f"{place} 에서 확인 번호와 생년월일을 넣으면 이 증명서가 유효한지 바로 알 수 있습니다.", sans(2.6)),
        ("이 문서에는 직인이 없습니다. 확인되지 않은 종이는 아무것도 증명하지 않습니다.", small(2.4)),
        (f"No seal is affixed: this paper proves nothing until the code is checked at {place}.", small(2.4)),
    )
    for number, (words, style) in enumerate(lines):
        page.text(_WORDS, TOP + 15.2 + 3.1 * number, words, style, fit=RIGHT - _WORDS)


def _draw_origin(page: Page, record: SheetRecord) -> None:
    origin = record.origin
    page.text(RIGHT, TOP + 5.2, f"서식 {record.template_version}판", small(2.2), align=Align.END)
    words = f"시험지 {origin.form_digest.hex()[:12]}", f"답안 기록 {short_code(origin.journal_head)}"
    for number, line in enumerate(words):
        page.text(RIGHT, TOP + 8.4 + 3 * number, line, small(2.2), align=Align.END)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}".rstrip("/") or url
