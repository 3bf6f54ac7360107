"""The files of a package, wherever they lie: in a zip or in a folder that was unpacked from one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from itembank.formats.archive import MOST_MEMBERS, MOST_UNPACKED, ArchiveRefused, unsafe_path


class Members(Protocol):
    """Names and bytes of a package's files; names are paths with `/`."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""
        ...

    def find(self, name: str) -> bytes | None:
        """Return the file's bytes, or None; raises ArchiveRefused when it is broken."""
        ...


@dataclass(frozen=True, slots=True)
class FolderMembers:
    """The files below a folder; links and hidden files are not among them."""

    _folder: Path
    _names: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""
        return self._names

    def find(self, name: str) -> bytes | None:
        """Return the file's bytes, or None; raises ArchiveRefused when it cannot be read."""
        if name not in self._names or unsafe_path(name):
            return None
        try:
            return (self._folder / name).read_bytes()
        except OSError as error:
            raise ArchiveRefused(f"{name} cannot be read: {error.strerror or error}") from error


def open_folder(folder: Path) -> FolderMembers:
    """Return the files below `folder`; raises ArchiveRefused when they are too many or too large together."""
    names: list[str] = []
    size = 0
    for path in _files(folder):
        names.append(path.relative_to(folder).as_posix())
        size += path.stat().st_size
        if len(names) > MOST_MEMBERS or size > MOST_UNPACKED:
            raise ArchiveRefused(f"more than {MOST_MEMBERS:,} files or {MOST_UNPACKED:,} bytes")
    return FolderMembers(folder, tuple(names))


_HIDDEN: Final = (".", "__MACOSX")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith(_HIDDEN):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path
