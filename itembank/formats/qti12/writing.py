"""HTML of a file to HTML of an item: cleaned, pictures by their digest; what cannot stay is noted or refuses it."""

from itembank.core.content import Notation, Written, block, inline
from itembank.core.markup import visible_text
from itembank.formats.parsed import FIELD_BYTES
from itembank.formats.qti12.sheet import ItemRefused, Sheet

_REFUSING = frozenset({"active-content"})
_NOTED_ALREADY = frozenset({"figure-missing"})


def as_block(html: str, sheet: Sheet) -> str:
    """Return `html` as paragraphs and other blocks; raises ItemRefused."""
    if not html.strip():
        return ""
    return _kept(block(_short(html), sheet.where, notation=Notation.HTML, pictures=sheet.address), sheet)


def as_line(html: str, sheet: Sheet) -> str:
    """Return `html` so that it fits into a line; raises ItemRefused."""
    if not html.strip():
        return ""
    return _kept(inline(_short(html), sheet.where, notation=Notation.HTML, pictures=sheet.address), sheet)


def words(html: str) -> str:
    """Return what is seen of the HTML, as text."""
    return visible_text(html)


def _short(html: str) -> str:
    if len(html.encode("utf-8", errors="replace")) > FIELD_BYTES:
        raise ItemRefused("field-too-long", f"a text of more than {FIELD_BYTES:,} bytes")
    return html


def _kept(written: Written, sheet: Sheet) -> str:
    for problem in written.problems:
        if problem.code in _REFUSING:
            raise ItemRefused(problem.code, problem.hint)
        if problem.code not in _NOTED_ALREADY:
            sheet.note(problem.code, problem.hint)
    for doubt in written.warnings:
        sheet.warn(doubt.code, doubt.hint)
    return written.html
