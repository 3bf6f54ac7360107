"""QTI 1.2 inputs with their expected QTI 2.1 forms: ours scores every response as the expected form does."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain, combinations, product
from pathlib import Path
from typing import Final

import pytest

from itembank.core.interactions import HotspotInteraction, Interaction
from itembank.core.options import option_groups
from itembank.core.qti.responses import bind
from itembank.core.qti.scoring import ScoredBy, ScoringItem, respond, start
from itembank.core.scoring import number_in
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.figures import FolderFigures
from itembank.formats.parsed import ParsedItem
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti12.document import parse_qti12

PYSLET: Final = Path(__file__).parents[3] / "shared" / "fixtures" / "pyslet-qti12"
PAIRS: Final = (
    "fibi_ir_01",
    "fibi_ir_02",
    "fibn_ir_01",
    "fibs_ir_01",
    "fibs_ir_02",
    "fibs_ir_03",
    "full",
    "ihsp_ir_01",
    "mchc_ir_01",
    "mchc_ir_02",
    "mchc_ir_03",
    "mchc_ir_04",
    "mchc_ir_05",
    "mrsp_ir_01",
    "mrsp_ir_02",
)
NUMBERS: Final = ("0", "339", "340", "341", "12.558", "12.559", "12.56", "12.561", "12.562", "-1", "7", "42", "1000")
TEXTS: Final = ("S", "s", "T", "stage", "Stage", "players", "seven", "SEVEN", "7", "word", "a b")
POINTS: Final = ("0 0", "140 90", "189 154", "190 154", "189 155", "150 100", "139 90", "77 115", "239 179")
MOST: Final = 3000

pytestmark = pytest.mark.skipif(not PYSLET.is_dir(), reason="the sample data is not beside the project")


def ours(name: str) -> ParsedItem:
    path = PYSLET / "input" / f"{name}.xml"
    parsed = parse_qti12(path.read_bytes(), name=name, beside=FolderFigures(path.parent))
    assert parsed.problems == ()
    (item,) = parsed.items
    return item


def expected(name: str) -> ScoringItem:
    folder = PYSLET / "outputv2" / name
    (path,) = folder.glob("*.xml")
    parsed = parse_scoring(path.read_bytes())
    assert parsed.item is not None
    return parsed.item


def values_for(declaration: ResponseDeclaration, interaction: Interaction) -> list[tuple[str, ...]]:
    groups = option_groups(interaction)
    if groups:
        names = groups[0].identifiers
        several = declaration.cardinality is not Cardinality.SINGLE
        sizes = range(2, len(names) + 1) if several else ()
        return [(), *((one,) for one in names), *chain.from_iterable(combinations(names, size) for size in sizes)]
    texts = {BaseType.STRING: TEXTS, BaseType.POINT: POINTS}.get(declaration.base_type, NUMBERS)
    return [(), *((one,) for one in texts)]


def responses(item: ParsedItem) -> Iterator[Mapping[str, tuple[str, ...]]]:
    declared = {one.identifier: one for one in item.content.declarations}
    names = [one.response for one in item.content.interactions]
    given = [values_for(declared[one.response], one) for one in item.content.interactions]
    for number, combination in enumerate(product(*given)):
        if number == MOST:
            return
        yield dict(zip(names, combination, strict=True))


def score_of(item: ScoringItem, given: Mapping[str, tuple[str, ...]]) -> Fraction:
    known = item.known()
    assert set(given) <= set(known)
    values = {name: bind(known[name], texts).value for name, texts in given.items()}
    outcomes = respond(item, start(item, b""), values).outcomes(item)
    names = [one for one in outcomes if one not in {"completionStatus", "FEEDBACK", "HELD", "MR02"}]
    (name,) = ["SCORE"] if "SCORE" in names else names
    return number_in(outcomes[name])


@pytest.mark.parametrize("name", [name for name in PAIRS if name != "fibs_ir_03"])
def test_every_response_scores_as_in_the_expected_form(name: str) -> None:
    item, form = ours(name), expected(name)
    assert item.key.program is not None
    program = parse_scoring(item.key.program.source.encode())
    assert program.item is not None
    assert program.problems == ()
    scores = {str(given): (score_of(program.item, given), score_of(form, given)) for given in responses(item)}
    assert {given: both for given, both in scores.items() if both[0] != both[1]} == {}
    assert len({mine for mine, _ in scores.values()}) > 1


def test_an_item_for_a_human_rater_is_scored_by_a_person_in_both() -> None:
    item = ours("fibs_ir_03")
    assert item.key.scored_by is ScoredBy.HUMAN
    assert not expected("fibs_ir_03").response_rules


def test_hotspots_on_two_pictures_become_one_interaction_for_each_in_the_expected_pixels() -> None:
    item = ours("mrsp_ir_02")
    spots = [one for one in item.content.interactions if isinstance(one, HotspotInteraction)]
    assert [one.response for one in spots] == ["MR02_01", "MR02_02"]
    coords = {spot.identifier: spot.area.coords for one in spots for spot in one.hotspots}
    assert coords == {
        "A": (90, 80, 144, 149),
        "B": (140, 35, 194, 104),
        "C": (35, 90, 84, 154),
        "D": (85, 25, 134, 79),
        "E": (140, 90, 189, 154),
    }
