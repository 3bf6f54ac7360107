"""Files that candidates hand in: what they are by their content, and how many there may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cbt.delivery.core.refusals import EntryRefused
from cbt.kernel.errors import InvalidInput, TooLarge

LARGEST_FILE_BYTES: Final = 8 * 1024 * 1024
MOST_BYTES: Final = 40 * 1024 * 1024
# Of one response the newest files are kept: a drawing is sent again at each rest.
KEPT_PER_RESPONSE: Final = 3
LONGEST_NAME: Final = 120
ANYTHING: Final = "application/octet-stream"
_TEXT: Final = "text/plain"
_ZIP: Final = "application/zip"
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_STARTS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", _ZIP),
    (b"{\\rtf", "application/rtf"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
# What an author may ask for by another name than content can tell: documents are zip files, notes are text.
_INSIDE_ZIP: Final = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.", "application/x-zip")
_PLAIN: Final = frozenset({"application/json", "application/xml", "application/javascript", "application/x-sh"})


class FileTooLarge(TooLarge):
    """The file is larger than may be handed in."""

    code = "file-too-large"


class TooManyFiles(EntryRefused):
    """The files of this exam are too many, or together too large."""

    code = "too-many-files"


class WrongFileType(InvalidInput):
    """The file is of another kind than the item asks for."""

    code = "wrong-file-type"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What is known of a file without its bytes."""

    sha256: str
    name: str
    media_type: str
    size: int

    @property
    def is_picture(self) -> bool:
        """Whether a page may show it; everything else is only given out to keep."""
        return self.media_type in _PICTURES

    @property
    def served_type(self) -> str:
        """The media type to send it with."""
        return f"{self.media_type}; charset=utf-8" if self.media_type == _TEXT else self.media_type


def media_type_of(payload: bytes) -> str:
    """Return the media type that the content shows, whatever the file is called."""
    for start, media_type in _STARTS:
        if payload.startswith(start):
            return media_type
    if payload[:4] == b"RIFF":
        return _RIFF.get(payload[8:12], ANYTHING)
    if payload[4:8] == b"ftyp":
        return "video/mp4"
    return _TEXT if _is_text(payload) else ANYTHING


def is_wanted(media_type: str, wanted: Sequence[str]) -> bool:
    """Return whether a file of that content fits one of the types that an item asks for; none asked for fits all."""
    return not wanted or any(_fits(media_type, one.strip().lower()) for one in wanted)


def plain_name(name: str) -> str:
    """Return a file's own name without folders and signs that could mislead."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:LONGEST_NAME] or "file"


def _fits(media_type: str, wanted: str) -> bool:
    if wanted in {media_type, "*/*", "*"}:
        return True
    if wanted.endswith("/*"):
        return media_type.startswith(wanted[:-1])
    if media_type == _ZIP:
        return wanted.startswith(_INSIDE_ZIP)
    return media_type == _TEXT and (wanted.startswith("text/") or wanted in _PLAIN)


def _is_text(payload: bytes) -> bool:
    try:
        return "\0" not in payload.decode()
    except UnicodeDecodeError:
        return False
