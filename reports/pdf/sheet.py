"""The result sheet on A4, for passed and failed alike: a certificate of passing only when the pass is final.

Deterministic: the same record and fonts give the same bytes. There is no seal and no log entry on the paper, because
this system sets none; what proves the sheet is its verify code.
"""

from collections.abc import Sequence
from typing import Final

from cbt.kernel.pdf.document import About
from cbt.kernel.pdf.fonts import FontSet
from cbt.kernel.pdf.guilloche import a4_guilloche
from cbt.kernel.pdf.page import Align, Page, Pen
from reports.core.record import SheetRecord, SheetStatus
from reports.core.words import PROVISIONAL, PROVISIONAL_NOTE, heading
from reports.pdf import flow, foot
from reports.pdf.flow import Block, Flow
from reports.pdf.holder import fields, sentence
from reports.pdf.look import BRAND, LEFT, MIDDLE, RIGHT, WARN, bold, sans, serif_bold, small
from reports.pdf.table import table

TEMPLATE_VERSION: Final = 1
_TITLE_WIDTH: Final = 92.0
_TITLE: Final = 67.0  # base line
_BELOW_TITLE: Final = 11.0
_BELOW_MARK: Final = 20.5
_MOST_LIFT: Final = 7.0
_BODY_BOTTOM: Final = foot.TOP - 3.0


def draw_sheet(record: SheetRecord, fonts: FontSet) -> bytes:
    """Return the PDF of `record`.

    Raises MissingGlyph when a name holds a character that no font has, SheetTooFull when one page cannot hold it.
    """
    words = heading(record)
    about = About(
        title=f"{words.ko} 제 {record.number} 호",
        author=record.issuer.in_language("ko"),
        subject=words.en,
        at=record.issued_at,
    )
    page = Page(fonts, about)
    body = _fit_body(page, record)
    page.form(a4_guilloche())
    _draw_numbers(page, record)
    _draw_title(page, record, _lift(body.density))
    for block, top in zip(body.blocks, flow.tops(body, _BODY_BOTTOM), strict=True):
        block.draw(top)
    foot.foot(page, record)
    foot.microtext(page, record)
    return page.finish()


def _fit_body(page: Page, record: SheetRecord) -> Flow:
    below = _BELOW_MARK if record.status is SheetStatus.PROVISIONAL else _BELOW_TITLE

    def make(density: float) -> Sequence[Block]:
        return (
            fields(page, record, density),
            sentence(page, record.sentence, density),
            table(page, record, density),
            foot.signature(page, record, density),
        )

    return flow.fit(make, lambda density: _TITLE + below - _lift(density), _BODY_BOTTOM)


def _lift(density: float) -> float:
    """Return how far the title moves up to make room on a full page."""
    return _MOST_LIFT * (1 - density) / (1 - flow.DENSITIES[-1])


def _draw_numbers(page: Page, record: SheetRecord) -> None:
    page.text(LEFT, 30, f"제 {record.number} 호", sans(3.5))
    page.text(LEFT, 34.2, f"No. {record.number}", small(2.4))
    page.text(RIGHT, 30, f"발급번호 {record.issue_number}", sans(3.5), align=Align.END)
    page.text(RIGHT, 34.2, f"Issue no. {record.issue_number}", small(2.4), align=Align.END)


def _draw_title(page: Page, record: SheetRecord, lift: float) -> None:
    words, base = heading(record), _TITLE - lift
    _draw_emblem(page, 40 - lift / 2)
    page.spread(MIDDLE, base, words.ko, serif_bold(12.5), over=_TITLE_WIDTH)
    page.spread(MIDDLE, base + 7.6, words.en.upper(), bold(3.1, BRAND), over=_TITLE_WIDTH)
    if record.status is SheetStatus.PROVISIONAL:
        _draw_provisional(page, base + 10.6)


def _draw_emblem(page: Page, y: float) -> None:
    page.ring(MIDDLE, y, 9, Pen(0.5, BRAND))
    page.ring(MIDDLE, y, 7.9, Pen(0.15, BRAND))
    page.ring(MIDDLE - 4.2, y, 1.5, Pen(0.45, BRAND))
    page.disc(MIDDLE, y, 1.75, BRAND)
    page.ring(MIDDLE + 4.2, y, 1.5, Pen(0.45, BRAND))


def _draw_provisional(page: Page, top: float) -> None:
    words = f"{PROVISIONAL.ko} · {PROVISIONAL.en}"
    style = bold(3.6, WARN)
    width = page.width(words, style) + 8
    page.box(MIDDLE - width / 2, top, width, 6.2, Pen(0.4, WARN))
    page.text(MIDDLE, top + 4.4, words, style, align=Align.MIDDLE)
    note = f"{PROVISIONAL_NOTE.ko} {PROVISIONAL_NOTE.en}"
    page.text(MIDDLE, top + 9.6, note, small(2.4), align=Align.MIDDLE)
