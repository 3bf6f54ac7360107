"""The fairness report on one page of A4, for the file of a sitting. The same report gives the same bytes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cbt.kernel.pdf.document import About
from cbt.kernel.pdf.fonts import FontSet, Role
from cbt.kernel.pdf.page import Align, Page, Pen, Style
from itembank.core.fairness import CUT_SHARE, Fairness, FairnessReport, Spread

_LEFT: Final = 22.0
_RIGHT: Final = 188.0
_COLUMNS: Final = (112.0, 137.0, 162.5, 188.0)
_INK: Final = "#15202b"
_FAINT: Final = "#44505d"
_BAD: Final = "#8f1d1d"
_ROW: Final = 6.0
_TOP: Final = 64.0
_BOTTOM: Final = 276.0
_MOST_USES: Final = 12
_MOST_BROKEN: Final = 8

_TITLE: Final = Style(Role.SANS_BOLD, 7.0, _INK)
_HEAD: Final = Style(Role.SANS_BOLD, 3.3, _INK)
_PLAIN: Final = Style(Role.SANS, 3.1, _INK)
_SMALL: Final = Style(Role.SANS, 2.5, _FAINT)
_WARN: Final = Style(Role.SANS_BOLD, 3.1, _BAD)
_RULE: Final = Pen(0.2, "#7a8695")
_HAIR: Final = Pen(0.1, "#c3cad3")

Line = tuple[str, str, tuple[str, ...]]
"""Words in Korean and English, and the figures in the columns from the right."""


def draw_fairness(report: FairnessReport, fonts: FontSet, at: datetime) -> bytes:
    """Return the PDF of `report`, made `at`; raises MissingGlyph."""
    figures = report.figures
    about = About(title=f"공정성 보고서 {report.blueprint}", author="", subject="Fairness report", at=at)
    page = Page(fonts, about)
    page.text(_LEFT, 30, "공정성 보고서", _TITLE)
    page.text(_LEFT, 35, "Fairness report", _SMALL)
    page.text(_RIGHT, 30, report.blueprint, _HEAD, align=Align.END, fit=90)
    page.text(_RIGHT, 35, f"{report.bank} · v{report.version} · {at:%Y-%m-%d %H:%M} UTC", _SMALL, align=Align.END)
    words = f"시험지 {len(figures.forms):,}부 · 문제 {figures.items}개 · {figures.points:g}점 · 씨앗 {report.seed}"
    page.text(_LEFT, 46, words, _PLAIN, fit=_RIGHT - _LEFT)
    page.text(_LEFT, 50.5, f"{len(figures.forms):,} forms · seed {report.seed} · {report.algorithm}", _SMALL, fit=160)
    top = _table(page, _TOP, ("평균 Mean", "표준편차 SD", "최소 Min", "최대 Max"), _spreads(figures))
    top = _table(page, top + 12, ("", "", "", ""), _counts(figures))
    top = _broken(page, top + 12, figures)
    _uses(page, top + 12, figures)
    return page.finish()


def _table(page: Page, top: float, heads: tuple[str, ...], lines: Iterator[Line]) -> float:
    for x, words in zip(_COLUMNS, heads, strict=True):
        page.text(x, top - 2, words, _SMALL, align=Align.END)
    page.rule(_LEFT, top, _RIGHT, _RULE)
    for korean, english, figures in lines:
        if top + _ROW > _BOTTOM:
            break
        drawn = page.text(_LEFT, top + 4.2, korean, _PLAIN, fit=44)
        page.text(_LEFT + max(drawn + 2, 30), top + 4.2, english, _SMALL, fit=44)
        for x, words in zip(reversed(_COLUMNS), reversed(figures), strict=False):
            page.text(x, top + 4.2, words, _PLAIN, align=Align.END)
        top += _ROW
        page.rule(_LEFT, top, _RIGHT, _HAIR)
    return top


def _spreads(figures: Fairness) -> Iterator[Line]:
    yield "기대 점수", "Expected score", _cells(figures.expected)
    for part in figures.parts:
        yield f"{part.code}과목 ({part.points:g}점)", f"Part {part.code}", _cells(part.expected)
    cut = "" if figures.cut_ability is None else f", θ {figures.cut_ability:.2f}"
    yield "합격선 정보량", f"Information at the cut ({float(CUT_SHARE):.0%}{cut})", _cells(figures.information)


def _counts(figures: Fairness) -> Iterator[Line]:
    exposure, overlap = figures.exposure, figures.overlap
    yield "최대 노출", "Greatest exposure", (f"{exposure.greatest:,} ({exposure.ratio:.2f} × {exposure.mean:.2f})",)
    yield "쓰이지 않은 문제", "Unused items", (f"{exposure.unused:,} / {exposure.usable:,}",)
    yield "평균 겹침", "Mean overlap", (f"{overlap.mean:.1%}",)
    yield "최대 겹침", "Greatest overlap", (f"{overlap.greatest:.1%}",)
    yield "난이도를 모르는 문제", "Unknown difficulty", (f"{figures.unknown:,}",)


def _broken(page: Page, top: float, figures: Fairness) -> float:
    count = len(figures.broken)
    page.text(_LEFT, top, f"어긴 규칙 {count}건" if count else "어긴 규칙 없음", _WARN if count else _HEAD)
    page.text(_LEFT + 40, top, f"Broken rules: {count}", _SMALL)
    for one in figures.broken[:_MOST_BROKEN]:
        top += 4.6
        words = f"{one.form or '—'} · {one.problem.where} · {one.problem.hint}"
        page.text(_LEFT, top, words, _SMALL, fit=_RIGHT - _LEFT)
    return top


def _uses(page: Page, top: float, figures: Fairness) -> None:
    if top + _ROW > _BOTTOM:
        return
    page.text(_LEFT, top, "가장 많이 나온 문제", _HEAD)
    page.text(_LEFT + 40, top, "Most exposed items", _SMALL)
    lines = (
        (one.code, "", (f"{one.forms:,}", f"{one.forms / len(figures.forms):.1%}")) for one in figures.uses[:_MOST_USES]
    )
    _table(page, top + 3, ("", "", "", ""), lines)


def _cells(spread: Spread | None) -> tuple[str, ...]:
    if spread is None:
        return ("—",) * 4
    return tuple(f"{one:.2f}" for one in (spread.mean, spread.deviation, spread.lowest, spread.highest))
