"""The body of QTI items: what is kept, what is noted, what refuses the item."""

import pytest

from itembank.core.keys import FeedbackKind
from itembank.core.markup import clean
from itembank.formats.parsed import Understood
from tests.factories_qti_bank import choice, codes, declared, document, png, read, refusal, simple, taken

CHOICE = choice("one", "two")
RIGHT = declared("RESPONSE", "B")


def body_of(words: str, **files: bytes) -> str:
    return taken(document(words + CHOICE, RIGHT), **files).content.body


def test_text_tables_and_shared_classes_are_kept_and_the_place_is_marked():
    body = body_of(
        '<div class="qti-layout-row red"><p>A <em>b</em> <![CDATA[x < y]]></p></div><table><tr><td>1</td></tr></table>'
    )
    assert body == (
        '<div class="qti-layout-row"><p>A <em>b</em> x &lt; y</p></div>'
        "<table><tbody><tr><td>1</td></tr></tbody></table>"
        '<div data-interaction="RESPONSE"></div>'
    )
    assert clean(body) == body


def test_old_names_and_headings_become_those_that_items_have():
    assert body_of("<h1>A</h1><section><tt>b</tt></section>").startswith("<h3>A</h3><div><span>b</span></div>")


def test_formulas_are_kept_as_browsers_draw_them():
    math = (
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:semantics><m:mrow><m:mfenced open="[" close="]">'
        "<m:mi>a</m:mi><m:mi>b</m:mi></m:mfenced></m:mrow><m:annotation>no</m:annotation></m:semantics></m:math>"
    )
    fences = "<mrow><mo>[</mo><mrow><mi>a</mi><mo>,</mo><mi>b</mi></mrow><mo>]</mo></mrow>"
    assert f"<math><mrow>{fences}</mrow></math>" in body_of(f"<p>{math}</p>")


def test_pictures_are_kept_by_their_digest_with_their_words():
    item = taken(document(f'<img src="a.png" alt="a cat" width="9"/>{CHOICE}', RIGHT), a_dot_png=png())
    (asset,) = item.assets
    assert f'<img src="asset:{asset.ref.sha256}" alt="a cat" width="9">' in item.content.body
    assert item.content.assets == (asset.ref,)
    assert item.understood is Understood.FULL


def test_an_object_shows_a_picture_like_an_image():
    item = taken(document(f'<object data="a.png" type="image/png">a cat</object>{CHOICE}', RIGHT), a_dot_png=png())
    assert 'alt="a cat"' in item.content.body


def test_a_drawing_in_the_text_becomes_a_picture_and_an_active_one_refuses_the_item():
    start = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>dot</title>'
    item = taken(document(f'{start}<path d="M0 0"/></svg>{CHOICE}', RIGHT))
    assert item.assets[0].ref.media_type == "image/svg+xml"
    assert 'alt="dot"' in item.content.body
    assert codes(refusal(document(f"{start}<script>x()</script></svg>{CHOICE}", RIGHT))) == ["picture-refused"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('<img src="none.png" alt=""/>', "file-missing"),
        ('<img src="https://elsewhere.example/a.png" alt=""/>', "external-file"),
        ('<img src="../../a.png" alt=""/>', "outside-file"),
        ('<img src="a.txt" alt=""/>', "picture-refused"),
        ("<script>x()</script>", "active-content"),
        ('<p onclick="x()">a</p>', "active-content"),
        ('<a href="javascript:x()">a</a>', "active-content"),
        ('<iframe src="x"/>', "active-content"),
        ('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>', "include"),
    ],
)
def test_what_cannot_be_shown_or_would_run_refuses_the_item(words, code):
    assert codes(refusal(document(words + CHOICE, RIGHT), a_dot_txt=b"no picture")) == [code]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('<a href="https://elsewhere.example">a</a>', "link-left-out"),
        ("<qti-strange>a</qti-strange>", "element-left-out"),
        ('<v:strange xmlns:v="urn:v">a</v:strange>', "element-left-out"),
        ('<object data="a.mp3" type="audio/mpeg">a</object>', "object-left-out"),
        ('<qti-template-inline template-identifier="T" identifier="x">a</qti-template-inline>', "template-part"),
        ('<qti-printed-variable identifier="NONE"/>', "unknown-variable"),
    ],
)
def test_what_is_not_as_it_was_makes_the_item_partial_with_its_place(words, code):
    item = taken(document(words + CHOICE, RIGHT))
    assert item.understood is Understood.PARTIAL
    assert codes(item) == [code]
    assert item.notes[0].where.startswith("line 1, ")


