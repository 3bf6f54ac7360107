"""OLX: responses of problems to items; courses, whose chapters are areas; embedded Python is never run."""

import io
import tarfile
import zipfile
from decimal import Decimal
from fractions import Fraction

import pytest

from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.markup import visible_text
from itembank.core.qti.scoring import ScoredBy
from itembank.core.scoring import Scorer, score_item
from itembank.formats.olx.parsing import parse_olx
from itembank.formats.parsed import Understood
from itembank.formats.qti.item import parse_scoring

SINGLE = """<multiplechoiceresponse><label>Which?</label><choicegroup type="MultipleChoice" shuffle="true">
<choice correct="false">red <choicehint>No, not red.</choicehint></choice><choice correct="true">blue</choice>
</choicegroup></multiplechoiceresponse>"""


def problem(inner, name="A problem"):
    return f'<problem display_name="{name}">{inner}</problem>'


def only(inner):
    parsed = parse_olx(problem(inner).encode())
    assert (parsed.problems, parsed.refused, parsed.format) == ((), (), "olx")
    (item,) = parsed.items
    return item


def rules(item):
    return [one.rule for one in item.key.responses]


def test_a_choice_with_its_hint_and_solution():
    item = only(
        f"<p>Colours.</p>{SINGLE}<solution><p>Sky.</p></solution><demandhint><hint>Look up.</hint></demandhint>"
    )
    asked = item.content.interactions[0]
    assert [one.content.strip() for one in asked.choices] == ["red", "blue"]
    assert asked.shuffle
    assert rules(item) == [MatchCorrect(correct=("B",))]
    assert visible_text(item.content.body) == "Colours. Which?"
    assert item.key.explanation == ("<p>Sky.</p><dl><dt>red</dt><dd>No, not red.</dd><dt>?</dt><dd>Look up.</dd></dl>")
    assert (item.content.title, item.code) == ("A problem", "A-problem")


def test_partial_points_of_a_choice():
    item = only(
        '<multiplechoiceresponse partial_credit="points"><choicegroup><choice correct="true">a</choice>'
        '<choice correct="partial" point_value="0.25">b</choice><choice correct="false">c</choice></choicegroup>'
        "</multiplechoiceresponse>"
    )
    program = parse_scoring(item.key.program.source.encode()).item
    scorer = Scorer(key=item.key, declarations=item.content.declarations, program=program)
    assert score_item(scorer, {"R1": ("B",)}).earned == Fraction(1, 4)


def test_all_responses_of_a_problem_count_the_same():
    item = only(
        SINGLE + '<choiceresponse><checkboxgroup><choice correct="true">x</choice><choice correct="true">y</choice>'
        '<choice correct="false">z</choice></checkboxgroup></choiceresponse>'
        "<optionresponse><p>Pick <optioninput options=\"('a','b')\" correct=\"b\"/> now.</p></optionresponse>"
        '<stringresponse answer="Seoul" type="ci"><additional_answer answer="서울"/><textline/></stringresponse>'
        '<numericalresponse answer="20"><responseparam type="tolerance" default="5%"/><formulaequationinput/>'
        "</numericalresponse>"
        '<numericalresponse answer="[1, 3]"><formulaequationinput/></numericalresponse>'
    )
    assert rules(item) == [
        MatchCorrect(correct=("B",)),
        MatchCorrect(correct=("A", "B")),
        MatchCorrect(correct=("B",)),
        MatchText(accepted=("Seoul", "서울")),
        MatchNumber(value=Decimal(20), tolerance=Decimal(1)),
        MatchNumber(value=Decimal(2), tolerance=Decimal(1)),
    ]
    assert 'Pick <span data-interaction="R3"></span> now.' in item.content.body
    assert item.understood is Understood.FULL


def test_formulas_between_the_marks_of_open_edx():
    item = only(f"<p>So [mathjaxinline]x^2[/mathjaxinline].</p>{SINGLE}")
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in item.content.body


