"""What a control is rendered with: the names to show, the addresses of pictures, the words around it, the templates."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from itembank.core.interactions import Choice, GapImage, Hotspot, Interaction
from itembank.core.items import ItemContent
from itembank.core.markup import visible_text
from itembank.core.options import TARGETS
from itembank.formats.html.pictures import PictureView, Spot, picture_view, spot, with_pictures

# Group of options -> (name to show it under, canonical identifier), in the order to show.
Shown = Mapping[str, tuple[tuple[str, str], ...]]
Translate = Callable[[str], str]
_RICH: Final = ("<img", "<math", "<table", "<pre")
_TEMPLATES: Final = Environment(
    loader=PackageLoader("itembank", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option as a template shows it: `text` is what a list can hold of it; `rich` ones need to be seen."""

    name: str
    number: int
    html: Markup
    text: str
    rich: bool = False
    match_max: int = 1
    picture: PictureView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a control is rendered: the item, its slot, and whether the place is a block or inside a line."""

    content: ItemContent
    slot: int
    shown: Shown
    asset_url: Callable[[str], str]
    translate: Translate
    block: bool = True

    def render(self, template: str, interaction: Interaction, **values: Any) -> str:
        """Return the control's HTML."""
        return _TEMPLATES.get_template(f"itembank/controls/{template}.html").render(
            response=interaction.response,
            # Cleaned when it was stored; see itembank.core.markup.
            prompt=self.html(interaction.prompt),
            classes=" ".join(interaction.classes),
            slot=self.slot,
            block=self.block,
            _=self.translate,
            **values,
        )

    def html(self, cleaned: str) -> Markup:
        """Return cleaned HTML with the addresses of its pictures."""
        return Markup(with_pictures(cleaned, self.asset_url))  # noqa: S704 - cleaned when it was stored

    def options(
        self, response: str, choices: Iterable[Choice | GapImage], *, targets: bool = False
    ) -> tuple[Option, ...]:
        """Return the choices in the order and under the names to show."""
        by_identifier = {one.identifier: one for one in choices}
        named = self.shown.get(response + TARGETS if targets else response, ())
        return tuple(
            self._option(name, number, by_identifier[identifier])
            for number, (name, identifier) in enumerate(named, start=1)
            if identifier in by_identifier
        )

    def spots(self, response: str, hotspots: Iterable[Hotspot], *, targets: bool = False) -> tuple[Spot, ...]:
        """Return the parts of a picture under the names to show."""
        by_identifier = {one.identifier: one for one in hotspots}
        named = self.shown.get(response + TARGETS if targets else response, ())
        return tuple(
            spot(name, number, by_identifier[identifier]) for number, (name, identifier) in enumerate(named, start=1)
        )

    def _option(self, name: str, number: int, choice: Choice | GapImage) -> Option:
        if isinstance(choice, GapImage):
            view = picture_view(choice.picture, self.asset_url)
            text = choice.picture.alt or self.translate("Picture %(number)s") % {"number": number}
            return Option(
                name=name,
                number=number,
                html=view.image,
                text=text,
                rich=True,
                match_max=choice.match_max,
                picture=view,
            )
        return Option(
            name=name,
            number=number,
            html=self.html(choice.content),
            text=visible_text(choice.content),
            rich=any(tag in choice.content for tag in _RICH),
            match_max=choice.match_max,
        )


def natural(content: ItemContent) -> Shown:
    """Return all options under their own identifiers in the author's order, for previews."""
    return {group.name: tuple((one, one) for one in group.identifiers) for group in content.option_groups()}
