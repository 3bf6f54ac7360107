"""Items as rows of a spreadsheet: read again they are the same, nothing runs as a formula, the rest is named."""

import csv
import io
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.core.interactions import Choice, ChoiceInteraction
from itembank.core.items import ItemContent
from itembank.core.keys import ItemKey, MatchCorrect, ResponseKey
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.csv_bank import parse_csv
from itembank.formats.csv_writing import write_csv, write_xlsx
from itembank.formats.exported import ExportItem
from itembank.formats.parsed import ParsedItem
from itembank.formats.xlsx_bank import parse_xlsx
from tests.strategies_items import MadeItem, items

ROWS = ("choice", "text", "number")
few = settings(max_examples=40)


class Beside:
    """The pictures of some items, as if they lay beside the file."""

    def __init__(self, made: MadeItem) -> None:
        self._files = {one.ref.name: one.payload for one in made.assets}

    def find(self, name: str) -> bytes | None:
        return self._files.get(name)


def plain(made: MadeItem) -> MadeItem:
    """Return the item as far as a row can say it: letters for options, no prompt, no look."""
    content, key = made.content, made.key
    asked = content.interactions[0]
    if isinstance(asked, ChoiceInteraction):
        letters = {one.identifier: chr(65 + place) for place, one in enumerate(asked.choices)}
        rule = key.responses[0].rule
        assert isinstance(rule, MatchCorrect)
        choices = tuple(replace(one, identifier=letters[one.identifier]) for one in asked.choices)
        asked = replace(asked, choices=choices, prompt="", classes=(), min_choices=0)
        correct = MatchCorrect(correct=tuple(sorted(letters[name] for name in rule.correct)))
        key = replace(key, responses=(ResponseKey(identifier="RESPONSE", rule=correct),))
    else:
        asked = replace(asked, prompt="", placeholder_hint="")
    return replace(made, content=replace(content, interactions=(asked,)), key=key)


def _same(item: ParsedItem, made: MadeItem) -> None:
    assert item.content == made.content
    assert item.key == made.key
    assert (item.code, item.area_code, item.difficulty_logit) == ("P1-001", "P1", 0.5)


@few
@given(items(ROWS, most=1, plain=True).map(plain))
def test_rows_come_back_as_they_were(made: MadeItem) -> None:
    item = made.export(difficulty_logit=0.5)
    target = io.BytesIO()
    (report,) = write_csv([item], target)
    assert report.notes == ()
    parsed = parse_csv(target.getvalue(), figures=Beside(made))
    assert parsed.problems == ()
    _same(parsed.items[0], made)


@settings(max_examples=15)
@given(items(ROWS, most=1, plain=True).map(plain))
def test_workbooks_come_back_as_they_were(made: MadeItem) -> None:
    target = io.BytesIO()
    (report,) = write_xlsx([made.export(difficulty_logit=0.5)], target)
    assert report.notes == ()
    parsed = parse_xlsx(target.getvalue(), figures=Beside(made))
    assert parsed.problems == ()
    _same(parsed.items[0], made)


@few
@given(items(most=2))
def test_what_a_row_cannot_say_is_named(made: MadeItem) -> None:
    target = io.BytesIO()
    (report,) = write_csv([made.export()], target)
    parsed = parse_csv(target.getvalue(), figures=Beside(made))
    if report.left_out:
        assert report.notes
        assert not parsed.items
    else:
        assert parsed.problems == ()
        assert report.notes or parsed.items[0].content == made.content


@given(st.sampled_from(["=1+1", "@SUM(A1)", "-2", "+x", "'=q", "\t=1", r"\(x^2\) and \[y\]"]))
def test_no_cell_runs_and_no_formula_begins(text: str) -> None:
    choices = (Choice(identifier="A", content=text.strip()), Choice(identifier="B", content="b"))
    declared = ResponseDeclaration(identifier="RESPONSE", cardinality=Cardinality.SINGLE, base_type=BaseType.IDENTIFIER)
    content = ItemContent(
        title=text.strip(),
        language="en",
        body=f'<p>{text}</p><div data-interaction="RESPONSE"></div>',
        declarations=(declared,),
        interactions=(ChoiceInteraction(response="RESPONSE", choices=choices),),
    )
    key = ItemKey(responses=(ResponseKey(identifier="RESPONSE", rule=MatchCorrect(correct=("A",))),))
    target = io.BytesIO()
    list(write_csv([ExportItem(code="E-1", areas=(), content=content, key=key)], target))
    cells = next(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells.values())
    assert parse_csv(target.getvalue()).items[0].content == content