def test_style_sheets_are_told_and_change_nothing():
    item = taken(document('<p style="color: red">a</p>' + CHOICE, RIGHT, more='<qti-stylesheet href="a.css"/>'))
    assert (item.understood, codes(item)) == (Understood.FULL, ["style-sheet"])


def test_words_for_candidates_stay_and_words_for_scorers_go_to_the_key():
    block = '<qti-rubric-block view="{}"><p>{}</p></qti-rubric-block>'
    item = taken(document(block.format("candidate", "yours") + block.format("scorer", "mine") + CHOICE, RIGHT))
    assert "yours" in item.content.body
    assert "mine" not in item.content.body
    assert "mine" in item.key.explanation
    assert codes(item) == ["rubric-for-others"]


def test_feedback_lies_in_the_key_and_only_its_place_in_the_body():
    inline = (
        '<qti-feedback-inline outcome-identifier="F" identifier="A" show-hide="show">well done</qti-feedback-inline>'
    )
    modal = (
        '<qti-modal-feedback outcome-identifier="F" identifier="B" show-hide="hide" title="T">no</qti-modal-feedback>'
    )
    item = taken(document(f"<p>{inline}</p>{CHOICE}", RIGHT, more=modal))
    assert "well done" not in item.content.body
    assert '<span data-feedback="F1"></span>' in item.content.body
    first, second = item.key.feedback
    assert (first.kind, first.place, first.content, first.value) == (FeedbackKind.INLINE, "F1", "well done", "A")
    assert (second.kind, second.hidden, second.title, second.place) == (FeedbackKind.MODAL, True, "T", "")


def test_drawn_values_have_their_places():
    drawn = '<qti-template-declaration identifier="N" cardinality="single" base-type="integer" math-variable="true"/>'
    words = (
        '<p><qti-printed-variable identifier="N"/>'
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>N</mi><mi>x</mi></math></p>'
    )
    body = taken(document(words + CHOICE, RIGHT, drawn)).content.body
    assert '<p><span data-printed="N"></span><math><mn><span data-printed="N"></span></mn><mi>x</mi></math></p>' in body


def test_outcomes_are_printed_as_they_stand_before_the_answer():
    assert body_of('<p>[<qti-printed-variable identifier="SCORE"/>]</p>').startswith("<p>[0]</p>")


def test_a_shared_stimulus_is_read_from_beside_the_item():
    reference = '<qti-assessment-stimulus-ref identifier="S" href="s/s.xml"/>'
    stimulus = (
        b'<qti-assessment-stimulus identifier="S1" title="Text"><qti-stimulus-body><p>Read.</p>'
        b'<img src="p.png" alt="p"/></qti-stimulus-body></qti-assessment-stimulus>'
    )
    payload = document(CHOICE, RIGHT, reference)
    item = taken(payload, s__s_dot_xml=stimulus, s__p_dot_png=png())
    assert item.content.stimulus.code == item.metadata.stimulus == "S1"
    assert item.content.stimulus.body.startswith("<p>Read.</p><img src=")
    assert len(item.content.assets) == 1
    assert codes(refusal(payload)) == ["stimulus-missing"]


def test_supports_and_tools_that_are_not_delivered_are_told():
    more = "<qti-catalog-info/><qti-companion-materials-info/>"
    assert codes(taken(document(CHOICE, RIGHT, more=more))) == ["supports-left-out", "materials-left-out"]


def test_an_attribute_that_nobody_knows_is_told():
    item = taken(document(choice("one", "two", colour="red"), RIGHT))
    assert [one.hint for one in item.notes] == ["has colour='red', which is not understood"]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"<html/>", "not-an-item"),
        (b"<qti-assessment-test/>", "not-an-item"),
        (b"<qti-assessment-item", "qti-document"),
        (b"", "qti-document"),
    ],
)
def test_what_is_no_item_is_a_problem(payload, code):
    assert [one.code for one in read(payload).problems] == [code]


def test_the_original_is_kept_with_its_name():
    payload = simple()
    original = taken(payload).original
    assert (original.name, original.media_type, original.payload) == ("q.xml", "application/xml", payload)


def test_the_version_is_told_by_the_namespace():
    assert read(simple()).format == "qti3"
    two = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p{}" identifier="A"><itemBody/></assessmentItem>'
    )
    assert [read(two.format(minor).encode()).format for minor in (0, 1, 2)] == ["qti20", "qti21", "qti22"]
