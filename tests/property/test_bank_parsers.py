"""Parsers under fire: whatever the bytes, they answer with items or problems and never with an exception."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from itembank.core.content import Notation, block, inline
from itembank.core.markup import clean
from itembank.formats.bank_file import parse_bank
from itembank.formats.images import PictureRefused, look_at
from itembank.formats.toml_blueprint import parse_blueprint_toml
from tests.factories_itembank import csv_file, row, xlsx_file

TAGS = ["p", "/p", "b", "/b", "script", "math", "mi", "/math", "table", "td", "pre", "/pre", "svg", "style", "mtext"]
FRAGMENTS = [
    *(f"<{tag}>" for tag in [*TAGS, "/textarea", "noscript"]),
    *("<img src=x ", "onerror=", "javascript:", "<!--", "-->", "&lt;", "&#0;", "<![CDATA[", "'", '"', ">", "<", "="),
    *("\\(", "\\)", "\\[", "\\]", "\\frac{", "\\text{", "}", "\n\n", "가"),
    '<span data-interaction="R1"></span>',
]
soup = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=25).map("".join)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["id", "area", "question", "correct", "correct_letter", "accepted", "value", "tolerance", "type", "pinned"]
JSON_FIELDS = [*FIELDS, "answers", "responses", "figure", "difficulty", "shuffle", "refs"]
json_items = st.lists(st.dictionaries(st.sampled_from(JSON_FIELDS), json_values), max_size=4)
odd_cells = ["", "A", "0", "A,B", "9", "-1", "=1+1", "true", "1e999", "single", "text", "number", "none"]
cells = st.sampled_from(odd_cells) | soup
sheet_cells = soup | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
printable = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=30)
NO_CONTROLS = dict.fromkeys([*range(32), 127, 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


def answered(payload):
    """Parse, and check that the answer is of one kind or the other."""
    parsed = parse_bank(payload)
    assert parsed.items or parsed.problems
    codes = [item.code for item in parsed.items]
    assert len(set(codes)) == len(codes)
    return parsed


@given(st.binary(max_size=400))
def test_any_bytes_are_answered(payload):
    answered(payload)


@given(st.text(max_size=300))
def test_any_text_is_answered(text):
    answered(text.encode("utf-8", "surrogatepass"))


@given(json_values)
def test_any_json_is_answered(value):
    answered(json.dumps(value).encode())


@given(json_items)
def test_any_json_items_are_answered(items):
    answered(json.dumps(items).encode())


@given(st.dictionaries(st.sampled_from([*"abcd", "correct_letter", *FIELDS, "figure", "format", "max_choices"]), cells))
def test_any_cells_are_answered(fields):
    answered(csv_file(row(**fields)))


@given(st.lists(st.lists(sheet_cells, max_size=6), max_size=5))
def test_any_workbook_is_answered(rows):
    clean_rows = [[one.translate(NO_CONTROLS) if isinstance(one, str) else one for one in cells] for cells in rows]
    answered(xlsx_file([["id", "question", "a", "b", "correct", "area"], *clean_rows]))


@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_flipped_byte_in_a_workbook_is_answered(place, value):
    payload = bytearray(xlsx_file([["id", "question", "a", "b", "correct", "area"], ["Q1", "x?", "a", "b", 1, "X"]]))
    payload[place % len(payload)] = value
    answered(bytes(payload))


@given(soup, st.sampled_from(Notation), st.sampled_from([block, inline]))
@example("<b>\n\n", Notation.HTML, block)
@example("\\(\\text{a\n\nb}\\)", Notation.TEXT, block)
@example("\\(\\text{a\n\nb}\\)", Notation.TEXT, inline)
def test_written_html_is_clean_and_holds_nothing_active(text, notation, written):
    html = written(text, "row 2", notation=notation).html
    assert clean(html) == html
    lowered = html.lower()
    assert "<script" not in lowered
    assert "<svg" not in lowered
    assert "<img src=" not in lowered
    assert "<img" not in lowered


@given(st.text(max_size=200) | soup)
def test_any_blueprint_text_is_answered(text):
    read = parse_blueprint_toml(text.encode("utf-8", "surrogatepass"))
    assert (read.blueprint is None) == bool(read.problems)


@given(st.dictionaries(st.sampled_from(["code", "title", "parts", "shuffle_options"]), json_values))
def test_any_blueprint_table_is_answered(table):
    lines = [f"{name} = {json.dumps(value)}" for name, value in table.items() if value is not None]
    read = parse_blueprint_toml("\n".join(lines).encode())
    assert (read.blueprint is None) == bool(read.problems)


@given(st.binary(max_size=200) | soup.map(lambda text: f"<svg>{text}</svg>".encode("utf-8", "surrogatepass")))
def test_any_picture_is_shown_or_refused(payload):
    try:
        look_at(payload)
    except PictureRefused:
        return


@given(st.lists(printable, min_size=1, max_size=6))
def test_every_printable_text_of_a_csv_comes_in(texts):
    rows = [
        {"id": f"Q{number}", "question": f"{text}?", "accepted": "x", "format": "text", "area": "X"}
        for number, text in enumerate(texts)
    ]
    assert {problem.code for problem in answered(csv_file(*rows)).problems} <= {"formula-unreadable", "formula-macro"}
