"""Items as HTML: native controls in their places, opaque names, no key."""

from itembank.formats.bank_file import parse_bank
from itembank.formats.html.items import render_item
from itembank.formats.html.setting import natural
from tests.factories_itembank import PNG, csv_file, json_file, row, zip_file


def content(payload):
    parsed = parse_bank(payload)
    assert parsed.problems == ()
    return parsed.items[0].content


def rendered(one, shown=None, **options):
    return render_item(one, shown or natural(one), slot=7, asset_url=lambda sha: f"/asset/{sha[:4]}", **options)


def test_a_single_choice_is_a_fieldset_of_radios_in_the_order_shown():
    one = content(csv_file(row()))
    html = rendered(one, {"RESPONSE": (("k3x", "C"), ("q9z", "A"))})
    start = '<p>Which one?</p><fieldset class="choices" data-control="choice" data-response="RESPONSE" data-max="1">'
    assert html.startswith(start)
    assert '<legend class="vh">Question 7: choose one</legend>' in html
    first = (
        '<label class="choice"><input type="radio" name="s7-RESPONSE" value="k3x"><i>1</i><span>three</span></label>'
    )
    assert first in html
    assert html.index("k3x") < html.index("q9z")
    assert 'value="A"' not in html


def test_short_options_stand_in_two_columns():
    assert 'class="choices two"' in rendered(content(csv_file(row())))
    assert 'class="choices two"' not in rendered(content(csv_file(row(a="a much longer option than that"))))


def test_a_multiple_choice_is_checkboxes_and_says_so():
    html = rendered(content(csv_file(row(correct_letter="A,B"))))
    assert html.count('type="checkbox"') == 4
    assert "Choose all that apply." in html


def test_entries_and_inline_choices_stand_inside_the_line():
    one = content(
        json_file(
            {
                "id": "C1",
                "area": "X",
                "body": '<p>Port <span data-interaction="R1"></span> of <span data-interaction="R2"></span>.</p>',
                "responses": {
                    "R1": {"type": "number", "value": 80},
                    "R2": {"type": "single", "answers": ["TCP", "<b>UDP</b>"], "correct": 0},
                },
            }
        )
    )
    html = rendered(one)
    assert '<p>Port <input class="input entry" type="text" name="s7-R1" data-control="entry"' in html
    assert 'data-response="R1" inputmode="decimal"' in html
    assert 'aria-label="Question 7: type a number"' in html
    assert 'role="radiogroup"' in html
    assert "<span><b>UDP</b></span>" in html
    assert "fieldset" not in html


def test_pictures_get_their_address():
    one = content(zip_file(**{"items.csv": csv_file(row(figure="a.png", figure_alt='A "graph" > x')), "a.png": PNG}))
    html = rendered(one)
    assert f'<img src="/asset/{one.assets[0].sha256[:4]}" alt="A &quot;graph&quot; &gt; x">' in html


def test_names_and_addresses_are_escaped():
    one = content(csv_file(row()))
    html = rendered(one, {"RESPONSE": (('"><script>', "A"),)})
    assert "<script>" not in html


def test_words_are_translated():
    korean = {"Question %(number)s: choose one": "%(number)s번: 하나를 고르세요"}
    html = rendered(content(csv_file(row())), translate=lambda text: korean.get(text, text))
    assert "7번: 하나를 고르세요" in html


def test_text_in_a_body_that_looks_like_a_place_is_left_alone():
    one = content(csv_file(row(question='What does <code>&lt;span data-interaction="RESPONSE"&gt;</code> do?')))
    assert rendered(one).count("<fieldset") == 1
