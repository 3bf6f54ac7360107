"""Items written as questions, and what of an item its question does not carry: read back and compared."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from cbt.kernel.errors import Problem
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.metadata import ItemMetadata
from itembank.formats.exported import ExportItem, ItemReport
from itembank.formats.parsed import Parsed, ParsedItem
from itembank.formats.scoring_source.parts import ScoredPart
from itembank.formats.scoring_source.reading import parts_of


class CannotWrite(ValueError):
    """Says why an item cannot be said in the format."""


def write_questions(
    items: Iterable[ExportItem],
    *,
    place: Callable[[ExportItem], str],
    question: Callable[[ExportItem], str],
    read: Callable[[str], Parsed],
) -> tuple[list[str], tuple[ItemReport, ...]]:
    """Return the pieces of a file and of each item what they do not carry; an item that cannot be said is left out.

    `place` gives the piece that stands before the questions of an area, `question` raises CannotWrite, and `read`
    reads both again.
    """
    pieces: list[str] = []
    reports: list[ItemReport] = []
    before = ""
    for item in items:
        here = place(item)
        try:
            text = question(item)
            notes = _lost_from(item, read(here + text))
        except CannotWrite as refusal:
            note = Problem(where=item.code, code="left-out", hint=str(refusal))
            reports.append(ItemReport(code=item.code, notes=(note,), left_out=True))
            continue
        pieces += [here, text] if here != before else [text]
        before = here
        reports.append(ItemReport(code=item.code, notes=notes))
    return pieces, tuple(reports)


def _lost_from(item: ExportItem, parsed: Parsed) -> tuple[Problem, ...]:
    """Return what `parsed`, read back from the written question, does not say as the item does."""
    if len(parsed.items) != 1:
        raise CannotWrite(
            "; ".join(one.hint for left in parsed.refused for one in left.notes) or "it does not read back"
        )
    back = parsed.items[0]
    return tuple(Problem(where=item.code, code="not-carried", hint=hint) for hint in _lost(item, back))


def _lost(item: ExportItem, back: ParsedItem) -> Iterator[str]:
    content, read = item.content, back.content
    if back.code != item.code:
        yield f"the code, which reads back as {back.code}"
    if back.area_code != item.area_code:
        yield f"the content area, which reads back as {back.area_code}"
    if read.title != content.title:
        yield "the title"
    if read.language != content.language:
        yield f"the language {content.language}"
    if content.stimulus is not None:
        yield "the text or picture that several items share"
    if read.body != content.body:
        yield "the text exactly as it is"
    yield from _lost_of_asking(content, read)
    yield from _lost_of_key(item.content, item.key, back)
    yield from _lost_beside(item, back)


def _lost_of_asking(content: ItemContent, read: ItemContent) -> Iterator[str]:
    if [one.sha256 for one in content.assets] != [one.sha256 for one in read.assets]:
        yield "the pictures"
    elif content.assets != read.assets:
        yield "the names of the pictures"
    if [type(one) for one in content.interactions] != [type(one) for one in read.interactions]:
        yield "the kind of question"
    elif content.interactions != read.interactions:
        yield "details of how it is answered (names or order of options, widths, labels)"


def _lost_of_key(content: ItemContent, key: ItemKey, back: ParsedItem) -> Iterator[str]:
    if not _same_scoring(content, key, back):
        yield "the scoring"
    if key.explanation != back.key.explanation:
        yield "the explanation exactly as it is"
    if key.feedback:
        yield "feedback that depends on the response"
    if key.references:
        yield "the references"


def _same_scoring(content: ItemContent, key: ItemKey, back: ParsedItem) -> bool:
    if (key.responses, key.program) == (back.key.responses, back.key.program):
        return True
    mine, theirs = parts_of(content, key), parts_of(back.content, back.key)
    return mine is not None and theirs is not None and _shares(mine) == _shares(theirs)


def _shares(parts: tuple[ScoredPart, ...]) -> list[ScoredPart]:
    total = sum((one.weight for one in parts), start=Fraction(0))
    return [replace(one, weight=one.weight / total) for one in parts] if total else list(parts)


def _lost_beside(item: ExportItem, back: ParsedItem) -> Iterator[str]:
    if item.difficulty_logit is not None:
        yield "the difficulty"
    mine, theirs = item.metadata, back.metadata or ItemMetadata()
    if replace(mine, fields={}) != replace(theirs, fields={}):
        yield "metadata (level, enemies, stimulus, time, statistics)"
    missing = _missing(mine.fields, theirs.fields)
    if missing:
        yield f"the fields {', '.join(missing)}"


def _missing(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    return sorted(name for name, text in mine.items() if theirs.get(name) != text)
