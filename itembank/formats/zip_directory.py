"""Looks at the end of a zip before anybody reads its directory: how many members it tells of, and how long it is.

A directory of a million members takes a reader many seconds; these few bytes tell of it at once.
"""

import struct
from dataclasses import dataclass
from typing import Final

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_LONGEST_COMMENT: Final = 65_535
_WIDE_LOCATOR: Final = b"PK\x06\x07"
_WIDE_LOCATOR_SIZE: Final = 20
_WIDE_END: Final = b"PK\x06\x06"
_WIDE_END_SIZE: Final = 56


@dataclass(frozen=True, slots=True)
class Directory:
    """What the end of a zip says: the number of members, and the bytes of the directory that lists them."""

    members: int
    size: int


def look_at_end(payload: bytes) -> Directory | None:
    """Return what the zip says of its directory, the larger figure where it says it twice; None when it says nothing.

    The directory's size decides how long reading takes; the number of members is only what the zip claims.
    """
    place = payload.rfind(_END, max(0, len(payload) - _END_SIZE - _LONGEST_COMMENT))
    if place < 0 or place + _END_SIZE > len(payload):
        return None
    members, size = struct.unpack_from("<HL", payload, place + 10)
    locator = place - _WIDE_LOCATOR_SIZE
    if locator >= 0 and payload.startswith(_WIDE_LOCATOR, locator):
        wide = _long(payload, locator + 8)
        # Readers also look for it right before its locator, wherever the locator points.
        for start in (wide, locator - _WIDE_END_SIZE):
            if 0 <= start <= len(payload) - _WIDE_END_SIZE and payload.startswith(_WIDE_END, start):
                members = max(members, _long(payload, start + 32))
                size = max(size, _long(payload, start + 40))
    return Directory(members, size)


def _long(payload: bytes, start: int) -> int:
    number: int = struct.unpack_from("<Q", payload, start)[0]
    return number
