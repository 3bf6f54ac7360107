"""Real QTI of three sources: all of it comes in with a report, nearly all of it fully, and scores as it says."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from itembank.core.documents import content_document, content_from, key_document, key_from
from itembank.core.markup import clean, places
from itembank.core.qti.responses import told
from itembank.core.qti.scoring import ScoredBy
from itembank.core.scoring import score_item
from itembank.formats.bank_file import parse_bank
from itembank.formats.figures import FolderFigures
from itembank.formats.parsed import Parsed, ParsedItem, RefusedItem, Understood
from itembank.formats.qti.best import SEED, correct_responses
from itembank.formats.qti.door import open_document
from itembank.formats.qti.elements import name_of
from itembank.formats.qti.item import parse_scoring
from itembank.services.keys import scorer_of
from tests.factories_qti import fixtures

SOURCES = ("kennisnet-qti3", "qtiworks", "cito-scoring")
# Reasons that lie in the sample, not in the reading: its files are not there, it has no body, its rules are broken
# on purpose (their names say so), or it names what only its vendor can run.
FAULTS_OF_SAMPLES = {
    "file-missing",
    "external-file",
    "not-an-item",
    "no-body",
    "misplaced",
    "missing-attribute",
    "unknown-element",
    "unknown-expression",
    "unknown-rule",
    "unknown-variable",
    "wrong-operands",
}
# The correct response that these declare is not what their rules reward: samples of single expressions, and an
# adaptive item whose first attempt only chooses the second.
# Samples of how responses are bound: whoever answers nothing gets the point too.
WORTH_ALL_ALWAYS = {
    "extendedTextInteraction-multiple1.xml",
    "extendedTextInteraction-multiple2.xml",
    "extendedTextInteraction-record.xml",
    "textEntryInteraction-record.xml",
}
NOT_WORTH_ALL = {"complex-response-processing.xml", "number-comparison-expressions.xml", "ITM-equal.xml"}


@cache
def everything() -> tuple[tuple[str, ParsedItem | RefusedItem], ...]:
    """Return all items of all samples with the name of their source."""
    found: list[tuple[str, ParsedItem | RefusedItem]] = []
    for source in SOURCES:
        folder = fixtures(source)
        for path in sorted(folder.rglob("*.xml")):
            if b"ssessmentItem" in path.read_bytes() or b"assessment-item" in path.read_bytes():
                parsed = parse_bank(path.read_bytes(), name=path.name, figures=FolderFigures(path.parent))
                found += _named(path.name, parsed)
        for path in sorted(folder.rglob("*.zip")):
            parsed = parse_bank(path.read_bytes(), name=path.name)
            found += _named(path.name, parsed)
    return tuple(found)


def _named(source: str, parsed: Parsed) -> Iterator[tuple[str, ParsedItem | RefusedItem]]:
    yield from ((source, item) for item in parsed.items)
    yield from ((source, item) for item in parsed.refused)


def taken() -> list[tuple[str, ParsedItem]]:
    return [(source, one) for source, one in everything() if isinstance(one, ParsedItem)]


def by_rules() -> list[tuple[str, ParsedItem]]:
    return [(source, one) for source, one in taken() if one.key.scored_by is ScoredBy.RULES]


def test_nothing_of_a_sample_is_lost():
    documents = 0
    for source in SOURCES:
        for path in fixtures(source).rglob("*.xml"):
            documents += name_of(open_document(path.read_bytes())) == "assessment-item"
    alone = [source for source, _ in everything() if source.endswith(".xml")]
    assert len(alone) == documents


def test_nearly_all_items_that_rules_score_are_fully_understood():
    refused = [one for _, one in everything() if isinstance(one, RefusedItem)]
    ours = [one for one in refused if not {note.code for note in one.notes} & FAULTS_OF_SAMPLES]
    count = Counter(one.understood for _, one in by_rules())
    share = count[Understood.FULL] / (count.total() + len(ours))
    assert share >= 0.92, count


def test_each_refusal_has_a_reason_in_the_sample():
    for source, one in everything():
        if isinstance(one, RefusedItem):
            assert {note.code for note in one.notes} & FAULTS_OF_SAMPLES, (source, one)


def test_each_partial_item_says_where_it_is_not_as_it_was():
    for source, one in taken():
        assert (one.understood is Understood.FULL) or one.notes, source
        assert all(note.where and note.code and note.hint for note in one.notes)


def test_every_item_survives_its_documents_and_its_html_is_clean():
    for _, one in taken():
        assert content_from(content_document(one.content)) == one.content
        assert key_from(key_document(one.key)) == one.key
        assert clean(one.content.body) == one.content.body
        assert sorted(places(one.content.body)) == sorted(item.response for item in one.content.interactions)


def test_the_declared_correct_response_scores_the_maximum_and_none_the_default():
    checked = 0
    for source, one in by_rules():
        scorer, correct = scorer_of(one.content, one.key), _correct(one)
        assert score_item(scorer, {}, seed=SEED).earned == (source in WORTH_ALL_ALWAYS), source
        if correct and source not in NOT_WORTH_ALL:
            assert score_item(scorer, correct, seed=SEED).earned == 1, source
            checked += 1
    assert checked > 100


def _correct(item: ParsedItem) -> dict[str, tuple[str, ...]]:
    program = parse_scoring(item.original.payload).item
    values = {name: told(value) for name, value in correct_responses(program).items()}
    texts = {name: (value,) if isinstance(value, str) else value for name, value in values.items()}
    return {name: tuple(value) for name, value in texts.items() if isinstance(value, list | tuple)}


def test_no_feedback_is_in_the_content():
    for _, one in taken():
        shown = str(content_document(one.content))
        assert all(feedback.content not in shown for feedback in one.key.feedback if len(feedback.content) > 40)
