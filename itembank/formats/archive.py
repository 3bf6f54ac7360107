"""A zip as names and bytes, judged by its directory before anything is unpacked: count, sizes, ratio, paths, links.

Nothing is ever written to a disk, and a zip in a zip is never opened: it is a file like any other. A content package
may hold more files than a plain zip, but only files that its manifest names.
"""

import io
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote

from itembank.formats.parsed import FILE_BYTES
from itembank.formats.zip_directory import look_at_end

MOST_MEMBERS: Final = 2000
MOST_PACKAGED: Final = 25_000
MOST_UNPACKED: Final = 256 * 1024 * 1024
# Text packs to about a tenth; beyond this a small file is meant to become a large one.
GREATEST_RATIO: Final = 200
_SMALL: Final = 1024 * 1024
_MOST_DIRECTORY: Final = 300 * MOST_PACKAGED
_MANIFEST: Final = "imsmanifest.xml"
_LARGEST_MANIFEST: Final = 32 * 1024 * 1024
_HREF: Final = re.compile(rb"""\bhref\s*=\s*["']([^"'<>]{1,400})["']""")
_UNREADABLE: Final = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError)
_BROKEN: Final = (*_UNREADABLE, zlib.error, EOFError, ValueError)


class ArchiveRefused(ValueError):
    """Says why a zip is not opened."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip whose directory passed; members are unpacked one at a time, each within its declared size."""

    _zip: zipfile.ZipFile
    _members: dict[str, zipfile.ZipInfo]

    def names(self) -> tuple[str, ...]:
        """Return the names of the files in it."""
        return tuple(self._members)

    def size_of(self, name: str) -> int:
        """Return how many bytes the directory says a file has, 0 for one that is not there."""
        member = self._members.get(name)
        return 0 if member is None else member.file_size

    def find(self, name: str) -> bytes | None:
        """Return the file's bytes, or None; raises ArchiveRefused when it is broken or larger than it says."""
        member = self._members.get(name)
        if member is None:
            return None
        try:
            with self._zip.open(member) as packed:
                payload = packed.read(member.file_size + 1)
        except _BROKEN as error:
            raise ArchiveRefused(f"{name} cannot be unpacked: {error}") from error
        if len(payload) != member.file_size:
            raise ArchiveRefused(f"{name} is not as large as the directory says")
        return payload


def open_archive(payload: bytes) -> Archive:
    """Return the archive; raises ArchiveRefused naming what is wrong with it. Nothing is unpacked."""
    if len(payload) > FILE_BYTES:
        raise ArchiveRefused(f"{len(payload):,} bytes; {FILE_BYTES:,} is the most")
    _check_end(payload)
    try:
        archive = zipfile.ZipFile(io.BytesIO(payload))
        infos = archive.infolist()
    except _BROKEN as error:
        raise ArchiveRefused(f"not a readable zip: {error}") from error
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise ArchiveRefused(f"it would unpack to more than {MOST_UNPACKED:,} bytes")
    if sum(info.compress_size for info in infos) > len(payload):
        raise ArchiveRefused("its files overlap each other")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _check_member(info, members)
        if not info.is_dir():
            members[info.filename] = info
    found = Archive(archive, members)
    if len(members) > MOST_MEMBERS:
        _check_named(found)
    return found


def _check_end(payload: bytes) -> None:
    directory = look_at_end(payload)
    if directory is not None and (directory.members > MOST_PACKAGED or directory.size > _MOST_DIRECTORY):
        raise ArchiveRefused(f"{directory.members:,} files; {MOST_PACKAGED:,} is the most")


def _check_named(archive: Archive) -> None:
    """Refuse more files than a plain zip may hold, unless a manifest names all but so many of them."""
    names = archive.names()
    manifest = min((one for one in names if PurePosixPath(one).name == _MANIFEST), key=len, default=None)
    if manifest is None or archive.size_of(manifest) > _LARGEST_MANIFEST:
        raise ArchiveRefused(f"{len(names):,} files; {MOST_MEMBERS:,} is the most")
    folder = PurePosixPath(manifest).parent
    hrefs = {found[1].decode(errors="replace") for found in _HREF.finditer(archive.find(manifest) or b"")}
    named = {str(folder / unquote(href)) for href in hrefs}
    unnamed = sum(1 for one in names if one not in named)
    if unnamed > MOST_MEMBERS:
        raise ArchiveRefused(f"{unnamed:,} files that the manifest does not name; {MOST_MEMBERS:,} is the most")


def _check_member(info: zipfile.ZipInfo, members: dict[str, zipfile.ZipInfo]) -> None:
    name = info.filename
    if unsafe_path(name):
        raise ArchiveRefused(f"{name[:80]!r} leaves the folder")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveRefused(f"{name[:80]!r} is a link")
    if info.flag_bits & 0x1:
        raise ArchiveRefused(f"{name[:80]!r} is encrypted")
    if info.file_size > max(_SMALL, info.compress_size * GREATEST_RATIO):
        raise ArchiveRefused(f"{name[:80]!r} packs {info.file_size:,} bytes into {info.compress_size:,}")
    if name in members:
        raise ArchiveRefused(f"{name[:80]!r} is there twice")


def unsafe_path(name: str) -> bool:
    """Return whether a relative path would leave its folder or cannot name a file in it."""
    path = PurePosixPath(name)
    odd = not name or "\\" in name or "\0" in name or ":" in name
    return odd or path.is_absolute() or ".." in path.parts
