"""A course as Open edX exports it, a gzipped tar, read within the same limits as a zip; nothing touches the disk."""

import io
import tarfile
import zlib
from dataclasses import dataclass
from typing import Final

from itembank.formats.archive import MOST_MEMBERS, MOST_UNPACKED, ArchiveRefused, unsafe_path
from itembank.formats.parsed import FILE_BYTES

_GZIP: Final = b"\x1f\x8b"
_BROKEN: Final = (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class TarMembers:
    """The files of a tar, unpacked in memory."""

    _files: dict[str, bytes]

    def names(self) -> tuple[str, ...]:
        """Return the names of all files."""
        return tuple(self._files)

    def find(self, name: str) -> bytes | None:
        """Return the file's bytes, or None."""
        return self._files.get(name)


def is_gzip(payload: bytes) -> bool:
    """Tell whether these bytes begin as gzip does."""
    return payload.startswith(_GZIP)


def open_tar(payload: bytes) -> TarMembers:
    """Return the files of a gzipped tar; raises ArchiveRefused for links, paths out of it, and bombs."""
    if len(payload) > FILE_BYTES:
        raise ArchiveRefused(f"{len(payload):,} bytes; {FILE_BYTES:,} is the most")
    try:
        with tarfile.open(fileobj=io.BytesIO(_unpacked(payload)), mode="r:") as tar:
            return TarMembers(_read(tar))
    except _BROKEN as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused(f"not a readable tar.gz: {error}") from error


def _unpacked(payload: bytes) -> bytes:
    packed = zlib.decompressobj(wbits=31)
    unpacked = packed.decompress(payload, MOST_UNPACKED + 1)
    if len(unpacked) > MOST_UNPACKED:
        raise ArchiveRefused(f"it would unpack to more than {MOST_UNPACKED:,} bytes")
    return unpacked


def _read(tar: tarfile.TarFile) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for member in tar:
        if len(files) >= MOST_MEMBERS:
            raise ArchiveRefused(f"more than {MOST_MEMBERS:,} files")
        if unsafe_path(member.name):
            raise ArchiveRefused(f"{member.name[:80]!r} leaves the folder")
        if member.islnk() or member.issym():
            raise ArchiveRefused(f"{member.name[:80]!r} is a link")
        if member.issparse():  # a few bytes that stand for any number of zeros
            raise ArchiveRefused(f"{member.name[:80]!r} has holes")
        if member.isfile():
            inner = tar.extractfile(member)
            files[member.name.removeprefix("./")] = b"" if inner is None else inner.read()
    return files
