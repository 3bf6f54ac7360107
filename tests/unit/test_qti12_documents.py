"""QTI 1.2 documents: what is opened, how items get codes, areas and bodies, and what is refused."""

import base64

import pytest

from itembank.core.interactions import ChoiceInteraction
from itembank.core.markup import places
from itembank.formats.parsed import Understood
from itembank.formats.qti12.document import parse_qti12
from tests.factories_itembank import PNG
from tests.factories_qti12 import condition, equal, item, lid, only, parsed, processed, text, typed

RIGHT = processed(condition(equal("R", "A"), "Set 1"))
PLAIN = item(text("Which?") + lid("R", {"A": "one", "B": "two"}), RIGHT)


def test_a_doctype_is_accepted_and_never_loaded() -> None:
    head = '<!DOCTYPE questestinterop SYSTEM "file:///etc/passwd" [<!ELEMENT extra (#PCDATA)>]>'
    assert len(parsed(PLAIN, head=head).items) == 1


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b'<!DOCTYPE q [<!ENTITY x "y">]><questestinterop/>', "qti-document"),
        (b"<questestinterop><item></questestinterop>", "qti-document"),
        (b"<quiz><question type='essay'/></quiz>", "not-qti12"),
        (b"", "qti-document"),
    ],
)
def test_what_is_no_such_document_is_a_problem(payload: bytes, code: str) -> None:
    assert [problem.code for problem in parse_qti12(payload).problems] == [code]


def test_sections_become_areas_inside_each_other() -> None:
    inner = f'<section ident="s" title="Unit 1.2">{PLAIN}</section>'
    found = parsed(
        f'<assessment ident="a" title="Chemistry"><section ident="root_section">{inner}</section></assessment>'
    )
    assert [(area.code, area.parent) for area in found.areas] == [("Chemistry", ""), ("Unit-1-2", "Chemistry")]
    assert [one.area_code for one in found.items] == ["Unit-1-2"]


def test_korean_titles_are_codes_of_areas() -> None:
    found = parsed(
        f'<objectbank ident="b"><qtimetadata><qtimetadatafield><fieldlabel>bank_title</fieldlabel>'
        f"<fieldentry>기본 화학</fieldentry></qtimetadatafield></qtimetadata>{PLAIN}</objectbank>"
    )
    assert [area.code for area in found.areas] == ["기본-화학"]


def test_items_with_one_name_get_codes_of_their_own() -> None:
    assert [one.code for one in parsed(PLAIN, PLAIN, PLAIN.replace('ident="I1"', "")).items] == ["I1", "I1-2", "item-3"]


def test_names_that_are_no_identifiers_are_replaced_the_same_everywhere() -> None:
    xml = item(lid("1 a", {"4155": "one", "b c": "two"}), processed(condition(equal("1 a", "b c"), "Set 1")))
    one = only(xml)
    (choice,) = one.content.interactions
    assert isinstance(choice, ChoiceInteraction)
    assert [option.identifier for option in choice.choices] == ["_4155", "b_c"]
    assert places(one.content.body) == (choice.response,) == (one.key.responses[0].identifier,)


def test_blanks_stand_in_their_line() -> None:
    one = only(item(text("Now is the ") + typed("R") + text(" of our discontent"), RIGHT))
    assert one.content.body == '<p>Now is the <span data-interaction="R"></span> of our discontent</p>'


def test_marks_of_our_own_do_not_come_in_from_outside() -> None:
    sly = text('&lt;span data-interaction="R"&gt;&lt;/span&gt;').replace("<mattext>", '<mattext texttype="text/html">')
    one = only(item(sly + text("Which?") + lid("R", {"A": "one", "B": "two"}), RIGHT))
    assert places(one.content.body) == ("R",)


@pytest.mark.parametrize("html", ["&lt;script&gt;1&lt;/script&gt;", "&lt;p onclick='x'&gt;a&lt;/p&gt;"])
def test_active_content_refuses_the_item(html: str) -> None:
    material = text(html).replace("<mattext>", '<mattext texttype="text/html">')
    found = parsed(item(material + lid("R", {"A": "one", "B": "two"}), RIGHT), PLAIN)
    assert [note.code for one in found.refused for note in one.notes] == ["active-content"]
    assert len(found.items) == 1


def test_a_missing_picture_makes_the_item_partial() -> None:
    image = text("&lt;img src='$IMS-CC-FILEBASE$/a.png' alt='a'&gt;").replace(
        "<mattext>", '<mattext texttype="text/html">'
    )
    one = only(item(image + lid("R", {"A": "one", "B": "two"}), RIGHT))
    assert (one.understood, [note.code for note in one.notes]) == (Understood.PARTIAL, ["figure-missing"])


def test_embedded_pictures_are_kept() -> None:
    packed = base64.b64encode(PNG).decode()
    image = f'<material><matimage imagtype="image/png" embedded="base64" label="dot">{packed}</matimage></material>'
    one = only(item(image + lid("R", {"A": "one", "B": "two"}), RIGHT))
    assert [asset.payload for asset in one.assets] == [PNG]
    assert f'<img src="asset:{one.assets[0].ref.sha256}" alt="dot">' in one.content.body


def test_formulas_of_canvas_become_mathml() -> None:
    image = '&lt;img class="equation_image" src="/equation_images/x" alt="LaTeX: x^2" data-equation-content="x^2"&gt;'
    material = text(image).replace("<mattext>", '<mattext texttype="text/html">')
    one = only(item(material + lid("R", {"A": "one", "B": "two"}), RIGHT))
    assert "<msup>" in one.content.body
    assert one.understood is Understood.FULL


def test_the_original_of_the_item_is_kept_as_it_was() -> None:
    one = only(PLAIN)
    assert one.original is not None
    assert one.original.payload.startswith(b'<item ident="I1"')
    assert one.original.payload.endswith(b"</item>")


def test_items_that_are_elsewhere_are_named() -> None:
    found = parsed(f'<section ident="s"><bankentry_item item_ref="other"/>{PLAIN}</section>')
    assert [warning.code for warning in found.warnings] == ["items-elsewhere"]
