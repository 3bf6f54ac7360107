"""The interactions on pictures and media as elements of QTI 3, and how any interaction begins."""

from collections.abc import Mapping
from typing import TypeAlias

from lxml import etree

from itembank.core.interactions import (
    DrawingInteraction,
    GapImage,
    GraphicAssociateInteraction,
    GraphicGapMatchInteraction,
    GraphicOrderInteraction,
    Hotspot,
    HotspotInteraction,
    Interaction,
    MediaInteraction,
    PositionObjectInteraction,
    SelectPointInteraction,
)
from itembank.formats.qti.making import make
from itembank.formats.qti.writing_body import Pen

Graphic: TypeAlias = (
    HotspotInteraction
    | SelectPointInteraction
    | GraphicOrderInteraction
    | GraphicAssociateInteraction
    | GraphicGapMatchInteraction
    | PositionObjectInteraction
    | DrawingInteraction
    | MediaInteraction
)


def begin(pen: Pen, one: Interaction, name: str, given: Mapping[str, str], *, prompt: bool = True) -> etree._Element:
    """Return the element of an interaction with its response, its look and its prompt."""
    look = {"class": " ".join(one.classes)} if one.classes else {}
    element = make(f"{name}-interaction", {"response-identifier": one.response, **look, **given})
    if prompt and one.prompt:
        element.append(pen.html(make("prompt"), one.prompt))
    return element


def flag(truth: bool) -> str:  # noqa: FBT001 - the truth is what is written
    """Return `true` or `false`."""
    return "true" if truth else "false"


def limits(what: str, most: int, least: int) -> dict[str, str]:
    """Return how many of `what` may and must be given."""
    return {f"max-{what}": str(most)} | ({f"min-{what}": str(least)} if least else {})


def pairs(match_max: int, match_min: int) -> dict[str, str]:
    """Return in how many pairs an option may and must stand."""
    return {"match-max": str(match_max)} | ({"match-min": str(match_min)} if match_min else {})


def gap_image(pen: Pen, one: GapImage) -> etree._Element:
    """Return a picture that is laid into a gap or onto a hotspot."""
    given = {"identifier": one.identifier, **pairs(one.match_max, one.match_min)}
    return make("gap-img", given, [pen.picture(one.picture)])


def no_prompt(pen: Pen, one: Interaction) -> None:
    """Note that the prompt of an interaction is left out, where QTI has none."""
    if one.prompt:
        pen.note(f"response {one.response}", "prompt-left-out", "this kind of interaction has no prompt in QTI")


def write_graphic(pen: Pen, one: Graphic) -> etree._Element:
    """Return the element of an interaction on a picture; a position object comes inside its stage."""
    match one:
        case HotspotInteraction() | GraphicOrderInteraction() | SelectPointInteraction():
            return _write_choosing(pen, one)
        case GraphicAssociateInteraction():
            bounds = limits("associations", one.max_associations, one.min_associations)
            element = begin(pen, one, "graphic-associate", bounds)
            element.append(pen.picture(one.picture))
            element.extend(_hotspot(spot, paired=True) for spot in one.hotspots)
            return element
        case GraphicGapMatchInteraction():
            return _write_gaps(pen, one)
        case PositionObjectInteraction():
            return _write_stage(pen, one)
        case DrawingInteraction():
            element = begin(pen, one, "drawing", {})
            element.append(pen.picture(one.picture))
            return element
        case MediaInteraction():
            return _write_media(pen, one)


def _write_gaps(pen: Pen, one: GraphicGapMatchInteraction) -> etree._Element:
    element = begin(pen, one, "graphic-gap-match", {})
    element.append(pen.picture(one.picture))
    for choice in one.choices:
        given = {"identifier": choice.identifier, **pairs(choice.match_max, choice.match_min)}
        element.append(pen.html(make("gap-text", given), choice.content))
    element.extend(gap_image(pen, image) for image in one.images)
    element.extend(_hotspot(spot, paired=True) for spot in one.hotspots)
    return element


def _write_choosing(
    pen: Pen, one: HotspotInteraction | GraphicOrderInteraction | SelectPointInteraction
) -> etree._Element:
    bounds = limits("choices", one.max_choices, one.min_choices)
    if isinstance(one, SelectPointInteraction):
        element = begin(pen, one, "select-point", bounds)
        element.append(pen.picture(one.picture))
        return element
    if isinstance(one, GraphicOrderInteraction):
        element = begin(pen, one, "graphic-order", bounds if one.max_choices or one.min_choices else {})
    else:
        element = begin(pen, one, "hotspot", bounds)
    element.append(pen.picture(one.picture))
    element.extend(_hotspot(spot, paired=False) for spot in one.hotspots)
    return element


def _hotspot(one: Hotspot, *, paired: bool) -> etree._Element:
    given = {"identifier": one.identifier, "shape": one.area.shape.value}
    if one.area.coords:
        given["coords"] = ",".join(map(str, one.area.coords))
    if one.label:
        given["hotspot-label"] = one.label
    if paired:
        return make("associable-hotspot", given | pairs(one.match_max, one.match_min))
    return make("hotspot-choice", given)


def _write_stage(pen: Pen, one: PositionObjectInteraction) -> etree._Element:
    no_prompt(pen, one)
    center = {"center-point": f"{one.center[0]} {one.center[1]}"}
    bounds = limits("choices", one.max_choices, one.min_choices)
    element = begin(pen, one, "position-object", center | bounds, prompt=False)
    element.append(pen.picture(one.picture))
    return make("position-object-stage", {}, [pen.picture(one.stage), element])


def _write_media(pen: Pen, one: MediaInteraction) -> etree._Element:
    given = {"autostart": flag(one.autostart), "loop": flag(one.loop)}
    given |= {"min-plays": str(one.min_plays)} if one.min_plays else {}
    element = begin(pen, one, "media", given | ({"max-plays": str(one.max_plays)} if one.max_plays else {}))
    size = {"width": str(one.width), "height": str(one.height)} if one.width and one.height else {}
    etree.SubElement(element, "object", {"data": pen.address(one.sha256), "type": one.media_type} | size)
    return element
