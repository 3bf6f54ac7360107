"""GIFT: every published sample parses to what it is known to say; marks, escapes, weights and faults one by one."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from itembank.core.interactions import (
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    TextEntryInteraction,
)
from itembank.core.keys import MatchNumber, MatchText
from itembank.core.markup import visible_text
from itembank.core.qti.scoring import ScoredBy
from itembank.core.scoring import Scorer, score_item
from itembank.formats.gift.parsing import looks_like_gift, parse_gift
from itembank.formats.gift.pieces import path_of, pieces
from itembank.formats.parsed import Understood
from itembank.formats.qti.item import parse_scoring
from itembank.formats.questions.account import Account
from itembank.formats.questions.asking import fraction_of
from itembank.formats.questions.words import TextFormat, Words
from itembank.formats.scoring_source.parts import ByPerson, Exactly, Mapped, Ranges, Texts
from itembank.formats.scoring_source.reading import parts_of
from itembank.formats.scoring_source.wildcards import literal
from tests.factories_moodle import png

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "gift"
SAMPLES = sorted(FIXTURES.glob("*.gift"))
KINDS = {
    "MC": (ChoiceInteraction, InlineChoiceInteraction),
    "TF": ChoiceInteraction,
    "Short": TextEntryInteraction,
    "Numerical": TextEntryInteraction,
    "Matching": MatchInteraction,
    "Essay": ExtendedTextInteraction,
}


def seen(html):
    """Return what is seen of some HTML, without white space and the line that stands for a gap."""
    return "".join(visible_text(html).split()).replace("_____", "")


def meant(text):
    """Return what is seen of a text of the expected parse."""
    if text is None:
        return ""
    given = {"text": text, "format": "moodle"} if isinstance(text, str) else text
    return seen(Words(Account(where="")).aside(given["text"], TextFormat(given["format"]), ""))


def worth(choice):
    if choice["weight"] is not None:
        return fraction_of(Decimal(str(choice["weight"])))
    return Fraction(int(choice["isCorrect"]))


def scoring(item):
    parts = parts_of(item.content, item.key)
    assert parts is not None
    assert len(parts) == 1
    return parts[0].scoring


def explained(item, *said):
    shown = seen(item.key.explanation)
    for text in said:
        assert meant(text) in shown


def fractions(item):
    """Return option -> fraction, whatever way the item is scored."""
    found = scoring(item)
    if isinstance(found, Exactly):
        return dict.fromkeys(found.correct, Fraction(1))
    assert isinstance(found, Mapped)
    return {value: fraction for value, fraction in found.values if fraction}


def check_choice(item, expected):
    asked = item.content.interactions[0]
    assert [seen(one.content) for one in asked.choices] == [meant(one["text"]) for one in expected["choices"]]
    pairs = zip(asked.choices, expected["choices"], strict=True)
    assert fractions(item) == {one.identifier: worth(told) for one, told in pairs if worth(told)}


def check_short(item, expected):
    found = scoring(item)
    assert isinstance(found, Texts)
    assert not found.case_sensitive
    known = [(literal(one.text), one.fraction) for one in found.accepted if one.fraction]
    assert known == [(one["text"]["text"], worth(one)) for one in expected["choices"] if worth(one)]


def check_number(item, expected):
    found = scoring(item)
    assert isinstance(found, Ranges)
    choices = expected["choices"]
    told = choices if isinstance(choices, list) else [{"text": choices, "isCorrect": True, "weight": None}]
    assert [(one.low, one.high, one.fraction) for one in found.accepted if one.fraction] == [
        (*bounds(one["text"]), worth(one)) for one in told if worth(one)
    ]


def bounds(number):
    if number["type"] == "high-low":
        return Decimal(str(number["numberLow"])), Decimal(str(number["numberHigh"]))
    middle, around = Decimal(str(number["number"])), Decimal(str(number.get("range", 0)))
    return middle - around, middle + around


def check_matching(item, expected):
    asked = item.content.interactions[0]
    sources = {one.identifier: seen(one.content) for one in asked.sources}
    targets = {one.identifier: seen(one.content) for one in asked.targets}
    pairs = [tuple(pair.split()) for pair, _ in scoring(item).values]
    told = [(meant(one["subquestion"]), meant(one["subanswer"])) for one in expected["matchPairs"]]
    assert [(sources[left], targets[right]) for left, right in pairs] == [pair for pair in told if pair[0]]
    assert set(targets.values()) == {right for _, right in told}


def check_truth(item, expected):
    assert scoring(item) == Exactly(correct=("true" if expected["isTrue"] else "false",))
    explained(item, expected["trueFeedback"], expected["falseFeedback"])


def check_essay(item, _expected):
    assert item.key.scored_by is ScoredBy.HUMAN


def check_description(item, _expected):
    assert item.content.interactions == ()
    assert item.key.scored_by is ScoredBy.NOBODY


CHECKS = {
    "MC": check_choice,
    "Short": check_short,
    "Numerical": check_number,
    "Matching": check_matching,
    "TF": check_truth,
    "Essay": check_essay,
    "Description": check_description,
}


@pytest.mark.skipif(not SAMPLES, reason="no sample data beside the project")
def test_all_samples_are_there():
    assert len(SAMPLES) == 51


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_says_what_it_is_known_to_say(sample):
    text = sample.read_text()
    expected = json.loads(sample.with_suffix(".json").read_text())
    parsed = parse_gift(sample.read_bytes())
    questions = [one for one in expected if one["type"] != "Category"]
    assert parsed.refused == ()
    assert len(parsed.items) == len(questions)
    for item, told in zip(parsed.items, questions, strict=True):
        assert seen(item.content.body) == meant(told["stem"]).replace("_____", "")
        assert told["title"] is None or item.content.title == told["title"]
        assert not told["id"] or item.code == told["id"]
        assert not told["tags"] or item.metadata.fields["tags"] == ", ".join(told["tags"])
        if told["type"] in KINDS:
            assert isinstance(item.content.interactions[0], KINDS[told["type"]])
        CHECKS[told["type"]](item, told)
        explained(item, told.get("globalFeedback"), *(one["feedback"] for one in _choices(told)))
    for told in (one["title"] for one in expected if one["type"] == "Category"):
        assert f"$CATEGORY: {told}" in text
        assert path_of(told)[-1] == told.rpartition("/")[2]


def _choices(told):
    return told["choices"] if isinstance(told.get("choices"), list) else ()


def only(text, **more):
    parsed = parse_gift(text.encode(**more))
    assert parsed.refused == ()
    (item,) = parsed.items
    return item


def earned(item, *given):
    program = None if item.key.program is None else parse_scoring(item.key.program.source.encode()).item
    scorer = Scorer(key=item.key, declarations=item.content.declarations, program=program)
    return score_item(scorer, {"RESPONSE": given}).earned


def test_several_answers_share_the_points_and_wrong_ones_cost():
    item = only("Which? {~%33.33333%a ~%33.33333%b ~%-100%c ~%33.33333%d}")
    assert item.content.interactions[0].max_choices == 0
    assert earned(item, "A", "B", "D") == 1
    assert earned(item, "A", "B") == Fraction(2, 3)
    assert earned(item, "A", "C") == 0


def test_half_credit_of_a_single_choice():
    item = only("Which? {~wrong ~%50%half =full}")
    assert [earned(item, letter) for letter in "ABC"] == [0, Fraction(1, 2), 1]


def test_an_answer_in_the_midst_stands_in_its_place():
    item = only("Two plus two equals {=four =4} today.")
    assert item.content.body == '<p>Two plus two equals <span data-interaction="RESPONSE"></span> today.</p>'
    assert item.key.responses[0].rule == MatchText(accepted=("four", "4"))


def test_numbers_with_tolerance_and_range_are_simple_rules():
    assert only("When? {#1822:5}").key.responses[0].rule == MatchNumber(value=Decimal(1822), tolerance=Decimal(5))
    assert only("Pi? {#3.141..3.142}").key.responses[0].rule == MatchNumber(
        value=Decimal("3.1415"), tolerance=Decimal("0.0005")
    )


def test_wildcards_and_partial_credit_of_typed_texts():
    item = only("Who? {=Ulysses*Grant =%50%*Grant}")
    assert earned(item, "ulysses s. grant") == 1
    assert earned(item, "Mr Grant") == Fraction(1, 2)
    assert earned(item, "Lee") == 0


def test_categories_become_a_tree_of_areas():
    text = "$CATEGORY: $course$/top/Physics/Heat\n\nQ1 {T}\n\n$CATEGORY: $course$/top/Physics/Light 2\n\nQ2 {F}\n"
    parsed = parse_gift(text.encode())
    assert [item.area_code for item in parsed.items] == ["Heat", "Light-2"]
    assert [(one.code, one.parent) for one in parsed.areas] == [
        ("Physics", ""),
        ("Heat", "Physics"),
        ("Light-2", "Physics"),
    ]
    assert parsed.format == "gift"


def test_windows_1252_is_read_and_named():
    parsed = parse_gift("Où naquit Molière? {=Paris =à Paris}".encode("cp1252"))
    assert parsed.items[0].content.body == '<p>Où naquit Molière?</p><div data-interaction="RESPONSE"></div>'
    assert "encoding-cp1252" in [one.code for one in parsed.warnings]


def test_korean_questions_get_korean_words():
    item = only("물은 100도에서 끓는다. {T}")
    assert item.content.language == "ko"
    assert [one.content for one in item.content.interactions[0].choices] == ["참", "거짓"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Open {=a ~b", "gift-braces"),
        ("Closed =a ~b}", "gift-braces"),
        ("Two {=a} of {=b} them", "gift-braces"),
        ("None {~a ~b}", "key-missing"),
        ("Number {#abc}", "gift-number"),
        ("Range {#5..1}", "gift-number"),
        ("Match {=a->b =c->}", "gift-matching"),
        ("Match {=a->b}", "gift-matching"),
        ("[html]<script>alert(1)</script> {T}", "active-content"),
        ('[html]<p>See <img src="@@PLUGINFILE@@/a.png" alt="a"></p> {T}', "figure-missing"),
    ],
)
def test_what_cannot_be_an_item_is_refused_with_its_line(text, code):
    parsed = parse_gift(f"Fine? {{T}}\n\n// words\n{text}\n".encode())
    assert len(parsed.items) == 1
    (refused,) = parsed.refused
    assert refused.where == "line 4"
    assert refused.notes[-1].code == code
    assert refused.notes[-1].where.startswith("line 4")


def test_a_single_choice_that_takes_points_away_is_noted():
    item = only("Which? {=a ~%-50%b}")
    assert item.understood is Understood.PARTIAL
    assert [one.code for one in item.notes] == ["negative"]


def test_codes_are_the_authors_names_each_once():
    parsed = parse_gift(b"::A 1:: x {T}\n\n::A 1:: y {F}\n\n// [id:K-7]\nz {T}\n")
    assert [item.code for item in parsed.items] == ["A-1", "A-1-2", "K-7"]


def test_an_unnamed_question_keeps_its_code_when_others_move():
    first = parse_gift(b"Is it? {T}\n\nWas it? {F}\n")
    second = parse_gift(b"Will it be? {T}\n\nIs it? {T}\n")
    assert first.items[0].code == second.items[1].code


@pytest.mark.parametrize(
    "text",
    [
        'id,question,answer\n1,"What is {}?",x\n',
        "Just some words.\n\nAnd more of them.",
        '{"items": []}',
        "def f():\n    return {}\n\nx = {1: 2}\n\ny = {'a': 3}",
        "What is it?\nA. one\nB. two\nANSWER: A",
        "",
    ],
)
def test_other_texts_are_not_taken_for_gift(text):
    assert not looks_like_gift(text)


@pytest.mark.parametrize(
    "text", ["::T:: x {T}", "$CATEGORY: A\n\nx", "// words\nWho? {~a =b}", "Say {}\n", "Two {=2}", "How much? {#5}"]
)
def test_gift_is_recognised(text):
    assert looks_like_gift(text)


def test_comments_and_categories_are_not_questions():
    found = list(pieces("// a\n// [id:1] [tag:x]\nOne {T}\n// inside\nmore\n\n$CATEGORY: A//B/C\nTwo"))
    assert [(one.line, one.identifier, one.tags, one.category) for one in found] == [
        (3, "1", ("x",), ()),
        (8, "", (), ("A/B", "C")),
    ]


def test_a_picture_beside_the_file_is_shown():
    class Beside:
        def find(self, name):
            return png() if name == "a.png" else None

    (item,) = parse_gift(b'[html]<p>See <img src="a.png" alt="a"></p> {T}', figures=Beside()).items
    assert [one.ref.name for one in item.assets] == ["a.png"]


def test_essays_are_for_a_person():
    assert scoring(only("Write. {}")) == ByPerson()


def test_a_long_run_of_blanks_keeps_no_reader_busy():
    blanks = 1_000_000  # a reader that goes back at each of them needs a quarter of an hour
    assert len(parse_gift(f"::Q::x {{=a{' ' * blanks}~b}}".encode()).items) == 1
