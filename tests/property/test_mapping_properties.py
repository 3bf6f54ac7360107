"""Whatever table comes, columns are guessed and rows read without an exception; a mapping survives as document."""

from hypothesis import given
from hypothesis import strategies as st

from itembank.core.mapping import (
    CONSTANTS,
    FIELDS,
    ColumnMapping,
    KeyStyle,
    Separator,
    mapping_document,
    mapping_from,
    our_header,
    our_row,
    split_options,
)
from itembank.core.mapping_guess import guess
from itembank.formats.mapped_table import parse_mapped, sample_table

CELLS = st.text(st.sampled_from("abAB가나①②1230 .,;|/)(\n정답번호보기문제'\"=") | st.characters(), max_size=30)
HEADERS = st.lists(
    st.sampled_from(["문제", "정답", "보기1", "보기 2", "A", "b", "options", "id", "과목", "answer"]) | CELLS,
    max_size=9,
)
NAMES = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)
MAPPINGS = st.builds(
    ColumnMapping,
    fields=st.dictionaries(st.sampled_from(FIELDS), NAMES),
    options=st.lists(NAMES, max_size=10).map(tuple),
    option_cell=NAMES | st.just(""),
    separator=st.sampled_from(Separator),
    key=NAMES | st.just(""),
    key_style=st.sampled_from(KeyStyle),
    constants=st.dictionaries(st.sampled_from(CONSTANTS), NAMES),
)


@given(HEADERS, st.lists(st.lists(CELLS, max_size=9), max_size=6))
def test_any_table_gets_a_mapping_that_reads_its_rows(header, rows):
    mapping = guess(header, rows)
    for number, cells in enumerate(rows):
        row = dict(zip(header, cells, strict=False))
        assert len(our_row(mapping, row, number)) == len(our_header(mapping))


@given(
    st.binary(max_size=300)
    | st.lists(st.lists(CELLS, max_size=5), max_size=5).map(lambda rows: "\n".join(map(",".join, rows)).encode()),
    MAPPINGS,
)
def test_any_bytes_are_accounted_for(payload, mapping):
    sample = sample_table(payload)
    for one in (mapping, guess(sample.headers, sample.rows)):
        parsed = parse_mapped(payload, one)
        assert parsed.items or parsed.problems


@given(MAPPINGS)
def test_a_mapping_survives_as_document(mapping):
    assert mapping_from(mapping_document(mapping)) == mapping


@given(CELLS, st.sampled_from(Separator))
def test_parted_options_are_parts_of_their_cell(cell, separator):
    parts = split_options(cell, separator)
    assert all(part in cell and part.strip() for part in parts)
