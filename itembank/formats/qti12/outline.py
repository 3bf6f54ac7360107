"""How a file is built: its assessments, sections and banks as content areas, its items with their places and codes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from cbt.kernel.errors import Problem
from cbt.kernel.titles import Title
from itembank.formats.parsed import ParsedArea
from itembank.formats.qti12.elements import below, children, given, line_of, name_of, words_of
from itembank.formats.qti12.fields import metadata

_GROUPS: Final = frozenset({"assessment", "section", "objectbank", "questestinterop"})
_ELSEWHERE: Final = frozenset({"bankentry_item", "itemref", "sectionref", "sourcebank_ref"})
_UNFIT: Final = re.compile(r"[^\w:-]+")
_LONGEST: Final = 64
_PARENT: Final = "parent_stimulus_item_ident"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundItem:
    """An item with the area that it stands in and the text above it, by what the file calls that."""

    element: etree._Element
    ident: str
    area_code: str
    stimulus: str = ""
    where: str = ""


class Codes:
    """Codes for items and areas: letters of any script, digits, colon, hyphen and underscore; each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._areas: dict[tuple[str, str], ParsedArea] = {}

    def item(self, ident: str, fallback: str) -> str:
        """Return a code that no other item has."""
        return self._free(plain_code(ident, keep="."), fallback)

    def area(self, title: str, parent: str) -> ParsedArea:
        """Return the area of that title below `parent`, the same one for the same title."""
        if (parent, title) not in self._areas:
            codes = {one.code for one in self._areas.values()}
            plain = plain_code(title) or "area"
            code, count = plain, 1
            while code in codes:
                count += 1
                code = f"{plain[: _LONGEST - 4]}-{count}"
            self._areas[parent, title] = ParsedArea(code=code, parent=parent, title=Title(ko=title, en=title))
        return self._areas[parent, title]

    def areas(self) -> tuple[ParsedArea, ...]:
        """Return all areas so far, those above first."""
        return tuple(self._areas.values())

    def _free(self, plain: str, fallback: str) -> str:
        plain = plain or fallback
        code, count = plain, 1
        while code in self._taken:
            count += 1
            code = f"{plain[: _LONGEST - 5]}-{count}"
        self._taken.add(code)
        return code


def plain_code(text: str, *, keep: str = "") -> str:
    """Return `text` as a code, or nothing when no letter or digit is in it."""
    joined = "".join(sign if sign in keep else _UNFIT.sub("-", sign) for sign in " ".join(text.split()))
    return re.sub(r"-{2,}", "-", joined).lstrip("_-:.")[:_LONGEST].rstrip("_-:.")


@dataclass(slots=True)
class Outline:
    """Walks one document."""

    name: str
    codes: Codes
    items: list[FoundItem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def read(self, root: etree._Element) -> None:
        """Find all items below `root`."""
        if name_of(root) == "item":
            self._item(root, "", "")
            return
        self._walk(root, "", "")

    def _walk(self, element: etree._Element, area: str, stimulus: str) -> None:
        for child in children(element):
            name = name_of(child)
            if name == "item":
                self._item(child, area, stimulus)
            elif name in _GROUPS:
                self._walk(child, self._area(child, area), given(child, _PARENT) or stimulus)
            elif name in _ELSEWHERE:
                self._elsewhere(child)
            elif name == "selection_ordering":
                for one in below(child, "sourcebank_ref"):
                    self._elsewhere(one)

    def _area(self, element: etree._Element, parent: str) -> str:
        title = given(element, "title") or metadata(element).get("bank_title", "")
        return self.codes.area(title[:200], parent).code if title else parent

    def _item(self, element: etree._Element, area: str, stimulus: str) -> None:
        ident = given(element, "ident")
        fields = metadata(element)
        self.items.append(
            FoundItem(
                element=element,
                ident=ident,
                area_code=area or self.codes.area(self.name or "QTI", "").code,
                stimulus=fields.get(_PARENT, "") or given(element, _PARENT) or stimulus,
                where=f"{self.name}, item {ident or len(self.items) + 1}, line {line_of(element)}".removeprefix(", "),
            )
        )

    def _elsewhere(self, element: etree._Element) -> None:
        target = given(element, "linkrefid") or given(element, "item_ref") or given(element, "sourcebank_ref")
        hint = (
            f"<{name_of(element)}> takes items from {(target or words_of(element))[:60]!r}, which is not in this file"
        )
        where = f"{self.name}, line {line_of(element)}".removeprefix(", ")
        self.warnings.append(Problem(where=where, code="items-elsewhere", hint=hint))


def stimuli_of(items: list[FoundItem]) -> Mapping[str, FoundItem]:
    """Return the items that others name as the text above them."""
    wanted = {one.stimulus for one in items if one.stimulus}
    return {one.ident: one for one in items if one.ident in wanted}
