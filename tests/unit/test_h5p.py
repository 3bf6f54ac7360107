"""H5P: each type that is made of text, alone or in a set; what is left out, by name."""

import io
import json
import zipfile
from fractions import Fraction

import pytest

from itembank.core.interactions import GapMatchInteraction, HottextInteraction
from itembank.core.keys import MatchCorrect, MatchText
from itembank.core.markup import visible_text
from itembank.core.qti.scoring import ScoredBy
from itembank.core.scoring import Scorer, score_item
from itembank.formats.h5p.parsing import parse_h5p
from itembank.formats.qti.item import parse_scoring
from tests.factories_moodle import png


def package(library, content, **files):
    """Return an H5P package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("h5p.json", json.dumps({"title": "T", "mainLibrary": library, "language": "en"}))
        archive.writestr("content/content.json", json.dumps(content))
        for name, payload in files.items():
            archive.writestr(f"content/images/{name}.png", payload)
    return stream.getvalue()


def only(library, content, **files):
    parsed = parse_h5p(package(library, content, **files))
    assert (parsed.problems, parsed.refused, parsed.format) == ((), (), "h5p")
    (item,) = parsed.items
    return item


def earned(item, **responses):
    program = None if item.key.program is None else parse_scoring(item.key.program.source.encode()).item
    scorer = Scorer(key=item.key, declarations=item.content.declarations, program=program)
    return score_item(scorer, responses).earned


def answers(**words):
    return [{"text": f"<div>{word}</div>", "correct": right} for word, right in words.items()]


def test_several_right_answers_earn_their_part_and_wrong_ones_cost():
    item = only("H5P.MultiChoice", {"question": "<p>Which?</p>", "answers": answers(a=True, b=True, c=False)})
    assert earned(item, RESPONSE=("A", "B")) == 1
    assert earned(item, RESPONSE=("A",)) == Fraction(1, 2)
    assert earned(item, RESPONSE=("A", "C")) == 0


def test_one_point_for_all_or_nothing_and_one_right_answer_are_simple_rules():
    whole = {"question": "<p>Which?</p>", "answers": answers(a=True, b=True), "behaviour": {"singlePoint": True}}
    assert only("H5P.MultiChoice", whole).key.responses[0].rule == MatchCorrect(correct=("A", "B"))
    one = {"question": "<p>Which?</p>", "answers": answers(a=False, b=True)}
    assert only("H5P.MultiChoice", one).key.responses[0].rule == MatchCorrect(correct=("B",))


def test_true_and_false_with_feedback():
    content = {"question": "<p>2 &lt; 3</p>", "correct": "true", "behaviour": {"feedbackOnWrong": "Count!"}}
    item = only("H5P.TrueFalse", content)
    assert item.key.responses[0].rule == MatchCorrect(correct=("true",))
    assert item.content.body.startswith("<p>2 &lt; 3</p>")
    assert item.key.explanation == "<dl><dt>✗</dt><dd>Count!</dd></dl>"


def test_blanks_in_texts():
    content = {
        "text": "<p>Fill in.</p>",
        "questions": ["<p>Seoul is in *Korea/South Korea:A country*.</p>", "<p>Two and two: *4*</p>"],
        "behaviour": {"caseSensitive": False},
    }
    item = only("H5P.Blanks", content)
    assert [one.rule for one in item.key.responses] == [
        MatchText(accepted=("Korea", "South Korea")),
        MatchText(accepted=("4",)),
    ]
    assert visible_text(item.content.body) == "Fill in. Seoul is in . Two and two:"


def test_words_to_drag():
    content = {"taskDescription": "<p>Drag.</p>", "textField": "The *cat* sat on\nthe *mat*.", "distractors": "*hat*"}
    item = only("H5P.DragText", content)
    asked = item.content.interactions[0]
    assert isinstance(asked, GapMatchInteraction)
    assert [one.content for one in asked.choices] == ["cat", "mat", "hat"]
    assert '<span data-gap="G2"></span>' in asked.content
    assert earned(item, RESPONSE=("W1 G1", "W3 G2")) == Fraction(1, 2)


def test_words_to_mark():
    item = only("H5P.MarkTheWords", {"taskDescription": "Verbs", "textField": "<p>I *run* and *sing* well.</p>"})
    asked = item.content.interactions[0]
    assert isinstance(asked, HottextInteraction)
    assert asked.content == (
        '<p><span data-hottext="H1">I</span> <span data-hottext="H2">run</span> <span data-hottext="H3">and</span> '
        '<span data-hottext="H4">sing</span> <span data-hottext="H5">well</span>.</p>'
    )
    assert earned(item, RESPONSE=("H2", "H4")) == 1
    assert earned(item, RESPONSE=("H2", "H1")) == 0


def test_essays_are_scored_by_a_person():
    content = {"taskDescription": "<p>Write.</p>", "keywords": [{"keyword": "x"}], "solution": {"sample": "<p>So.</p>"}}
    item = only("H5P.Essay", content)
    assert item.key.scored_by is ScoredBy.HUMAN
    assert item.key.explanation == "<p>So.</p>"
    assert [one.code for one in item.notes] == ["keywords"]


def test_a_set_gives_its_questions_and_names_what_it_leaves_out():
    content = {
        "questions": [
            {
                "library": "H5P.TrueFalse 1.8",
                "params": {"question": "<p>Is it?</p>", "correct": "false"},
                "subContentId": "11111111-aaaa-4bbb-8ccc-222222222222",
                "metadata": {"title": "First"},
            },
            {"library": "H5P.DragQuestion 1.14", "params": {}, "metadata": {"title": "Drop it"}},
        ]
    }
    parsed = parse_h5p(package("H5P.QuestionSet", content))
    assert [(one.code, one.content.title) for one in parsed.items] == [
        ("11111111-aaaa-4bbb-8ccc-222222222222", "First")
    ]
    (left_out,) = parsed.refused
    assert (left_out.where, left_out.code) == ("content.json, question 2", "Drop-it")
    assert "H5P.DragQuestion" in left_out.notes[0].hint


def test_a_picture_stands_above_its_question():
    image = {"type": {"library": "H5P.Image 1.1", "params": {"file": {"path": "images/p.png"}, "alt": "a plot"}}}
    item = only("H5P.TrueFalse", {"media": image, "question": "<p>Is it?</p>", "correct": "true"}, p=png())
    assert item.content.body.startswith('<p><img src="asset:')
    assert len(item.assets) == 1


@pytest.mark.parametrize(
    ("library", "content", "code"),
    [
        ("H5P.InteractiveVideo", {}, "question-type"),
        ("H5P.MultiChoice", {"question": "<p>x</p>", "answers": answers(a=False)}, "key-missing"),
        ("H5P.MultiChoice", {"answers": answers(a=True)}, "empty"),
        ("H5P.TrueFalse", {"question": "<p>x</p>"}, "key-missing"),
        ("H5P.Blanks", {"questions": ["<p>x</p>"]}, "gaps-missing"),
        ("H5P.DragText", {"textField": "x"}, "gaps-missing"),
        ("H5P.MarkTheWords", {"textField": "x"}, "words"),
        ("H5P.TrueFalse", {"question": "<p>x<script></script></p>", "correct": "true"}, "active-content"),
        (
            "H5P.TrueFalse",
            {"media": {"type": {"library": "H5P.Video 1.5"}}, "question": "<p>x</p>", "correct": "true"},
            "media",
        ),
    ],
)
def test_what_cannot_be_an_item_is_left_out_with_its_reason(library, content, code):
    (left_out,) = parse_h5p(package(library, content)).refused
    assert left_out.notes[-1].code == code


@pytest.mark.parametrize("payload", [b"", b"PK\x03\x04", package("X", [])])
def test_what_is_no_h5p_is_refused_as_a_whole(payload):
    assert parse_h5p(payload).problems
