"""GIFT as it is written: what it looks like, what it cannot carry, and what is left out."""

from pathlib import Path

import pytest

from cbt.kernel.titles import Title
from itembank.core.metadata import ItemMetadata
from itembank.formats.bank_file import parse_bank
from itembank.formats.gift.parsing import parse_gift
from itembank.formats.gift.writing import write_gift
from itembank.formats.moodle.parsing import parse_moodle
from itembank.formats.moodle.writing import write_moodle
from itembank.formats.olx.parsing import parse_olx
from itembank.formats.parsed import ParsedArea
from tests.factories_moodle import answer, file, png, question, quiz
from tests.factories_questions import leaving

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "gift").glob("*.gift"))


def read(text):
    return parse_gift(text.encode()).items


def test_a_question_looks_like_gift():
    (item,) = read("// [id:K1] [tag:easy]\n::Tomb::Who is {~Grant =no\\=one ~%50%both} there?")
    written = write_gift([leaving(item)])
    assert written.payload.decode() == (
        "$CATEGORY: $course$/top/unsorted\n\n// [id:K1] [tag:easy]\n::Tomb::[html]<p>Who is {\n"
        "~Grant\n=no\\=one\n~%50%both} there?</p>\n"
    )
    assert [(one.code, one.left_out, one.notes) for one in written.items] == [("K1", False, ())]


def test_a_category_is_written_when_it_changes():
    items = read("$CATEGORY: A\n\nx {T}\n\ny {F}\n\n$CATEGORY: B\n\nz {T}")
    text = write_gift([leaving(one) for one in items]).payload.decode()
    assert text.count("$CATEGORY: $course$/top/A\n") == 1
    assert [one.area_code for one in parse_gift(text.encode()).items] == ["A", "A", "B"]


def test_pictures_travel_inside_the_text():
    parsed = parse_moodle(
        quiz(
            question(
                "truefalse",
                answer("true", 100),
                answer("false"),
                words='<p><img src="@@PLUGINFILE@@/a.png" alt="a"></p>',
                more=file("a.png", png()),
            )
        )
    )
    written = write_gift([leaving(parsed.items[0])])
    (back,) = parse_gift(written.payload).items
    assert back.assets[0].payload == png()
    assert [one.hint for one in written.items[0].notes] == ["the names of the pictures"]


def test_what_gift_does_not_carry_is_named():
    (item,) = read("::T:: x {T}")
    area = ParsedArea(code="unsorted", parent="", title=Title(ko="x", en="x"))
    leaving_item = leaving(item, difficulty_logit=1.0)
    assert leaving_item.areas[0].code == area.code
    metadata = ItemMetadata(level="hard", fields={"source": "book"})
    sent = type(leaving_item)(
        code="T",
        areas=(area,),
        content=item.content,
        key=type(item.key)(responses=item.key.responses, references=("Law 1",)),
        metadata=metadata,
        difficulty_logit=1.0,
    )
    (report,) = write_gift([sent]).items
    assert [one.hint for one in report.notes] == [
        "the references",
        "the difficulty",
        "metadata (level, enemies, stimulus, time, statistics)",
        "the fields source",
    ]


def test_what_gift_cannot_say_is_left_out_by_name():
    ordering = question("ordering", answer("a"), answer("b"))
    (item,) = parse_moodle(quiz(ordering)).items
    written = write_gift([leaving(item)])
    assert written.payload == b""
    assert written.items[0].left_out
    assert "Order" in written.items[0].notes[0].hint


def test_all_or_nothing_of_several_options_is_named_as_lost():
    problem = (
        '<problem display_name="P"><choiceresponse><p>Which?</p><checkboxgroup><choice correct="true">a</choice>'
        '<choice correct="true">b</choice><choice correct="false">c</choice></checkboxgroup></choiceresponse></problem>'
    )
    (item,) = parse_olx(problem.encode()).items
    (report,) = write_gift([leaving(item)]).items
    assert "the scoring" in [one.hint for one in report.notes]


@pytest.mark.skipif(not SAMPLES, reason="no sample data beside the project")
@pytest.mark.parametrize("write", [write_gift, write_moodle])
def test_all_published_samples_go_out_whole(write):
    items = [item for sample in SAMPLES for item in parse_bank(sample.read_bytes()).items]
    assert len(items) > 80
    assert [one for one in write([leaving(item) for item in items]).items if one.notes or one.left_out] == []
