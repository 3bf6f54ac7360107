"""Every interaction of QTI to its value: options, numbers, areas, pictures, and where it stands."""

import pytest

from itembank.core import interactions as qti
from itembank.core.documents import content_document, content_from
from itembank.core.qti.scoring import ScoredBy
from itembank.core.qti.shapes import Area, Shape
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.parsed import Understood
from tests.factories_qti_bank import TWO, choice, codes, declared, document, png, refusal, taken

PAIRS = {"cardinality": "multiple", "kind": "directedPair"}
IMAGE = '<img src="p.png" alt="map"/>'
SPOT = '<qti-{} identifier="{}" shape="rect" coords="0,0,5,5" match-max="2" hotspot-label="left"/>'


def only(body: str, *declarations: str, processing: str = "") -> qti.Interaction:
    item = taken(document(body, *declarations, processing=processing), p_dot_png=png(20, 10), s_dot_png=png(4, 2))
    assert content_from(content_document(item.content)) == item.content
    (found,) = item.content.interactions
    return found


def ask(name: str, inner: str = "", **given: str) -> str:
    words = "".join(f' {key.replace("_", "-")}="{text}"' for key, text in given.items())
    return f'<qti-{name}-interaction response-identifier="RESPONSE"{words}>{inner}</qti-{name}-interaction>'


def option(identifier: str, words: str = "", name: str = "simple-associable-choice", **given: str) -> str:
    more = "".join(f' {key.replace("_", "-")}="{text}"' for key, text in given.items())
    return f'<qti-{name} identifier="{identifier}"{more}>{words or identifier}</qti-{name}>'


def test_a_choice_has_prompt_options_limits_and_classes():
    found = only(
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="2" min-choices="1" shuffle="true" '
        'class="qti-labels-decimal big" orientation="horizontal"><qti-prompt>Pick <b>two</b></qti-prompt>'
        '<qti-simple-choice identifier="A"><p>one</p></qti-simple-choice>'
        '<qti-simple-choice identifier="B" fixed="true">two</qti-simple-choice></qti-choice-interaction>',
        declared(cardinality="multiple"),
    )
    assert found == qti.ChoiceInteraction(
        response="RESPONSE",
        prompt="Pick <b>two</b>",
        classes=("qti-labels-decimal", "qti-orientation-horizontal"),
        choices=(qti.Choice(identifier="A", content="one"), qti.Choice(identifier="B", content="two", pinned=True)),
        max_choices=2,
        min_choices=1,
        shuffle=True,
    )


@pytest.mark.parametrize(("cardinality", "most"), [("single", 1), ("multiple", 0)])
def test_without_a_word_of_it_a_single_response_takes_one_choice(cardinality, most):
    assert only(choice("one", "two"), declared(cardinality=cardinality)).max_choices == most


def test_order_associate_and_inline_choice():
    simple = option("A", name="simple-choice") + option("B", name="simple-choice")
    assert isinstance(only(ask("order", simple), declared(cardinality="ordered")), qti.OrderInteraction)
    pairs = option("A", match_max="1") + option("B", match_max="2", match_min="1")
    associated = only(ask("associate", pairs, max_associations="3"), declared(cardinality="multiple", kind="pair"))
    assert associated.max_associations == 3
    assert associated.choices[1] == qti.Choice(identifier="B", content="B", match_max=2, match_min=1)
    inline = ask("inline-choice", option("A", name="inline-choice"), required="true")
    item = taken(document(f"<p>I {inline} it</p>", declared(), processing=""))
    assert item.content.body == '<p>I <span data-interaction="RESPONSE"></span> it</p>'
    assert item.content.interactions[0].required


def test_a_match_has_two_sets():
    sets = f"<qti-simple-match-set>{option('A')}</qti-simple-match-set>"
    found = only(
        ask("match", sets + f"<qti-simple-match-set>{option('X')}{option('Y')}</qti-simple-match-set>"),
        declared(**PAIRS),
    )
    assert [len(found.sources), len(found.targets), found.max_associations] == [1, 2, 0]
    assert codes(refusal(document(ask("match", sets), declared(**PAIRS), processing="")))[0] == "wrong-sets"


