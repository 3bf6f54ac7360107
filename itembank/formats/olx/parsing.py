"""OLX to items: a file with problems, or a course whose chapters become content areas."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from lxml import etree

from itembank.formats.archive import ArchiveRefused, open_archive
from itembank.formats.members import Members
from itembank.formats.olx.problem import CourseFiles, Problem
from itembank.formats.olx.tarball import is_gzip, open_tar
from itembank.formats.parsed import Findings, Parsed
from itembank.formats.questions.building import Collection
from itembank.formats.xml_door import WHOLE_BANK, DocumentRefused, open_xml

OLX: Final = "olx"
_ABOVE: Final = ("course", "chapter", "sequential", "vertical", "library", "library_content", "problemset", "problem")
_AREAS: Final = frozenset({"chapter", "sequential"})
_DEEPEST: Final = 10
_ZIP: Final = b"PK"


def parse_olx(package: bytes | Members) -> Parsed:
    """Return the items of a problem file, of a packed course (zip or tar.gz), or of the files of one."""
    collection = Collection(findings=Findings())
    try:
        if not isinstance(package, bytes):
            _take_course(package, collection)
        elif package.startswith(_ZIP):
            _take_course(open_archive(package), collection)
        elif is_gzip(package):
            _take_course(open_tar(package), collection)
        else:
            _take_file(package, collection)
    except ArchiveRefused as refusal:
        collection.findings.refuse("file", "zip-refused", str(refusal))
    except DocumentRefused as refusal:
        collection.findings.refuse("file", "xml-refused", refusal.message)
    return collection.parsed(OLX)


def _take_file(payload: bytes, collection: Collection) -> None:
    for element in _problems(open_xml(payload, WHOLE_BANK)):
        _take(Problem(element), f"line {element.sourceline or 0}", collection)


def _problems(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the problems at or below `root` that hold something (others only name a file)."""
    yield from (one for one in root.iter("problem") if len(one) or (one.text or "").strip())


def _take(problem: Problem, where: str, collection: Collection) -> None:
    name = problem.name or str(problem.element.get("display_name", ""))
    collection.take(where, name, problem.question)


def _take_course(members: Members, collection: Collection) -> None:
    walk = _Walk(members, _folder(members), collection)
    walk.begin()
    walk.rest()


def _folder(members: Members) -> PurePosixPath:
    """Return the folder of the course: where `course.xml` lies, or what holds the folder `problem`."""
    roots = [PurePosixPath(name).parent for name in members.names() if PurePosixPath(name).name == "course.xml"]
    roots += [
        PurePosixPath(name).parent.parent for name in members.names() if PurePosixPath(name).parent.name == "problem"
    ]
    return min(roots, key=lambda one: len(one.parts), default=PurePosixPath())


@dataclass(slots=True)
class _Walk:
    """Follows a course from its root, through the files that its parts name."""

    members: Members
    folder: PurePosixPath
    collection: Collection
    seen: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Take the problems that the course leads to."""
        root = self._open("course.xml")
        if root is not None:
            self._part(root, (), 0)

    def rest(self) -> None:
        """Take the problems that lie in the course without being used in it, and files with problems."""
        for name in sorted(self.members.names()):
            path = PurePosixPath(name)
            if path.suffix != ".xml" or name in self.seen or "drafts" in path.parts or path.name.startswith("."):
                continue
            if path.parent.name != "problem" and any(
                one.parent.name == "problem" for one in map(PurePosixPath, self.seen)
            ):
                continue
            root = self._open(str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else name)
            for element in _problems(root) if root is not None else ():
                self._take(element, (), name, path.stem)

    def _part(self, element: etree._Element, area: tuple[str, ...], depth: int) -> None:
        kind, name = str(element.tag), str(element.get("url_name", ""))
        if depth > _DEEPEST:
            return
        file = f"{kind}/{name}.xml"
        if name and not len(element):
            found = self._open(file)
            if found is None or found.tag != kind:
                return
            element = found
        if kind == "problem":
            self._take(element, area, file if name else "course.xml", name)
            return
        title = str(element.get("display_name", ""))
        below = (*area, title) if kind in _AREAS and title else area
        for child in element:
            if child.tag in _ABOVE:
                self._part(child, below, depth + 1)

    def _take(self, element: etree._Element, area: tuple[str, ...], where: str, name: str) -> None:
        problem = Problem(element, name, area, CourseFiles(self.members, self.folder))
        _take(problem, f"{where}, line {element.sourceline or 0}", self.collection)

    def _open(self, name: str) -> etree._Element | None:
        path = str(self.folder / name)
        if path in self.seen:
            return None
        payload = self.members.find(path)
        if payload is None:
            return None
        self.seen.add(path)
        try:
            return open_xml(payload)
        except DocumentRefused as refusal:
            self.collection.findings.warn(path, "xml-refused", refusal.message)
            return None
