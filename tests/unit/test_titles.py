"""Names in two languages."""

import pytest

from cbt.kernel.titles import Title

BOTH = Title(ko="정보처리", en="Information processing")


@pytest.mark.parametrize(
    ("language", "name"),
    [("ko", "정보처리"), ("ko-KR", "정보처리"), ("en", "Information processing"), ("fr", "Information processing")],
)
def test_a_title_is_read_in_the_readers_language(language, name):
    assert BOTH.in_language(language) == name


def test_where_one_language_is_missing_the_other_stands_in():
    assert Title(ko="정보처리", en="").in_language("en") == "정보처리"
    assert Title(ko="", en="Information").in_language("ko") == "Information"
    assert Title(ko="", en="").in_language("ko") == ""


def test_a_title_is_stored_and_read_back():
    assert BOTH.to_document() == {"en": "Information processing", "ko": "정보처리"}
    assert Title.from_document(BOTH.to_document()) == BOTH
