"""One item of QTI 1.2 into an item of the bank, with what of it was not understood; or its refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from itembank.core.content import plain_title
from itembank.core.interactions import UploadInteraction
from itembank.core.items import ItemContent, Stimulus
from itembank.core.keys import ItemKey, check_key
from itembank.core.markup import places
from itembank.core.metadata import ItemMetadata
from itembank.core.variables import BaseType, Cardinality, ResponseDeclaration
from itembank.formats.parsed import Asset, Original, ParsedItem, RefusedItem, Understood
from itembank.formats.qti12 import canvas
from itembank.formats.qti12.asked import Asked
from itembank.formats.qti12.body import Body, BodyReader, language_of, prompt_html
from itembank.formats.qti12.calculated import Drawn, drawn_of
from itembank.formats.qti12.conditions import Processing, Test
from itembank.formats.qti12.continuing import settled
from itembank.formats.qti12.elements import below, first, given, name_of, named, words_of
from itembank.formats.qti12.feedback import Told, feedback_of, for_candidates
from itembank.formats.qti12.fields import Fields, Kind, asks_nothing, fields_of
from itembank.formats.qti12.keying import Keying
from itembank.formats.qti12.material import MaterialReader
from itembank.formats.qti12.processing import ProcessingReader
from itembank.formats.qti12.responses import RESPONSES, ResponseReader
from itembank.formats.qti12.sheet import ItemRefused, Media, Sheet
from itembank.formats.qti12.writing import as_block, as_line

_NO_TITLE: Final = frozenset({"", "question", "item"})
_COMPARING: Final = ("varequal", "varlt", "varlte", "vargt", "vargte", "varsubset")
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "txt": "text/plain",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item stands: its code and area in the bank, the shared text above it, and the settings of its file."""

    code: str
    where: str
    area_code: str
    shuffle: bool | None = None
    stimulus: Stimulus | None = None


def read_item(
    element: etree._Element,
    place: Place,
    media: Media,
    labelled: Mapping[str, etree._Element],
    assets: Sequence[Asset] = (),
) -> tuple[ParsedItem | RefusedItem, Sheet]:
    """Return the item or its refusal, and the sheet with all that was found; `assets` belong to its stimulus."""
    sheet = Sheet(where=place.where, media=media, used={one.ref.sha256: one for one in assets})
    try:
        item = _Reading(element=element, place=place, sheet=sheet, labelled=labelled).item()
    except ItemRefused as refusal:
        sheet.note(refusal.code, refusal.hint)
        return RefusedItem(where=place.where, code=place.code, notes=tuple(sheet.notes)), sheet
    return item, sheet


