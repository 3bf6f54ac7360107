"""Question formats under fire: whatever the bytes, readers answer with items, refusals or problems, never otherwise."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itembank.core.documents import content_document, key_document
from itembank.core.keys import check_key
from itembank.core.markup import clean, places
from itembank.formats.aiken import looks_like_aiken, parse_aiken
from itembank.formats.gift.parsing import looks_like_gift, parse_gift
from itembank.formats.h5p.parsing import parse_h5p
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.olx.parsing import parse_olx
from itembank.formats.qti.item import parse_scoring
from itembank.formats.questions.markdown import html_of
from tests.factories_moodle import answer, category, file, png, question, quiz, text

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "gift"
GIFT_SAMPLES = [path.read_text() for path in sorted(FIXTURES.glob("*.gift"))] or [
    "::T:: Who {~a =%50%b #c} is?\n\nx {#1..2}"
]
MOODLE_SAMPLES = [
    quiz(
        category("top/A"),
        question("multichoice", answer("a", 100, feedback="f"), answer("b", 33.33), text("hint", "h")),
    ),
    quiz(question("cloze", words="<p>{2:SA:=a#b~%50%c} {1:MCVS:=x~y} {:NM:=1:0.1}</p>")),
    quiz(
        question(
            "ddimageortext",
            file("b.png", png()),
            "<drag><no>1</no><text>t</text></drag>",
            "<drop><choice>1</choice></drop>",
        )
    ),
    quiz(
        question(
            "calculated",
            answer("{a}*sin({a})/2**3", 100, more="<tolerance>1</tolerance><tolerancetype>1</tolerancetype>"),
            "<dataset_definitions><dataset_definition><name><text>a</text></name><dataset_items><dataset_item>"
            "<number>1</number><value>2.5</value></dataset_item></dataset_items></dataset_definition></dataset_definitions>",
        )
    ),
    quiz(question("gapselect", "<selectoption><text>a</text></selectoption>", words="[[1]]")),
]
OLX_SAMPLE = (
    b'<problem display_name="P"><p>x</p><multiplechoiceresponse><choicegroup><choice correct="true">a'
    b'<choicehint>h</choicehint></choice></choicegroup></multiplechoiceresponse><stringresponse answer="b" type="ci">'
    b'<textline/></stringresponse><numericalresponse answer="[1,2)"><responseparam default="5%"/></numericalresponse>'
    b"<optionresponse><optioninput options=\"('a','b')\" correct=\"a\"/></optionresponse></problem>"
)
AIKEN_SAMPLE = b"Q?\nA. x\nB) y\nANSWER: A\nFEEDBACK: z\n"
H5P_SAMPLE = {
    "questions": [
        {
            "library": "H5P.MultiChoice 1.1",
            "params": {"question": "<p>q</p>", "answers": [{"text": "a", "correct": True}]},
        },
        {"library": "H5P.Blanks 1.1", "params": {"text": "t", "questions": ["a *b/c:d* e"]}},
        {"library": "H5P.DragText 1.1", "params": {"textField": "a *b* c", "distractors": "*d*"}},
        {"library": "H5P.MarkTheWords 1.1", "params": {"textField": "<b>a</b> *b* c"}},
        {"library": "H5P.TrueFalse 1.1", "params": {"question": "q", "correct": "true"}},
        {"library": "H5P.Essay 1.1", "params": {"taskDescription": "t"}},
    ]
}
PIECES = [
    "{",
    "}",
    "=",
    "~",
    "#",
    "####",
    "->",
    "%50%",
    "::",
    "\\",
    "\n\n",
    "\n",
    "[html]",
    "[markdown]",
    "$CATEGORY: a/b",
    "//",
]
PIECES += [
    "{#1:2}",
    "{T}",
    "<p>",
    "</p>",
    "<script>",
    "<img src=x>",
    "&lt;",
    "\\(x\\)",
    "$$y$$",
    "가",
    "a",
    " ",
    "[id:1]",
    "*",
    "_",
]
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=30).map("".join)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["*a*", "<p>x</p>", "true"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["question", "questions", "answers", "text", "textField", "correct", "params", "media", "behaviour"]
)


def checked(parsed):
    """Check what holds for every outcome of a reader."""
    assert parsed.items or parsed.refused or parsed.problems
    codes = [item.code for item in parsed.items]
    assert len(set(codes)) == len(codes)
    areas = {area.code for area in parsed.areas}
    for item in parsed.items:
        content, key = item.content, item.key
        assert item.area_code in areas
        assert clean(content.body) == content.body
        assert sorted(places(content.body)) == sorted(one.response for one in content.interactions)
        assert check_key(content, key, item.where) == ()
        assert content_document(content)
        assert key_document(key)
        if key.program is not None:
            assert parse_scoring(key.program.source.encode()).problems == ()
    return parsed


def mutated(samples):
    """Draw a sample with a few bytes changed, lost or put in."""

    @st.composite
    def draw_one(draw):
        payload = bytearray(draw(st.sampled_from(samples)))
        for _ in range(draw(st.integers(0, 6))):
            start = draw(st.integers(0, len(payload)))
            end = min(len(payload), start + draw(st.integers(0, 8)))
            payload[start:end] = draw(
                st.binary(max_size=4) | st.sampled_from([b"<", b">", b"&", b"{", b"}", b"\\", b'"', b"="])
            )
        return bytes(payload)

    return draw_one()


@given(SOUP)
def test_any_text_is_answered_as_gift(words):
    checked(parse_gift(words.encode("utf-8", "surrogatepass")))
    looks_like_gift(words)


@given(mutated([sample.encode() for sample in GIFT_SAMPLES]))
def test_a_damaged_gift_file_is_answered(payload):
    checked(parse_gift(payload))


@given(mutated([AIKEN_SAMPLE]) | SOUP.map(lambda words: words.encode("utf-8", "surrogatepass")))
def test_any_text_is_answered_as_aiken(payload):
    checked(parse_aiken(payload))
    looks_like_aiken(payload.decode("utf-8", "replace"))


@given(mutated(MOODLE_SAMPLES))
def test_a_damaged_moodle_file_is_answered(payload):
    checked(parse_moodle(payload))


@given(st.sampled_from(["cloze", "gapselect", "ddwtos", "shortanswer", "calculated", "numerical", "essay"]), SOUP, SOUP)
def test_any_words_in_a_moodle_question_are_answered(kind, words, said):
    plain = "".join(
        sign
        for sign in words + said
        if sign in "\n\t" or (sign >= " " and sign not in "\x7f\ufffe\uffff" and not "\ud800" <= sign <= "\udfff")
    )
    checked(
        parse_moodle(quiz(question(kind, answer(plain, 100), "<dragbox><text>x</text></dragbox>", words=plain or "x")))
    )


@given(mutated([OLX_SAMPLE]))
def test_a_damaged_problem_is_answered(payload):
    checked(parse_olx(payload))


def package(content):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("h5p.json", json.dumps({"mainLibrary": "H5P.QuestionSet", "title": "T"}))
        archive.writestr("content/content.json", json.dumps(content))
    return stream.getvalue()


@given(st.dictionaries(FIELDS, VALUES), st.sampled_from([one["library"] for one in H5P_SAMPLE["questions"]]))
def test_any_content_is_answered_as_h5p(fields, library):
    checked(parse_h5p(package({"questions": [{"library": library, "params": fields}]})))


@given(mutated([package(H5P_SAMPLE)]))
def test_a_damaged_package_is_answered(payload):
    checked(parse_h5p(payload))


@pytest.mark.parametrize("parse", [parse_gift, parse_aiken, parse_moodle, parse_olx, parse_h5p])
@given(payload=st.binary(max_size=200))
def test_any_bytes_are_answered(parse, payload):
    checked(parse(payload))


@given(SOUP)
def test_any_text_is_answered_as_markdown(words):
    html_of(words)
