"""Reads the interactions with a picture: choose, order, pair, lay upon, point, place, draw; and what is played."""

from lxml import etree

from itembank.core.interactions import (
    DrawingInteraction,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    HotspotInteraction,
    MediaInteraction,
    Picture,
    PositionObjectInteraction,
    SelectPointInteraction,
)
from itembank.core.qti.exact import read_integer
from itembank.formats.qti.asking import Ask
from itembank.formats.qti.elements import attribute, name_of
from itembank.formats.qti.reading import NOTHING, pixels
from itembank.formats.qti.shelf import FileRefused, Shown

_PAIR = 2


def read_hotspot(ask: Ask) -> HotspotInteraction:
    """Return the choice of parts of a picture."""
    return HotspotInteraction(
        **ask.common(),
        picture=ask.reading.picture(ask.element),
        hotspots=ask.hotspots("hotspot-choice"),
        max_choices=ask.most(),
        min_choices=ask.count("min-choices"),
    )


def read_select_point(ask: Ask) -> SelectPointInteraction:
    """Return the setting of points."""
    return SelectPointInteraction(
        **ask.common(),
        picture=ask.reading.picture(ask.element),
        max_choices=ask.most(),
        min_choices=ask.count("min-choices"),
    )


def read_graphic_order(ask: Ask) -> GraphicOrderInteraction:
    """Return the ordering of parts of a picture."""
    return GraphicOrderInteraction(
        **ask.common(),
        picture=ask.reading.picture(ask.element),
        hotspots=ask.hotspots("hotspot-choice"),
        max_choices=ask.count("max-choices"),
        min_choices=ask.count("min-choices"),
    )


def read_graphic_associate(ask: Ask) -> GraphicAssociateInteraction:
    """Return the pairing of parts of a picture."""
    return GraphicAssociateInteraction(
        **ask.common(),
        picture=ask.reading.picture(ask.element),
        hotspots=ask.hotspots("associable-hotspot"),
        max_associations=ask.most("max-associations"),
        min_associations=ask.count("min-associations"),
    )


def read_graphic_gap_match(ask: Ask) -> GraphicGapMatchInteraction:
    """Return the laying of texts and pictures onto parts of a picture."""
    choices, images = ask.choices("gap-text"), ask.gap_images()
    ask.distinct([*(one.identifier for one in choices), *(one.identifier for one in images)])
    hotspots = ask.hotspots("associable-hotspot")
    if ask.count("min-associations") or 0 < ask.count("max-associations") < len(hotspots):
        ask.reading.notes.lack(ask.element, "limit-left-out", "limits how many places are used; here all may be")
    return GraphicGapMatchInteraction(
        **ask.common(), picture=ask.reading.picture(ask.element), hotspots=hotspots, choices=choices, images=images
    )


def read_position_object(ask: Ask) -> PositionObjectInteraction:
    """Return the placing of a small picture on the one of the stage around it."""
    stage = next((one for one in ask.element.iterancestors() if name_of(one) == "position-object-stage"), None)
    if stage is None:
        ask.reading.notes.refuse(ask.element, "picture-missing", "stands on no stage")
    small = ask.reading.picture(ask.element)
    return PositionObjectInteraction(
        **ask.common(),
        stage=NOTHING if stage is None else ask.reading.picture(stage),
        picture=small,
        center=_center(ask.element, small),
        max_choices=ask.most(),
        min_choices=ask.count("min-choices"),
    )


def _center(element: etree._Element, small: Picture) -> tuple[int, int]:
    """Return the point that counts; without one the middle of the picture does."""
    given = [read_integer(part) for part in attribute(element, "center-point").replace(",", " ").split()]
    numbers = [one for one in given if one is not None]
    if len(numbers) == _PAIR:
        return numbers[0], numbers[1]
    return small.width // 2, small.height // 2


def read_drawing(ask: Ask) -> DrawingInteraction:
    """Return the picture to draw on."""
    return DrawingInteraction(**ask.common(), picture=ask.reading.picture(ask.element))


def read_media(ask: Ask) -> MediaInteraction:
    """Return what is played or looked at."""
    holder, found = _played(ask)
    return MediaInteraction(
        **ask.common(),
        sha256=NOTHING.sha256 if found is None else found.asset.ref.sha256,
        media_type="" if found is None else found.asset.ref.media_type,
        width=pixels(holder, "width"),
        height=pixels(holder, "height"),
        autostart=ask.truth("autostart"),
        loop=ask.truth("loop"),
        min_plays=ask.count("min-plays"),
        max_plays=ask.count("max-plays"),
    )


def _played(ask: Ask) -> tuple[etree._Element, Shown | None]:
    """Return the element that names the file, and the file; the first one that is there and fits is taken."""
    holders = [one for name in ("object", "audio", "video", "source", "img") for one in ask.at_all(name)]
    named = [(one, attribute(one, "data") or attribute(one, "src")) for one in holders]
    refusal = FileRefused("media-missing", "names no file")
    for holder, href in named:
        if not href:
            continue
        try:
            found = ask.reading.shelf.media(href)
        except FileRefused as why:
            refusal = why
            continue
        ask.reading.shown[found.asset.ref.sha256] = found.asset
        return holder, found
    ask.reading.notes.refuse(ask.element, refusal.code, str(refusal))
    return ask.element, None
