"""Moodle XML: each type of question to an item and what it earns; categories, files, tags; what is left out and why."""

from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

import pytest

from itembank.core.interactions import (
    ExtendedTextInteraction,
    GapMatchInteraction,
    GraphicGapMatchInteraction,
    InlineChoiceInteraction,
    MatchInteraction,
    OrderInteraction,
    SelectPointInteraction,
    UploadInteraction,
)
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.markup import visible_text
from itembank.core.qti.scoring import ScoredBy, start
from itembank.core.scoring import Scorer, score_item
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.parsed import Understood
from itembank.formats.qti.item import parse_scoring
from tests.factories_moodle import answer, category, file, png, question, quiz, text

HALF = Fraction(1, 2)
PICTURE = png()
DIGEST = sha256(PICTURE).hexdigest()


def only(one):
    parsed = parse_moodle(quiz(one))
    assert parsed.problems == ()
    assert parsed.refused == ()
    (item,) = parsed.items
    return item


def scorer(item):
    program = None
    if item.key.program is not None:
        read = parse_scoring(item.key.program.source.encode())
        assert read.problems == read.warnings == ()
        program = read.item
    return Scorer(key=item.key, declarations=item.content.declarations, program=program)


def earned(item, seed=b"", **responses):
    given = {name: value if isinstance(value, tuple) else (value,) for name, value in responses.items()}
    return score_item(scorer(item), given, seed=seed).earned


def refused(one):
    parsed = parse_moodle(quiz(question("truefalse", answer("true", 100), answer("false")), one))
    assert len(parsed.items) == 1
    (left_out,) = parsed.refused
    assert left_out.where.startswith("line ")
    return left_out.notes[-1].code


def test_a_single_choice_is_a_simple_rule():
    item = only(
        question(
            "multichoice",
            "<single>true</single><shuffleanswers>false</shuffleanswers><answernumbering>ABCD</answernumbering>",
            answer("<p>one</p>", 100, feedback="<p>Yes!</p>"),
            answer("<p>two <b>x</b></p>"),
            text("generalfeedback", "<p>Because.</p>"),
            text("correctfeedback", "Your answer is correct."),
            text("hint", "<p>Think.</p>"),
            "<tags><tag><text>easy</text></tag></tags><idnumber>K.7</idnumber>",
        )
    )
    asked = item.content.interactions[0]
    assert [one.content for one in asked.choices] == ["one", "two <b>x</b>"]
    assert (asked.shuffle, asked.max_choices, asked.classes) == (False, 1, ("qti-labels-upper-alpha",))
    assert item.key.responses[0].rule == MatchCorrect(correct=("A",))
    assert item.key.explanation == "<p>Because.</p><dl><dt>one</dt><dd>Yes!</dd><dt>?</dt><dd>Think.</dd></dl>"
    assert (item.code, item.metadata.fields["tags"]) == ("K.7", "easy")
    assert item.original.payload.startswith(b"<question")


def test_several_right_answers_and_a_costly_one():
    item = only(
        question(
            "multichoice",
            "<single>false</single>",
            *(answer(word, 33.33333) for word in "abc"),
            answer("d", -100),
        )
    )
    assert earned(item, RESPONSE=("A", "B", "C")) == 1
    assert earned(item, RESPONSE=("A", "B")) == Fraction(2, 3)
    assert earned(item, RESPONSE=("A", "D")) == 0


def test_true_and_false():
    item = only(question("truefalse", answer("true", 0), answer("false", 100)))
    assert item.key.responses[0].rule == MatchCorrect(correct=("false",))


def test_typed_texts_with_wildcards_and_case():
    item = only(question("shortanswer", "<usecase>0</usecase>", answer("Frog", 100), answer("*cat*", 50)))
    assert [earned(item, RESPONSE=given) for given in ("frog", "my Cat!", "dog")] == [1, HALF, 0]
    item = only(question("shortanswer", "<usecase>1</usecase>", answer("Frog", 100)))
    assert item.key.responses[0].rule == MatchText(accepted=("Frog",), case_sensitive=True)


def test_numbers_with_tolerance_and_unit():
    unit = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    item = only(question("numerical", answer("23.5", 100, more="<tolerance>0.25</tolerance>"), unit))
    assert item.key.responses[0].rule == MatchNumber(value=Decimal("23.5"), tolerance=Decimal("0.25"))
    assert '<span data-interaction="RESPONSE"></span> m' in item.content.body
    item = only(
        question(
            "numerical",
            answer("5", 100, more="<tolerance>0</tolerance>"),
            answer("5", 50, more="<tolerance>1</tolerance>"),
        )
    )
    assert [earned(item, RESPONSE=given) for given in ("5", "5.5", "7")] == [1, HALF, 0]


