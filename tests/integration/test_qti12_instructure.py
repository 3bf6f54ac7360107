"""All published Canvas and Common Cartridge samples: read without a crash, mostly in full, scored as they say."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from itembank.core.documents import content_document, content_from, key_document, key_from
from itembank.core.keys import MatchNumber, MatchText, ResponseKey
from itembank.core.qti.responses import bind, told
from itembank.core.qti.scoring import ScoredBy, start
from itembank.core.scoring import Scorer, score_item
from itembank.formats.archive import open_archive
from itembank.formats.figures import FolderFigures
from itembank.formats.members import open_folder
from itembank.formats.parsed import Parsed, ParsedItem, Understood
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti12.document import parse_qti12
from itembank.formats.qti12.package import parse_qti12_package

SAMPLES: Final = Path(__file__).parents[3] / "shared" / "fixtures" / "instructure-qti12"
# XML that no parser reads: a declaration without its space, elements that are never closed.
BROKEN: Final = frozenset(
    {
        "choice_vary_points_by_answer",
        "choice_vary_points_by_answer_zero_points",
        "fib",
        "fib_str",
        "item_no_title",
    }
)
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample data is not beside the project")


@cache
def documents() -> dict[str, Parsed]:
    paths = [*SAMPLES.glob("*.xml"), *SAMPLES.glob("items_1.2/*.xml")]
    return {
        path.stem: parse_qti12(path.read_bytes(), name=path.stem, beside=FolderFigures(path.parent)) for path in paths
    }


@cache
def packages() -> dict[str, Parsed]:
    folders = [path.parent for path in SAMPLES.glob("*/imsmanifest.xml")]
    found = {folder.name: parse_qti12_package(open_folder(folder)) for folder in folders}
    return {**found, "zip": parse_qti12_package(open_archive((SAMPLES / "test_qti_1.2.zip").read_bytes()))}


def items() -> Iterator[ParsedItem]:
    for parsed in (*documents().values(), *packages().values()):
        yield from parsed.items


def scorer_of(item: ParsedItem) -> Scorer:
    program = item.key.program
    scoring = None if program is None else parse_scoring(program.source.encode())
    assert scoring is None or scoring.problems == ()
    return Scorer(
        key=item.key, declarations=item.content.declarations, program=None if scoring is None else scoring.item
    )


def right_by_rule(one: ResponseKey) -> tuple[str, ...]:
    match one.rule:
        case MatchText():
            return one.rule.accepted[:1]
        case MatchNumber():
            return (str(one.rule.value + one.rule.tolerance),)
        case _:
            return one.rule.correct


def right_responses(item: ParsedItem, scorer: Scorer) -> dict[str, tuple[str, ...]]:
    if scorer.program is None:
        return {one.identifier: right_by_rule(one) for one in item.key.responses}
    begun = start(scorer.program, b"")
    given = {name: told(begun.correct.get(name)) for name in (one.identifier for one in item.content.declarations)}
    return {name: (text,) if isinstance(text, str) else tuple(text or ()) for name, text in given.items()}


def test_every_document_is_read_or_named_as_broken() -> None:
    assert len(documents()) > 40
    assert {name for name, parsed in documents().items() if parsed.problems} == BROKEN
    assert all(not parsed.problems for parsed in packages().values())


def test_every_item_has_a_report() -> None:
    for parsed in (*documents().values(), *packages().values()):
        assert all(one.notes for one in parsed.refused)
        assert all(bool(one.notes) == (one.understood is Understood.PARTIAL) for one in parsed.items)


def test_most_items_that_score_by_rules_are_understood_in_full() -> None:
    scored = [one for one in items() if one.key.scored_by is ScoredBy.RULES]
    full = [one for one in scored if one.understood is Understood.FULL]
    assert len(scored) >= 90
    assert len(full) >= len(scored) * 0.92


def test_what_is_missing_is_pictures_or_words_that_the_files_do_not_hold() -> None:
    codes = {note.code for one in items() for note in one.notes}
    assert codes <= {"figure-missing", "empty-option", "no-scoring"}
    refused = {
        note.code
        for parsed in (*documents().values(), *packages().values())
        for one in parsed.refused
        for note in one.notes
    }
    assert refused <= {"figure-missing", "no-question"}


def test_the_declared_response_earns_all_and_the_empty_one_less() -> None:
    for item in items():
        if item.key.scored_by is not ScoredBy.RULES:
            continue
        scorer = scorer_of(item)
        right = right_responses(item, scorer)
        assert score_item(scorer, right).earned == 1, item.where
        assert score_item(scorer, {}).earned < 1, item.where
        if scorer.program is not None:
            known = scorer.program.known()
            assert all(not bind(known[name], texts).note for name, texts in right.items())


def test_items_and_keys_survive_as_documents() -> None:
    for item in items():
        assert content_from(content_document(item.content)) == item.content
        assert key_from(key_document(item.key)) == item.key


def test_a_quiz_that_is_there_twice_is_read_once_and_copies_of_bank_items_are_left_out() -> None:
    parsed = packages()["with_banks"]
    assert {area.title.en for area in parsed.areas} == {"First Bank", "Last Bank", "Unfiled Questions"}
    assert [warning.code for warning in parsed.warnings].count("copy-left-out") == 2


def test_pictures_of_a_package_are_found_wherever_they_lie() -> None:
    parsed = packages()["test_qti_1.2"]
    assert sum(len(item.assets) for item in parsed.items) >= 2
    assert all(item.understood is Understood.FULL for item in parsed.items)
