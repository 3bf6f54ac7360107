"""One interaction to its native controls: what each kind of template is given."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from unicodedata import east_asian_width

from itembank.core import interactions as qti
from itembank.core.options import TARGETS
from itembank.core.variables import BaseType, Cardinality
from itembank.formats.html.marked import fill_gaps, fill_hottexts
from itembank.formats.html.pictures import picture_view
from itembank.formats.html.setting import Option, Setting

# Options as short as this stand in two columns, as on a printed paper; a Korean letter is two wide.
_SHORT: Final = 18
_FEWEST_FOR_TWO: Final = 3
_MOST_ROWS: Final = 12
_MOST_POINTS: Final = 20
_MOST_TEXTS: Final = 10
_TEXT_LINES: Final = 6
_LINE_WIDTH: Final = 60
_LINES_CLASS: Final = "qti-height-lines-"


def control(interaction: qti.Interaction, setting: Setting) -> str:
    """Return the HTML of one interaction."""
    return _MAKERS[type(interaction)](interaction, setting)


def _choice(interaction: qti.ChoiceInteraction, setting: Setting) -> str:
    options = setting.options(interaction.response, interaction.choices)
    two = len(options) >= _FEWEST_FOR_TWO and all(_is_short(one) for one in options)
    return setting.render("choice", interaction, options=options, two=two, most=interaction.max_choices)


def _is_short(option: Option) -> bool:
    return not option.rich and sum(2 if east_asian_width(sign) in "WF" else 1 for sign in option.text) <= _SHORT


def _inline_choice(interaction: qti.InlineChoiceInteraction, setting: Setting) -> str:
    options = setting.options(interaction.response, interaction.choices)
    if any(one.rich for one in options):  # a list holds text only
        return setting.render("choice", interaction, options=options, two=False, most=1)
    return setting.render("select", interaction, options=options)


def _entry(interaction: qti.TextEntryInteraction, setting: Setting) -> str:
    numeric = _base_type(interaction, setting) in {BaseType.FLOAT, BaseType.INTEGER}
    return setting.render("entry", interaction, entry=interaction, numeric=numeric)


def _long_text(interaction: qti.ExtendedTextInteraction, setting: Setting) -> str:
    declared = setting.content.declaration(interaction.response)
    single = declared is None or declared.cardinality is Cardinality.SINGLE
    fields = 1 if single else min(interaction.max_strings or _MOST_TEXTS, _MOST_TEXTS)
    named = [one.removeprefix(_LINES_CLASS) for one in interaction.classes if one.startswith(_LINES_CLASS)]
    lines = next((int(one) for one in named if one.isascii() and one.isdigit()), 0) or interaction.expected_lines
    guessed = -(-interaction.expected_length // _LINE_WIDTH) or (_TEXT_LINES if fields == 1 else 1)
    return setting.render("text", interaction, text=interaction, fields=fields, lines=min(max(lines or guessed, 1), 30))


def _hottext(interaction: qti.HottextInteraction, setting: Setting) -> str:
    names = {identifier: name for name, identifier in setting.shown.get(interaction.response, ())}
    kind = "radio" if interaction.max_choices == 1 else "checkbox"
    field = f"s{setting.slot}-{interaction.response}"
    text = fill_hottexts(setting.html(interaction.content), names, kind=kind, field=field)
    return setting.render("hottext", interaction, text=text, most=interaction.max_choices)


def _media(interaction: qti.MediaInteraction, setting: Setting) -> str:
    return setting.render("media", interaction, media=interaction, url=setting.asset_url(interaction.sha256))


def _order(interaction: qti.OrderInteraction, setting: Setting) -> str:
    lines = setting.options(interaction.response, interaction.choices)
    return setting.render("order", interaction, lines=lines, most=interaction.max_choices, picture=None)


def _graphic_order(interaction: qti.GraphicOrderInteraction, setting: Setting) -> str:
    picture = picture_view(interaction.picture, setting.asset_url)
    lines = setting.spots(interaction.response, interaction.hotspots)
    return setting.render("order", interaction, lines=lines, most=interaction.max_choices, picture=picture)


def _associate(interaction: qti.AssociateInteraction, setting: Setting) -> str:
    options = setting.options(interaction.response, interaction.choices)
    rows = _rows(interaction.max_associations, [one.match_max for one in options])
    return setting.render("associate", interaction, options=options, rows=rows, picture=None)


def _graphic_associate(interaction: qti.GraphicAssociateInteraction, setting: Setting) -> str:
    picture = picture_view(interaction.picture, setting.asset_url)
    options = setting.spots(interaction.response, interaction.hotspots)
    rows = _rows(interaction.max_associations, [one.match_max for one in options])
    return setting.render("associate", interaction, options=options, rows=rows, picture=picture)


def _hotspot(interaction: qti.HotspotInteraction, setting: Setting) -> str:
    picture = picture_view(interaction.picture, setting.asset_url)
    spots = setting.spots(interaction.response, interaction.hotspots)
    return setting.render("hotspot", interaction, picture=picture, spots=spots, most=interaction.max_choices)


def _flag(interaction: qti.EndAttemptInteraction, setting: Setting) -> str:
    return setting.render("flag", interaction, title=interaction.title)


def _slider(interaction: qti.SliderInteraction, setting: Setting) -> str:
    return setting.render("slider", interaction, scale=interaction)


def _upload(interaction: qti.UploadInteraction, setting: Setting) -> str:
    return setting.render("upload", interaction, accept=",".join(interaction.media_types))


def _drawing(interaction: qti.DrawingInteraction, setting: Setting) -> str:
    return setting.render("drawing", interaction, picture=picture_view(interaction.picture, setting.asset_url))


def _match(interaction: qti.MatchInteraction, setting: Setting) -> str:
    sources = setting.options(interaction.response, interaction.sources)
    targets = setting.options(interaction.response, interaction.targets, targets=True)
    return setting.render("match", interaction, sources=sources, targets=targets, most=interaction.max_associations)


def _gap_match(interaction: qti.GapMatchInteraction, setting: Setting) -> str:
    options = setting.options(interaction.response, (*interaction.choices, *interaction.images))
    names = {identifier: name for name, identifier in setting.shown.get(interaction.response + TARGETS, ())}
    gap = _gap_maker(interaction, setting, options)
    text = fill_gaps(setting.html(interaction.content), names, gap)
    return setting.render("gap_match", interaction, text=text, options=options)


def _gap_maker(
    interaction: qti.Interaction, setting: Setting, options: tuple[Option, ...]
) -> Callable[[str, int], str]:
    return lambda name, number: setting.render("gap", interaction, name=name, number=number, options=options)


def _graphic_gap_match(interaction: qti.GraphicGapMatchInteraction, setting: Setting) -> str:
    return setting.render(
        "graphic_gap_match",
        interaction,
        picture=picture_view(interaction.picture, setting.asset_url),
        spots=setting.spots(interaction.response, interaction.hotspots, targets=True),
        options=setting.options(interaction.response, (*interaction.choices, *interaction.images)),
        most_rows=_MOST_ROWS // 3,
    )


def _points(interaction: qti.SelectPointInteraction | qti.PositionObjectInteraction, setting: Setting) -> str:
    places = isinstance(interaction, qti.PositionObjectInteraction)
    stage = interaction.stage if isinstance(interaction, qti.PositionObjectInteraction) else interaction.picture
    declared = setting.content.declaration(interaction.response)
    single = declared is None or declared.cardinality is Cardinality.SINGLE
    return setting.render(
        "points",
        interaction,
        picture=picture_view(stage, setting.asset_url),
        mark=picture_view(interaction.picture, setting.asset_url) if places else None,
        center=interaction.center if isinstance(interaction, qti.PositionObjectInteraction) else (0, 0),
        rows=1 if single else min(interaction.max_choices or _MOST_POINTS, _MOST_POINTS),
    )


def _base_type(interaction: qti.Interaction, setting: Setting) -> BaseType | None:
    declared = setting.content.declaration(interaction.response)
    return None if declared is None else declared.base_type


def _rows(most: int, often: list[int]) -> int:
    """Return how many pairs are offered: as many as may be made, but no endless list."""
    possible = sum(one or len(often) for one in often) // 2
    return max(1, min(most or possible, _MOST_ROWS))


_MAKERS: Final[Mapping[type, Callable[[Any, Setting], str]]] = MappingProxyType(
    {
        qti.ChoiceInteraction: _choice,
        qti.OrderInteraction: _order,
        qti.AssociateInteraction: _associate,
        qti.MatchInteraction: _match,
        qti.InlineChoiceInteraction: _inline_choice,
        qti.GapMatchInteraction: _gap_match,
        qti.HottextInteraction: _hottext,
        qti.TextEntryInteraction: _entry,
        qti.ExtendedTextInteraction: _long_text,
        qti.HotspotInteraction: _hotspot,
        qti.SelectPointInteraction: _points,
        qti.GraphicOrderInteraction: _graphic_order,
        qti.GraphicAssociateInteraction: _graphic_associate,
        qti.GraphicGapMatchInteraction: _graphic_gap_match,
        qti.PositionObjectInteraction: _points,
        qti.SliderInteraction: _slider,
        qti.UploadInteraction: _upload,
        qti.DrawingInteraction: _drawing,
        qti.MediaInteraction: _media,
        qti.EndAttemptInteraction: _flag,
    }
)
