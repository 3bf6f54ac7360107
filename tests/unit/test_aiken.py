"""Aiken: questions, options and answers by their lines, and what is wrong by its line."""

import pytest

from itembank.core.keys import MatchCorrect
from itembank.formats.aiken import looks_like_aiken, parse_aiken

GOOD = """What is the capital
of France?
A. Lyon
B) Paris
C. None of the above
ANSWER: B
FEEDBACK: On the Seine.

2 < 3?
A. yes
B. no
answer: a
"""


def test_questions_are_read():
    parsed = parse_aiken(GOOD.encode())
    assert (parsed.format, parsed.problems, parsed.refused) == ("aiken", (), ())
    first, second = parsed.items
    assert [one.content for one in first.content.interactions[0].choices] == ["Lyon", "Paris", "None of the above"]
    assert [one.pinned for one in first.content.interactions[0].choices] == [False, False, True]
    assert first.key.responses[0].rule == MatchCorrect(correct=("B",))
    assert first.key.explanation == "<p>On the Seine.</p>"
    assert second.where == "line 9"
    assert second.content.body.startswith("<p>2 &lt; 3?</p>")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Q?\nA. x\nB. y\n", "key-missing"),
        ("Q?\nA. x\nANSWER: A", "options-missing"),
        ("Q?\nA. x\nC. y\nANSWER: A", "options-order"),
        ("Q?\nA. x\nB. y\nANSWER: D", "wrong-key"),
        ("Q?\nA. x\nB. y\nANSWER: A, B", "wrong-key"),
        ("Q?\nA. x\nB. y\nANSWER:", "wrong-key"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text, code):
    (refused,) = parse_aiken(f"\n{text}".encode()).refused
    assert refused.where == "line 2"
    assert [one.code for one in refused.notes] == [code]


@pytest.mark.parametrize("text", [GOOD, "Q?\r\nA) x\r\nB) y\r\nANSWER: B\r\n"])
def test_aiken_is_recognised(text):
    assert looks_like_aiken(text)


@pytest.mark.parametrize("text", ["A. one\nB. two\n", "id,question,a,b,correct\n1,x,y,z,A\n", "", "ANSWER: A"])
def test_other_texts_are_not_taken_for_aiken(text):
    assert not looks_like_aiken(text)
