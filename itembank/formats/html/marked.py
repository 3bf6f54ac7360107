"""Controls inside a text: gaps to fill and words to choose. The text is clean HTML, whose spelling is known."""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

from markupsafe import Markup

_GAP: Final = re.compile(r'<span data-gap="([A-Za-z_][A-Za-z0-9_.-]{0,63})"></span>')
_SPAN: Final = re.compile(r'<span(?: data-hottext="([A-Za-z_][A-Za-z0-9_.-]{0,63})")?[^>]*>|</span>')


def fill_gaps(text: str, names: Mapping[str, str], gap: Callable[[str, int], str]) -> Markup:
    """Return the text with `gap(name, number)` in each of its gaps; a gap without a name disappears."""
    numbers = {identifier: number for number, identifier in enumerate(names, start=1)}

    def filled(found: re.Match[str]) -> str:
        name = names.get(found[1])
        return "" if name is None else gap(name, numbers[found[1]]).strip()

    return Markup(_GAP.sub(filled, text))  # noqa: S704 - clean HTML, and controls made by templates


def fill_hottexts(text: str, names: Mapping[str, str], *, kind: str, field: str) -> Markup:
    """Return the text with a native control before the words of each hottext."""
    open_spans: list[bool] = []

    def marked(found: re.Match[str]) -> str:
        if found[0] == "</span>":
            return "</span></label>" if open_spans and open_spans.pop() else "</span>"
        name = names.get(found[1]) if found[1] else None
        open_spans.append(name is not None)
        if name is None:
            return found[0]
        value, group = escape(name), escape(field)
        return f'<label class="hottext"><input type="{kind}" name="{group}" value="{value}"><span>'

    return Markup(_SPAN.sub(marked, text))  # noqa: S704 - clean HTML, and names that are escaped
