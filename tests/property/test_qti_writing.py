"""Items as QTI documents and packages: as the standard allows, scored as their keys say, always the same bytes."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.markup import clean
from itembank.core.metadata import ItemMetadata
from itembank.core.scoring import Scorer, score_item
from itembank.formats.exported import ExportItem, ItemReport
from itembank.formats.qti.item import parse_scoring
from itembank.formats.qti.own import LOOSE, NAMESPACE, Own, read_areas, read_own
from itembank.formats.qti.writing_package import QTI_3_PACKAGE, QTI_22_PACKAGE, write_package
from itembank.formats.qti.written_html import fragment, pour
from tests.qti_structure import violations
from tests.strategies_items import MadeItem, items, metadata
from tests.strategies_parts import lines, paragraphs

few = settings(max_examples=30)
DIALECTS = {"3.0": QTI_3_PACKAGE, "2.2": QTI_22_PACKAGE}


def packed(made: Sequence[ExportItem], version: str) -> tuple[dict[str, bytes], list[ItemReport]]:
    """Return the files of the package and the reports."""
    target = io.BytesIO()
    reports = list(write_package(made, target, title="Bank & more", dialect=DIALECTS[version]))
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, reports


@pytest.mark.parametrize("version", DIALECTS)
@few
@given(made=items())
def test_what_is_written_is_what_the_standard_allows(made: MadeItem, version: str) -> None:
    files, reports = packed([made.export()], version)
    assert not reports[0].left_out
    for name, payload in files.items():
        if name.startswith("items/") and name.endswith(".xml"):
            assert violations(payload) == []


@pytest.mark.parametrize("version", DIALECTS)
@few
@given(made=items())
def test_what_is_written_scores_as_the_key_says(made: MadeItem, version: str) -> None:
    files, _ = packed([made.export()], version)
    parsed = parse_scoring(files["items/P1-001.xml"])
    assert parsed.item is not None
    assert not parsed.problems
    assert parsed.item.scored_by is made.key.scored_by
    assert {one.identifier for one in made.content.declarations} <= set(parsed.item.known())
    if made.key.program is None:
        scorer = Scorer(key=made.key, declarations=made.content.declarations)
        written = Scorer(key=made.key, declarations=made.content.declarations, program=parsed.item)
        assert score_item(scorer, made.right) == score_item(written, made.right)
        assert score_item(scorer, made.right).correct


@few
@given(made=items())
def test_every_place_gets_its_interaction_and_every_picture_its_file(made: MadeItem) -> None:
    files, reports = packed([made.export()], "3.0")
    root = etree.fromstring(files["items/P1-001.xml"])
    asked = [one.get("response-identifier") for one in root.iter(etree.Element) if one.get("response-identifier")]
    assert asked == [one.response for one in made.content.interactions]
    for element in root.iter(etree.Element):
        for address in (element.get("src"), element.get("data")):
            assert address is None or f"items/{address}" in files
    assert {note.code for note in reports[0].notes} <= {"prompt-left-out", "pinned-left-out"}


@few
@given(st.lists(items(most=1), min_size=1, max_size=3))
def test_the_same_bank_gives_the_same_bytes(made: list[MadeItem]) -> None:
    exported = [one.export(f"P1-{number:03d}") for number, one in enumerate(made)]
    first, second = io.BytesIO(), io.BytesIO()
    assert list(write_package(exported, first, title="t")) == list(write_package(exported, second, title="t"))
    assert first.getvalue() == second.getvalue()


@few
@given(made=items(), known=metadata)
def test_the_manifest_lists_every_file_and_what_is_known(made: MadeItem, known: ItemMetadata) -> None:
    item = made.export(metadata=known, difficulty_logit=-1.25, status="approved")
    files, _ = packed([item], "3.0")
    manifest = etree.fromstring(files["imsmanifest.xml"])
    listed = {one.get("href") for one in manifest.iter("{*}file") if one.get("href")}
    assert listed == set(files) - {"imsmanifest.xml"}
    own = read_own(manifest)
    assert own is not None
    assert (own.code, own.area_code, own.status, own.difficulty_logit) == ("P1-001", "P1", "approved", -1.25)
    assert own.metadata == known
    assert own.names == {one.sha256: one.name for one in made.content.assets}
    assert read_areas(manifest) == item.areas


@given(lines | paragraphs, st.sampled_from(["", "<p>x</p>", "text <b>b</b>", " "]))
def test_lines_that_stand_alone_get_a_block_of_ours_and_lose_nothing(first: str, second: str) -> None:
    html = clean(first + second)
    holder = pour(fragment(html), etree.Element("div"), blocks=True)
    assert not (holder.text or "").strip()
    for loose in list(holder.iter("div")):
        if loose.get("class") == LOOSE:
            loose.tag = "cbt"
    again = etree.tostring(holder, encoding="unicode").replace('<cbt class="cbt-loose">', "").replace("</cbt>", "")
    assert again == etree.tostring(fragment(html), encoding="unicode")


def test_an_item_that_no_xml_can_hold_is_left_out_and_the_rest_is_written() -> None:
    content = ItemContent(title="t", language="en", body="<p>a\x01b</p>", declarations=(), interactions=())
    fine = ItemContent(title="t", language="en", body="<p>a</p>", declarations=(), interactions=())
    exported = [
        ExportItem(code=code, areas=(), content=one, key=ItemKey()) for code, one in (("A", content), ("B", fine))
    ]
    files, reports = packed(exported, "3.0")
    assert [(one.code, one.left_out, [note.code for note in one.notes]) for one in reports] == [
        ("A", True, ["not-xml"]),
        ("B", False, []),
    ]
    assert sorted(files) == ["imsmanifest.xml", "items/B.xml"]


def test_what_22_cannot_say_is_noted() -> None:
    content = ItemContent(title="t", language="en", body="<p><mark>a</mark></p>", declarations=(), interactions=())
    item = ExportItem(code="A", areas=(), content=content, key=ItemKey())
    assert [note.code for note in packed([item], "2.2")[1][0].notes] == ["look-changed"]
    assert packed([item], "3.0")[1][0].notes == ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('difficulty-logit="NaN" area="../x" p-estimate="7" time-estimate-s="-1" max-score="0" scored-by="me"', Own()),
        ('difficulty-logit="1e999" max-score="1/0" irt-discrimination="x" p-observed="inf"', Own()),
    ],
)
def test_what_is_no_number_or_code_in_hostile_metadata_is_left_out(given: str, expected: Own) -> None:
    assert read_own(etree.fromstring(f'<x><item xmlns="{NAMESPACE}" {given}/></x>')) == expected


def test_areas_in_a_circle_are_none() -> None:
    inner = '<area code="a" parent="b"/><area code="b" parent="a"/>'.replace("<area", f'<area xmlns="{NAMESPACE}"')
    assert read_areas(etree.fromstring(f"<x>{inner}</x>")) == ()
    assert read_own(etree.fromstring("<x/>")) is None
