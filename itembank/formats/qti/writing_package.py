"""Writes a bank as a package of QTI 3.0 or 2.2, item by item; the same items give the same bytes."""

import re
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import BinaryIO, Final, cast

from lxml import etree

from cbt.kernel.errors import InvalidInput, Problem
from itembank.core.items import Stimulus
from itembank.formats.exported import ExportItem, ItemReport
from itembank.formats.qti.names_22 import QTI_22, rename_to_22
from itembank.formats.qti.writing import QTI, dressed, interactions_in, write_item, write_stimulus
from itembank.formats.qti.writing_manifest import VERSION_3, VERSION_22, Manifest, Resource, Version

FOLDER: Final = "items"
_MEDIA: Final = "media"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SUFFIXES: Final = MappingProxyType(
    {
        "image/png": "png",
        "image/jpeg": "jpg",
        "image/gif": "gif",
        "image/webp": "webp",
        "image/svg+xml": "svg",
        "audio/mpeg": "mp3",
        "audio/ogg": "ogg",
        "audio/wav": "wav",
        "video/mp4": "mp4",
        "video/webm": "webm",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    version: Version
    namespace: str
    old: bool


QTI_3_PACKAGE: Final = _Dialect(version=VERSION_3, namespace=QTI, old=False)
QTI_22_PACKAGE: Final = _Dialect(version=VERSION_22, namespace=QTI_22, old=True)


class PackageWriter:
    """Writes items into a zip one after the other; `finish` writes the manifest."""

    def __init__(self, package: zipfile.ZipFile, spool: BinaryIO, dialect: _Dialect = QTI_3_PACKAGE) -> None:
        self._zip = package
        self._dialect = dialect
        self._manifest = Manifest(dialect.version, spool)
        self._written: set[str] = set()

    def add(self, item: ExportItem) -> ItemReport:
        """Write one item with its files and return what became of it; one that cannot be written is left out."""
        files = _Files(item)
        try:
            return self._add(item, files)
        except InvalidInput as refusal:
            note = Problem(where="item", code=refusal.code, hint=refusal.message)
            return ItemReport(code=item.code, notes=(note,), left_out=True)

    def finish(self, title: str) -> None:
        """Write the manifest."""
        with self._zip.open(_member("imsmanifest.xml"), "w", force_zip64=True) as manifest:
            self._manifest.write(cast("BinaryIO", manifest), title)

    def _add(self, item: ExportItem, files: "_Files") -> ItemReport:
        stimulus = item.content.stimulus
        document = None if stimulus is None else self._stimulus(stimulus, item, files)
        name = _file_name("", item.code)
        written = write_item(item, address=files.address, stimulus_file="" if document is None else document.href)
        kinds = interactions_in(written.root)
        payload, notes = self._dressed(written.root, files)
        self._write(f"{FOLDER}/{name}.xml", payload)
        media = self._write_media(files)
        self._manifest.add_item(
            Resource(
                identifier=f"item-{name}",
                kind="item",
                href=f"{FOLDER}/{name}.xml",
                files=media,
                depends_on="" if document is None else document.identifier,
            ),
            item,
            kinds,
        )
        return ItemReport(code=item.code, notes=(*written.notes, *notes, *files.notes))

    def _stimulus(self, stimulus: Stimulus, item: ExportItem, files: "_Files") -> Resource:
        """Return the resource of the stimulus, its address as the item sees it; it is written with its first item."""
        root = write_stimulus(stimulus, language=item.content.language, address=files.address)
        payload, _ = self._dressed(root, files)
        name = _file_name("stimulus-", stimulus.code)
        # Two versions of one stimulus may be in use; each item keeps the one that it was written with.
        if name in self._written and sha256(payload).hexdigest() not in self._written:
            name = f"{name}-{sha256(payload).hexdigest()[:12]}"
        resource = Resource(identifier=name, kind="stimulus", href=f"{name}.xml")
        if name not in self._written:
            self._written |= {name, sha256(payload).hexdigest()}
            self._write(f"{FOLDER}/{name}.xml", payload)
            href = f"{FOLDER}/{name}.xml"
            self._manifest.add(Resource(identifier=name, kind="stimulus", href=href, files=self._write_media(files)))
        return resource

    def _dressed(self, root: etree._Element, files: "_Files") -> tuple[bytes, tuple[Problem, ...]]:
        notes = rename_to_22(root, files.media_type) if self._dialect.old else ()
        return dressed(root, self._dialect.namespace), notes

    def _write_media(self, files: "_Files") -> tuple[str, ...]:
        names = []
        for name, payload in files.wanted():
            names.append(f"{FOLDER}/{name}")
            if name not in self._written:
                self._written.add(name)
                self._write(f"{FOLDER}/{name}", payload)
        return tuple(names)

    def _write(self, name: str, payload: bytes) -> None:
        self._zip.writestr(_member(name), payload, compresslevel=6)


class _Files:
    """The pictures and media of one item under their names in the package."""

    def __init__(self, item: ExportItem) -> None:
        self.notes: list[Problem] = []
        self._types = {one.sha256: one.media_type for one in item.content.assets}
        self._read: Callable[[str], bytes | None] = item.read_asset
        self._named: dict[str, str] = {}

    def address(self, digest: str) -> str:
        """Return the address of a file as the item names it."""
        suffix = _SUFFIXES.get(self._types.get(digest, ""), "bin")
        return self._named.setdefault(digest, f"{_MEDIA}/{digest[:32]}.{suffix}")

    def media_type(self, address: str) -> str:
        """Return the type of the file at an address."""
        found = next((digest for digest, name in self._named.items() if name == address), "")
        return self._types.get(found, "application/octet-stream")

    def wanted(self) -> Iterator[tuple[str, bytes]]:
        """Yield each file; a missing one is noted."""
        for digest, name in self._named.items():
            payload = self._read(digest)
            if payload is None:
                self.notes.append(Problem(where="files", code="file-missing", hint=f"{name} is not in the bank"))
            else:
                yield name, payload


def write_package(
    items: Iterable[ExportItem], target: BinaryIO, *, title: str, dialect: _Dialect = QTI_3_PACKAGE
) -> Generator[ItemReport]:
    """Write the package into `target` while the reports of its items are drawn from what is returned."""
    with TemporaryFile() as spool, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        writer = PackageWriter(package, cast("BinaryIO", spool), dialect)
        for item in items:
            yield writer.add(item)
        writer.finish(title)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    member.create_system = 3
    return member


def _file_name(prefix: str, code: str) -> str:
    return prefix + (code if _SAFE.fullmatch(code) else f"x-{sha256(code.encode()).hexdigest()[:20]}")
