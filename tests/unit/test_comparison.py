"""Two versions of a text, word by word."""

from itembank.core.comparison import MOST_WORDS, Mark, Piece, compare, pairs


def told(older: str, newer: str) -> tuple[str, str]:
    found = compare("", older, newer)
    signs = {Mark.SAME: "", Mark.GONE: "-", Mark.NEW: "+"}
    older, newer = ("|".join(signs[one.mark] + one.words for one in side) for side in (found.older, found.newer))
    return older, newer


def test_words_that_went_and_came_are_marked():
    assert told("Which gate is it", "Which port is it now") == ("Which |-gate| is it", "Which |+port| is it|+ now")
    assert told("값은 3이다", "값은 4이다") == ("값은 |-3이다", "값은 |+4이다")
    assert told("same", "same") == ("same", "same")
    assert told("", "new") == ("", "+new")


def test_both_sides_read_as_they_were():
    older, newer = "a b  c,\nd", "a c, d e"
    found = compare("", older, newer)
    assert "".join(piece.words for piece in found.older) == older
    assert "".join(piece.words for piece in found.newer) == newer
    assert found.differs
    assert not compare("", older, older).differs


def test_a_very_long_text_differs_as_a_whole():
    long = "x " * (MOST_WORDS + 1)
    assert compare("", long, long + "y").older == (Piece(mark=Mark.GONE, words=long),)
    assert not compare("", long, long).differs


def test_parts_are_compared_by_name_and_those_that_are_gone_come_last():
    found = pairs((("A", "one"), ("B", "two")), (("C", "three"), ("A", "one")))
    assert [(one.name, one.differs) for one in found] == [("C", True), ("A", False), ("B", True)]