def test_python_that_scores_is_left_to_a_person():
    item = only(
        '<script type="loncapa/python">def check(e, a): return True</script>'
        '<customresponse cfn="check"><p>Name a prime.</p><textline/></customresponse>'
    )
    assert item.key.scored_by is ScoredBy.HUMAN
    assert [one.code for one in item.notes] == ["program"]
    assert "def check" not in item.content.body


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (
            '<script>x = 3</script><p>What is $x?</p><numericalresponse answer="$y"><textline/></numericalresponse>',
            "program",
        ),
        ("<imageresponse><imageinput/></imageresponse>", "response-type"),
        (
            "<multiplechoiceresponse><choicegroup><choice>a</choice></choicegroup></multiplechoiceresponse>",
            "key-missing",
        ),
        ('<optionresponse><optioninput options="__import__(1)" correct="a"/></optionresponse>', "options"),
        ('<numericalresponse answer="3*x"><textline/></numericalresponse>', "number"),
        ('<p><img src="/static/a.png"/></p>' + SINGLE, "figure-missing"),
    ],
)
def test_what_cannot_be_an_item_is_left_out_with_its_reason(inner, code):
    (left_out,) = parse_olx(problem(inner).encode()).refused
    assert left_out.notes[-1].code == code
    assert left_out.where == "line 1"


FILES = {
    "c/course.xml": '<course url_name="2026" org="o" course="c"/>',
    "c/course/2026.xml": '<course display_name="C"><chapter url_name="ch1"/></course>',
    "c/chapter/ch1.xml": '<chapter display_name="Rules"><sequential url_name="s1"/></chapter>',
    "c/sequential/s1.xml": '<sequential display_name="Signs"><vertical url_name="v1"/></sequential>',
    "c/vertical/v1.xml": '<vertical><problem url_name="p1"/></vertical>',
    "c/problem/p1.xml": problem(f"<p>One</p>{SINGLE}"),
    "c/problem/p2.xml": problem(f"<p>Two</p>{SINGLE}"),
    "c/problem/bad.xml": "<problem>",
    "c/policies/grading.xml": "<x/>",
}


def packed(kind):
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w") as archive:
            for name, words in FILES.items():
                archive.writestr(name, words)
    else:
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            for name, words in FILES.items():
                member = tarfile.TarInfo(name)
                member.size = len(words)
                archive.addfile(member, io.BytesIO(words.encode()))
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_course_gives_its_problems_under_its_chapters(kind):
    parsed = parse_olx(packed(kind))
    assert [(one.code, one.area_code) for one in parsed.items] == [("p1", "Signs"), ("p2", "unsorted")]
    assert [(one.code, one.parent) for one in parsed.areas][:2] == [("Rules", ""), ("Signs", "Rules")]
    assert [one.code for one in parsed.warnings] == ["xml-refused", "no-category"]


def test_a_tar_with_a_link_or_a_way_out_is_refused():
    for name, link in (("../x.xml", ""), ("x.xml", "/etc/passwd")):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w:gz") as archive:
            member = tarfile.TarInfo(name)
            if link:
                member.type, member.linkname = tarfile.SYMTYPE, link
            archive.addfile(member)
        assert [one.code for one in parse_olx(stream.getvalue()).problems] == ["zip-refused"]


def test_a_tar_with_holes_is_refused():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("x.xml")
        member.type, member.size = tarfile.GNUTYPE_SPARSE, 1 << 40
        archive.addfile(member)
    [problem] = parse_olx(stream.getvalue()).problems
    assert (problem.code, "holes" in problem.hint) == ("zip-refused", True)


@pytest.mark.parametrize(
    "payload", [b"", b"<problem", b"\x1f\x8b", b"PK\x03\x04", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"]
)
def test_what_is_no_olx_is_refused_as_a_whole(payload):
    assert parse_olx(payload).problems
