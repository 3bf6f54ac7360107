"""The personal needs profile: read from fields, kept as a document, told to the exam screen."""

import pytest

from cbt.people.core.inputs import Fields
from cbt.scheduling.core.needs import (
    NO_NEEDS,
    Layout,
    Needs,
    Scale,
    Theme,
    Tool,
    Unmet,
    from_document,
    needs_fields,
    read_needs,
    screen_settings,
    to_document,
)
from cbt.scheduling.core.registrations import REGISTRATION_HINTS

FULL = Needs(
    theme=Theme.CONTRAST,
    scale=Scale.LARGEST,
    layout=Layout.SINGLE,
    tools=(Tool.LINE_READER, Tool.MASKING),
    without=(Tool.NOTES,),
    breaks=True,
    unmet=(Unmet.SPOKEN,),
    note="own keyboard",
)


def _read(**raw):
    fields = Fields(raw, REGISTRATION_HINTS)
    return read_needs(fields), {problem.where: problem.code for problem in fields.problems()}


@pytest.mark.parametrize("needs", [NO_NEEDS, FULL])
def test_a_profile_survives_its_document_and_its_fields(needs):
    assert from_document(to_document(needs)) == needs
    assert _read(**needs_fields(needs)) == (needs, {})


def test_somebody_without_needs_leaves_an_empty_document():
    assert to_document(NO_NEEDS) == {}


def test_tables_may_say_it_in_korean_and_with_other_signs_between():
    needs, problems = _read(
        text_size="150 %", colours="고대비", layout="한 단", tools="돋보기; 줄 읽기 자 | 메모", breaks="예"
    )
    assert problems == {}
    assert (needs.scale, needs.theme, needs.layout) == (Scale.LARGE, Theme.CONTRAST, Layout.ONE_COLUMN)
    assert needs.tools == (Tool.LINE_READER, Tool.NOTES, Tool.MAGNIFIER)
    assert needs.breaks


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({"text_size": "300"}, ("text_size", "bad-text-size")),
        ({"colours": "pink"}, ("colours", "bad-colours")),
        ({"layout": "3"}, ("layout", "bad-layout")),
        ({"tools": "highlighter, laser"}, ("tools", "bad-tool")),
        ({"unmet": "money"}, ("unmet", "bad-need")),
        ({"breaks": "perhaps"}, ("breaks", "bad-yes-no")),
        ({"tools": "notes", "without": "notes"}, ("without", "tool-both")),
        ({"note": "900101-1234567"}, ("note", "resident-number")),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(raw, problem):
    assert _read(**raw)[1] == dict([problem])


def test_the_screen_gets_the_tools_of_the_exam_and_of_the_profile_without_those_taken_away():
    settings = screen_settings((Tool.HIGHLIGHTER, Tool.NOTES), FULL)
    assert settings == {
        "theme": "contrast",
        "scale": "200",
        "layout": "single",
        "tools": ["highlighter", "line-reader", "masking"],
        "sign_language": False,
        "read_aloud": True,
    }
    assert screen_settings((), NO_NEEDS)["tools"] == []
    assert [screen_settings((), NO_NEEDS)[name] for name in ("theme", "scale", "layout")] == [None, None, None]
