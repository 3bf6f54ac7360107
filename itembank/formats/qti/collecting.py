"""Collects the items of a package one after the other: each in its content area, each identifier once."""

import re
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final

from cbt.kernel.errors import Problem
from itembank.formats.parsed import Findings, ParsedItem, RefusedItem
from itembank.formats.qti.door import DocumentRefused, open_document
from itembank.formats.qti.elements import attribute, name_of
from itembank.formats.qti.metadata import Lom
from itembank.formats.qti.shelf import Shelf, Store
from itembank.formats.qti.taking import DEFAULT_AREA, Placed, take_item
from itembank.formats.qti.usage import Statistics
from itembank.formats.qti.versions import version_of

# Folders that say what lies in them, not what it is about.


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN_FOLDERS: Final = _words(
    "assessmentitems assessments content depitems item items itembank package qti question questions "
    "resource resources test tests xml"
)
_OWN_FOLDER: Final = frozenset({"qti", "item", "index", "assessmentitem"})
_NOT_CODE: Final = re.compile(r"[^\w:-]+")
_LONGEST_AREA: Final = 64


@dataclass(slots=True)
class Collected:
    """The items so far; `root` is the folder that paths of content areas begin in."""

    store: Store
    root: PurePosixPath
    findings: Findings
    statistics: dict[str, Statistics] = field(default_factory=dict)
    items: list[ParsedItem] = field(default_factory=list)
    refused: list[RefusedItem] = field(default_factory=list)
    format: str = ""
    _seen: dict[str, str] = field(default_factory=dict)
    _areas_by: dict[str, int] = field(default_factory=dict)

    def add(self, path: str, payload: bytes, *, name: str, lom: Lom, notes: tuple[Problem, ...] = ()) -> None:
        """Add the item in `payload`, or why it is none; `name` is what the package calls it."""
        try:
            root = open_document(payload)
        except DocumentRefused as refusal:
            self.refuse(name, path, refusal.code, refusal.message)
            return
        if name_of(root) != "assessment-item":
            self.refuse(name, path, "not-an-item", f"holds <{name_of(root)[:40]}>, not an assessment item")
            return
        self.format = self.format or version_of(root)
        identifier = attribute(root, "identifier")
        statistics = self.statistics.get(identifier) or self.statistics.get(name) or Statistics()
        placed = Placed(
            where=path,
            payload=payload,
            shelf=Shelf(self.store, PurePosixPath(path).parent),
            area_code=self._area(path, identifier, lom),
            language=lom.language,
            metadata=lom.metadata(statistics.fields, statistics.p_observed),
            own=lom.own,
            notes=notes,
        )
        if identifier in self._seen and name not in self._seen and name != identifier:
            placed = replace(placed, code=name)
        self._keep(take_item(root, placed))

    def refuse(self, name: str, where: str, code: str, hint: str) -> None:
        """Add an item that cannot be taken over."""
        found = Problem(where=where, code=code, hint=hint)
        self.refused.append(RefusedItem(where=where, code=name[:64], notes=(found,)))

    def tell_areas(self) -> None:
        """Warn by what rule the items came into their content areas."""
        if self.items:
            told = ", ".join(f"{count:,} {rule}" for rule, count in self._areas_by.items())
            self.findings.warn("package", "areas", f"content areas: {told}")

    def _keep(self, item: ParsedItem | RefusedItem) -> None:
        if isinstance(item, RefusedItem):
            self.refused.append(item)
        elif item.code in self._seen:
            hint = f"{item.code} is already the id of {self._seen[item.code]}"
            self.refuse(item.code, item.where, "duplicate-id", hint)
        else:
            self._seen[item.code] = item.where
            self.items.append(item)

    def _area(self, path: str, identifier: str, lom: Lom) -> str:
        area, rule = lom.area, "by the classification of their metadata"
        if lom.own is not None and lom.own.area_code:
            area, rule = lom.own.area_code, "as they were exported"
        if not area:
            area, rule = area_of_folder(path, self.root, identifier), "by their folder"
        if not area:
            area, rule = DEFAULT_AREA, f"in {DEFAULT_AREA}, because nothing names another"
        self._areas_by[rule] = self._areas_by.get(rule, 0) + 1
        return area


def area_of_folder(path: str, root: PurePosixPath, identifier: str) -> str:
    """Return the area that the folders of an item name below `root`, dotted; nothing for folders that name no subject.

    A folder of the item's own, as TAO makes one for each, names no area.
    """
    place = PurePosixPath(path)
    folder = place.parent
    parts = list(folder.relative_to(root).parts) if folder.is_relative_to(root) else list(folder.parts)
    if parts and (parts[-1] == identifier or place.stem.lower() in _OWN_FOLDER or parts[-1] == place.stem):
        parts.pop()
    codes = [_NOT_CODE.sub("-", part).strip("-_:") for part in parts if part.lower() not in _PLAIN_FOLDERS]
    return ".".join(filter(None, codes))[:_LONGEST_AREA].strip(".")
