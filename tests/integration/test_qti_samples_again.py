"""All published sample items that come in go out again and come back: the same text, the same key, the same scores."""

import io
from collections.abc import Iterator, Mapping

import pytest

from itembank.core.qti.faults import ScoringFault
from itembank.core.qti.responses import told as value_text
from itembank.core.qti.scoring import ScoredBy, respond, start
from itembank.core.scoring import SCORE, number_in
from itembank.formats.archive import open_archive
from itembank.formats.exported import ExportItem
from itembank.formats.figures import FolderFigures
from itembank.formats.parsed import ParsedItem, Understood
from itembank.formats.qti.bank import parse_item_file
from itembank.formats.qti.best import correct_responses
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.making import source_of
from itembank.formats.qti.package import parse_package
from itembank.formats.qti.rules import program_of
from itembank.formats.qti.writing_package import QTI_3_PACKAGE, QTI_22_PACKAGE, write_package
from tests.factories_qti import fixtures
from tests.property.test_qti_round_trip import plain, told

FOLDERS = ["kennisnet-qti3", "qtiworks", "cito-scoring"]
SEED = b"sample"


def samples(folder: str) -> Iterator[ParsedItem]:
    for path in sorted(fixtures(folder).rglob("*.xml")):
        yield from parse_item_file(path.read_bytes(), name=path.name, beside=FolderFigures(path.parent)).items


def sent_again(item: ParsedItem, dialect: object) -> tuple[ParsedItem, bool]:
    """Return the item after it went out and came in, and whether the export noted anything."""
    files = {one.ref.sha256: one.payload for one in item.assets}
    exported = ExportItem(
        code=item.code, areas=(), content=item.content, key=item.key, metadata=item.metadata, read_asset=files.get
    )
    target = io.BytesIO()
    (report,) = write_package([exported], target, title="samples", dialect=dialect)
    assert not report.left_out, (item.where, report.notes)
    parsed = parse_package(open_archive(target.getvalue()))
    assert parsed.items, (item.where, parsed.problems, parsed.refused)
    return parsed.items[0], bool(report.notes)


def scores(item: ParsedItem) -> Mapping[str, object]:
    """Return the score of the correct response as it is declared or drawn, and that of no response."""
    source = source_of(program_of(item.content, item.key))
    parsed = parse_scoring(source.encode()).item
    assert parsed is not None
    try:
        state = start(parsed, SEED)
        right, nothing = (respond(parsed, state, given) for given in (correct_responses(parsed, SEED), {}))
    except ScoringFault as fault:
        return {"fault": fault.message}
    return {
        "right": number_in(right.outcomes(parsed).get(SCORE)),
        "nothing": value_text(nothing.outcomes(parsed).get(SCORE)),
    }


@pytest.mark.parametrize("dialect", [QTI_3_PACKAGE, QTI_22_PACKAGE], ids=["3.0", "2.2"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_came_in_goes_out_and_comes_back(folder: str, dialect: object) -> None:
    found = 0
    for item in samples(folder):
        again, noted = sent_again(item, dialect)
        found += 1
        assert told(again.key) == told(item.key), item.where
        if item.understood is Understood.FULL and not noted:
            assert plain(again.content) == plain(item.content), item.where
        if item.key.scored_by is ScoredBy.RULES:
            assert scores(again) == scores(item), item.where
    assert found
