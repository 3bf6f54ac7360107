"""Moodle XML as it is written: pictures as files, categories with codes, and what is left out or not carried."""

import pytest

from cbt.kernel.titles import Title
from itembank.formats.exported import ExportItem
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.moodle.writing import write_moodle
from itembank.formats.parsed import ParsedArea
from tests.factories_moodle import answer, file, png, question, quiz, text
from tests.factories_questions import leaving, said

TRUTH = (answer("true", 100), answer("false"))
OPTIONS = "".join(
    f"<dragbox><text>{word}</text>{more}</dragbox>" for word, more in (("one", ""), ("two", "<infinite/>"))
)
PAIRS = "".join(
    f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
    for left, right in (("a &amp;lt; b", "x &lt; y"), ("c", "z"), ("", "w"))
)
SEVERAL = ("<single>false</single>", answer("<b>a</b>", 50), answer("b", 50), answer("c", -50))


@pytest.mark.parametrize(
    "one",
    [
        question("description"),
        question("truefalse", *TRUTH, text("generalfeedback", "<p>So it is.</p>")),
        question(
            "multichoice", "<shuffleanswers>false</shuffleanswers><answernumbering>123</answernumbering>", *SEVERAL
        ),
        question("matching", "<shuffleanswers>true</shuffleanswers>", PAIRS),
        question("ddwtos", OPTIONS, words="<p>[[2]], [[1]] and [[2]]</p>"),
        question("ordering", "<gradingtype>ALL_OR_NOTHING</gradingtype>", answer("x"), answer("y")),
        question("essay", "<responseformat>noinline</responseformat><graderinfo><text>Look.</text></graderinfo>"),
        question("essay", "<responsefieldlines>7</responsefieldlines>", "<defaultgrade>2.5</defaultgrade>"),
        question("shortanswer", "<usecase>1</usecase>", answer("a*", 100), answer("<b>", 50)),
        question(
            "gapselect",
            "<selectoption><text>a</text></selectoption><selectoption><text>b</text></selectoption>",
            words="[[2]] [[1]]",
        ),
        question("cloze", words="<p>{2:MCH:=<b>x</b>~%50%y\\}} {1:MRS:=x~%-50%y} {1:NM:=3:0.5~%50%*}</p>"),
        question(
            "truefalse",
            *TRUTH,
            words='<p><img src="@@PLUGINFILE@@/my%20a.png" alt="1"><img src="@@PLUGINFILE@@/b.png" alt="2"></p>',
            more=file("my a.png", png()) + file("b.png", png(5, 5)),
        ),
    ],
)
def test_each_type_reads_back_as_it_was(one):
    parsed = parse_moodle(quiz(one))
    assert parsed.refused == ()
    (item,) = parsed.items
    written = write_moodle([leaving(item)])
    assert [(report.left_out, report.notes) for report in written.items] == [(False, ())]
    (back,) = parse_moodle(written.payload).items
    assert said(back) == said(item)
    assert back.assets == item.assets
    assert back.metadata == item.metadata


def test_categories_keep_titles_and_codes():
    (item,) = parse_moodle(quiz(question("truefalse", *TRUTH))).items
    above = ParsedArea(code="T1", parent="", title=Title(ko="규칙", en="Rules / signs"))
    area = ParsedArea(code="T1A", parent="T1", title=Title(ko="표지", en="Signs"))
    sent = ExportItem(code=item.code, areas=(above, area), content=item.content, key=item.key)
    written = write_moodle([sent, sent])
    assert written.payload.count(b'type="category"') == 2
    parsed = parse_moodle(written.payload)
    assert [(one.code, one.parent, one.title.en) for one in parsed.areas] == [
        ("T1", "", "Rules / signs"),
        ("T1A", "T1", "Signs"),
    ]
    assert parsed.items[0].area_code == "T1A"


def test_what_moodle_cannot_say_is_left_out_by_name():
    marker = question(
        "ddmarker",
        file("m.png", png()),
        "<drag><no>1</no><text>x</text></drag>",
        "<drop><shape>circle</shape><coords>1,1;1</coords><choice>1</choice></drop>",
    )
    (item,) = parse_moodle(quiz(marker)).items
    written = write_moodle([leaving(item)])
    assert written.items[0].left_out
    assert parse_moodle(written.payload).items == ()


def test_a_missing_picture_leaves_the_item_out():
    shown = question("truefalse", *TRUTH, words='<img src="@@PLUGINFILE@@/a.png" alt="a">', more=file("a.png", png()))
    (item,) = parse_moodle(quiz(shown)).items
    sent = ExportItem(code="A", areas=leaving(item).areas, content=item.content, key=item.key)
    assert write_moodle([sent]).items[0].left_out
