"""Reads a QTI content package of any version, member by member: what its manifest names becomes items of a bank."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from cbt.kernel.errors import Problem
from itembank.formats.archive import ArchiveRefused
from itembank.formats.members import Members
from itembank.formats.parsed import MOST_ITEMS, Findings, Parsed, ParsedArea
from itembank.formats.qti.collecting import Collected
from itembank.formats.qti.manifest import NAME, Kind, Manifest, Resource, local_name, read_manifest
from itembank.formats.qti.metadata import Lom, read_lom
from itembank.formats.qti.shelf import FileRefused, Store, resolve
from itembank.formats.qti.usage import read_usage
from itembank.formats.qti.versions import version_in
from itembank.formats.xml_door import DocumentRefused, open_xml

_HIDDEN: Final = "__MACOSX"


def parse_package(members: Members) -> Parsed:
    """Return the items that the package holds; raises nothing, whatever is wrong is in the answer."""
    findings = Findings()
    manifests = [one for one in members.names() if PurePosixPath(one).name.lower() == NAME]
    # The one that lies highest is the package's own.
    name = min(manifests, key=lambda one: (one.count("/"), one), default="")
    areas: tuple[ParsedArea, ...] = ()
    items = Collected(Store(members.find), PurePosixPath(name).parent, findings)
    try:
        if name:
            areas = _ByManifest(members, name, items).read()
        else:
            _without_manifest(members, items)
    except ArchiveRefused as refusal:
        findings.refuse("package", "zip-refused", str(refusal))
    items.tell_areas()
    parsed = findings.parsed(() if findings.problems else tuple(items.items), areas)
    return replace(parsed, refused=tuple(items.refused), format=items.format or "qti21")


class _ByManifest:
    def __init__(self, members: Members, name: str, items: Collected) -> None:
        self._members = members
        self._name = name
        self._items = items
        self._findings = items.findings
        self._folder = PurePosixPath(name).parent
        self._known: Mapping[str, Resource] = {}
        self._loms: dict[str, Lom] = {}
        self._all = frozenset(members.names())

    def read(self) -> tuple[ParsedArea, ...]:
        """Add all items that the manifest names; return the content areas that one of ours describes."""
        manifest = self._manifest()
        if manifest is not None:
            self._read(manifest)
        return () if manifest is None else manifest.lom.areas

    def _read(self, manifest: Manifest) -> None:
        self._items.format = version_in(one.type for one in manifest.resources)
        self._known = manifest.by_identifier()
        for one in _of(manifest, Kind.USAGE):
            self._usage(one)
        listed = tuple(_of(manifest, Kind.ITEM))
        if len(listed) > MOST_ITEMS:
            self._findings.refuse(self._name, "too-many-items", f"{len(listed):,} items; {MOST_ITEMS:,} is the most")
            return
        for one in listed:
            self._item(one)
        for one in _of(manifest, Kind.TEST):
            self._test(one, alone=not listed)
        if not listed and not self._findings.problems:
            self._findings.refuse(self._name, "no-items", "the manifest names no assessment item")

    def _manifest(self) -> Manifest | None:
        try:
            manifest = read_manifest(self._members.find(self._name) or b"", len(self._all))
        except DocumentRefused as refusal:
            self._findings.refuse(self._name, "wrong-manifest", refusal.message)
            return None
        if manifest is None:
            self._findings.refuse(self._name, "wrong-manifest", "this is no manifest of a content package")
        return manifest

    def _usage(self, one: Resource) -> None:
        try:
            read = read_usage(self._payload(one)[1], self._items.statistics)
        except FileRefused:
            read = False
        if not read:
            self._findings.warn(_place(one), "usage-left-out", f"{one.href[:80]}: its statistics cannot be read")

    def _test(self, one: Resource, *, alone: bool) -> None:
        try:
            kind = _root_of(self._payload(one)[1])
        except FileRefused as refusal:
            # A package of nothing but this test is broken; beside items it is only incomplete.
            tell = self._findings.refuse if alone else self._findings.warn
            tell(_place(one), refusal.code, str(refusal))
            return
        if kind in {"assessmentItem", "qti-assessment-item"}:
            self._findings.refuse(_place(one), "wrong-manifest", f"calls {one.href[:80]} a test, but it is an item")
            return
        hint = f"{one.href[:80]}: its items are loaded into the bank; the test itself is not"
        self._findings.warn(_place(one), "test-left-out", hint)

    def _item(self, one: Resource) -> None:
        try:
            path, payload = self._payload(one)
        except FileRefused as refusal:
            self._items.refuse(one.identifier, _place(one), refusal.code, str(refusal))
            return
        self._items.add(path, payload, name=one.identifier, lom=self._lom(one), notes=tuple(self._lost(one)))

    def _payload(self, one: Resource) -> tuple[str, bytes]:
        path = resolve(one.base + one.href, self._folder)
        try:
            payload = self._members.find(path)
        except ArchiveRefused as refusal:
            raise FileRefused("file-broken", str(refusal)) from refusal
        if payload is None:
            raise FileRefused("file-missing", f"names {one.href[:80]!r}, which is not in the package")
        return path, payload

    def _lost(self, one: Resource) -> Iterator[Problem]:
        """Yield what the manifest names for this item and does not hold."""
        for name in one.depends:
            if name not in self._known:
                yield Problem(where=_place(one), code="dependency-missing", hint=f"there is no resource {name[:60]!r}")
        for href in one.files:
            try:
                there = resolve(one.base + href, self._folder) in self._all
            except FileRefused:
                there = False
            if not there:
                yield Problem(where=_place(one), code="file-missing", hint=f"{href[:80]!r} is not in the package")

    def _lom(self, one: Resource) -> Lom:
        """Return the resource's own metadata, else those in a file that it depends on."""
        if one.lom != Lom():
            return one.lom
        for name in one.depends:
            other = self._known.get(name)
            if other is not None and other.kind is Kind.METADATA:
                return self._lom_file(other)
        return one.lom

    def _lom_file(self, other: Resource) -> Lom:
        if other.identifier not in self._loms:
            try:
                lom = read_lom(open_xml(self._payload(other)[1]))
            except (FileRefused, DocumentRefused) as refusal:
                self._findings.warn(_place(other), "metadata-left-out", str(refusal))
                lom = Lom()
            self._loms[other.identifier] = lom
        return self._loms[other.identifier]


def _without_manifest(members: Members, items: Collected) -> None:
    found = [one for one in members.names() if one.lower().endswith(".xml") and _HIDDEN not in one.split("/")]
    for path in found:
        items.add(path, members.find(path) or b"", name=PurePosixPath(path).stem, lom=Lom())
    if items.items:
        hint = "there is no imsmanifest.xml; every XML document was looked into"
        items.findings.warn("package", "no-manifest", hint)
    else:
        items.findings.refuse("package", "no-manifest", "there is neither an imsmanifest.xml nor an assessment item")


def _root_of(payload: bytes) -> str:
    try:
        return local_name(open_xml(payload))
    except DocumentRefused:
        return ""


def _of(manifest: Manifest, kind: Kind) -> Iterator[Resource]:
    return (one for one in manifest.resources if one.kind is kind)


def _place(one: Resource) -> str:
    return f"manifest line {one.line}, resource {one.identifier[:60]}"
