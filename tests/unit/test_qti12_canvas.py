"""Canvas' kinds of items: blanks, lists, categories, drawn numbers, and who scores what."""

from decimal import Decimal

import pytest

from itembank.core.interactions import (
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    SelectPointInteraction,
    TextEntryInteraction,
    UploadInteraction,
)
from itembank.core.keys import MatchCorrect, MatchNumber, MatchText
from itembank.core.markup import places
from itembank.core.qti.scoring import ScoredBy
from itembank.formats.parsed import Understood
from itembank.formats.qti12.document import parse_qti12
from tests.factories_itembank import PNG
from tests.factories_qti12 import condition, earned, equal, item, lid, only, parsed, processed, text, typed

HUNDRED = '<decvar varname="SCORE" maxvalue="100" minvalue="0"/>'


def canvas(presentation: str, kind: str, *conditions: str, rest: str = "") -> str:
    fields = {"question_type": f"{kind}_question", "points_possible": "2.0"}
    return item(presentation, processed(*conditions, outcomes=HUNDRED), fields=fields, rest=rest)


def test_blanks_take_every_text_that_stands_beside_them() -> None:
    blanks = lid("response_color", {"1": "red", "2": "crimson"}) + lid("response_flower", {"3": "violet"})
    shares = (condition(equal("response_color", "1"), "Add 50"), condition(equal("response_flower", "3"), "Add 50"))
    one = only(canvas(text("A [color] rose and a [flower].") + blanks, "fill_in_multiple_blanks", *shares))
    assert one.key.responses[0].rule == MatchText(accepted=("red", "crimson"))
    assert all(isinstance(part, TextEntryInteraction) for part in one.content.interactions)
    assert places(one.content.body) == ("response_color", "response_flower")
    assert "[color]" not in one.content.body
    assert earned(one, response_color="Crimson") == Decimal("0.5")
    assert one.metadata is not None
    assert one.metadata.fields == {"points": "2.0"}


def test_thirds_that_are_rounded_are_thirds() -> None:
    lists = "".join(lid(f"response_{name}", {f"{name}1": "yes", f"{name}2": "no"}) for name in "abc")
    shares = [
        condition(equal("response_a", "a1"), "Add 33.33"),
        condition(equal("response_b", "b1"), "Add 33.33"),
        condition(equal("response_c", "c1"), "Add 33.34"),
    ]
    one = only(canvas(text("[a] [b] [c]") + lists, "multiple_dropdowns", *shares))
    assert all(isinstance(part, InlineChoiceInteraction) for part in one.content.interactions)
    assert one.key.responses[0].rule == MatchCorrect(correct=("a1",))
    assert earned(one, response_a="a1", response_b="b1", response_c="c1") == 1


def test_matching_stands_in_rows() -> None:
    rows = lid("response_1", {"x": "1", "y": "2"}, prompt="one") + lid("response_2", {"x": "1", "y": "2"}, prompt="two")
    shares = (condition(equal("response_1", "x"), "Add 50"), condition(equal("response_2", "y"), "Add 50"))
    one = only(canvas(text("Match") + rows, "matching", *shares))
    assert '<p>one <span data-interaction="response_1"></span></p>' in one.content.body
    assert earned(one, response_1="x", response_2="y") == 1


def test_a_category_is_right_when_it_holds_exactly_its_members() -> None:
    options = {"a": "ant", "b": "bee", "o": "oak"}
    both = equal("animals", "a") + equal("animals", "b")
    shares = (condition(both, "Add 50"), condition(equal("plants", "o"), "Add 50"))
    lists = lid("animals", options, cardinality="Multiple") + lid("plants", options, cardinality="Multiple")
    one = only(canvas(text("Sort") + lists, "categorization", *shares))
    assert earned(one, animals=("a", "b"), plants=("o",)) == 1
    assert earned(one, animals=("a", "b", "o"), plants=("o",)) == Decimal("0.5")


def test_a_margin_beside_its_range_is_the_range() -> None:
    span = '<and><vargte respident="R">70.0</vargte><varlte respident="R">84.0</varlte></and>'
    test = f"<or>{equal('R', '77.0', margintype='absolute', margin='7')}{span}</or>"
    one = only(canvas(typed("R"), "numerical", condition(test, "Set 100")))
    assert one.key.responses[0].rule == MatchNumber(value=Decimal(77), tolerance=Decimal(7))


def test_drawn_numbers_come_from_the_sets_in_the_file() -> None:
    sets = "".join(f'<var_set><var name="x">{x}</var><answer>{x * 2}.50</answer></var_set>' for x in (1, 2, 3))
    drawn = f"<itemproc_extension><calculated><answer_tolerance>10%</answer_tolerance><var_sets>{sets}</var_sets>"
    rest = f"{drawn}</calculated></itemproc_extension>"
    one = only(canvas(text("What is 2 × [x] + 0.5?") + typed("response1", kind="Decimal"), "calculated", rest=rest))
    assert '<span data-printed="x"></span>' in one.content.body
    right = [number for number in ("2.5", "4.5", "6.5") if earned(one, response1=number) == 1]
    assert len(right) == 1
    assert earned(one, response1=str(Decimal(right[0]) * Decimal("1.1"))) == 1
    assert earned(one, response1=str(Decimal(right[0]) * Decimal("1.2"))) == 0


