"""Where the pictures of a bank file are looked up: beside it in a folder, beside it in a zip, or nowhere."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Protocol

from itembank.formats.archive import Archive, ArchiveRefused, unsafe_path
from itembank.formats.images import MOST_BYTES

_USUAL_FOLDERS: Final = ("", "figures", "images", "media")


class Figures(Protocol):
    """Whatever finds a picture's bytes under the name that an author wrote."""

    def find(self, name: str) -> bytes | None:
        """Return the bytes, or None when there is no such file within reach."""
        ...


@dataclass(frozen=True, slots=True)
class NoFigures:
    """A bank file that came alone."""

    def find(self, name: str) -> bytes | None:
        """Return None."""
        del name
        return None


@dataclass(frozen=True, slots=True)
class FolderFigures:
    """Pictures in a folder and its usual subfolders; a path out of the folder finds nothing, links included."""

    folder: Path

    def find(self, name: str) -> bytes | None:
        """Return the bytes of a file inside the folder, or None."""
        if unsafe_path(name):
            return None
        root = self.folder.resolve()
        for below in _USUAL_FOLDERS:
            try:
                path = (root / below / name).resolve()
                if path.is_relative_to(root) and path.is_file():
                    return _head(path)
            except OSError:
                continue
        return None


@dataclass(frozen=True, slots=True)
class ArchiveFigures:
    """Pictures in the same zip as the bank file, relative to its folder there."""

    archive: Archive
    folder: PurePosixPath

    def find(self, name: str) -> bytes | None:
        """Return the bytes of a file of the zip, or None."""
        if unsafe_path(name):
            return None
        for below in _USUAL_FOLDERS:
            try:
                payload = self.archive.find(str(self.folder / below / name))
            except ArchiveRefused:
                return None
            if payload is not None:
                return payload
        return None


def _head(path: Path) -> bytes:
    # One byte more than allowed is enough to see that a file is too large.
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
