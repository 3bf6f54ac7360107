"""Texts of QTI: compared, searched, and matched by patterns that cannot run away."""

import pytest

from itembank.core.qti.faults import PatternRefused, ScoringFault, ScoringLimit
from itembank.core.qti.patterns import matches
from itembank.core.variables import BaseType
from tests.factories_qti import bag, faults, num, op, txt, variable, worth


@pytest.mark.parametrize(
    ("left", "right", "attributes", "result"),
    [
        ("York", "York", {}, "true"),
        ("york", "York", {}, "false"),
        ("york", "York", {"case_sensitive": "false"}, "true"),
        ("stra\u00dfe", "STRASSE", {"case_sensitive": "false"}, "true"),
        ("\u1fd2", "\u03aa\u0300", {"case_sensitive": "false"}, "true"),
        ("New York", "York", {"substring": "true"}, "true"),
        ("York", "New York", {"substring": "true"}, "false"),
        (" York", "York", {}, "false"),
        ("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af", {}, "true"),
    ],
)
def test_texts_match(left, right, attributes, result):
    assert worth(op("stringMatch", txt(left), txt(right), **attributes)) == result


def test_a_number_is_compared_by_its_text():
    assert worth(op("stringMatch", num(3), txt("3"))) == "true"


def test_a_text_stands_in_another():
    assert worth(op("substring", txt("York"), txt("New York"))) == "true"
    assert worth(op("substring", txt("york"), txt("New York"))) == "false"
    assert worth(op("substring", txt("york"), txt("New York"), case_sensitive="false")) == "true"
    assert worth(op("substring", txt("New York"), txt("York"))) == "false"


def test_a_container_is_no_text():
    with pytest.raises(ScoringFault):
        worth(op("stringMatch", bag(txt("a"), txt("b")), txt("a")))


def test_texts_have_a_limit():
    with pytest.raises(ScoringLimit):
        worth(op("stringMatch", txt("a" * 100_001), txt("a")))


MATCHING = [
    (r"abc", ["abc"], ["ab", "abcd", "xabc", ""]),
    (r"a|bc|", ["a", "bc", ""], ["abc", "b"]),
    (r"(a|b)*c", ["c", "abac"], ["ab", "d"]),
    (r"a?b+c*", ["b", "abbcc"], ["a", "aabc"]),
    (r"a{2}", ["aa"], ["a", "aaa"]),
    (r"a{2,}", ["aa", "aaaaa"], ["a"]),
    (r"a{1,3}", ["a", "aaa"], ["", "aaaa"]),
    (r"a{0,1}b", ["b", "ab"], ["aab"]),
    (r"[a-cx]", ["a", "b", "x"], ["d", "-", "ab"]),
    (r"[^a-c]", ["d", "\n"], ["a", ""]),
    (r"[a-z-[aeiou]]+", ["xyz"], ["xyza"]),
    (r"[a\-z]", ["-", "a", "z"], ["b"]),
    (r"[-a]", ["-", "a"], ["b"]),
    (r"[\d.]+", ["1.5"], ["1,5"]),
    (r"\d{3}-\d{4}", ["123-4567"], ["1234567"]),
    (r"\s*\S+\s*", [" x ", "x"], ["x y"]),
    (r"\w+", ["abc\ud55c\uae001"], ["a b", "a-b"]),
    (r"\p{Lu}\p{Ll}*", ["Abc", "\u00c4b"], ["abc", "1"]),
    (r"\P{L}+", ["12-"], ["1a"]),
    (r"\i\c*", ["a-1", "_x.y"], ["1a"]),
    (r"\D\W\I\C", ["a-1 "], ["1---"]),
    (r".", ["x", "\u20ac"], ["\n", "xx"]),
    (r"\.\*\[\]\\\|", [".*[]\\|"], ["x"]),
    (r"\n\t\r", ["\n\t\r"], ["ntr"]),
    (r"^a$|^b$", ["a", "b"], ["^a$", "ab"]),
    (r"(?:a+?)b*?", ["aab"], ["b"]),
    (r"5\$", ["5$"], ["5"]),
    (r"(^a)", ["^a"], ["a"]),
    (r"", [""], ["a"]),
    (r"()*", [""], ["a"]),
    (r"(a*)*b", ["aaab", "b"], ["aaa"]),
]


@pytest.mark.parametrize(("pattern", "right", "wrong"), MATCHING)
def test_patterns_match_whole_texts(pattern, right, wrong):
    assert [text for text in right if not matches(pattern, text)] == []
    assert [text for text in wrong if matches(pattern, text)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "(",
            ")",
            "a)",
            "(a",
            "[a",
            "[",
            "[]",
            "a**",
            "a++",
            "*a",
            "?",
            "{2}",
            "a{",
            "a{2",
            "a{3,2}",
            "a{x}",
            "]",
            "}",
        ),
        *(r"\1", r"\b", r"\q", "\\", r"\p{Xx}", r"\p", r"\pL", r"\p{IsGreek}", "[z-a]", "[a-[b]", "[[a]]"),
        *("(?=a)", "(?<a>b)", "(?i)a", "a{1001}", "(" * 50 + ")" * 50, "a" * 2001, "[a-" * 20 + "]" * 20),
        *("((a{100}){100}){100}", "((()" + "{1000}" + "){1000}){1000}"),
    ],
)
def test_what_is_no_pattern_of_xml_schema_is_refused(pattern):
    with pytest.raises(PatternRefused):
        matches(pattern, "a")
    assert (
        "wrong-pattern" in faults(op("patternMatch", txt("a"), pattern=pattern.replace("<", "&lt;"))) or "{" in pattern
    )


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*)*b", "([a-z]+)*b", "(a?){100}a{100}b"])
def test_patterns_that_ruin_backtracking_come_to_an_end(pattern):
    assert not matches(pattern, "a" * 300)


def test_the_steps_of_a_pattern_are_counted():
    with pytest.raises(ScoringLimit):
        worth(op("patternMatch", txt("a" * 90_000), pattern="(a|b|c|d|e|f|g|h|i|j|k|l)*"))


def test_a_pattern_may_stand_in_a_variable():
    pattern = variable(BaseType.STRING, "[0-9]+", role="template")
    assert worth(op("patternMatch", txt("42"), pattern="{P}"), P=pattern) == "true"
    bad = variable(BaseType.STRING, "[0-9", role="template")
    with pytest.raises(ScoringFault):
        worth(op("patternMatch", txt("42"), pattern="{P}"), P=bad)
    assert worth(op("patternMatch", txt("42"), pattern="{P}"), P=variable(BaseType.STRING, role="template")) is None