def test_a_gap_match_has_places_in_its_text():
    inner = (
        '<qti-prompt>Fill</qti-prompt><qti-gap-text identifier="T" match-max="2">x<sup>2</sup></qti-gap-text>'
        f'<qti-gap-img identifier="I" match-max="1">{IMAGE}</qti-gap-img>'
        '<p>a <qti-gap identifier="G1"/> b <qti-gap identifier="G2"/></p>'
    )
    found = only(ask("gap-match", inner), declared(**PAIRS))
    assert found.content == '<p>a <span data-gap="G1"></span> b <span data-gap="G2"></span></p>'
    assert (found.gaps, found.prompt) == (("G1", "G2"), "Fill")
    assert found.choices == (qti.Choice(identifier="T", content="x<sup>2</sup>", match_max=2),)
    assert found.images[0].picture.width == 20


def test_a_hottext_has_words_to_choose():
    inner = '<p>a <qti-hottext identifier="H1">big <em>cat</em></qti-hottext>.</p>'
    found = only(ask("hottext", inner, max_choices="1"), declared())
    assert found.content == '<p>a <span data-hottext="H1">big <em>cat</em></span>.</p>'
    assert found.hottexts == ("H1",)


def test_hotspots_have_areas_labels_and_a_picture_in_its_own_pixels():
    found = only(ask("hotspot", IMAGE + SPOT.format("hotspot-choice", "A"), max_choices="1"), declared())
    assert found.hotspots == (
        qti.Hotspot(identifier="A", area=Area(shape=Shape.RECT, coords=(0, 0, 5, 5)), label="left", match_max=2),
    )
    assert (found.picture.width, found.picture.height, found.picture.alt) == (20, 10, "map")


def test_the_written_size_of_a_picture_counts_before_its_own():
    found = only(
        ask("select-point", '<object data="p.png" type="image/png" width="200" height="100"/>'), declared(kind="point")
    )
    assert (found.picture.width, found.picture.height) == (200, 100)


@pytest.mark.parametrize(
    ("name", "kind", "given", "made"),
    [
        ("graphic-order", "hotspot-choice", {"cardinality": "ordered"}, qti.GraphicOrderInteraction),
        (
            "graphic-associate",
            "associable-hotspot",
            {"cardinality": "multiple", "kind": "pair"},
            qti.GraphicAssociateInteraction,
        ),
        ("graphic-gap-match", "associable-hotspot", PAIRS, qti.GraphicGapMatchInteraction),
    ],
)
def test_the_graphic_ones_have_their_spots(name, kind, given, made):
    texts = '<qti-gap-text identifier="T">t</qti-gap-text>' if name == "graphic-gap-match" else ""
    found = only(ask(name, IMAGE + texts + SPOT.format(kind, "A")), declared(**given))
    assert isinstance(found, made)
    assert [one.identifier for one in found.hotspots] == ["A"]


def test_position_object_stands_on_its_stage():
    inner = ask("position-object", '<img src="s.png" alt="pin"/>', max_choices="2", center_point="1 2")
    found = only(
        f"<qti-position-object-stage>{IMAGE}{inner}</qti-position-object-stage>",
        declared(kind="point", cardinality="multiple"),
    )
    assert (found.stage.width, found.picture.width, found.center, found.max_choices) == (20, 4, (1, 2), 2)


def test_text_entry_and_extended_text():
    entry = only(ask("text-entry", expected_length="5", placeholder_text="e.g. 3"), declared(kind="string"))
    assert entry == qti.TextEntryInteraction(response="RESPONSE", expected_length=5, placeholder_hint="e.g. 3")
    long = only(ask("extended-text", expected_lines="4", format="preformatted"), declared(kind="string"))
    assert (long.expected_lines, long.preformatted) == (4, True)


