"""The fields of the item editor: any item opened and saved stays what it is, and wild fields never break anything."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from itembank.core.documents import INTERACTIONS, content_document
from itembank.core.item_form import read_draft, typed_item
from itembank.core.item_form_acts import acted, started
from itembank.core.item_form_tree import Tree, grown
from itembank.formats.html.items import render_item
from itembank.formats.html.setting import natural
from tests.strategies_items import MadeItem, items

ACTS = st.builds(
    "{} {} {}".format,
    st.sampled_from(["add", "remove", "up", "down", "interaction", "drop"]),
    st.sampled_from(["i-0-choices", "i-0-hotspots", "i-0-answers", "feedback", "choice", "match", "0", "1"]),
    st.integers(0, 4),
)
WILD = st.sampled_from(
    ["", "on", "-1", "A", "A A", "<b", '<img src="x" onerror=1>', '"><script>', "9" * 12, "\\(", "ㄱ"]
)


def flat(part: Any, name: str = "") -> dict[str, str]:
    """Return the fields of a tree as a browser sends them."""
    if isinstance(part, str):
        return {name: part}
    steps = enumerate(part) if isinstance(part, list) else part.items()
    fields: dict[str, str] = {}
    for step, one in steps:
        fields |= flat(one, f"{name}-{step}" if name else str(step))
    return fields


@given(items())
def test_an_item_that_is_opened_and_saved_stays_what_it_is(made: MadeItem):
    files = {one.ref.sha256: one.ref for one in made.assets}
    tree = typed_item(made.content, made.key)
    draft = read_draft(grown(flat(tree)), files)
    assert draft.problems == ()
    assert content_document(replace(draft.content, assets=())) == content_document(replace(made.content, assets=()))
    assert set(draft.content.assets) <= set(made.content.assets)
    assert typed_item(draft.content, draft.key) == tree
    assert (draft.key.program, draft.key.feedback, draft.key.explanation) == (
        made.key.program,
        made.key.feedback,
        made.key.explanation,
    )


@given(st.sampled_from(sorted(INTERACTIONS)), st.lists(ACTS, max_size=5), st.data())
def test_half_written_fields_are_read_and_shown(kind: str, acts: list[str], data: st.DataObject):
    tree: Tree = started(kind)
    for act in acts:
        tree, _focus = acted(tree, act)
    fields = flat(tree)
    for name in data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=4)):
        fields[name] = data.draw(WILD)
    draft = read_draft(grown(fields), {})
    html = render_item(draft.content, natural(draft.content), slot=1, asset_url=str)
    assert "<script" not in html
    assert "onerror=1>" not in html.replace("&quot;", "")
    assert draft.problems
