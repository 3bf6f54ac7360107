"""Every interaction as HTML: native controls, opaque names, nothing of a key."""

import re
from html.parser import HTMLParser

import pytest

from itembank.core.interactions import InlineChoiceInteraction
from itembank.core.items import ItemContent, Stimulus
from itembank.core.options import option_groups
from itembank.formats.html.items import render_item, render_passage
from itembank.formats.html.setting import natural
from tests.factories_interactions import EVERY, choices, content_of

VOID = {"input", "img", "br", "hr", "wbr", "col"}
NATIVE = r"<(?:input|select|textarea|button|audio|video)\b"


def blind(content: ItemContent):
    """All options under names that say nothing."""
    numbers = iter(range(1000))
    return {
        group.name: tuple((f"name{next(numbers)}", one) for one in group.identifiers)
        for group in content.option_groups()
    }


def rendered(kind: str, **options) -> str:
    content = content_of(kind)
    return render_item(content, blind(content), slot=7, asset_url=lambda sha: f"/asset/{sha[:4]}", **options)


class Balance(HTMLParser):
    """Complains about elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("kind", EVERY)
def test_every_interaction_is_native_controls_in_whole_html(kind):
    html = rendered(kind)
    assert 'data-response="R"' in html
    assert 'data-control="' in html
    if kind != "drawing":  # a board to draw on is made by script; without it the picture is shown
        assert re.search(NATIVE, html)
    check = Balance()
    check.feed(html)
    check.close()
    assert check.open == []


@pytest.mark.parametrize("kind", EVERY)
def test_no_canonical_identifier_and_no_style_stands_in_it(kind):
    html = rendered(kind)
    assert "CANARY" not in html
    assert " style=" not in html
    assert "data-gap" not in html
    assert "data-hottext" not in html


@pytest.mark.parametrize("kind", EVERY)
def test_every_option_can_be_chosen(kind):
    content = content_of(kind)
    html = rendered(kind)
    for named in blind(content).values():
        for name, _identifier in named:
            assert re.search(rf'"(?:[^"]* )?{name}(?: [^"]*)?"', html), name


@pytest.mark.parametrize("kind", EVERY)
def test_every_control_has_a_name_for_readers(kind):
    html = rendered(kind)
    for found in re.finditer(r"<(select|textarea|input)\b([^>]*)>", html):
        before = html[: found.start()]
        labelled = "aria-label=" in found[2] or before.rfind("<label") > before.rfind("</label>")
        assert labelled, found[0]
    assert "<fieldset" not in html or "<legend" in html


def test_words_of_a_hottext_keep_their_markup():
    html = rendered("hottext")
    start = (
        '<label class="hottext"><input type="checkbox" name="s7-R" value="name0"><span>one <span>and</span> two</span>'
    )
    assert start + "</label> " in html


def test_a_list_that_cannot_hold_its_options_becomes_radios():
    content = content_of("inline-choice")
    rich = tuple(choice for choice in choices("A"))
    picture = type(rich[0])(identifier="CANARY-B", content='<img src="asset:' + "ab" * 32 + '" alt="x">')
    interaction = InlineChoiceInteraction(response="R", choices=(*rich, picture))
    made = ItemContent(
        title="", language="en", body=content.body, declarations=content.declarations, interactions=(interaction,)
    )
    html = render_item(made, natural(made), slot=1, asset_url=lambda _sha: "/x")
    assert html.count('type="radio"') == 2
    assert "<select" not in html


def test_looks_that_an_author_named_are_kept():
    assert "qti-input-width-6" in rendered("text-entry")
    assert 'rows="3"' in rendered("extended-text")
    assert rendered("extended-text").count("<textarea") == 3
    assert "slider vertical" in rendered("slider")


def test_shapes_lie_over_the_picture_with_numbers():
    html = rendered("hotspot")
    assert '<svg viewBox="0 0 400 300"' in html
    assert '<circle cx="50" cy="40" r="20"/>' in html
    assert '<div class="prompt"><p>Where?</p></div>' in html


def test_drawn_values_are_printed_and_feedback_leaves_no_trace():
    content = content_of("text-entry")
    body = '<p>6 x <span data-printed="N"></span><span data-feedback="F1"></span></p>' + content.body
    made = ItemContent(
        title="", language="en", body=body, declarations=content.declarations, interactions=content.interactions
    )
    html = render_item(made, {}, slot=1, asset_url=lambda _sha: "", printed={"N": "<7>"})
    assert html.startswith("<p>6 x &lt;7&gt;</p>")
    assert "feedback" not in html


def test_a_passage_is_rendered_by_itself():
    stimulus = Stimulus(code="S", title="T", body='<p><img src="asset:' + "ab" * 32 + '" alt="y"></p>')
    assert render_passage(stimulus, asset_url=lambda sha: f"/{sha[:2]}") == '<p><img src="/ab" alt="y"></p>'


def test_previews_show_all_options_in_the_authors_order():
    for kind in EVERY:
        content = content_of(kind)
        assert set(natural(content)) == {group.name for one in content.interactions for group in option_groups(one)}