def test_pairs_earn_the_same_each():
    pairs = "".join(
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
        for left, right in (("Korea", "Seoul"), ("Japan", "Tokyo"), ("", "Rome"))
    )
    item = only(question("matching", pairs))
    asked = item.content.interactions[0]
    assert isinstance(asked, MatchInteraction)
    # Sorted is Rome, Seoul, Tokyo: the capitals stand beside their countries, so it is turned round.
    assert [one.content for one in asked.targets] == ["Tokyo", "Seoul", "Rome"]
    assert earned(item, RESPONSE=("S1 T2", "S2 T1")) == 1
    assert earned(item, RESPONSE=("S1 T2", "S2 T3")) == HALF


def test_order_by_places_or_all_at_once():
    answers = [answer(word) for word in ("one", "two", "three")]
    item = only(question("ordering", "<gradingtype>ABSOLUTE_POSITION</gradingtype>", *answers))
    asked = item.content.interactions[0]
    assert isinstance(asked, OrderInteraction)
    assert [one.content for one in asked.choices] == ["one", "three", "two"]
    assert earned(item, RESPONSE=("A", "B", "C")) == Fraction(1, 3)
    item = only(question("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype>", *answers))
    assert item.key.responses[0].rule == MatchCorrect(correct=("A", "C", "B"))


def test_essays_are_scored_by_a_person():
    item = only(question("essay", "<responseformat>monospaced</responseformat><attachments>1</attachments>"))
    assert isinstance(item.content.interactions[0], ExtendedTextInteraction)
    assert item.content.interactions[0].preformatted
    assert item.key.scored_by is ScoredBy.HUMAN
    assert [one.code for one in item.notes] == ["attachments"]
    item = only(question("essay", "<responseformat>noinline</responseformat>"))
    assert isinstance(item.content.interactions[0], UploadInteraction)


def test_a_description_asks_nothing():
    item = only(question("description"))
    assert item.key.scored_by is ScoredBy.NOBODY
    assert item.understood is Understood.PARTIAL


def test_missing_words_to_select():
    options = "".join(
        f"<selectoption><text>{word}</text><group>{group}</group></selectoption>"
        for word, group in (("cat", 1), ("mat", 2), ("dog", 1), ("hat", 2))
    )
    item = only(question("gapselect", options, words="<p>The [[1]] on the [[2]].</p>"))
    first, second = item.content.interactions
    assert isinstance(first, InlineChoiceInteraction)
    assert [one.content for one in second.choices] == ["mat", "hat"]
    assert visible_text(item.content.body) == "The on the ."
    assert earned(item, R1="A", R2="A") == 1
    assert earned(item, R1="A", R2="B") == HALF


def test_words_to_drag_into_gaps():
    boxes = ("<dragbox><text>one</text></dragbox>", "<dragbox><text>two</text><infinite/></dragbox>")
    item = only(question("ddwtos", *boxes, words="<p>[[2]], [[1]], [[2]]</p>"))
    asked = item.content.interactions[0]
    assert isinstance(asked, GapMatchInteraction)
    assert asked.gaps == ("G1", "G2", "G3")
    assert [one.match_max for one in asked.choices] == [1, 0]
    assert earned(item, RESPONSE=("W2 G1", "W1 G2", "W2 G3")) == 1
    assert earned(item, RESPONSE=("W1 G2",)) == Fraction(1, 3)


def test_cloze_of_all_kinds():
    words = (
        "<p>{1:SHORTANSWER:=Berlin#Yes~%50%Bonn} has {2:NM:=3.7:0.2} million, "
        "is {1:MULTICHOICE:*not~=big~small \\} odd} and {:MR:~%50%old~%50%new~%-50%flat}</p>"
    )
    item = only(question("cloze", words=words))
    assert [one.response for one in item.content.interactions] == ["R1", "R2", "R3", "R4"]
    right = {"R1": "berlin", "R2": "3.6", "R3": "B", "R4": ("A", "B")}
    assert earned(item, **right) == 1
    assert earned(item, **(right | {"R2": "3"})) == Fraction(3, 5)
    assert earned(item, **(right | {"R1": "bonn"})) == Fraction(9, 10)
    assert item.content.interactions[2].choices[2].content == "small } odd"
    assert "Yes" in item.key.explanation


