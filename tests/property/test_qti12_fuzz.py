"""Whatever bytes come, reading QTI 1.2 gives an account and never anything but one."""

from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.formats.parsed import Parsed
from itembank.formats.qti12.document import parse_qti12
from tests.factories_qti12 import condition, equal, item, lid, processed, text, typed


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NAMES: Final = words(
    """assessment section objectbank item presentation flow material mattext matimage mataudio matref matbreak
    response_lid response_str response_num response_xy response_grp response_extension render_choice render_fib
    render_hotspot render_slider render_extension response_label flow_label resprocessing outcomes decvar respcondition
    conditionvar and or not other unanswered varequal vargt varlte varinside varsubset varsubstring durequal setvar
    displayfeedback itemfeedback solution hint itemmetadata qtimetadata qtimetadatafield fieldlabel fieldentry
    itemproc_extension calculated var_sets var_set var answer answer_tolerance rubric selection_ordering"""
)
ATTRIBUTES: Final = words(
    """ident title rcardinality respident varname action continue case index margin margintype precision precisiontype
    areatype rarea linkrefid label uri texttype charset embedded width height x0 y0 fibtype numtype rows maxchars
    maxnumber minnumber lowerbound upperbound step shuffle rshuffle match_group match_max view defaultval maxvalue"""
)
VALUES: Final = (
    *words("A B R SCORE Single Multiple Ordered Yes No Set Add Divide 0 1 -1 1e999 0.5 1,2,3,4 0.1,0.2,0.3,0.4"),
    *words("Rectangle Ellipse Bounded text/html base64 Integer Decimal question_type calculated_question"),
    *words("fill_in_multiple_blanks_question hot_spot_question essay_question matching_question response_x"),
    *words("categorization_question numerical_question 99999999999999999999 NaN ∞ 가 ٣"),
    *("", "[x] &amp; [A]", "&lt;p&gt;x", "&lt;img src='a.png'&gt;", "\\(x^2\\)"),
)
# What may stand in what, so that trees reach far into the reader.
INSIDE: Final = {
    "questestinterop": ("item", "section", "objectbank"),
    "section": ("item", "section", "selection_ordering"),
    "objectbank": ("item", "qtimetadata"),
    "item": ("presentation", "resprocessing", "itemfeedback", "itemmetadata", "rubric", "itemproc_extension"),
    "presentation": ("material", "flow", "response_lid", "response_str", "response_num", "response_xy", "response_grp"),
    "flow": ("material", "response_lid", "response_str", "response_num", "response_xy", "response_grp"),
    **dict.fromkeys(
        ("response_lid", "response_str", "response_num", "response_xy", "response_grp"),
        ("render_choice", "render_fib", "render_hotspot", "render_slider", "render_extension", "material"),
    ),
    **dict.fromkeys(("render_choice", "render_fib", "render_hotspot", "render_slider"), ("response_label", "material")),
    "response_label": ("material",),
    "material": ("mattext", "matimage", "mataudio", "matref", "matbreak"),
    "resprocessing": ("outcomes", "respcondition"),
    "outcomes": ("decvar",),
    "respcondition": ("conditionvar", "setvar", "displayfeedback"),
    **dict.fromkeys(("conditionvar", "and", "or", "not"), NAMES[NAMES.index("and") : NAMES.index("setvar")]),
    "itemmetadata": ("qtimetadata",),
    "qtimetadata": ("qtimetadatafield",),
    "qtimetadatafield": ("fieldlabel", "fieldentry"),
    "itemproc_extension": ("calculated",),
    "calculated": ("var_sets", "answer_tolerance"),
    "var_sets": ("var_set",),
    "var_set": ("var", "answer"),
}
SAMPLE: Final = (
    "<questestinterop>"
    + item(
        text("A [x]") + lid("R", {"A": "one", "B": "two"}, cardinality="Multiple") + typed("T", kind="Decimal"),
        processed(
            condition(equal("R", "A") + f"<not>{equal('R', 'B')}</not>", "Add 5", go_on="Yes"),
            condition('<vargte respident="T">1</vargte><varlt respident="T">2</varlt>', "Add 5"),
            condition("<other/>", "Set 0", shown="F"),
        ),
        fields={"question_type": "numerical_question", "points_possible": "1"},
        rest=f'<itemfeedback ident="F">{text("no")}</itemfeedback>',
    )
    + "</questestinterop>"
)
FIXTURES: Final = Path(__file__).parents[3] / "shared" / "fixtures" / "instructure-qti12"


def tree(name: str, chance: Random, depth: int = 8) -> str:
    """Return an element with anything in it, mostly what may stand there."""
    attributes = {chance.choice(ATTRIBUTES): chance.choice(VALUES) for _ in range(chance.randrange(4))}
    if name.startswith(("response_", "var", "dur")):
        attributes |= {"respident": "R"} if name.startswith(("var", "dur")) else {"ident": chance.choice("RAB")}
    spelled = "".join(f' {key}="{value}"' for key, value in attributes.items())
    inner = []
    for _ in range(chance.randrange(4) if depth else 0):
        fitting = chance.random() < 0.9 and name in INSIDE
        inner.append(tree(chance.choice(INSIDE[name] if fitting else NAMES), chance, depth - 1))
    return f"<{name}{spelled}>{chance.choice(VALUES)}{''.join(inner)}</{name}>"


def accounted(parsed: Parsed) -> None:
    assert parsed.format == "qti12" or parsed.problems
    assert all(one.notes for one in parsed.refused)
    assert len({one.code for one in parsed.items}) == len(parsed.items)


@given(st.integers(min_value=0))
@settings(deadline=None)
def test_any_tree_of_its_elements_is_accounted_for(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - only the shape of a test's tree
    accounted(parse_qti12(tree("questestinterop", chance).encode()))


@given(st.data())
@settings(deadline=None)
def test_a_document_with_changed_words_is_accounted_for(data: st.DataObject) -> None:
    changed = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        old = data.draw(st.sampled_from((*NAMES, *VALUES[1:20], "respident", "R", "T")))
        changed = changed.replace(old, data.draw(st.sampled_from((*NAMES, *VALUES))), data.draw(st.integers(1, 3)))
    accounted(parse_qti12(changed.encode()))


@given(st.data())
@settings(deadline=None)
def test_a_document_with_changed_bytes_is_accounted_for(data: st.DataObject) -> None:
    payload = bytearray(SAMPLE.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(payload) - 1))
        payload[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    accounted(parse_qti12(bytes(payload)))


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the sample data is not beside the project")
@given(st.data())
@settings(deadline=None)
def test_a_published_document_with_pieces_cut_out_or_doubled_is_accounted_for(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(FIXTURES.glob("items_1.2/*.xml"))))
    lines = path.read_text("utf-8").splitlines()
    start = data.draw(st.integers(0, len(lines) - 1))
    end = min(len(lines), start + data.draw(st.integers(1, 8)))
    changed = lines[:start] + lines[start:end] * data.draw(st.sampled_from((0, 2))) + lines[end:]
    accounted(parse_qti12("\n".join(changed).encode(), name=path.stem))
