"""Reads imsmanifest.xml: which resources a package names, of what type, with which files, and what they depend on.

Only names are read here; no file is opened. Element names are compared without namespaces, because the manifests of
all versions differ in nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lxml import etree

from itembank.formats.qti.metadata import Lom, read_lom
from itembank.formats.xml_door import Limits, open_xml

NAME: Final = "imsmanifest.xml"
_LARGEST: Final = 32 * 1024 * 1024
# Room for rich metadata of every file, and none for a manifest that is all there is in a small package.
_ELEMENTS_A_FILE: Final = 60
_ELEMENTS: Final = 30_000
_MOST_ELEMENTS: Final = 600_000
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


class Kind(StrEnum):
    """What a resource is."""

    ITEM = "item"
    TEST = "test"
    STIMULUS = "stimulus"
    USAGE = "usage"
    METADATA = "metadata"
    OTHER = "other"


_KINDS: Final = (
    ("imsqti_item_xml", Kind.ITEM),
    ("imsqti_apipitem_xml", Kind.ITEM),
    ("imsqti_test_xml", Kind.TEST),
    ("imsqti_apiptest_xml", Kind.TEST),
    ("imsqti_stimulus_xml", Kind.STIMULUS),
    ("qtiusagedata", Kind.USAGE),
    ("resourcemetadata", Kind.METADATA),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource: its file is `href`, seen from `base` below the manifest's folder; `line` is where it stands."""

    identifier: str
    kind: Kind
    type: str
    href: str
    base: str
    files: tuple[str, ...]
    depends: tuple[str, ...]
    line: int
    lom: Lom


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a package names, in its order."""

    resources: tuple[Resource, ...]
    lom: Lom = field(default_factory=Lom)

    def by_identifier(self) -> Mapping[str, Resource]:
        """Return the resources by their identifiers."""
        return {one.identifier: one for one in self.resources}


def read_manifest(payload: bytes, files: int) -> Manifest | None:
    """Return the manifest of a package of so many files, None when it is something else; raises DocumentRefused."""
    most = min(_ELEMENTS + _ELEMENTS_A_FILE * files, _MOST_ELEMENTS)
    root = open_xml(payload, Limits(largest=_LARGEST, most_elements=most))
    if local_name(root) != "manifest":
        return None
    groups = tuple(inner(root, "resources"))
    found = tuple(_resource(one, _base(root, group, one)) for group in groups for one in inner(group, "resource"))
    return Manifest(resources=found, lom=read_lom(next(inner(root, "metadata"), None)))


def _base(*holders: etree._Element) -> str:
    parts = [str(one.get(_BASE, "")).strip() for one in holders]
    return "".join(part if part.endswith("/") else f"{part}/" for part in parts if part)


def _resource(element: etree._Element, base: str) -> Resource:
    given = str(element.get("type", "")).strip()
    files = tuple(str(one.get("href", "")).strip() for one in inner(element, "file"))
    href = str(element.get("href", "")).strip()
    return Resource(
        identifier=str(element.get("identifier", "")).strip(),
        kind=next((kind for start, kind in _KINDS if given.lower().startswith(start)), Kind.OTHER),
        type=given,
        href=href or next(iter(files), ""),
        base=base,
        files=files,
        depends=tuple(str(one.get("identifierref", "")).strip() for one in inner(element, "dependency")),
        line=element.sourceline or 0,
        lom=read_lom(next(inner(element, "metadata"), None)),
    )


def inner(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of that name, whatever their namespace."""
    return (one for one in element if isinstance(one.tag, str) and local_name(one) == name)


def local_name(element: etree._Element) -> str:
    """Return the name without its namespace."""
    return str(element.tag).rpartition("}")[2]
