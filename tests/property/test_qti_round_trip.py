"""What goes out as a package comes in again as it was: content, key, metadata, areas, files; in 3.0 and in 2.2."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings

from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey
from itembank.core.metadata import ItemMetadata
from itembank.formats.archive import open_archive
from itembank.formats.parsed import Parsed, ParsedItem, Understood
from itembank.formats.qti.door import open_document
from itembank.formats.qti.making import source_of
from itembank.formats.qti.package import parse_package
from itembank.formats.qti.writing_package import QTI_3_PACKAGE, QTI_22_PACKAGE, write_package
from tests.strategies_items import MadeItem, items, metadata

DIALECTS = {"3.0": QTI_3_PACKAGE, "2.2": QTI_22_PACKAGE}


def again(made: MadeItem, version: str, **known: object) -> tuple[Parsed, ParsedItem]:
    """Return what the export of an item is read as."""
    target = io.BytesIO()
    (report,) = write_package([made.export(**known)], target, title="Bank", dialect=DIALECTS[version])
    assert not report.left_out
    parsed = parse_package(open_archive(target.getvalue()))
    assert parsed.problems == ()
    assert [one.notes for one in parsed.refused] == []
    return parsed, parsed.items[0]


def told(key: ItemKey) -> ItemKey:
    """Return the key with its program in one spelling, without the names of the item that it came with."""
    if key.program is None:
        return key
    root = open_document(key.program.source.encode())
    for name in ("identifier", "title", "adaptive", "time-dependent"):
        root.attrib.pop(name, None)
    for one in root.iter("qti-response-processing"):  # the same template lies elsewhere in each version
        if address := one.get("template"):
            one.set("template", address.rstrip("/").rpartition("/")[2].removesuffix(".xml"))
    return replace(key, program=replace(key.program, source=source_of(root)))


def plain(content: ItemContent) -> ItemContent:
    """Return the content with its files in one order."""
    return replace(content, assets=tuple(sorted(content.assets, key=lambda one: one.sha256)))


@pytest.mark.parametrize("version", DIALECTS)
@settings(max_examples=60)
@given(made=items())
def test_content_key_and_files_come_back(made: MadeItem, version: str) -> None:
    parsed, item = again(made, version)
    assert plain(item.content) == plain(made.content)
    assert told(item.key) == told(made.key)
    assert {one.ref.sha256: one.payload for one in item.assets} == {one.ref.sha256: one.payload for one in made.assets}
    assert item.understood is Understood.FULL
    assert (parsed.format, item.code) == ({"3.0": "qti3", "2.2": "qti22"}[version], "P1-001")


@settings(max_examples=30)
@given(made=items(most=1), known=metadata)
def test_what_is_known_of_an_item_comes_back(made: MadeItem, known: ItemMetadata) -> None:
    parsed, item = again(made, "3.0", metadata=known, difficulty_logit=-0.75)
    stimulus = "" if made.content.stimulus is None else made.content.stimulus.code
    assert item.metadata == replace(known, stimulus=stimulus)
    assert (item.area_code, item.difficulty_logit) == ("P1", -0.75)
    assert parsed.areas == made.export().areas


@settings(max_examples=20)
@given(made=items(most=2))
def test_the_second_export_is_the_first(made: MadeItem) -> None:
    _, item = again(made, "3.0")
    once, twice = io.BytesIO(), io.BytesIO()
    first = MadeItem(content=item.content, key=item.key, assets=item.assets)
    list(write_package([first.export()], once, title="Bank"))
    _, item = again(first, "3.0")
    second = MadeItem(content=item.content, key=item.key, assets=item.assets)
    list(write_package([second.export()], twice, title="Bank"))
    assert once.getvalue() == twice.getvalue()
