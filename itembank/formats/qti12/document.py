"""One `questestinterop` document into items, areas and an account of what was not understood."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from cbt.kernel.errors import Problem
from itembank.core.items import Stimulus
from itembank.formats.figures import Figures, NoFigures
from itembank.formats.parsed import MOST_ITEMS, MOST_PROBLEMS, Asset, Parsed, ParsedItem, RefusedItem
from itembank.formats.qti12.body import Body, BodyReader
from itembank.formats.qti12.elements import first, given, name_of
from itembank.formats.qti12.fields import asks_nothing, fields_of
from itembank.formats.qti12.item import Place, read_item
from itembank.formats.qti12.material import MaterialReader, labelled
from itembank.formats.qti12.outline import Codes, FoundItem, Outline, stimuli_of
from itembank.formats.qti12.sheet import ItemRefused, Media, Sheet
from itembank.formats.qti12.writing import as_block
from itembank.formats.xml_door import WHOLE_BANK, DocumentRefused, open_xml

FORMAT = "qti12"
_ROOTS = frozenset({"questestinterop", "assessment", "section", "objectbank", "item"})


def parse_qti12(payload: bytes, *, name: str = "", beside: Figures | None = None) -> Parsed:
    """Return what a QTI 1.2 document holds; `name` is what its area is called when nothing in it has a title."""
    loading = Loading()
    loading.add(payload, name=name, figures=beside or NoFigures())
    return loading.parsed()


@dataclass(slots=True)
class Loading:
    """Reads one document after the other into one bank."""

    codes: Codes = field(default_factory=Codes)
    items: list[ParsedItem] = field(default_factory=list)
    refused: list[RefusedItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    idents: dict[str, str] = field(default_factory=dict)  # code of the item -> what its file calls it
    copies: dict[str, str] = field(default_factory=dict)  # code of the item -> of which one it is a copy

    def add(self, payload: bytes, *, name: str, figures: Figures, shuffle: bool | None = None) -> None:
        """Read one document; what keeps it from being read at all is a problem."""
        where = name or "file"
        try:
            root = open_xml(payload, WHOLE_BANK)
        except DocumentRefused as refusal:
            self.problems.append(Problem(where=where, code=refusal.code, hint=refusal.message))
            return
        if name_of(root) not in _ROOTS:
            hint = f"<{name_of(root)[:40]}> is not a QTI 1.2 document"
            self.problems.append(Problem(where=where, code="not-qti12", hint=hint))
            return
        outline = Outline(name=name, codes=self.codes)
        outline.read(root)
        self.warnings += outline.warnings
        if len(self.items) + len(outline.items) > MOST_ITEMS:
            self.problems.append(Problem(where=where, code="too-many-items", hint=f"{MOST_ITEMS:,} is the most"))
            return
        self._read(outline.items, _Shared(media=Media(figures), labelled=labelled(root), shuffle=shuffle))

    def _read(self, found: list[FoundItem], shared: "_Shared") -> None:
        above = {ident: self._stimulus(one, shared) for ident, one in stimuli_of(found).items()}
        for number, one in enumerate(found, start=1):
            if one.ident in above and asks_nothing(fields_of(one.element)):
                continue
            self._item(number, one, above.get(one.stimulus), shared)

    def _item(self, number: int, one: FoundItem, above: "_Above | None", shared: "_Shared") -> None:
        code = self.codes.item(one.ident, f"item-{number}")
        place = Place(
            code=code,
            where=one.where,
            area_code=one.area_code,
            shuffle=shared.shuffle,
            stimulus=above.stimulus if above else None,
        )
        item, sheet = read_item(one.element, place, shared.media, shared.labelled, above.assets if above else ())
        if one.stimulus and above is None:
            sheet.warn("stimulus-missing", f"the text {one.stimulus[:60]!r} above the item is not in this file")
        self.warnings += sheet.warnings
        if isinstance(item, RefusedItem):
            self.refused.append(item)
            return
        self.items.append(item)
        self.idents[code] = one.ident
        self.copies[code] = fields_of(one.element).get("assessment_question_identifierref")

    def _stimulus(self, one: FoundItem, shared: "_Shared") -> "_Above | None":
        sheet = Sheet(where=one.where, media=shared.media)
        presentation = first(one.element, "presentation")
        body = Body()
        if presentation is not None:
            BodyReader(MaterialReader(sheet, shared.labelled), {}).read(presentation, body)
        try:
            html = as_block(body.html(), sheet)
        except ItemRefused as refusal:
            self.refused.append(_refusal(one, refusal))
            return None
        self.warnings += [*sheet.notes, *sheet.warnings]
        title = given(one.element, "title")[:200] or one.ident
        stimulus = Stimulus(code=self.codes.item(one.ident, "stimulus"), title=title, body=html)
        return _Above(stimulus=stimulus, assets=tuple(sheet.used.values()))

    def parsed(self) -> Parsed:
        """Return all that was read."""
        used = {item.area_code for item in self.items}
        known = {area.code: area for area in self.codes.areas()}
        for code in tuple(used):
            parent = known[code].parent
            while parent:
                used.add(parent)
                parent = known[parent].parent
        return Parsed(
            items=tuple(self.items),
            refused=tuple(self.refused),
            format=FORMAT,
            areas=tuple(area for area in self.codes.areas() if area.code in used),
            problems=_first(self.problems),
            warnings=_first(self.warnings),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What the items of one document have in common."""

    media: Media
    labelled: Mapping[str, etree._Element]
    shuffle: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Above:
    """A text that several items ask about, with its pictures."""

    stimulus: Stimulus
    assets: Sequence[Asset]


def _refusal(one: FoundItem, refusal: ItemRefused) -> RefusedItem:
    note = Problem(where=one.where, code=refusal.code, hint=refusal.hint)
    return RefusedItem(where=one.where, code=one.ident or "stimulus", notes=(note,))


def _first(found: Iterable[Problem]) -> tuple[Problem, ...]:
    different = list(dict.fromkeys(found))
    if len(different) <= MOST_PROBLEMS:
        return tuple(different)
    rest = Problem(where="file", code="and-more", hint=f"{len(different) - MOST_PROBLEMS} more of this kind")
    return (*different[:MOST_PROBLEMS], rest)
