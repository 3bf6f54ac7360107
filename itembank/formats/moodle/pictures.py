"""Moodle's types with a picture: texts and pictures to drag onto it, and markers to set on it."""

from dataclasses import replace
from fractions import Fraction
from itertools import chain
from typing import Final

from lxml import etree

from itembank.core.interactions import (
    Choice,
    GapImage,
    GraphicGapMatchInteraction,
    Hotspot,
    Picture,
    SelectPointInteraction,
)
from itembank.core.markup import INTERACTION
from itembank.core.qti.shapes import Area, Shape
from itembank.core.variables import SINGLE_RESPONSE, BaseType, Cardinality, ResponseDeclaration
from itembank.formats.images import PictureRefused
from itembank.formats.moodle.fields import Fields, number_in, plain_text
from itembank.formats.moodle.made import Made
from itembank.formats.parsed import Asset
from itembank.formats.picture_size import measure
from itembank.formats.scoring_source.parts import Areas, Asked, Mapped

# Moodle shows a text as large as its words; a zone of this size holds most.
_TEXT_ZONE: Final = (100, 30)


def drag_onto_picture(fields: Fields) -> Made:
    """Return a picture with zones, and texts and pictures to lay onto them; each zone counts the same."""
    background = _background(fields)
    drags, choices, images = _drags(fields)
    sizes = {one.identifier: (one.picture.width, one.picture.height) for one in images}
    hotspots: list[Hotspot] = []
    values: list[tuple[str, Fraction]] = []
    drops = fields.all("drop")
    for number, one in enumerate(drops, start=1):
        right = drags.get(plain_text(one.find("choice")))
        if right is None:
            raise fields.account.refusal("zone", f"zone {number} has no right answer")
        left, top = (
            int(number_in(plain_text(one.find(name), "0"), name, fields.account)) for name in ("xleft", "ytop")
        )
        width, height = sizes.get(right, _TEXT_ZONE)
        area = Area(shape=Shape.RECT, coords=(left, top, left + width, top + height))
        hotspots.append(Hotspot(identifier=f"Z{number}", area=area, label=plain_text(one)))
        values.append((f"{right} Z{number}", Fraction(1, len(drops))))
    if not values:
        raise fields.account.refusal("zone", "there is no zone to drag something onto")
    interaction = GraphicGapMatchInteraction(
        response=SINGLE_RESPONSE, picture=background, hotspots=tuple(hotspots), choices=choices, images=images
    )
    declaration = ResponseDeclaration(
        identifier=SINGLE_RESPONSE, cardinality=Cardinality.MULTIPLE, base_type=BaseType.DIRECTED_PAIR
    )
    asked = Asked(interaction=interaction, declaration=declaration, scoring=Mapped(values=tuple(values)))
    return Made(body=fields.block("questiontext"), asked=(asked,))


def _drags(fields: Fields) -> tuple[dict[str, str], tuple[Choice, ...], tuple[GapImage, ...]]:
    """Return number -> identifier of what is dragged, the texts and the pictures."""
    names: dict[str, str] = {}
    choices: list[Choice] = []
    images: list[GapImage] = []
    for number, one in enumerate(fields.all("drag"), start=1):
        identifier = f"D{number}"
        names[plain_text(one.find("no"), str(number))] = identifier
        most = 0 if one.find("infinite") is not None else 1
        asset = fields.file_of(one, f"drag {number}")
        if asset is None:
            choices.append(Choice(identifier=identifier, content=fields.line(one, f"drag {number}"), match_max=most))
        else:
            picture = replace(_picture(fields, asset, f"drag {number}"), alt=plain_text(one))
            images.append(GapImage(identifier=identifier, picture=picture, match_max=most))
    return names, tuple(choices), tuple(images)


def mark_in_picture(fields: Fields) -> Made:
    """Return the picture once for each marker, to be set on the right places; each place counts the same."""
    background = _background(fields)
    zones: dict[str, list[Area]] = {}
    for number, one in enumerate(fields.all("drop"), start=1):
        zones.setdefault(plain_text(one.find("choice")), []).append(_area(fields, one, number))
    if not zones:
        raise fields.account.refusal("zone", "there is no place for a marker")
    markers = {plain_text(one.find("no"), str(n)): one for n, one in enumerate(fields.all("drag"), start=1)}
    if len(markers) > 1:
        fields.account.note("markers", "each marker has the picture for itself; markers without a place are left out")
    asked: list[Asked] = []
    body = fields.block("questiontext")
    total = len(list(chain.from_iterable(zones.values())))
    for number, (marker, areas) in enumerate(zones.items(), start=1):
        if marker not in markers:
            raise fields.account.refusal("zone", f"there is no marker {marker[:20]!r}")
        name = f"R{number}"
        body += f'{fields.block_in(markers[marker], f"marker {marker}")}<div {INTERACTION}="{name}"></div>'
        asked.append(_point(name, background, areas, weight=Fraction(len(areas), total)))
    return Made(body=body, asked=tuple(asked))


def _point(name: str, picture: Picture, areas: list[Area], *, weight: Fraction) -> Asked:
    scoring = Areas(areas=tuple((area, Fraction(1, len(areas))) for area in areas))
    cardinality = Cardinality.SINGLE if len(areas) == 1 else Cardinality.MULTIPLE
    return Asked(
        interaction=SelectPointInteraction(response=name, picture=picture, max_choices=len(areas)),
        declaration=ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=BaseType.POINT),
        scoring=scoring,
        weight=weight,
    )


def _area(fields: Fields, drop: etree._Element, number: int) -> Area:
    shape = plain_text(drop.find("shape")).lower()
    pairs = [part.split(",") for part in plain_text(drop.find("coords")).split(";")]
    try:
        numbers = [round(float(one)) for pair in pairs for one in pair]
        match shape, numbers:
            case "circle", [x, y, radius]:
                return Area(shape=Shape.CIRCLE, coords=(x, y, radius))
            case "rectangle", [x, y, width, height]:
                return Area(shape=Shape.RECT, coords=(x, y, x + width, y + height))
            case "polygon", [_, _, _, _, _, _, *_] if len(numbers) % 2 == 0:
                return Area(shape=Shape.POLY, coords=tuple(numbers))
    except (ValueError, OverflowError):
        pass
    raise fields.account.refusal("zone", f"the shape of zone {number} cannot be read")


def _background(fields: Fields) -> Picture:
    asset = fields.file_of(fields.element, "picture")
    if asset is None:
        raise fields.account.refusal("figure-missing", "the picture of the question is not in the file")
    return _picture(fields, asset, "picture")


def _picture(fields: Fields, asset: Asset, part: str) -> Picture:
    try:
        size = measure(asset.payload, asset.ref.media_type)
    except PictureRefused as refusal:
        raise fields.account.refusal("figure-refused", str(refusal), part) from refusal
    return Picture(sha256=asset.ref.sha256, width=size.width, height=size.height)
