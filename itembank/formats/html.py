"""Items to HTML, from the model and what is shown of it: native controls in the places that the body marks.

The same fragment stands in a candidate's paper and in a preview. It is given the choices to show, in order and
under the names to use (opaque ones in a paper); it never sees a key.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final
from unicodedata import east_asian_width

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from itembank.core.interactions import Choice, ChoiceInteraction, Interaction, TextEntryInteraction
from itembank.core.items import ItemContent
from itembank.core.markup import PLACE, visible_text
from itembank.core.variables import BaseType

# response -> (name to show it under, choice), in the order to show.
Shown = Mapping[str, tuple[tuple[str, Choice], ...]]
Translate = Callable[[str], str]
_SOURCE: Final = re.compile(r' src="asset:([0-9a-f]{64})"')
_IMAGE: Final = re.compile(r'<img((?: [a-z-]+="[^"]*")*)>')
# Options as short as this stand in two columns, as on a printed paper; a Korean letter is two wide.
_SHORT: Final = 18
_FEWEST_FOR_TWO: Final = 3
_TEMPLATES: Final = Environment(
    loader=PackageLoader("itembank", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_CHOICES: Final = _TEMPLATES.get_template("itembank/choices.html")
_ENTRY: Final = _TEMPLATES.get_template("itembank/entry.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    slot: int
    block: bool
    asset_url: Callable[[str], str]
    translate: Translate


def natural(content: ItemContent) -> Shown:
    """Return all choices under their own identifiers in the author's order, for previews."""
    return {
        interaction.response: tuple((choice.identifier, choice) for choice in interaction.choices)
        for interaction in content.choice_interactions()
    }


def render_item(
    content: ItemContent,
    shown: Shown,
    *,
    slot: int,
    asset_url: Callable[[str], str],
    translate: Translate = str,
) -> str:
    """Return the fragment of one slot; `asset_url` gives the address of a picture by its SHA-256 in hex.

    `translate` is gettext for the words around the controls (legends, labels).
    """
    interactions = {interaction.response: interaction for interaction in content.interactions}

    def control(found: re.Match[str]) -> str:
        interaction = interactions.get(found[2])
        if interaction is None:
            return ""
        place = _Place(slot=slot, block=found[1] == "div", asset_url=asset_url, translate=translate)
        return _control(content, interaction, shown, place)

    return PLACE.sub(control, with_pictures(content.body, asset_url))


def with_pictures(html: str, asset_url: Callable[[str], str]) -> str:
    """Return cleaned HTML with the addresses of its pictures filled in."""

    def image(found: re.Match[str]) -> str:
        attributes = _SOURCE.sub(lambda source: f' src="{escape(asset_url(source[1]))}"', found[1])
        return f"<img{attributes}>"

    return _IMAGE.sub(image, html)


def _control(content: ItemContent, interaction: Interaction, shown: Shown, place: _Place) -> str:
    match interaction:
        case ChoiceInteraction():
            return _choices(interaction, shown.get(interaction.response, ()), place)
        case TextEntryInteraction():
            declaration = content.declaration(interaction.response)
            numeric = declaration is not None and declaration.base_type in {BaseType.FLOAT, BaseType.INTEGER}
            return _ENTRY.render(interaction=interaction, slot=place.slot, numeric=numeric, _=place.translate)
        case _:
            return ""


def _choices(interaction: ChoiceInteraction, shown: tuple[tuple[str, Choice], ...], place: _Place) -> str:
    return _CHOICES.render(
        interaction=interaction,
        slot=place.slot,
        block=place.block,
        two=len(shown) >= _FEWEST_FOR_TWO and all(_is_short(choice.content) for _, choice in shown),
        choices=[
            # Cleaned when it was stored; see itembank.core.markup.
            (name, Markup(with_pictures(choice.content, place.asset_url)))  # noqa: S704
            for name, choice in shown
        ],
        _=place.translate,
    )


def _is_short(html: str) -> bool:
    if "<img" in html or "<pre" in html or "<table" in html:
        return False
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in visible_text(html)) <= _SHORT
