"""A zip as names and bytes, judged by its directory before anything is unpacked: count, sizes, ratio, paths, links."""

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from itembank.formats.parsed import FILE_BYTES

MOST_MEMBERS: Final = 2000
MOST_UNPACKED: Final = 256 * 1024 * 1024
# Text packs to about a tenth; beyond this a small file is meant to become a large one.
GREATEST_RATIO: Final = 200
_SMALL: Final = 1024 * 1024
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
    try:
        archive = zipfile.ZipFile(io.BytesIO(payload))
        infos = archive.infolist()
    except _BROKEN as error:
        raise ArchiveRefused(f"not a readable zip: {error}") from error
    if len(infos) > MOST_MEMBERS:
        raise ArchiveRefused(f"{len(infos):,} files; {MOST_MEMBERS:,} is the most")
    if sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise ArchiveRefused(f"it would unpack to more than {MOST_UNPACKED:,} bytes")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        _check_member(info, members)
        if not info.is_dir():
            members[info.filename] = info
    return Archive(archive, members)


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
