"""The manifest of a package: what describes it, and one resource after the other, written while the items pass by."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from itembank.core.qti.scoring import ScoredBy
from itembank.formats.exported import ExportItem
from itembank.formats.parsed import ParsedArea
from itembank.formats.qti.own import NAMESPACE, write_areas, write_own

LOM: Final = "http://ltsc.ieee.org/xsd/LOM"
_MODES: Final = MappingProxyType({ScoredBy.RULES: "responseprocessing", ScoredBy.HUMAN: "human"})
_OWN: Final = f' xmlns:cbt="{NAMESPACE}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What the two versions of the standard call the same things."""

    package: str
    metadata: str
    schema: str
    schema_version: str
    kind: str  # of resources: `imsqti_item_xmlv3p0`

    def resource_type(self, what: str) -> str:
        """Return the type of a resource: `item` or `stimulus`."""
        return f"imsqti_{what}_xml{self.kind}"


VERSION_3: Final = Version(
    package="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    metadata="http://www.imsglobal.org/xsd/imsqti_metadata_v3p0",
    schema="QTI Package",
    schema_version="3.0.0",
    kind="v3p0",
)
VERSION_22: Final = Version(
    package="http://www.imsglobal.org/xsd/imscp_v1p1",
    metadata="http://www.imsglobal.org/xsd/imsqti_metadata_v2p2",
    schema="QTIv2.2 Package",
    schema_version="1.0.0",
    kind="v2p2",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One file of the package with the files that it shows and the resource that it depends on."""

    identifier: str
    kind: str
    href: str
    files: tuple[str, ...] = ()
    depends_on: str = ""


class Manifest:
    """Writes resources into `spool` as they come, so that it need not remember them."""

    def __init__(self, version: Version, spool: BinaryIO) -> None:
        self._version = version
        self._spool = spool
        self._areas: dict[str, ParsedArea] = {}

    def add_item(self, resource: Resource, item: ExportItem, kinds: Iterable[str]) -> None:
        """Write the resource of an item with all that is known of it; `kinds` are those of its interactions."""
        self._areas |= {one.code: one for one in item.areas}
        self._add(resource, _lom(item) + self._qti(item, tuple(kinds)) + _plain(write_own(item)))

    def add(self, resource: Resource) -> None:
        """Write the resource of another document."""
        self._add(resource, "")

    def write(self, target: BinaryIO, title: str) -> None:
        """Write the whole manifest."""
        version = self._version
        areas = "".join(_plain(one) for one in write_areas(self._areas.values()))
        lom = f"<lom:lom><lom:general><lom:title>{_string(title)}</lom:title></lom:general></lom:lom>"
        head = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{version.package}" xmlns:lom="{LOM}"'
            f' xmlns:qti="{version.metadata}"{_OWN} identifier="package">\n<metadata><schema>{version.schema}</schema>'
            f"<schemaversion>{version.schema_version}</schemaversion>{lom}{areas}</metadata>\n<organizations/>\n"
            "<resources>\n"
        )
        target.write(head.encode())
        self._spool.seek(0)
        while chunk := self._spool.read(1 << 16):
            target.write(chunk)
        target.write(b"</resources>\n</manifest>\n")

    def _add(self, resource: Resource, metadata: str) -> None:
        files = "".join(f"<file href={quoteattr(name)}/>" for name in (resource.href, *resource.files))
        needed = f"<dependency identifierref={quoteattr(resource.depends_on)}/>" if resource.depends_on else ""
        described = f"<metadata>{metadata}</metadata>" if metadata else ""
        kind = self._version.resource_type(resource.kind)
        opening = (
            f'<resource identifier={quoteattr(resource.identifier)} type="{kind}" href={quoteattr(resource.href)}>'
        )
        self._spool.write(f"{opening}{described}{files}{needed}</resource>\n".encode())

    def _qti(self, item: ExportItem, kinds: tuple[str, ...]) -> str:
        template = item.key.program is not None and "template-processing" in item.key.program.source
        facts = [("itemTemplate", "true" if template else "false"), ("timeDependent", "false")]
        facts += [("composite", "true" if len(item.content.interactions) > 1 else "false")]
        facts += [("interactionType", kind) for kind in kinds]
        facts += [("feedbackType", "nonadaptive" if item.key.feedback else "none")]
        mode = _MODES.get(item.key.scored_by)
        facts += [("scoringMode", mode)] if mode else []
        said = "".join(f"<qti:{name}>{text}</qti:{name}>" for name, text in facts)
        return f"<qti:qtiMetadata>{said}</qti:qtiMetadata>"


def _lom(item: ExportItem) -> str:
    language = f"<lom:language>{escape(item.content.language)}</lom:language>"
    seconds = item.metadata.time_estimate_s
    time = "" if seconds is None else f"<lom:duration>PT{seconds}S</lom:duration>"
    learning = f"<lom:educational><lom:typicalLearningTime>{time}</lom:typicalLearningTime></lom:educational>"
    taxons = "".join(
        f"<lom:taxon><lom:id>{escape(one.code)}</lom:id><lom:entry>{_string(one.title.ko, 'ko')}"
        f"{_string(one.title.en, 'en')}</lom:entry></lom:taxon>"
        for one in item.areas
    )
    path = f"<lom:taxonPath><lom:source>{_string('content areas')}</lom:source>{taxons}</lom:taxonPath>"
    title = f"<lom:title>{_string(item.content.title, item.content.language)}</lom:title>"
    parts = f"<lom:general>{title}{language}</lom:general>{learning if time else ''}"
    return f"<lom:lom>{parts}{f'<lom:classification>{path}</lom:classification>' if taxons else ''}</lom:lom>"


def _string(text: str, language: str = "") -> str:
    given = f" language={quoteattr(language)}" if language else ""
    return f"<lom:string{given}>{escape(text)}</lom:string>"


def _plain(element: etree._Element) -> str:
    """Return one of our elements without the namespace that the manifest declares once."""
    return etree.tostring(element, encoding="unicode").replace(_OWN, "", 1)