@dataclass(slots=True)
class _Reading:
    element: etree._Element
    place: Place
    sheet: Sheet
    labelled: Mapping[str, etree._Element]
    fields: Fields = field(init=False)
    material: MaterialReader = field(init=False)
    asked: dict[str, Asked] = field(default_factory=dict)
    by_element: dict[etree._Element, Asked] = field(default_factory=dict)
    tests: dict[str, Test] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    drawn: Drawn | None = None

    def __post_init__(self) -> None:
        self.fields = fields_of(self.element)
        self.material = MaterialReader(self.sheet, self.labelled)

    def item(self) -> ParsedItem:
        """Return the item; raises ItemRefused."""
        original = Original(
            name=f"{self.place.code}.xml",
            media_type="application/xml",
            payload=etree.tostring(self.element, encoding="utf-8", with_tail=False),
        )
        presentation = first(self.element, "presentation")
        if presentation is None:
            raise ItemRefused("no-question", "the item has no presentation, so nothing is asked")
        self._responses(presentation)
        processing = self._processing()
        told = feedback_of(self.element, processing, self.material, self.sheet)
        key = self._key(processing, told)
        content = self._content(presentation)
        if not key.program:
            for problem in check_key(content, key, self.place.where):
                raise ItemRefused(problem.code, problem.hint)
        return ParsedItem(
            where=self.place.where,
            code=self.place.code,
            area_code=self.place.area_code,
            content=content,
            key=key,
            assets=tuple(self.sheet.used.values()),
            metadata=self._metadata(),
            understood=Understood.PARTIAL if self.sheet.notes else Understood.FULL,
            notes=tuple(self.sheet.notes),
            original=original,
        )

    def _responses(self, presentation: etree._Element) -> None:
        reader = self._reader()
        for element in below(presentation, *RESPONSES, "response_extension"):
            if name_of(element) == "response_extension":
                raise ItemRefused("vendor-response", "a response is of a kind that only its vendor knows")
            asked = self._asked(reader, element)
            if asked.ident in self.asked:
                raise ItemRefused("repeated-response", f"the response {asked.ident[:60]!r} is there twice")
            self.asked[asked.ident] = asked
            self.by_element[element] = asked
        if not self.asked and self.fields.kind is Kind.UPLOAD:
            self._upload(presentation)
        if not self.asked:
            what = "only something to read" if asks_nothing(self.fields) else "no response is asked for"
            raise ItemRefused("no-question", what)

    def _reader(self) -> ResponseReader:
        compared: dict[str, tuple[str, ...]] = {}
        for one in below(self.element, *_COMPARING):
            name = given(one, "respident")
            compared[name] = (*compared.get(name, ()), words_of(one))
        numeric = self.fields.kind in {Kind.NUMERICAL, Kind.CALCULATED}
        return ResponseReader(
            self.sheet,
            self.material,
            compared,
            shuffle=self.place.shuffle,
            essay=self.fields.kind is Kind.ESSAY,
            numeric=numeric,
        )

    def _asked(self, reader: ResponseReader, element: etree._Element) -> Asked:
        prompt = as_line(prompt_html(element, self.material), self.sheet)
        rendering = canvas.rendering_of(element)
        if rendering is not None and self.fields.kind in canvas.IN_TEXT:
            ident = given(element, "ident") or "response"
            self.labels[ident] = prompt
            if self.fields.kind is not Kind.BLANKS:
                return canvas.inline_choice(reader, element, rendering)
            asked, test = canvas.blank(reader, element, rendering)
            if test is not None:
                self.tests[ident] = test
            return asked
        asked = reader.read(element, prompt)
        return replace(asked, by_person=True) if self.fields.kind in {Kind.ESSAY, Kind.UPLOAD} else asked

    def _upload(self, presentation: etree._Element) -> None:
        types = [part.strip().lower().lstrip(".") for part in given(presentation, "allowed_types").split(",")]
        known = tuple(dict.fromkeys(_MEDIA_TYPES[one] for one in types if one in _MEDIA_TYPES))
        if any(one and one not in _MEDIA_TYPES for one in types):
            self.sheet.warn(
                "file-types", f"of the allowed files {', '.join(types)[:80]} not all are known; any is taken"
            )
            known = ()
        declaration = ResponseDeclaration(
            identifier="RESPONSE", cardinality=Cardinality.SINGLE, base_type=BaseType.FILE
        )
        upload = UploadInteraction(response="RESPONSE", media_types=known)
        self.asked["RESPONSE"] = Asked(
            ident="RESPONSE", declarations=(declaration,), interactions=(upload,), by_person=True
        )

    def _processing(self) -> Processing:
        kind = self.fields.kind
        quiet = bool(self.tests)  # what blanks accept stands beside them; the processing only tells their points
        reader = ProcessingReader(self.sheet, {name: one.cardinality for name, one in self.asked.items()}, quiet=quiet)
        processing = reader.read(named(self.element, "resprocessing"))
        processing = settled(processing, self.asked, self.sheet, adding=self.fields.vendor)
        if kind is Kind.CALCULATED:
            only = next(iter(self.asked.values()))
            self.drawn = drawn_of(self.element, only, self.sheet)
            return replace(processing, conditions=tuple(one for one in processing.conditions if one.feedback))
        if self.tests:
            processing = canvas.blanks_processing(processing, self.tests, self.asked)
        if kind is Kind.CATEGORIES:
            processing = canvas.exact_sets(processing)
        if kind is Kind.NUMERICAL:
            processing = canvas.without_margins(processing)
        if kind is Kind.HOTSPOT:
            processing = self._hotspot(processing)
        return canvas.equal_shares(processing) if self.fields.canvas else processing

    def _hotspot(self, processing: Processing) -> Processing:
        ident, asked = next(iter(self.asked.items()))
        rendering = first(self.element, "render_hotspot")
        if rendering is None:
            return processing
        processing, self.asked[ident] = canvas.hotspot_processing(processing, asked, rendering)
        self.by_element = {element: self.asked[one.ident] for element, one in self.by_element.items()}
        return processing

    def _key(self, processing: Processing, told: Told) -> ItemKey:
        keying = Keying(
            identifier=self.place.code,
            asked=self.asked,
            processing=processing,
            told=told,
            sheet=self.sheet,
            vendor=self.fields.canvas,
        )
        if self.drawn is None:
            return keying.key()
        asked = next(iter(self.asked.values()))
        if told.shown:
            self.sheet.warn("feedback-left-out", "feedback on the answers of a calculated item is left out")
        return ItemKey(program=self.drawn.program(self.place.code, asked), explanation=told.explanation)

    def _content(self, presentation: etree._Element) -> ItemContent:
        body = self._body(presentation)
        interactions = tuple(part for one in self.asked.values() for part in one.interactions)
        found = places(body)
        missing = [one.response for one in interactions if one.response not in found]
        body += "".join(f'<div data-interaction="{name}"></div>' for name in missing)
        title = given(self.element, "title")
        if title.lower() in _NO_TITLE:
            title = plain_title(body) or self.place.code
        return ItemContent(
            title=title[:200],
            language=language_of(self.element) or ("ko" if _korean(body) else "en"),
            body=body,
            declarations=tuple(part for one in self.asked.values() for part in one.declarations),
            interactions=interactions,
            assets=tuple(asset.ref for asset in self.sheet.used.values()),
            stimulus=self.place.stimulus,
        )

    def _body(self, presentation: etree._Element) -> str:
        in_text = {name: one for name, one in self.asked.items() if self.fields.kind in canvas.IN_TEXT and one.inline}
        body = Body()
        for one in named(self.element, "rubric", "itemrubric", "objectives"):
            if for_candidates(one):
                body.add(self.material.read(one))
                body.end_line()
        BodyReader(self.material, self.by_element, frozenset(in_text)).read(presentation, body)
        html = as_block(body.html(), self.sheet)
        if self.drawn is not None:
            for theirs, ours in self.drawn.names.items():
                html = html.replace(f"[{theirs}]", f'<span data-printed="{ours}"></span>')
        return canvas.with_places(html, in_text, self.labels) if in_text else html

    def _metadata(self) -> ItemMetadata | None:
        points = self.fields.get("points_possible") or self.fields.get("qmd_weighting")
        stimulus = self.place.stimulus.code if self.place.stimulus else ""
        if not points and not stimulus:
            return None
        return ItemMetadata(stimulus=stimulus, fields={"points": points[:40]} if points else {})


def _korean(text: str) -> bool:
    return any("가" <= sign <= "힣" for sign in text)
