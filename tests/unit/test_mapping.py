"""Foreign tables: what columns are guessed to be, and rows of theirs as rows of ours."""

import pytest

from itembank.core.keys import MatchCorrect, MatchText
from itembank.core.mapping import (
    ColumnMapping,
    KeyStyle,
    NotAMapping,
    Separator,
    headers_of,
    mapping_document,
    mapping_from,
    split_options,
)
from itembank.core.mapping_guess import guess
from itembank.formats.mapped_table import parse_mapped, sample_table
from itembank.formats.toml_mapping import parse_mapping

KOREAN = """번호,과목,문제내용,보기1,보기2,보기3,보기4,정답,해설,출제자
1,화학,물의 화학식은?,H2O,CO2,O2,N2,1,물 분자는 수소 둘과 산소 하나,김
2,화학,공기의 78 %는?,산소,질소,수소,헬륨,②,질소이다,이
""".encode()
ENGLISH = b"""Question ID;Question;Choices;Correct Answer;Category
H-1;What does H stand for?;Helium|Hydrogen|Hafnium;Hydrogen;Elements
H-2;Which gas burns?;Helium|Neon|Methane;Methane;Elements
"""


def test_korean_headers_are_understood() -> None:
    sample = sample_table(KOREAN)
    found = guess(sample.headers, sample.rows)
    assert found.fields == {"id": "번호", "area": "과목", "question": "문제내용", "explanation": "해설"}
    assert found.options == ("보기1", "보기2", "보기3", "보기4")
    assert (found.key, found.key_style) == ("정답", KeyStyle.NUMBER)


def test_columns_named_by_syllables_are_options() -> None:
    found = guess(
        ("번호", "질문", "가", "나", "다", "라", "정답"), (("1", "수도는?", "부산", "서울", "대구", "광주", "나"),)
    )
    assert found.options == ("가", "나", "다", "라")
    assert (found.key, found.key_style) == ("정답", KeyStyle.LETTER)


def test_options_in_one_cell_and_a_key_in_words_are_understood() -> None:
    sample = sample_table(ENGLISH)
    found = guess(sample.headers, sample.rows)
    assert (found.option_cell, found.separator) == ("Choices", Separator.BAR)
    assert (found.key, found.key_style) == ("Correct Answer", KeyStyle.TEXT)
    assert found.fields["area"] == "Category"


@pytest.mark.parametrize(("payload", "right"), [(KOREAN, ("A", "B")), (ENGLISH, ("B", "C"))])
def test_a_guessed_mapping_reads_its_table(payload: bytes, right: tuple[str, ...]) -> None:
    sample = sample_table(payload)
    parsed = parse_mapped(payload, guess(sample.headers, sample.rows))
    assert parsed.problems == ()
    assert [one.key.responses[0].rule for one in parsed.items] == [MatchCorrect(correct=(one,)) for one in right]


@pytest.mark.parametrize(
    ("cell", "separator", "parts"),
    [
        ("1) one 2) two 3) three", Separator.NUMBERS, ("one", "two", "three")),
        ("① 하나 ② 둘 ③ 셋", Separator.NUMBERS, ("하나", "둘", "셋")),
        ("A. one\nB. two", Separator.LINE, ("one", "two")),
        ("one; two ;three", Separator.SEMICOLON, ("one", "two", "three")),
        ("3.5|4.5", Separator.BAR, ("3.5", "4.5")),
        ("", Separator.BAR, ()),
    ],
)
def test_options_in_one_cell_are_parted(cell: str, separator: Separator, parts: tuple[str, ...]) -> None:
    assert split_options(cell, separator) == parts


