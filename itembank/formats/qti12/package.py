"""A package with QTI 1.2 in it: a Canvas export, a Common Cartridge, a Blackboard pool, or a zip of documents.

Canvas writes each quiz twice: as Common Cartridge and, richer, below `non_cc_assessments`; only the richer one is
read. `assessment_meta.xml` beside a quiz holds its settings; it is no document of items.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from cbt.kernel.errors import Problem
from itembank.formats.archive import ArchiveRefused, unsafe_path
from itembank.formats.members import Members
from itembank.formats.parsed import Parsed, ParsedItem
from itembank.formats.qti12.document import Loading
from itembank.formats.qti12.elements import below, first, given, is_yes, name_of, words_of
from itembank.formats.xml_door import DocumentRefused, open_xml

_MANIFEST: Final = "imsmanifest.xml"
_SUFFIXES: Final = (".xml", ".qti", ".dat")
_HEAD: Final = 4096
_RICH: Final = "non_cc_assessments"
_META: Final = "assessment_meta.xml"
_OUTSIDE: Final = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PackageFigures:
    """Pictures of a package: beside the document, below the package, or wherever only one file ends like the name."""

    members: Members
    folder: str

    def find(self, name: str) -> bytes | None:
        """Return the bytes of a file of the package, or None."""
        for base in (self.folder, ""):
            path = posixpath.normpath(posixpath.join(base, name))
            if not unsafe_path(path) and path in self.members.names():
                return self._read(path)
        plain = posixpath.normpath(name)
        ends = [one for one in self.members.names() if one.endswith(f"/{plain}")]
        return self._read(ends[0]) if len(ends) == 1 and not plain.startswith("..") else None

    def _read(self, path: str) -> bytes | None:
        try:
            return self.members.find(path)
        except ArchiveRefused:
            return None


def parse_qti12_package(members: Members) -> Parsed:
    """Return what all QTI 1.2 documents of a package hold together; raises ArchiveRefused for a broken file."""
    package = _Package(members=members)
    package.read_manifest()
    loading = Loading()
    for name in package.documents():
        payload = members.find(name) or b""
        figures = PackageFigures(members, str(PurePosixPath(name).parent))
        loading.add(payload, name=_quiz(name), figures=figures, shuffle=package.shuffles(name))
    _leave_out_copies(loading)
    parsed = loading.parsed()
    problems = (*package.problems, *parsed.problems)
    return replace(parsed, problems=problems, warnings=(*package.warnings, *parsed.warnings))


@dataclass(slots=True)
class _Package:
    members: Members
    listed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def read_manifest(self) -> None:
        """Take the order of the documents from the manifest, and from it what should be there."""
        found = sorted((name for name in self.members.names() if PurePosixPath(name).name == _MANIFEST), key=len)
        if not found:
            return
        base = str(PurePosixPath(found[0]).parent)
        try:
            root = open_xml(self.members.find(found[0]) or b"")
        except DocumentRefused as refusal:
            self.problems.append(Problem(where=_MANIFEST, code="bad-manifest", hint=refusal.message))
            return
        if name_of(root) != "manifest":
            self.problems.append(Problem(where=_MANIFEST, code="bad-manifest", hint="it is not a package manifest"))
            return
        for resource in below(root, "resource"):
            needed = given(resource, "type").lower().startswith("imsqti")
            hrefs = [given(resource, "href"), *(given(one, "href") for one in below(resource, "file"))]
            for href in dict.fromkeys(one for one in hrefs if one):
                self._listed(href, base, needed=needed)

    def _listed(self, href: str, base: str, *, needed: bool) -> None:
        if _OUTSIDE.match(href):
            self.warnings.append(
                Problem(where=_MANIFEST, code="outside", hint=f"{href[:100]} lies outside the package")
            )
            return
        path = posixpath.normpath(posixpath.join(base, unquote(href)))
        if path in self.members.names():
            self.listed.append(path)
            return
        problem = Problem(where=_MANIFEST, code="missing-file", hint=f"{href[:100]} is not in the package")
        (self.problems if needed and href.lower().endswith(_SUFFIXES) else self.warnings).append(problem)

    def documents(self) -> tuple[str, ...]:
        """Return the names of the documents to read, those that the manifest names first."""
        names = dict.fromkeys((*self.listed, *sorted(self.members.names())))
        found = [name for name in names if name.lower().endswith(_SUFFIXES) and self._is_document(name)]
        rich = {_quiz(name) for name in found if _RICH in PurePosixPath(name).parts}
        return tuple(name for name in found if _RICH in PurePosixPath(name).parts or _quiz(name) not in rich)

    def _is_document(self, name: str) -> bool:
        head = (self.members.find(name) or b"")[:_HEAD].replace(b"\0", b"")
        return b"questestinterop" in head

    def shuffles(self, name: str) -> bool | None:
        """Return whether the settings beside a quiz say that options are shuffled, or None without settings."""
        for path in self._settings(name):
            payload = self.members.find(path)
            if payload is None:
                continue
            try:
                said = words_of(first(open_xml(payload), "shuffle_answers"))
            except DocumentRefused as refusal:
                self.warnings.append(Problem(where=path, code="settings-unread", hint=refusal.message))
                return None
            return is_yes(said) if said else None
        return None

    def _settings(self, name: str) -> Iterator[str]:
        path = PurePosixPath(name)
        yield str(path.parent / _META)
        yield str(path.parent.parent / _quiz(name) / _META)


def _quiz(name: str) -> str:
    """Return what Canvas calls the quiz of a document: the folder, or the name without its endings."""
    path = PurePosixPath(name)
    return path.parent.name if path.name == "assessment_qti.xml" else path.name.partition(".")[0]


def _leave_out_copies(loading: Loading) -> None:
    """Leave out questions of a quiz that are unchanged copies of questions of an item bank in the same package."""
    sources = {ident: code for code, ident in loading.idents.items()}
    items = {item.code: item for item in loading.items}
    left_out: set[str] = set()
    for code, source in loading.copies.items():
        other = sources.get(source, "")
        if source and other and other != code and _same(items[code], items[other]):
            left_out.add(code)
            hint = f"the same as {other} of an item bank; it is loaded once"
            loading.warnings.append(Problem(where=items[code].where, code="copy-left-out", hint=hint))
    loading.items = [item for item in loading.items if item.code not in left_out]


def _same(one: ParsedItem, other: ParsedItem) -> bool:
    same_key = replace(one.key, program=None) == replace(other.key, program=None)
    return same_key and one.content == other.content and _source(one) == _source(other)


def _source(item: ParsedItem) -> str:
    program = item.key.program
    return "" if program is None else program.source.replace(f'"{item.code}"', '""')