def test_a_picture_stands_in_text_and_files():
    item = only(
        question(
            "truefalse",
            answer("true", 100),
            answer("false"),
            words='<p>See <img src="@@PLUGINFILE@@/my%20pic.png" alt="a plot"></p>',
            more=file("my pic.png", PICTURE),
        )
    )
    assert f'<img src="asset:{DIGEST}" alt="a plot">' in item.content.body
    assert [one.ref.media_type for one in item.assets] == ["image/png"]


def test_things_are_dragged_onto_a_picture():
    item = only(
        question(
            "ddimageortext",
            file("bg.png", png(200, 100)),
            "<drag><no>1</no><text>cold</text><draggroup>1</draggroup></drag>",
            f"<drag><no>2</no><text>sun</text><draggroup>1</draggroup>{file('s.png', PICTURE)}</drag>",
            "<drop><text>top</text><no>1</no><choice>2</choice><xleft>5</xleft><ytop>6</ytop></drop>",
            "<drop><text></text><no>2</no><choice>1</choice><xleft>50</xleft><ytop>60</ytop></drop>",
        )
    )
    asked = item.content.interactions[0]
    assert isinstance(asked, GraphicGapMatchInteraction)
    assert (asked.picture.width, asked.picture.height) == (200, 100)
    assert [one.area.coords for one in asked.hotspots] == [(5, 6, 9, 9), (50, 60, 150, 90)]
    assert asked.images[0].picture.alt == "sun"
    assert earned(item, RESPONSE=("D2 Z1", "D1 Z2")) == 1
    assert earned(item, RESPONSE=("D2 Z1",)) == HALF
    assert len(item.assets) == 2


def test_markers_are_set_on_a_picture():
    item = only(
        question(
            "ddmarker",
            file("map.png", png(100, 100)),
            "<drag><no>1</no><text>river</text><noofdrags>2</noofdrags></drag><drag><no>2</no><text>sea</text></drag>",
            "<drop><no>1</no><shape>circle</shape><coords>10,10;5</coords><choice>1</choice></drop>",
            "<drop><no>2</no><shape>rectangle</shape><coords>50,50;10,10</coords><choice>1</choice></drop>",
            "<drop><no>3</no><shape>polygon</shape><coords>80,80;90,80;85,95</coords><choice>2</choice></drop>",
        )
    )
    assert [type(one) for one in item.content.interactions] == [SelectPointInteraction] * 2
    assert item.understood is Understood.PARTIAL
    assert earned(item, R1=("11 11", "55 55"), R2="85 85") == 1
    assert earned(item, R1=("11 11", "12 12"), R2="85 85") == Fraction(2, 3)
    assert earned(item, R1=("1 1",), R2="0 0") == 0


def data_set(**columns):
    return "".join(
        f"<dataset_definition><name><text>{name}</text></name><dataset_items>"
        + "".join(
            f"<dataset_item><number>{n}</number><value>{value}</value></dataset_item>"
            for n, value in enumerate(values, start=1)
        )
        + "</dataset_items></dataset_definition>"
        for name, values in columns.items()
    )


def test_a_calculated_question_is_drawn_from_its_data_set():
    item = only(
        question(
            "calculated",
            answer(
                "{a}*{b} + sqrt(4) - pow(1, {a})",
                100,
                more="<tolerance>0.01</tolerance><tolerancetype>2</tolerancetype>",
            ),
            f"<dataset_definitions>{data_set(a=['2', '3.5'], b=['10', '20'])}</dataset_definitions>",
            words="<p>{a} times {b}? ({={a}+1})</p>",
        )
    )
    assert item.content.body.startswith(
        '<p><span data-printed="V_a"></span> times <span data-printed="V_b"></span>? '
        '(<span data-printed="COMPUTED_2"></span>)</p>'
    )
    drawn = set()
    for number in range(20):
        seed = b"%d" % number
        values = start(scorer(item).program, seed).values
        a, b = (values[name].scalars[0] for name in ("V_a", "V_b"))
        drawn.add((a, b))
        assert values["COMPUTED_2"].scalars[0] == a + 1
        assert earned(item, seed, RESPONSE=str(float(a * b + 1))) == 1
        assert earned(item, seed, RESPONSE=str(float(a * b + 2))) == 0
    assert drawn == {(2, 10), (Fraction(7, 2), 20)}