def test_a_slider_keeps_its_numbers_as_they_are_written():
    found = only(
        ask("slider", lower_bound="0.10", upper_bound="1", step="0.05", orientation="vertical"), declared(kind="float")
    )
    assert (found.lower, found.upper, found.step, found.vertical) == ("0.10", "1", "0.05", True)
    wrong = document(ask("slider", lower_bound="5", upper_bound="1"), declared(kind="float"), processing="")
    assert codes(refusal(wrong))[0] == "wrong-number"


def test_upload_drawing_media_and_end_attempt():
    assert only(ask("upload", type="image/png text/plain"), declared(kind="file")).media_types == (
        "image/png",
        "text/plain",
    )
    assert only(ask("drawing", IMAGE), declared(kind="file")).picture.alt == "map"
    sound = document(
        ask("media", '<audio src="a.mp3"/>', max_plays="2", autostart="true"), declared(kind="integer"), processing=""
    )
    played = taken(sound, a_dot_mp3=b"ID3rest").content.interactions[0]
    assert (played.media_type, played.max_plays, played.autostart) == ("audio/mpeg", 2, True)
    assert codes(refusal(sound, a_dot_mp3=b"<html>"))[0] == "media-refused"
    button = only(ask("end-attempt", title="Hint", count_attempt="false"), declared(kind="boolean"))
    assert (button.title, button.count_attempt) == ("Hint", False)


def test_vendor_code_is_never_run_and_a_person_scores_the_item():
    inner = "<script>x()</script><v:markup xmlns:v='urn:v'>anything</v:markup>"
    item = taken(document(ask("portable-custom", inner), declared("RESPONSE", "3", kind="integer")))
    assert isinstance(item.content.interactions[0], qti.ExtendedTextInteraction)
    assert (item.content.declarations[0].base_type, item.content.declarations[0].cardinality) == (
        BaseType.STRING,
        Cardinality.SINGLE,
    )
    assert (item.key.scored_by, item.understood) == (ScoredBy.HUMAN, Understood.PARTIAL)
    assert "vendor-interaction" in codes(item)


def test_several_interactions_stand_where_they_stood():
    body = f"<p>{ask('text-entry').replace('RESPONSE', 'A')}</p>{choice('one', response='B')}"
    item = taken(document(body, declared("A", kind="string"), declared("B"), processing=""))
    assert item.content.body == '<p><span data-interaction="A"></span></p><div data-interaction="B"></div>'
    assert [one.response for one in item.content.interactions] == ["A", "B"]


def test_old_names_read_the_same():
    two = (
        f'<assessmentItem {TWO} identifier="Q1" title="One"><responseDeclaration identifier="RESPONSE" '
        'cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse>'
        '</responseDeclaration><outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        '<itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1" shuffle="false">'
        '<simpleChoice identifier="A">one</simpleChoice></choiceInteraction></itemBody>'
        '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
        "</assessmentItem>"
    )
    three = document(choice("one", max_choices="1", shuffle="false"), declared("RESPONSE", "A"))
    old, new = taken(two.encode()), taken(three)
    assert (old.content.interactions, old.content.body, old.key) == (
        new.content.interactions,
        new.content.body,
        new.key,
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (choice("one", response="OTHER"), "unknown-response"),
        (
            ask("choice", "<qti-simple-choice>a</qti-simple-choice>"),
            "wrong-identifier",
        ),
        (ask("hottext", '<qti-hottext identifier="1 2">a</qti-hottext>'), "wrong-identifier"),
        (ask("hotspot", IMAGE + SPOT.format("hotspot-choice", "A").replace("0,0,5,5", "0,0")), "wrong-area"),
        (ask("hotspot", SPOT.format("hotspot-choice", "A")), "picture-missing"),
    ],
)
def test_an_interaction_that_cannot_be_answered_refuses_the_item(body, code):
    assert code in codes(refusal(document(body, declared(), processing=""), p_dot_png=png()))
