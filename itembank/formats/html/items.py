"""Items to HTML, from the model and what is shown of it: native controls in the places that the body marks.

The same fragment stands in a candidate's paper and in a preview. It is given the options to show, in order and under
the names to use (opaque ones in a paper), and the drawn values to print; it never sees a key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from types import MappingProxyType
from typing import Final

from itembank.core.items import ItemContent, Stimulus
from itembank.core.markup import PLACE
from itembank.formats.html.controls import control
from itembank.formats.html.pictures import with_pictures
from itembank.formats.html.setting import Setting, Shown, Translate

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_PRINTED: Final = re.compile(r'<span data-printed="([A-Za-z_][A-Za-z0-9_.-]{0,63})"></span>')
# The key holds the words of a feedback; a candidate is not even told where one could appear.
_FEEDBACK: Final = re.compile(r'<(span|div) data-feedback="[^"]*"></\1>')


def render_item(
    content: ItemContent,
    shown: Shown,
    *,
    slot: int,
    asset_url: Callable[[str], str],
    translate: Translate = str,
    printed: Mapping[str, str] = NOTHING,
) -> str:
    """Return the fragment of one slot; `asset_url` gives the address of a picture by its SHA-256 in hex.

    `translate` is gettext for the words around the controls (legends, labels); `printed` holds the drawn values.
    """
    interactions = {interaction.response: interaction for interaction in content.interactions}
    setting = Setting(content=content, slot=slot, shown=shown, asset_url=asset_url, translate=translate)

    def filled(found: re.Match[str]) -> str:
        interaction = interactions.get(found[2])
        if interaction is None:
            return ""
        return _printed(control(interaction, replace(setting, block=found[1] == "div")), printed)

    return PLACE.sub(filled, _printed(with_pictures(content.body, asset_url), printed))


def render_passage(stimulus: Stimulus, *, asset_url: Callable[[str], str]) -> str:
    """Return the text that several items ask about."""
    return _printed(with_pictures(stimulus.body, asset_url), NOTHING)


def _printed(html: str, values: Mapping[str, str]) -> str:
    if "data-" not in html:
        return html
    return _PRINTED.sub(lambda found: escape(values.get(found[1], "")), _FEEDBACK.sub("", html))