def test_a_calculated_choice_shows_computed_values():
    item = only(
        question(
            "calculatedmulti",
            "<single>true</single>",
            answer("{={x}*2}", 100),
            answer("{={x}*3}"),
            f"<dataset_definitions>{data_set(x=['4'])}</dataset_definitions>",
            words="<p>Twice {x}?</p>",
        )
    )
    contents = [one.content for one in item.content.interactions[0].choices]
    assert contents == ['<span data-printed="COMPUTED_1"></span>', '<span data-printed="COMPUTED_2"></span>']
    assert earned(item, RESPONSE="A") == 1


def test_categories_are_areas_under_their_own_codes():
    true = question("truefalse", answer("true", 100), answer("false"))
    parsed = parse_moodle(quiz(category("$course$/top/Rules"), true, category("top/Rules/Part two", "T1A"), true))
    assert [one.area_code for one in parsed.items] == ["Rules", "T1A"]
    assert [(one.code, one.parent, one.title.en) for one in parsed.areas] == [
        ("Rules", "", "Rules"),
        ("T1A", "Rules", "Part two"),
    ]


def test_a_penalty_for_repeated_tries_is_named_once():
    true = question("truefalse", answer("true", 100), answer("false"), "<penalty>0.3333333</penalty>")
    assert "penalty" in [one.code for one in parse_moodle(quiz(true, true)).warnings]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (question("random"), "question-type"),
        (question("stack"), "question-type"),
        (question("mystery"), "question-type"),
        (question("multichoice", answer("a"), answer("b")), "key-missing"),
        (question("truefalse", answer("true", 50), answer("false", 50)), "key-missing"),
        (question("numerical", answer("ten", 100)), "number"),
        (question("gapselect", words="<p>no gap</p>"), "gaps-missing"),
        (question("ddwtos", "<dragbox><text>a</text></dragbox>", words="<p>[[3]]</p>"), "gap"),
        (question("cloze", words="<p>{1:WHAT:=a}</p>"), "gap"),
        (question("cloze", words="<p>{1:SA:=a} and {1:SA:=b</p>"), "gap"),
        (question("cloze", words='<p title="{1:SA:=a}">x</p>'), "place"),
        (question("matching"), "pairs-missing"),
        (question("ddimageortext"), "figure-missing"),
        (question("ddmarker", file("x.png", b"no picture")), "figure-refused"),
        (question("calculated", answer("{a}+1", 100)), "data-set"),
        (
            question(
                "calculated",
                answer("system({a})", 100),
                f"<dataset_definitions>{data_set(a=['1'])}</dataset_definitions>",
            ),
            "formula",
        ),
        (question("shortanswer", answer("x", 100), words="<p><script>x</script></p>"), "active-content"),
        (question("shortanswer", answer("x", 100), words='<img src="@@PLUGINFILE@@/a.png">'), "figure-missing"),
        (question("shortanswer", answer("x", 100), words=""), "empty"),
        (question("shortanswer", *(answer("ab*c" * 1000, 100) for _ in range(50))), "too-many-parts"),
        (question("numerical", *(answer("1", 50) for _ in range(1500))), "too-many-parts"),
    ],
)
def test_what_cannot_be_an_item_is_left_out_with_its_reason(one, code):
    assert refused(one) == code


@pytest.mark.parametrize(
    "payload",
    [
        b"<quiz",
        b"<other/>",
        b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz/>',
        b"<quiz/>",
        b"<quiz>" + b"<a>" * 500 + b"</a>" * 500 + b"</quiz>",
    ],
)
def test_files_that_are_no_moodle_xml_are_refused_as_a_whole(payload):
    parsed = parse_moodle(payload)
    assert parsed.items == ()
    assert parsed.problems


def test_an_authors_own_marks_are_no_places():
    item = only(
        question(
            "truefalse", answer("true", 100), answer("false"), words='<p><span data-interaction="X">a</span>\ue000b</p>'
        )
    )
    assert item.content.body == '<p><span>a</span>b</p><div data-interaction="RESPONSE"></div>'


def test_fields_that_never_end_keep_no_reader_busy():
    fields = 100_000  # a reader that looks for each end anew needs a quarter of an hour
    assert len(parse_moodle(quiz(question("cloze", words="{1:SA:" * fields))).refused) == 1