@pytest.mark.parametrize(
    ("style", "cell", "right"),
    [
        (KeyStyle.LETTER, "b", ("B",)),
        (KeyStyle.LETTER, "A, C", ("A", "C")),
        (KeyStyle.LETTER, "AC", ("A", "C")),
        (KeyStyle.LETTER, "나", ("B",)),
        (KeyStyle.NUMBER, "2번", ("B",)),
        (KeyStyle.NUMBER, "정답: 2", ("B",)),
        (KeyStyle.NUMBER, "①③", ("A", "C")),
        (KeyStyle.NUMBER, "3.0", ("C",)),
        (KeyStyle.INDEX, "0", ("A",)),
        (KeyStyle.TEXT, " ONE ", ("A",)),
        (KeyStyle.TEXT, "one; three", ("A", "C")),
    ],
)
def test_keys_are_read_in_each_style(style: KeyStyle, cell: str, right: tuple[str, ...]) -> None:
    table = f'n,q,o1,o2,o3,k\nX,Which?,one,two,three,"{cell}"\n'.encode()
    mapping = ColumnMapping(
        fields={"id": "n", "question": "q"},
        options=("o1", "o2", "o3"),
        key="k",
        key_style=style,
        constants={"area": "S"},
    )
    (one,) = parse_mapped(table, mapping).items
    assert one.key.responses[0].rule == MatchCorrect(correct=right)
    assert one.area_code == "S"


@pytest.mark.parametrize(
    ("style", "cell"), [(KeyStyle.NUMBER, "0"), (KeyStyle.NUMBER, "4"), (KeyStyle.LETTER, "2"), (KeyStyle.TEXT, "four")]
)
def test_a_key_that_names_no_option_is_told_at_its_own_column(style: KeyStyle, cell: str) -> None:
    mapping = ColumnMapping(
        fields={"id": "n", "question": "q"}, options=("o1", "o2", "o3"), key="the key", key_style=style
    )
    parsed = parse_mapped(f"n,q,o1,o2,o3,the key\nX,Which?,one,two,three,{cell}\n".encode(), mapping)
    assert [(one.where, one.code) for one in parsed.problems] == [("row 2, column the key", "wrong-key")]


def test_rows_without_codes_are_numbered() -> None:
    mapping = ColumnMapping(
        fields={"question": "q", "accepted": "a"}, constants={"id": "Q-", "area": "X", "language": "ko"}
    )
    parsed = parse_mapped(b"q,a\nWho?,me\n\nWhere?,here\n", mapping)
    assert [one.code for one in parsed.items] == ["Q-2", "Q-4"]
    assert parsed.items[0].key.responses[0].rule == MatchText(accepted=("me",))
    assert parsed.items[0].content.language == "ko"


def test_columns_that_are_not_read_may_hold_anything() -> None:
    mapping = ColumnMapping(fields={"id": "n", "question": "q", "accepted": "a"}, constants={"area": "X"})
    assert parse_mapped(b"n,q,a,n2\n1,Who?,me,\x09,\n", mapping).problems == ()


def test_a_column_that_is_gone_is_named() -> None:
    parsed = parse_mapped(b"n,q\n1,Who?\n", ColumnMapping(fields={"id": "nr", "question": "q"}))
    assert [(one.code, one.hint) for one in parsed.problems] == [
        ("column-missing", "there is no column 'nr', which the mapping names")
    ]


def test_headers_are_told_apart() -> None:
    assert headers_of(["a", "", "a", " b  c "]) == ("a", "(B)", "a (C)", "b c")


def test_a_mapping_survives_as_document_and_as_toml() -> None:
    mapping = ColumnMapping(
        fields={"id": "n", "question": "q"},
        option_cell="o",
        separator=Separator.SLASH,
        key="k",
        key_style=KeyStyle.INDEX,
        constants={"area": "S"},
    )
    assert mapping_from(mapping_document(mapping)) == mapping
    toml = (
        '[fields]\nid = "n"\nquestion = "q"\n[options]\ncell = "o"\nseparator = "slash"\n'
        '[key]\ncolumn = "k"\nstyle = "index"\n[constants]\narea = "S"\n'
    )
    assert parse_mapping(toml.encode()) == mapping


@pytest.mark.parametrize(
    "toml", ["[fields", '[fields]\nsecret = "x"', "[fields]\nid = 3", '[key]\nstyle = "roman"', "options = 3", "\xff"]
)
def test_what_is_no_mapping_is_refused(toml: str) -> None:
    with pytest.raises(NotAMapping):
        parse_mapping(toml.encode("latin-1"))
