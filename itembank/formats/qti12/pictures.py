"""Hotspots of QTI 1.2: parts of pictures to choose, and points to set on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from itembank.core.interactions import Hotspot, HotspotInteraction, Picture, SelectPointInteraction
from itembank.core.markup import visible_text
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.images import PictureRefused
from itembank.formats.parsed import Asset
from itembank.formats.picture_size import measure
from itembank.formats.qti12.areas import area_of
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.elements import Names, below, given, name_of, words_of
from itembank.formats.qti12.labels import Label, labels_of
from itembank.formats.qti12.material import MaterialReader
from itembank.formats.qti12.sheet import ItemRefused, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A picture with the place of its upper left corner, where the file gives one."""

    picture: Picture
    left: int = 0
    top: int = 0


@dataclass(frozen=True, slots=True)
class HotspotReader:
    """Reads one response that is rendered as hotspots."""

    sheet: Sheet
    material: MaterialReader
    names: Names
    options: Names

    def read(self, element: etree._Element, rendering: etree._Element, prompt: str) -> Asked:
        """Return the response; raises ItemRefused when its picture is not there."""
        ident = given(element, "ident") or "response"
        multiple = given(element, "rcardinality").lower() == "multiple"
        cardinality = Cardinality.MULTIPLE if multiple else Cardinality.SINGLE
        placed = self._pictures(element, rendering)
        if name_of(element) == "response_xy":
            return self._points(ident, placed[0].picture, cardinality, prompt)
        labels = labels_of(rendering, self.material, self.sheet)
        values = {one.ident: self.options.of(one.ident) for one in labels}
        parts = self._parts(placed, labels)
        most = given(rendering, "maxnumber")
        limit = int(most) if most.isascii() and most.isdigit() else 0
        declarations, interactions = [], []
        for number, (picture, hotspots) in enumerate(parts, start=1):
            name = self.names.of(ident if len(parts) == 1 else f"{ident}_{number:02}")
            kind = cardinality if len(parts) == 1 else Cardinality.MULTIPLE
            declarations.append(ResponseDeclaration(identifier=name, cardinality=kind, base_type=BaseType.IDENTIFIER))
            interactions.append(
                HotspotInteraction(
                    response=name,
                    prompt=prompt if number == 1 else "",
                    picture=picture,
                    hotspots=hotspots,
                    max_choices=min(limit, len(hotspots)) if kind is Cardinality.MULTIPLE else 1,
                )
            )
        return Asked(ident=ident, declarations=tuple(declarations), interactions=tuple(interactions), values=values)

    def _points(self, ident: str, picture: Picture, cardinality: Cardinality, prompt: str) -> Asked:
        name = self.names.of(ident)
        most = 1 if cardinality is Cardinality.SINGLE else 0
        interaction = SelectPointInteraction(response=name, prompt=prompt, picture=picture, max_choices=most)
        declaration = ResponseDeclaration(identifier=name, cardinality=cardinality, base_type=BaseType.POINT)
        return Asked(ident=ident, declarations=(declaration,), interactions=(interaction,))

    def _pictures(self, element: etree._Element, rendering: etree._Element) -> tuple[Placed, ...]:
        """Return the pictures of the rendering, or those of the response, or those of the whole presentation."""
        top = element.getparent()
        while top is not None and name_of(top) not in {"presentation", "item"}:
            top = top.getparent()
        for place in (rendering, element, *(() if top is None else (top,))):
            found = list(below(place, "matimage"))
            if found:
                self.material.hide(found)
                alone = place is rendering and len(found) == 1  # its areas count from its own corner
                return tuple(self._placed(one, alone=alone) for one in found)
        raise ItemRefused("figure-missing", "the picture with the hotspots is not named")

    def _placed(self, element: etree._Element, *, alone: bool) -> Placed:
        uri = given(element, "uri")
        asset: Asset | str | None
        if uri:
            asset = self.sheet.media.find(uri)
        else:
            asset = self.sheet.media.embedded(words_of(element), given(element, "label") or "picture")
        if asset is None or isinstance(asset, str):
            reason = asset or "it is not with the file"
            raise ItemRefused("figure-missing", f"the picture {uri[:80]!r} that is answered on: {reason}")
        self.sheet.keep(asset)
        width, height = _said(element) or _measured(asset)
        words = given(element, "label") or given(element, "alt")
        picture = Picture(sha256=asset.ref.sha256, width=width, height=height, alt=words)
        left, top = (0, 0) if alone else (_number(given(element, "x0")), _number(given(element, "y0")))
        return Placed(picture=picture, left=left, top=top)

    def _parts(
        self, placed: Sequence[Placed], labels: Sequence[Label]
    ) -> tuple[tuple[Picture, tuple[Hotspot, ...]], ...]:
        found: list[list[Hotspot]] = [[] for _ in placed]
        for label in labels:
            spots = ((place, self._spot(label, one)) for place, one in enumerate(placed))
            place, spot = next((pair for pair in spots if pair[1] is not None), (0, None))
            if spot is None:
                raise ItemRefused("wrong-area", f"the hotspot {label.ident[:60]!r} has no place on a picture")
            found[place].append(spot)
        parts = tuple((one.picture, tuple(spots)) for one, spots in zip(placed, found, strict=True) if spots)
        if not parts:
            raise ItemRefused("no-options", "there are no hotspots")
        return parts

    def _spot(self, label: Label, placed: Placed) -> Hotspot | None:
        size = placed.picture.width, placed.picture.height
        coords = "".join(str(part) for part in (label.element.text or "", *(one.tail or "" for one in label.element)))
        area = area_of(given(label.element, "rarea", "Ellipse"), coords.strip(), size, (placed.left, placed.top))
        if (
            area is None
            or not all(one >= -1 for one in area.coords[:2])
            or area.coords[0] > size[0]
            or area.coords[1] > size[1]
        ):
            return None
        words = visible_text(label.content) if label.content and label.content != coords.strip() else ""
        return Hotspot(
            identifier=self.options.of(label.ident), area=area, label="" if words == coords.strip() else words
        )


def points_in(rendering: etree._Element, size: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    """Return the shape and coords of the labels of a rendering, for files that keep the key there (Canvas)."""
    found = []
    for label in below(rendering, "response_label"):
        area = area_of(given(label, "rarea", "Ellipse"), words_of(label), size)
        if area is not None:
            found.append((str(area.shape), ",".join(str(one) for one in area.coords)))
    return tuple(found)


def _measured(asset: Asset) -> tuple[int, int]:
    try:
        size = measure(asset.payload, asset.ref.media_type)
    except PictureRefused as refusal:
        raise ItemRefused("figure-size", f"{asset.ref.name[:80]!r}: {refusal}") from refusal
    return size.width, size.height


def _said(element: etree._Element) -> tuple[int, int] | None:
    width, height = _number(given(element, "width")), _number(given(element, "height"))
    return (width, height) if width > 0 and height > 0 else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0  # noqa: PLR2004 - digits