def test_a_formula_without_numbers_is_refused_and_never_run() -> None:
    formula = "<itemproc_extension><calculated><formulas><formula>__import__('os')</formula></formulas></calculated>"
    found = parsed(canvas(typed("R"), "calculated", rest=f"{formula}</itemproc_extension>"))
    assert [note.code for one in found.refused for note in one.notes] == ["no-number-sets"]


def test_essays_and_files_are_for_a_person_and_fully_understood() -> None:
    essay = only(canvas(text("Write") + typed("R"), "essay", condition("<other/>")))
    upload = only(
        canvas(text("Hand in"), "file_upload").replace("<presentation>", '<presentation allowed_types="png">')
    )
    assert isinstance(essay.content.interactions[0], ExtendedTextInteraction)
    assert upload.content.interactions == (UploadInteraction(response="RESPONSE", media_types=("image/png",)),)
    for one in (essay, upload):
        assert (one.key.scored_by, one.understood) == (ScoredBy.HUMAN, Understood.FULL)


def test_a_text_for_several_items_becomes_their_stimulus() -> None:
    fields = {"question_type": "text_only_question"}
    above = item(text("A long story"), fields=fields).replace('ident="I1"', 'ident="story"')
    below = [
        item(
            lid("R", {"A": "a"}),
            processed(condition(equal("R", "A"), "Set 1")),
            fields={"parent_stimulus_item_ident": "story"},
        )
        for _ in range(2)
    ]
    found = parsed(above, *below)
    assert found.refused == ()
    assert [one.code for one in found.items] == ["I1", "I1-2"]
    stimuli = {one.content.stimulus for one in found.items}
    (stimulus,) = stimuli
    assert stimulus is not None
    assert (stimulus.code, stimulus.body) == ("story", "<p>A long story</p>")
    assert all(one.metadata is not None and one.metadata.stimulus == "story" for one in found.items)


def test_a_text_that_nothing_asks_about_is_refused() -> None:
    found = parsed(item(text("Welcome"), fields={"question_type": "text_only_question"}))
    assert [note.hint for one in found.refused for note in one.notes] == ["only something to read"]


@pytest.mark.parametrize(
    ("way", "more", "right", "wrong"),
    [
        ("TextContainsAnswer", "", ("a red rose", "RED"), ("rose",)),
        ("TextEquivalence", "", ("red",), ("Red", "reds")),
        ("TextEquivalence", ' ignore_case="true"', ("RED",), ("reds",)),
        ("TextInChoices", "", ("Red",), ("reds",)),
        (
            "TextCloseEnough",
            ' levenshtein_distance="1" ignore_case="true"',
            ("red", "rid", "re", "Reds", "ared"),
            ("rids",),
        ),
        ("TextRegex", "", ("red",), ("reds", "ered")),
    ],
)
def test_open_entries_of_new_quizzes_are_as_lenient_as_they_say(
    way: str, more: str, right: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    answer = "^r[aeiou]d$" if way == "TextRegex" else "red"
    blank = lid("response_x", {"x-0": answer}).replace(
        '<response_label ident="x-0"',
        f'<response_label ident="x-0" scoring_algorithm="{way}" answer_type="openEntry"{more}',
    )
    share = condition(equal("response_x", "x-0"), "Add 100")
    one = only(canvas(text("A [x] rose") + blank, "fill_in_multiple_blanks", share))
    assert one.understood is Understood.FULL
    assert [earned(one, response_x=words) for words in right] == [1] * len(right)
    assert [earned(one, response_x=words) for words in wrong] == [0] * len(wrong)


def test_a_hotspot_counts_in_parts_of_its_picture() -> None:
    class OnePicture:
        def find(self, name: str) -> bytes | None:
            return PNG if name == "web_resources/map one.png" else None

    spot = (
        '<response_xy ident="R" rcardinality="Single"><material><mattext>Where?</mattext></material><render_hotspot>'
        '<material><matimage uri="$IMS-CC-FILEBASE$/map%20one.png" width="200" height="100"/></material>'
        '<response_label ident="R" rarea="rectangle">0.25,0.5,0.5,1.0</response_label></render_hotspot></response_xy>'
    )
    xml = f"<questestinterop>{canvas(spot, 'hot_spot')}</questestinterop>"
    found = parse_qti12(xml.encode(), name="sample", beside=OnePicture())
    (one,) = found.items
    assert isinstance(one.content.interactions[0], SelectPointInteraction)
    assert one.content.interactions[0].prompt == "Where?"
    assert [earned(one, R=point) for point in ("50 50", "100 100", "49 50", "50 49")] == [1, 1, 0, 0]


def test_a_hotspot_without_its_picture_is_refused() -> None:
    picture = '<material><matimage uri="a.png"/></material>'
    spot = f'<response_xy ident="R"><render_hotspot>{picture}</render_hotspot></response_xy>'
    found = parsed(canvas(spot, "hot_spot"))
    assert [note.code for one in found.refused for note in one.notes] == ["figure-missing"]
